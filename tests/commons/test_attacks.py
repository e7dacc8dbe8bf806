"""What somebody could make the data cooperative do to others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.commons import actions, queries
from allmende.duplicates import actions as duplicates
from allmende.ground.outbox import letters_to
from tests.cast import organisation
from tests.commons.test_requests_for_data import asked, caretaker, owner

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("winner", "loser", "after"), [
    ("agree", "object", "object"), (None, "object", "object"), ("agree", None, None), ("agree", "agree", "agree"), (None, "agree", None),
    ("object", "agree", "object"), (None, None, None),
])  # fmt: skip
def test_a_merge_hands_out_nothing_that_one_of_both_did_not_want(winner: str | None, loser: str | None, after: str | None) -> None:
    one, other, request = organisation("Eine eG"), organisation("Andere eG"), asked()
    people = {one: owner(one, "eins"), other: owner(other, "zwei")}
    for item, answer in ((one, winner), (other, loser)):
        if answer:
            actions.answer_request(request, item, answer, by=people[item])
    merge = duplicates.merge_organisations(one, other, by=(haus := caretaker()))
    assert queries.answers(request).get(one.pk) == after
    actions.answer_request(request, one, "agree", by=people[one])
    assert queries.answers(request)[one.pk] == "agree"  # said anew, for the whole
    duplicates.undo_merge(merge, by=haus)
    assert queries.answers(request).get(other.pk) == loser


def test_nobody_sends_their_own_words_to_strangers_by_asking_for_data() -> None:
    said = {"who": "Gewinnspiel", "purpose": "Klick auf https://evil.example/", "fields": [], "email": "opfer@example.org"}
    actions.ask_for_data(said | {"until": timezone.localdate() + timedelta(days=30)}, language="de")
    letter = letters_to("opfer@example.org")[0]
    assert "evil.example" not in letter.subject + letter.body and "Gewinnspiel" not in letter.subject + letter.body
