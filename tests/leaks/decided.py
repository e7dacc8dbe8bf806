"""The addresses of what is decided together, thing by thing, and who may come in there: a row for each thing and each circle.

The first row of a route is its gate (gates.py); all rows are walked, and asked one by one in test_decided.py. Whoever is kept out hears
the same as of a thing that never was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.leaks.deciding import ON_ROLL, OWN, PART, RUNNING
from tests.leaks.owning import OFFICES
from tests.leaks.scene import Scene
from tests.leaks.secrets import CARETAKERS, EVERYBODY, GUEST, LEFT, NOBODY, SECOND, WRITER, Circle

Filling = dict[str, Any]
Fill = Callable[[Scene, str], Filling]
SIGNED_IN: Circle = EVERYBODY - {GUEST}
MODERATING: Circle = OFFICES | CARETAKERS
"""Who takes public things off the page: the office, and those who judge reports on the entry."""
WHOSE: Circle = frozenset({SECOND})
"""Who proposed the amendments."""


@dataclass(frozen=True)
class Row:
    """One thing at one route, and for whom it is there."""

    route: str
    filling: Callable[[Scene], Filling]
    sees: Circle
    thing: str


def _rows(room: str, fill: Fill, things: dict[str, dict[Circle, str]]) -> list[Row]:
    def at(thing: str) -> Callable[[Scene], Filling]:
        return lambda scene: fill(scene, thing)

    return [
        Row(f"{room}:{name}", at(thing), circle, thing)
        for thing, doors in things.items()
        for circle, names in doors.items()
        for name in names.split()
    ]


def _uuid(scene: Scene, thing: str) -> Filling:
    return {"slug": scene.offen.slug, "uuid": scene.uuid(thing)}


def _alone(scene: Scene, thing: str) -> Filling:
    return {"uuid": scene.uuid(thing)}


def _number(scene: Scene, thing: str) -> Filling:
    one = scene.things[thing]
    return {"slug": scene.offen.slug, "year": one.year, "serial": one.serial}


def _version(scene: Scene, thing: str) -> Filling:
    return _number(scene, thing) | {"number": 1}


def _reasoned(scene: Scene, thing: str) -> Filling:
    return _number(scene, thing) | {"kind": "zurueckziehen"}


def _amendment(scene: Scene, thing: str) -> Filling:
    one = scene.things[thing]
    proposal = one.proposal
    return {"slug": scene.offen.slug, "year": proposal.year, "serial": proposal.serial, "number": one.serial}


def _statement(scene: Scene, thing: str) -> Filling:
    return _uuid(scene, thing) | {"number": 1}


def _measure(scene: Scene, thing: str) -> Filling:
    return _number(scene, thing) | {"uuid": scene.uuid(f"measure of a {thing}")}


def _evidence(scene: Scene, thing: str) -> Filling:
    file = scene.things[f"evidence of a {thing}"]
    return {"uuid": file.uuid, "name": file.name}


def _thing(scene: Scene, thing: str) -> Filling:
    one = scene.things[thing]
    return {"kind": one._meta.label_lower, "number": one.pk}


def _about(scene: Scene, thing: str) -> Filling:
    one = scene.things[thing]
    return {"slug": scene.offen.slug, "queries": (f"?about={one._meta.label_lower}:{one.pk}",)}


IDEAS: dict[str, dict[Circle, str]] = {
    "idea": {
        PART: "idea editions support", OWN: "withdraw bring_back", RUNNING: "merge separate",
        OFFICES: "answer show hide unhide", NOBODY: "answer_wish edit",
    },
    "merged idea": {PART: "idea", RUNNING: "separate"},
    "hidden idea": {RUNNING: "idea editions", OFFICES: "unhide"},
    "withdrawn idea": {OWN: "idea editions bring_back"},
    "public idea": {EVERYBODY: "idea", PART: "editions support", OWN: "edit", OFFICES: "hide", RUNNING: "merge"},
}  # fmt: skip
PROPOSALS: dict[str, dict[Circle, str]] = {
    "proposal": {PART: "proposal versions support step", OFFICES: "visibility", OWN: "edit authors", NOBODY: "answer"},
    "draft proposal": {OWN: "proposal versions edit authors", NOBODY: "visibility"},
    "public proposal": {EVERYBODY: "proposal versions", PART: "support", OFFICES: "visibility"},
    "reported proposal": {NOBODY: "proposal versions edit support"},
    "withdrawn proposal": {PART: "proposal versions", OWN: "authors"},
}
ARGUMENTS: dict[str, dict[Circle, str]] = {
    "shared argument": {PART: "argument share", OWN: "withdraw restore", RUNNING: "answer", OFFICES: "hide unhide", NOBODY: "change"},
    "asked argument": {WHOSE: "change"},
    "hidden argument": {RUNNING: "argument", OFFICES: "unhide"},
    "withdrawn argument": {OWN: "argument restore"},
    "public shared argument": {EVERYBODY: "argument", MODERATING: "hide"},
    "public withdrawn argument": {OWN: "argument"},
    "public hidden argument": {MODERATING | OWN: "argument"},
}
OPINIONS: dict[str, dict[Circle, str]] = {
    "landscape": {PART: "landscape answer own statements alike", OFFICES: "edit open close move publish discard", NOBODY: "csv json"},
    "draft landscape": {OFFICES: "landscape statements edit discard open", NOBODY: "csv"},
    "published landscape": {EVERYBODY: "landscape", PART: "own statements alike", OFFICES: "publish"},
}
BALLOTS: dict[str, dict[Circle, str]] = {
    "open ballot": {
        PART: "ballot cast", OFFICES: "prepare discard next_round prolong close_early cancel count",
        NOBODY: "receipt papers published published_csv",
    },
    "draft ballot": {OFFICES: "ballot prepare cast", NOBODY: "receipt papers published published_csv"},
    "secret ballot": {PART: "ballot cast receipt", NOBODY: "papers published", OFFICES: "prolong cancel"},
    "counted ballot": {ON_ROLL: "ballot papers published published_csv cast", NOBODY: "receipt"},
    "public ballot": {EVERYBODY: "ballot papers published published_csv", SIGNED_IN: "cast", NOBODY: "receipt"},
    "public round": {EVERYBODY: "ballot papers published published_csv"},
    "secret result": {EVERYBODY: "ballot receipt papers published published_csv"},
    "cancelled ballot": {PART: "ballot", NOBODY: "papers published"},
}  # fmt: skip
ROLLS: dict[str, dict[Circle, str]] = {
    "roll of the secret ballot": {PART: "electorate"},
    "roll of the draft ballot": {OFFICES: "electorate"},
    "roll of the public ballot": {PART: "electorate"},
    "roll of the counted ballot": {PART: "electorate"},
}
RESOLUTIONS: dict[str, dict[Circle, str]] = {
    "resolution": {PART: "resolution", OFFICES: "report measure plan finish revoke"},
    "public resolution": {EVERYBODY: "resolution", OFFICES: "report measure plan finish revoke"},
    "revoked resolution": {PART: "resolution"},
}

ROWS: list[Row] = [
    *_rows("ideas", _uuid, IDEAS),
    *_rows("proposals", _number, PROPOSALS),
    *_rows("proposals", _version, {
        "proposal": {PART: "version"}, "draft proposal": {OWN: "version"}, "public proposal": {EVERYBODY: "version"},
    }),
    *_rows("proposals", _reasoned, {"proposal": {OWN: "reasoned"}, "draft proposal": {OWN: "reasoned"}}),
    *_rows("amendments", _number, {"proposal": {PART: "new"}, "public proposal": {PART: "new"}, "draft proposal": {OWN: "new"}}),
    *_rows("amendments", _amendment, {
        "amendment": {PART: "amendment decide", WHOSE: "edit", OWN: "reject"},
        "rejected amendment": {PART: "amendment"},
        "public amendment": {EVERYBODY: "amendment", WHOSE: "edit", OWN: "reject"},
    }),
    *_rows("arguments", _alone, ARGUMENTS),
    *_rows("arguments", _thing, {
        "proposal": {PART: "arguments new"}, "public proposal": {EVERYBODY: "arguments", PART: "new"}, "draft proposal": {OWN: "arguments"},
        "idea": {PART: "arguments"}, "public idea": {EVERYBODY: "arguments"}, "hidden idea": {RUNNING: "arguments"},
        "amendment": {PART: "arguments"},
    }),
    *_rows("comments", _thing, {thing: {PART: "thread"} for thing in ("idea", "public idea", "public proposal", "published landscape")}),
    *_rows("processes", _uuid, {"process": {PART: "process", OFFICES: "edit move end call_off"}}),
    *_rows("processes", _about, {"idea": {OFFICES: "new"}, "hidden idea": {OFFICES: "new"}, "draft proposal": {NOBODY: "new"}}),
    *_rows("opinions", _uuid, OPINIONS),
    *_rows("opinions", _statement, {"landscape": {OFFICES: "hide unhide remove"}}),
    *_rows("electorates", _uuid, ROLLS),
    *_rows("ballots", _uuid, BALLOTS),
    *_rows("resolutions", _number, RESOLUTIONS),
    *_rows("resolutions", _measure, {"resolution": {OFFICES: "settle"}}),
    *_rows("resolutions", _uuid, {"draft resolution": {OFFICES: "draft drop"}}),
    *_rows("files", _evidence, {"resolution": {PART: "one"}, "public resolution": {EVERYBODY: "one"}}),
    *_rows("suggestions", _thing, {
        "idea": {PART: "report_thing"}, "hidden idea": {RUNNING: "report_thing"}, "proposal": {PART: "report_thing"},
        "draft proposal": {OWN: "report_thing"}, "shared argument": {PART: "report_thing"}, "hidden argument": {OWN: "report_thing"},
        "amendment": {PART: "report_thing"}, "landscape": {PART: "report_thing"}, "resolution": {PART: "report_thing"},
        "secret ballot": {PART: "report_thing"},
    }),
]  # fmt: skip

ROOMS = ("ideas", "proposals", "amendments", "arguments", "processes", "opinions", "electorates", "ballots", "resolutions")
FILLED: dict[str, list[Row]] = {}
for _row in ROWS:
    FILLED.setdefault(_row.route, []).append(_row)
GATES: dict[str, Circle] = {route: rows[0].sees for route, rows in FILLED.items() if route.startswith(tuple(f"{room}:" for room in ROOMS))}
WALKERS = (WRITER, LEFT)
"""Who walks only here."""


def more(route: str, scene: Scene) -> list[Filling]:
    """What a route is walked with besides what doors.py says."""
    return [row.filling(scene) for row in FILLED.get(route, [])]
