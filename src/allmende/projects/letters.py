"""What this room tells people. Each is told once, in their language; nobody is told what they did themselves."""

from collections.abc import Callable, Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from allmende.directory import access as directory
from allmende.directory.models import Organisation
from allmende.ground.text import shorten
from allmende.people.actions import tell
from allmende.people.models import Person
from allmende.projects import access, queries, rules
from allmende.projects.models import Part, Project, Step, Update
from allmende.web.markdown import plain

Said = Callable[[], tuple[str, str]]
"""Subject and text, in the language of the moment."""


def part_asked(part: Part, by: Person | None) -> None:
    """Your organisation was asked to take part."""

    def said() -> tuple[str, str]:
        text = _("“%(title)s” by %(lead)s: your organisation %(organisation)s is asked to take part (%(kind)s). Only you can confirm it.")
        return _("Asked to take part: %(title)s") % _names(part.project), _with(text % _of(part), part.word)

    _tell(directory.keepers_of(part.organisation), by, "part_asked", part.project, said, part.get_absolute_url())


def part_offered(part: Part, by: Person | None) -> None:
    """An organisation offers itself to your project."""

    def said() -> tuple[str, str]:
        text = _("%(organisation)s wants to take part in “%(title)s” (%(kind)s). Please say yes or no.")
        contribution = _("What they bring in: %(what)s") % {"what": part.contribution} if part.contribution else ""
        return _("%(organisation)s wants to join: %(title)s") % _of(part), _with(_with(text % _of(part), contribution), part.word)

    _tell(access.keepers_of(part.project), by, "part_offered", part.project, said, part.get_absolute_url())


def part_answered(part: Part, by: Person | None, *, was_offered: bool) -> None:
    """Yes or no, to the other side."""
    yes = part.state == rules.CONFIRMED

    def said() -> tuple[str, str]:
        subject = _("%(organisation)s takes part: %(title)s") if yes else _("%(organisation)s does not take part: %(title)s")
        confirmed = _("%(organisation)s now takes part in “%(title)s” (%(kind)s).")
        declined = (
            _("“%(title)s” did not take up your offer.") if was_offered else _("%(organisation)s declined to take part in “%(title)s”.")
        )
        return subject % _of(part), _with((confirmed if yes else declined) % _of(part), part.word)

    readers = directory.keepers_of(part.organisation) if was_offered else access.keepers_of(part.project)
    _tell(readers, by, "part_answered", part.project, said)


def partner_left(part: Part, by: Person | None) -> None:
    """An organisation ended its part."""

    def said() -> tuple[str, str]:
        text = _("%(organisation)s no longer takes part in “%(title)s”. It stays in the history of the project.")
        return _("%(organisation)s left: %(title)s") % _of(part), _with(text % _of(part), part.word)

    _tell(access.keepers_of(part.project), by, "partner_left", part.project, said)


def step_added(step: Step, by: Person | None) -> None:
    """How far the project is now."""

    def said() -> tuple[str, str]:
        return f"{step.project.title}: {step.get_stage_display()}", step.sentence

    _tell(queries.listeners(step.project), by, "step_added", step.project, said)


def update_added(update: Update, by: Person | None) -> None:
    """News of the project."""

    def said() -> tuple[str, str]:
        return f"{update.project.title}: {update.title}", shorten(plain(update.text), 1_000)

    _tell(queries.listeners(update.project), by, "update_added", update.project, said)


def adopted(project: Project, by: Person | None) -> None:
    """Somebody continues your project, and everybody it is meant for can read it: told to those who may read it."""
    source = project.adopted_from
    if source is None:
        return

    def said() -> tuple[str, str]:
        names = {"organisation": project.organisation.name, "title": source.title}
        text = _("%(organisation)s has adopted “%(title)s”. Both projects show the line between them.")
        return _("Adopted: %(title)s") % names, text % names

    readers = [one for one in access.keepers_of(source) if access.projects_visible_to(one).filter(pk=project.pk).exists()]
    _tell(readers, by, "project_adopted", project, said)


def handover_offered(project: Project, organisation: Organisation, by: Person | None) -> None:
    """Your organisation is asked to answer for a project from now on."""

    def said() -> tuple[str, str]:
        text = _("%(organisation)s is asked to take over “%(title)s”. Nothing changes until you do. Please say yes or no.")
        return _("Take over a project: %(title)s") % _names(project), text % (_names(project) | {"organisation": organisation.name})

    _tell(directory.keepers_of(organisation), by, "handover_offered", project, said)


def handover_refused(project: Project, organisation: Organisation, word: str, by: Person | None) -> None:
    """The organisation that was asked does not take over."""

    def said() -> tuple[str, str]:
        text = _("%(organisation)s does not take over “%(title)s”.")
        names = _names(project) | {"organisation": organisation.name}
        return _("Not taken over: %(title)s") % names, _with(text % names, word)

    _tell(access.keepers_of(project), by, "handover_refused", project, said)


def taken_over(project: Project, before: int, by: Person | None) -> None:
    """Another organisation answers for the project now: told to all who take part and to those who did so before."""

    def said() -> tuple[str, str]:
        names = _names(project)
        text = _("%(lead)s now answers for “%(title)s”. Its texts, steps, participants and news stay.")
        return _("Taken over: %(title)s") % names, text % names

    former = directory.keepers_of(*Organisation.objects.filter(pk=before))
    _tell({*access.participants_of(project), *former}, by, "taken_over", project, said)


def without_lead(project: Project) -> None:
    """Nobody answers for a project any more: partners may take it over; where there are none, its caretakers hand it on."""

    def said() -> tuple[str, str]:
        text = _(
            "%(lead)s, who answered for “%(title)s”, is gone. Nothing is lost: a confirmed partner can take the project over on its page."
        )
        return _("A project has lost its lead: %(title)s") % _names(project), text % _names(project)

    parts = project.parts.filter(state=rules.CONFIRMED).exclude(organisation=project.organisation_id).select_related("organisation")
    partners = list(directory.keepers_of(*(part.organisation for part in parts)))
    _tell(partners or directory.caretakers_of(project.organisation), None, "without_lead", project, said)


def hidden(project: Project, by: Person | None) -> None:
    """The project was taken off, and why."""

    def said() -> tuple[str, str]:
        text = _("“%(title)s” was taken off all pages. You still see it and can correct it.")
        reason = _("The reason: %(reason)s") % {"reason": project.hidden_reason}
        return _("Taken off: %(title)s") % _names(project), _with(text % _names(project), reason)

    _tell(access.keepers_of(project), by, "project_hidden", project, said)


def unhidden(project: Project, reason: str, by: Person | None) -> None:
    """The project is back."""

    def said() -> tuple[str, str]:
        return _("Back again: %(title)s") % _names(project), _with(_("“%(title)s” is shown again.") % _names(project), reason)

    _tell(access.keepers_of(project), by, "project_unhidden", project, said)


def _names(project: Project) -> dict[str, str]:
    return {"title": shorten(project.title, 100), "lead": project.organisation.name}


def _of(part: Part) -> dict[str, str]:
    return _names(part.project) | {"organisation": part.organisation.name, "kind": part.get_kind_display()}


def _with(text: str, more: str) -> str:
    return f"{text}\n\n{more}" if more else text


def _tell(people: Iterable[Person], by: Person | None, what: str, project: Project, said: Said, path: str = "") -> None:
    for person in sorted(people, key=lambda one: one.pk):
        if by is not None and person.pk == by.pk:
            continue
        with translation.override(person.language):
            subject, text = said()
            tell(person, kind=f"projects.{what}", subject=subject, text=text, path=path or project.get_absolute_url())
