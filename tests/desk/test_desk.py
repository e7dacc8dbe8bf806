"""The caretakers' desk: who may come near, that everything that waits is there, and that a button settles it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.desk import queries
from allmende.desk.models import Looked
from allmende.desk.sources import SOURCES
from allmende.directory.models import Caretaking, Organisation, Place, RevisionSet, State
from allmende.duplicates.models import Pair
from allmende.ground.models import Job
from allmende.people.models import Person
from allmende.stewards.models import Claim
from allmende.suggestions.models import Suggestion
from tests.cast import HAMBURG, WIEN, organisation, term

pytestmark = pytest.mark.django_db


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name, **more)


@pytest.fixture
def house() -> Person:
    return person("haus", is_caretaker=True)


def of(country: str, **more: Any) -> Person:
    someone = person(f"kuemmert-{country}")
    Caretaking.objects.create(person=someone, country=country, **more)
    return someone


def in_vienna(name: str) -> Organisation:
    item = organisation(name, "Wien", WIEN, country="AT")
    Place.objects.filter(organisation=item).update(region="Wien")
    return item


def a_bit_of_everything() -> Organisation:
    item, other = organisation("Warten eG", "Hamburg", HAMBURG, sector="food"), in_vienna("Anderswo")
    now = timezone.now()
    Claim.objects.create(organisation=item, person=person("will"), proof="granted", opened_at=now)
    Suggestion.objects.create(organisation=item, kind="change", fields={"summary": "Neu"}, opened_at=now)
    one, two = sorted((item, other), key=lambda each: each.pk)
    Pair.objects.create(one=one, other=two, judgement="same", score=0.9, found_by="scan", found_at=now)
    RevisionSet.objects.create(reason="datei.csv", report={"rejected": 3, "read": 9})
    return item


def kinds(viewer: Person, area: Any = None) -> dict[str, int]:
    return {source.key: number for source, number in queries.counts(viewer, area)}


PAGES = ["/pflege/", "/pflege/hintergrund/", "/pflege/wer/"]


@pytest.mark.parametrize("path", PAGES)
def test_guests_are_asked_to_sign_in_and_strangers_find_nothing(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(person("fremd"))
    assert client.get(path).status_code == 404


def test_caretakers_of_a_region_see_the_desk_but_not_the_house(client: Client) -> None:
    client.force_login(of("AT"))
    assert [client.get(path).status_code for path in PAGES] == [200, 404, 404]


def test_everything_that_waits_is_there(client: Client, house: Person) -> None:
    a_bit_of_everything()
    found = kinds(house)
    assert found["claims"] == found["suggestions"] == found["duplicates"] == found["imports"] == 1
    assert found["ownerless"] == 2
    client.force_login(house)
    page = client.get("/pflege/").content.decode()
    assert "Warten eG" in page and "datei.csv" in page and "Anderswo" in page


def test_a_region_or_sector_narrows_it_down(client: Client, house: Person) -> None:
    a_bit_of_everything()
    assert "claims" not in kinds(house, queries.area_of("AT", "", ""))
    assert kinds(house, queries.area_of("AT", "Wien", ""))["ownerless"] == 1
    assert kinds(house, queries.area_of("", "", "food"))["claims"] == 1
    assert kinds(house, queries.area_of("XX", "", "")) == {}
    client.force_login(house)
    assert "Warten eG" not in client.get("/pflege/?where=AT&kind=ownerless").content.decode()
    assert client.get("/pflege/?where=%00&sector=" + "x" * 999 + "&kind=nichts&page=99").status_code in (200, 400)


def test_those_of_another_region_see_only_theirs() -> None:
    a_bit_of_everything()
    found = kinds(of("AT"))
    assert (found.get("claims"), found["ownerless"], found.get("imports")) == (None, 1, None)


def test_an_import_that_was_looked_at_waits_no_more(client: Client, house: Person) -> None:
    RevisionSet.objects.create(reason="datei.csv", report={"rejected": 3})
    pk = RevisionSet.objects.get().pk
    client.force_login(of("AT"))
    assert client.post(f"/pflege/import/{pk}/gesehen/").status_code == 404
    client.force_login(house)
    for _twice in range(2):
        assert client.post(f"/pflege/import/{pk}/gesehen/").status_code == 302
    assert (Looked.objects.count(), kinds(house)) == (1, {})


def test_waiting_times_are_told(house: Person) -> None:
    item, now = organisation("Eins"), timezone.now()
    for days in (2, 4, 9):
        opened = now - timedelta(days=days)
        Claim.objects.create(
            organisation=item, person=person(f"p{days}"), proof="granted", state="refused", opened_at=opened, decided_at=now, reason="Nein"
        )
    assert [(one.decided, one.median_days, one.longest_days) for one in queries.waits(now)] == [(3, 4.0, 9.0)]


@pytest.mark.parametrize("rows", [1, 3])
def test_more_rows_ask_no_more_questions(client: Client, house: Person, rows: int, django_assert_max_num_queries: Any) -> None:
    for number in range(rows):
        item = organisation(f"Nummer {number}", "Hamburg", HAMBURG)
        Claim.objects.create(organisation=item, person=person(f"w{number}"), proof="granted", opened_at=timezone.now())
    client.force_login(house)
    client.get("/pflege/")
    with django_assert_max_num_queries(62):
        client.get("/pflege/")


def test_failures_are_shown_and_tried_again_or_given_up(client: Client, house: Person) -> None:
    for _twice in range(2):
        DBTaskResult.objects.create(
            status="FAILED",
            args_kwargs={"args": [1], "kwargs": {}},
            task_path="allmende.commons.tasks.tell_of_rules",
            backend_name="default",
            run_after=timezone.now(),
            finished_at=timezone.now(),
            exception_class_path="builtins.ValueError",
            traceback="kaputt",
            worker_ids=["a"],
        )
    first, second = DBTaskResult.objects.values_list("pk", flat=True)
    client.force_login(of("AT"))
    assert client.post(f"/pflege/hintergrund/{first}/", {"what": "retry"}).status_code == 404
    client.force_login(house)
    assert "kaputt" in client.get("/pflege/hintergrund/").content.decode()
    assert client.post(f"/pflege/hintergrund/{first}/", {"what": "retry"}).status_code == 302
    assert client.post(f"/pflege/hintergrund/{second}/", {"what": "discard"}).status_code == 302
    assert DBTaskResult.objects.filter(status="FAILED").count() == 0
    assert client.post(f"/pflege/hintergrund/{first}/", {"what": "retry"}).status_code == 409


def test_the_jobs_of_all_rooms_are_shown_though_only_the_worker_knows_them(client: Client, house: Person) -> None:
    for name in ("known.to_the_worker", "another.of_its_jobs"):
        Job.objects.create(name=name)
    client.force_login(house)
    text = client.get("/pflege/hintergrund/").content.decode()
    assert 0 < text.find("another.of_its_jobs") < text.find("known.to_the_worker")


def test_caretakers_are_named_and_released(client: Client, house: Person) -> None:
    term("sector", "food")
    in_vienna("Anderswo")
    client.force_login(house)
    assert client.post("/pflege/wer/", {"email": "niemand@example.org"}).status_code == 422
    person("anna")
    assert client.post("/pflege/wer/", {"email": "anna@example.org", "where": "AT:Wien", "sector": "food"}).status_code == 302
    made = Caretaking.objects.get()
    assert (made.country, made.region, made.sector.key if made.sector else "") == ("AT", "Wien", "food")
    assert "anna" in client.get("/pflege/wer/").content.decode()
    assert client.post(f"/pflege/wer/{made.pk}/beenden/").status_code == 302
    assert not Caretaking.objects.exists()


def test_every_kind_says_what_it_is() -> None:
    assert len({source.key for source in SOURCES}) == len(SOURCES)
    assert all(str(source.label) and str(source.hint) for source in SOURCES)


def test_drafts_wait_only_for_those_of_their_area() -> None:
    item = in_vienna("Entwurf")
    Organisation.objects.filter(pk=item.pk).update(state=State.DRAFT)
    assert "ownerless" not in kinds(of("DE"))
