"""What those are told who hold an office, each in their language."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.constitution.models import Office
from allmende.constitution.wording import day
from allmende.people.actions import tell
from allmende.people.models import Person


def _path(office: Office) -> str:
    return reverse("constitution:offices", args=[office.cooperative.organisation.slug])


def office_given(office: Office, by: Person) -> None:
    """Tell somebody that they can act for a cooperative now; nobody is told what they did themselves."""
    if office.person is None or office.person_id == by.pk:
        return
    with translation.override(office.person.language):
        told = {"name": str(office.cooperative), "office": office.get_kind_display(), "since": day(office.since)}
        tell(
            office.person,
            kind="constitution.office_given",
            subject=_("Your office at %(name)s") % told,
            text=_("You are entered at %(name)s with this office: %(office)s, from %(since)s. It opens pages for you there.") % told,
            path=_path(office),
        )


def office_ended(office: Office, by: Person) -> None:
    """Tell somebody the last day of their office."""
    if office.person is None or office.person_id == by.pk or office.until is None:
        return
    with translation.override(office.person.language):
        told = {"name": str(office.cooperative), "office": office.get_kind_display(), "until": day(office.until)}
        tell(
            office.person,
            kind="constitution.office_ended",
            subject=_("Your office at %(name)s ends") % told,
            text=_("At %(name)s the last day of your office (%(office)s) is %(until)s.") % told,
            path=_path(office),
        )
