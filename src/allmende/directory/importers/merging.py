"""What an import may change in an entry that is here already. Plain Python: no database, no clock.

Three states are compared: what the last import of this record wrote, what the entry says now, what the source says today. A
field that somebody has edited since then is theirs; the source no longer writes it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from allmende.directory.importers.base import BLANK, NEVER_EMPTY, PLACE_BLANK

Fields = dict[str, Any]
Place = dict[str, Any]
# A place before and after; None where there was or will be none.
PlaceChange = tuple[Place | None, Place | None]
Key = tuple[Any, ...]


def may_overwrite(before_import: Any, current: Any) -> bool:
    """Only what the last import itself wrote may be written over."""
    return bool(before_import == current)


def changes(written: Mapping[str, Any] | None, current: Fields, wanted: Fields, said: Collection[str]) -> Fields:
    """The fields an import writes, of those its row speaks of (`said`).

    `written` is what this record's last import wrote; None: the first time, only gaps are filled.
    """
    if written is None:
        return {key: wanted[key] for key in BLANK if key not in NEVER_EMPTY and not current[key] and wanted[key]}
    return {
        key: wanted[key]
        for key, blank in BLANK.items()
        if key in said and wanted[key] != current[key] and may_overwrite(written.get(key, blank), current[key])
    }


def remembered(written: Mapping[str, Any] | None, kept: Fields, said: Collection[str]) -> Fields:
    """What is kept as "last written": what the row says, and of what it does not speak, what an earlier file of the source said."""
    earlier = {key: value for key, value in (written or {}).items() if key not in said and key in BLANK}
    if written is not None:
        kept = {key: value for key, value in kept.items() if key in said or key not in BLANK}
    return {**earlier, **kept}


def place_changes(written: list[Place] | None, here: "Counter[Key]", wanted: list[Place], *, adds: bool = False) -> list[PlaceChange]:
    """The places an import adds, changes or takes away: its own ones that nobody has edited.

    `here` counts the places of the entry by `key` and is kept up to date. The first time (`written` is None) places are given to
    an entry without any; a source of places (`adds`) gives its own to every entry it knows, unless just that place is there.
    """
    if written is None:
        written = []
        wanted = wanted if adds or not here.total() else []
    found: list[PlaceChange] = []
    for number in range(max(len(written), len(wanted))):
        before = written[number] if number < len(written) else None
        after = wanted[number] if number < len(wanted) else None
        if _is_to_do(before, after, here):
            found.append((before, after))
            here.subtract([key(before)] if before else [])
            here.update([key(after)] if after else [])
    return found


def _is_to_do(before: Place | None, after: Place | None, here: "Counter[Key]") -> bool:
    if before is None:
        return after is not None and not here[key(after)]
    if not here[key(before)]:
        return False  # edited since, or taken away on purpose
    return after is None or key(after) != key(before)


def key(place: Mapping[str, Any]) -> Key:
    """What makes two places the same: all but which of them is the seat."""
    return tuple(place.get(field, blank) for field, blank in PLACE_BLANK.items() if field != "is_seat")
