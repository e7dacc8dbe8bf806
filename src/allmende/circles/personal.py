"""What this room knows of a person, and how it lets go of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.circles import actions
from allmende.circles.models import CircleDate, CircleLink, CircleMember, MailInvitation, NoteVersion, Task
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows, own_addresses

announces("circles", label=gettext_lazy("Circles"))


@knows("circles", label=gettext_lazy("Circles you are or were in"))
def memberships(person: Person) -> list[dict[str, Any]]:
    """In which, since when, as what, with which words; invitations to one's own addresses."""
    rows = CircleMember.objects.filter(person=person).select_related("circle", "organisation").order_by("pk")
    held: list[dict[str, Any]] = [
        {
            "circle": one.circle.name, "organisation": one.organisation.name if one.organisation else "", "role": one.role,
            "state": one.state, "since": one.since, "word": one.word, "answer": one.answer, "daily_news": one.wants_digest,
        }
        for one in rows
    ]  # fmt: skip
    invited = MailInvitation.objects.filter(email__in=own_addresses(person)).select_related("circle").order_by("pk")
    held += [
        {
            "circle": one.circle.name, "organisation": "", "role": "", "state": "invited", "since": one.sent_at, "word": one.word,
            "answer": "", "daily_news": "",
        }
        for one in invited
    ]  # fmt: skip
    return held


@knows("circle-notes", label=gettext_lazy("What you wrote in circles"))
def written(person: Person) -> list[dict[str, Any]]:
    """Versions of notes, dates and links, with their text."""
    versions = NoteVersion.objects.filter(by=person).select_related("note__circle").order_by("pk")
    rows = [_row("note", one.note.circle.name, one.title, one.text, one.at) for one in versions]
    dates = CircleDate.objects.filter(by=person).select_related("circle").order_by("pk")
    rows += [_row("date", one.circle.name, one.title, "\n".join(filter(None, [one.place, one.text])), one.created_at) for one in dates]
    links = CircleLink.objects.filter(by=person).select_related("circle").order_by("pk")
    return rows + [_row("link", one.circle.name, one.label, one.url, one.created_at) for one in links]


def _row(kind: str, circle: str, title: str, text: str, at: Any) -> dict[str, Any]:
    return {"kind": kind, "circle": circle, "title": title, "text": text, "at": at}


@knows("circle-tasks", label=gettext_lazy("Your tasks in circles"))
def tasks(person: Person) -> list[dict[str, Any]]:
    """What one is to do or has done."""
    rows = Task.objects.filter(owner=person).select_related("circle").order_by("pk")
    return [{"circle": one.circle.name, "title": one.title, "due": one.due, "done_at": one.done_at} for one in rows]


@keeps("circles")
def kept(person: Person) -> list[Kept]:
    """Shared texts belong to all who work with them."""
    if not NoteVersion.objects.filter(by=person).exists():
        return []
    why = _("Others have written on top of them and work with them. Your name is taken away.")
    return [Kept(_("Notes, dates, links and tasks of circles"), why)]


@forgets("circles", order=40)
def forget(person: Person) -> None:
    """Memberships and invitations go; texts stay without a name; who can name a new coordinator is told."""
    actions.forget_person(person)
