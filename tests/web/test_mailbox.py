"""The mailbox of those who build: closed in every real house, clickable in development."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from allmende.ground import outbox

pytestmark = pytest.mark.django_db


def test_nobody_reads_letters_in_a_real_house(client: Client, admin_client: Client) -> None:
    letter = outbox.post("anna@example.org", "Hallo", "Text")
    for someone in (client, admin_client):
        assert [someone.get(address).status_code for address in ("/postkasten/", f"/postkasten/{letter.pk}/")] == [404, 404]


def test_an_empty_mailbox_says_what_will_come(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    assert "No letters yet." in client.get("/en/postkasten/").content.decode()


def test_builders_read_letters_and_follow_their_links(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    letter = outbox.post("anna@example.org", "Einladung <b>", f"Bitte hier weiter: {outbox.link('/o/x/')}", kind="stewards.invited")
    page = client.get("/en/postkasten/").content.decode()
    assert f'<a href="/en/postkasten/{letter.pk}/">Einladung &lt;b&gt;</a>' in page
    page = client.get(f"/en/postkasten/{letter.pk}/").content.decode()
    assert '<a href="http://localhost:8000/o/x/" rel="nofollow">http://localhost:8000/o/x/</a>' in page
    assert "stewards.invited" in page
    assert client.get(f"/en/postkasten/{letter.pk + 1}/").status_code == 404
    assert client.get(f"/en/postkasten/{10**30}/").status_code == 404


def test_many_letters_cost_as_many_questions_as_one(
    client: Client, settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.DEBUG = True
    for number in (1, 3):
        for _ in range(number):
            outbox.post("anna@example.org", "Hallo", "Text")
        with django_assert_num_queries(1):
            client.get("/postkasten/")
