"""Looking back: who sees what of it, that nothing hidden ever shows, differences in words, and the way back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory import actions
from allmende.directory.importers import undoing
from allmende.directory.models import DataRules, Organisation, Revision, RevisionSet, Role, RulesState, State
from allmende.directory.queries import newest_revision
from allmende.editing import differences, queries, rules
from allmende.people.models import Person
from allmende.people.queries import GUEST
from tests.cast import organisation, source
from tests.editing.cast import looks_after, mill, person, place, signed_in

pytestmark = pytest.mark.django_db
HISTORY = "/o/alte-muehle-eg/verlauf/"


@pytest.fixture
def muehle(db: None) -> Organisation:
    return mill(visibility={})


@pytest.fixture
def anna(muehle: Organisation) -> Person:
    anna = person("anna")
    looks_after(anna, muehle)
    return anna


def edit(item: Organisation, by: Person, reason: str = "", **said: Any) -> Revision:
    made = actions.edit_organisation(item, said, by=by, base=newest_revision(item.pk), reason=reason)
    assert made is not None
    return made


def read(client: Client, address: str = HISTORY) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def whole(client: Client) -> str:
    """The history with every revision opened that this client is shown."""
    page = read(client)
    numbers = [one.pk for one in Revision.objects.all() if f"{HISTORY}{one.pk}/" in page]
    return page + "".join(read(client, f"{HISTORY}{number}/") for number in numbers)


def test_the_history_of_what_one_may_not_see_is_not_there(client: Client) -> None:
    draft = mill(State.DRAFT)
    number = newest_revision(draft.pk)
    for address in (HISTORY, f"{HISTORY}{number}/"):
        assert client.get(address).status_code == 404
        assert signed_in(person(f"fremd{len(address)}")).get(address).status_code == 404


def test_a_revision_of_another_entry_is_not_there(client: Client, muehle: Organisation, anna: Person) -> None:
    other = actions.create_organisation({"name": "Andere"}, by=anna, state=State.PUBLISHED)
    assert client.get(f"{HISTORY}{newest_revision(other.pk)}/").status_code == 404


def test_everybody_reads_when_what_and_why_but_no_name(client: Client, muehle: Organisation, anna: Person) -> None:
    edit(muehle, anna, "Wir backen jetzt auch", summary="Mehl und Brot")
    page = whole(client)
    assert "Wir backen jetzt auch" in page and "Brot" in page
    assert "Anna" not in page and "anna@" not in page
    team = whole(signed_in(anna))
    assert "Anna" in team


def test_the_hands_behind_changes_have_words(muehle: Organisation, anna: Person) -> None:
    house, stranger = person("haus", is_caretaker=True), person("fremd")
    edit(muehle, anna, summary="eins")
    edit(muehle, house, summary="zwei")
    for by, before in ((stranger, {"name": "x"}), (None, {"name": "y"})):
        Revision.objects.create(organisation=muehle, set=RevisionSet.objects.create(by=by), before=before, after={"name": "z"})
    imported = RevisionSet.objects.create(source=source("coops-uk"))
    Revision.objects.create(organisation=muehle, set=imported, before={"name": "a"}, after={"name": "b"})
    found = queries.read(anna, muehle, queries.changes(anna, muehle))
    assert [(one.who, one.name) for one in found] == [
        ("import", ""), ("gone", ""), ("outside", "Fremd"), ("caretakers", "Haus"), ("team", "Anna"), ("outside", ""),
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- leaks

# Single words: differences are told word by word.
OLD = ("alt@privat.example", "0171000111", "Hinterhof", "Geheimregister", "Altgeheimnis", "anna@muehle.example")


def test_no_old_address_number_or_hidden_field_ever_shows(client: Client, muehle: Organisation, anna: Person) -> None:
    hidden = {"email": "stewards", "phone": "stewards", "address": "network", "register": "members", "description": "stewards"}
    private = {"email": OLD[0], "phone": OLD[1], "register": OLD[3], "description": OLD[4]}
    edit(muehle, anna, visibility=hidden)
    edit(muehle, anna, "geheimer Grund", **private, places=[place("Ulm", street=OLD[2], is_seat=True)])
    edit(
        muehle,
        anna,
        email="neu@muehle.example",
        phone="0421 9",
        description="Für alle",
        places=[place("Ulm", street="Marktplatz", is_seat=True)],
    )
    edit(muehle, anna, register="GnR 8")
    edit(muehle, anna, visibility=dict.fromkeys(hidden, "public"))
    edit(muehle, anna, register="GnR 9", email="drei@muehle.example")
    foreign, member = person("frank"), person("mia")
    looks_after(foreign, organisation("Andere eG"))
    looks_after(member, muehle, Role.MEMBER)
    for viewer in (client, signed_in(foreign)):
        page = whole(viewer)
        assert [one for one in (*OLD, "neu@muehle.example", "drei@muehle.example", "geheimer Grund", "Marktplatz") if one in page] == []
        assert "GnR 9" in page
    page = whole(signed_in(member))
    assert "Geheimregister" in page and "alt@privat.example" not in page and "0171000111" not in page
    team = whole(signed_in(anna))
    assert [one for one in OLD if one not in team] == []


def test_what_was_hidden_today_is_gone_from_the_past_too(client: Client, muehle: Organisation, anna: Person) -> None:
    edit(muehle, anna, website="https://frueher.example")
    assert "frueher.example" in whole(client)
    edit(muehle, anna, visibility={"website": "network"})
    assert "frueher.example" not in whole(client)


def test_the_data_rules_of_the_day_count_as_well(client: Client, muehle: Organisation, anna: Person) -> None:
    now = timezone.now()
    strict, wide = {"website": "stewards"}, {"website": "public"}
    DataRules.objects.create(version=1, state=RulesState.REPLACED, text_de="…", defaults=strict, decided_at=now - timedelta(hours=2))
    DataRules.objects.create(version=2, state=RulesState.ADOPTED, text_de="…", defaults=wide, decided_at=now - timedelta(minutes=5))
    made = edit(muehle, anna, website="https://frueher.example")
    RevisionSet.objects.filter(pk=made.set_id).update(at=now - timedelta(hours=1))
    edit(muehle, anna, founded=1991)
    assert "frueher.example" not in whole(client)


def test_drafts_and_times_off_the_map_stay_with_the_team(client: Client) -> None:
    item, house = mill(State.DRAFT), person("haus", is_caretaker=True)
    edit(item, house, "Entwurf", summary="Unfertig")
    actions.publish_organisation(item, by=house, reason="passt")
    edit(item, house, summary="Fertig")
    actions.archive_organisation(item, by=house, reason="Streit im Vorstand")
    edit(item, house, summary="Abseits")
    actions.publish_organisation(item, by=house)
    page = whole(client)
    assert "Fertig" in page and "Abseits" not in page.replace("Fertig", "")
    assert [one for one in ("Entwurf</p>", "Streit im Vorstand", "Mehl für alle") if one in page] == []
    assert "Streit im Vorstand" in whole(signed_in(house))


def test_what_may_be_seen_is_a_rule_of_plain_values() -> None:
    step = rules.Step
    steps = [
        step(4, False, (None, None), (None, None), None),
        step(3, False, (None, None), ({"phone": "public"}, {}), None),
        step(2, False, ("draft", "published"), (None, None), None),
        step(1, True, (None, None), (None, None), None),
    ]
    found = rules.sights(steps, circle="public", state="published", visibility={"founded": "members"}, ruled=None)
    assert sorted(found) == [2, 3, 4]
    assert found[2].state_only and not found[3].state_only
    assert {"email", "phone", "founded", "visibility"} <= found[4].without
    assert rules.without({"email": "a", "name": "b"}, found[4]) == {"name": "b"}


# ---------------------------------------------------------------------------------------------------------- differences


def test_differences_are_said_in_words() -> None:
    mill()
    before = {
        "kind": "cooperative",
        "activities": ["bakery"],
        "visibility": {},
        "founded": None,
        "languages": ["de"],
        "summary": "Mehl für alle",
    }
    after = {
        "kind": "company",
        "activities": ["mill"],
        "visibility": {"email": "public"},
        "founded": 1990,
        "languages": [],
        "summary": "Brot für alle",
    }
    found = {one.name: [tuple(part) for part in one.parts] for one in differences.differences(before, after)}
    assert found["kind"] == [("gone", "Genossenschaft"), ("new", "Unternehmen")]
    assert found["activities"] == [("gone", "Bäckerei, "), ("new", "Mühle")]
    assert found["founded"] == [("new", "1990")]
    assert found["languages"] == [("gone", "Deutsch")]
    assert found["summary"] == [("gone", "Mehl"), ("new", "Brot"), ("same", " für alle")]
    assert len(found["visibility"]) == 1 and found["visibility"][0][0] == "new"


def test_places_are_said_as_addresses() -> None:
    old, new = place("Bremen", street="Weg 1"), place("Bremen", street="Weg 2")
    (one,) = differences.differences({"places": [old]}, {"places": [new]})
    assert "".join(part.text for part in one.parts if part.how != "new") == "Weg 1, Bremen, Deutschland"
    assert ("new", "2,") in [tuple(part) for part in one.parts]


def test_a_seat_is_told_when_it_moved_and_not_when_its_address_was_mended(muehle: Organisation, anna: Person) -> None:
    edit(muehle, anna, places=[place("Bremen", street="Weg 1", is_seat=True), place("Kiel")])
    mended = edit(muehle, anna, places=[place("Bremen", street="Weg 2", is_seat=True), place("Kiel")])
    moved = edit(muehle, anna, places=[place("Bremen", street="Weg 2"), place("Kiel", is_seat=True)])
    assert [one.name for one in differences.differences(mended.before, mended.after)] == ["places"]
    (one,) = differences.differences(moved.before, moved.after)
    assert [part.text for part in one.parts] == ["Weg 2, Bremen, Deutschland", "Kiel, Deutschland"]


def test_a_text_of_a_million_letters_is_not_compared_word_by_word() -> None:
    parts = differences.word_parts("a b " * 5_000, "b c " * 5_000)
    assert [one.how for one in parts] == ["gone", "new"]


def test_html_in_old_values_stays_text(client: Client, muehle: Organisation) -> None:
    made = RevisionSet.objects.create(reason="<b>fett</b>")
    Revision.objects.create(organisation=muehle, set=made, before={"summary": "<script>1</script>"}, after={"summary": "<img onerror=1>"})
    page = whole(client)
    assert "<script>1" not in page and "<img onerror" not in page and "<b>fett" not in page


# -------------------------------------------------------------------------------------------------------------- way back


def test_only_who_may_edit_goes_back(muehle: Organisation, anna: Person) -> None:
    first = newest_revision(muehle.pk)
    edit(muehle, anna, summary="Unsinn", places=[])
    back = f"{HISTORY}{first}/wiederherstellen/"
    assert Client().post(back).status_code == 302
    assert signed_in(person("fremd")).post(back).status_code == 403
    client = signed_in(anna)
    page = read(client, back)
    assert "Unsinn" in page and "Mehl" in page
    assert undoing.said(muehle.pk)["summary"] == "Unsinn"  # looking changes nothing
    assert client.post(back, {"reason": "versehentlich"}).status_code == 302
    now = undoing.said(muehle.pk)
    assert (now["summary"], len(now["places"])) == ("Mehl für alle", 3)
    assert "versehentlich" in read(client)


def test_caretakers_find_the_way_to_take_an_import_back(muehle: Organisation, anna: Person) -> None:
    made = RevisionSet.objects.create(source=source("coops-uk"))
    one = Revision.objects.create(organisation=muehle, set=made, before={"summary": "a"}, after={"summary": "b"})
    wanted = f"/verwaltung/directory/revisionset/{made.pk}/"
    assert wanted in read(signed_in(person("haus", is_caretaker=True)), f"{HISTORY}{one.pk}/")
    assert wanted not in read(signed_in(anna), f"{HISTORY}{one.pk}/")


def test_a_long_history_has_pages_and_no_more_questions(
    client: Client, muehle: Organisation, anna: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        edit(muehle, anna, summary=f"Fassung {number}")
    with django_assert_max_num_queries(20):
        page = read(client)
    assert page.count(f'href="{HISTORY}') >= 20 and "Fassung" not in page
    assert read(client, f"{HISTORY}?seite=2").count(f'<a href="{HISTORY}') == 6
    assert client.get(f"{HISTORY}?seite=x").status_code == 200


def test_the_history_of_a_merged_entry_leads_to_the_other(client: Client, muehle: Organisation) -> None:
    into = organisation("Große Mühle eG")
    Organisation.objects.filter(pk=muehle.pk).update(state=State.MERGED, merged_into=into)
    assert client.get(HISTORY)["Location"] == "/o/grosse-muehle-eg/verlauf/"


def test_a_guest_gets_no_cookie(client: Client, muehle: Organisation) -> None:
    assert not client.get(HISTORY).cookies
    assert queries.sights(GUEST, muehle) is not None
