"""What the register tells people: outcome statements that are missing, what they are responsible for, what is due."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.people.actions import tell
from allmende.people.models import Person
from allmende.resolutions.models import Measure, Resolution


def path_of(resolution: Resolution) -> str:
    """Its page."""
    if resolution.serial is None:
        return reverse("resolutions:draft", args=[resolution.slug, resolution.uuid])
    return reverse("resolutions:resolution", args=[resolution.slug, resolution.year, resolution.serial])


def _administration(resolution: Resolution) -> Iterable[Person]:
    return constitution.holders(resolution.cooperative, constitution.ADMINISTERING)


def ask_for_outcome(resolution: Resolution) -> None:
    """A count is finished: somebody has to say what follows from it."""
    for person in _administration(resolution):
        with translation.override(person.language):
            tell(
                person,
                kind="resolutions.waiting",
                subject=_("Decided: %(title)s") % {"title": resolution.title},
                text=_("The count is finished. Write down what follows from it and enter the resolution in the register."),
                path=path_of(resolution),
            )


def tell_responsible(resolution: Resolution, by: Person) -> None:
    """Whoever is responsible for a resolution knows it."""
    person = resolution.person
    if person is None or person.pk == by.pk or not person.is_active:
        return
    with translation.override(person.language):
        tell(
            person,
            kind="resolutions.responsible",
            subject=_("You are responsible: resolution %(number)s") % {"number": resolution.number},
            text=_("%(title)s. %(due)s") % {"title": resolution.title, "due": _until(resolution.due_on)},
            path=path_of(resolution),
        )


def tell_measure(measure: Measure, by: Person) -> None:
    """Whoever has a measure knows it."""
    person = measure.person
    if person is None or person.pk == by.pk or not person.is_active:
        return
    with translation.override(person.language):
        tell(
            person,
            kind="resolutions.measure",
            subject=_("A measure for you: resolution %(number)s") % {"number": measure.resolution.number},
            text=_("%(title)s. %(due)s") % {"title": measure.text, "due": _until(measure.due_on)},
            path=path_of(measure.resolution),
        )


def remind_measure(measure: Measure) -> None:
    """A measure is due soon, or has been."""
    _remind(measure.resolution, measure.person, measure.text, measure.due_on)


def remind_resolution(resolution: Resolution) -> None:
    """A resolution should be carried out soon, or should have been."""
    _remind(resolution, resolution.person, resolution.title, resolution.due_on)


def remind_review(resolution: Resolution) -> None:
    """The day on which it is to be looked at again."""
    people = {person.pk: person for person in [*_administration(resolution), *([resolution.person] if resolution.person else [])]}
    for person in people.values():
        with translation.override(person.language):
            tell(
                person,
                kind="resolutions.review",
                subject=_("Look at it again: resolution %(number)s") % {"number": resolution.number},
                text=_("%(title)s. Is it still right? Report, change the plan, or let it be replaced.") % {"title": resolution.title},
                path=path_of(resolution),
            )


def _remind(resolution: Resolution, person: Person | None, what: str, due: date | None) -> None:
    """Those responsible, and the administration, each once."""
    people = {one.pk: one for one in _administration(resolution)}
    if person is not None and person.is_active:
        people[person.pk] = person
    for one in people.values():
        with translation.override(one.language):
            tell(
                one,
                kind="resolutions.due",
                subject=_("Due on %(day)s: resolution %(number)s")
                % {"day": date_format(due, "DATE_FORMAT") if due else "", "number": resolution.number},
                text=_("%(title)s. Report what became of it, or change the date with a reason.") % {"title": what},
                path=path_of(resolution),
            )


def _until(day: date | None) -> str:
    return _("Until %(day)s.") % {"day": date_format(day, "DATE_FORMAT")} if day else _("Without a date.")
