"""What somebody could make the data cooperative do to others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.commons import actions
from allmende.ground.outbox import letters_to

pytestmark = pytest.mark.django_db


def test_nobody_sends_their_own_words_to_strangers_by_asking_for_data() -> None:
    said = {"who": "Gewinnspiel", "purpose": "Klick auf https://evil.example/", "fields": [], "email": "opfer@example.org"}
    actions.ask_for_data(said | {"until": timezone.localdate() + timedelta(days=30)}, language="de")
    letter = letters_to("opfer@example.org")[0]
    assert "evil.example" not in letter.subject + letter.body and "Gewinnspiel" not in letter.subject + letter.body
