"""Invented organisations in bulk: the house is the same as one filled the ordinary way, again the same with the same seed, and whole
whenever the process dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from allmende.atlas import actions, bulk, filling, fulltext, preparing, queries, vocabulary
from allmende.atlas.engine import keys, snapshot
from allmende.atlas.models import Entry, Spot, Tag, Word
from allmende.atlas.portrait import portrait, unpack
from allmende.atlas.rules import Box, Filters, project
from allmende.atlas.wording import Wording
from allmende.directory import taxonomy
from allmende.directory.models import Confirmation, Organisation, Place, Record, RevisionSet
from allmende.ground.models import Entry as Line
from allmende.ground.refusals import Refused
from tests import cast

ROWS, SEED = 2_000, 5
QUESTIONS = (
    Filters(), Filters(q="genossenschaft"), Filters(q="und gemeinsam"), Filters(q="solar"), Filters(q="berlin"),
    Filters(sector=("energy",)), Filters(country=("DE", "AT"), q="Energie"), Filters(licence=("ODbL-1.0",)),
    Filters(source=("synthetic-list",)), Filters(fresh="3"), Filters(sort="new"), Filters(sort="name", online=True),
    Filters(bbox=Box(5, 47, 15, 55)), Filters(share_alike=False, q="the"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is large elsewhere, small, so that there are several of each."""
    monkeypatch.setattr(bulk, "PART", 150)
    monkeypatch.setattr(bulk, "TOGETHER", 4)
    snapshot.forget()
    yield
    snapshot.forget()


def load(rows: int = ROWS, *, in_bulk: bool = True, seed: int = SEED, processes: int = 0) -> int:
    before, bulk.BULK_FROM = bulk.BULK_FROM, 1 if in_bulk else rows + 1
    try:
        return bulk.load(rows, seed, processes=processes)
    finally:
        bulk.BULK_FROM = before


def house() -> dict[str, Any]:
    """All that a load writes and what is found in it, told by addresses instead of numbers."""
    slugs = dict(Organisation.objects.values_list("pk", "slug"))
    tags = {pk: (kind, key) for pk, kind, key in Tag.objects.values_list("pk", "kind", "key")}
    entries = {
        row.slug: (
            row.uuid, row.name, row.sort_name, row.summary, row.summary_en, row.kind, row.legal_form, row.sector, row.town, row.region,
            row.country, row.licence, row.share_alike, row.founded, row.confirmed_at, row.changed_at, row.has_place, row.is_demo,
            sorted(tags[number] for number in np.frombuffer(bytes(row.tags), "<u4").tolist()),
            bytes(row.spots), without_tokens(unpack(row.words)),
        )
        for row in Entry.objects.all()
    }  # fmt: skip
    return {
        "organisations": list(
            Organisation.objects.order_by("slug").values_list("slug", "name", "description", "sector__key", "changed_at", "website")
        ),
        "terms": sorted(Organisation.terms.through.objects.values_list("organisation__slug", "term__tree", "term__key")),
        "places": sorted(
            Place.objects.values_list("organisation__slug", "position", "town", "lat", "lon", "precision", "is_seat"), key=str
        ),
        "records": sorted(Record.objects.values_list("organisation__slug", "source__key", "remote_id", "licence", "seen_at"), key=str),
        "confirmations": sorted(Confirmation.objects.values_list("organisation__slug", "at")),
        "entries": entries,
        "spots": sorted((key, slugs[pk], x, y) for key, pk, x, y in Spot.objects.values_list("key", "entry_id", "x", "y")),
        "tags": sorted(tags.values()),
        "words": dict(Word.objects.filter(entries__gt=0).values_list("word", "entries")),
        "found": [told(filters) for filters in QUESTIONS],
    }


def without_tokens(words: fulltext.Words) -> tuple[str, str, int, str]:
    """Tokens hold numbers of terms, which another house may have given otherwise."""
    return words[0], words[1], len(words[2].split()), words[3]


def told(filters: Filters) -> tuple[int, list[str]]:
    found = queries.search(filters, per_page=60)
    return found.total, [entry.slug for entry in found.entries]


def filled(**options: Any) -> dict[str, Any]:
    """A house filled this way, and empty again but for the common words, whose numbers stay."""
    taxonomy.ensure()
    with transaction.atomic():
        assert load(**options) == ROWS
        found = house()
        assert actions.verify() == []
        transaction.set_rollback(True)
    snapshot.forget()
    vocabulary.forget()
    return found


@pytest.mark.django_db
def test_in_bulk_the_house_is_the_same_as_filled_the_ordinary_way() -> None:
    one, other = filled(in_bulk=True), filled(in_bulk=False)
    assert len(one["entries"]) == ROWS and len(one["spots"]) > ROWS * 0.95
    assert [total > 0 for total, _slugs in one["found"]] == [True] * len(QUESTIONS)
    for name in one:
        assert one[name] == other[name], name


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_house_and_another_another() -> None:
    assert filled() == filled()
    assert filled(seed=SEED + 1)["organisations"] != filled()["organisations"]


@pytest.mark.django_db
def test_who_was_here_before_stays_and_is_found() -> None:
    cast.organisation("Genossenschaft Alt", "Berlin", cast.BERLIN)
    assert load(300) == 300
    assert Entry.objects.count() == 301
    assert told(Filters(q="alt"))[1][0] == "genossenschaft-alt"
    assert actions.verify() == []
    item = cast.organisation("Genossenschaft Neu", "Berlin", cast.BERLIN)
    assert item.pk > max(Organisation.objects.filter(slug__startswith="synthetisch").values_list("pk", flat=True))
    assert Place.objects.filter(organisation=item).exists() and actions.verify() == []


@pytest.mark.django_db
def test_a_second_load_needs_another_seed_and_the_same_one_is_done() -> None:
    assert load(300) == 300
    assert load(300) == 0
    with translation.override("en"), pytest.raises(Refused, match="another seed"):
        load(400)
    assert load(400, seed=SEED + 1) == 400
    assert Organisation.objects.count() == 700 and actions.verify() == []


@pytest.mark.django_db
def test_the_note_says_what_was_done_and_the_trail_too() -> None:
    load(300)
    connection.check_constraints()
    one = RevisionSet.objects.get(report__profile="synthetic")
    assert (one.report["state"], one.report["written"], one.report["rows"], one.report["seed"]) == ("done", 300, 300, SEED)
    line = Line.objects.get(verb="directory.invented_loaded")
    assert (line.about, line.facts) == (str(one.pk), {"rows": 300})


@pytest.mark.django_db
def test_indexes_that_wait_are_there_in_the_end() -> None:
    def indexes() -> list[str]:
        with connection.cursor() as cursor:
            found = [connection.introspection.get_constraints(cursor, table) for table in ("directory_organisation", "atlas_entry")]
        return sorted(name for one in found for name, told in one.items() if told["index"])

    before = indexes()
    load(300)
    assert RevisionSet.objects.get(report__profile="synthetic").report["indexes"] != []
    assert indexes() == before


@pytest.mark.django_db
def test_what_the_data_rules_hide_the_index_does_not_know() -> None:
    from allmende.directory.models import DataRules, RulesState

    DataRules.objects.create(version=1, state=RulesState.ADOPTED, text_de="x", defaults={"description": "network", "address": "members"})
    load(300)
    assert actions.verify() == []
    assert set(Place.objects.exclude(lat=None).values_list("precision", flat=True)) >= {"exact"}


@pytest.mark.django_db
def test_places_beyond_a_full_cell_go_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (filling, keys):
        monkeypatch.setattr(module, "IN_ONE_CELL", 3)
    from allmende.atlas import spots

    monkeypatch.setattr(spots, "IN_ONE_CELL", 3)
    load(600)
    held = np.array(Spot.objects.order_by("key").values_list("key", "x", "y"), np.int64)
    assert (keys.cell(held[:, 1], held[:, 2]) == held[:, 0] >> keys.SEQUENCE_BITS).all()
    assert ((held[:, 0] & (keys.IN_ONE_CELL - 1)) < 3).all()


def test_points_are_put_in_the_order_of_their_keys() -> None:
    chance = np.random.default_rng(1)
    lat, lon = chance.uniform(-84, 84, 500), chance.uniform(-180, 180, 500)
    ordered = [keys.cell(*project(lat[one], lon[one])) for one in bulk.by_key(lat, lon)]
    assert ordered == sorted(ordered)


TEXTS = (
    "Bürger-Energie eG",
    "Œuvre ½ Straße",
    "cafe\u0301 Łódź",
    "ΑΘΗΝΑ ™ Kaffee",
    "x" * 150,
    "",
    "a_b 3D-Druck",
    "Ünï " * 900,
    "２０ kg ﬁx",
)


@pytest.mark.django_db
@pytest.mark.parametrize("text", TEXTS)
def test_words_remembered_are_the_words_found(text: str) -> None:
    facts: dict[str, Any] = dict.fromkeys(("legal_name", "summary_en", "description_en", "legal_form", "sector", "licence"), "")
    facts |= dict.fromkeys(("keywords", "sectors", "activities", "cooperation", "sdgs", "sources", "networks"), [])
    facts |= {"name": text, "summary": f"{text} und mehr", "description": text.upper(), "founded": None, "is_demo": False}
    facts["places"] = [{"town": text[:50], "postcode": "20095", "region": "", "country": "DE", "lat": None, "lon": None}]
    shown, wording = portrait(facts, preparing.portrait.Terms([])), Wording()
    for _again in range(2):
        found = wording.of(preparing.portrait.texts(facts), preparing.portrait.tokens(facts, []))
        assert unpack(found.packed) == shown.words
        assert [set(part.split()) for part in (found.stems, found.of_name)] == [
            set(part.split()) for part in fulltext.stems_of(shown.words)
        ]
        assert sorted(found.counted) == sorted(preparing.portrait.counted(shown.words))
        assert {word: wording.shown[word] for word in found.counted}.keys() == shown.spelled.keys()


@pytest.mark.django_db
def test_the_command_says_how_fast_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_synthetic", "40", "--seed", "9")
    assert "40 organisations written" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("load_synthetic", "50", "--seed", "9")
    with pytest.raises(CommandError):
        call_command("load_synthetic", "0")


# ------------------------------------------------------------------------------------------------------- when it dies

MOMENTS = {
    "the rows of the directory": ("filling._placed", 2),
    "the full text": ("filling._count", 2),
    "between two transactions": ("bulk._note", 3),
    "before the indexes": ("bulk.bulk.create_indexes", 0),
    "after the indexes": ("bulk.fulltext.merge", 0),
}
CHILD = """
import os, signal, sys
import django
django.setup()
from allmende.atlas import bulk, filling
bulk.PART, bulk.TOGETHER, bulk.BULK_FROM = 150, 2, 1
path, left = sys.argv[1].split("."), int(sys.argv[2])
place = {"bulk": bulk, "filling": filling}[path[0]]
for name in path[1:-1]:
    place = getattr(place, name)
original = getattr(place, path[-1])
def and_die(*args, **options):
    global left
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return original(*args, **options)
setattr(place, path[-1], and_die)
bulk.load(900, 5, processes=int(sys.argv[3]))
"""


def environment() -> dict[str, str]:
    held = connection.settings_dict
    address = f"sqlite:///{held['NAME']}"
    if connection.vendor != "sqlite":
        address = f"postgres://{held['USER']}:{held['PASSWORD']}@{quote(str(held['HOST']), safe='')}:{held['PORT']}/{held['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "allmende.config.settings", "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
        "ALLMENDE_TESTING": "1", "ALLMENDE_VAR": str(settings.VAR), "ALLMENDE_DATABASE_URL": address,
    }  # fmt: skip


def load_elsewhere(moment: str, left: int, processes: int = 0) -> int:
    command = [sys.executable, "-c", CHILD, moment, str(left), str(processes)]
    child = subprocess.run(command, env=environment(), capture_output=True, timeout=120, check=False)
    assert child.returncode in {0, -signal.SIGKILL}, child.stderr.decode()
    return child.returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_whenever_it_dies_the_house_is_whole_and_the_same_load_goes_on(moment: str) -> None:
    assert load_elsewhere(*MOMENTS[moment]) == -signal.SIGKILL
    there = Organisation.objects.count()
    assert there % 300 == 0 and there == Entry.objects.count() == RevisionSet.objects.get(report__profile="synthetic").report["written"]
    assert actions.verify() == []
    with translation.override("en"), pytest.raises(Refused, match="finish it first"):
        load(400, seed=SEED + 1)
    assert load(900) == 900 - there
    assert (Organisation.objects.count(), Entry.objects.count(), actions.verify()) == (900, 900, [])
    with connection.cursor() as cursor:
        assert any(one["columns"] == ["sort_name"] for one in connection.introspection.get_constraints(cursor, "atlas_entry").values())


@pytest.mark.django_db(transaction=True)
def test_helpers_prepare_the_same_rows() -> None:
    assert load_elsewhere("bulk._sources", 99, processes=2) == 0
    there = house()
    assert len(there["entries"]) == 900 and actions.verify() == []
    Line.objects.all().delete()
    call_command("flush", interactive=False, verbosity=0)
    fulltext.clear()
    snapshot.forget()
    vocabulary.forget()
    assert load(900) == 900
    again = house()
    for name in there.keys() - {"found"}:  # terms have other numbers now, which questions keep in memory
        assert again[name] == there[name], name
