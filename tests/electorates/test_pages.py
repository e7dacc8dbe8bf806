"""The page of a roll: figures and the own line for members, names for offices, nothing for others."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from allmende.electorates import actions, queries
from tests import coops
from tests.electorates.scene import DAY, stage

pytestmark = pytest.mark.django_db


def page(client: Client, scene: Any, electorate: Any, who: Any, **asked: str) -> Any:
    """The answer this person gets."""
    if not isinstance(who, AnonymousUser):
        client.force_login(who)
    return client.get(reverse("electorates:electorate", args=[scene.coop.organisation.slug, electorate.uuid]), asked)


def test_members_see_figures_and_their_own_line_offices_the_names(client: Client) -> None:
    scene = stage()
    frozen = actions.freeze(actions.draft(scene.coop, {"kind": "everybody"}, DAY, by=scene.board), by=scene.board)
    assert page(client, scene, frozen, AnonymousUser()).status_code == 302
    assert page(client, scene, frozen, coops.person("stranger")).status_code == 404
    shown = page(client, scene, frozen, scene.people.anna)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Anna Ben" not in text
    assert frozen.voters_hash in text
    assert [one.reason for one in shown.context["mine"]] == ["member"]
    assert "Anna Ben" in page(client, scene, frozen, scene.board).content.decode()
    missing = page(client, scene, frozen, scene.board, liste="missing").content.decode()
    assert "Anna Ben" in missing
    assert "Anna Carla" not in missing


def test_a_draft_is_seen_by_those_who_prepare_it(client: Client) -> None:
    scene = stage()
    draft = actions.draft(scene.coop, {"kind": "everybody"}, DAY, by=scene.board)
    assert page(client, scene, draft, scene.people.anna).status_code == 404
    shown = page(client, scene, draft, scene.board, q="carla", liste="voters")
    assert [one.name for one in shown.context["pages"]] == ["Anna Carla"]
    assert page(client, scene, draft, scene.board, liste="kings", page="-4").status_code == 200


def test_a_roll_of_another_cooperative_is_not_found_here(client: Client) -> None:
    scene, other = stage(), coops.cooperative("Anderswo eG")
    roll = actions.draft(scene.coop, {"kind": "everybody"}, DAY, by=scene.board)
    client.force_login(scene.board)
    assert client.get(reverse("electorates:electorate", args=[other.organisation.slug, roll.uuid])).status_code == 404


def test_figures_say_who_votes_who_does_not_and_whom_no_ballot_reaches() -> None:
    scene = stage()
    said = queries.figures(actions.freeze(actions.draft(scene.coop, {"kind": "everybody"}, DAY, by=scene.board), by=scene.board))
    assert (said.voters, said.votes, said.without_ballot) == (3, 3, 1)
    assert [(one.label, one.voters, one.is_small) for one in said.groups] == [("Beschäftigte", 2, True), ("Partnerbetriebe", 1, True)]
    assert [one.voters for one in said.excluded] == [1, 1]
