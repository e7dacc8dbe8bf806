"""Questions about exits: the day that follows, what stays, what will be paid, what waits for the board."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_of
from allmende.constitution.rules import is_text_form_enough
from allmende.ground.refusals import Refused
from allmende.ground.text import fold
from allmende.leaving import access, rules, wording
from allmende.leaving.models import OPEN, OPEN_TRANSFERS, Reason, Scope, State, Termination, Transfer, TransferState
from allmende.members.access import active_on
from allmende.members.models import Kind, Membership
from allmende.members.queries import particulars_on, share_lines
from allmende.members.rules import first_day_after, held_on, lowest_from
from allmende.money.queries import capital
from allmende.people.models import Person
from allmende.people.queries import Viewer


def terms_of(statute: Statute) -> rules.Terms:
    """What this version of the statute says about leaving."""
    return rules.Terms(
        statute.notice_months,
        statute.fiscal_month,
        statute.payout_months,
        statute.is_tied_to_district,
        statute.heirs_continue_months,
    )


def outcome_of(
    membership: Membership, reason: str, scope: str, received_on: date, event_on: date | None = None
) -> tuple[Statute, rules.Outcome]:
    """The statute in force when it came in, and the day that follows; Refused with a sentence where the reason does not apply."""
    statute = statute_of(membership.cooperative, received_on)
    try:
        found = rules.outcome(reason, scope, received_on, terms_of(statute), joined_on=membership.joined_on, event_on=event_on)
    except rules.Impossible as no:
        raise Refused(wording.impossible_words(no)) from no
    return statute, found


def explained(termination: Termination) -> list[tuple[str, str]]:
    """Every step to the day of this exit, in words, each with its paragraph."""
    happened_on = termination.dispatched_on if termination.reason == Reason.EXCLUSION else termination.event_on
    found = rules.outcome(
        termination.rule,
        termination.scope,
        termination.received_on,
        terms_of(termination.statute),
        joined_on=termination.membership.joined_on,
        event_on=happened_on,
    )
    return wording.steps_words(found.steps)


def is_text_enough(statute: Statute, day: date) -> bool:
    """Whether a notice can be given here: text form by the statute, or allowed by the board until the end of 2029 (§ 177 GenG)."""
    return is_text_form_enough(statute.exit_form, statute.text_form_since, day)


def least_shares(membership: Membership, statute: Statute) -> int:
    """How many shares stay with every member as long as the membership lasts."""
    return 0 if membership.kind == Kind.SUPPORTING else statute.mandatory_shares


def most_to_give_up(membership: Membership, statute: Statute, day: date) -> int:
    """How many single shares can be given up at most from this day on."""
    return max(0, lowest_from(share_lines(membership), day) - least_shares(membership, statute))


def transferable(giver: Membership, day: date) -> int:
    """How many shares can go to somebody else from this day on. Who leaves on a known day can still transfer them all (§ 76 GenG)."""
    lines = share_lines(giver)
    return held_on(lines, day) if giver.ends_on is not None else lowest_from(lines, day)


@dataclass(frozen=True)
class Wanted:
    """What a member wants to end, and why."""

    scope: str = Scope.ALL
    quantity: int | None = None
    reason: str = Reason.NOTICE
    event_on: date | None = None
    words: str = ""


@dataclass(frozen=True)
class Foreseen:
    """What a member reads before sending a notice."""

    statute: Statute
    outcome: rules.Outcome
    steps: list[tuple[str, str]]
    capital: int  # today
    expected: int  # to be paid out, as things stand today
    text: str  # the declaration
    is_text_enough: bool


def foresee(membership: Membership, wanted: Wanted, day: date) -> Foreseen:
    """The day, the payout and the words of a notice that would come in on this day."""
    statute, found = outcome_of(membership, wanted.reason, wanted.scope, day, wanted.event_on)
    held = capital(membership)
    stays = remaining_after(membership, wanted.scope, wanted.quantity, found.effective_on)
    sums = rules.settlement(held, 0, stays, statute.share_cents)
    named = particulars_on([membership], day)[membership.pk]
    who = wording.who_words(named, membership.number)
    text = wording.notice_words(
        who, str(membership.cooperative), wanted.scope, wanted.quantity, wanted.reason, event_on=wanted.event_on, words=wanted.words
    )
    return Foreseen(statute, found, wording.steps_words(found.steps), held, sums.owed, text, is_text_enough(statute, day))


def remaining_after(membership: Membership, scope: str, quantity: int | None, ends_on: date) -> int:
    """How many shares stay when so many single ones are given up at the end of this day; none after the whole membership."""
    if scope == Scope.ALL:
        return 0
    return max(0, held_on(share_lines(membership), first_day_after(ends_on)) - (quantity or 0))


def open_of(membership: Membership, scope: str | None = None) -> QuerySet[Termination]:
    """What takes its course for this member."""
    found = Termination.objects.filter(membership=membership, state__in=OPEN).order_by("effective_on", "pk")
    return found.filter(scope=scope) if scope else found


def open_transfer(membership: Membership) -> Transfer | None:
    """The transfer this member wants at the moment."""
    wanted = Transfer.objects.filter(giver=membership, state__in=OPEN_TRANSFERS)
    return wanted.select_related("giver__cooperative__organisation", "taker").first()


def waiting_transfers(cooperative: Cooperative) -> QuerySet[Transfer]:
    """Transfers nobody has closed yet, the oldest first."""
    rows = Transfer.objects.filter(giver__cooperative=cooperative, state__in=OPEN_TRANSFERS)
    return rows.select_related("giver", "taker").order_by("created_at", "pk")


def counted(viewer: Viewer, cooperative: Cooperative) -> dict[str, int]:
    """How many exits there are in each state."""
    found = access.terminations_visible_to(viewer, cooperative).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(found)


def due_dates(cooperative: Cooperative) -> list[dict[str, Any]]:
    """The calendar of payouts: for each end of a fiscal year that waits how many exits, until when they are to be paid, earliest first."""
    waiting = Termination.objects.filter(membership__cooperative=cooperative, state=State.CONFIRMED).order_by()
    rows = waiting.values("effective_on", "payout_due_on").annotate(count=Count("pk")).order_by("payout_due_on", "effective_on")
    today = localdate()
    return [row | {"is_over": rules.is_over(row["effective_on"], today), "is_late": row["payout_due_on"] < today} for row in rows]


def without_rights(cooperative: Cooperative, day: date) -> QuerySet[Membership]:
    """Members who still belong to the cooperative on this day and have lost assembly and vote: their exclusion was sent (§ 68 II GenG)."""
    excluded = Termination.objects.filter(
        reason=Reason.EXCLUSION, state__in=(State.CONFIRMED, State.SETTLED), dispatched_on__lte=day, effective_on__gte=day
    )
    return Membership.objects.filter(cooperative=cooperative, pk__in=excluded.values("membership"))


def member_by(cooperative: Cooperative, number: int, name: str) -> Membership | None:
    """The active member with this number, if the family name (or the organisation's) is said right as well; otherwise nobody."""
    found = Membership.objects.filter(active_on(localdate()), cooperative=cooperative, number=number, ends_on=None).first()
    if found is None:
        return None
    said = particulars_on([found], localdate())[found.pk]
    right = {fold(" ".join(one.split())) for one in (said.family_name, said.firm, said.spoken, said.name) if one}
    return found if fold(" ".join(name.split())) in right else None


def exits_of(membership: Membership) -> QuerySet[Termination]:
    """All exits of this member, the latest first."""
    return Termination.objects.filter(membership=membership).select_related("payable").order_by("-created_at", "-pk")


def transfers_of(membership: Membership) -> QuerySet[Transfer]:
    """All transfers this member gives or takes, the latest first."""
    mine = Q(giver=membership) | Q(taker=membership)
    return Transfer.objects.filter(mine).select_related("giver", "taker").order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Waiting:
    """What waits for the board: how many of each, and since or until when."""

    notices: int
    since: date | None
    wanted_back: int
    transfers: int
    settlements: int
    due_on: date | None

    def __bool__(self) -> bool:
        return bool(self.notices or self.wanted_back or self.transfers or self.settlements)


def waiting(cooperative: Cooperative, today: date) -> Waiting:
    """What waits for the board, in two questions."""
    received, confirmed = Q(state=State.RECEIVED), Q(state=State.CONFIRMED)
    found = Termination.objects.filter(membership__cooperative=cooperative, state__in=OPEN).aggregate(
        notices=Count("pk", filter=received),
        since=Min("received_on", filter=received),
        wanted_back=Count("pk", filter=confirmed & Q(wants_back_at__isnull=False, effective_on__gte=today)),
        settlements=Count("pk", filter=confirmed & Q(effective_on__lt=today)),
        due_on=Min("payout_due_on", filter=confirmed & Q(effective_on__lt=today)),
    )
    transfers = Transfer.objects.filter(giver__cooperative=cooperative, state=TransferState.AGREED).count()
    return Waiting(transfers=transfers, **found)


def asked_to_take(person: Person) -> list[Transfer]:
    """Transfers that wait for this person's word."""
    rows = Transfer.objects.filter(taker__person=person, state=TransferState.WANTED)
    return list(rows.select_related("giver__cooperative__organisation").order_by("created_at", "pk"))
