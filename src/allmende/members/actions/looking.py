"""Looking at names leaves a line: who, as what, why, how many (§ 31 GenG, Art. 5 and 15 GDPR)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members import access, rules
from allmende.members.models import Inspection, Look, Membership
from allmende.people.models import Person


def role_of(person: Person, cooperative: Cooperative) -> str:
    """As what this person looks: the first office held here, otherwise `member`."""
    held = constitution.held_by(person).filter(cooperative=cooperative).values_list("kind", flat=True)
    kinds = set(held)
    return next((kind.value for kind in OfficeKind if kind.value in kinds), "member")


def _require_purpose(purpose: str) -> str:
    purpose = clean(purpose)[:300]
    require(len(purpose) >= rules.LEAST_PURPOSE, _("Please say in a few words what for. It stands in the log."), BadInput)
    return purpose


@transaction.atomic
def note_look(cooperative: Cooperative, what: str, *, purpose: str, as_of: date | None = None, rows: int = 0, by: Person) -> Inspection:
    """Somebody with an office sees names or takes a list away."""
    require(constitution.may_read(by, cooperative), _("Only those who hold an office may do this."), NotAllowed)
    purpose = _require_purpose(purpose)
    return Inspection.objects.create(
        cooperative=cooperative, person=by, role=role_of(by, cooperative), what=what, purpose=purpose, as_of=as_of, rows=rows
    )


@transaction.atomic
def note_member_look(membership: Membership, what: str = Look.MEMBER, *, purpose: str = "", by: Person) -> None:
    """Somebody with an office opens a member's page: one line an hour, however often it is looked at."""
    lately = timezone.now() - timedelta(minutes=rules.NAMES_MINUTES)
    known = Inspection.objects.filter(membership=membership, person=by, what=what, at__gt=lately)
    if not known.exists():
        Inspection.objects.create(
            cooperative_id=membership.cooperative_id, membership=membership, person=by, what=what, purpose=purpose[:300], rows=1,
            role=role_of(by, membership.cooperative),
        )  # fmt: skip


@transaction.atomic
def begin_inspection(cooperative: Cooperative, *, purpose: str, inspector: str = "", as_of: date, by: Person) -> Inspection:
    """A member looks into the list (§ 31 GenG), or somebody with an office lets a third party do so whose interest is legitimate."""
    purpose, inspector = _require_purpose(purpose), clean(inspector)[:200]
    if inspector:
        require(constitution.may_administer(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)
    else:
        require(access.may_inspect(by, cooperative), _("Only members may inspect the list."), NotAllowed)
    role = "third" if inspector else role_of(by, cooperative)
    made = Inspection.objects.create(
        cooperative=cooperative, person=by, role=role, what=Look.INSPECTION, purpose=purpose, inspector=inspector, as_of=as_of
    )
    trail.record("members.inspection_begun", by=by, about=made, cooperative=cooperative.pk, role=role)
    return made


@transaction.atomic
def note_page(inspection: Inspection, rows: int, *, by: Person) -> None:
    """One more page of an inspection is shown. Refused where too many were within the hour: inspecting is no copying."""
    of_person = Inspection.objects.select_for_update().filter(person=by, what=Look.INSPECTION, cooperative=inspection.cooperative_id)
    lately = of_person.filter(at__gt=timezone.now() - timedelta(hours=1))
    seen = sum(one.rows for one in lately)
    words = _("That is enough for an hour: inspecting the list is not copying it. Please go on later.")
    require(inspection.role not in {"member", "third"} or seen + rows <= rules.ROWS_AN_HOUR, words, Refused)
    Inspection.objects.filter(pk=inspection.pk).update(rows=inspection.rows + rows)
