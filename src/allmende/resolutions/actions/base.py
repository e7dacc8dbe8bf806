"""What all changes of the register share."""

from django.db.models import Model
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person
from allmende.resolutions import access
from allmende.resolutions.models import Measure, Report, Resolution


def locked(resolution: Resolution) -> Resolution:
    """The row, held until the transaction ends."""
    found = Resolution.objects.select_for_update(of=("self",)).select_related("cooperative__organisation")
    return found.get(pk=resolution.pk)


def locked_measure(measure: Measure) -> Measure:
    """A measure with its resolution, held until the transaction ends."""
    found = Measure.objects.select_for_update(of=("self",)).select_related("resolution__cooperative__organisation")
    return found.get(pk=measure.pk)


def require_administration(by: Person, cooperative: Cooperative) -> None:
    """Only board and member administration keep the register."""
    require(access.may_write(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)


def save(one: Model, **values: object) -> None:
    """Set these fields and write only them."""
    for name, value in values.items():
        setattr(one, name, value)
    one.save(update_fields=list(values))


def note(resolution: Resolution, text: str, by: Person | None, measure: Measure | None = None) -> Report:
    """A line of the register's history that everybody reads who reads the resolution."""
    return Report.objects.create(resolution=resolution, measure=measure, text=text, by=by)
