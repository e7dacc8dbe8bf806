"""Who may see and do what with pairs: the no first. Every door, every kind of viewer, and nothing of what somebody hides."""

from typing import Any

import pytest
from django.test import Client

from allmende.directory.models import Organisation, State
from allmende.duplicates import access, actions, queries
from allmende.duplicates.models import Merge, Pair
from allmende.people.models import Person
from allmende.people.queries import GUEST
from tests.cast import organisation
from tests.duplicates.cast import caretaker, caretaker_of, mills, pair, person, steward

pytestmark = pytest.mark.django_db

READING = ("", "{pair}/", "zusammengefuehrt/")
WRITING = (
    "{pair}/urteil/",
    "{pair}/antwort/",
    "{pair}/fragen/",
    "{pair}/zusammenfuehren/",
    "{pair}/wieder-oeffnen/",
    "zusammengefuehrt/{merge}/trennen/",
)
# What each viewer gets at each door: the list, the pair, the merges; then saying, answering, asking, merging, opening, undoing.
NOBODY, LOGIN = 404, 302
EXPECTED: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "guest": ((LOGIN,) * 3, (LOGIN,) * 6),
    "stranger": ((NOBODY,) * 3, (NOBODY,) * 6),
    "member": ((NOBODY,) * 3, (NOBODY,) * 6),
    "foreign steward": ((200, NOBODY, 200), (NOBODY,) * 6),
    "caretaker elsewhere": ((NOBODY,) * 3, (NOBODY,) * 6),
    "editor of one": ((200, 200, 200), (403, 403, 302, 403, 403, NOBODY)),
    "owner of one": ((200, 200, 200), (403, 302, 302, 403, 403, NOBODY)),
    "owner of both": ((200, 200, 200), (302, 302, 302, 302, 302, NOBODY)),
    "caretaker of the area": ((200, 200, 200), (302, 403, 302, 302, 302, 302)),
    "caretaker of the house": ((200, 200, 200), (302, 403, 302, 302, 302, 302)),
}


@pytest.fixture
def scene() -> dict[str, Any]:
    """Two mills in Berlin on the list, and a merge of two shops in Berlin."""
    one, other = mills()
    for entry in (one, other):
        entry.places.update(region="Berlin")
    left, right = organisation("Laden eG", "Berlin", (52.5, 13.4)), organisation("Laden", "Berlin", (52.5, 13.4))
    for entry in (left, right):
        entry.places.update(region="Berlin")
    haus = caretaker("hausmeister")
    merge = actions.merge_organisations(left, right, by=haus)
    return {
        "one": one,
        "other": other,
        "pair": pair(one, other),
        "merge": merge,
        "shop": organisation("Fremdes eG", "Hamburg", (53.5, 10.0)),
    }


def somebody(who: str, scene: dict[str, Any]) -> Person | None:
    one, other = scene["one"], scene["other"]
    if who == "guest":
        return None
    if who == "owner of both":
        found = steward("anna", one)
        return steward("", other, "owner", found)
    return {
        "stranger": lambda: person("fremd"),
        "member": lambda: steward("mia", one, "member"),
        "foreign steward": lambda: steward("frieda", scene["shop"]),
        "caretaker elsewhere": lambda: caretaker_of("karl", "AT"),
        "editor of one": lambda: steward("emil", one, "editor"),
        "owner of one": lambda: steward("anna", one),
        "caretaker of the area": lambda: caretaker_of("karla", "DE", "Berlin"),
        "caretaker of the house": lambda: caretaker("haus"),
    }[who]()


@pytest.mark.parametrize("who", EXPECTED)
def test_every_door_for_every_viewer(client: Client, scene: dict[str, Any], who: str) -> None:
    viewer = somebody(who, scene)
    if viewer:
        client.force_login(viewer)
    numbers = {"pair": scene["pair"].pk, "merge": scene["merge"].pk}
    reading = tuple(client.get(f"/dubletten/{door.format(**numbers)}").status_code for door in READING)
    form = {"saying": "different", "stays": scene["one"].pk, f"base-{scene['one'].pk}": 0, f"base-{scene['other'].pk}": 0}
    found = []
    for door in WRITING:
        Pair.objects.filter(pk=numbers["pair"]).update(state="open", decided_at=None, decided_by=None, asked_at=None)
        if "wieder" in door:
            Merge.objects.filter(pair=numbers["pair"]).delete()
            Organisation.objects.filter(pk=scene["other"].pk).update(state="published", merged_into=None)
        found.append(client.post(f"/dubletten/{door.format(**numbers)}", form).status_code)
    assert (reading, tuple(found)) == EXPECTED[who]


@pytest.mark.parametrize("who", [one for one, (_reading, writing) in EXPECTED.items() if 302 not in writing or one == "guest"])
def test_who_is_sent_away_has_changed_nothing(client: Client, scene: dict[str, Any], who: str) -> None:
    viewer = somebody(who, scene)
    if viewer:
        client.force_login(viewer)
    numbers = {"pair": scene["pair"].pk, "merge": scene["merge"].pk}
    for door in WRITING:
        client.post(f"/dubletten/{door.format(**numbers)}", {"saying": "different", "stays": scene["one"].pk})
    assert Pair.objects.get(pk=scene["pair"].pk).state == "open"
    assert Merge.objects.get().undone_at is None


@pytest.mark.parametrize("door", WRITING)
def test_writing_is_a_post(client: Client, scene: dict[str, Any], door: str) -> None:
    client.force_login(caretaker())
    assert client.get(f"/dubletten/{door.format(pair=scene['pair'].pk, merge=scene['merge'].pk)}").status_code == 405


@pytest.mark.parametrize("door", ["1000000/", "99999999999999999999/", "abc/"])
def test_what_is_not_there_is_not_there(client: Client, door: str) -> None:
    client.force_login(caretaker())
    assert client.get(f"/dubletten/{door}").status_code == 404


def test_a_blocked_person_and_a_guest_have_no_list(scene: dict[str, Any]) -> None:
    blocked = steward("anna", scene["one"])
    blocked.is_active = False
    assert [access.pairs_visible_to(who).count() for who in (GUEST, blocked)] == [0, 0]
    assert [access.merges_visible_to(who).count() for who in (GUEST, blocked)] == [0, 0]


def test_a_pair_with_another_ones_draft_is_not_shown(client: Client, scene: dict[str, Any]) -> None:
    Organisation.objects.filter(pk=scene["other"].pk).update(state=State.DRAFT)
    client.force_login(steward("anna", scene["one"]))
    assert client.get(f"/dubletten/{scene['pair'].pk}/").status_code == 404
    assert "Alte Mühle ≟" not in client.get("/dubletten/").content.decode()
    assert "dubletten" not in client.get("/o/alte-muehle-eg/").content.decode()
    client.force_login(steward("bodo", scene["other"]))
    assert client.get(f"/dubletten/{scene['pair'].pk}/").status_code == 200


def test_a_foreign_owner_sees_only_what_everybody_sees_of_the_other_entry(client: Client, scene: dict[str, Any]) -> None:
    one, other = scene["one"], scene["other"]
    secret = {
        "phone": "+49 30 7777777",
        "email": "geheim@example.org",
        "register": "GnR 4711",
        "founded": 1883,
        "website": "https://geheim.example.org",
    }
    hidden = dict.fromkeys((*secret, "address", "description"), "stewards")
    Organisation.objects.filter(pk=other.pk).update(**secret, description="Geheimes Wort", visibility=hidden)
    Organisation.objects.filter(pk=one.pk).update(phone=secret["phone"], website=secret["website"], register="GnR 0001")
    reasons = [
        ["phone_same", {}, 1],
        ["website_same", {"host": "geheim.example.org"}, 1],
        ["register_differs", {"one": "GnR 4711", "other": "GnR 0001"}, -1],
    ]
    Pair.objects.filter(pk=scene["pair"].pk).update(reasons=reasons)
    for who, sees in ((steward("anna", one), False), (caretaker("haus"), True)):
        client.force_login(who)
        for address in (f"/en/dubletten/{scene['pair'].pk}/", "/en/dubletten/"):
            page = client.get(address).content.decode()
            assert ("The same phone number" in page) is sees
            assert ("GnR 4711" in page) is sees
            assert sees or not any(word in page for word in ("Geheimes Wort", "geheim@", "1883", "geheim.example.org/"))


def test_the_address_of_the_other_entry_is_told_no_finer_than_its_town(client: Client, scene: dict[str, Any]) -> None:
    Organisation.objects.filter(pk=scene["other"].pk).update(visibility={"address": "stewards"})
    scene["other"].places.update(street="Geheimer Weg 9")
    client.force_login(steward("anna", scene["one"]))
    page = client.get(f"/dubletten/{scene['pair'].pk}/").content.decode()
    assert "Geheimer Weg" not in page and "Mühlenweg 3" in page


def test_what_waits_for_a_stranger_is_nothing(scene: dict[str, Any]) -> None:
    assert [queries.pairs_waiting(who).count() for who in (GUEST, person("fremd"))] == [0, 0]
