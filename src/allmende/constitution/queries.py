"""Questions about cooperatives, their statutes and offices."""

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access, choices, rules
from allmende.constitution.models import Cooperative, Office, OfficeKind, Statute, StatuteState
from allmende.directory.models import Kind, Organisation, State
from allmende.ground.refusals import Refused
from allmende.ground.text import fold
from allmende.people.models import Person
from allmende.people.queries import Viewer


def cooperative_at(viewer: Viewer, slug: str) -> Cooperative:
    """The cooperative with this address, also the former one of an entry that was merged; Http404 where the viewer sees none."""
    visible = access.cooperatives_visible_to(viewer)
    found = visible.filter(organisation__slug=slug).first() or visible.filter(organisation__in=_merged_into(slug)).first()
    if found is None:
        raise Http404
    return found


def _merged_into(slug: str) -> QuerySet[Organisation, Any]:
    return Organisation.objects.filter(slug=slug, state=State.MERGED).values("merged_into")


def of_entry(viewer: Viewer, item: Organisation) -> Cooperative | None:
    """What runs its membership behind this entry, as far as the viewer may see it. Remembered with the entry, which many panels ask."""
    found: Cooperative | None = getattr(item, "cooperative", None)
    if found is None or item.state == State.PUBLISHED:
        return found
    return access.cooperatives_visible_to(viewer).filter(pk=found.pk).first()


def read_by(viewer: Viewer, slug: str) -> Cooperative:
    """The same for pages that only offices see; Http404 for everybody else."""
    found = cooperative_at(viewer, slug)
    if not access.may_read(viewer, found):
        raise Http404
    return found


def statute_on(cooperative: Cooperative, day: date) -> Statute | None:
    """The version in force on this day."""
    adopted = Statute.objects.filter(cooperative=cooperative, state=StatuteState.ADOPTED, valid_from__lte=day)
    return adopted.order_by("-valid_from").first()


def statute_of(cooperative: Cooperative, day: date | None = None) -> Statute:
    """The version in force on this day (today); Refused with a sentence where there is none yet."""
    found = statute_on(cooperative, day or localdate())
    if found is None:
        raise Refused(_("There is no statute in force on this day yet. The board has to enter it first."))
    return found


def is_by_geng(cooperative: Cooperative) -> bool:
    """Whether the law of cooperatives binds it: an eG by its entry, or a cooperative that says no legal form. Associations and networks
    keep their membership here, too, by other law.
    """
    entry = cooperative.organisation
    return entry.legal_form.key == "eg" if entry.legal_form else entry.kind == Kind.COOPERATIVE


def offices_of(cooperative: Cooperative, day: date | None = None) -> QuerySet[Office]:
    """Who holds an office on this day (today)."""
    return access.offices_on(day or localdate()).filter(cooperative=cooperative).select_related("person")


# ------------------------------------------------------------------------------------------------------------ statutes


def board_at(viewer: Viewer, slug: str) -> Cooperative:
    """The cooperative for pages that only the board sees; Http404 for everybody else."""
    found = cooperative_at(viewer, slug)
    if not access.may_decide(viewer, found):
        raise Http404
    return found


def may_be_set_up(viewer: Viewer, slug: str) -> Organisation:
    """The entry that this viewer may set up as a cooperative; Http404 for everybody else."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None or not access.may_set_up(viewer, found):
        raise Http404
    return found


def adopted_versions(cooperative: Cooperative) -> QuerySet[Statute]:
    """All that hold, held or will hold, the newest first."""
    return Statute.objects.filter(cooperative=cooperative, state=StatuteState.ADOPTED).order_by("-valid_from")


def draft_of(cooperative: Cooperative) -> Statute | None:
    """The draft the board is working on."""
    return Statute.objects.filter(cooperative=cooperative, state=StatuteState.DRAFT).select_related("cooperative__organisation").first()


def version_at(viewer: Viewer, cooperative: Cooperative, version: int) -> Statute:
    """The version with this number, as far as the viewer may see it; Http404 otherwise."""
    found = access.statutes_visible_to(viewer, cooperative).filter(version=version).select_related("cooperative__organisation").first()
    if found is None:
        raise Http404
    return found


def before(statute: Statute, day: date) -> Statute | None:
    """The version that holds until this one does, seen from the day on which this one begins."""
    adopted = adopted_versions(statute.cooperative).exclude(pk=statute.pk)
    return adopted.filter(valid_from__lt=day).first() or adopted.filter(valid_from__lte=localdate()).first()


def is_first_from(statute: Statute, day: date) -> bool:
    """Whether no other version holds before this day: only then a version needs no entry in the register to hold (§ 16 VI GenG)."""
    return not adopted_versions(statute.cooperative).exclude(pk=statute.pk).filter(valid_from__lt=day).exists()


def until(statute: Statute) -> date | None:
    """The last day of an adopted version; None where nothing follows yet."""
    following = adopted_versions(statute.cooperative).filter(valid_from__gt=statute.valid_from).order_by("valid_from").first()
    return following.valid_from - timedelta(days=1) if following else None


def says(statute: Statute) -> dict[str, Any]:
    """Every number of this version by its name."""
    return {name: getattr(statute, name) for name in choices.COLUMNS}


# ------------------------------------------------------------------------------------------------------------- offices


def term(office: Office) -> rules.Term:
    """An office as the rules see it."""
    return rules.Term(office.kind, office.since, office.until, office.discharged_on)


def offices_of_same_holder(office: Office) -> list[Office]:
    """What the holder of this office holds or held here besides; by account, or by name where one of the two has none."""
    others = Office.objects.filter(cooperative=office.cooperative).exclude(pk=office.pk)
    if office.person_id:
        others = others.filter(Q(person=office.person_id) | Q(person=None))
    name = fold(office.holder)
    return [one for one in others if (one.person_id and one.person_id == office.person_id) or (name and fold(one.holder) == name)]


def office_at(viewer: Viewer, cooperative: Cooperative, pk: int) -> Office:
    """One office, as far as the viewer may see it; Http404 otherwise."""
    found = access.offices_visible_to(viewer, cooperative, localdate()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def account_at(email: str) -> Person | None:
    """Whose confirmed address this is (an account that was made by hand has no address row and counts)."""
    address = email.strip().lower()
    row = EmailAddress.objects.filter(email__iexact=address, verified=True, user__is_active=True).select_related("user").first()
    if row is not None:
        person: Person = row.user
        return person
    return Person.objects.filter(email=address, is_active=True, is_service=False, emailaddress__isnull=True).first()


def board_on(cooperative: Cooperative, day: date) -> int:
    """How many are on the board on this day, with an account or without."""
    return access.offices_on(day).filter(cooperative=cooperative, kind=OfficeKind.BOARD).count()


def terms_ending(cooperative: Cooperative, today: date) -> QuerySet[Office]:
    """Offices of the law whose term ends soon without anybody having followed."""
    last = today + timedelta(days=rules.TERM_ENDS_SOON_DAYS)
    ending = Office.objects.filter(cooperative=cooperative, kind__in=access.PUBLIC, until__gte=today, until__lte=last)
    return ending.order_by("until", "pk")


def boards_alone(person: Person) -> list[Cooperative]:
    """Cooperatives in which nobody but this person on the board can act."""
    today = localdate()
    held = access.held_by(person, access.DECIDING).values("cooperative")
    mine = Cooperative.objects.filter(pk__in=held).select_related("organisation").order_by("pk")
    return [one for one in mine if not access.acting_board(one, today).exclude(person=person).exists()]
