"""What follows: merged entries, people who leave."""

import pytest

from allmende.directory.models import Organisation
from allmende.duplicates.actions.hanging import bring_rows_back, carry_rows
from allmende.feedback import access, actions, queries
from allmende.feedback.models import Invitation, Review, Round
from allmende.people import personal
from allmende.people.actions import erase
from allmende.people.models import Person
from tests.cast import organisation
from tests.feedback.cast import asked, given, member_of, project_of, said, steward

pytestmark = pytest.mark.django_db


def mine(rows: dict[str, list[int]]) -> dict[str, list[int]]:
    return {name: pks for name, pks in rows.items() if name.startswith("feedback.")}


def test_everything_follows_a_merged_entry_and_comes_back(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    review, twin = given(round_, garden, clara), organisation("Garten Zwilling eG")
    invitation = Invitation.objects.get()
    moved = carry_rows(twin, garden)
    assert mine(moved) == {"feedback.invitation.organisation": [invitation.pk], "feedback.review.organisation": [review.pk]}
    assert Review.objects.get().organisation == twin
    bring_rows_back(moved, twin, garden)
    assert (Review.objects.get().organisation, Invitation.objects.get().organisation) == (garden, garden)


def test_a_second_answer_to_the_same_round_stays_behind_and_is_unseen(
    round_: Round, garden: Organisation, clara: Person, anna: Person, network: Organisation
) -> None:
    twin = organisation("Garten Zwilling eG")
    member_of(network, twin)
    ben = steward(twin, "ben")
    actions.invite_organisations(round_, [twin], by=anna)
    given(round_, garden, clara)
    second = given(round_, twin, ben)
    assert mine(carry_rows(garden, twin)) == {}
    Organisation.objects.filter(pk=twin.pk).update(state="merged", merged_into=garden)
    assert [one.review.organisation for one in queries.given_in(round_, anna)] == [garden]
    assert queries.number_given(round_) == 1 and [one.name for one in queries.asked_in(round_)] == ["Garten Probe eG"]
    assert not access.reviews_visible_to(ben).filter(pk=second.pk).exists()


def test_rounds_follow_their_asker(round_: Round, shop: Organisation) -> None:
    twin = organisation("Hofladen Zwilling eG")
    assert mine(carry_rows(twin, shop)) == {"feedback.round.organisation": [round_.pk]}


def test_who_leaves_is_forgotten_and_the_words_stay(
    shop: Organisation, anna: Person, garden: Organisation, clara: Person, hanna: Person
) -> None:
    found = asked(project_of(shop, "public"), anna, garden, is_open_to_all=True)
    review = given(found, None, hanna, person_name="Hanna Heimlich")
    other = asked(project_of(shop, "public"), anna, is_open_to_all=True)
    actions.keep_draft(other, None, said(person_name="Hanna Heimlich"), by=hanna)
    assert [one.what for one in personal.kept(hanna) if "Feedback" in one.what] == ["Feedback you gave in your own name, without your name"]
    erase(hanna, by=hanna)
    assert Review.objects.count() == 1
    review.refresh_from_db()
    assert (review.person, review.person_name, review.by, review.strengths) == (None, "", None, "Trägt **sich** selbst.")
    assert queries.given_in(found, anna)[0].giver == "somebody who has left this house"


def test_what_an_organisation_gave_stays_without_who_wrote_it(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    steward(garden, "ben")
    given(round_, garden, clara)
    erase(clara, by=clara)
    assert (Review.objects.get().by, Review.objects.get().organisation) == (None, garden)
    actions.erase_person(anna)
    round_.refresh_from_db()
    assert round_.asked_by is None and Invitation.objects.get().invited_by is None


def test_the_export_holds_what_one_wrote(round_: Round, garden: Organisation, clara: Person, anna: Person, hanna: Person) -> None:
    given(round_, garden, clara)
    rows = personal.AREAS["feedback"].rows(clara)
    assert [(row["project"], row["for"], row["suggestions"]) for row in rows] == [
        ("Kistenrad", "Garten Probe eG", ["Erst im Kleinen", "Mit der Stadt reden"])
    ]
    assert personal.AREAS["feedback"].rows(hanna) == []
    assert [row["what"] for row in personal.AREAS["feedback-rounds"].rows(anna)] == ["round", "invited"]


def test_the_area_can_be_switched_off() -> None:
    assert "feedback" in personal.ANNOUNCED
