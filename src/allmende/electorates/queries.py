"""Questions about rolls of voters: what they would be, what was frozen, and why somebody votes or does not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative, OfficeKind
from allmende.electorates import access, rolls, rules, wording
from allmende.electorates.models import Electorate, ElectorateState, Excluded, Voter
from allmende.electorates.rolls import Preview
from allmende.electorates.rules import Line, Reason
from allmende.members.models import Group, GroupTime, Membership
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person


def electorate_at(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> Electorate:
    """A roll of this cooperative as this viewer may see it; Http404 otherwise."""
    found = access.electorates_visible_to(viewer).filter(cooperative=cooperative, uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def preview(cooperative: Cooperative, basis: Mapping[str, Any], day: date) -> Preview:
    """The roll as it would be frozen now: voters and everybody left out, each with the reason."""
    return rolls.made(cooperative, basis, day)


def voters_for(viewer: Viewer) -> QuerySet[Voter]:
    """The voices this account casts, of frozen rolls: the own one, and those of organisations somebody represents."""
    if not is_person(viewer) or not viewer.is_active:
        return Voter.objects.none()
    return Voter.objects.filter(person=viewer, electorate__state=ElectorateState.FROZEN).select_related("electorate__cooperative")


def is_unchanged(electorate: Electorate) -> bool:
    """Whether the frozen list still gives the hash that was written down."""
    lines = electorate.voters.values_list("key", "category", "is_investing", "votes", "reason")
    made = rules.hash_of(electorate.day, electorate.basis, (Line(*line) for line in lines))
    return made == electorate.voters_hash


# ------------------------------------------------------------------------------------------------------------ figures


@dataclass(frozen=True)
class Share:
    """A line of figures: how many voices, and how many votes they have."""

    label: str
    voters: int
    votes: int = 0
    is_small: bool = False


@dataclass(frozen=True)
class Figures:
    """A roll in numbers: what every member may see of it."""

    voters: int
    votes: int
    groups: list[Share]
    excluded: list[Share]
    missing: list[Share]

    @property
    def without_ballot(self) -> int:
        """Voters no electronic ballot reaches."""
        return sum(one.voters for one in self.missing)


def figures_of(cooperative: Cooperative, found: Preview) -> Figures:
    """The numbers of a roll that is not frozen yet."""
    voices, votes = Counter[str](), Counter[str]()
    for row in found.voters:
        voices[row.line.category] += 1
        votes[row.line.category] += row.line.votes
    left_out = Counter(row.line.reason for row in found.excluded)
    missing = Counter(row.casting for row in found.without_account)
    return _figures(found.basis, voices, votes, left_out, missing)


def figures(electorate: Electorate) -> Figures:
    """The numbers of a roll: of the frozen list, or of what it would be now."""
    if electorate.state == ElectorateState.DRAFT:
        return figures_of(electorate.cooperative, rolls.made(electorate.cooperative, electorate.basis, electorate.day))
    grouped = electorate.voters.order_by().values_list("category").annotate(n=Count("pk"), votes=Sum("votes"))
    left_out = electorate.excluded.order_by().values_list("reason").annotate(n=Count("pk"))
    missing = electorate.voters.order_by().filter(person=None).values_list("facts__casting").annotate(n=Count("pk"))
    rows = list(grouped)
    return _figures(
        electorate.basis,
        Counter({category: n for category, n, _votes in rows}),
        Counter({category: votes for category, _n, votes in rows}),
        Counter(dict(left_out)),
        Counter({str(casting): n for casting, n in missing if casting not in rules.BY_ACCOUNT}),
    )


def _figures(basis: Mapping[str, Any], voices: Counter[str], votes: Counter[str], left_out: Counter[str], missing: Counter[str]) -> Figures:
    small = rules.small_groups(voices)
    names = dict(OfficeKind.choices) if basis["kind"] == "offices" else {}
    groups = [Share(str(names.get(one, one)) or _("without a group"), n, votes[one], one in small) for one, n in sorted(voices.items())]
    return Figures(
        voices.total(),
        votes.total(),
        groups,
        [Share(wording.reason_label(reason), n) for reason, n in sorted(left_out.items())],
        [Share(wording.casting_label(casting), n) for casting, n in sorted(missing.items())],
    )


def in_words(electorate: Electorate) -> list[str]:
    """Who votes and with how many votes, as sentences."""
    basis, cooperative = electorate.basis, electorate.cooperative
    groups = dict(Group.objects.filter(cooperative=cooperative).values_list("key", "name")) if basis["kind"] == "groups" else {}
    circles = dict(rolls.circles_of(cooperative)) if basis["kind"] == "circle" else {}
    law = rolls.law_on(cooperative, electorate.day)
    said = [wording.basis_in_words(basis, groups, circles), wording.votes_in_words(basis, law), wording.investing_in_words(basis, law)]
    return [one for one in said if one]


# ------------------------------------------------------------------------------------------------- every single person


@dataclass(frozen=True)
class Answer:
    """Why somebody votes or does not, in sentences."""

    name: str
    votes: int
    reason: str
    sentence: str
    casting: str = ""

    @property
    def may_vote(self) -> bool:
        """Whether there is a voice at all."""
        return self.votes > 0


def explain(electorate: Electorate, who: Membership | Person) -> list[Answer]:
    """For a membership, or for all voices of a person: why there is a vote or none. Never empty."""
    if isinstance(who, Membership):
        return [_about_membership(electorate, who)]
    mine = list(electorate.voters.filter(person=who)) if electorate.state == ElectorateState.FROZEN else []
    answers = [_answer(one, one.votes) for one in mine]
    told = [one.membership_id for one in mine if one.membership_id]
    own = Membership.objects.filter(cooperative=electorate.cooperative_id, pk__in=_memberships_of(who, electorate)).exclude(pk__in=told)
    answers += [_about_membership(electorate, one) for one in own.select_related("person")]
    if not answers and electorate.state == ElectorateState.DRAFT and electorate.basis["kind"] in rules.OF_PERSONS:
        seated = rolls.made(electorate.cooperative, electorate.basis, electorate.day).voters
        answers = [_from_row(row) for row in seated if row.person == who.pk]
    return answers or [Answer(str(who), 0, Reason.NO_MEMBER, wording.reason_in_words(Reason.NO_MEMBER, {}))]


def _memberships_of(person: Person, electorate: Electorate) -> list[int]:
    own = Membership.objects.filter(person=person, cooperative=electorate.cooperative_id).values_list("pk", flat=True)
    acting = access.acts_for(person).filter(cooperative=electorate.cooperative_id).values_list("pk", flat=True)
    return sorted({*own, *acting})


def _about_membership(electorate: Electorate, membership: Membership) -> Answer:
    if electorate.state == ElectorateState.DRAFT:
        made = rolls.made(electorate.cooperative, electorate.basis, electorate.day)
        found = next((row for row in [*made.voters, *made.excluded] if row.membership == membership.pk), None)
        return _from_row(found) if found else _by_dates(electorate, membership)
    voter = electorate.voters.filter(membership=membership).first()
    if voter:
        return _answer(voter, voter.votes)
    left_out = electorate.excluded.filter(membership=membership).first()
    return _answer(left_out, 0) if left_out else _by_dates(electorate, membership)


def _by_dates(electorate: Electorate, membership: Membership) -> Answer:
    """Who is not in the list at all: left long before, or came after it was frozen."""
    ended = membership.ends_on is not None and membership.ends_on < electorate.day
    reason = Reason.ENDED if ended else Reason.JOINED_LATER if membership.joined_on > electorate.day else Reason.NO_MEMBER
    until = membership.ends_on.isoformat() if membership.ends_on else None
    return _said("", 0, reason, {"from": membership.joined_on.isoformat(), "until": until}, "")


def _answer(one: Voter | Excluded, votes: int) -> Answer:
    casting = one.facts.get("casting", "")
    if isinstance(one, Voter) and one.person_id and casting not in rules.BY_ACCOUNT:
        casting = rules.Casting.REPRESENTATIVE if casting in rules.BY_OTHERS else rules.Casting.ACCOUNT  # it came after freezing
    return _said(one.name, votes, one.reason, one.facts, one.category, casting)


def _from_row(row: rolls.Row) -> Answer:
    return _said(row.name, row.line.votes, row.line.reason, row.line.facts, row.line.category, row.casting)


def _said(name: str, votes: int, reason: str, facts: Mapping[str, Any], group: str, casting: str = "") -> Answer:
    days = {key: date_format(date.fromisoformat(facts[key]), "DATE_FORMAT") if facts.get(key) else "" for key in ("from", "until")}
    sentence = wording.reason_in_words(reason, {**days, "group": group or _("without a group")})
    return Answer(name, votes, reason, sentence, wording.casting_in_words(casting) if votes else "")


def named(electorate: Electorate, which: str, search: str) -> "Lines":
    """The list with names, for offices. `which`: voters, missing (no electronic ballot), excluded."""
    words = search.lower().split()[:6]
    if electorate.state == ElectorateState.FROZEN:
        found: QuerySet[Voter] | QuerySet[Excluded] = electorate.excluded.all() if which == "excluded" else electorate.voters.all()
        found = electorate.voters.filter(person=None) if which == "missing" else found
        for word in words:
            found = found.filter(name__icontains=word)
        return Lines(found.order_by("name", "pk"))
    made = rolls.made(electorate.cooperative, electorate.basis, electorate.day)
    rows = {"excluded": made.excluded, "missing": made.without_account}.get(which, made.voters)
    return Lines(sorted((row for row in rows if all(word in row.name.lower() for word in words)), key=lambda row: row.name))


class Lines:
    """A list that is put into sentences only for the page that is shown."""

    def __init__(self, rows: "QuerySet[Voter] | QuerySet[Excluded] | list[rolls.Row]") -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    def __getitem__(self, part: slice) -> list[Answer]:
        return [_from_row(one) if isinstance(one, rolls.Row) else _stored(one) for one in self.rows[part]]


def _stored(one: Voter | Excluded) -> Answer:
    return _answer(one, one.votes if isinstance(one, Voter) else 0)


def group_choices(cooperative: Cooperative, day: date) -> list[tuple[str, str]]:
    """The stakeholder groups that have members on this day, to choose from."""
    there = GroupTime.objects.filter(group__cooperative=cooperative, since__lte=day).exclude(until__lt=day).values("group")
    return list(Group.objects.filter(pk__in=there).values_list("key", "name"))
