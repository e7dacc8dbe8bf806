"""The outbox: letters are written with the change they tell of, and say nothing they should not."""

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from allmende.ground import outbox, queue
from allmende.ground.models import Letter, LetterState
from allmende.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_letter_is_written_at_once_and_delivered_by_the_queue() -> None:
    anna = Person.objects.create_user("anna@example.org")
    letter = outbox.post("Anna@Example.org ", "Hallo", "Guten Tag.", kind="stewards.invited", about=anna, person=anna)
    assert (letter.to, letter.state, letter.about_kind, letter.about_id) == ("anna@example.org", "queued", "people.person", str(anna.pk))
    assert mail.outbox == []
    assert queue.run_all() == ["deliver"]
    assert [(one.subject, one.to) for one in mail.outbox] == [("Hallo", ["anna@example.org"])]
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.sent_at is not None) == (LetterState.SENT, 1, True)
