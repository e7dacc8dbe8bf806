"""A refusal shows the way back to where one came from, and never out of the house."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/boerse/?q=rad&page=2", "/boerse/?q=rad&amp;page=2"),
        ("http://testserver//evil.example/", "/%2Fevil.example/"),
        ("http://evil.example/boerse/", None),
        ("javascript:alert(1)", None),
        ("http://testserver/gibt-es-nicht/", None),
        ("", None),
        ("http://[x", None),
    ],
)
def test_the_way_back(client: Client, referer: str, back: str | None) -> None:
    answer = client.get("/gibt-es-nicht/", headers={"Referer": referer})
    found = re.search(r'<a class="go" href="([^"]*)">(?!.*start)', answer.content.decode())
    assert answer.status_code == 404
    assert (found[1] if found and found[1] != "/" else None) == back


def test_a_foreign_host_is_a_clear_no(client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example", "Referer": "http://evil.example/x/"}).status_code == 400
