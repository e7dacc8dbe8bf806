"""Who is asked, when, and never twice: not by a second run, not by a crash, not by two workers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from allmende.directory import actions as directory
from allmende.directory.models import Confirmation, Organisation, Revision, RevisionSet, Role, Stewardship
from allmende.freshness import actions, jobs, letters, queries
from allmende.freshness.models import Question, Reply
from allmende.ground import delivery, outbox, queue
from allmende.ground.models import Entry, Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.actions import choose_mail
from tests.cast import organisation
from tests.freshness.ways import DAY, NOW, YEAR, asked, caretaker, kept, question, steward
from tests.freshness.ways import letters as written
from tests.people.ways import person

pytestmark = pytest.mark.django_db


def test_an_entry_silent_for_a_year_is_asked_about_once() -> None:
    item = kept()
    assert queries.due(NOW) == [item.pk]
    assert asked(item) == [("anna@example.org", 1)]
    assert asked(item) == [("anna@example.org", 1)]
    assert asked(item, NOW + 48 * DAY) == [("anna@example.org", 1)]
    assert asked(item, NOW + 49 * DAY) == [("anna@example.org", 1), ("anna@example.org", 2)]
    assert asked(item, NOW + 200 * DAY) == [("anna@example.org", 1), ("anna@example.org", 2)]


def test_what_was_confirmed_lately_is_left_alone() -> None:
    item = kept(confirmed=300 * DAY)
    assert queries.due(NOW) == []
    assert asked(item) == []


def test_never_confirmed_counts_from_the_day_somebody_came() -> None:
    assert queries.due(NOW) == []
    old, new = kept("Alt eG", confirmed=None), organisation("Neu eG")
    steward(new, person(), since=NOW - 300 * DAY)
    assert queries.due(NOW) == [old.pk]
    assert asked(new) == []


def test_an_edit_by_the_team_postpones_the_letter_one_by_others_does_not() -> None:
    item = kept()
    stranger = RevisionSet.objects.create(by=caretaker())
    Revision.objects.create(organisation=item, set=stranger, before={"name": "a"}, after={"name": "b"})
    assert queries.due(NOW) == [item.pk]
    team = RevisionSet.objects.create(by=person())
    Revision.objects.create(organisation=item, set=team, before={"name": "b"}, after={"name": "c"})
    assert queries.due(NOW) == []
    assert asked(item) == []


def test_owners_and_editors_are_asked_members_and_former_ones_are_not() -> None:
    item = kept()
    steward(item, person("eda@example.org"), Role.EDITOR)
    steward(item, person("mia@example.org"), Role.MEMBER)
    Stewardship.objects.filter(pk=steward(item, person("otto@example.org")).pk).update(until=NOW - DAY)
    steward(item, person("neu@example.org"), since=NOW - 5 * DAY)
    blocked = person("weg@example.org")
    blocked.is_active = False
    blocked.save()
    steward(item, blocked)
    assert asked(item) == [("anna@example.org", 1), ("eda@example.org", 1)]


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_entries_that_are_not_public_are_not_asked_about(state: str) -> None:
    item = kept(state=state)
    assert queries.due(NOW) == []
    assert asked(item) == []


def test_a_crash_between_question_and_letter_leaves_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    item = kept()

    def crash(*args: object, **options: object) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as patch:
        patch.setattr(letters.outbox, "post", crash)
        with pytest.raises(RuntimeError):
            actions.ask_about([item.pk], NOW)
    assert (Question.objects.count(), Letter.objects.count()) == (0, 0)
    assert asked(item) == [("anna@example.org", 1)]


def test_a_crash_after_the_first_of_two_letters_repeats_only_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = kept("Eins eG"), kept("Zwei eG", by="eda@example.org")
    post, calls = outbox.post, []

    def crash_the_second_time(*args: object, **options: object) -> Letter:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the machine stops here")
        return post(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(letters.outbox, "post", crash_the_second_time)
        with pytest.raises(RuntimeError):
            actions.ask_about([first.pk, second.pk], NOW)
    assert [one.to for one in written()] == ["anna@example.org"]
    assert actions.ask_about([first.pk, second.pk], NOW) == 1
    assert [one.to for one in written()] == ["anna@example.org", "eda@example.org"]


def test_two_runs_that_saw_the_same_facts_write_one_letter() -> None:
    item = kept()
    [fact] = queries.facts([item.pk])
    [whole] = letters.portrait.queries.whole(type(item).objects.filter(pk=item.pk))
    number, round_on = actions._next(fact, fact.keepers[0], NOW)
    assert actions._ask(whole, person(), number, round_on, NOW)
    with transaction.atomic():
        assert not actions._ask(whole, person(), number, round_on, NOW + timedelta(seconds=1))
    assert len(written()) == 1


def test_nobody_gets_more_than_five_letters_a_day() -> None:
    items = [kept(f"Haus {n} eG") for n in range(7)]
    pks = [item.pk for item in items]
    assert actions.ask_about(pks, NOW) == 5
    assert actions.ask_about(pks, NOW) == 0
    assert actions.ask_about(pks, NOW + DAY) == 2


def test_who_wants_no_letters_gets_none() -> None:
    item = kept()
    choose_mail({"freshness": False}, by=person())
    assert asked(item) == []


def test_the_letter_says_what_everybody_can_read_and_three_ways_on() -> None:
    item = kept(website="https://muehle.example", email="innen@muehle.example", phone="030 12", register="GnR 7", confirmed=400 * DAY)
    item.visibility = {"register": "stewards"}
    item.save()
    asked(item)
    [letter] = written()
    link = queries.link_of(question(item))
    assert letter.subject == "Is all still true? Alte Mühle eG" or letter.subject.endswith("Alte Mühle eG")
    for part in (
        f"/stimmt/{link}/\n",
        f"/stimmt/{link}/ende/\n",
        "/o/alte-muehle-eg/bearbeiten/\n",
        "/o/alte-muehle-eg/\n",
        "https://muehle.example",
    ):
        assert part in letter.body
    for hidden in ("innen@muehle.example", "030 12", "GnR 7"):
        assert hidden not in letter.body
    assert (letter.person, letter.about_kind, letter.about_id) == (person(), "directory.organisation", str(item.pk))
    assert "List-Unsubscribe" in letter.headers


def test_the_letter_is_written_in_the_language_of_its_reader() -> None:
    item = kept()
    person().__class__.objects.filter(email="anna@example.org").update(language="en", name="Anna")
    asked(item)
    [letter] = written()
    assert letter.subject == "Is all still true? Alte Mühle eG"
    assert letter.body.startswith("Hello Anna,\n\nyou look after the entry “Alte Mühle eG”")
    assert "/en/stimmt/" in letter.body


def test_names_cannot_break_out_of_the_subject() -> None:
    item = kept("Haus\nBcc: alle@example.org eG", slug="haus")
    asked(item)
    assert "\n" not in written()[0].subject


def test_the_job_asks_through_the_queue() -> None:
    kept()
    assert jobs.ask() == "1 entries silent for a year, 0 organisations asked at their own address"
    assert written() == []
    queue.run_all()
    assert len(written()) == 1
    jobs.ask()
    queue.run_all()
    assert len(written()) == 1


@pytest.mark.parametrize("entries", [1, 3])
def test_facts_are_read_in_a_fixed_number_of_queries(entries: int, django_assert_num_queries: Any) -> None:
    pks = [kept(f"Haus {n} eG").pk for n in range(entries)]
    with django_assert_num_queries(3):
        assert len(queries.facts(pks)) == entries


# --------------------------------------------------------------------------------------------- answers from other ways


def test_a_confirmation_at_the_desk_answers_for_all() -> None:
    item = kept()
    steward(item, person("eda@example.org"), Role.EDITOR)
    asked(item)
    actions.confirm(item, by=person("eda@example.org"))
    answers = dict(Question.objects.values_list("person__email", "answer"))
    assert answers == {"anna@example.org": Reply.OVERTAKEN, "eda@example.org": Reply.CONFIRMED}
    assert asked(item, NOW + 60 * DAY) == [("anna@example.org", 1), ("eda@example.org", 1)]


def test_an_edit_lets_the_letters_rest() -> None:
    item = kept()
    asked(item)
    directory.edit_organisation(item, {"summary": "Neu gesagt"}, by=person(), base=0)
    assert question(item).answer == Reply.EDITED
    assert asked(item, NOW + 60 * DAY) == [("anna@example.org", 1)]


def test_an_archived_entry_is_not_asked_about_any_more() -> None:
    item = kept()
    asked(item)
    directory.archive_organisation(item, by=person())
    assert question(item).answer == Reply.CLOSED


def test_a_merge_closes_the_questions_of_the_loser() -> None:
    from allmende.ground import trail

    winner, loser = kept("Bleibt eG"), kept("Geht eG", by="eda@example.org")
    asked(winner)
    asked(loser)
    trail.record("duplicates.organisations_merged", winner=winner.pk, loser=loser.pk)
    assert (question(winner).answer, question(loser).answer) == ("", Reply.CLOSED)


# ------------------------------------------------------------------------------------------------------------ bounces


def test_a_letter_that_comes_back_is_noted_and_the_newcomer_is_asked_instead() -> None:
    item = kept()
    steward(item, person("neu@example.org"), since=NOW - 5 * DAY)
    assert asked(item) == [("anna@example.org", 1)]
    delivery.came_back(question(item).letter, "550", hard=True)
    queue.run_all()
    assert [one.to for one in written()] == ["anna@example.org", "neu@example.org"]
    lost = Question.objects.get(person=person())
    assert lost.bounced_at is not None
    assert [one.kind for one in person().notices.all()] == ["freshness.letter_lost"]
    assert Letter.objects.filter(kind="freshness.letter_lost").count() == 0  # no mail about mail that does not arrive
    assert queries.bounced_for(person())
    assert [one.pk for one in queries.bounces_waiting(caretaker())] == [lost.pk]


def test_a_full_mailbox_is_no_bounce() -> None:
    item = kept()
    asked(item)
    delivery.came_back(question(item).letter, "mailbox full", hard=False)
    assert question(item).bounced_at is None


def test_a_bounce_is_settled_by_a_new_address_or_by_a_caretaker() -> None:
    item = kept()
    asked(item)
    delivery.came_back(question(item).letter, "550", hard=True)
    care = caretaker()
    assert queries.bounces_waiting(care).count() == 1
    anna = person()
    anna.email = "anna.neu@example.org"
    anna.save()
    assert queries.bounces_waiting(care).count() == 0
    assert not queries.bounced_for(anna)
    anna.email = "anna@example.org"
    anna.save()
    actions.settle_bounce(question(item).pk, by=care)
    assert queries.bounces_waiting(care).count() == 0
    with pytest.raises(Refused):
        actions.settle_bounce(question(item).pk, by=care)


def test_who_has_a_new_address_is_asked_there() -> None:
    item = kept()
    asked(item)
    anna = person()
    anna.email = "anna.neu@example.org"
    anna.save()
    assert asked(item, NOW + DAY) == [("anna@example.org", 1), ("anna.neu@example.org", 1)]
    assert len(asked(item, NOW + DAY)) == 2
    assert asked(item, NOW + 50 * DAY)[2:] == [("anna.neu@example.org", 2)]


def test_strangers_and_caretakers_of_elsewhere_settle_nothing() -> None:
    item = kept()
    asked(item)
    delivery.came_back(question(item).letter, "550", hard=True)
    for who in (person("fremd@example.org"), caretaker("AT", "wien@example.org"), person()):
        assert queries.bounces_waiting(who).count() == 0
        with pytest.raises(Refused):
            actions.settle_bounce(question(item).pk, by=who)


# ------------------------------------------------------------------------------------------- nobody looks after it yet


def old(name: str = "Waise eG", **more: Any) -> Organisation:
    item = organisation(name, email="haus@waise.example", **more)
    type(item).objects.filter(pk=item.pk).update(created_at=NOW - YEAR)
    return item


def test_organisations_are_asked_only_where_the_house_wants_it(settings: Any) -> None:
    old()
    assert actions.ask_unclaimed(NOW) == 0
    settings.ASK_UNCLAIMED = True
    assert actions.ask_unclaimed(NOW) == 1
    assert actions.ask_unclaimed(NOW) == 0
    assert actions.ask_unclaimed(NOW + 300 * DAY) == 0
    assert actions.ask_unclaimed(NOW + 400 * DAY) == 1
    letter = written()[0]
    assert (letter.to, letter.person) == ("haus@waise.example", None)
    assert "/o/waise-eg/uebernehmen/" in letter.body
    assert "/nicht-mehr-fragen/" in letter.headers["List-Unsubscribe"]
    assert "- E-mail" not in letter.body and "- E-Mail" not in letter.body  # their address is not public here


def test_one_address_is_asked_once_whatever_it_stands_for(settings: Any) -> None:
    settings.ASK_UNCLAIMED = True
    old("Eins eG")
    old("Zwei eG")
    assert actions.ask_unclaimed(NOW) == 1


def test_organisations_with_stewards_young_confirmed_and_invented_ones_are_not_asked(settings: Any) -> None:
    settings.ASK_UNCLAIMED = True
    steward(old("Gepflegt eG"), person())
    organisation("Jung eG", email="jung@example.org")
    old("Erfunden eG", is_demo=True)
    Confirmation.objects.create(organisation=old("Bestätigt eG"), at=NOW - 10 * DAY)
    old("Ohne eG", state="draft")
    assert actions.ask_unclaimed(NOW) == 0


def test_who_said_no_is_never_asked_again(settings: Any, client: Client) -> None:
    settings.ASK_UNCLAIMED = True
    item = old()
    actions.ask_unclaimed(NOW)
    address = f"/stimmt/{queries.link_of(question(item))}/nicht-mehr-fragen/"
    assert client.get(address).status_code == 200
    assert question(item).answer == ""
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert question(item).answer == Reply.OPTOUT
    assert actions.ask_unclaimed(NOW + 500 * DAY) == 0
    old("Andere eG")
    assert actions.ask_unclaimed(NOW + 500 * DAY) == 0


def test_an_organisation_confirms_from_its_own_address(settings: Any, client: Client) -> None:
    settings.ASK_UNCLAIMED = True
    item = old()
    actions.ask_unclaimed(NOW)
    client.post(f"/stimmt/{queries.link_of(question(item))}/")
    assert [(one.by, one.how) for one in Confirmation.objects.all()] == [(None, "letter")]


# ------------------------------------------------------------------------------------------------------- asking again


def test_a_caretaker_asks_again_once_a_day() -> None:
    item = kept()
    asked(item)
    with pytest.raises(NotAllowed):
        actions.ask_again(item, by=person())
    with pytest.raises(NotAllowed):
        actions.ask_again(item, by=caretaker("AT", "wien@example.org"))
    assert actions.ask_again(item, by=caretaker()) == 1
    with pytest.raises(Refused):
        actions.ask_again(item, by=caretaker())
    assert len(written()) == 2
    assert Entry.objects.filter(verb="freshness.asked").count() == 2
