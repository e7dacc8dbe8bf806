"""Giving feedback, answering it, thanking, taking off; and who is told of what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.directory.models import Organisation, Role, State
from allmende.feedback import actions, queries
from allmende.feedback.actions.answering import Answer
from allmende.feedback.models import Invitation, Review, Round, Suggestion
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.projects.models import Project
from tests.feedback.cast import asked, end, given, project_of, said, steward

pytestmark = pytest.mark.django_db


def told(who: Person, kind: str = "feedback.") -> list[str]:
    return list(Notice.objects.filter(person=who, kind__startswith=kind).order_by("pk").values_list("subject", flat=True))


@pytest.fixture
def review(round_: Round, garden: Organisation, clara: Person) -> Review:
    return given(round_, garden, clara)


def test_feedback_is_kept_given_and_changed(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    draft = actions.keep_draft(round_, garden, said(), by=clara)
    assert (draft.state, draft.given_at, draft.version, told(anna)) == ("draft", None, 1, [])
    review = actions.give_review(round_, garden, said(version=1, suggestions=["", "Eins", " ", "Zwei"]), by=clara)
    assert (review.pk, review.state, review.version) == (draft.pk, "given", 2)
    assert list(review.suggestions.values_list("position", "text")) == [(1, "Eins"), (2, "Zwei")]
    assert told(anna) == ["New feedback on Kistenrad"]
    changed = actions.give_review(round_, garden, said(version=2, strengths="Anders."), by=clara)
    assert (changed.strengths, changed.given_at, told(anna)) == ("Anders.", review.given_at, ["New feedback on Kistenrad"])
    verbs = list(Entry.objects.filter(about=str(review.pk), kind="feedback.review").order_by("pk").values_list("verb", "facts"))
    assert verbs == [
        ("feedback.draft_kept", {"round": round_.pk, "suggestions": 2}),
        ("feedback.review_given", {"round": round_.pk, "suggestions": 2}),
        ("feedback.review_changed", {"round": round_.pk, "suggestions": 2}),
    ]


def test_an_empty_sheet_is_no_feedback_but_may_be_a_draft(round_: Round, garden: Organisation, clara: Person) -> None:
    empty = {"strengths": "", "open_questions": " ", "suggestions": [""], "answers": ["", ""]}
    with pytest.raises(BadInput, match="at least one sentence"):
        given(round_, garden, clara, **empty)
    assert actions.keep_draft(round_, garden, said(**empty), by=clara).state == "draft"


def test_who_was_not_asked_does_not_give(
    round_: Round, shop: Organisation, bakery: Organisation, garden: Organisation, anna: Person, dora: Person, hanna: Person
) -> None:
    for organisation, by in ((bakery, dora), (garden, dora), (shop, anna), (garden, anna), (None, hanna), (None, dora)):
        with pytest.raises(NotAllowed):
            given(round_, organisation, by)
    assert not Review.objects.exists()


def test_a_person_gives_in_their_own_name(shop: Organisation, anna: Person, hanna: Person) -> None:
    found = asked(project_of(shop, "public"), anna, is_open_to_all=True)
    with pytest.raises(BadInput, match="under which name"):
        given(found, None, hanna, person_name=" ")
    review = given(found, None, hanna, person_name="  Hanna \n aus Wien ")
    assert (review.person, review.organisation, review.person_name) == (hanna, None, "Hanna aus Wien")
    with pytest.raises(Refused, match="changed this meanwhile"):
        given(found, None, hanna, person_name="Zweite")  # there is only one voice for each


def test_two_at_once_do_not_overwrite_each_other(round_: Round, garden: Organisation, clara: Person) -> None:
    ben = steward(garden, "ben", Role.EDITOR)
    actions.keep_draft(round_, garden, said(), by=clara)
    with pytest.raises(Refused, match="changed this meanwhile"):
        actions.keep_draft(round_, garden, said(strengths="Bens Satz."), by=ben)
    assert Review.objects.get().strengths == "Trägt **sich** selbst."


def test_late_ones_are_told_what_they_can_do(round_: Round, garden: Organisation, clara: Person) -> None:
    end(round_)
    for attempt in (
        lambda: given(round_, garden, clara),
        lambda: actions.keep_draft(round_, garden, said(), by=clara),
        lambda: actions.decline_invitation(Invitation.objects.get(), by=clara),
    ):
        with pytest.raises(Refused, match=r"This round closed on .* Ask Hofladen Probe eG to open it again"):
            attempt()


def test_what_was_given_can_be_taken_back_and_thrown_away(review: Review, clara: Person, anna: Person) -> None:
    for stranger in (anna,):
        with pytest.raises(NotAllowed):
            actions.take_back_review(review, by=stranger)
        with pytest.raises(NotAllowed):
            actions.drop_draft(review, by=stranger)
    with pytest.raises(Refused, match="Take it back first"):
        actions.drop_draft(review, by=clara)
    draft = actions.take_back_review(review, by=clara)
    assert (draft.state, draft.given_at) == ("draft", None)
    with pytest.raises(Refused, match="not been given yet"):
        actions.take_back_review(review, by=clara)
    actions.drop_draft(draft, by=clara)
    assert not Review.objects.exists() and not Suggestion.objects.exists()


def test_an_invitation_is_declined_with_a_word_and_taken_up_after_all(
    round_: Round, garden: Organisation, clara: Person, anna: Person, dora: Person
) -> None:
    invitation = Invitation.objects.get()
    for stranger in (anna, dora):
        with pytest.raises(NotAllowed):
            actions.decline_invitation(invitation, by=stranger)
    actions.decline_invitation(invitation, word="Erntezeit.", by=clara)
    assert told(anna) == ["Garten Probe eG gives no feedback this time"]
    with pytest.raises(Refused, match="said no already"):
        actions.decline_invitation(invitation, by=clara)
    given(round_, garden, clara)
    invitation.refresh_from_db()
    assert (invitation.declined_at, invitation.word) == (None, "")
    with pytest.raises(Refused, match="given feedback already"):
        actions.decline_invitation(invitation, by=clara)


def test_each_suggestion_is_answered_and_the_giver_is_told(
    review: Review, round_: Round, garden: Organisation, anna: Person, clara: Person
) -> None:
    first, second = review.suggestions.all()
    answers = {first.pk: Answer("taken_up"), second.pk: Answer("later", "Nach der Wahl.")}
    with pytest.raises(NotAllowed):
        actions.answer_review(review, answers, by=clara)
    actions.answer_review(review, answers, reply="Wir fahren auch bei Regen.", thanks="Das half uns.", by=anna)
    review.refresh_from_db()
    assert list(review.suggestions.values_list("verdict", "because")) == [("taken_up", ""), ("later", "Nach der Wahl.")]
    assert (review.reply, review.thanks) == ("Wir fahren auch bei Regen.", "Das half uns.")
    assert told(clara, "feedback.answered") == ["What became of your feedback on Kistenrad"]
    text = Notice.objects.get(person=clara, kind="feedback.answered").text
    assert "Mit der Stadt reden\nlater: Nach der Wahl." in text and "Thanks: Das half uns." in text
    actions.answer_review(review, answers, reply=review.reply, thanks=review.thanks, by=anna)  # the same again is no news
    assert len(told(clara, "feedback.answered")) == 1
    actions.answer_review(review, {second.pk: Answer("taken_up", "Sie ist dabei.")}, by=anna)
    assert len(told(clara, "feedback.answered")) == 2
    with pytest.raises(Refused, match="begun to answer"):
        given(round_, garden, clara, version=review.version)
    with pytest.raises(Refused, match="begun to answer"):
        actions.take_back_review(review, by=clara)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer("no"), "Say why"),
        (Answer("later", ""), "Say why"),
        (Answer("perhaps", "x"), "Say what becomes"),
        (Answer("", "x"), "Say what becomes"),
    ],
)
def test_a_no_has_a_reason(review: Review, anna: Person, answer: Answer, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        actions.answer_review(review, {review.suggestions.all()[0].pk: answer}, by=anna)


def test_feedback_waits_until_every_suggestion_has_a_word(review: Review, anna: Person, clara: Person) -> None:
    first, second = review.suggestions.all()
    actions.answer_review(review, {first.pk: Answer("taken_up")}, thanks="Danke.", by=anna)
    assert (queries.reviews_waiting(anna), queries.reviews_waiting(clara)) == ([review], [])
    actions.answer_review(review, {second.pk: Answer("taken_up")}, by=anna)
    assert queries.reviews_waiting(anna) == []


def test_feedback_without_suggestions_waits_for_one_word(round_: Round, garden: Organisation, clara: Person, anna: Person) -> None:
    review = given(round_, garden, clara, suggestions=[])
    assert queries.reviews_waiting(anna) == [review]
    actions.answer_review(review, {}, reply="Ja.", by=anna)
    assert queries.reviews_waiting(anna) == []


def test_an_answer_is_not_taken_away_again(review: Review, anna: Person) -> None:
    one = review.suggestions.all()[0]
    actions.answer_review(review, {one.pk: Answer("no", "Zu teuer.")}, by=anna)
    with pytest.raises(BadInput):
        actions.answer_review(review, {one.pk: Answer("")}, by=anna)


def test_foreign_suggestions_are_not_answered(review: Review, anna: Person, bakery: Organisation, dora: Person, round_: Round) -> None:
    other = given(asked(round_.project, anna, bakery), bakery, dora)
    with pytest.raises(Refused, match="not there any more"):
        actions.answer_review(review, {other.suggestions.all()[0].pk: Answer("taken_up")}, by=anna)


def test_those_who_asked_hear_of_new_feedback_once_a_day(
    round_: Round, anna: Person, garden: Organisation, clara: Person, bakery: Organisation, dora: Person
) -> None:
    actions.invite_organisations(round_, [bakery], by=anna)
    given(round_, garden, clara)
    given(round_, bakery, dora)
    now = timezone.now()
    assert len(told(anna)) == 1 and actions.tell_news(now) == 0
    later = now + timedelta(days=1, minutes=1)
    assert actions.tell_news(later) == 1 and actions.tell_news(later) == 0
    assert Notice.objects.filter(person=anna).order_by("-pk")[0].text.startswith("1 new answer to your questions.")


def test_what_was_reported_is_taken_off_with_a_reason_and_put_back(
    review: Review, anna: Person, clara: Person, dora: Person, frida: Person
) -> None:
    from allmende.feedback import access
    from allmende.people import subjects

    subject = subjects.of(review)
    assert subject.hide is not None and subject.unhide is not None
    for nobody in (anna, clara, dora):
        with pytest.raises(NotAllowed):
            subject.hide(review, by=nobody, reason="Weil.")
    with pytest.raises(BadInput):
        subject.hide(review, by=frida, reason=" ")
    subject.hide(review, by=frida, reason="Beleidigt.")
    subject.hide(review, by=frida, reason="Noch einmal.")
    review.refresh_from_db()
    assert review.hidden_because == "Beleidigt."
    assert told(clara, "feedback.hidden") == told(anna, "feedback.hidden") == ["Taken off: feedback on Kistenrad"]
    Round.objects.update(readers="everybody")
    seen = [access.reviews_visible_to(one).filter(pk=review.pk).exists() for one in (dora, clara, anna, frida)]
    assert seen == [False, True, True, True]
    subject.unhide(review, by=frida)
    assert access.reviews_visible_to(dora).filter(pk=review.pk).exists()
    assert told(clara, "feedback.shown") == ["Back again: feedback on Kistenrad"]


def test_a_round_is_taken_off_too(round_: Round, clara: Person, dora: Person, anna: Person, frida: Person) -> None:
    from allmende.feedback import access

    actions.hide(round_, by=frida, reason="Werbung.")
    assert [access.rounds_visible_to(one).filter(pk=round_.pk).exists() for one in (clara, dora, anna, frida)] == [False, False, True, True]
    actions.unhide(round_, by=frida, reason="Doch nicht.")
    assert access.rounds_visible_to(dora).filter(pk=round_.pk).exists()


def test_giving_and_getting_are_counted_alphabetically(
    round_: Round, review: Review, anna: Person, clara: Person, dora: Person, hanna: Person, bakery: Organisation, garden: Organisation
) -> None:
    given(asked(round_.project, anna, bakery), bakery, dora)
    rows = [(one.organisation.name, one.given, one.received) for one in queries.balances(dora)]
    assert rows == [("Backstube Probe eG", 1, 0), ("Garten Probe eG", 1, 0), ("Hofladen Probe eG", 0, 2)]
    assert queries.balances(hanna) == []  # sees no project, learns no number
    mine, theirs = queries.balance_of(garden, clara), queries.balance_of(garden, dora)
    assert mine is not None and theirs is not None
    assert (mine.given, mine.seen, theirs.given, theirs.seen) == (1, [review], 1, [])  # numbers for all, words for some
    assert queries.balance_of(garden, hanna) is None


def test_the_sentence_about_suggestions(review: Review, anna: Person, round_: Round) -> None:
    from allmende.feedback.letters import became_sentence

    first, second = review.suggestions.all()
    assert became_sentence(queries.became_of(round_)) == "Of 2 suggestions 2 wait for an answer."
    actions.answer_review(review, {first.pk: Answer("taken_up"), second.pk: Answer("no", "Zu groß.")}, by=anna)
    assert became_sentence(queries.became_of(round_)) == "Of 2 suggestions 1 was taken up, 1 was not taken up."


def test_the_database_knows_the_rules_of_giving(review: Review, hanna: Person) -> None:
    for fields in ({"person_name": "x"}, {"person": hanna}, {"state": "draft"}, {"thanks": "x"}, {"reply": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**fields)
    for fields in (
        {"verdict": "no", "answered_at": timezone.now()},
        {"verdict": "taken_up"},
        {"because": "x"},
        {"text": ""},
        {"position": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suggestion.objects.filter(review=review, position=1).update(**fields)


def test_an_archived_organisation_leaves_its_words_without_its_name(
    review: Review, garden: Organisation, round_: Round, anna: Person
) -> None:
    Organisation.objects.filter(pk=garden.pk).update(state=State.ARCHIVED)
    assert [one.giver for one in queries.given_in(round_, anna)] == ["an organisation that is no longer listed"]
    assert [one.name for one in queries.asked_in(round_)] == ["an organisation that is no longer listed"]
    Project.objects.update(audience="public")
    assert "Garten" not in str(queries.balances(anna))


def test_those_who_judge_a_report_read_all_words(review: Review, round_: Round, anna: Person) -> None:
    from allmende.people import subjects

    actions.answer_review(review, {review.suggestions.all()[0].pk: Answer("no", "Zu klein.")}, reply="Doch.", thanks="Danke.", by=anna)
    review.refresh_from_db()
    assert subjects.of(review).words(review).split("\n\n") == [
        "Trägt **sich** selbst.", "Was ist bei Regen?", "500 Euro",
        "Erst im Kleinen\n→ Zu klein.", "Mit der Stadt reden", "Doch.", "Danke.",
    ]  # fmt: skip
    assert subjects.of(round_).words(round_).split("\n\n") == ["Worum es geht.", "Was kostet es?", "Wer macht mit?"]
