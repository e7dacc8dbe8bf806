"""A cooperative of invented members to measure with: register, shares, groups, money and contributions as real ones would leave them.

Seeded, so that two runs measure the same, and lawful: `auditing.checks` finds nothing in it. Written in blocks, past the actions that
enter real members one by one.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative, Office, OfficeKind, Statute, StatuteState
from allmende.contributions.models import Contribution, ContributionType, Source, Unit
from allmende.directory.models import Organisation
from allmende.ground.bulk import insert
from allmende.ground.text import fold
from allmende.members.models import EndReason, Group, GroupTime, Kind, Membership, Particulars, Party, ShareEntry, ShareKind
from allmende.money.models import Account, Booking, BookingKind, Charge, Payable, PayableKind, Request, RequestKind
from allmende.people.models import Person

SHARE = 100_00
FEE = 24_00
BLOCK = 2_500
YEARS = 15
GROUPS = (("employees", "Beschäftigte"), ("partners", "Partnerbetriebe"), ("customers", "Kundschaft"), ("supporters", "Fördernde"))
TOWNS = (("20095", "Hamburg"), ("10115", "Berlin"), ("04109", "Leipzig"), ("50667", "Köln"), ("07743", "Jena"))
NAMES = 3_000  # how many different family names there are


@dataclass
class House:
    """What a run asks about: the cooperative, who signs in as board and as member, the kinds of contributions."""

    cooperative: Cooperative
    board: Person
    member: Person
    groups: list[Group]
    hours: ContributionType
    turnover: ContributionType

    @property
    def slug(self) -> str:
        """Its address."""
        return self.cooperative.organisation.slug


@dataclass
class Life:
    """One member as they will be written; `held` is what shares they hold at the end, `capital` their money."""

    membership: Membership
    shares: list[ShareEntry] = field(default_factory=list)
    requests: list[tuple[Request, int]] = field(default_factory=list)  # and how much of it is paid
    bookings: list[Booking] = field(default_factory=list)
    payables: list[Payable] = field(default_factory=list)
    held: int = 0
    capital: int = 0
    latest: date = date.min


def founded(name: str) -> House:
    """An empty cooperative with a statute, a board, groups and kinds of contributions."""
    slug = fold(name).replace(" ", "-")
    organisation = Organisation.objects.create(name=name, slug=slug, is_demo=True)
    made = Cooperative.objects.create(organisation=organisation, is_demo=True)
    board, member = (Person.objects.create_user(f"{who}@{slug}.example", name=f"{who} {name}"[:60]) for who in ("board", "member"))
    since = date(localdate().year - YEARS - 1, 1, 1)
    Office.objects.create(cooperative=made, kind=OfficeKind.BOARD, person=board, holder=str(board), since=since)
    Statute.objects.create(
        cooperative=made, version=1, state=StatuteState.ADOPTED, valid_from=since, share_cents=SHARE, paid_in_cents=SHARE,
        has_refund=True, interest_permille=20, has_investing=True,
    )  # fmt: skip
    groups = [Group.objects.create(cooperative=made, key=key, name=word) for key, word in GROUPS]
    hours = ContributionType.objects.create(cooperative=made, key="hours", name="Mitarbeit", unit=Unit.HOURS)
    turnover = ContributionType.objects.create(
        cooperative=made, key="turnover", name="Einkauf", unit=Unit.TURNOVER, counts_for_refund=True, needs_confirmation=False
    )
    return House(made, board, member, groups, hours, turnover)


def fill(house: House, number: int, seed: int = 6) -> None:
    """Let so many members join, pay, move, transfer, leave and contribute over fifteen years."""
    dice = random.Random(seed)  # noqa: S311 - invented things to measure with
    charge = Charge.objects.create(cooperative=house.cooperative, label=f"Beitrag {localdate().year}")
    for start in range(1, number + 1, BLOCK):
        with transaction.atomic():
            _block(house, charge, range(start, min(start + BLOCK, number + 1)), dice)
    Cooperative.objects.filter(pk=house.cooperative.pk).update(next_number=number + 1)
    Membership.objects.filter(pk=_somebody(house)).update(person=house.member)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _somebody(house: House) -> int:
    return Membership.objects.filter(cooperative=house.cooperative, ends_on=None).order_by("number").values_list("pk", flat=True)[0]


def _block(house: House, charge: Charge, numbers: range, dice: random.Random) -> None:
    made = [_membership(house.cooperative, number, dice) for number in numbers]
    _insert(made)
    lives = [Life(one) for one in made]
    for life in lives:
        _join(life, dice)
    for giver, taker in zip(lives[::40], lives[1::40], strict=False):
        _transfer(giver, taker)
    for life in lives:
        _leave(life)
        _charge(life, charge, dice)
    insert([version for life in lives for version in _names(life.membership, dice)])
    insert([time for life in lives for time in _groups(life.membership, house.groups, dice)])
    _write(lives)
    insert([one for life in lives for one in _contributions(house, life.membership, dice)])


def _write(lives: list[Life]) -> None:
    """Shares first, then what is asked for them, then what was paid."""
    _insert([line for life in lives for line in life.shares])
    for request in (request for life in lives for request, _paid in life.requests):
        request.share_entry = request.share_entry  # it has learned its number
    _insert([request for life in lives for request, _paid in life.requests])
    _insert([payable for life in lives for payable in life.payables])
    for life in lives:
        for request, paid in life.requests:
            if paid:
                life.bookings.append(_paid(life, request, paid))
    for booking in (booking for life in lives for booking in life.bookings):
        booking.request, booking.payable = booking.request, booking.payable  # they have learned their numbers
    insert([booking for life in lives for booking in life.bookings])


def _insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model; they learn their numbers, which the database gives in this order."""
    if not rows:
        return
    there = type(rows[0])._base_manager.order_by("pk").values_list("pk", flat=True)
    last = there.last() or 0
    insert(rows)
    for row, pk in zip(rows, there.filter(pk__gt=last), strict=True):
        row.pk = pk


def _membership(cooperative: Cooperative, number: int, dice: random.Random) -> Membership:
    today = localdate()
    joined = today - timedelta(days=dice.randrange(1, YEARS * 365))
    kind = Kind.INVESTING if dice.random() < 0.03 else Kind.ORDINARY
    one = Membership(cooperative=cooperative, number=number, kind=kind, joined_on=joined, declared_on=joined - timedelta(days=9))
    last = date(dice.randrange(joined.year + 1, today.year + 1), 12, 31) if joined.year < today.year and dice.random() < 0.12 else None
    if last and last < today:
        one.ends_on, one.end_reason, one.ended_at = last, EndReason.NOTICE, timezone.now()
    return one


def _join(life: Life, dice: random.Random) -> None:
    joined, today = life.membership.joined_on, localdate()
    _take(life, dice.choice((1, 1, 1, 2, 3, 5, 10)), joined, dice)
    end = life.membership.ends_on or today
    for _more in range(dice.choice((0, 0, 0, 1, 2))):
        day = joined + timedelta(days=dice.randrange(max(1, (end - joined).days)))
        _take(life, dice.choice((1, 1, 2)), day, dice)


def _take(life: Life, quantity: int, day: date, dice: random.Random) -> None:
    """Shares, the request for them and its payment; some of the last weeks are not paid yet."""
    entry = _entry(life, ShareKind.SUBSCRIBE, quantity, day)
    cents, is_new = quantity * SHARE, day > localdate() - timedelta(days=60) and not life.membership.ends_on
    paid = dice.choice((0, cents // 2, cents)) if is_new else cents
    request = Request(membership=life.membership, kind=RequestKind.SHARES, cents=cents, due_on=day, share_entry=entry)
    request.code = f"B{life.membership.pk}-{len(life.requests)}"
    life.requests.append((request, paid))
    life.capital += paid


def _entry(life: Life, kind: str, quantity: int, day: date, partner: Membership | None = None) -> ShareEntry:
    entry = ShareEntry(
        membership=life.membership, kind=kind, quantity=quantity, share_cents=SHARE, declared_on=day, effective_on=day, partner=partner
    )
    life.shares.append(entry)
    life.held, life.latest = life.held + quantity, max(life.latest, day)
    return entry


def _paid(life: Life, request: Request, cents: int) -> Booking:
    account = Account.CAPITAL if request.kind == RequestKind.SHARES else Account.RECEIVABLE
    return _booking(life, BookingKind.PAYMENT, Account.BANK, account, cents, request.due_on, request=request)


def _booking(life: Life, kind: str, debit: str, credit: str, cents: int, day: date, **more: Any) -> Booking:
    """A line of the ledger; the accounts of members are this member's, unless said otherwise."""
    mine = {Account.CAPITAL, Account.SETTLEMENT, Account.RECEIVABLE, Account.PAYABLE}
    said: dict[str, Any] = {
        "member_debit": life.membership if debit in mine else None,
        "member_credit": life.membership if credit in mine else None,
    }
    one = life.membership.cooperative
    return Booking(cooperative=one, kind=kind, debit=debit, credit=credit, cents=cents, booked_on=day, **said | more)


def _transfer(giver: Life, taker: Life) -> None:
    """One share, with the capital in it, where both are members and everything is paid."""
    whole = all(life.capital == life.held * SHARE and not life.membership.ends_on for life in (giver, taker))
    if giver.held < 2 or not whole:
        return
    day = min(localdate(), max(giver.latest, taker.latest) + timedelta(days=1))
    _entry(giver, ShareKind.TRANSFER_OUT, -1, day, taker.membership)
    _entry(taker, ShareKind.TRANSFER_IN, 1, day, giver.membership)
    booking = _booking(giver, BookingKind.TRANSFER, Account.CAPITAL, Account.CAPITAL, SHARE, day, member_credit=taker.membership)
    giver.bookings.append(booking)
    giver.capital, taker.capital = giver.capital - SHARE, taker.capital + SHARE


def _leave(life: Life) -> None:
    """Shares are gone the day after; what was paid in is owed, and paid out half a year later."""
    last = life.membership.ends_on
    if last is None:
        return
    gone, due, cents = last + timedelta(days=1), date(last.year + 1, 6, 30), life.capital
    _entry(life, ShareKind.CANCEL, -life.held, gone)
    payable = Payable(membership=life.membership, kind=PayableKind.SETTLEMENT, cents=cents, due_on=due)
    life.payables.append(payable)
    life.bookings.append(_booking(life, BookingKind.SETTLEMENT, Account.CAPITAL, Account.SETTLEMENT, cents, gone, payable=payable))
    if due < localdate() and last.year < localdate().year - 1:
        life.bookings.append(_booking(life, BookingKind.PAYOUT, Account.SETTLEMENT, Account.BANK, cents, due, payable=payable))


def _charge(life: Life, charge: Charge, dice: random.Random) -> None:
    """This year's fee of everybody who was there on its first day."""
    first = date(localdate().year, 1, 1)
    if life.membership.ends_on or life.membership.joined_on > first:
        return
    request = Request(membership=life.membership, kind=RequestKind.FEE, cents=FEE, due_on=first, charge=charge)
    request.code = f"F{life.membership.pk}"
    life.bookings.append(_booking(life, BookingKind.FEE, Account.RECEIVABLE, Account.FEES, FEE, first, request=request))
    life.requests.append((request, FEE if dice.random() < 0.97 else 0))


def _names(one: Membership, dice: random.Random) -> Iterator[Particulars]:
    """Name and address, for some in two versions."""
    said = {"family_name": f"Muster{dice.randrange(NAMES):04d}", "given_name": f"M{one.number}", "email": f"m{one.number}@bench.example"}
    is_legal = dice.random() < 0.05
    if is_legal:
        said = {"party": Party.LEGAL, "firm": f"Betrieb {one.number} GmbH"}
    moved = one.joined_on + timedelta(days=dice.randrange(30, 2_000)) if dice.random() < 0.15 else None
    moved = moved if moved and moved < (one.ends_on or localdate()) else None
    if moved:
        yield _version(one, said, dice, one.joined_on, moved - timedelta(days=1))
    yield _version(one, said, dice, moved or one.joined_on, None)


def _version(one: Membership, said: dict[str, Any], dice: random.Random, since: date, until: date | None) -> Particulars:
    postcode, town = dice.choice(TOWNS)
    made = Particulars(
        membership=one, postcode=postcode, town=town, street=f"Weg {dice.randrange(200)}", valid_from=since, valid_until=until, **said
    )
    made.folded = fold(" ".join((made.family_name, made.given_name, made.firm, made.town, made.email)))
    return made


def _groups(one: Membership, groups: list[Group], dice: random.Random) -> Iterator[GroupTime]:
    """Most belong to a group, some have changed it."""
    if dice.random() < 0.05:
        return
    changed = one.joined_on + timedelta(days=dice.randrange(30, 1_500)) if dice.random() < 0.1 else None
    since = one.joined_on
    if changed and changed < (one.ends_on or localdate()):
        yield GroupTime(membership=one, group=dice.choice(groups[2:]), since=since, until=changed - timedelta(days=1))
        since = changed
    yield GroupTime(membership=one, group=dice.choice(groups), since=since, until=one.ends_on)


def _contributions(house: House, one: Membership, dice: random.Random) -> Iterator[Contribution]:
    """A few lines of the last two years that count."""
    today = localdate()
    for _line in range(dice.choice((0, 1, 2, 3))):
        day = today - timedelta(days=dice.randrange(700))
        if one.joined_on <= day <= (one.ends_on or today):
            kind, amount = (
                (house.hours, dice.randrange(500, 8_000)) if dice.random() < 0.6 else (house.turnover, dice.randrange(5_00, 300_00))
            )
            yield Contribution(
                cooperative=house.cooperative, membership=one, type=kind, amount=amount, done_on=day, source=Source.OFFICE,
                counts_at_once=True,
            )  # fmt: skip
