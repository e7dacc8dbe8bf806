"""What this room knows of a person comes out, and is forgotten with them."""

import pytest

from allmende.freshness import actions
from allmende.freshness.models import Gone, Question
from allmende.people import personal
from tests.freshness.ways import asked, kept, question, steward
from tests.people.ways import person

pytestmark = pytest.mark.django_db


def test_questions_and_ends_come_out() -> None:
    item = kept()
    asked(item)
    actions.say_gone(question(item), year=2024, word="Vorbei")
    [row] = personal.AREAS["freshness-questions"].rows(person())
    assert (row["entry"], row["number"], row["answer"]) == ("alte-muehle-eg", 1, "gone")
    [end] = personal.AREAS["freshness-ends"].rows(person())
    assert (end["year"], end["word"]) == (2024, "Vorbei")
    assert personal.AREAS["freshness-questions"].rows(person("fremd@example.org")) == []


def test_whoever_goes_leaves_no_trace_in_questions() -> None:
    item = kept()
    steward(item, person("eda@example.org"))
    asked(item)
    for email in ("anna@example.org", "eda@example.org"):  # two of one round, both without a person afterwards
        personal.FORGETS["freshness"][1](person(email))
        person(email).delete()
    assert list(Question.objects.values_list("person", "address")) == [(None, ""), (None, "")]
    assert Gone.objects.count() == 0
