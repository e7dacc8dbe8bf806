"""Questions about declarations."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.banking.models import Mandate
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import cooperative_at, statute_of, statute_on
from allmende.constitution.rules import is_text_form_enough
from allmende.ground.text import fold
from allmende.joining import access, rules
from allmende.joining.models import Application, Closed, State
from allmende.members import queries as members
from allmende.members import rules as member_rules
from allmende.members.access import active_on
from allmende.members.models import Kind, Membership, Particulars, Party
from allmende.money import queries as money
from allmende.money.models import Request, RequestKind
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

ADMITTED_SHOWN = 20


def joinable_at(viewer: Viewer, slug: str) -> tuple[Cooperative, Statute]:
    """The cooperative and the version of the statute one joins by today; Http404 where nobody can join here."""
    cooperative = cooperative_at(viewer, slug)
    statute = statute_on(cooperative, localdate())
    if statute is None or not cooperative.is_joinable:
        raise Http404
    return cooperative, statute


def is_by_text(statute: Statute, day: date | None = None) -> bool:
    """Whether one can join on the screen, or only on paper (§§ 15 I, 177 GenG)."""
    return is_text_form_enough(statute.joining_form, statute.text_form_since, day or localdate())


def has_fees(cooperative: Cooperative) -> bool:
    """Whether members are asked for fees besides their shares."""
    return Request.objects.filter(membership__cooperative=cooperative, kind=RequestKind.FEE).exists()


def desk_at(viewer: Viewer, slug: str) -> Cooperative:
    """The cooperative for its desk of declarations; Http404 for everybody else."""
    cooperative = cooperative_at(viewer, slug)
    if not access.may_see_desk(viewer, cooperative):
        raise Http404
    return cooperative


def waiting(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Application]:
    """Declarations the board has to decide on, the oldest first."""
    found = access.applications_visible_to(viewer, cooperative).filter(state=State.DECLARED)
    return found.select_related("group", "further").order_by("declared_on", "pk")


def admitted(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Application]:
    """The latest that were admitted."""
    found = access.applications_visible_to(viewer, cooperative).filter(state=State.ADMITTED)
    return found.select_related("membership", "further").order_by("-decided_at")[:ADMITTED_SHOWN]


def of_desk(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> Application:
    """One declaration; Http404 where the viewer sees none."""
    found = access.applications_visible_to(viewer, cooperative).filter(uuid=uuid)
    application = found.select_related("group", "further", "statute", "membership", "organisation", "cooperative__organisation").first()
    if application is None:
        raise Http404
    return application


def by_token(cooperative: Cooperative, token: str) -> Application | None:
    """The declaration this link belongs to. Refused and withdrawn ones are gone; of admitted ones it leads there for a while."""
    lately = Q(decided_at=None) | Q(decided_at__gt=timezone.now() - timedelta(days=rules.LINK_DAYS))
    found = Application.objects.filter(lately, cooperative=cooperative, token=token, erased_at=None)
    return found.select_related("group", "further", "statute", "membership", "cooperative__organisation").first()


def closed_in(cooperative: Cooperative, year: int) -> dict[str, int]:
    """How many were refused and withdrawn in a year: all that is left of them."""
    found = Closed.objects.filter(cooperative=cooperative, closed_on__year=year).order_by()
    return dict(found.values_list("state").annotate(number=Count("pk")))


def overdue_by_cooperative(today: date) -> list[tuple[Cooperative, int]]:
    """Where declarations wait too long, and how many the board has not heard of lately."""
    before = today - timedelta(days=rules.REMIND_AFTER_DAYS)
    late = Q(applications__state=State.DECLARED, applications__declared_on__lte=before)
    late &= Q(applications__reminded_on=None) | Q(applications__reminded_on__lte=before)
    found = Cooperative.objects.select_related("organisation").annotate(late=Count("applications", filter=late)).filter(late__gt=0)
    return [(one, one.late) for one in found]


@dataclass(frozen=True)
class Double:
    """A member who may be the same as an applicant, and by what."""

    membership: Membership
    name: str
    same: tuple[str, ...]  # "name", "email", "iban", "account"


def doubles(application: Application) -> list[Double]:
    """Active members with the same name, e-mail, IBAN or account (§ 15: nobody is a member twice by mistake)."""
    found: dict[int, set[str]] = {}
    for word, memberships in _same(application):
        for pk in memberships:
            found.setdefault(pk, set()).add(word)
    rows = {one.pk: one for one in Membership.objects.filter(active_on(localdate()), pk__in=found, cooperative=application.cooperative_id)}
    names = members.particulars_on(list(rows.values()), localdate())
    return [Double(one, names[pk].name, tuple(sorted(found[pk]))) for pk, one in sorted(rows.items(), key=lambda row: row[1].number)]


def _same(application: Application) -> list[tuple[str, list[int]]]:
    current = Particulars.objects.filter(membership__cooperative=application.cooperative_id, valid_until=None)
    if application.party == Party.LEGAL:
        named = current.filter(party=Party.LEGAL, folded__contains=fold(application.firm))
    else:
        name = fold(f"{application.family_name} {application.given_name}".strip())
        named = current.filter(party=Party.NATURAL, folded__startswith=name)
    return [
        ("name", list(named.values_list("membership", flat=True)[:10])),
        ("email", _pks(current.filter(email__iexact=application.email)) if application.email else []),
        ("iban", _with_iban(application) if application.iban else []),
        ("account", _with_account(application)),
    ]


def _pks(found: QuerySet[Particulars]) -> list[int]:
    return list(found.values_list("membership", flat=True)[:10])


def _with_iban(application: Application) -> list[int]:
    found = Mandate.objects.filter(membership__cooperative=application.cooperative_id, iban=application.iban, revoked_at=None)
    return list(found.values_list("membership", flat=True)[:10])


def _with_account(application: Application) -> list[int]:
    if application.organisation_id:
        same = Q(organisation=application.organisation_id)
    elif application.person_id and application.party == Party.NATURAL:
        same = Q(person=application.person_id, organisation=None)
    else:
        return []
    return list(Membership.objects.filter(same, cooperative=application.cooperative_id).values_list("pk", flat=True)[:10])


def membership_here(viewer: Viewer, cooperative: Cooperative) -> Membership | None:
    """The viewer's own active membership as a person; those of organisations one acts for do not count."""
    if not is_person(viewer):
        return None
    themselves = Particulars.objects.filter(membership=OuterRef("pk"), valid_until=None, party=Party.NATURAL)
    return Membership.objects.filter(active_on(localdate()), Exists(themselves), cooperative=cooperative, person=viewer).first()


def declared_by(viewer: Viewer, cooperative: Cooperative) -> Application | None:
    """What this person declared here and what still waits."""
    return access.own(viewer).filter(cooperative=cooperative, state=State.DECLARED, further=None).order_by("-pk").first()


@dataclass(frozen=True)
class Room:
    """How many further shares a member can take now, and why not more (§ 15b GenG)."""

    statute: Statute
    held: int
    paid_cents: int
    most: int  # that can be taken now
    missing_cents: int  # to be paid before the next one
    is_full: bool  # the statute's maximum is reached


def room_for_further(membership: Membership, day: date | None = None) -> Room:
    """What § 15b and the statute allow today. Refused where no statute is in force."""
    day = day or localdate()
    statute = statute_of(membership.cooperative, day)
    held = member_rules.highest_from(members.share_lines(membership), day)
    paid = money.capital(membership)
    is_full = statute.max_shares is not None and held >= statute.max_shares
    most = rules.most_further(paid, held, statute.mandatory_shares, statute.share_cents, statute.max_shares)
    if membership.kind == Kind.SUPPORTING and not held:
        most = 0
    return Room(statute, held, paid, most, rules.missing_for_further(paid, held, statute.share_cents), is_full)


def further_waiting(membership: Membership) -> Application | None:
    """The member's declaration of further shares that waits for the board."""
    return Application.objects.filter(further=membership, state=State.DECLARED).first()


def waiting_of_board(person: Person) -> list[tuple[Cooperative, int, date]]:
    """Cooperatives on whose board this person sits and where declarations wait: how many, since when."""
    boards = constitution.held_by(person, constitution.DECIDING).values("cooperative")
    here = Q(applications__state=State.DECLARED)
    found = Cooperative.objects.filter(pk__in=boards).select_related("organisation")
    counted = found.annotate(number=Count("applications", filter=here), since=Min("applications__declared_on", filter=here))
    return [(one, one.number, one.since) for one in counted.filter(number__gt=0).order_by("since")]


def waiting_of(person: Person) -> list[Application]:
    """What this person declared and what still waits, further shares too."""
    found = access.own(person).filter(state=State.DECLARED).select_related("cooperative__organisation")
    return list(found.order_by("declared_on", "pk")[:10])
