"""The boxes into which papers fall: open with names, detached without. A further kind (encrypted papers) registers itself here.

    keep(Kind("detached", cast=..., took_part=..., slips=..., seal=...))

All functions are called inside the transaction that holds the ballot. Nothing here writes a log line or a line of the trail: for the
detached box such a line would say who voted when (docs/adr/0025).
"""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from allmende.ballots import rules
from allmende.ballots.models import Ballot, Box, Paper, Participation, Vote
from allmende.electorates.models import Voter
from allmende.ground.refusals import BadInput, Refused, require

Choice = dict[str, Any]
MIXED = 16
"""So many other papers and participations of a large ballot are written anew with each paper (PostgreSQL)."""


@dataclass(frozen=True)
class Slip:
    """One paper as it is counted and published: what was chosen, with how many votes, by whose group; `name` or `mark` by the box."""

    choice: Choice
    votes: int = 1
    category: str = ""
    is_investing: bool = False
    name: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Kind:
    """How one kind of box works.

    `cast(ballot, voter, choice, code, now)` puts a paper in or replaces it, and gives back the receipt code where there is one; an
    IntegrityError means that the same is being done elsewhere at this moment, and is tried once more;
    `took_part(ballot, voters)` says which of these voters did; `taken(ballot)` how many did; `slips(ballot)` are all papers in an order
    that says nothing about time; `seal(ballot)` is called once, when the ballot closes.
    """

    key: str
    cast: Callable[[Ballot, Voter, Choice, str | None, datetime], str | None]
    took_part: Callable[[Ballot, Collection[Voter]], set[int]]
    taken: Callable[[Ballot], int]
    slips: Callable[[Ballot], list[Slip]]
    seal: Callable[[Ballot], None]


KINDS: dict[str, Kind] = {}


def keep(kind: Kind) -> Kind:
    """Register a kind of box under its key; two of one key are a fault of whoever wrote them."""
    if kind.key in KINDS:
        raise ValueError(f"Two kinds of box are called {kind.key!r}.")
    KINDS[kind.key] = kind
    return kind


def of(ballot: Ballot) -> Kind:
    """The box of this ballot."""
    return KINDS[ballot.box]


def hold_for_casting(ballot: Ballot) -> Ballot:
    """The ballot as it is now, held so that nobody closes it until the paper lies in the box. Many hold it at once (PostgreSQL);
    on SQLite every transaction that writes is alone anyway. In a small secret ballot papers come one by one, see `_mix`."""
    if connection.vendor == "postgresql" and not _is_small(ballot):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ballots_ballot WHERE id = %s FOR KEY SHARE", [ballot.pk])
        return Ballot.objects.get(pk=ballot.pk)
    return Ballot.objects.select_for_update().get(pk=ballot.pk)


def _is_small(ballot: Ballot) -> bool:
    return ballot.box == Box.DETACHED and ballot.voters_count <= rules.SMALL_BALLOT


# --------------------------------------------------------------------------------------------------------------- the open box


def _cast_open(ballot: Ballot, voter: Voter, choice: Choice, _code: str | None, now: datetime) -> None:
    vote = Vote(ballot_id=ballot.pk, voter_id=voter.pk, choice=choice, cast_at=now)
    # One question instead of two: the first paper, or another one in its place.
    Vote.objects.bulk_create([vote], update_conflicts=True, unique_fields=["ballot", "voter"], update_fields=["choice", "cast_at"])


def _open_took_part(ballot: Ballot, voters: Collection[Voter]) -> set[int]:
    return _found(Vote, ballot, voters)


def _found(model: type[Vote | Participation], ballot: Ballot, voters: Collection[Voter]) -> set[int]:
    """Which of these voters have a row. In plain SQL: everybody who votes asks it twice, and the database takes a fraction of the time
    in which Django writes the question."""
    if not voters:
        return set()
    marks = ", ".join(["%s"] * len(voters))
    with connection.cursor() as cursor:
        asked = f"SELECT voter_id FROM {model._meta.db_table} WHERE ballot_id = %s AND voter_id IN ({marks})"  # noqa: S608 - marks only
        cursor.execute(asked, [ballot.pk, *(one.pk for one in voters)])
        return {number for (number,) in cursor.fetchall()}


def _open_slips(ballot: Ballot) -> list[Slip]:
    votes = Vote.objects.filter(ballot=ballot).select_related("voter").order_by("voter__name", "voter_id")
    return [Slip(one.choice, *marks_of(ballot, one.voter), name=one.voter.name or _("without name")) for one in votes]


keep(
    Kind(
        Box.OPEN,
        cast=_cast_open,
        took_part=_open_took_part,
        taken=lambda ballot: Vote.objects.filter(ballot=ballot).count(),
        slips=_open_slips,
        seal=lambda ballot: None,
    )
)


# ----------------------------------------------------------------------------------------------------------- the detached box


def new_code() -> str:
    """A receipt code nobody can guess: 20 characters, 98 bits."""
    return "".join(secrets.choice(rules.ALPHABET) for _character in range(rules.CODE_LENGTH))


def _number() -> int:
    """A random number as key, so that no key says which row came first."""
    return secrets.randbelow(2**62 - 1) + 1


def marks_of(ballot: Ballot, voter: Voter) -> tuple[int, str, bool]:
    """What the count has to know of a voter and so stands on the paper: votes, group, investing. Only what the rule needs."""
    if ballot.rule["method"] == rules.CONSENT:
        return (1, "", voter.is_investing)  # heads are counted, not votes
    if ballot.rule["method"] != rules.MAJORITY:
        return (voter.votes, "", voter.is_investing)
    return (voter.votes, voter.category if ballot.rule["classes"] else "", voter.is_investing)


def _cast_detached(ballot: Ballot, voter: Voter, choice: Choice, code: str | None, _now: datetime) -> str:
    """First paper of a voter: participation and paper together. Later ones: the paper with this code, whoever brings it, is replaced.

    The code comes with the form, so that the same form sent twice is the same paper, and whoever lost the answer gets it once more.
    """
    require(code is not None, _("This page is too old. Please open the ballot again."), BadInput)
    code = code or ""
    hashed = rules.code_hash(ballot.uuid, code)
    votes, category, is_investing = marks_of(ballot, voter)
    if _detached_took_part(ballot, [voter]):
        _replace(ballot, hashed, choice, (votes, category, is_investing))
    else:
        Participation(id=_number(), ballot=ballot, voter=voter).save(force_insert=True)
        marks = {"votes": votes, "category": category, "is_investing": is_investing}
        Paper(id=_number(), ballot=ballot, code_hash=hashed, choice=choice, **marks).save(force_insert=True)
    _mix(ballot)
    return code


def _replace(ballot: Ballot, hashed: str, choice: Choice, marks: tuple[int, str, bool]) -> None:
    mine = Paper.objects.filter(ballot=ballot, code_hash=hashed, votes=marks[0], category=marks[1], is_investing=marks[2])
    sentence = _(
        "You have taken part already, and this is not the receipt code of your paper. Without the code nobody can change the paper, "
        "for nobody knows which one is yours. It counts as it is."
    )
    require(mine.update(choice=choice), sentence, Refused)


def _mix(ballot: Ballot) -> None:
    """Let the database forget which rows were written together.

    PostgreSQL keeps with each row the number of the transaction that wrote it, and rows lie in the order of writing. SQLite keeps rows in
    the order of their numbers, but inside a page of its file the newest one lies lowest, and a backup is a copy of these pages: without
    this a copy of the file joined every paper with its voter. In a small ballot everything is written anew with each paper, in the order of
    the random numbers; in a large one some others (PostgreSQL) or the first 200 (SQLite), and all by a job and at the end.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_FEW, [ballot.pk, rules.SMALL_BALLOT + 1])
            papers: int = cursor.fetchone()[0]
        if papers <= rules.SMALL_BALLOT:
            rewrite(ballot)
        return
    if _is_small(ballot):
        rewrite(ballot)
        return
    with connection.cursor() as cursor:
        for table in (Paper._meta.db_table, Participation._meta.db_table):
            cursor.execute(_REWRITE_SOME.format(table=table), [ballot.pk, _number(), MIXED])


_FEW = "SELECT COUNT(*) FROM (SELECT 1 FROM ballots_paper WHERE ballot_id = %s LIMIT %s)"  # counts no further than it has to
_REWRITE_SOME = """
    UPDATE {table} SET ballot_id = ballot_id WHERE id IN (
        SELECT id FROM {table} WHERE ballot_id = %s AND id >= %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def rewrite(ballot: Ballot) -> None:
    """Write all papers and participations anew in the order of their random numbers, in this one transaction; whoever calls holds the
    ballot alone. Values stay as they are."""
    _overwrite_what_goes()
    papers = list(Paper.objects.filter(ballot=ballot).order_by("pk"))
    people = list(Participation.objects.filter(ballot=ballot).order_by("pk"))
    Paper.objects.filter(ballot=ballot).delete()
    Participation.objects.filter(ballot=ballot).delete()
    Participation.objects.bulk_create(people, batch_size=500)
    Paper.objects.bulk_create(papers, batch_size=100)


def forget_marks(ballot: Ballot) -> None:
    """After the count of a secret box: votes and groups go from the papers, where so few shared them that they told whose paper it is."""
    _overwrite_what_goes()
    Paper.objects.filter(ballot=ballot).update(votes=1, category="", is_investing=False)
    rewrite(ballot)


def _overwrite_what_goes() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # with zeros


def forget_remains() -> None:
    """What deleted rows leave in the files of the database is cleared as far as it can be asked to; outside of transactions only."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ballots_paper, ballots_participation")


def _detached_slips(ballot: Ballot) -> list[Slip]:
    papers = Paper.objects.filter(ballot=ballot).order_by("code_hash")
    return [Slip(one.choice, one.votes, one.category, one.is_investing, mark=rules.mark(one.code_hash)) for one in papers]


def _detached_took_part(ballot: Ballot, voters: Collection[Voter]) -> set[int]:
    return _found(Participation, ballot, voters)


def _seal(ballot: Ballot) -> None:
    """At the end everything is written anew once more, over what lay there."""
    rewrite(ballot)


keep(
    Kind(
        Box.DETACHED,
        cast=_cast_detached,
        took_part=_detached_took_part,
        taken=lambda ballot: Participation.objects.filter(ballot=ballot).count(),
        slips=_detached_slips,
        seal=_seal,
    )
)
