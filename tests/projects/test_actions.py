"""What happens to projects: each action by those who may, refused to those who may not, with what follows from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from allmende.comments.models import Following
from allmende.directory.models import Organisation, Role, State, Stewardship
from allmende.exchange.models import Listing
from allmende.ground.models import Entry
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.projects import access, actions, queries, rules
from allmende.projects.models import Part, Project, Step, Update
from tests.cast import term
from tests.projects.conftest import Cast, said

TODAY = timezone.localdate()


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person, kind__startswith="projects.").order_by("pk").values_list("kind", flat=True))


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="projects.").order_by("pk").values_list("verb", flat=True))


# ------------------------------------------------------------------------------------------------------------- writing


@pytest.mark.parametrize("who", ["emil", "fritz", "ben", "dora", "frida"])
def test_only_who_looks_after_an_organisation_writes_for_it(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.write_project(said(), cast.acker, by=getattr(cast, who), today=TODAY)
    assert Project.objects.count() == 0


def test_a_new_project_is_a_draft_led_by_its_organisation_with_a_first_step(cast: Cast) -> None:
    project = cast.project(published=False)
    assert (project.is_draft, project.stage, project.published_at) == (True, "idea", None)
    assert list(project.steps.values_list("stage", "sentence")) == [("idea", "Beim Treffen entstanden.")]
    assert list(project.parts.values_list("organisation", "kind", "state")) == [(cast.acker.pk, "lead", "confirmed")]
    assert verbs() == ["projects.project_written"]


def test_a_first_step_in_the_future_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.write_project(said(on=TODAY + timedelta(days=1)), cast.acker, by=cast.anna, today=TODAY)


def test_an_organisation_has_so_many_projects_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PROJECTS", 1)
    project = cast.project()
    with pytest.raises(Refused):
        cast.project()
    with pytest.raises(Refused):
        actions.adopt_project(cast.project(organisation=cast.bund, by=cast.ben), cast.acker, with_texts=False, by=cast.anna, today=TODAY)
    assert Project.objects.filter(organisation=cast.acker).get() == project


def test_publishing_and_taking_back(cast: Cast) -> None:
    project = cast.project()
    first = project.published_at
    with pytest.raises(Refused):
        actions.publish_project(project, by=cast.anna)
    project = actions.unpublish_project(project, by=cast.anna)
    assert project.is_draft
    assert actions.publish_project(project, by=cast.anna).published_at == first


def test_who_leads_as_well_edits_but_does_not_publish(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project, kind="lead")
    assert actions.edit_project(project, said(title="Neu"), by=cast.ben).title == "Neu"
    with pytest.raises(NotAllowed):
        actions.unpublish_project(project, by=cast.ben)


def test_a_partner_does_not_edit(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    with pytest.raises(NotAllowed):
        actions.edit_project(project, said(title="Neu"), by=cast.ben)


def test_only_drafts_without_others_are_discarded(cast: Cast) -> None:
    project = cast.project()
    with pytest.raises(Refused):
        actions.discard_draft(project, by=cast.anna)
    cast.partner(project)
    actions.unpublish_project(project, by=cast.anna)
    with pytest.raises(Refused):
        actions.discard_draft(project, by=cast.anna)
    actions.discard_draft(cast.project(published=False), by=cast.anna)
    assert Project.objects.get() == project


# --------------------------------------------------------------------------------------------------------------- steps


def test_a_step_moves_the_project_and_tells_those_who_take_part(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    Notice.objects.all().delete()
    step = actions.add_step(project, stage="concept", on=TODAY, sentence="Das Regelwerk steht.", by=cast.anna, today=TODAY)
    project.refresh_from_db()
    assert project.stage == "concept"
    assert (told(cast.ben), told(cast.anna), told(cast.clara)) == (["projects.step_added"], [], [])
    entry = Entry.objects.filter(verb="projects.step_added").get()
    assert entry.facts == {"step": step.pk, "stage": "concept"}


@pytest.mark.parametrize(
    "said_wrong", [{"on": TODAY + timedelta(days=1)}, {"stage": "idea"}, {"stage": "nirgends"}, {"sentence": "  "}], ids=str
)
def test_wrong_steps_are_refused(cast: Cast, said_wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"stage": "concept", "on": TODAY, "sentence": "Weiter."}
    project = cast.project()
    with pytest.raises(Refused):
        actions.add_step(project, **(right | said_wrong), by=cast.anna, today=TODAY)
    assert project.steps.count() == 1


def test_an_earlier_step_noted_afterwards_does_not_move_the_project(cast: Cast) -> None:
    project = cast.project()
    actions.add_step(project, stage="pilot", on=TODAY, sentence="Läuft.", by=cast.anna, today=TODAY)
    actions.add_step(project, stage="concept", on=TODAY - timedelta(days=20), sentence="Lag vor.", by=cast.anna, today=TODAY)
    project.refresh_from_db()
    assert project.stage == "pilot"


def test_strangers_and_partners_add_no_steps(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    for person in (cast.ben, cast.emil, cast.dora, cast.frida):
        with pytest.raises(NotAllowed):
            actions.add_step(project, stage="pilot", on=TODAY, sentence="Läuft.", by=person, today=TODAY)


def test_the_newest_step_is_taken_back_for_a_day(cast: Cast) -> None:
    project = cast.project()
    step = actions.add_step(project, stage="pilot", on=TODAY, sentence="Verschrieben.", by=cast.anna, today=TODAY)
    first = project.steps.order_by("pk").first()
    assert first is not None
    with pytest.raises(Refused):
        actions.take_back_step(first, by=cast.anna, now=timezone.now())
    with pytest.raises(Refused):
        actions.take_back_step(step, by=cast.anna, now=timezone.now() + timedelta(hours=25))
    actions.take_back_step(step, by=cast.anna, now=timezone.now())
    project.refresh_from_db()
    assert (project.stage, project.steps.count()) == ("idea", 1)
    with pytest.raises(Refused):
        actions.take_back_step(first, by=cast.anna, now=timezone.now())


def test_followers_hear_of_steps_and_news_as_long_as_they_see_the_project(cast: Cast) -> None:
    project = cast.project(audience="network")
    cast.partner(project)
    for person, is_wanted in ((cast.clara, True), (cast.fritz, True), (cast.ben, False)):
        Following.objects.create(person=person, kind="projects.project", number=project.pk, is_wanted=is_wanted)
    Notice.objects.all().delete()
    actions.add_step(project, stage="pilot", on=TODAY, sentence="Los.", by=cast.anna, today=TODAY)
    actions.add_update(project, title="Neu", text="**Los.**", by=cast.anna, now=timezone.now())
    assert told(cast.clara) == ["projects.step_added", "projects.update_added"]
    assert [told(person) for person in (cast.fritz, cast.ben, cast.dora, cast.emil)] == [[], [], [], []]  # not seen, not wanted, not asked
    assert Notice.objects.get(person=cast.clara, kind="projects.update_added").text == "Los."


# --------------------------------------------------------------------------------------------------------------- parts


def test_nobody_confirms_for_somebody_else(cast: Cast) -> None:
    part = actions.ask_part(cast.project(), cast.bund, kind="partner", contribution="Räume", by=cast.anna)
    for person in (cast.anna, cast.clara, cast.emil, cast.dora, cast.frida):
        with pytest.raises(NotAllowed):
            actions.answer_part(part, confirm=True, by=person)
    assert Part.objects.get(pk=part.pk).state == "asked"
    assert told(cast.ben) == ["projects.part_asked"]
    actions.answer_part(part, confirm=True, by=cast.ben)
    part.refresh_from_db()
    assert (part.state, part.answered_by, part.contribution) == ("confirmed", cast.ben, "Räume")
    assert told(cast.anna) == ["projects.part_answered"]


def test_a_member_does_not_answer_for_the_organisation(cast: Cast) -> None:
    project = cast.project(organisation=cast.bund, by=cast.ben)
    part = actions.ask_part(project, cast.acker, kind="partner", by=cast.ben)
    with pytest.raises(NotAllowed):
        actions.answer_part(part, confirm=True, by=cast.dora)


def test_an_offer_is_answered_by_the_project_and_not_by_who_offered(cast: Cast) -> None:
    project = cast.project()
    part = actions.offer_part(project, cast.bund, kind="supporter", contribution="Ein Raum", by=cast.ben)
    assert (part.state, told(cast.anna)) == ("offered", ["projects.part_offered"])
    with pytest.raises(NotAllowed):
        actions.answer_part(part, confirm=True, by=cast.ben)
    actions.answer_part(part, confirm=True, by=cast.anna)
    assert Part.objects.get(pk=part.pk).state == "confirmed"
    assert told(cast.ben) == ["projects.part_answered"]


def test_nobody_offers_an_organisation_that_is_not_theirs(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.offer_part(cast.project(), cast.bund, kind="partner", contribution="", by=cast.clara)


def test_nobody_joins_what_they_do_not_see(cast: Cast) -> None:
    for project in (cast.project(audience="chosen"), cast.project(published=False), cast.project(audience="network")):
        with pytest.raises(Refused):
            actions.offer_part(project, cast.fern, kind="partner", contribution="", by=cast.fritz)
    assert Part.objects.filter(organisation=cast.fern).count() == 0


def test_who_was_asked_may_decline_with_a_word_and_be_asked_again(cast: Cast) -> None:
    project = cast.project()
    part = actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    with pytest.raises(Refused):
        actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    part = actions.answer_part(part, confirm=False, word="Gerade keine Zeit.", by=cast.ben)
    assert (part.state, part.word) == ("declined", "Gerade keine Zeit.")
    assert "Gerade keine Zeit." in Notice.objects.get(person=cast.anna).text
    with pytest.raises(Refused):
        actions.answer_part(part, confirm=True, by=cast.ben)
    again = actions.ask_part(project, cast.bund, kind="supporter", by=cast.anna)
    assert (again.pk, again.state, again.answered_at, again.word) == (part.pk, "asked", None, "")


def test_who_leaves_stays_in_the_history(cast: Cast) -> None:
    project = cast.project()
    part = cast.partner(project)
    for person in (cast.anna, cast.clara, cast.frida):
        with pytest.raises(NotAllowed):
            actions.leave_part(part, by=person)
    Notice.objects.all().delete()
    part = actions.leave_part(part, word="Wir hören auf.", by=cast.ben)
    assert part.state == "left"
    assert part.left_at is not None
    assert told(cast.anna) == ["projects.partner_left"]
    assert [one.organisation for one in queries.parts(cast.emil, project).left] == [cast.bund]
    with pytest.raises(Refused):
        actions.leave_part(part, by=cast.ben)


def test_who_answers_for_the_project_does_not_just_leave(cast: Cast) -> None:
    project = cast.project()
    with pytest.raises(NotAllowed):
        actions.leave_part(project.parts.get(organisation=cast.acker), by=cast.anna)


def test_nobody_makes_themselves_the_lead(cast: Cast) -> None:
    project = cast.project()
    part = cast.partner(project)
    with pytest.raises(Refused):
        actions.change_part(part, kind="lead", contribution="", by=cast.ben)
    assert actions.change_part(part, kind="supporter", contribution="Ein Raum", by=cast.ben).contribution == "Ein Raum"
    with pytest.raises(NotAllowed):
        actions.change_part(part, kind="partner", contribution="", by=cast.anna)
    with pytest.raises(Refused):
        actions.change_part(project.parts.get(organisation=cast.acker), kind="partner", contribution="", by=cast.anna)


def test_a_question_is_taken_back_by_who_asked_before_it_is_answered(cast: Cast) -> None:
    project = cast.project()
    part = actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    with pytest.raises(NotAllowed):
        actions.withdraw_part(part, by=cast.ben)
    actions.withdraw_part(part, by=cast.anna)
    offered = actions.offer_part(project, cast.bund, kind="partner", contribution="Ein Raum", by=cast.ben)
    with pytest.raises(NotAllowed):
        actions.withdraw_part(offered, by=cast.anna)
    actions.withdraw_part(offered, by=cast.ben)
    with pytest.raises(NotAllowed):  # confirmed parts are left by themselves
        actions.withdraw_part(cast.partner(project), by=cast.anna)


def test_asking_and_taking_back_all_day_writes_no_letters_all_day(cast: Cast) -> None:
    project = cast.project()
    for _number in range(rules.MOST_ASKED_OF_ONE_A_DAY):
        actions.withdraw_part(actions.ask_part(project, cast.bund, kind="partner", by=cast.anna), by=cast.anna)
    with pytest.raises(Refused):
        actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    with pytest.raises(Refused):
        actions.offer_part(project, cast.bund, kind="partner", contribution="", by=cast.ben)
    assert Notice.objects.filter(person=cast.ben, kind="projects.part_asked").count() == 3
    actions.ask_part(project, cast.chor, kind="partner", by=cast.anna)  # another one is another matter
    Entry.objects.filter(verb="projects.part_asked").update(at=timezone.now() - timedelta(days=2))
    actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)


def test_one_project_asks_so_many_organisations_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ASKED_A_DAY", 1)
    project = cast.project()
    actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    with pytest.raises(Refused):
        actions.ask_part(project, cast.chor, kind="partner", by=cast.anna)
    actions.offer_part(project, cast.chor, kind="partner", contribution="", by=cast.clara)  # who offers itself is not asked


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_entries_that_are_not_published_are_not_asked(cast: Cast, state: str) -> None:
    Organisation.objects.filter(pk=cast.bund.pk).update(state=state)
    cast.bund.refresh_from_db()
    with pytest.raises(Refused):
        actions.ask_part(cast.project(), cast.bund, kind="partner", by=cast.anna)


def test_others_are_not_asked_about_drafts_and_do_not_join_what_was_taken_off(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.ask_part(cast.project(published=False), cast.bund, kind="partner", by=cast.anna)
    project = cast.project()
    part = actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    actions.hide_project(project, by=cast.frida, reason="Gemeldet.")
    with pytest.raises(Refused):
        actions.answer_part(part, confirm=True, by=cast.ben)


# -------------------------------------------------------------------------------------------------------- handing over


def test_a_project_is_handed_over_only_when_the_other_side_takes_it(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    with pytest.raises(NotAllowed):
        actions.take_over_project(project, cast.bund, sentence="Wir machen weiter.", by=cast.ben, today=TODAY)
    with pytest.raises(NotAllowed):
        actions.offer_handover(project, cast.bund, by=cast.ben)
    actions.offer_handover(project, cast.bund, by=cast.anna)
    assert told(cast.ben)[-1] == "projects.handover_offered"
    with pytest.raises(NotAllowed):
        actions.take_over_project(project, cast.bund, sentence="Wir machen weiter.", by=cast.anna, today=TODAY)
    project = actions.take_over_project(project, cast.bund, sentence="Wir machen weiter.", by=cast.ben, today=TODAY)
    project.refresh_from_db()
    assert (project.organisation, project.stage, project.handover_to) == (cast.bund, "transferred", None)
    states = {part.organisation_id: (part.kind, part.state) for part in project.parts.all()}
    assert states == {cast.acker.pk: ("lead", "left"), cast.bund.pk: ("lead", "confirmed")}
    assert told(cast.anna)[-1] == "projects.taken_over"
    assert [step.stage for step in queries.steps(project)] == ["transferred", "idea"]
    assert not access.may_change(cast.anna, project)


def test_taking_over_is_refused_or_taken_back(cast: Cast) -> None:
    project = actions.offer_handover(cast.project(), cast.fern, by=cast.anna)
    with pytest.raises(NotAllowed):
        actions.refuse_handover(project, by=cast.ben)
    project = actions.refuse_handover(project, by=cast.fritz)
    assert (project.handover_to, told(cast.anna)) == (None, ["projects.handover_refused"])
    project = actions.offer_handover(project, cast.fern, by=cast.anna)
    assert actions.offer_handover(project, None, by=cast.anna).handover_to is None
    with pytest.raises(Refused):
        actions.refuse_handover(project, by=cast.fritz)


def test_a_project_whose_lead_is_gone_can_be_taken_over_by_each_confirmed_partner(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    actions.ask_part(project, cast.chor, kind="partner", by=cast.anna)
    Stewardship.objects.filter(organisation=cast.acker).update(until=timezone.now())
    assert [one.pk for one in queries.handovers(cast.ben)] == [project.pk]
    assert [one.pk for one in queries.orphans(cast.frida)] == [project.pk]
    with pytest.raises(NotAllowed):  # asked, but not confirmed
        actions.take_over_project(project, cast.chor, sentence="Wir.", by=cast.clara, today=TODAY)
    actions.offer_handover(project, cast.fern, by=cast.frida)  # the caretakers may ask somebody else, too
    done = actions.take_over_project(project, cast.bund, sentence="Wir machen weiter.", by=cast.ben, today=TODAY)
    assert done.organisation == cast.bund
    assert list(queries.orphans(cast.frida)) == []


def test_partners_are_told_when_the_entry_of_the_lead_is_archived(cast: Cast) -> None:
    from allmende.directory.actions import archive_organisation

    project = cast.project()
    cast.partner(project)
    alone = cast.project()
    Notice.objects.all().delete()
    archive_organisation(cast.acker, by=cast.anna, reason="Aufgelöst")
    assert (told(cast.ben), told(cast.frida)) == (["projects.without_lead"], ["projects.without_lead"])
    assert {one.pk for one in queries.handovers(cast.ben)} == {project.pk}
    assert {one.pk for one in queries.orphans(cast.frida)} == {project.pk, alone.pk}


def test_what_was_taken_off_is_named_to_nobody_else(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    actions.offer_handover(project, cast.fern, by=cast.anna)
    assert [queries.handovers(cast.fritz).count(), queries.parts_of_mine(cast.ben).count()] == [1, 1]
    Project.objects.filter(pk=project.pk).update(hidden_at=timezone.now(), hidden_reason="Werbung")
    assert [queries.handovers(cast.fritz).count(), queries.parts_of_mine(cast.ben).count()] == [0, 0]
    assert list(queries.mine(cast.anna)) == [project]  # its own people see why


# ------------------------------------------------------------------------------------------------------------ adopting


def test_adopting_keeps_the_line_and_copies_only_what_is_free(cast: Cast) -> None:
    source = cast.project(licence="CC-BY-SA-4.0", text="So geht es.")
    copy = actions.adopt_project(source, cast.bund, with_texts=True, by=cast.ben, today=TODAY)
    assert (copy.is_draft, copy.adopted_from, copy.text, copy.licence, copy.funding) == (True, source, "So geht es.", "CC-BY-SA-4.0", "")
    assert [(step.stage, source.title in step.sentence) for step in copy.steps.all()] == [("idea", True)]
    assert queries.adoptions(cast.anna, source) == []  # a draft is nobody else's business
    assert told(cast.anna) == []
    actions.publish_project(copy, by=cast.ben)
    assert queries.adoptions(cast.anna, source) == [copy]
    assert queries.source(cast.ben, copy) == source
    assert told(cast.anna) == ["projects.project_adopted"]


def test_texts_without_a_licence_are_not_copied(cast: Cast) -> None:
    source = cast.project(licence="rechte-vorbehalten", text="So geht es.")
    with pytest.raises(Refused):
        actions.adopt_project(source, cast.bund, with_texts=True, by=cast.ben, today=TODAY)
    copy = actions.adopt_project(source, cast.bund, with_texts=False, by=cast.ben, today=TODAY)
    assert (copy.text, copy.challenge, copy.title) == ("", "", "Datentreuhand")


def test_nobody_adopts_their_own_for_others_or_what_they_do_not_see(cast: Cast) -> None:
    source = cast.project()
    with pytest.raises(Refused):
        actions.adopt_project(source, cast.acker, with_texts=False, by=cast.anna, today=TODAY)
    with pytest.raises(NotAllowed):
        actions.adopt_project(source, cast.bund, with_texts=False, by=cast.clara, today=TODAY)
    with pytest.raises(NotAllowed):
        actions.adopt_project(cast.project(audience="chosen"), cast.bund, with_texts=False, by=cast.ben, today=TODAY)


def test_the_line_to_a_project_one_may_not_see_is_not_shown(cast: Cast) -> None:
    source = cast.project()
    copy = actions.publish_project(actions.adopt_project(source, cast.bund, with_texts=False, by=cast.ben, today=TODAY), by=cast.ben)
    actions.unpublish_project(source, by=cast.anna)
    assert queries.source(cast.ben, copy) is None


# ------------------------------------------------------------------------------------------- news, wanted, taking off


def test_news_are_corrected_within_a_day(cast: Cast) -> None:
    project, now = cast.project(), timezone.now()
    cast.partner(project)
    Notice.objects.all().delete()
    update = actions.add_update(project, title="Neu", text="Es geht los.", by=cast.anna, now=now)
    assert told(cast.ben) == ["projects.update_added"]
    assert actions.edit_update(update, title="Neu", text="Es geht bald los.", by=cast.anna, now=now).changed_at == now
    with pytest.raises(Refused):
        actions.edit_update(update, title="Neu", text="Nie.", by=cast.anna, now=now + timedelta(hours=25))
    with pytest.raises(NotAllowed):
        actions.edit_update(update, title="Neu", text="Nie.", by=cast.ben, now=now)
    with pytest.raises(NotAllowed):
        actions.add_update(project, title="Neu", text="Nie.", by=cast.ben, now=now)
    assert Update.objects.get().text == "Es geht bald los."


def need(**more: Any) -> dict[str, Any]:
    return {
        "title": "Zweite Pilotgenossenschaft", "text": "", "category": term("exchange", "rooms"), "tags": [], "is_remote": True, "town": "",
        "lat": None, "lon": None, "radius": 50, "terms": "commons", "terms_note": "", "until": TODAY + timedelta(days=30), "sdgs": [],
    } | more  # fmt: skip


def test_a_wanted_partner_is_a_need_for_those_the_project_is_for(cast: Cast) -> None:
    project = cast.project(audience="chosen", chosen=[cast.fern])
    wanted = actions.want_partner(project, need(audience="public", direction="offer", organisation=cast.bund), by=cast.anna)
    listing = wanted.listing
    assert (listing.direction, listing.organisation, listing.audience, list(listing.chosen.all())) == (
        "need",
        cast.acker,
        "chosen",
        [cast.fern],
    )
    assert [one.pk for one in queries.wanted(cast.fritz, project)] == [listing.pk]
    assert queries.wanted(cast.ben, project) == []
    assert queries.project_of_listing(cast.fritz, listing) == project
    assert queries.project_of_listing(cast.ben, listing) is None


def test_where_nobody_is_chosen_those_who_take_part_see_the_need(cast: Cast) -> None:
    project = cast.project(audience="chosen")
    with pytest.raises(Refused):
        actions.want_partner(project, need(), by=cast.anna)
    cast.partner(project)
    assert list(actions.want_partner(project, need(), by=cast.anna).listing.chosen.all()) == [cast.bund]


def test_who_leads_as_well_looks_for_partners_in_its_own_name(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project, kind="lead")
    assert actions.want_partner(project, need(), by=cast.ben).listing.organisation == cast.bund


def test_strangers_drafts_and_too_many_needs_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = cast.project()
    with pytest.raises(NotAllowed):
        actions.want_partner(project, need(), by=cast.ben)
    with pytest.raises(Refused):
        actions.want_partner(cast.project(published=False), need(), by=cast.anna)
    monkeypatch.setattr(rules, "MOST_WANTED", 0)
    with pytest.raises(Refused):
        actions.want_partner(project, need(), by=cast.anna)
    assert Listing.objects.count() == 0


def test_caretakers_take_off_and_put_back(cast: Cast) -> None:
    project = cast.project()
    for person in (cast.anna, cast.ben, cast.emil):
        with pytest.raises(NotAllowed):
            actions.hide_project(project, by=person, reason="Weg.")
    with pytest.raises(Refused):
        actions.hide_project(project, by=cast.frida, reason=" ")
    project = actions.hide_project(project, by=cast.frida, reason="Gemeldet.")
    assert told(cast.anna) == ["projects.project_hidden"]
    with pytest.raises(NotAllowed):
        actions.unhide_project(project, by=cast.anna)
    assert actions.unhide_project(project, by=cast.frida).hidden_at is None
    assert told(cast.anna) == ["projects.project_hidden", "projects.project_unhidden"]


def test_facts_in_the_trail_name_nobody(cast: Cast) -> None:
    project = cast.project()
    part = actions.ask_part(project, cast.bund, kind="partner", word="Liebe Grüße von Anna", by=cast.anna)
    actions.answer_part(part, confirm=False, word="Keine Zeit, Ben", by=cast.ben)
    facts = str(list(Entry.objects.filter(verb__startswith="projects.").values_list("facts", flat=True)))
    assert "Anna" not in facts
    assert "Ben" not in facts
    assert Step.objects.count() == 1


def test_an_editor_counts_as_much_as_an_owner(cast: Cast) -> None:
    Stewardship.objects.filter(person=cast.anna).update(role=Role.EDITOR)
    assert cast.project().is_draft is False
