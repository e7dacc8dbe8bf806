"""Amounts as books show them: always with cents."""

from django import template

from allmende.ground import money
from allmende.money.models import BankAccount

register = template.Library()


@register.filter
def exact(cents: int | None) -> str:
    """`250,00 €`; nothing for nothing known."""
    return "" if cents is None else money.euros(cents)


@register.filter
def change(cents: int) -> str:
    """`+ 250,00 €` or `− 250,00 €`: what a line of an account changes."""
    return f"+ {money.euros(cents)}" if cents > 0 else f"− {money.euros(-cents)}"


@register.filter
def of_member(number: int) -> str:
    """`0148`: a member number as it is written everywhere."""
    return f"{number:04d}"


@register.filter
def grouped(account: BankAccount) -> str:
    """The IBAN in groups of four."""
    return str(account)
