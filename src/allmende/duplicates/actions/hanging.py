"""What hangs on an entry in the rooms upstairs goes along when it is merged, and comes back when the merge is undone.

    follows_merges(Listing)                                         # in the room's reactions.py
    follows_merges(Part, apart_from=("project",))                   # one part per project: what the winner has already stays behind
    follows_merges(Cooperative, once=True)                          # one per entry: where the winner has one, the loser keeps its own

Rows that stay behind are unseen with their entry and are there again after undoing. Which rows went is remembered with the merge.
"""

from typing import Any

from django.db.models import Model

from allmende.directory.models import Organisation

_HANGING: dict[str, tuple[type[Model], str, tuple[str, ...], bool]] = {}


def follows_merges(model: type[Model], column: str = "organisation", *, apart_from: tuple[str, ...] = (), once: bool = False) -> None:
    """Let the rows of this table follow their entry; `apart_from` names the columns that together with it may be there only once,
    `once` that an entry has at most one row at all.
    """
    _HANGING[f"{model._meta.label_lower}.{column}"] = (model, column, apart_from, once)


def carry_rows(winner: Organisation, loser: Organisation) -> dict[str, list[int]]:
    """Give the winner's what hung on the loser; says which rows."""
    moved = {}
    for name, (model, column, apart_from, once) in sorted(_HANGING.items()):
        rows = model._default_manager.filter(**{column: loser})
        if once and model._default_manager.filter(**{column: winner}).exists():
            continue
        if apart_from:
            there = set(model._default_manager.filter(**{column: winner}).values_list(*apart_from))
            pks = [row[0] for row in rows.order_by("pk").values_list("pk", *apart_from) if tuple(row[1:]) not in there]
        else:
            pks = list(rows.order_by("pk").values_list("pk", flat=True))
        if pks:
            model._default_manager.filter(pk__in=pks).update(**{column: winner})
            moved[name] = pks
    return moved


def bring_rows_back(moved: dict[str, Any], winner: Organisation, loser: Organisation) -> None:
    """They hang on the loser again, as far as they are still there and nobody has moved them on."""
    for name, pks in moved.items():
        if name in _HANGING:
            model, column, *_rest = _HANGING[name]
            model._default_manager.filter(pk__in=pks, **{column: winner}).update(**{column: loser})
