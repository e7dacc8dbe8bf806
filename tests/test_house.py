"""The floors and habits of the house that import-linter cannot see: file names, foreign keys, templates, addresses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from allmende.ground import rooms

HOUSE = Path(__file__).resolve().parents[1] / "src" / "allmende"
ROOMS = rooms.ROOMS
FLOORS = {
    "ground": 0, "web": 1, "people": 2, "places": 2, "directory": 3, "duplicates": 4, "stewards": 5, "editing": 6, "suggestions": 7,
    "freshness": 7, "comments": 8, "files": 8, "arguments": 8, "calendars": 8, "constitution": 9, "members": 10, "money": 11,
    "banking": 12, "contributions": 13, "joining": 13, "leaving": 13, "intake": 13, "surplus": 14, "networks": 14, "auditing": 15,
    "electorates": 16, "processes": 16, "ballots": 17, "resolutions": 18, "ideas": 19, "opinions": 19, "proposals": 20, "amendments": 21,
    "cockpit": 22, "atlas": 23, "opendata": 24, "exchange": 25, "enquiries": 26, "matching": 27, "projects": 28, "feedback": 29,
    "circles": 29, "commons": 30, "notices": 30, "desk": 31, "home": 32,
}  # fmt: skip

# The same file names stand in every room, so who knows one room knows all.
FILES = {
    "__init__", "apps", "rules", "models", "access", "queries", "actions", "forms", "export", "views", "api", "admin",
    "panels", "reactions", "urls", "api_urls", "checks", "jobs", "tasks", "letters", "personal", "subjects", "search", "feeds",
}  # fmt: skip
FOLDERS = {
    "templates", "static", "migrations", "management", "templatetags", "locale", "formats", "data", "demo", "importers", "actions", "views",
    "engine", "measuring",  # the map's index in memory; the bench
    "counting", "landscape",  # ways of deciding and groups of opinion: pure functions of numbers
}  # fmt: skip
# What only one room has, and why it may.
OWN_FILES = {
    # what every room stands on; the queue, and letters written, brought away and come back
    # ledger: tables to which is only added; differences: what changed between two texts; sheets: CSV; once: asked once a page;
    # lately: kept for a moment
    "ground": set(
        "rooms trail refusals money ledger text differences sheets once lately bulk occupancy backups moving queue outbox delivery bounces "
        "replicas".split()
    ),
    # the skin; answers to programs, and the short way to them
    "web": {
        "middleware",
        "context",
        "errors",
        "pages",
        "components",
        "limits",
        "guests",
        "answers",
        "short",
        "replicas",
        "jinja",
        "markdown",
        "paper",  # documents as PDF
        "stencil",  # pages drawn once and filled in for thousands
    },
    "places": {"basemap", "gazetteer"},  # what lies in data/: the offline map, towns and postcodes
    # an entry as a table row, there and back; the common words; an entry as page, linked data, address card and small map
    # history: what it said at any time; lean: many of them, read quickly; bulk: millions of rows written; withdrawing: a source goes
    # audience: for whom something is that an organisation puts up
    "directory": {"tables", "taxonomy", "portrait", "jsonld", "vcard", "minimap", "history", "lean", "bulk", "withdrawing", "audience"},
    # the engine of the map; tiles and mvt: what maps ask for, and how it is packed
    # the index: what it holds of an entry (portrait: tags, spots, words), and how that is written
    # bulk: invented entries by the million (preparing: made ready by other processes, wording: their words, filling: written)
    "atlas": set(
        "clusters fulltext questions completion vocabulary figures charts tiles mvt lean portrait tags spots indexing rebuilding twins "
        "verifying changes bulk preparing wording filling".split()
    ),
    # how two entries are compared and found: what, by which words, how rare, judged, said; the index and what it is measured by
    "duplicates": set(
        "portraits names rarity evidence scoring explaining reasons sketches blocking indexing lookup assigning labelled tally measuring "
        "million comparison".split()  # comparison: two entries side by side
    ),
    "freshness": {"fetching", "links", "figures"},  # websites: asked safely, what was found noted; the age of the map in numbers
    "editing": {"sheets", "differences", "settling"},  # an entry as the form shows it, there and back; what changed, in words; two who meet
    "suggestions": {"fields", "inputs", "decisions"},  # what can be proposed of an entry; the single inputs; the forms of those who decide
    "auditing": {"checks", "folder"},  # the books examined; everything for the auditor in one file
    "opendata": {"answers", "catalogue", "described", "documented", "dumps", "nightly", "shapes"},  # ETags by the index; what programs read
    # where allauth asks the house: its addresses in German, its forms in our words, its adapters
    "people": {"account_forms", "account_urls", "adapter"},
    # attached files: what they are (checking), by kind (pictures, documents); their names; where their bytes lie
    # tabs: the links over all pages of a cooperative; choices: all that a statute settles; wording: in words; keeping: its documents
    "constitution": {"tabs", "choices", "wording", "keeping"},
    "joining": {"declaration", "papers", "drafts"},  # the words that bind; the same as PDF; what was typed between the steps
    # bulk: many members at once, and the way back; the list as of any day; members in numbers; why names are kept
    "members": {"bulk", "listing", "figures", "keeping"},
    # bulk: balances carried over; girocode: the QR code of a transfer; statements: the ledger as people read it
    "money": {"bulk", "girocode", "statements"},
    # bulk: accounts carried over; camt, tables: what banks export; matching: what a line may be for, suggestions: asked of the tables
    # candidates: what could go to the bank next; orders: the files for it
    "banking": {"bulk", "camt", "tables", "matching", "suggestions", "candidates", "orders"},
    # a file as rows, its headings as fields, its cells as values, its rows as members (checking); the template to fill in
    # contributions: what is wrong with a line; votes, capital, work; ways to count, and what they would give; files; lists; the OpenAPI
    "contributions": {"checking", "spread", "rulesets", "preview", "sheets", "rows", "described"},
    "intake": {"tables", "columns", "values", "checking", "samples"},
    # exits: their steps in words, their letters as PDF, their sums before they are booked
    "leaving": {"wording", "papers", "settlements"},
    # rolls: the list made from register and statute; wording: reasons and bases in sentences
    "electorates": {"rolls", "wording"},
    "resolutions": {"wording"},  # votes, bodies and states in words
    # ballots: papers to fill in (slips) and where they fall (boxes); from there to a result (tally), as people read it; the decision panel
    # booth: the paper and the receipt as thousands get them
    "ballots": {"boxes", "slips", "tally", "results", "wording", "deciding", "booth"},
    "files": {"checking", "pictures", "documents", "names", "storing"},
    "matching": {"words", "portraits", "index", "reasons", "telling", "labelled", "measuring"},
    # of listings: their words, what they are about, all in memory; why, to whom
    "calendars": {"sources"},  # what rooms put into somebody's calendar
    "processes": {"wording"},  # faults of dates and what a change did, in sentences
    "opinions": {"computing", "picture"},  # from the tables to the picture; the picture as pages draw it
    "amendments": {"chain"},  # from the idea to the result, from wherever one looks
    "desk": {"sources"},  # every kind of thing that can wait: where it is found, how it reads, what settles it
    "enquiries": {"figures"},  # what became of enquiries, in numbers
    "exchange": {"points"},  # offers and needs as the map draws them: points, tiles, heaps
    "config": {"environment", "settings", "urls", "wsgi", "asgi", "serve"},
}
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def may_know(upper: str, lower: str) -> bool:
    """Whether a room may name another one: itself, or a room on a lower floor."""
    return upper == lower or FLOORS[upper] > FLOORS[lower]


def templates() -> list[Path]:
    return sorted(HOUSE.glob("*/templates/**/*.*"))


def test_every_room_has_a_floor_and_every_floor_a_room() -> None:
    assert set(FLOORS) == set(ROOMS)
    assert [FLOORS[room] for room in ROOMS] == sorted(FLOORS.values())


def test_every_folder_is_a_room() -> None:
    folders = {path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists()}
    assert folders - {"config", "locale"} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_card(room: str) -> None:
    card = apps.get_app_config(room)
    assert isinstance(card, rooms.Room)
    assert card.name == f"allmende.{room}"


@pytest.mark.parametrize("room", [*ROOMS, "config"])
def test_a_room_uses_the_file_names_of_the_house(room: str) -> None:
    files = {path.stem for path in (HOUSE / room).glob("*.py")}
    folders = {path.name for path in (HOUSE / room).iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert files - FILES - OWN_FILES.get(room, set()) == set()
    assert folders - FOLDERS == set()


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in HOUSE.rglob("*.py") if path.stem in EMPTY_WORDS] == []


@pytest.mark.parametrize("room", ROOMS)
def test_foreign_keys_point_down_the_stairs(room: str) -> None:
    upwards = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model and field.related_model._meta.app_label in FLOORS
        and not may_know(room, field.related_model._meta.app_label)
        # the trail says who, a letter to whom; AUTH_USER_MODEL is Django's own indirection
        and not (room == "ground" and field.name in {"by", "person"})
    ]  # fmt: skip
    assert upwards == []


def room_names_in_code(path: Path) -> Iterator[str]:
    """Rooms named in strings such as "people.Person", which import-linter does not see."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {
                "ForeignKey",
                "OneToOneField",
                "ManyToManyField",
                "get_model",
                "get_app_config",
                "import_module",
                "reverse",
                "resolve_url",
            }:
                found = re.match(r"(?:allmende\.)?(\w+)(?:[.:]|$)", node.args[0].value)
                if found and found[1] in FLOORS:
                    yield found[1]


@pytest.mark.parametrize("room", ROOMS)
def test_strings_name_only_rooms_below(room: str) -> None:
    upwards = [
        f"{path.relative_to(HOUSE)} names {name}"
        for path in sorted((HOUSE / room).rglob("*.py"))
        if "migrations" not in path.parts
        for name in room_names_in_code(path)
        if not may_know(room, name)
    ]
    assert upwards == []


def address_rooms() -> dict[str, str]:
    """Which room each named address belongs to."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces)
            elif pattern.name:
                module = getattr(pattern.callback, "__module__", "")
                room = module.split(".")[1] if module.startswith("allmende.") else spaces[0] if spaces else ""
                found[":".join((*spaces, pattern.name))] = room

    walk(get_resolver().url_patterns, ())
    return found


# The frame around every page shows the way into all rooms; everything else in `web` knows nothing above itself.
FRAME = {f"web/templates/web/{name}.html" for name in ("base", "foot", "error", "legal", "data_link", "privacy_link")}


def test_templates_point_to_addresses_and_parts_of_their_own_or_lower_floors() -> None:
    owners, wrong = address_rooms(), []
    for path in templates():
        room, text = room_of(path), path.read_text(encoding="utf-8")
        for name in re.findall(r"{%\s*url\s+[\"']([^\"']+)[\"']", text):
            owner = owners.get(name)
            if owner is None:
                wrong.append(f"{path.relative_to(HOUSE)}: there is no address {name}")
            elif owner in FLOORS and not may_know(room, owner) and str(path.relative_to(HOUSE)) not in FRAME:
                wrong.append(f"{path.relative_to(HOUSE)}: {name} lives on a higher floor")
        for name in re.findall(r"{%\s*(?:include|extends|jinja)\s+[\"']([^\"'/#]+)/", text):
            if name in FLOORS and not may_know(room, name):
                wrong.append(f"{path.relative_to(HOUSE)}: takes a part of {name}, which is on a higher floor")
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_keeps_its_templates_and_static_files_under_its_own_name(room: str) -> None:
    for kind in ("templates", "static"):
        folder = HOUSE / room / kind
        if folder.exists():
            # "admin" is where Django looks for pages of the caretakers' door, the others are where allauth looks for its own
            foreign = {"admin"} | ({"account", "mfa", "socialaccount", "usersessions"} if room == "people" else set())
            assert {path.name for path in folder.iterdir()} <= {room} | foreign


INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json[\"'])", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle=", re.I),
    "an event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has_anything_inline_that_the_strict_policy_would_stop(what: str) -> None:
    svg = {".svg", ".xml", ".txt"}
    assert [
        str(path.relative_to(HOUSE))
        for path in templates()
        if path.suffix not in svg and INLINE[what].search(path.read_text(encoding="utf-8"))
    ] == []


FOREIGN = re.compile(r"<(?:script|img|iframe|source|video|audio|use|object|embed)\b[^>]*(?:src|href|data)=[\"'](?:https?:)?//", re.I)
FOREIGN_LINK = re.compile(
    r"<link\b(?=[^>]*rel=[\"'][^\"']*(?:stylesheet|preload|icon|manifest|preconnect|dns-prefetch))[^>]*href=[\"'](?:https?:)?//", re.I
)
FOREIGN_CSS = re.compile(r"(?:@import\s+|url\()\s*[\"']?(?:https?:)?//", re.I)


def test_no_page_asks_a_foreign_server_for_anything() -> None:
    pages = [path for path in templates() if any(one.search(path.read_text(encoding="utf-8")) for one in (FOREIGN, FOREIGN_LINK))]
    sheets = [path for path in HOUSE.glob("*/static/**/*.css") if FOREIGN_CSS.search(path.read_text(encoding="utf-8"))]
    assert pages + sheets == []


def test_views_and_models_do_not_write_past_the_actions() -> None:
    writing = re.compile(r"\.(?:save|delete|create|bulk_create|bulk_update|update_or_create|get_or_create)\(")
    assert [str(path.relative_to(HOUSE)) for path in HOUSE.glob("*/views.py") if writing.search(path.read_text(encoding="utf-8"))] == []


def test_rules_know_neither_clock_nor_database_nor_request() -> None:
    forbidden = re.compile(
        r"^\s*(?:from|import)\s+django\.(?:db|http|shortcuts|conf)|timezone\.now|localdate\(\)|date\.today|datetime\.now", re.M
    )
    assert [str(path.relative_to(HOUSE)) for path in HOUSE.glob("*/rules.py") if forbidden.search(path.read_text(encoding="utf-8"))] == []
