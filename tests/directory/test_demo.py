"""The demo network is loaded once, whole, and claims nothing for anybody."""

import json

import pytest
from django.utils import timezone

from allmende.directory.demo import load
from allmende.directory.models import Confirmation, Kind, Organisation, Place, Record, Revision, RevisionSet
from allmende.directory.rules import Freshness, freshness
from allmende.ground.models import Entry

REAL = json.loads((load.FOLDER / "organisations.json").read_text(encoding="utf-8"))["organisations"]
INVENTED = json.loads((load.FOLDER / "invented.json").read_text(encoding="utf-8"))["organisations"]

pytestmark = pytest.mark.django_db


def test_it_is_loaded_once_and_the_second_run_changes_nothing() -> None:
    assert load.load() == len(REAL) + len(INVENTED) + 1
    before = (Organisation.objects.count(), Place.objects.count(), Revision.objects.count(), Entry.objects.count())
    assert load.load() == 0
    assert (Organisation.objects.count(), Place.objects.count(), Revision.objects.count(), Entry.objects.count()) == before


def test_nothing_is_said_in_the_name_of_real_organisations() -> None:
    load.load()
    real = Organisation.objects.filter(is_demo=False)
    assert real.count() == len(REAL)
    assert not Confirmation.objects.filter(organisation__in=real).exists()
    assert set(real.values_list("licence", flat=True)) == {"CC0-1.0"}


def test_every_invented_entry_says_so() -> None:
    load.load()
    invented = Organisation.objects.filter(is_demo=True).exclude(kind=Kind.NETWORK)
    assert invented.count() == 6
    assert all(entry.name.endswith("(Demo)") and entry.summary.startswith("Erfundenes Beispiel") for entry in invented)
    assert all(entry.summary_en.startswith("Invented example") for entry in invented)
    assert [entry.slug for entry in invented.filter(places=None)] == ["demo-datengarten"]


def test_every_level_of_freshness_can_be_seen() -> None:
    load.load()
    now = timezone.now()
    invented = Organisation.objects.filter(is_demo=True).exclude(kind=Kind.NETWORK).prefetch_related("confirmations")
    seen = {freshness(max((one.at for one in entry.confirmations.all()), default=None), now) for entry in invented}
    assert seen == set(Freshness)


def test_every_entry_has_its_source_its_revision_and_one_line_in_the_trail() -> None:
    load.load()
    total = Organisation.objects.count()
    assert Record.objects.filter(source__key="demo", licence="CC0-1.0").count() == total
    assert Revision.objects.filter(set=RevisionSet.objects.get()).count() == total
    line = Entry.objects.get(verb="directory.organisations_changed")
    assert sorted(line.facts["organisations"]) == sorted(Organisation.objects.values_list("pk", flat=True))


def test_no_point_is_more_exact_than_our_data() -> None:
    load.load()
    assert set(Place.objects.values_list("precision", flat=True)) == {"postcode", "town", ""}
    assert not Place.objects.filter(precision="postcode").exclude(country="DE").exists()
    assert not Place.objects.filter(precision="postcode", postcode="").exists()


def test_the_network_has_the_members_its_file_names() -> None:
    load.load()
    network = Organisation.objects.get(slug=load.network_slug())
    expected = sorted(row["slug"] for row in (*REAL, *INVENTED) if row["in_network"])
    assert sorted(network.belongings.values_list("member__slug", flat=True)) == expected


def test_the_revision_speaks_as_the_export_does() -> None:
    load.load()
    after = Revision.objects.get(organisation__slug="demo-lieferkollektiv-windschatten").after
    assert (after["sectors"], after["activities"], after["sdgs"], after["places"][0]["precision"]) == (
        ["digital", "mobility"], ["cycling"], [8, 11], "postcode",
    )  # fmt: skip


def test_an_address_that_is_taken_stays_with_its_owner() -> None:
    mine = Organisation.objects.create(slug=REAL[0]["slug"], name="Schon da")
    assert load.load() == len(REAL) + len(INVENTED)
    mine.refresh_from_db()
    assert mine.name == "Schon da"
