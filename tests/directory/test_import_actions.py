"""Whole imports: twice, later, killed, undone; what a steward edited stays."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from allmende.directory import actions, importers, taxonomy
from allmende.directory.export import organisation as export
from allmende.directory.importers import batches, running
from allmende.directory.importers.report import Report
from allmende.directory.importers.running import Task
from allmende.directory.models import Belonging, Confirmation, Organisation, Place, Record, Revision, RevisionSet, Source, State
from allmende.directory.queries import whole
from allmende.directory.tables import COLUMNS, to_row
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Person
from allmende.people.queries import service

FIXTURES = Path(__file__).parent / "fixtures"
pytestmark = pytest.mark.django_db


def bring(profile: str, path: Path, **options: Any) -> Report:
    return actions.import_drafts(Task(importers.profile(profile), path, **options), by=service("import"))


def fixture(profile: str, name: str, **options: Any) -> Report:
    return bring(profile, FIXTURES / name, **options)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.read, report.new, report.updated, report.unchanged, report.rejected


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows of (id, name, town, website) as a Standard CSV."""

    def write(*rows: tuple[str, str, str, str], name: str = "t.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Identifier", "Name", "Street Address", "Locality", "Postcode", "Primary Activity", "Country ID", "Website"])
            writer.writerows([[one, name, "", town, "", "ICA210", "GB", website] for one, name, town, website in rows])
        return path

    return write


def test_a_stranger_may_not_import() -> None:
    stranger = Person.objects.create_user("fremd@example.org")
    with pytest.raises(NotAllowed):
        actions.import_drafts(Task(importers.profile("sea-standard"), FIXTURES / "standard.csv"), by=stranger)
    assert not RevisionSet.objects.exists()


def test_the_second_run_changes_nothing() -> None:
    first = fixture("sea-standard", "standard.csv")
    assert counts(first) == (7, 3, 0, 0, 4)
    before = {one.pk: (one.slug, one.changed_at) for one in Organisation.objects.all()}
    second = fixture("sea-standard", "standard.csv")
    assert counts(second) == (7, 0, 0, 3, 4)
    assert {one.pk: (one.slug, one.changed_at) for one in Organisation.objects.all()} == before
    assert Revision.objects.count() == 3
    assert Entry.objects.filter(verb="directory.organisations_changed").count() == 1


def test_licence_and_source_stay_with_every_record() -> None:
    fixture("sea-standard", "standard.csv")
    assert set(Record.objects.values_list("source__key", "licence", "source__attribution")) == {
        ("coops-uk", "ODC-By-1.0", "Contains information from Co-operatives UK, made available under the ODC Attribution License")
    }


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    report = fixture("sea-standard", "standard.csv", dry_run=True)
    assert counts(report) == (7, 3, 0, 0, 4)
    assert not (Organisation.objects.exists() or Record.objects.exists() or RevisionSet.objects.exists() or Entry.objects.exists())


def test_a_later_file_updates_marks_what_vanished_and_welcomes_what_returns(table: Any) -> None:
    bring("sea-standard", table(("1", "Anna", "Leeds", ""), ("2", "Ben", "York", "")))
    later = bring("sea-standard", table(("1", "Anna Ltd", "Leeds", "http://anna.example"), ("3", "Cem", "Hull", "")))
    assert (counts(later), later.gone) == ((2, 1, 1, 0, 0), 1)
    anna = Organisation.objects.get(records__remote_id="1")
    assert (anna.name, anna.slug, anna.website) == ("Anna Ltd", "anna", "http://anna.example")
    assert Record.objects.get(remote_id="2").gone_at is not None
    assert Organisation.objects.get(records__remote_id="2").state == State.PUBLISHED
    anna_now = ("1", "Anna Ltd", "Leeds", "http://anna.example")
    again = bring("sea-standard", table(anna_now, ("2", "Ben", "York", ""), ("3", "Cem", "Hull", "")))
    assert (counts(again), again.returned, again.gone) == ((3, 0, 0, 3, 0), 1, 0)
    assert Record.objects.get(remote_id="2").gone_at is None


def test_a_part_of_a_file_marks_nothing_as_vanished(table: Any) -> None:
    bring("sea-standard", table(("1", "Anna", "Leeds", ""), ("2", "Ben", "York", "")))
    path = table(("1", "Anna", "Leeds", ""), ("3", "Cem", "Hull", ""))
    assert bring("sea-standard", path, limit=1).gone == 0
    assert bring("sea-standard", path, whole=False).gone == 0
    assert bring("sea-standard", path).gone == 1


def test_a_refused_row_has_not_vanished(table: Any) -> None:
    bring("sea-standard", table(("1", "Anna", "Leeds", ""), ("2", "Ben", "York", "")))
    report = bring("sea-standard", table(("1", "", "Leeds", ""), ("2", "Ben", "York", "")))
    assert (counts(report), report.gone) == ((2, 0, 0, 1, 1), 0)


def test_what_somebody_edited_the_source_no_longer_writes(table: Any) -> None:
    bring("sea-standard", table(("1", "Anna", "Leeds", "http://old.example")))
    Organisation.objects.update(website="https://ours.example")
    Place.objects.update(street="7 New Street")
    bring("sea-standard", table(("1", "Anna Ltd", "York", "http://new.example")))
    anna = Organisation.objects.get()
    assert (anna.name, anna.website) == ("Anna Ltd", "https://ours.example")
    assert [(place.street, place.town) for place in anna.places.all()] == [("7 New Street", "Leeds")]


def test_a_file_has_no_say_on_fields_it_does_not_have() -> None:
    fixture("coops-uk-2017", "coops2017.csv")
    report = fixture("sea-standard", "standard.csv")
    assert counts(report) == (7, 2, 1, 0, 4)
    teapot = Organisation.objects.get(records__remote_id="T1")
    assert (teapot.name, teapot.founded, teapot.legal_name) == ("Teapot Co-operative", 1963, "Teapot Co-operative Limited")
    assert [(place.town, place.precision) for place in teapot.places.all()] == [("Leeds", "postcode")]


def test_equal_names_get_the_town_then_numbers(table: Any) -> None:
    annas = [(str(number), "Anna", "Leeds", "") for number in range(4)]
    bring("sea-standard", table(*annas, ("x", "Αθήνα", "", ""), ("y", "Αθήνα", "", "")))
    slugs = list(Organisation.objects.order_by("records__remote_id").values_list("slug", flat=True))
    assert slugs == ["anna", "anna-leeds", "anna-leeds-2", "anna-leeds-3", "eintrag", "eintrag-2"]


def test_outlets_are_places_of_their_organisation_and_only_once() -> None:
    fixture("sea-standard", "standard.csv")
    first = fixture("coops-uk-2017-outlets", "outlets.csv")
    assert (counts(first), first.joined) == ((2, 1, 0, 0, 1), 1)
    assert counts(fixture("coops-uk-2017-outlets", "outlets.csv")) == (2, 0, 0, 1, 1)
    places = Organisation.objects.get(slug="teapot-co-operative").places.all()
    assert [(place.label, place.town, place.is_seat) for place in places] == [("", "Leeds", True), ("Teapot North", "York", False)]


def test_buildings_find_their_owner_by_wikidata_operator_or_name() -> None:
    fixture("swiss-housing", "swiss_owners.json")
    report = fixture("swiss-housing-buildings", "swiss_buildings.geojson")
    assert counts(report) == (4, 3, 0, 0, 1)
    assert [(reject.line, reject.remote_id, reject.field) for reject in report.rejects] == [(3, "way/3", "owner")]
    assert sorted(Organisation.objects.values_list("name", "places__street")) == [
        ("Coopérative Exemple", ""),
        ("Coopérative Exemple", "Rue Modèle 2"),
        ("Genossenschaft Musterhof", "Hofweg 1, 3"),
    ]


def test_a_killed_import_leaves_whole_batches_and_the_next_run_completes_it(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    path = table(*((str(number), f"Coop {number}", "Leeds", "") for number in range(5)))

    def die(report: Report) -> None:
        if report.read >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring("sea-standard", path, on_progress=die)
    assert (Organisation.objects.count(), Record.objects.count(), Revision.objects.count(), Place.objects.count()) == (4, 4, 4, 4)
    assert RevisionSet.objects.get().report["state"] == "running"
    assert counts(bring("sea-standard", path)) == (5, 1, 0, 4, 0)
    assert Organisation.objects.count() == Record.objects.count() == 5


def test_a_row_the_database_refuses_does_not_take_others_with_it(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    create = batches._create

    def refuse(run: Any, drafts: Any) -> Any:
        if any(draft.remote_id == "2" for draft in drafts):
            raise DatabaseError("too odd")
        return create(run, drafts)

    monkeypatch.setattr(batches, "_create", refuse)
    report = bring("sea-standard", table(*((str(number), f"Coop {number}", "", "") for number in range(5))))
    assert counts(report) == (5, 4, 0, 0, 1)
    assert [(reject.line, reject.remote_id) for reject in report.rejects] == [(4, "2")]


def test_undoing_archives_the_new_restores_the_changed_and_leaves_what_was_edited(table: Any) -> None:
    bring("sea-standard", table(("1", "Anna", "Leeds", ""), ("2", "Ben", "York", ""), ("4", "Dora", "Bath", "")))
    report = bring("sea-standard", table(("1", "Anna Ltd", "Hull", ""), ("2", "Ben Ltd", "York", ""), ("3", "Cem", "Hull", "")))
    Organisation.objects.filter(records__remote_id="2").update(name="Ben eG")
    revision_set = RevisionSet.objects.get(pk=report.revision_set)
    actions.undo_import(revision_set, by=service("import"))
    found = {one.records.get().remote_id: (one.name, one.state, one.places.get().town) for one in Organisation.objects.all()}
    assert found == {
        "1": ("Anna", "published", "Leeds"),
        "2": ("Ben eG", "published", "York"),
        "3": ("Cem", "archived", "Hull"),
        "4": ("Dora", "published", "Bath"),
    }
    assert not Record.objects.exclude(gone_at=None).exists()
    with pytest.raises(Refused):
        actions.undo_import(revision_set, by=service("import"))


def test_an_undone_import_can_be_made_again(table: Any) -> None:
    bring("sea-standard", table(("1", "Anna", "Leeds", "")))
    path = table(("1", "Anna Ltd", "Hull", ""), ("3", "Cem", "Hull", ""))
    report = bring("sea-standard", path)
    actions.undo_import(RevisionSet.objects.get(pk=report.revision_set), by=service("import"))
    assert counts(bring("sea-standard", path)) == (2, 0, 2, 0, 0)
    found = {one.records.get().remote_id: (one.name, one.state, one.places.get().town) for one in Organisation.objects.all()}
    assert found == {"1": ("Anna Ltd", "published", "Hull"), "3": ("Cem", "published", "Hull")}


def test_undone_outlets_are_gone_and_come_back() -> None:
    fixture("sea-standard", "standard.csv")
    report = fixture("coops-uk-2017-outlets", "outlets.csv")
    actions.undo_import(RevisionSet.objects.get(pk=report.revision_set), by=service("import"))
    assert Place.objects.filter(label="Teapot North").count() == 0
    fixture("coops-uk-2017-outlets", "outlets.csv")
    assert Place.objects.filter(label="Teapot North").count() == 1


def rich() -> Organisation:
    """An entry with everything an export can say."""
    taxonomy.ensure()
    item = Organisation.objects.create(
        name="Beispiel; eG",
        slug="beispiel-eg-berlin",
        legal_name="Beispiel Genossenschaft eG",
        summary="Kurz.",
        description="Lang\nund breit",
        summary_en="Short.",
        description_en="Long",
        keywords=["a;b", "c\\d"],
        languages=["de", "en"],
        founded=1999,
        ended=2020,
        website="https://beispiel.example",
        email="post@beispiel.example",
        phone="030 1",
        visibility={"email": "public"},
        register="GnR 1",
        same_as=["https://www.wikidata.org/wiki/Q990009"],
        legal_form=taxonomy.by_key("legal_form", "eg"),
        sector=taxonomy.by_key("sector", "digital"),
    )
    item.terms.set([taxonomy.by_key("sector", "digital"), taxonomy.by_key("sector", "energy"), taxonomy.by_key("sdg", "7")])
    Place.objects.create(organisation=item, town="Berlin", country="DE", lat=52.5, lon=13.4, precision="town", is_seat=True)
    Place.objects.create(organisation=item, label="Lager", street="Weg 1", position=1)
    now = timezone.now()
    held = Source.objects.create(key="register", name="Register", licence="ODbL-1.0", attribution="© Register", share_alike=True)
    where = {"remote_id": "r1", "url": "https://r.example/1", "licence": "ODbL-1.0"}
    Record.objects.create(source=held, organisation=item, digest="", retrieved_at=now, seen_at=now, **where)
    Confirmation.objects.create(organisation=item, at=now)
    network = Organisation.objects.create(name="Netz", slug="netz", kind="network")
    Belonging.objects.create(network=network, member=item)
    return item


def exported() -> list[dict[str, Any]]:
    return [export(one) for one in whole(Organisation.objects.order_by("name"))]


def write_csv(path: Path, entries: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *(to_row(entry) for entry in entries)])
    return path


def without_the_way(entry: dict[str, Any]) -> dict[str, Any]:
    """All but when it was written here, and that it came by our own export."""
    sources = [source for source in entry["sources"] if source["source"] != "allmende"]
    return {**entry, "sources": sources, "changed_at": ""}


@pytest.mark.parametrize("profile", ["allmende-csv", "allmende-geojson"])
def test_our_own_export_comes_back_without_loss(tmp_path: Path, profile: str) -> None:
    rich()
    before = exported()
    path = write_csv(tmp_path / "export.csv", before)
    if profile == "allmende-geojson":
        path = tmp_path / "export.geojson"
        features = [{"type": "Feature", "id": entry["id"], "geometry": None, "properties": entry} for entry in before]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    for model in (Record, Belonging, Organisation, RevisionSet, Source):
        model.objects.all().delete()
    assert counts(bring(profile, path)) == (2, 2, 0, 0, 0)
    assert [without_the_way(entry) for entry in exported()] == [without_the_way(entry) for entry in before]
    assert counts(bring(profile, path)) == (2, 0, 0, 2, 0)


def test_an_export_that_comes_home_finds_its_entries(tmp_path: Path) -> None:
    item = rich()
    entries = exported()
    report = bring("allmende-csv", write_csv(tmp_path / "export.csv", entries))
    assert (counts(report), report.joined, Organisation.objects.count()) == ((2, 2, 0, 0, 0), 2, 2)
    item.refresh_from_db()
    assert (item.phone, item.visibility) == ("030 1", {"email": "public"})


def test_an_edited_export_writes_over_what_nobody_changed_since(tmp_path: Path) -> None:
    item = rich()
    entries = exported()
    for entry in entries:
        entry["summary"] = "Neu."
    Organisation.objects.filter(slug="netz").update(changed_at=timezone.now() + timedelta(hours=1), summary="Frisch.")
    bring("allmende-csv", write_csv(tmp_path / "export.csv", entries))
    item.refresh_from_db()
    assert (item.summary, Organisation.objects.get(slug="netz").summary) == ("Neu.", "Frisch.")


def test_a_caretaker_confirms_archives_and_publishes_and_a_stranger_does_not() -> None:
    item = Organisation.objects.create(name="Anna", slug="anna")
    caretaker = Person.objects.create_user("haus@example.org", is_caretaker=True)
    stranger = Person.objects.create_user("fremd@example.org")
    for action in (actions.confirm_organisation, actions.archive_organisation, actions.publish_organisation):
        with pytest.raises(NotAllowed):
            action(item, by=stranger)
    actions.confirm_organisation(item, by=caretaker)
    actions.archive_organisation(item, by=caretaker, reason="Weg")
    with pytest.raises(Refused):
        actions.confirm_organisation(item, by=caretaker)
    with pytest.raises(Refused):
        actions.archive_organisation(item, by=caretaker)
    actions.publish_organisation(item, by=caretaker)
    assert [(one.before, one.after) for one in Revision.objects.order_by("pk")] == [
        ({"state": "published"}, {"state": "archived"}),
        ({"state": "archived"}, {"state": "published"}),
    ]
    told = Entry.objects.filter(verb="directory.organisations_changed").order_by("pk")
    assert [entry.facts["what"] for entry in told] == ["confirmed", "archived", "published"]


def test_the_command_writes_a_report_and_a_file_of_refused_rows(tmp_path: Path) -> None:
    out = io.StringIO()
    rejects = tmp_path / "rejects.csv"
    call_command("import_file", "sea-standard", str(FIXTURES / "standard.csv"), rejects=rejects, language="en", stdout=out, verbosity=0)
    assert "refused                                           4" in out.getvalue()
    assert "website is not valid and was left out (first in line 4: update6)" in out.getvalue()
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    refused = [(row["line"], row["id"], row["field"]) for row in rows]
    assert refused == [("5", "T3", "name"), ("6", "", "id"), ("8", "T6", "lat/lon"), ("7", "T1", "id")]
    assert rows[2]["reason"] == "is impossible: 91.5, 8.0. Are latitude and longitude swapped?"


def test_the_command_can_be_told_to_read_a_file_only_once(table: Any) -> None:
    path = str(table(("1", "Anna", "Leeds", "")))
    for _ in range(2):
        call_command("import_file", "sea-standard", path, once=True, stdout=io.StringIO(), verbosity=0)
    assert RevisionSet.objects.count() == 1


def test_the_command_undoes_and_says_no_in_sentences(table: Any) -> None:
    report = bring("sea-standard", table(("1", "Anna", "Leeds", "")))
    call_command("import_file", undo=report.revision_set, stdout=io.StringIO())
    assert Organisation.objects.get().state == State.ARCHIVED
    for arguments in (["nope", "x.csv"], ["sea-standard", "x.csv"], ["osm-geojson", str(FIXTURES / "osm.geojson")], []):
        with pytest.raises(CommandError):
            call_command("import_file", *arguments, stdout=io.StringIO())


def test_a_new_source_needs_a_known_licence() -> None:
    with pytest.raises(BadInput):
        fixture("osm-geojson", "osm.geojson", source="neu")
    with pytest.raises(BadInput):
        fixture("osm-geojson", "osm.geojson", source="neu", licence="geheim")
    fixture("osm-geojson", "osm.geojson", source="neu", licence="ODbL-1.0")
    assert Source.objects.get(key="neu").share_alike


OWNERS = {"coops-uk-2017-outlets": "coops-uk-2017", "swiss-housing-buildings": "swiss-housing"}


@pytest.mark.parametrize("data_set", importers.DATA_SETS, ids=lambda one: str(one.file))
def test_the_real_files_are_read(shared_data: Path, data_set: importers.DataSet) -> None:
    if data_set.profile in OWNERS:
        owners = next(one for one in importers.DATA_SETS if one.profile == OWNERS[data_set.profile])
        bring(*_file(shared_data, owners), limit=60)
    profile, path = _file(shared_data, data_set)
    report = bring(profile, path, source=data_set.source, limit=60)
    assert report.read == 60
    assert report.new + report.rejected == 60
    again = bring(profile, path, source=data_set.source, limit=60)
    assert (again.new, again.updated, again.unchanged) == (0, 0, report.new)


def _file(shared_data: Path, data_set: importers.DataSet) -> tuple[str, Path]:
    return data_set.profile, shared_data / "directories" / data_set.file
