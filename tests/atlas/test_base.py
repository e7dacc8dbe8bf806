"""The large segment on the disk: what is in memory is what the files say, a kill leaves the old one, changes are followed from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allmende.atlas import actions, fulltext, queries
from allmende.atlas.clusters import clusters
from allmende.atlas.engine import base, snapshot
from allmende.atlas.models import Change
from allmende.atlas.rules import Box, Filters
from allmende.directory.models import Organisation
from tests import cast

pytestmark = pytest.mark.django_db
WORLD = Box(-180, -85, 180, 85)


@pytest.fixture(autouse=True)
def large_house(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every house is large enough for a base, and cells are taken from its counts wherever they may."""
    settings.VAR = tmp_path
    monkeypatch.setattr(base, "BASE_FROM", 1)
    monkeypatch.setattr("allmende.atlas.engine.piles.COUNTED_AT_ONCE", 0)
    yield
    base._loaded.cache_clear()


def names(**filters: object) -> list[str]:
    return [entry.name for entry in queries.search(Filters(**filters)).entries]  # type: ignore[arg-type]


def a_house() -> list[Organisation]:
    return [
        cast.organisation("Solar Berlin", "Berlin", cast.BERLIN, sector="energy"),
        cast.organisation("Acker Ulm", "Ulm", (48.4, 9.99), sector="food"),
        cast.organisation("Netz ohne Ort", "", sector="digital"),
    ]


def based() -> bool:
    """The index at hand stands on a base."""
    return any(part.is_base for part in snapshot.current().parts)


def test_a_house_read_from_its_base_answers_like_one_read_from_the_table() -> None:
    a_house()
    from_table = (names(), names(q="solar"), names(sector=("food",)), [pile.count for pile in clusters(Filters(), WORLD, 4)])
    assert not based()
    assert base.write() == 3
    snapshot.forget()
    from_base = (names(), names(q="solar"), names(sector=("food",)), [pile.count for pile in clusters(Filters(), WORLD, 4)])
    assert based() and from_base == from_table == (["Acker Ulm", "Netz ohne Ort", "Solar Berlin"], ["Solar Berlin"], ["Acker Ulm"], [1, 1])


def test_what_changes_after_a_base_is_followed_from_the_log() -> None:
    solar, acker, _ = a_house()
    base.write()
    snapshot.forget()
    Organisation.objects.filter(pk=acker.pk).update(state="archived")
    Organisation.objects.filter(pk=solar.pk).update(name="Wind Berlin")
    cast.changed(acker)
    cast.changed(solar)
    cast.organisation("Neu", "Hamburg", cast.HAMBURG)
    assert based() and names() == ["Netz ohne Ort", "Neu", "Wind Berlin"]
    assert (names(q="solar"), names(q="wind"), names(q="acker")) == ([], ["Wind Berlin"], [])
    assert sum(pile.count for pile in clusters(Filters(), WORLD, 2)) == 2


def test_a_cell_whose_places_are_all_gone_is_drawn_no_more() -> None:
    for item in a_house():
        Organisation.objects.filter(pk=item.pk).update(state="archived")
        base.write()
        cast.changed(item)
    assert clusters(Filters(), WORLD, 3) == [] and names() == []


@pytest.mark.parametrize("where", ["_save", "_point_to"])
def test_a_base_that_was_not_finished_is_none(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    a_house()
    base.write()
    old = base.current()
    cast.organisation("Neu", "Hamburg", cast.HAMBURG)
    with monkeypatch.context() as broken:
        broken.setattr(base, where, lambda *parts: (_ for _ in ()).throw(OSError("no power")))
        with pytest.raises(OSError, match="no power"):
            base.write()
    assert base.current() == old
    snapshot.forget()
    assert based() and "Neu" in names()
    base.write()
    assert old and not any(folder.is_dir() and folder not in {old.folder, base.current().folder} for folder in base.home().iterdir())  # type: ignore[union-attr]


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"format": 0, "number": 1, "nonce": 1, "folder": "x"}', '{"format": 2, "folder": "x"}'])
def test_a_word_about_the_base_that_cannot_be_read_is_as_if_there_were_none(said: str) -> None:
    a_house()
    base.home().mkdir(parents=True)
    (base.home() / "current.json").write_text(said)
    assert base.current() is None and len(names()) == 3


def test_a_base_of_another_database_or_of_a_step_undone_is_not_used() -> None:
    a_house()
    base.write()
    Change.objects.update(nonce=1)  # the numbers are the same, the steps are others
    snapshot.forget()
    assert not based() and len(names()) == 3


def test_a_log_that_does_not_reach_back_to_the_base_is_not_followed() -> None:
    a_house()
    base.write()
    cast.organisation("Neu", "Hamburg", cast.HAMBURG)
    cast.organisation("Neuer", "Hamburg", cast.HAMBURG)
    Change.objects.filter(number__in=list(Change.objects.order_by("-number").values_list("number", flat=True)[1:2])).delete()
    snapshot.forget()
    assert not based() and len(names()) == 5


def test_a_rebuilt_index_brings_its_base_along() -> None:
    a_house()
    base.write()
    old = base.current()
    actions.rebuild()
    assert base.current() != old
    assert names() == ["Acker Ulm", "Netz ohne Ort", "Solar Berlin"] and based()


def test_what_changes_while_the_base_of_a_rebuilt_index_is_made_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    solar, *_ = a_house()
    make = base.make

    def slowly(suffix: str = "") -> tuple[Path, int]:
        made = make(suffix)
        Organisation.objects.filter(pk=solar.pk).update(name="Wind Berlin")
        cast.changed(solar)
        cast.organisation("Neu", "Hamburg", cast.HAMBURG)
        return made

    monkeypatch.setattr(base, "make", slowly)
    actions.rebuild()
    assert names() == ["Acker Ulm", "Netz ohne Ort", "Neu", "Wind Berlin"] and based()
    assert (names(q="solar"), names(q="wind"), names(q="neu")) == ([], ["Wind Berlin"], ["Neu"])
    assert actions.verify() == []


def test_stems_kept_with_the_base_find_what_the_full_text_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    solar, *_ = a_house()
    cast.organisation("Solarpark Ulm", "Ulm", (48.4, 9.99), summary="Solar und Wind")
    monkeypatch.setattr("allmende.atlas.engine.choose.FEW_PLACES", 0)
    monkeypatch.setattr(base, "COMMON", 0.0)
    before = {q: names(q=q) for q in ("solar", "ulm", "wind", "solarpark", "solar ulm")}
    base.write()
    assert base.learn() > 0 and base.learn() == 0
    snapshot.forget()
    asked: list[fulltext.Question] = []
    hits = fulltext.hits
    monkeypatch.setattr(fulltext, "hits", lambda question, **more: asked.append(question) or hits(question, **more))
    assert {q: names(q=q) for q in before} == before
    assert based() and not any("solar" in group or "ulm" in group for question in asked for group in question)
    Organisation.objects.filter(pk=solar.pk).update(name="Wind Berlin")
    cast.changed(solar)
    assert (names(q="solar"), names(q="wind")) == (["Solarpark Ulm"], ["Wind Berlin", "Solarpark Ulm"])
