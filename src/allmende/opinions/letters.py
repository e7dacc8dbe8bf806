"""What opinion landscapes tell people. Who answered what stands in none of them."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from allmende.opinions.models import Change, Landscape, Statement
from allmende.people.actions import tell
from allmende.people.models import Person


def tell_of(person: Person, asked: Landscape, kind: str) -> None:
    """A landscape was opened, or its final picture is there."""
    with translation.override(person.language):
        named = {"title": asked.title, "name": asked.cooperative.organisation.name}
        if kind == "opinions.opened":
            subject = _("Your opinion is asked: %(title)s") % named
            text = _("%(name)s asks for opinions. Short statements, one after the other: agree, disagree or pass.") % named
            if asked.ends_at:
                text += " " + _("Open until %(moment)s.") % {"moment": _moment(asked)}
        else:
            subject = _("What came of it: %(title)s") % named
            text = _("The opinion landscape of %(name)s is closed. You see what all agree on and what divides.") % named
        tell(person, kind=kind, subject=subject, text=text, path=asked.get_absolute_url())


def moved(person: Person, change: Change) -> None:
    """The end of a landscape was moved while people were answering."""
    asked = change.landscape
    with translation.override(person.language):
        named = {"moment": _moment(asked) or _("somebody closes it"), "reason": change.reason}
        tell(
            person,
            kind="opinions.moved",
            subject=_("Other dates: %(title)s") % {"title": asked.title},
            text=_("Now open until %(moment)s. Reason: %(reason)s") % named,
            path=asked.get_absolute_url(),
        )


def hidden(statement: Statement) -> None:
    """Whoever wrote a statement hears why it is not asked any more."""
    if statement.author is None or not statement.author.is_active:
        return
    with translation.override(statement.author.language):
        tell(
            statement.author,
            kind="opinions.hidden",
            subject=_("Your statement was hidden: %(title)s") % {"title": statement.landscape.title},
            text=_("“%(text)s” is not asked any more. Reason: %(reason)s") % {"text": statement.text, "reason": statement.hidden_reason},
            path=statement.landscape.get_absolute_url(),
        )


def _moment(asked: Landscape) -> str:
    return date_format(localtime(asked.ends_at), "SHORT_DATETIME_FORMAT") if asked.ends_at else ""
