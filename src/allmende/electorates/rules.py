"""Who votes, with how many votes, and why somebody does not: by statute and law (§§ 8 II, 43 GenG). Plain values, no tables.

A basis is what stands in `Electorate.basis`:

    {"kind": "everybody"}                                            all members
    {"kind": "groups", "groups": ["employees", "partners"]}          stakeholder groups
    {"kind": "representatives"}                                      members that are organisations
    {"kind": "list", "members": [3, 8]}                              these member numbers
    {"kind": "offices", "offices": ["board"]}                        who holds these offices
    {"kind": "circle", "circle": "<uuid>"}                           a working group

and to every kind may be added

    "threshold": "3/4"       the majority the matter needs: from three quarters on everybody has one vote (§ 43 III Nr. 1 GenG)
    "without_investing": true                  investing members do not vote here although the statute gives them a vote (§ 8 II GenG)
    "barred": [5]            members who decide about themselves: discharge, release, a claim against them (§ 43 VI GenG)
    "votes": {"by": "groups", "groups": {"partners": 2}, "place": "§ 30"}      more votes, as the statute says in this place
    "votes": {"by": "members", "members": {"12": 3}, "place": "§ 30"}
    "votes": {"by": "size", "measure": "members", "steps": [[100, 1], [null, 3]], "place": "§ 30"}
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID

KINDS = ("everybody", "groups", "representatives", "list", "offices", "circle")
OF_PERSONS = ("offices", "circle")
"""Kinds in which a person has a voice, not a membership."""
SCALES = ("groups", "members", "size")
MOST_VOTES = 3  # § 43 III Nr. 1 GenG
ONE_VOTE_FROM = Fraction(3, 4)  # § 43 III Nr. 1 GenG
MOST_REPRESENTED = 2  # § 43 V GenG
SMALL_GROUP = 5
"""A group of fewer is not shown on its own when voting is secret."""
MOST_LISTED = 10_000
MOST_PLACE = 120
SANE_VOTES = 1_000


class Reason:
    """Why somebody has a voice or none."""

    MEMBER = "member"
    INVESTING = "investing"  # has a vote, counted apart
    OFFICE = "office"
    CIRCLE = "circle"
    JOINED_LATER = "joined_later"
    ENDED = "ended"
    SUPPORTING = "supporting"
    INVESTING_NONE = "investing_none"  # by the statute
    INVESTING_LEFT_OUT = "investing_left_out"  # by this roll
    OWN_INTEREST = "own_interest"
    OTHER_GROUP = "other_group"
    NOT_LISTED = "not_listed"
    NO_ORGANISATION = "no_organisation"
    NOT_MEANT = "not_meant"  # offices or a circle decide
    NO_MEMBER = "no_member"


class Casting:
    """Who casts a voice by account, or why nobody does."""

    ACCOUNT = "account"
    REPRESENTATIVE = "representative"
    NO_ACCOUNT = "no_account"
    NO_REPRESENTATIVE = "no_representative"
    TOO_MANY = "too_many"
    OWN_INTEREST = "own_interest"  # whoever would cast decides about own matters
    HEIRS = "heirs"


BY_ACCOUNT = (Casting.ACCOUNT, Casting.REPRESENTATIVE)
BY_OTHERS = (Casting.REPRESENTATIVE, Casting.NO_REPRESENTATIVE, Casting.TOO_MANY, Casting.OWN_INTEREST)
"""Somebody casts, or may be named to cast, for a member."""


@dataclass(frozen=True)
class Law:
    """What binds this roll on its day."""

    is_by_geng: bool = True
    most_votes: int = 1  # of the statute
    investing_vote: bool = False
    is_mostly_entrepreneurs: bool = False  # § 43 III Nr. 2 GenG
    is_mostly_cooperatives: bool = False  # § 43 III Nr. 3 GenG


@dataclass(frozen=True)
class Candidate:
    """A membership as the register has it on the day."""

    number: int
    joined_on: date
    ends_on: date | None = None
    kind: str = "ordinary"  # members.models.Kind
    group: str = ""
    is_legal: bool = False
    has_account: bool = False
    has_representative: bool = False
    died: bool = False
    size: int | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with a basis: a code, and the value it concerns."""

    code: str
    value: str = ""


def problems(basis: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the shape of a basis; nothing when it can be used."""
    kind = basis.get("kind")
    if kind not in KINDS:
        return [Problem("kind", str(kind)[:40])]
    found = list(_problems_of_kind(str(kind), basis))
    if not isinstance(basis.get("without_investing", False), bool):
        found.append(Problem("without_investing"))
    if not _are_numbers(basis.get("barred", [])):
        found.append(Problem("barred"))
    if threshold_of(basis) is None:
        found.append(Problem("threshold"))
    return found + list(_problems_of_votes(basis.get("votes")))


def _problems_of_kind(kind: str, basis: Mapping[str, Any]) -> Iterable[Problem]:
    if kind == "list" and not (_are_numbers(basis.get("members")) and basis["members"]):
        yield Problem("members")
    if kind in {"groups", "offices"} and not _are_words(basis.get(kind)):
        yield Problem(kind)
    if kind == "circle" and not _is_uuid(basis.get("circle")):
        yield Problem("circle")


def _problems_of_votes(votes: Any) -> Iterable[Problem]:
    if not votes:
        return
    if not isinstance(votes, Mapping) or votes.get("by") not in SCALES:
        yield Problem("votes")
    elif not isinstance(votes.get("place"), str) or not 0 < len(votes["place"].strip()) <= MOST_PLACE:
        yield Problem("place")
    elif votes["by"] == "size" and not _are_steps(votes.get("steps")):
        yield Problem("steps")
    elif votes["by"] != "size" and not _is_table(votes.get(votes["by"])):
        yield Problem("votes")


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _is_count(value: Any, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**31


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_LISTED and all(_is_count(one) for one in value)


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= 100 and all(isinstance(one, str) and one for one in value)


def _is_votes(value: Any) -> bool:
    return _is_count(value) and value <= SANE_VOTES


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and 0 < len(value) <= MOST_LISTED and all(_is_votes(one) for one in value.values())


def _are_steps(value: Any) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= 50 or not all(isinstance(one, list) and len(one) == 2 for one in value):
        return False
    ends = [one[0] for one in value]
    fine = ends[-1] is None and all(_is_count(end, 0) for end in ends[:-1]) and ends[:-1] == sorted(set(ends[:-1]))
    return fine and all(_is_votes(one[1]) for one in value)


def threshold_of(basis: Mapping[str, Any]) -> Fraction | None:
    """The majority the matter needs; zero where none is named, None where it is no fraction."""
    said = basis.get("threshold") or "0"
    try:
        found = Fraction(str(said))
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= 1 else None


def why_not(one: Candidate, basis: Mapping[str, Any], day: date, law: Law) -> str:
    """Why this member does not vote, the first reason that holds; empty for who votes. Both the first and the last day count."""
    if one.joined_on > day:
        return Reason.JOINED_LATER
    if one.ends_on is not None and one.ends_on < day:
        return Reason.ENDED
    if one.kind == "supporting":
        return Reason.SUPPORTING
    if one.kind == "investing" and not law.investing_vote:
        return Reason.INVESTING_NONE
    if one.kind == "investing" and basis.get("without_investing"):
        return Reason.INVESTING_LEFT_OUT
    return _why_not_meant(one, basis)


def _why_not_meant(one: Candidate, basis: Mapping[str, Any]) -> str:
    kind = basis["kind"]
    if kind in OF_PERSONS:
        return Reason.OWN_INTEREST if one.number in basis.get("barred", ()) else Reason.NOT_MEANT
    if kind == "groups" and one.group not in basis["groups"]:
        return Reason.OTHER_GROUP
    if kind == "list" and one.number not in basis["members"]:
        return Reason.NOT_LISTED
    if kind == "representatives" and not one.is_legal:
        return Reason.NO_ORGANISATION
    return Reason.OWN_INTEREST if one.number in basis.get("barred", ()) else ""


def casting(one: Candidate) -> str:
    """How an electronic ballot reaches this member. Organisations vote by who is named for them, heirs by whom they name (§§ 43 V, 77)."""
    if one.died:
        return Casting.HEIRS
    if one.is_legal and one.has_representative:
        return Casting.REPRESENTATIVE
    if one.has_account:
        return Casting.ACCOUNT
    return Casting.NO_REPRESENTATIVE if one.is_legal else Casting.NO_ACCOUNT


def is_represented_too_often(before: int, law: Law) -> bool:
    """Whether somebody who represents so many members already may take no further one (§ 43 V GenG)."""
    return law.is_by_geng and before >= MOST_REPRESENTED


def wanted_votes(one: Candidate, basis: Mapping[str, Any]) -> int:
    """The votes the statute's scale gives; one where it says nothing of this member."""
    scale = basis.get("votes") or {}
    by = scale.get("by")
    if by == "groups":
        return int(scale["groups"].get(one.group, 1))
    if by == "members":
        return int(scale["members"].get(str(one.number), 1))
    if by == "size" and one.size is not None:
        return int(next(votes for upto, votes in scale["steps"] if upto is None or one.size <= upto))
    return 1


def has_one_vote_each(basis: Mapping[str, Any], law: Law) -> bool:
    """§ 43 III Nr. 1 GenG: nobody has more than one vote where the law asks for three quarters or more."""
    free = law.is_mostly_entrepreneurs or law.is_mostly_cooperatives
    return law.is_by_geng and not free and (threshold_of(basis) or 0) >= ONE_VOTE_FROM


def most_votes(law: Law) -> int:
    """The most votes of one member, whatever the others have."""
    if not law.is_by_geng or law.is_mostly_cooperatives:
        return SANE_VOTES  # by the statute's own scale: its place stands in the basis
    return max(1, law.most_votes if law.is_mostly_entrepreneurs else min(law.most_votes, MOST_VOTES))


def votes_of(voters: Sequence[Candidate], basis: Mapping[str, Any], law: Law) -> list[int]:
    """The votes of each by statute and law. Investing members have one. Everybody keeps at least one.

    In a cooperative of businesses the law limits what somebody can cast, not what somebody has: at most a tenth of the votes present
    (§ 43 III Nr. 2 GenG). Who is present shows when papers are counted; so it is the count that holds to it (`has_tenth`).
    """
    if has_one_vote_each(basis, law):
        return [1] * len(voters)
    most = most_votes(law)
    return [1 if one.kind == "investing" else min(wanted_votes(one, basis), most) for one in voters]


def has_tenth(law: Law) -> bool:
    """Whether nobody may cast more than a tenth of the votes present (§ 43 III Nr. 2 sentence 2 GenG)."""
    return law.is_by_geng and law.is_mostly_entrepreneurs and not law.is_mostly_cooperatives


def small_groups(counts: Mapping[str, int], least: int = SMALL_GROUP) -> list[str]:
    """Groups with so few voters that a result of their own would tell who voted how."""
    return sorted(group for group, count in counts.items() if 0 < count < least)


@dataclass(frozen=True)
class Line:
    """What is fixed of one voter."""

    key: str
    category: str
    is_investing: bool
    votes: int
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def canonical(day: date, basis: Mapping[str, Any], lines: Iterable[Line]) -> bytes:
    """The list as bytes that come out the same for everybody: JSON without spaces, keys sorted, lines by their key. No names in it."""
    voters = sorted([one.key, one.category, int(one.is_investing), one.votes, one.reason] for one in lines)
    said = {"basis": basis, "day": day.isoformat(), "voters": voters}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(day: date, basis: Mapping[str, Any], lines: Iterable[Line]) -> str:
    """SHA-256 over the canonical list, in hexadecimal."""
    return sha256(canonical(day, basis, lines)).hexdigest()


def needs(basis: Mapping[str, Any]) -> Collection[str]:
    """What must be looked up for this basis besides the register: `sizes`, `circle`, `offices`."""
    scale = basis.get("votes") or {}
    found = {basis["kind"]} & set(OF_PERSONS)
    return found | ({"sizes"} if scale.get("by") == "size" else set())
