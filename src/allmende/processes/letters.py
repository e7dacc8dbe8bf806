"""What this room writes to participants: a phase opens, a phase ends soon, a process was changed and why.

All of them get a line in the house; those whom the thing concerns get a mail as well.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.people import subjects
from allmende.people.actions import tell
from allmende.people.models import Notice, Person
from allmende.processes import access, wording
from allmende.processes.models import Change, Door, Phase, Process

Words = Callable[[], tuple[str, str]]


def changed(change: Change) -> int:
    """Why the phases are others now, and what exactly changed."""

    def words() -> tuple[str, str]:
        lines = wording.differences(change.before, change.after) or [_("The process is closed: nothing more opens by it.")]
        body = _("The reason: %(why)s\n\n%(what)s") % {"why": change.reason, "what": "\n".join(lines)}
        return _("Changed dates: %(title)s") % {"title": change.process.title}, body

    return _tell_all(change.process, "processes.changed", change.at, words)


def phase(phase: Phase, what: str) -> int:
    """It opens, or ends within a day."""
    since = phase.told_of_start_at if what == "opens" else phase.told_of_end_at
    is_open = phase.starts_at <= timezone.now() < phase.ends_at
    if since is None or not is_open:
        return 0

    def words() -> tuple[str, str]:
        facts = {"phase": phase.called, "title": phase.process.title, "end": wording.moment(phase.ends_at)}
        doors = [str(Door(one).label) for one in phase.doors if one in Door.values]
        subject = _("%(phase)s begins: %(title)s") if what == "opens" else _("Soon over: %(phase)s, %(title)s")
        body = _("Open until %(end)s.") % facts
        return subject % facts, body + "".join(f"\n- {door}" for door in doors)

    return _tell_all(phase.process, f"processes.{what}", since, words)


def _tell_all(process: Process, kind: str, since: datetime, words: Words) -> int:
    """Everybody who takes part and sees the thing, once since then however often this runs."""
    thing = subjects.as_it_is(process.about_kind, process.about_id)
    if thing is None:
        return 0
    path = process.get_absolute_url()
    known = Notice.objects.filter(kind=kind, path__endswith=path.removeprefix("/en"), created_at__gte=since)
    concerned = set(subjects.of(thing).people(thing).values_list("pk", flat=True))
    told = 0
    for person in access.participants(process).exclude(pk__in=known.values("person")).iterator(chunk_size=500):
        if subjects.find(process.about_kind, process.about_id, person) is not None:
            _tell(person, kind, words, process, is_mailed=person.pk in concerned)
            told += 1
    return told


def _tell(person: Person, kind: str, words: Words, process: Process, *, is_mailed: bool) -> None:
    with translation.override(person.language):
        subject, text = words()
        tell(person, kind=kind, subject=subject, text=text, path=process.get_absolute_url(), mail=is_mailed)
