"""What the lines of a page may be: requests by code, account, number or name, items and sums of orders. So many questions, however
many lines there are.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from allmende.banking import matching, queries
from allmende.banking.models import Item, Line, Mandate, Part, PayoutAccount, Run, RunKind, RunState
from allmende.constitution.models import Cooperative
from allmende.ground.text import words
from allmende.members.models import Membership, Particulars
from allmende.members.queries import particulars_on
from allmende.money import queries as money
from allmende.money.models import Request

REASONS = {
    matching.CODE: _("the code of the request stands in the text"),
    matching.CODE_TYPO: _("the code is nearly in the text, one letter differs"),
    matching.ACCOUNT: _("from an account this member has paid from before"),
    matching.NUMBER: _("the member number stands in the text"),
    matching.NAME: _("the name fits"),
    matching.AMOUNT: _("the amount is exact"),
    "item": _("the reference of our order stands in the line"),
    "run": _("the sum of an order, to the cent"),
    "back": _("it came back"),
    "mandate": _("the mandate reference stands in the text, and the amount is exact"),
}
LONGEST_WAY = timedelta(days=60)
_ITEM = re.compile(r"(?:LS|AZ)-?\d{8}-?[A-Z2-9]{5}-?\d+")
_MANDATE = re.compile(r"L\d{4,9}-?[A-Z2-9]{5}")
_UMLAUT = re.compile(r"(?<![aeioqu])([aou])e")
MOST_BY_NAME = 300


@dataclass(frozen=True)
class Share:
    """So much of a line for this request."""

    request: Request
    cents: int
    name: str
    number: int


@dataclass(frozen=True)
class Proposal:
    """What a line may be: shares for requests, or an item or the sum of an order. `reasons` are keys of REASONS."""

    reasons: tuple[str, ...]
    parts: tuple[Share, ...] = ()
    is_certain: bool = False
    rest: int = 0
    item: Item | None = None
    run: Run | None = None

    @property
    def why(self) -> list[str]:
        """The reasons in words."""
        return [str(REASONS[reason]) for reason in self.reasons]


def suggestions_for(cooperative: Cooperative, lines: Sequence[Line]) -> dict[int, list[Proposal]]:
    """For each line what it may be, best first; nothing for lines that are booked or ignored."""
    rests = {line.pk: _rest(line) for line in lines if line.ignored_at is None}
    waiting = [line for line in lines if rests.get(line.pk, 0) > 0]
    found: dict[int, list[Proposal]] = {line.pk: [] for line in lines}
    if not waiting:
        return found
    ordered = _from_orders(cooperative, waiting, rests)
    asking = [line for line in waiting if line.cents > 0 and not ordered[line.pk] and not line.return_code]
    asked = _from_requests(cooperative, asking, rests) if asking else {}
    for line in waiting:
        found[line.pk] = ordered[line.pk] or asked.get(line.pk, [])
    return found


def _rest(line: Line) -> int:
    known = getattr(line, "rest", None)
    return queries.rest_of(line) if known is None else known


# ------------------------------------------------------------------------------------------------------------ requests


def _from_requests(cooperative: Cooperative, lines: Sequence[Line], rests: dict[int, int]) -> dict[int, list[Proposal]]:
    accounts = _known_accounts(cooperative, {line.iban for line in lines if line.iban})
    requests = _possible(cooperative, lines, rests, accounts)
    names = particulars_on([request.membership for request in requests.values()], localdate())
    candidates = [
        matching.Open(
            one.pk, one.code, one.membership.number, one.membership_id, one.left, one.due_on, names[one.membership_id].spoken  # type: ignore[attr-defined]
        )
        for one in requests.values()
    ]  # fmt: skip
    found = {}
    for line in lines:
        paid = matching.Paid(rests[line.pk], line.text, line.party, frozenset(accounts[line.iban]) if line.iban else frozenset())
        made = [_proposal(one, requests) for one in matching.suggest(paid, candidates)]
        found[line.pk] = [_doubtful(one) for one in made] if line.twin_id else made
    return found


def _doubtful(one: Proposal) -> Proposal:
    """A line that may be in the books already is never certain."""
    return Proposal(one.reasons, one.parts, False, one.rest)


def _proposal(one: matching.Suggestion, requests: dict[int, Request]) -> Proposal:
    parts = tuple(Share(requests[part.pk], cents, part.name, part.number) for part, cents in one.parts)
    return Proposal(one.reasons, parts, one.is_certain, one.rest)


def _known_accounts(cooperative: Cooperative, ibans: set[str]) -> dict[str, set[int]]:
    """Which members have paid from these accounts, or named them as their own."""
    found: dict[str, set[int]] = defaultdict(set)
    for model in (Mandate, PayoutAccount):
        named = model._default_manager.filter(membership__cooperative=cooperative, iban__in=ibans)
        for iban, membership in named.values_list("iban", "membership"):
            found[iban].add(membership)
    earlier = queries.counting(Part.objects.filter(line__cooperative=cooperative, line__iban__in=ibans, booking__request__isnull=False))
    for iban, membership in earlier.values_list("line__iban", "booking__request__membership").distinct():
        found[iban].add(membership)
    return found


def _possible(cooperative: Cooperative, lines: Sequence[Line], rests: dict[int, int], accounts: dict[str, set[int]]) -> dict[int, Request]:
    """Open requests that any of these lines may be for, by number, end of code, account, or amount and name."""
    numbers: set[int] = set()
    ends: set[str] = set()
    for line in lines:
        of_line, ends_of_line = matching.code_tokens(line.text)
        numbers |= of_line | matching.member_numbers(line.text)
        ends |= ends_of_line
    numbers = {number for number in numbers if number < 2**31}
    wanted = Q(membership__number__in=numbers) | Q(membership__in={one for known in accounts.values() for one in known})
    for end in sorted(ends)[:60]:
        wanted |= Q(code__endswith=end)
    asked = money.open_requests(cooperative).select_related("membership")
    found = {one.pk: one for one in asked.filter(wanted)}
    by_name = _members_called(cooperative, lines, set(rests.values()))
    if by_name:
        found |= {one.pk: one for one in asked.filter(membership__in=by_name, cents__in=set(rests.values()))}
    return found


def _members_called(cooperative: Cooperative, lines: Sequence[Line], sums: set[int]) -> list[int]:
    """Members with a request of such a sum in whose name a word of the other side stands."""
    spoken = {word for line in lines for word in words(line.party) if len(word) > 2}
    spoken |= {_UMLAUT.sub(r"\1", word) for word in spoken}
    called = Q()
    for word in sorted(spoken)[:150]:
        called |= Q(folded__contains=word)
    if not spoken:
        return []
    asked = Request.objects.filter(membership__cooperative=cooperative, withdrawn_at=None, cents__in=sums)
    current = Particulars.objects.filter(called, valid_until=None, membership__in=asked.values("membership"))
    return list(current.values_list("membership", flat=True)[:MOST_BY_NAME])


# ------------------------------------------------------------------------------------------------------------ orders


def _from_orders(cooperative: Cooperative, lines: Sequence[Line], rests: dict[int, int]) -> dict[int, list[Proposal]]:
    named = {line.pk: _item_names(line) for line in lines}
    items = _items(cooperative, {name for names in named.values() for name in names}, lines)
    runs = _runs_of_sum(cooperative, lines, rests)
    found = {}
    for line in lines:
        mine = [one for one in items if one.end_to_end in named[line.pk] and one.cents <= rests[line.pk]]
        by_mandate = [one for one in items if one not in mine and _says_mandate(line, one) and one.cents == rests[line.pk]]
        proposals = [Proposal(("item", "back") if _came_back(line, one) else ("item",), item=one) for one in mine if _fits(line, one)]
        proposals = proposals or [Proposal(("mandate", "back"), item=one) for one in by_mandate if _fits(line, one)]
        found[line.pk] = (
            proposals[:1]
            or [
                Proposal(("run",), run=one)
                for one in runs
                if one.total == rests[line.pk] and (one.kind == RunKind.DEBIT) == (line.cents > 0)  # type: ignore[attr-defined]
            ][:2]
        )
    return found


def _item_names(line: Line) -> set[str]:
    said = {line.end_to_end} if line.end_to_end else set()
    return said | set(_ITEM.findall(line.text.upper()))


def _says_mandate(line: Line, item: Item) -> bool:
    return bool(item.mandate and line.cents < 0 and matching.plain_code(item.mandate.reference) in matching.plain_code(line.text))


def _came_back(line: Line, item: Item) -> bool:
    return (line.cents > 0) == (item.run.kind == RunKind.PAYOUT)


def _fits(line: Line, item: Item) -> bool:
    """What came back can come back once only; what was done is on one line only (asked again when it is booked)."""
    return item.run.state == RunState.EXECUTED and (item.returned_on is None if _came_back(line, item) else True)


def _items(cooperative: Cooperative, names: set[str], lines: Sequence[Line]) -> list[Item]:
    wanted = Q(end_to_end__in=names)
    references = {found for line in lines if line.cents < 0 for found in _MANDATE.findall(line.text.upper())}
    if references:
        dashed = {f"{one.replace('-', '')[:-5]}-{one[-5:]}" for one in references}
        wanted |= Q(mandate__reference__in=dashed, returned_on=None)
    found = Item.objects.filter(wanted, run__cooperative=cooperative, dropped_reason="")
    return list(found.select_related("run", "membership", "mandate", "request", "payable").order_by("-pk")[:500])


def _runs_of_sum(cooperative: Cooperative, lines: Sequence[Line], rests: dict[int, int]) -> list[Run]:
    since = min(line.booked_on for line in lines) - LONGEST_WAY
    kinds = {RunKind.DEBIT if line.cents > 0 else RunKind.PAYOUT for line in lines}
    found = []
    for kind in sorted(kinds):
        runs = queries.runs_of(cooperative, kind).filter(due_on__gte=since, state__in=(RunState.FILED, RunState.EXECUTED))
        taken = queries.counting(Part.objects.filter(run__cooperative=cooperative)).values("run")
        found += list(runs.filter(total__in=set(rests.values())).exclude(pk__in=taken)[:50])  # type: ignore[misc]
    return found


def memberships_like(cooperative: Cooperative, text: str) -> list[Membership]:
    """Members by number, or by a part of the name: for assigning a line by hand."""
    said = text.strip()
    members = Membership.objects.filter(cooperative=cooperative)
    if said.lstrip("Mm").isdecimal() and len(said) < 10:
        return list(members.filter(number=int(said.lstrip("Mm"))))
    called = Q()
    for word in words(said)[:5]:
        called &= Q(folded__contains=word)
    if not words(said):
        return []
    return list(
        members.filter(
            pk__in=Particulars.objects.filter(called, valid_until=None, membership__cooperative=cooperative).values("membership")
        )[:20]
    )
