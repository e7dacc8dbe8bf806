"""What this room writes: to the people of one side, in their language, with the way to the page where they can answer.

Of messages and of what the other side says there is one mail each, until a person has looked.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.enquiries import access, rules
from allmende.enquiries.models import Enquiry, Message, Outcome, Seen, State
from allmende.enquiries.queries import name_of
from allmende.ground.text import shorten
from allmende.people.actions import tell
from allmende.people.models import Person
from allmende.web.markdown import plain

Words = Callable[[], tuple[str, str]]
MESSAGES = ("enquiries.asked", "enquiries.written")


def asked(enquiry: Enquiry, message: Message) -> None:
    """Tell those whose offer or need it is that somebody asks."""

    def words() -> tuple[str, str]:
        return _("Enquiry about “%(title)s”") % {"title": enquiry}, _message_text(enquiry, message)

    _tell_once(enquiry, rules.OWNER, "enquiries.asked", words, "told_at", message.by)


def written(enquiry: Enquiry, message: Message) -> None:
    """Tell the other side that something was written."""

    def words() -> tuple[str, str]:
        return _("New message about “%(title)s”") % {"title": enquiry}, _message_text(enquiry, message)

    _tell_once(enquiry, rules.other(message.side), "enquiries.written", words, "told_at", message.by)


def _message_text(enquiry: Enquiry, message: Message) -> str:
    writes = _("%(name)s writes:") % {"name": name_of(enquiry, message.side)}
    short = shorten(plain(message.text), rules.MAILED)
    return f"{writes}\n\n{short}"


def contact_shown(enquiry: Enquiry, side: str, by: Person) -> None:
    """Tell the other side that this one shows how it can be reached; the data themselves stay on the page and can be hidden again."""

    def words() -> tuple[str, str]:
        subject = _("Contact data for “%(title)s”") % {"title": enquiry}
        return subject, _("%(name)s now shows you in the conversation how they can be reached.") % {"name": name_of(enquiry, side)}

    _tell_once(enquiry, rules.other(side), "enquiries.contact_shown", words, "told_at", by)


def said(enquiry: Enquiry, side: str, outcome: str, by: Person) -> None:
    """Tell the other side what this one says became of it, and that silence lets it count."""

    def words() -> tuple[str, str]:
        told = {"name": name_of(enquiry, side), "outcome": Outcome(outcome).label}
        subject = _("What became of “%(title)s”: %(outcome)s") % {"title": enquiry, "outcome": told["outcome"]}
        lines = [_("%(name)s says: %(outcome)s.") % told]
        if outcome != rules.STILL_OPEN and enquiry.state in rules.RUNNING:
            lines.append(_("Please say what became of it from your side. If you say nothing else for 14 days, this counts."))
        return subject, "\n\n".join(lines)

    _tell_once(enquiry, rules.other(side), "enquiries.said", words, "told_word_at", by)


def settled(enquiry: Enquiry) -> None:
    """Tell both sides that what one said counts now, because the other has not objected."""

    def words() -> tuple[str, str]:
        subject = _("What became of “%(title)s”: %(outcome)s") % {"title": enquiry, "outcome": State(enquiry.state).label}
        return subject, _("One side said so, and for 14 days the other one said nothing else. Each side can still change what it says.")

    for side in (rules.ASKER, rules.OWNER):
        _tell(enquiry, access.people_of(enquiry, side), "enquiries.settled", words)


def withdrawn(enquiry: Enquiry, by: Person) -> None:
    """Tell those who were asked that they need not answer any more."""

    def words() -> tuple[str, str]:
        subject = _("Enquiry withdrawn: “%(title)s”") % {"title": enquiry}
        return subject, _("%(name)s no longer asks. You need not do anything.") % {"name": name_of(enquiry, rules.ASKER)}

    _tell(enquiry, access.people_of(enquiry, rules.OWNER).exclude(pk=by.pk), "enquiries.withdrawn", words)


def reminded(enquiry: Enquiry) -> None:
    """Ask both sides whether it is still open."""

    def words() -> tuple[str, str]:
        subject = _("Still open? “%(title)s”") % {"title": enquiry}
        text = _(
            "Nobody has written for three weeks. If it goes on, a short message is enough. If it is settled, please say what became of it: "
            "so the network learns what is found here. This reminder comes once."
        )
        return subject, text

    for side in (rules.ASKER, rules.OWNER):
        _tell(enquiry, access.people_of(enquiry, side), "enquiries.reminded", words)


def joined(enquiry: Enquiry) -> None:
    """Tell both sides that they are one now."""

    def words() -> tuple[str, str]:
        subject = _("Conversation ended: “%(title)s”") % {"title": enquiry}
        return subject, _("Both sides are one organisation now. What was written stays.")

    both = access.people_of(enquiry, rules.ASKER) | access.people_of(enquiry, rules.OWNER)
    _tell(enquiry, both.distinct(), "enquiries.ended", words)


def hidden(message: Message) -> None:
    """Tell those who wrote it that a message was taken off, and why."""
    enquiry = message.enquiry

    def words() -> tuple[str, str]:
        subject = _("A message was taken off: “%(title)s”") % {"title": enquiry}
        return subject, _("It was reported, and caretakers took it off. Their reason: %(reason)s") % {
            "reason": message.hidden_because or "–"
        }

    _tell(enquiry, access.people_of(enquiry, message.side), "enquiries.hidden", words)


def _tell(enquiry: Enquiry, people: QuerySet[Person], kind: str, words: Words) -> None:
    for person in people.order_by("pk"):
        with translation.override(person.language):
            subject, text = words()
            once = _("You can read all of it and answer here. Until you have looked, no further mail comes about this conversation.")
            in_mail = once if kind in MESSAGES else ""
            tell(person, kind=kind, subject=subject, text=text, path=enquiry.get_absolute_url(), in_mail=in_mail)


def _tell_once(enquiry: Enquiry, side: str, kind: str, words: Words, mark: str, by: Person | None) -> None:
    """Only those who have looked since they were told the last time."""
    now = timezone.now()
    people = access.people_of(enquiry, side)
    if by is not None:
        people = people.exclude(pk=by.pk)
    told = Seen.objects.filter(enquiry=enquiry, **{f"{mark}__isnull": False}).values("person")
    new = people.exclude(pk__in=told)
    found = list(new.values_list("pk", flat=True))
    _tell(enquiry, Person.objects.filter(pk__in=found), kind, words)
    for pk in found:
        _mark(enquiry, pk, mark, now)


def _mark(enquiry: Enquiry, person: int, mark: str, now: datetime) -> None:
    Seen.objects.update_or_create(enquiry=enquiry, person_id=person, defaults={mark: now})
