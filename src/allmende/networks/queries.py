"""Questions about networks: who is in, who pays what, who acts for whom."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.directory.models import Kind as EntryKind
from allmende.directory.models import Organisation, State
from allmende.members.access import active_on
from allmende.members.models import Membership, Party
from allmende.members.queries import particulars_on
from allmende.networks import access, rules
from allmende.networks.models import Answer, Fee, FeeBand, FeeScheme, Representative, SizeDeclaration
from allmende.people.queries import Viewer


def membership_at(viewer: Viewer, cooperative: Cooperative, number: int) -> Membership:
    """One member as this viewer may see it; Http404 otherwise."""
    found = access.memberships_visible_to(viewer, cooperative).filter(number=number)
    one = found.select_related("cooperative__organisation", "organisation", "bond").first()
    if one is None:
        raise Http404
    return one


def organisations_of(cooperative: Cooperative) -> QuerySet[Membership]:
    """The members that are organisations today or will be, by number."""
    lasting = Q(ends_on=None) | Q(ends_on__gte=localdate())
    legal = Q(particulars__valid_until=None, particulars__party=Party.LEGAL)
    found = Membership.objects.filter(legal, lasting, cooperative=cooperative, erased_at=None)
    return found.select_related("organisation", "bond").order_by("number")


def is_network(cooperative: Cooperative) -> bool:
    """Whether the pages of a network have something to say here."""
    return cooperative.organisation.kind == EntryKind.NETWORK or organisations_of(cooperative).exists()


def edges() -> dict[int, list[int]]:
    """Which networks have which organisations as members today or later, by the registers."""
    lasting = Q(ends_on=None) | Q(ends_on__gte=localdate())
    rows = Membership.objects.filter(lasting, cooperative__organisation__kind=EntryKind.NETWORK, organisation__isnull=False)
    found: dict[int, list[int]] = defaultdict(list)
    for network, member in rows.values_list("cooperative__organisation", "organisation"):
        if member is not None:
            found[network].append(member)
    return found


def scheme_for(cooperative: Cooperative, year: int) -> FeeScheme | None:
    """The version that counts for this year."""
    found = FeeScheme.objects.filter(cooperative=cooperative, from_year__lte=year).prefetch_related("bands")
    return found.order_by("-from_year").first()


def size_of(membership: Membership, measure: str, year: int) -> int | None:
    """The size that counts for this member and year."""
    said = SizeDeclaration.objects.filter(membership=membership, measure=measure).order_by("declared_on", "pk")
    return rules.figure_for([(one.declared_on, one.figure) for one in said], year)


@dataclass(frozen=True)
class Row:
    """What a member pays for a year, before or after it is charged."""

    membership: Membership
    name: str
    figure: int | None
    band: FeeBand | None
    months: int
    cents: int
    fee: Fee | None

    @property
    def is_new(self) -> bool:
        """Whether a run would charge it now."""
        return self.fee is None and self.band is not None


def fee_rows(cooperative: Cooperative, year: int) -> list[Row]:
    """Every member of this year with its band and fee, in a handful of questions; without a scheme nobody pays."""
    scheme = scheme_for(cooperative, year)
    due = Q(joined_on__lte=date(year, 12, 31)) & (Q(ends_on=None) | Q(ends_on__gte=date(year, 1, 1)))
    found = list(Membership.objects.filter(due, cooperative=cooperative, erased_at=None).select_related("cooperative").order_by("number"))
    names = particulars_on(found, localdate())
    said: dict[int, list[tuple[date, int]]] = defaultdict(list)
    if scheme:
        sizes = SizeDeclaration.objects.filter(membership__cooperative=cooperative, measure=scheme.measure).order_by("declared_on", "pk")
        for one in sizes:
            said[one.membership_id].append((one.declared_on, one.figure))
    fees = Fee.objects.filter(membership__cooperative=cooperative, year=year).select_related("band__scheme", "request")
    charged = {fee.membership_id: fee for fee in fees}
    bands = list(scheme.bands.all()) if scheme else []
    legal = [one for one in found if names[one.pk].party == Party.LEGAL]
    return [_row(one, names[one.pk].name, said[one.pk], bands, scheme, charged.get(one.pk), year) for one in legal]


def _row(
    one: Membership, name: str, said: list[tuple[date, int]], bands: list[FeeBand], scheme: FeeScheme | None, fee: Fee | None, year: int
) -> Row:
    if fee:
        return Row(one, name, fee.figure, fee.band, fee.months, fee.cents, fee)
    figure = rules.figure_for(said, year)
    if scheme is None or figure is None or not bands:
        return Row(one, name, figure, None, 12, 0, None)
    band = bands[rules.band_of([item.upto for item in bands], figure)]
    months = rules.months_due(one.joined_on, year, pro_rata=scheme.is_pro_rata)
    return Row(one, name, figure, band, months, rules.fee_for(band.cents, months), None)


def representatives_on(membership: Membership, day: date) -> QuerySet[Representative]:
    """Who acts for a member on this day, confirmed by both sides."""
    lasting = Q(until=None) | Q(until__gte=day)
    return Representative.objects.filter(lasting, membership=membership, since__lte=day).exclude(confirmed_at=None)


def confirmed_of(organisation: Organisation) -> list[Membership]:
    """The memberships of an organisation that both sides confirm and that can be shown: the other entry is published."""
    found = Membership.objects.filter(
        active_on(localdate()), organisation=organisation, bond__answer=Answer.YES, cooperative__organisation__state=State.PUBLISHED
    )
    return list(found.select_related("cooperative__organisation").order_by("cooperative__organisation__name"))


def confirmed_in(organisation: Organisation) -> QuerySet[Organisation]:
    """The members of a network that both sides confirm, by name."""
    here = Membership.objects.filter(active_on(localdate()), cooperative__organisation=organisation, bond__answer=Answer.YES)
    return Organisation.objects.filter(pk__in=here.values("organisation"), state=State.PUBLISHED).order_by("name")
