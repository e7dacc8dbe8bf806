"""The component page shows what there is."""

import re

import pytest
from django.test import Client

from allmende.web.views import SPRITE, icons

pytestmark = pytest.mark.django_db


def test_all_icons_of_the_sprite_are_shown(client: Client) -> None:
    page = client.get("/bausteine/").content.decode()
    assert len(icons()) == SPRITE.read_text(encoding="utf-8").count('id="i-')
    assert all(f"#i-{name}" in page for name in icons())


def test_it_is_not_for_search_engines(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/bausteine/").content.decode()


def test_no_example_is_chosen_in_advance(client: Client) -> None:
    page = client.get("/bausteine/").content.decode()
    assert re.findall(r"<(?:input|option)[^>]*\s(?:checked|selected)\b", page) == []


def test_every_field_has_its_label_and_the_wrong_one_its_reason(client: Client) -> None:
    page = client.get("/bausteine/").content.decode()
    fields = re.findall(r'<(?:input class="input"|select|textarea)[^>]*\bid="(k\d)"', page)
    assert fields == ["k1", "k2", "k3", "k5"]
    assert all(f'<label for="{field}">' in page for field in fields)
    assert 'aria-invalid="true" aria-describedby="k2e"' in page
    assert '<span class="err" id="k2e">' in page
