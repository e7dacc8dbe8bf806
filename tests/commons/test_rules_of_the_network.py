"""Votes on the data rules: who may, when they count, and that what is adopted holds everywhere at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from allmende.atlas.models import Entry
from allmende.atlas.queries import spots
from allmende.commons import access, actions, queries, rules
from allmende.directory.models import Belonging, Bulk, DataRules, Organisation, Role, RulesState, Stewardship
from allmende.directory.rules import HIDEABLE
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Person
from tests.cast import HAMBURG, changed, organisation

pytestmark = pytest.mark.django_db


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name, **more)


def owner(item: Organisation, name: str, role: Role = Role.OWNER) -> Person:
    someone = person(name)
    Stewardship.objects.create(organisation=item, person=someone, role=role, proof="granted", since=timezone.now())
    return someone


def member(name: str, network: Organisation) -> Organisation:
    item = organisation(name, "Hamburg", HAMBURG)
    Belonging.objects.create(network=network, member=item)
    return item


@pytest.fixture
def network() -> Organisation:
    return organisation("Netz", kind="network")


def said(**defaults: str) -> dict[str, Any]:
    return {"text_de": "Regeln", "text_en": "", "reason": "Anlass", "licence": "CC0-1.0", "bulk": "everybody"} | {
        "defaults": dict(HIDEABLE) | defaults
    }


def opened(by: Person, **defaults: str) -> DataRules:
    proposed = actions.propose_rules(said(**defaults), by=by)
    return actions.open_rules(proposed, timezone.now() + timedelta(days=8), by=by)


def end(proposed: DataRules) -> DataRules:
    return actions.close_rules(proposed, timezone.now() + timedelta(days=9))


@pytest.mark.parametrize(
    ("votes", "adopted"),
    [
        ({}, False),
        ({"yes": 1}, True),
        ({"yes": 1, "no": 1}, False),
        ({"yes": 2, "no": 1}, True),
        ({"no": 1}, False),
        ({"abstain": 9}, False),
    ],
)
def test_more_yes_than_no_of_the_votes_cast(votes: dict[str, int], adopted: bool) -> None:
    assert rules.is_adopted(votes) is adopted


def test_only_owners_of_published_organisations_of_a_network_vote(network: Organisation) -> None:
    inside, outside = member("Drin", network), organisation("Draußen")
    draft = member("Entwurf", network)
    Organisation.objects.filter(pk=draft.pk).update(state="draft")
    anna, ben = owner(inside, "anna"), owner(inside, "ben", Role.EDITOR)
    clara, dora = owner(outside, "clara"), owner(draft, "dora")
    proposed = opened(anna)
    assert [list(access.votes_for(one)) for one in (anna, ben, clara, dora, AnonymousUser())] == [[inside], [], [], [], []]
    for one, whose in ((ben, inside), (clara, inside), (clara, outside), (dora, draft), (anna, outside)):
        with pytest.raises(NotAllowed):
            actions.vote_on_rules(proposed, whose, "yes", by=one)
    actions.vote_on_rules(proposed, inside, "no", by=anna)
    actions.vote_on_rules(proposed, inside, "yes", by=anna)
    assert queries.tally(proposed) == {"yes": 1, "no": 0, "abstain": 0}


def test_a_stranger_may_not_propose_and_a_second_version_waits(network: Organisation) -> None:
    anna = owner(member("Drin", network), "anna")
    with pytest.raises(NotAllowed):
        actions.propose_rules(said(), by=person("fremd"))
    opened(anna)
    second = actions.propose_rules(said(), by=anna)
    with pytest.raises(Refused):
        actions.open_rules(second, timezone.now() + timedelta(days=8), by=anna)
    ben = owner(member("Auch drin", network), "ben")
    with pytest.raises(NotAllowed):
        actions.edit_rules(second, said(), by=ben)


@pytest.mark.parametrize("days", [1, 6, 91])
def test_a_vote_is_neither_a_surprise_nor_endless(network: Organisation, days: int) -> None:
    anna = owner(member("Drin", network), "anna")
    proposed = actions.propose_rules(said(), by=anna)
    with pytest.raises(Refused):
        actions.open_rules(proposed, timezone.now() + timedelta(days=days), by=anna)
    assert DataRules.objects.get().state == RulesState.DRAFT


def test_words_are_fixed_once_the_vote_is_open_and_nobody_votes_too_late(network: Organisation) -> None:
    inside = member("Drin", network)
    anna = owner(inside, "anna")
    proposed = opened(anna)
    with pytest.raises(Refused):
        actions.edit_rules(proposed, said(), by=anna)
    assert actions.close_rules(proposed, timezone.now()).state == RulesState.OPEN
    assert end(proposed).state == RulesState.REJECTED
    with pytest.raises(Refused):
        actions.vote_on_rules(proposed, inside, "yes", by=anna)


def test_what_is_adopted_holds_on_page_api_map_and_search_at_once(client: Client, network: Organisation) -> None:
    inside = member("Drin", network)
    anna = owner(inside, "anna")
    chosen = member("Eigenwillig", network)
    Organisation.objects.filter(pk=inside.pk).update(description="Geheimwort", email="a@example.org")
    Organisation.objects.filter(pk=chosen.pk).update(description="Geheimwort", visibility={"description": "public"})
    changed(inside, chosen)
    proposed = opened(anna, description="stewards", email="public", address="network")
    actions.vote_on_rules(proposed, inside, "yes", by=anna)
    assert end(proposed).state == RulesState.ADOPTED
    found = client.get("/api/v1/organisations?q=Geheimwort").json()["items"]
    assert [one["name"] for one in found] == ["Eigenwillig"]
    page = client.get("/o/drin/").content.decode()
    assert "Geheimwort" not in page and "a@example.org" in page
    assert client.get("/o/drin.json").json()["places"][0]["precision"] == "town"
    ((lat, _lon),) = spots(Entry.objects.get(slug="drin"))
    assert abs(lat - HAMBURG[0]) > 0.000_01
    assert end(proposed).state == RulesState.ADOPTED  # counted once


def test_a_newer_version_takes_the_place_of_the_older_one(network: Organisation) -> None:
    assert actions.found_rules(said()) is not None
    assert actions.found_rules(said()) is None
    inside = member("Drin", network)
    anna = owner(inside, "anna")
    proposed = opened(anna)
    actions.vote_on_rules(proposed, inside, "yes", by=anna)
    end(proposed)
    assert list(DataRules.objects.order_by("version").values_list("version", "state")) == [(1, "replaced"), (2, "adopted")]


def test_a_crash_while_adopting_leaves_the_old_rules(network: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.found_rules(said())
    inside = member("Drin", network)
    anna = owner(inside, "anna")
    proposed = opened(anna, description="stewards")
    actions.vote_on_rules(proposed, inside, "yes", by=anna)

    def crash(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("allmende.atlas.actions.index", crash)
    with pytest.raises(RuntimeError):
        end(proposed)
    assert list(DataRules.objects.order_by("version").values_list("state", flat=True)) == ["adopted", "open"]


@pytest.mark.parametrize(("bulk", "guest", "stranger", "network_person"), [
    ("everybody", 200, 200, 200), ("network", 403, 403, 200), ("agreement", 403, 403, 403),
])  # fmt: skip
def test_who_may_take_everything(client: Client, network: Organisation, bulk: str, guest: int, stranger: int, network_person: int) -> None:
    anna = owner(member("Drin", network), "anna")
    actions.found_rules(said() | {"bulk": Bulk(bulk)})
    assert client.get("/daten/organisationen.csv").status_code == guest
    client.force_login(person("fremd"))
    assert client.get("/daten/organisationen.csv").status_code == stranger
    client.force_login(anna)
    assert client.get("/daten/organisationen.csv").status_code == network_person


def test_a_vote_goes_through_the_page(client: Client, network: Organisation) -> None:
    inside = member("Drin", network)
    anna = owner(inside, "anna")
    proposed = opened(anna)
    path = f"/datenregeln/{proposed.version}/"
    assert client.post(f"{path}abstimmen/", {"organisation": "drin", "choice": "yes"}).status_code == 302
    assert queries.tally(proposed)["yes"] == 0
    client.force_login(anna)
    assert "Drin" in client.get(path).content.decode()
    assert client.post(f"{path}abstimmen/", {"organisation": "netz", "choice": "yes"}).status_code == 404
    assert client.post(f"{path}abstimmen/", {"organisation": "drin", "choice": "vielleicht"}).status_code == 409
    assert client.post(f"{path}abstimmen/", {"organisation": "drin", "choice": "yes"}).status_code == 302
    assert queries.tally(proposed)["yes"] == 1


def test_a_version_is_proposed_and_put_to_the_vote_by_form(client: Client, network: Organisation) -> None:
    client.force_login(person("fremd"))
    assert client.get("/datenregeln/vorschlagen/").status_code == 404
    client.force_login(owner(member("Drin", network), "anna"))
    assert client.get("/datenregeln/vorschlagen/").status_code == 200
    form = {"text_de": "Neu", "reason": "Weil", "licence": "CC0-1.0", "bulk": "network"} | {f"see_{one}": "public" for one in HIDEABLE}
    assert client.post("/datenregeln/vorschlagen/", form | {"see_email": "alle"}).status_code == 422
    assert client.post("/datenregeln/vorschlagen/", form).headers["Location"] == "/datenregeln/1/"
    near, far = (timezone.localdate() + timedelta(days=days) for days in (2, 10))
    assert client.post("/datenregeln/1/oeffnen/", {"closes_on": near.isoformat()}).status_code == 409
    assert client.post("/datenregeln/1/oeffnen/", {"closes_on": far.isoformat()}).status_code == 302
    client.logout()
    assert client.get("/datenregeln/1/").status_code == 200


def test_a_draft_is_not_for_everybody(client: Client, network: Organisation) -> None:
    actions.propose_rules(said(), by=owner(member("Drin", network), "anna"))
    assert client.get("/datenregeln/1/").status_code == 404
    assert client.get("/datenregeln/").status_code == 200
