"""Addresses nobody links to."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import coops

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["9999-12-31", "x", "2026-02-30"])
def test_a_day_that_none_follows_is_no_day(client: Client, day: str) -> None:
    of = coops.cooperative()
    coops.statute(of)
    client.force_login(coops.office(of))
    assert client.get(reverse("leaving:settlements", args=[of.organisation.slug]), {"am": day}).status_code == 400
