"""The caretakers' tables hold entries and words, never somebody's second factor or session; and a person without a name is a number."""

import pytest
from django.contrib import admin
from django.test import Client

from allmende.people.models import Person

pytestmark = pytest.mark.django_db


def test_no_table_of_a_library_can_be_browsed(client: Client) -> None:
    client.force_login(Person.objects.create_superuser("chef@example.org"))
    page = client.get("/verwaltung/")
    assert page.status_code == 200
    assert [model for model in admin.site._registry if not model.__module__.startswith("allmende.")] == []
    for path in ("mfa/authenticator", "account/emailaddress", "usersessions/usersession", "auth/group", "django_tasks_db/dbtaskresult"):
        assert client.get(f"/verwaltung/{path}/").status_code == 404


def test_a_person_without_a_name_is_never_told_by_address() -> None:
    someone = Person.objects.create_user("geheim@example.org")
    assert "geheim" not in str(someone) and str(someone.pk) in str(someone)
    someone.name = "Anna"
    assert str(someone) == "Anna"
