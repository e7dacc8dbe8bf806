"""What happens by itself: merges, raising, expiring, forgetting; and what a person takes along or leaves behind."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from allmende.directory.models import Organisation, State
from allmende.ground import trail
from allmende.ground.models import Letter
from allmende.people.models import Notice, Person
from allmende.suggestions import actions, jobs, personal
from allmende.suggestions.actions.judging import Verdict
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Move, Report, Suggestion
from tests.cast import organisation
from tests.suggestions.conftest import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def suggested(item: Organisation, contact: str = "", by: Person | None = None, **fields: Any) -> Suggestion:
    return actions.suggest_change(item, fields or {"name": "Neu eG"}, by=Writer(uuid4(), by, contact), remark="Wort", reason="Grund")


def report(item: Organisation, **more: Any) -> Report:
    said = {"place": "/o/haus-eg/", "reason": "Beleidigung", "name": "Anna", "email": "anna@example.org", "is_nameless": False}
    return actions.report_illegal(item, said | more, by=Writer(uuid4()))


def fresh(item: Any) -> Any:
    item.refresh_from_db()
    return item


def merge(winner: Organisation, loser: Organisation) -> None:
    Organisation.objects.filter(pk=loser.pk).update(state=State.MERGED, merged_into=winner)
    trail.record("duplicates.organisations_merged", winner=winner.pk, loser=loser.pk)


def unmerge(winner: Organisation, loser: Organisation) -> None:
    Organisation.objects.filter(pk=loser.pk).update(state=State.PUBLISHED, merged_into=None)
    trail.record("duplicates.organisations_unmerged", winner=winner.pk, loser=loser.pk)


def test_open_suggestions_and_reports_follow_a_merge_and_come_back(haus: Organisation, caretaker: Person) -> None:
    other = organisation("Altes Haus eG")
    waiting, done, own, said = suggested(other), suggested(other), suggested(haus), report(other)
    actions.decide_suggestion(done, {}, by=caretaker, seen=0)
    merge(haus, other)
    assert [fresh(one).organisation for one in (waiting, done, own, said)] == [haus, other, haus, haus]
    unmerge(haus, other)
    assert [fresh(one).organisation for one in (waiting, done, own, said)] == [other, other, haus, other]
    assert not Move.objects.exists()


def test_what_was_decided_while_merged_stays(haus: Organisation, caretaker: Person) -> None:
    other = organisation("Altes Haus eG")
    found = suggested(other, summary="Von außen.")
    merge(haus, other)
    found = fresh(found)
    actions.decide_suggestion(found, {"summary": "Von außen."}, by=caretaker, seen=found.base)
    unmerge(haus, other)
    assert (fresh(found).organisation, fresh(haus).summary) == (haus, "Von außen.")


def test_a_chain_of_merges_is_undone_step_by_step(haus: Organisation) -> None:
    one, two = organisation("Eins eG"), organisation("Zwei eG")
    found = suggested(one)
    merge(two, one)
    merge(haus, two)
    assert fresh(found).organisation == haus
    unmerge(haus, two)
    assert fresh(found).organisation == two
    unmerge(two, one)
    assert fresh(found).organisation == one


def test_caretakers_hear_of_what_waits_for_a_fortnight_once(haus: Organisation, steward: Person, caretaker: Person) -> None:
    found = suggested(haus)
    Notice.objects.all().delete()
    assert actions.raise_waiting(timezone.now() + 13 * DAY) == 0
    assert [actions.raise_waiting(timezone.now() + 15 * DAY) for _ in range(2)] == [1, 0]
    assert [(one.person, one.path) for one in Notice.objects.all()] == [(caretaker, f"/vorschlag/{found.uuid}/pruefen/")]
    assert jobs.raise_waiting() == "0 raised"


def test_where_nobody_looks_after_the_entry_nothing_is_raised(haus: Organisation, caretaker: Person) -> None:
    suggested(haus)
    assert actions.raise_waiting(timezone.now() + 15 * DAY) == 0


def test_what_nobody_decides_on_expires_and_the_address_goes(haus: Organisation, steward: Person) -> None:
    found = suggested(haus, "anna@example.org")
    assert actions.forget_old(timezone.now() + 364 * DAY)["expired"] == 0
    assert actions.forget_old(timezone.now() + 366 * DAY)["expired"] == 1
    assert (fresh(found).state, found.contact) == ("expired", "")
    assert Letter.objects.get(to="anna@example.org").kind == "suggestions.decided"


def test_what_was_declined_is_deleted_after_a_year_and_the_rest_forgets_persons(haus: Organisation, steward: Person) -> None:
    stranger = person("stranger")
    declined, taken = suggested(haus, by=stranger), suggested(haus, by=stranger)
    actions.decide_suggestion(declined, {}, by=steward, seen=0, answer="Nein.")
    actions.decide_suggestion(taken, {"name": "Neu eG"}, by=steward, seen=0, answer="Ja.")
    assert actions.forget_old(timezone.now() + 364 * DAY) == {"expired": 0, "deleted": 0, "emptied": 0, "reports": 0}
    assert actions.forget_old(timezone.now() + 366 * DAY) == {"expired": 0, "deleted": 1, "emptied": 1, "reports": 0}
    assert Suggestion.objects.get() == taken
    assert (fresh(taken).by, taken.remark, taken.reason, taken.answer) == (None, "", "", "")
    assert jobs.forget_old() == "0 expired, 0 deleted, 0 emptied, 0 reports"


def test_names_of_reports_go_after_the_time_of_appeal_the_words_after_a_year(haus: Organisation, caretaker: Person) -> None:
    found = report(haus)
    actions.decide_report(found, Verdict("fields", "Grund", fields=("summary",), ground="law", basis="§"), by=caretaker)
    assert actions.forget_old(timezone.now() + 183 * DAY)["reports"] == 0
    assert actions.forget_old(timezone.now() + 185 * DAY)["reports"] == 1
    assert (fresh(found).name, found.email, found.removed, found.reason) == ("", "", {}, "Beleidigung")
    actions.forget_old(timezone.now() + 366 * DAY)
    assert (fresh(found).reason, found.place, found.facts, found.effect) == ("", "", "", "fields")
    assert actions.forget_old(timezone.now() + 367 * DAY)["reports"] == 0


def test_an_appeal_that_waits_keeps_the_names(haus: Organisation, caretaker: Person) -> None:
    found = report(haus)
    actions.decide_report(found, Verdict("none", "Grund"), by=caretaker)
    appeal = actions.appeal_decision(found, "notifier", "Doch.")
    assert actions.forget_old(timezone.now() + 400 * DAY)["reports"] == 0
    assert fresh(found).email == "anna@example.org"
    actions.decide_appeal(appeal, "upheld", "Nein.", by=caretaker)
    assert actions.forget_old(timezone.now() + 400 * DAY)["reports"] == 1
    assert (fresh(found).email, fresh(appeal).text) == ("", "")


def test_a_person_takes_along_what_they_suggested(haus: Organisation) -> None:
    anna = person("anna")
    suggested(haus, by=anna)
    suggested(haus)
    rows = personal.suggested(anna)
    assert [(row["organisation__slug"], row["fields"], row["remark"]) for row in rows] == [("haus-eg", {"name": "Neu eG"}, "Wort")]
    said = {"place": "x", "reason": "y", "name": "Anna", "email": "anna@example.org", "is_nameless": False}
    actions.report_illegal(haus, said, by=Writer(uuid4(), anna))
    assert [(row["what"], row["name"]) for row in personal.reported(anna)] == [("report", "Anna")]


def test_a_person_who_goes_leaves_the_suggestion_without_name_and_address(haus: Organisation) -> None:
    anna = person("anna")
    mine, as_guest, others = suggested(haus, by=anna), suggested(haus, "anna@example.org"), suggested(haus, "berta@example.org")
    said = report(haus, email="Anna@example.org")
    personal.forget(anna)
    assert [(fresh(one).by, one.contact) for one in (mine, as_guest, others)] == [(None, ""), (None, ""), (None, "berta@example.org")]
    assert (fresh(said).name, said.email) == ("", "")
    anna.delete()
    assert Suggestion.objects.count() == 3
