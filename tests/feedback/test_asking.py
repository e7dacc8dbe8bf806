"""Asking: opening, inviting, extending, closing, opening again; and what is due by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.directory.models import Organisation, Role, State
from allmende.feedback import actions, queries
from allmende.feedback.models import Invitation, Round
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.projects.models import Project
from tests.cast import organisation
from tests.feedback.cast import QUESTIONS, asked, end, given, project_of, steward

pytestmark = pytest.mark.django_db


def told(who: Person) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("pk").values_list("kind", flat=True))


def soon(days: float = 14) -> object:
    return timezone.now() + timedelta(days=days)


def test_a_round_is_opened_and_those_invited_are_told(project: Project, anna: Person, garden: Organisation, clara: Person) -> None:
    found = asked(project, anna, garden, garden)
    assert queries.questions(found) == QUESTIONS
    assert (found.state, found.readers, found.asked_by, found.invitations.count()) == ("open", "invited", anna, 1)
    assert told(clara) == ["feedback.invited"] and told(anna) == []
    notice = Notice.objects.get(person=clara)
    assert notice.subject == "You are asked for feedback: Kistenrad"
    assert notice.path == (f"/en/rueckmeldungen/{found.pk}/geben/?as={garden.pk}") and "Was kostet es?" in notice.text
    assert list(Entry.objects.filter(verb__startswith="feedback.").order_by("pk").values_list("verb", "facts")) == [
        ("feedback.round_opened", {"project": project.pk, "invited": 1}),
        ("feedback.organisation_invited", {"organisation": garden.pk}),
    ]


def test_strangers_and_members_do_not_ask(project: Project, shop: Organisation, dora: Person, garden: Organisation, clara: Person) -> None:
    for one in (dora, steward(shop, "emil", Role.MEMBER)):
        with pytest.raises(NotAllowed):
            asked(project, one, garden)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"asked": ["", " "]}, BadInput),
        ({"asked": ["x" * 201]}, BadInput),
        ({"days": 0.5}, BadInput),
        ({"days": 200}, BadInput),
    ],
)
def test_a_round_has_a_question_and_a_deadline(project: Project, anna: Person, more: dict[str, object], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        asked(project, anna, is_open_to_all=True, **more)  # type: ignore[arg-type]
    assert not Round.objects.exists()


def test_nobody_asks_nobody_or_about_what_nobody_sees(shop: Organisation, anna: Person) -> None:
    with pytest.raises(Refused, match="Invite somebody"):
        asked(project_of(shop), anna)
    for gone in ({"is_draft": True}, {"hidden_at": timezone.now()}):
        with pytest.raises(Refused, match="Publish the project first"):
            asked(project_of(shop, **gone), anna, is_open_to_all=True)


def test_five_rounds_a_day_are_enough(shop: Organisation, anna: Person) -> None:
    for number in range(4):
        asked(project_of(shop, title=f"Nummer {number}"), anna, is_open_to_all=True)
    last = asked(project_of(shop), anna, is_open_to_all=True)
    with pytest.raises(Refused, match="enough rounds"):
        asked(project_of(shop, title="Noch eins"), anna, is_open_to_all=True)
    Round.objects.filter(pk=last.pk).update(opened_at=timezone.now() - timedelta(days=1, minutes=1))
    asked(project_of(shop, title="Noch eins"), anna, is_open_to_all=True)


def test_only_those_can_be_invited_who_see_the_project_and_can_answer(
    shop: Organisation, anna: Person, garden: Organisation, clara: Person, bakery: Organisation
) -> None:
    project = project_of(shop, "chosen")
    with pytest.raises(Refused, match="Garten Probe eG does not see this project"):
        asked(project, anna, garden)
    project.chosen.add(garden, bakery)
    with pytest.raises(Refused, match="Nobody looks after the entry of Backstube Probe eG"):
        asked(project, anna, garden, bakery)
    with pytest.raises(Refused, match="Hofladen Probe eG asks itself"):
        asked(project, anna, shop)
    Organisation.objects.filter(pk=garden.pk).update(state=State.ARCHIVED)
    with pytest.raises(Refused, match="does not see"):
        asked(project, anna, garden)
    assert not Round.objects.exists()


def test_sixty_are_enough(project: Project, anna: Person) -> None:
    many = [Organisation(name=f"Nr {number}", slug=f"nr-{number}") for number in range(61)]
    Organisation.objects.bulk_create(many)
    with pytest.raises(Refused, match="at most 60"):
        asked(project, anna, *Organisation.objects.filter(slug__startswith="nr-"))


def test_questions_change_until_somebody_has_answered(round_: Round, anna: Person, garden: Organisation, clara: Person) -> None:
    words = {"asked": ["", "Neu?"], "text": "Anders.", "readers": "everybody", "is_open_to_all": False}
    found = actions.correct_round(round_, by=anna, **words)  # type: ignore[arg-type]
    assert (queries.questions(found), found.readers, found.text) == (["Neu?"], "everybody", "Anders.")
    given(found, garden, clara)
    with pytest.raises(Refused, match="Somebody has answered already"):
        actions.correct_round(found, by=anna, **(words | {"readers": "asker"}))  # type: ignore[arg-type]
    assert actions.correct_round(found, by=anna, **(words | {"text": "Noch anders."})).text == "Noch anders."  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.correct_round(found, by=clara, **words)  # type: ignore[arg-type]


def test_further_ones_are_invited_and_those_before_left_in_peace(round_: Round, anna: Person, garden: Organisation, clara: Person) -> None:
    mill = organisation("Mühle Probe eG")
    steward(mill, "ben")
    Project.objects.update(audience="public")
    new = actions.invite_organisations(round_, [garden, mill], by=anna)
    assert [one.organisation for one in new] == [mill] and told(clara) == ["feedback.invited"]
    with pytest.raises(NotAllowed):
        actions.invite_organisations(round_, [mill], by=clara)
    with pytest.raises(Refused, match="closed"):
        actions.invite_organisations(end(round_), [mill], by=anna)


def test_more_time_is_given_only_forwards_and_told_to_those_who_wait(
    round_: Round, anna: Person, garden: Organisation, clara: Person, bakery: Organisation, dora: Person
) -> None:
    actions.invite_organisations(round_, [bakery], by=anna)
    given(round_, garden, clara)
    Invitation.objects.update(reminded_on=timezone.localdate())
    with pytest.raises(BadInput, match="after the old one"):
        actions.extend_round(round_, soon(2), by=anna)  # type: ignore[arg-type]
    actions.extend_round(round_, soon(30), by=anna)  # type: ignore[arg-type]
    assert told(dora) == ["feedback.invited", "feedback.more_time"] and "feedback.more_time" not in told(clara)
    assert Invitation.objects.get(organisation=bakery).reminded_on is None  # reminded anew before the new end
    with pytest.raises(NotAllowed):
        actions.extend_round(round_, soon(40), by=clara)  # type: ignore[arg-type]


def test_the_deadline_closes_and_those_who_asked_hear_it(round_: Round, anna: Person, garden: Organisation, clara: Person) -> None:
    given(round_, garden, clara)
    assert actions.close_overdue(timezone.now()) == 0
    end(round_)
    assert actions.close_overdue(timezone.now()) == 1
    assert actions.close_overdue(timezone.now()) == 0
    round_.refresh_from_db()
    assert round_.state == "closed" and round_.closed_at is not None
    assert told(clara)[-1] == "feedback.closed" and told(anna)[-1] == "feedback.closed"
    text = Notice.objects.filter(person=clara).order_by("-pk")[0].text
    assert text == "1 gave feedback. Of 2 suggestions 2 wait for an answer."


def test_a_closed_round_opens_again_for_a_month(round_: Round, anna: Person) -> None:
    with pytest.raises(Refused, match="This round is open"):
        actions.reopen_round(round_, soon(), by=anna)  # type: ignore[arg-type]
    actions.reopen_round(end(round_), soon(), by=anna)  # type: ignore[arg-type] # the job has not been there yet
    round_.refresh_from_db()
    assert (round_.state, round_.closed_at) == ("open", None)
    actions.close_round(round_, by=anna)
    Round.objects.update(closed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused, match="more than 30 days ago"):
        actions.reopen_round(round_, soon(), by=anna)  # type: ignore[arg-type]


def test_what_came_out_of_it_is_told_once(round_: Round, anna: Person, garden: Organisation, clara: Person) -> None:
    given(round_, garden, clara)
    with pytest.raises(NotAllowed):
        actions.close_round(round_, word="x", by=clara)
    actions.close_round(round_, by=anna)
    with pytest.raises(Refused, match="closed already"):
        actions.close_round(round_, by=anna)
    actions.write_word(round_, "Wir fangen klein an.", by=anna)
    actions.write_word(round_, "Wir fangen sehr klein an.", by=anna)
    assert told(clara) == ["feedback.invited", "feedback.closed", "feedback.word_written"]
    assert "feedback.closed" not in told(anna)  # closed it themselves


def test_those_who_have_not_answered_are_reminded_once(
    round_: Round, anna: Person, garden: Organisation, clara: Person, bakery: Organisation, dora: Person
) -> None:
    actions.invite_organisations(round_, [bakery], by=anna)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=5))
    assert actions.remind(timezone.now()) == 0
    later = round_.deadline - timedelta(days=2)
    given(round_, garden, clara)
    assert [actions.remind(later), actions.remind(later)] == [1, 0]
    assert told(dora) == ["feedback.invited", "feedback.reminded"] and "feedback.reminded" not in told(clara)


def test_nobody_is_reminded_of_what_is_gone_declined_or_over(round_: Round, garden: Organisation, clara: Person) -> None:
    later = round_.deadline - timedelta(days=2)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=5))
    assert actions.remind(round_.deadline) == 0
    Project.objects.update(hidden_at=timezone.now())
    assert actions.remind(later) == 0
    Project.objects.update(hidden_at=None)
    actions.decline_invitation(Invitation.objects.get(), by=clara)
    assert actions.remind(later) == 0


def test_the_database_knows_the_rules_too(round_: Round, garden: Organisation) -> None:
    wrong: list[dict[str, object]] = [
        {"question_1": ""},
        {"question_2": "", "question_3": "x"},
        {"state": "closed"},
        {"deadline": round_.opened_at},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.filter(pk=round_.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(round=round_, organisation=garden, invited_at=timezone.now())
