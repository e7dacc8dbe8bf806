"""From a draft to an entry, and what becomes of it."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.timezone import localdate

from allmende.ballots.models import Ballot
from allmende.electorates import actions as electorates
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Notice
from allmende.resolutions import actions, queries, wording
from allmende.resolutions.actions import Planned
from allmende.resolutions.models import Report, Resolution
from tests import coops
from tests.resolutions.scene import DECIDED, entered, stage, words

pytestmark = pytest.mark.django_db


def test_numbers_are_without_gaps_per_cooperative_and_year_of_the_decision() -> None:
    scene, other = stage(), stage_of_another()
    first = actions.write_draft(scene.coop, words(), by=scene.board)
    dropped = actions.write_draft(scene.coop, words(), by=scene.board)
    assert (first.number, first.state) == ("", "draft")
    actions.drop(dropped, by=scene.board)
    assert entered(scene).number == "2026/01"
    assert actions.enter(first, by=scene.board).number == "2026/02"
    assert entered(scene, decided_on=date(2025, 12, 1)).number == "2025/01"
    assert entered(other).number == "2026/01"


def stage_of_another() -> Any:
    """A second cooperative with a board."""
    coop = coops.cooperative("Anderswo eG")
    coops.statute(coop)
    return SimpleNamespace(coop=coop, board=coops.office(coop))


def test_who_does_not_keep_the_register_writes_nothing() -> None:
    scene = stage()
    draft = actions.write_draft(scene.coop, words(), by=scene.board)
    for who in (scene.anna, coops.person("stranger"), coops.office(scene.coop, "audit"), stage_of_another().board):
        for attempt in (
            lambda who=who: actions.write_draft(scene.coop, words(), by=who),
            lambda who=who: actions.change_draft(draft, words(), by=who),
            lambda who=who: actions.enter(draft, by=who),
            lambda who=who: actions.drop(draft, by=who),
        ):
            with pytest.raises(NotAllowed):
                attempt()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, "needs a title"),
        ({"wording": ""}, "needs a title"),
        ({"decided_on": localdate() + timedelta(days=1)}, "decided already"),
        ({"outcome": " "}, "what follows"),
    ],
)
def test_what_is_incomplete_is_not_entered(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        entered(stage(), **fields)
    assert not Resolution.objects.exclude(state="draft").exists()


def test_what_is_entered_is_never_rewritten() -> None:
    scene = stage()
    one = entered(scene)
    with pytest.raises(Refused, match="is entered"):
        actions.change_draft(one, words(title="Anders"), by=scene.board)
    with pytest.raises(Refused, match="is entered"):
        actions.drop(one, by=scene.board)
    report = actions.report(one, "Läuft.", by=scene.board)
    for table, change in (
        (Resolution.objects.filter(pk=one.pk), {"wording": "Anders"}),
        (Resolution.objects.filter(pk=one.pk), {"serial": 9}),
        (Resolution.objects.filter(pk=one.pk), {"votes_words": "99 : 0"}),
        (Report.objects.filter(pk=report.pk), {"text": "Anders"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.update(**change)


def test_measures_are_done_dropped_and_taken_up_again_and_then_the_whole_is_carried_out() -> None:
    scene = stage()
    one = entered(scene)
    first = actions.add_measure(one, "Richtlinie schreiben", person=scene.anna, due_on=date(2026, 4, 1), by=scene.board)
    second = actions.add_measure(one, "Alle informieren", by=scene.board)
    assert [notice.kind for notice in Notice.objects.filter(person=scene.anna)] == ["resolutions.measure"]
    with pytest.raises(Refused, match="still open"):
        actions.finish(one, "Fertig.", by=scene.board)
    assert actions.finish_measure(first, "steht im Wiki", by=scene.anna).state == "done"
    with pytest.raises(NotAllowed):
        actions.finish_measure(second, by=scene.anna)
    with pytest.raises(Refused, match="why it is not done"):
        actions.drop_measure(second, " ", by=scene.board)
    actions.drop_measure(second, "überflüssig", by=scene.board)
    actions.reopen_measure(second, by=scene.board)
    actions.finish_measure(second, by=scene.board)
    done = actions.finish(one, "Die Regel gilt.", by=scene.board)
    assert (done.state, done.done_on) == ("done", localdate())
    assert [event.label for event in queries.history_of(done)][0] == "carried out"
    again = actions.reopen(done, "Eine Frage ist offen.", by=scene.board)
    assert (again.state, again.done_on) == ("in_work", None)
    assert [report.text for report in queries.reports_of(again)] == ["Eine Frage ist offen.", "Die Regel gilt."]


def test_the_date_of_a_measure_moves_with_a_reason_that_everybody_reads() -> None:
    scene = stage()
    one = entered(scene)
    measure = actions.add_measure(one, "Richtlinie schreiben", person=scene.anna, due_on=date(2026, 4, 1), by=scene.board)
    with pytest.raises(NotAllowed):
        actions.move_measure(measure, date(2026, 5, 1), "Mehr Zeit", by=scene.anna)
    with pytest.raises(Refused, match="why it changes"):
        actions.move_measure(measure, date(2026, 5, 1), " ", by=scene.board)
    with pytest.raises(Refused, match="Nothing has changed"):
        actions.move_measure(measure, measure.due_on, "Mehr Zeit", by=scene.board)
    assert actions.move_measure(measure, date(2026, 5, 1), "Mehr Zeit", by=scene.board).due_on == date(2026, 5, 1)
    (report,) = queries.reports_of(one)
    assert (report.measure, report.text.splitlines()[-1], "→" in report.text) == (measure, "Mehr Zeit", True)
    assert Notice.objects.filter(person=scene.anna, kind="resolutions.measure").count() == 2
    actions.drop_measure(measure, "überflüssig", by=scene.board)
    with pytest.raises(Refused, match="settled"):
        actions.move_measure(measure, None, "Doch", by=scene.board)


def test_who_is_responsible_reports_and_others_do_not() -> None:
    scene = stage()
    one = entered(scene, person=scene.anna, due_on=date(2026, 4, 1))
    assert actions.report(one, "Halb fertig.", by=scene.anna).text == "Halb fertig."
    for who in (coops.person("stranger"), coops.office(scene.coop, "audit")):
        with pytest.raises(NotAllowed):
            actions.report(one, "Ich auch.", by=who)
    foreign = actions.add_measure(entered(scene), "Anderes", by=scene.board)
    with pytest.raises(Refused, match="another resolution"):
        actions.report(one, "Hierzu", measure=foreign, by=scene.board)


def test_a_new_plan_needs_a_reason_that_everybody_reads() -> None:
    scene = stage()
    one = entered(scene, responsible="Vorstand", due_on=date(2026, 4, 1))
    plan = Planned(responsible="Vorstand", due_on=date(2026, 9, 1))
    with pytest.raises(Refused, match="why it changes"):
        actions.plan(one, plan, " ", by=scene.board)
    actions.plan(one, plan, "Das Angebot fehlt noch.", by=scene.board)
    with pytest.raises(Refused, match="Nothing has changed"):
        actions.plan(one, plan, "Noch einmal", by=scene.board)
    (report,) = queries.reports_of(one)
    assert report.text.endswith("Das Angebot fehlt noch.")
    assert "→" in report.text


def test_a_revoked_resolution_stays_and_says_what_stands_in_its_place() -> None:
    scene = stage()
    old, new = entered(scene), entered(scene, title="Neue Regel")
    measure = actions.add_measure(old, "Noch offen", by=scene.board)
    with pytest.raises(Refused, match="another resolution that holds"):
        actions.revoke(old, "ersetzt", on=DECIDED, replaced_by=old, by=scene.board)
    with pytest.raises(Refused, match="between the decision and today"):
        actions.revoke(old, "ersetzt", on=localdate() + timedelta(days=1), by=scene.board)
    gone = actions.revoke(old, "ersetzt durch 2026/02", on=localdate(), replaced_by=new, by=scene.board)
    measure.refresh_from_db()
    assert (gone.state, gone.replaced_by, measure.state) == ("revoked", new, "dropped")
    with pytest.raises(Refused, match="that holds"):
        actions.revoke(gone, "noch einmal", on=localdate(), by=scene.board)


def test_reminders_come_once_for_each_date() -> None:
    scene = stage()
    today = localdate()
    one = entered(scene, person=scene.anna, due_on=today + timedelta(days=5), review_on=today)
    actions.add_measure(one, "Bald fällig", person=scene.anna, due_on=today + timedelta(days=7), by=scene.board)
    Notice.objects.all().delete()
    assert actions.remind(today) == 3
    kinds = sorted(Notice.objects.filter(person=scene.anna).values_list("kind", flat=True))
    assert kinds == ["resolutions.due", "resolutions.due", "resolutions.review"]
    assert Notice.objects.filter(person=scene.board).count() == 3
    assert actions.remind(today) == 0
    plan = Planned(person=scene.anna, due_on=today + timedelta(days=6), review_on=today)
    actions.plan(one, plan, "einen Tag später", by=scene.board)
    assert actions.remind(today) == 1


def ballot(scene: Any, outcome: str, **fields: Any) -> Ballot:
    """A ballot that was counted with this outcome."""
    now = timezone.now()
    roll = electorates.draft(scene.coop, {"kind": "everybody"}, localdate(), by=scene.board)
    made = Ballot.objects.create(
        electorate=roll,
        cooperative=scene.coop, year=2026, serial=Ballot.objects.count() + 1, title="Bahn", question="Nur noch Bahnfahrten?",
        rule={"method": "majority", "threshold": "1/2", "base": "cast", "classes": False, "quorum": "0", "matter": "ordinary"},
        closes_at=now - timedelta(hours=1), about_kind="proposals.proposal", about_id=7, visibility="public", created_by=scene.board,
        **fields,
    )  # fmt: skip
    made.outcome, made.result = outcome, {"counted": {"yes": 88, "no": 14, "abstain": 6}}
    return made


@pytest.mark.parametrize(("outcome", "is_adopted"), [("accepted", True), ("rejected", False), ("no_quorum", False), ("elected", True)])
def test_what_was_counted_waits_for_its_outcome_statement(outcome: str, is_adopted: bool) -> None:
    scene = stage()
    made = ballot(scene, outcome)
    made.save()
    trail.record("ballots.ballot_counted", about=made, outcome=outcome)
    one = Resolution.objects.get(ballot=made)
    assert (one.state, one.is_adopted, one.visibility) == ("draft", is_adopted, "public")
    assert (one.about_kind, one.about_id) == ("proposals.proposal", 7)
    assert one.wording == "Nur noch Bahnfahrten?"
    if outcome == "accepted":
        assert one.votes_words == "88 Ja : 14 Nein : 6 Enthaltungen" or one.votes_words == "88 yes : 14 no : 6 abstentions"
    assert Notice.objects.filter(person=scene.board, kind="resolutions.waiting").count() == 1
    trail.record("ballots.ballot_counted", about=made, outcome=outcome)
    assert Resolution.objects.count() == 1
    with pytest.raises(Refused, match="what follows"):
        actions.enter(one, by=scene.board)
    changed = actions.change_draft(one, words(votes_words="99 : 0", title="Bahn"), by=scene.board)
    assert changed.wording == "Nur noch Bahnfahrten?"  # as it was counted
    assert changed.votes_words == one.votes_words
    assert actions.enter(changed, by=scene.board).state == ("in_work" if is_adopted else "rejected")
    if outcome == "accepted":
        made.result["counted"]["abstain"] = 1
        with translation.override("en"):
            assert wording.votes_shown(changed) == "88 yes : 14 no : 6 abstentions"
            assert wording.votes_of(made) == "88 yes : 14 no : 1 abstention"
            assert wording.rule_shown(changed).startswith("Accepted with more yes than no.")


def test_objections_lead_to_a_next_round_and_to_no_resolution() -> None:
    scene = stage()
    made = ballot(scene, "objections")
    made.save()
    trail.record("ballots.ballot_counted", about=made, outcome="objections")
    assert not Resolution.objects.exists()


def test_an_erased_person_is_responsible_for_nothing_and_reports_stay_without_a_name() -> None:
    scene = stage()
    one = entered(scene, person=scene.anna, responsible=str(scene.anna))
    measure = actions.add_measure(one, "Schreiben", responsible="Vorstand", person=scene.anna, by=scene.board)
    actions.report(one, "Läuft.", by=scene.anna)
    actions.forget_person(scene.anna)
    one.refresh_from_db()
    measure.refresh_from_db()
    assert (one.person, one.responsible, measure.person, measure.responsible) == (None, "", None, "Vorstand")
    assert list(one.reports.values_list("text", "by")) == [("Läuft.", None)]
