"""The links over the pages of a cooperative say where one is."""

import re

import pytest
from django.test import Client

from tests import coops

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "present"),
    [
        ("mitglieder/", ["mitglieder/", "mitglieder/"]),
        ("austritte/", ["mitglieder/", "austritte/"]),
        ("kasse/buchungen/", ["kasse/", "kasse/buchungen/"]),
        ("bank/lastschriften/", ["kasse/", "bank/lastschriften/"]),
        ("bank/auszahlungen/", ["kasse/", "kasse/auszahlungen/"]),
        ("ich/", ["ich/"]),
        ("ich/konto/", ["ich/"]),
        ("ich/kuendigen/", ["ich/"]),
        ("ich/anteile/", ["ich/"]),
        ("ich/beitraege/", ["ich/"]),
    ],
)
def test_one_link_of_each_row_is_the_present_one(page: str, present: list[str]) -> None:
    of = coops.cooperative()
    coops.statute(of)
    chair = coops.office(of)
    coops.member(of, chair, person=chair)
    client = Client()
    client.force_login(chair)
    answer = client.get(f"/genossenschaft/gartenwerk-eg/{page}").content.decode()
    assert re.findall(r'<a href="/genossenschaft/gartenwerk-eg/([^"]*)" aria-current="page"', answer) == present
