"""How bank accounts and reasons are written."""

from django import template

from allmende.banking import rules

register = template.Library()
register.filter("masked", rules.masked)
register.filter("spaced", rules.spaced)
register.filter("return_reason", rules.return_reason)
