"""Verdicts outlive a merge: what was decided about the loser holds for the winner, so that nobody is asked a second time.

The loser's own pairs stay as they are, unseen while it is merged; the winner's are made or changed, and both can go back.
"""

from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from allmende.directory.models import Kinship, Organisation, State
from allmende.duplicates.models import WAITING, Pair, PairState

_KEPT = ("state", "asked_at", "decided_at", "decided_by_id", "note")


def carry(winner: Organisation, loser: Organisation) -> dict[str, Any]:
    """Give the winner what is known about the loser and others; says what was made and what was changed."""
    made, changed = [], []
    known = {_beside(pair, winner): pair for pair in Pair.objects.filter(Q(one=winner) | Q(other=winner))}
    about = Pair.objects.filter(Q(one=loser) | Q(other=loser)).exclude(Q(one=winner) | Q(other=winner)).order_by("pk")
    about = about.exclude(one__state=State.MERGED).exclude(other__state=State.MERGED)
    for pair in about:
        third = _beside(pair, loser)
        mine = known.get(third)
        if mine is None:
            if pair.state != PairState.BRANCH or _are_kin(winner.pk, third):
                made.append(_copy(pair, winner, third).pk)
        elif mine.state in WAITING and pair.state == PairState.DIFFERENT:
            changed.append([mine.pk, _memory(mine)])
            _say(mine, pair)
    return {"made": made, "changed": changed}


def _beside(pair: Pair, entry: Organisation) -> int:
    return pair.other_id if pair.one_id == entry.pk else pair.one_id


def _are_kin(one: int, other: int) -> bool:
    """Kinships moved before verdicts are carried; where one could not, the question about the two is open anew."""
    return Kinship.objects.filter(Q(branch=one, head=other) | Q(branch=other, head=one)).exists()


def _copy(pair: Pair, winner: Organisation, third: int) -> Pair:
    state = PairState.OPEN if pair.state == PairState.ASKED else pair.state  # the answers spoke of the loser
    fields = {name: getattr(pair, name) for name in ("judgement", "score", "reasons", "found_by", "found_at", "found_in", "note")}
    numbers = {"one_id": min(winner.pk, third), "other_id": max(winner.pk, third)}
    return Pair.objects.create(**numbers, **fields, state=state, decided_by=pair.decided_by, decided_at=pair.decided_at)


def _say(mine: Pair, pair: Pair) -> None:
    mine.state, mine.decided_at, mine.decided_by, mine.note = pair.state, pair.decided_at, pair.decided_by, pair.note
    mine.save(update_fields=["state", "decided_at", "decided_by", "note"])


def _memory(pair: Pair) -> dict[str, Any]:
    """What a pair said, in the shape of JSON."""
    return {name: value.isoformat() if hasattr(value := getattr(pair, name), "isoformat") else value for name in _KEPT}


def bring_back(carried: dict[str, Any], at: Any) -> None:
    """Take it from the winner again, as far as nobody has decided anew since."""
    untouched = Q(decided_at=None, state=PairState.OPEN) | Q(decided_at__lte=at)
    Pair.objects.filter(untouched, pk__in=carried["made"], answers=None, merges=None).delete()
    for pk, memory in carried["changed"]:
        back = {name: parse_datetime(value) if name.endswith("_at") and value else value for name, value in memory.items()}
        Pair.objects.filter(pk=pk, decided_at__lte=at, state=PairState.DIFFERENT).update(**back)
