"""The roll as register and statute make it on a day: who votes, who does not and why. A handful of questions, however many members.

Rooms above that know circles say so here:

    electorates.rolls.circles_come_from(choices=..., members=...)
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from allmende.constitution.access import offices_on
from allmende.constitution.models import Cooperative, InvestingVote
from allmende.constitution.queries import is_by_geng, statute_on
from allmende.electorates import rules
from allmende.electorates.rules import BY_ACCOUNT, Candidate, Casting, Law, Line, Reason
from allmende.ground.refusals import Refused
from allmende.members.access import active_on
from allmende.members.models import EndReason, GroupTime, Membership, Particulars, Party
from allmende.networks.models import VOTING, Representative, SizeDeclaration

LOOKS_BACK = timedelta(days=366)
"""Who left within a year before the day is named among those who do not vote; whoever left earlier is found when asked for."""


@dataclass(frozen=True)
class Seat:
    """Somebody of a circle or in an office: who casts, and the membership that goes with it where there is one."""

    key: str
    person: int | None
    name: str
    category: str = ""


@dataclass
class _Circles:
    choices: Callable[[Cooperative], list[tuple[str, str]]] = lambda _cooperative: []
    members: Callable[[Cooperative, str], list[Seat]] = lambda _cooperative, _uuid: []


_circles = _Circles()


def circles_come_from(
    *, choices: Callable[[Cooperative], list[tuple[str, str]]], members: Callable[[Cooperative, str], list[Seat]]
) -> None:
    """Register who knows circles: those of a cooperative as (uuid, name), and who is in one of them."""
    _circles.choices, _circles.members = choices, members


def circles_of(cooperative: Cooperative) -> list[tuple[str, str]]:
    """The circles of this cooperative that can decide something, as (uuid, name)."""
    return _circles.choices(cooperative)


@dataclass(frozen=True)
class Row:
    """One line of the roll before it is frozen: with an own voice, or without one."""

    line: Line
    name: str
    membership: int | None = None
    person: int | None = None

    @property
    def votes_here(self) -> bool:
        """Whether this is a voter."""
        return self.line.votes > 0

    @property
    def casting(self) -> str:
        """How an electronic ballot reaches them, or why none does."""
        return str(self.line.facts.get("casting", ""))


@dataclass(frozen=True)
class Preview:
    """The roll as it would be frozen now."""

    day: date
    basis: Mapping[str, Any]
    law: Law
    voters: list[Row] = field(default_factory=list)
    excluded: list[Row] = field(default_factory=list)

    @property
    def votes(self) -> int:
        """All votes together."""
        return sum(row.line.votes for row in self.voters)

    @property
    def without_account(self) -> list[Row]:
        """Voters no electronic ballot reaches."""
        return [row for row in self.voters if row.casting not in BY_ACCOUNT]

    @property
    def voters_hash(self) -> str:
        """What would be written at freezing."""
        return rules.hash_of(self.day, self.basis, [row.line for row in self.voters])


def law_on(cooperative: Cooperative, day: date) -> Law:
    """What statute and law say of votes on this day. Without a statute: one member, one vote, investing members none."""
    statute = statute_on(cooperative, day)
    return Law(
        is_by_geng=is_by_geng(cooperative),
        most_votes=statute.most_votes if statute else 1,
        investing_vote=bool(statute and statute.has_investing and statute.investing_vote == InvestingVote.LIMITED),
        is_mostly_entrepreneurs=bool(statute and statute.is_mostly_entrepreneurs),
        is_mostly_cooperatives=_is_mostly_cooperatives(cooperative, day),
    )


def _is_mostly_cooperatives(cooperative: Cooperative, day: date) -> bool:
    """§ 43 III Nr. 3 GenG: more than half of the members are registered cooperatives themselves, by their entries."""
    there = Membership.objects.filter(active_on(day), cooperative=cooperative)
    return there.filter(organisation__legal_form__key="eg").count() * 2 > there.count() > 0


def made(cooperative: Cooperative, basis: Mapping[str, Any], day: date) -> Preview:
    """The roll of this basis and day. Refused with a sentence where the basis cannot be used."""
    if rules.problems(basis):
        raise Refused(_("This rule for who votes is not complete. Choose again who votes."))
    law = law_on(cooperative, day)
    excluded, voting = _register(cooperative, basis, day, law)
    voters = _seated(cooperative, basis, day) if basis["kind"] in rules.OF_PERSONS else voting
    return Preview(day, dict(basis), law, voters, excluded)


# ------------------------------------------------------------------------------------------------------- memberships


@dataclass
class _Facts:
    """What the register and the networks know, by membership."""

    names: dict[int, tuple[str, bool]]
    groups: dict[int, tuple[str, str]]
    representatives: dict[int, int]
    sizes: dict[int, int]


def _register(cooperative: Cooperative, basis: Mapping[str, Any], day: date, law: Law) -> tuple[list[Row], list[Row]]:
    facts = _facts(cooperative, basis, day)
    lasting = Q(ends_on=None) | Q(ends_on__gte=day - LOOKS_BACK)
    found = Membership.objects.filter(lasting, cooperative=cooperative, erased_at=None).select_related("person").order_by("number")
    excluded: list[Row] = []
    meant: list[tuple[Membership, Candidate]] = []
    for one in found:
        candidate = _candidate(one, facts)
        reason = rules.why_not(candidate, basis, day, law)
        if reason:
            excluded.append(_row(one, facts, reason, 0, {}))
        else:
            meant.append((one, candidate))
    votes = rules.votes_of([candidate for _one, candidate in meant], basis, law)
    return excluded, _voters(meant, votes, facts, law, barred_persons(cooperative, basis))


def barred_persons(cooperative: Cooperative, basis: Mapping[str, Any]) -> set[int]:
    """The accounts of those who decide about themselves: they cast for nobody else either (§ 43 VI GenG)."""
    barred = basis.get("barred") or []
    found = (
        Membership.objects.filter(cooperative=cooperative, number__in=barred, person__isnull=False) if barred else Membership.objects.none()
    )
    return set(found.values_list("person", flat=True))


def _voters(meant: list[tuple[Membership, Candidate]], votes: list[int], facts: _Facts, law: Law, barred: Collection[int]) -> list[Row]:
    represented: Counter[int] = Counter()
    found = []
    for (one, candidate), number in zip(meant, votes, strict=True):
        how, person = rules.casting(candidate), one.person_id if candidate.has_account else None
        if how == Casting.REPRESENTATIVE:
            person = facts.representatives[one.pk]
            if rules.is_represented_too_often(represented[person], law):
                how = Casting.TOO_MANY
            represented[person] += 1
        if how in BY_ACCOUNT and person in barred:
            how = Casting.OWN_INTEREST
        reason = Reason.INVESTING if candidate.kind == "investing" else Reason.MEMBER
        found.append(_row(one, facts, reason, number, {"casting": how}, person if how in BY_ACCOUNT else None))
    return found


def _row(one: Membership, facts: _Facts, reason: str, votes: int, more: dict[str, Any], person: int | None = None) -> Row:
    name = facts.names.get(one.pk, ("", False))[0]
    said = {"from": one.joined_on.isoformat(), "until": one.ends_on.isoformat() if one.ends_on else None} | more
    category = facts.groups.get(one.pk, ("", ""))[1]
    return Row(Line(f"m:{one.uuid}", category, one.kind == "investing", votes, reason, said), name, one.pk, person)


def _candidate(one: Membership, facts: _Facts) -> Candidate:
    return Candidate(
        number=one.number,
        joined_on=one.joined_on,
        ends_on=one.ends_on,
        kind=one.kind,
        group=facts.groups.get(one.pk, ("", ""))[0],
        is_legal=facts.names.get(one.pk, ("", False))[1],
        has_account=bool(one.person and one.person.is_active),
        has_representative=one.pk in facts.representatives,
        died=one.end_reason == EndReason.DEATH,
        size=facts.sizes.get(one.pk),
    )


def _facts(cooperative: Cooperative, basis: Mapping[str, Any], day: date) -> _Facts:
    return _Facts(
        names=_names(cooperative, day),
        groups=_groups(cooperative, day),
        representatives=_representatives(cooperative, day),
        sizes=_sizes(cooperative, basis, day) if "sizes" in rules.needs(basis) else {},
    )


def _names(cooperative: Cooperative, day: date) -> dict[int, tuple[str, bool]]:
    """Name and whether it is an organisation, of the version of the day; of the first there is for who joins later."""
    versions = Particulars.objects.filter(membership__cooperative=cooperative, is_replaced=False).order_by("-valid_from")
    found: dict[int, tuple[str, bool]] = {}
    settled: set[int] = set()
    for one in versions.only("membership", "party", "firm", "given_name", "family_name", "valid_from"):
        if one.membership_id not in settled:
            found[one.membership_id] = (one.spoken, one.party == Party.LEGAL)
        if one.valid_from <= day:
            settled.add(one.membership_id)
    return found


def _groups(cooperative: Cooperative, day: date) -> dict[int, tuple[str, str]]:
    then = Q(until=None) | Q(until__gte=day)
    times = GroupTime.objects.filter(then, since__lte=day, membership__cooperative=cooperative)
    return {one: (key, name) for one, key, name in times.values_list("membership", "group__key", "group__name")}


def _representatives(cooperative: Cooperative, day: date) -> dict[int, int]:
    """Who votes for an organisation that day by account: confirmed by both sides; of several the one named last."""
    then = Q(until=None) | Q(until__gte=day)
    named = Representative.objects.filter(
        then, since__lte=day, membership__cooperative=cooperative, acting__in=VOTING, person__is_active=True, confirmed_at__isnull=False
    )
    return dict(named.order_by("since", "pk").values_list("membership", "person"))


def _sizes(cooperative: Cooperative, basis: Mapping[str, Any], day: date) -> dict[int, int]:
    measure = basis["votes"].get("measure", "members")
    said = SizeDeclaration.objects.filter(membership__cooperative=cooperative, measure=measure, declared_on__lte=day)
    return dict(said.order_by("declared_on", "pk").values_list("membership", "figure"))


# ----------------------------------------------------------------------------------------------------- offices, circles


def _seated(cooperative: Cooperative, basis: Mapping[str, Any], day: date) -> list[Row]:
    """One voice for each person: two offices give no second one."""
    if basis["kind"] == "offices":
        reason, seats = Reason.OFFICE, _offices(cooperative, basis["offices"], day)
    else:
        reason, seats = Reason.CIRCLE, _circles.members(cooperative, basis["circle"])
    barred = barred_persons(cooperative, basis)
    there = Membership.objects.filter(active_on(day), cooperative=cooperative, person__isnull=False).order_by("-number")
    own: dict[int, int] = dict(there.filter(person__in=[seat.person for seat in seats if seat.person]).values_list("person", "pk"))
    held = set(offices_on(day).filter(cooperative=cooperative, person__isnull=False).values_list("person", flat=True))
    found, seen = [], set()
    for seat in seats:
        if reason == Reason.CIRCLE and seat.person not in own and seat.person not in held:
            continue  # circles have guests from other organisations
        if seat.person is not None and (seat.person in seen or seat.person in barred):
            continue
        seen.add(seat.person)
        facts = {"casting": Casting.ACCOUNT if seat.person else Casting.NO_ACCOUNT}
        found.append(Row(Line(seat.key, seat.category, False, 1, reason, facts), seat.name, own.get(seat.person or 0), seat.person))
    return found


def _offices(cooperative: Cooperative, kinds: list[str], day: date) -> list[Seat]:
    held = offices_on(day).filter(cooperative=cooperative, kind__in=kinds).select_related("person").order_by("pk")
    return [Seat(f"o:{one.pk}", one.person_id if one.person and one.person.is_active else None, one.holder, one.kind) for one in held]
