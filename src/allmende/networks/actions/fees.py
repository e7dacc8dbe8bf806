"""Fees by size: the scheme, what members say of their size, the charge of a year."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.letters import language_of
from allmende.members.models import Membership
from allmende.money import actions as money
from allmende.money import letters as money_letters
from allmende.money.models import RequestKind
from allmende.money.queries import requests_with_paid
from allmende.networks import access, queries, rules
from allmende.networks.models import Fee, FeeBand, FeeScheme, Measure, SizeDeclaration
from allmende.networks.rules import Step
from allmende.people.models import Person

MOST_FIGURE = 10**13
MOST_CENTS = 10**10


def _require_board(by: Person, cooperative: Cooperative) -> None:
    require(constitution.may_decide(by, cooperative), _("Only the board writes the fees down."), NotAllowed)


@transaction.atomic
def save_scheme(
    cooperative: Cooperative, from_year: int, steps: Sequence[Step], *, measure: str, is_pro_rata: bool, resolution: str = "", by: Person
) -> FeeScheme:
    """The fees from this year on. A version of the same year is replaced as long as nothing was charged by it."""
    cooperative = locked(cooperative)
    _require_board(by, cooperative)
    require(2000 <= from_year <= 2100, _("The year cannot be right."), BadInput)
    require(measure in Measure.values, _("Choose what the size is measured by."), BadInput)
    words = _("The bands must go up; the last one has no upper end, so that every size has exactly one band.")
    require(rules.are_bands(steps), words, BadInput)
    require(all(0 <= step.cents <= MOST_CENTS for step in steps), _("A fee is between nothing and 100 million euros."), BadInput)
    known = FeeScheme.objects.filter(cooperative=cooperative, from_year=from_year).first()
    if known:
        _require_unused(known)
        known.delete()
    made = FeeScheme.objects.create(
        cooperative=cooperative,
        from_year=from_year,
        measure=measure,
        is_pro_rata=is_pro_rata,
        resolution=clean(resolution)[:200],
        created_by=by,
    )
    FeeBand.objects.bulk_create(FeeBand(scheme=made, position=at, upto=step.upto, cents=step.cents) for at, step in enumerate(steps))
    trail.record("networks.fees_written", by=by, about=made, cooperative=cooperative.pk, year=from_year)
    return made


def _require_unused(scheme: FeeScheme) -> None:
    used = Fee.objects.filter(band__scheme=scheme).exists()
    require(not used, _("Fees were charged by this version already. Write a new one from a later year."), Refused)


@transaction.atomic
def drop_scheme(scheme: FeeScheme, *, by: Person) -> None:
    """Remove a version nothing was charged by."""
    cooperative = locked(scheme.cooperative)
    _require_board(by, cooperative)
    _require_unused(scheme)
    trail.record("networks.fees_removed", by=by, cooperative=cooperative.pk, year=scheme.from_year)
    scheme.delete()


@transaction.atomic
def declare_size(
    membership: Membership, figure: int, *, measure: str, declared_on: date, evidence: str = "", by: Person
) -> SizeDeclaration:
    """A member says how large it is; the administration may write down what it was told."""
    locked(membership.cooperative)
    may = access.may_act_for(by, membership) or constitution.may_administer(by, membership.cooperative)
    require(may, _("Only the member itself and the member administration may do this."), NotAllowed)
    require(measure in Measure.values and 0 <= figure <= MOST_FIGURE, _("This size cannot be right."), BadInput)
    require(declared_on <= localdate(), _("A declaration cannot be of a day in the future."), BadInput)
    last = SizeDeclaration.objects.filter(membership=membership, measure=measure).first()
    if last and (last.figure, last.declared_on) == (figure, declared_on):
        return last
    made = SizeDeclaration.objects.create(
        membership=membership, measure=measure, figure=figure, declared_on=declared_on, evidence=clean(evidence)[:200], entered_by=by
    )
    trail.record("networks.size_declared", by=by, about=membership, cooperative=membership.cooperative_id)
    return made


@transaction.atomic
def charge_year(cooperative: Cooperative, year: int, *, due_on: date, by: Person) -> int:
    """Ask every member for the fee of the year that was not asked yet; says how many. A second time asks only those who are new."""
    cooperative = locked(cooperative)
    money.require_booking(by, cooperative)
    today = localdate()
    require(2000 <= year <= today.year + 1, _("The fees of this year cannot be charged yet."), BadInput)
    require(due_on >= today, _("The fee is to be due today at the earliest."), BadInput)
    require(queries.scheme_for(cooperative, year), _("There are no fees written down for this year yet."), Refused)
    count = 0
    for row in queries.fee_rows(cooperative, year):
        if row.band is not None and row.figure is not None and row.fee is None:
            _charge(row, row.band, row.figure, year=year, due_on=due_on, by=by)
            count += 1
    if count:
        trail.record("networks.year_charged", by=by, about=cooperative, cooperative=cooperative.pk, year=year, members=count)
    return count


def _charge(row: queries.Row, band: FeeBand, figure: int, *, year: int, due_on: date, by: Person) -> None:
    request = None
    if row.cents:
        with override(language_of(row.membership)):
            text = _("Fee for %(year)d") % {"year": year}
            request = money.ask_for(row.membership, RequestKind.FEE, row.cents, due_on=due_on, text=text, by=by)
            money_letters.tell_of_request(request)
    Fee.objects.create(
        membership=row.membership,
        year=year,
        band=band,
        figure=figure,
        months=row.months,
        cents=row.cents,
        request=request,
        charged_by=by,
    )


@transaction.atomic
def take_back_fee(fee: Fee, *, by: Person) -> None:
    """The fee was counted wrongly: it is not asked for any more and can be charged anew. Refused once something was paid."""
    cooperative = locked(fee.membership.cooperative)
    money.require_booking(by, cooperative)
    found = Fee.objects.select_for_update(of=("self",)).filter(pk=fee.pk).select_related("request").first()
    if found is None:
        return
    if found.request:
        paid = requests_with_paid(type(found.request).objects.filter(pk=found.request.pk)).get().paid  # type: ignore[attr-defined]
        require(not paid, _("Something was paid for this fee already; book it back first."), Refused)
        money.withdraw_request(found.request, by=by)
    trail.record("networks.fee_taken_back", by=by, about=fee.membership, cooperative=cooperative.pk, year=found.year)
    found.delete()
