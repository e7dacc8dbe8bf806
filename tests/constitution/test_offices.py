"""Setting up, offices and settings: who may, what never goes together, what the house refuses so that somebody can always act."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution import access, actions, personal, queries, rules
from allmende.constitution.actions.founding import Settings
from allmende.constitution.actions.offices import Giving
from allmende.constitution.models import Cooperative, Office
from allmende.directory.models import Organisation, Proof, Role, State, Stewardship
from allmende.duplicates.actions import hanging
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.members.models import Group
from allmende.people.models import Notice, Person
from tests import cast, coops

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


def keeper(organisation: Organisation, role: str = Role.OWNER, name: str = "anna") -> Person:
    """Somebody who answers for an entry."""
    who = coops.person(name)
    Stewardship.objects.create(person=who, organisation=organisation, role=role, proof=Proof.GRANTED, since=timezone.now())
    return who


@pytest.fixture
def cooperative() -> Cooperative:
    return coops.cooperative()


@pytest.fixture
def board(cooperative: Cooperative) -> Person:
    return coops.office(cooperative)


# -------------------------------------------------------------------------------------------------------------- set up


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.MEMBER])
def test_only_who_answers_for_the_entry_sets_up(role: str | None) -> None:
    organisation = cast.organisation("Gartenwerk eG")
    by = keeper(organisation, role) if role else coops.person("fremd")
    with pytest.raises(NotAllowed):
        actions.set_up(organisation, holder="Anna", since=LONG_AGO, by=by)
    assert not Cooperative.objects.exists()


def test_network_management_does_not_set_up_for_others() -> None:
    organisation = cast.organisation("Gartenwerk eG")
    caretaker = Person.objects.create_user("haus@coops.example", is_caretaker=True, is_superuser=True)
    with pytest.raises(NotAllowed):
        actions.set_up(organisation, holder="Haus", since=LONG_AGO, by=caretaker)


def test_setting_up_gives_the_first_office_and_four_groups() -> None:
    organisation = cast.organisation("Gartenwerk eG")
    by = keeper(organisation)
    made = actions.set_up(organisation, holder=" Anna Acker ", since=LONG_AGO, elected_by="Gründungsversammlung", by=by)
    office = Office.objects.get()
    assert (office.kind, office.person, office.holder, office.since, office.until) == ("board", by, "Anna Acker", LONG_AGO, None)
    assert access.may_decide(by, made)
    assert Group.objects.filter(cooperative=made).count() == 4
    verbs = list(Entry.objects.filter(verb__startswith="constitution.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["constitution.cooperative_set_up", "constitution.office_given"]


def test_a_double_click_sets_up_once() -> None:
    organisation = cast.organisation("Gartenwerk eG")
    by = keeper(organisation)
    actions.set_up(organisation, holder="Anna", since=LONG_AGO, by=by)
    with pytest.raises(Refused, match="schon"):
        actions.set_up(organisation, holder="Anna", since=LONG_AGO, by=by)
    assert (Cooperative.objects.count(), Office.objects.count()) == (1, 1)


def test_a_draft_entry_is_not_set_up() -> None:
    organisation = cast.organisation("Gartenwerk eG", state=State.DRAFT)
    with pytest.raises(NotAllowed):
        actions.set_up(organisation, holder="Anna", since=LONG_AGO, by=keeper(organisation))


def test_an_office_to_come_sets_nothing_up() -> None:
    organisation = cast.organisation("Gartenwerk eG")
    with pytest.raises(BadInput):
        actions.set_up(organisation, holder="Anna", since=localdate() + timedelta(days=1), by=keeper(organisation))


# ------------------------------------------------------------------------------------------------------------- offices


def giving(kind: str = "board", holder: str = "Berta Beet", since: date = LONG_AGO, **said: Any) -> Giving:
    """An office as it is handed in."""
    return Giving(kind=kind, holder=holder, since=since, **said)


@pytest.mark.parametrize("kind", ["", "supervisory", "administration", "bookkeeping", "audit", "other"])
def test_only_the_board_gives_offices(cooperative: Cooperative, board: Person, kind: str) -> None:
    by = coops.office(cooperative, kind) if kind else coops.person("fremd")
    with pytest.raises(NotAllowed):
        actions.give_office(cooperative, giving("other"), by=by)


def test_who_answers_for_the_entry_gives_no_offices_while_a_board_can_act(cooperative: Cooperative, board: Person) -> None:
    by = keeper(cooperative.organisation)
    with pytest.raises(NotAllowed):
        actions.give_office(cooperative, giving(), by=by)


def test_where_nobody_on_the_board_can_act_who_answers_for_the_entry_names_one(cooperative: Cooperative) -> None:
    coops.office(cooperative, until=localdate() - timedelta(days=1))
    by = keeper(cooperative.organisation)
    with pytest.raises(NotAllowed):
        actions.give_office(cooperative, giving("administration"), by=by)
    berta = coops.person("berta")
    actions.give_office(cooperative, giving(email=berta.email), by=by)
    assert access.may_decide(berta, cooperative)
    assert not access.may_read(by, cooperative)


def test_an_office_by_the_address_of_an_account_tells_its_holder(cooperative: Cooperative, board: Person) -> None:
    berta = coops.person("berta")
    made = actions.give_office(cooperative, giving("administration", email=" Berta@coops.example "), by=board)
    assert (made.person, made.holder) == (berta, "Berta Beet")
    assert Notice.objects.get(person=berta).kind == "constitution.office_given"
    assert access.may_administer(berta, cooperative)
    assert not access.may_decide(berta, cooperative)


def test_an_address_without_account_is_answered_with_the_way(cooperative: Cooperative, board: Person) -> None:
    with pytest.raises(BadInput, match="eines anzulegen"):
        actions.give_office(cooperative, giving(email="niemand@coops.example"), by=board)
    made = actions.give_office(cooperative, giving(), by=board)
    assert made.person is None
    berta = coops.person("berta")
    actions.link_account(made, "berta@coops.example", by=board)
    assert access.may_decide(berta, cooperative)
    with pytest.raises(Refused, match="schon"):
        actions.link_account(made, "berta@coops.example", by=board)


def test_an_unconfirmed_address_is_nobodys(cooperative: Cooperative, board: Person) -> None:
    berta = coops.person("berta")
    EmailAddress.objects.create(user=berta, email=berta.email, verified=False, primary=True)
    assert queries.account_at(berta.email) is None
    EmailAddress.objects.update(verified=True)
    assert queries.account_at(berta.email.upper()) == berta


def test_par_37_nobody_is_on_both_boards_not_even_in_advance(cooperative: Cooperative, board: Person) -> None:
    soon = localdate() + timedelta(days=400)
    with pytest.raises(Refused, match="§ 37"):
        actions.give_office(cooperative, giving("supervisory", "Anders Genannt", soon, email=board.email), by=board)
    name = Office.objects.get().holder
    with pytest.raises(Refused, match="§ 37"):
        actions.give_office(cooperative, giving("supervisory", f" {name.upper()} ", soon), by=board)
    assert Office.objects.count() == 1


def test_par_37_ii_a_former_board_member_oversees_only_after_discharge(cooperative: Cooperative, board: Person) -> None:
    ended = localdate() - timedelta(days=200)
    former = coops.office(cooperative, until=ended)
    held = Office.objects.get(person=former)
    since = localdate() - timedelta(days=10)
    new = giving("supervisory", "Frühere", since, email=former.email)
    with pytest.raises(Refused, match="Entlastung"):
        actions.give_office(cooperative, new, by=board)
    actions.discharge(held, since, by=board)
    assert actions.give_office(cooperative, new, by=board).kind == "supervisory"


def test_a_discharge_is_noted_for_ended_offices_of_the_board_only(cooperative: Cooperative, board: Person) -> None:
    held = Office.objects.get(person=board)
    with pytest.raises(Refused, match="Erst endet das Amt"):
        actions.discharge(held, localdate(), by=board)
    with pytest.raises(BadInput):
        actions.discharge(Office.objects.get(person=coops.office(cooperative, "audit")), localdate(), by=board)


def test_the_last_of_the_board_stays_until_somebody_follows(cooperative: Cooperative, board: Person) -> None:
    held, today = Office.objects.get(person=board), localdate()
    with pytest.raises(Refused, match="Nachfolge"):
        actions.end_office(held, today, by=board)
    nameless = actions.give_office(cooperative, giving(), by=board)  # nobody can act by a name alone
    with pytest.raises(Refused, match="Nachfolge"):
        actions.end_office(held, today, by=board)
    coops.person("berta")
    actions.link_account(nameless, "berta@coops.example", by=board)
    actions.end_office(held, today, by=board)
    assert access.may_decide(board, cooperative)  # the last day counts
    assert not access.acting_board(cooperative, today + timedelta(days=1)).filter(person=board).exists()


def test_whoever_holds_an_office_can_lay_it_down_and_others_cannot(cooperative: Cooperative, board: Person) -> None:
    clerk, other = coops.office(cooperative, "bookkeeping"), coops.office(cooperative, "administration")
    held = Office.objects.get(person=clerk)
    with pytest.raises(NotAllowed):
        actions.end_office(held, localdate(), by=other)
    actions.end_office(held, localdate() - timedelta(days=1), by=clerk)
    assert not access.may_book(clerk, cooperative)
    with pytest.raises(BadInput):
        actions.end_office(Office.objects.get(person=other), LONG_AGO - timedelta(days=1), by=board)


def test_a_longer_term_is_asked_for_conflicts_again(cooperative: Cooperative, board: Person) -> None:
    who = coops.office(cooperative, "supervisory", until=date(2021, 12, 31))
    coops.office(cooperative, "board", who, date(2022, 1, 1))
    with pytest.raises(Refused, match="§ 37"):
        actions.end_office(Office.objects.get(person=who, kind="supervisory"), date(2022, 6, 30), by=board)


# ------------------------------------------------------------------------------------------------------------ settings


def said(**changed: Any) -> Settings:
    """Settings as they are handed in."""
    empty = {"letter_address": "", "letter_email": "", "welcome": "", "privacy": "", "is_joinable": False, "is_embeddable": False}
    return Settings(**{**empty, **changed})


def test_joining_opens_only_with_a_statute_to_read_and_a_privacy_notice(cooperative: Cooperative, board: Person) -> None:
    wants = said(is_joinable=True, privacy="Wer verantwortlich ist")
    with pytest.raises(Refused, match="Satzung in Kraft"):
        actions.change_settings(cooperative, wants, by=board)
    coops.statute(cooperative, valid_from=LONG_AGO)
    with pytest.raises(Refused, match="Dokument oder"):
        actions.change_settings(cooperative, wants, by=board)
    coops.statute(cooperative, valid_from=date(2021, 1, 1), text="§ 1 Name")
    with pytest.raises(Refused, match="Datenschutz"):
        actions.change_settings(cooperative, said(is_joinable=True, privacy=" "), by=board)
    assert actions.change_settings(cooperative, wants, by=board).is_joinable
    cooperative.refresh_from_db()
    assert cooperative.is_joinable


def test_only_the_board_changes_settings_and_nothing_changed_says_nothing(cooperative: Cooperative, board: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.change_settings(cooperative, said(welcome="x"), by=coops.office(cooperative, "administration"))
    actions.change_settings(cooperative, said(), by=board)
    assert not Entry.objects.filter(verb="constitution.settings_changed").exists()


# ------------------------------------------------------------------------------------------------ a person, two entries


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other rooms hang on an entry is theirs to test."""
    name = "constitution.cooperative.organisation"
    monkeypatch.setattr(hanging, "_HANGING", {name: hanging._HANGING[name]})


def test_the_last_of_the_board_cannot_be_erased_and_others_keep_their_name_in_offices_of_the_law(
    cooperative: Cooperative, board: Person
) -> None:
    assert len(personal.last_on_board(board)) == 1
    clerk = coops.office(cooperative, "bookkeeping", title="Kasse")
    coops.office(cooperative, "board", clerk, date(2021, 1, 1))
    assert personal.last_on_board(board) == []
    assert [row["office"] for row in personal.offices(clerk)] == ["bookkeeping", "board"]
    assert len(personal.what_stays(clerk)) == 1
    personal.forget(clerk)
    clerk.delete()
    task, law = Office.objects.get(kind="bookkeeping"), Office.objects.filter(kind="board").latest("pk")
    assert (task.holder, task.title, task.person, task.until) == ("", "", None, localdate())
    assert (law.holder != "", law.person, law.until) == (True, None, None)


@pytest.mark.usefixtures("only_ours")
def test_a_cooperative_goes_along_when_entries_are_merged_and_its_old_address_still_leads_to_it(cooperative: Cooperative) -> None:
    loser, winner = cooperative.organisation, cast.organisation("Gartenwerk")
    moved = hanging.carry_rows(winner, loser)
    assert Cooperative.objects.get().organisation == winner
    Organisation.objects.filter(pk=loser.pk).update(state=State.MERGED, merged_into=winner)
    assert queries.cooperative_at(coops.person("fremd"), loser.slug) == cooperative
    hanging.bring_rows_back(moved, winner, loser)
    assert Cooperative.objects.get().organisation == loser


@pytest.mark.usefixtures("only_ours")
def test_where_both_run_a_membership_each_keeps_its_own(cooperative: Cooperative) -> None:
    other = coops.cooperative("Werkhof eG")
    moved = hanging.carry_rows(other.organisation, cooperative.organisation)
    assert "constitution.cooperative.organisation" not in moved
    assert Cooperative.objects.count() == 2


def test_par_37_whatever_is_tried_nobody_is_on_both_boards_on_any_day(cooperative: Cooperative, board: Person) -> None:
    """Invariant 6 of the domain: a hundred random offices of three people, terms that move, and every day looked at afterwards."""
    luck = Random(37)
    people = [coops.person(name) for name in ("anna", "ben", "cem")]
    refused = 0
    for _ in range(100):
        since = localdate() + timedelta(days=luck.randint(-60, 60))
        until = luck.choice([None, since + timedelta(days=luck.randint(0, 40))])
        known = list(Office.objects.exclude(person=board).order_by("pk"))
        try:
            if known and luck.random() < 0.3:
                actions.end_office(luck.choice(known), since, by=board)
            else:
                kind = luck.choice(["board", "supervisory"])
                who = luck.choice(people)
                actions.give_office(cooperative, Giving(kind, who.name, since, until, email=who.email), by=board)
        except Refused:
            refused += 1
    terms = [(one.person_id, queries.term(one)) for one in Office.objects.all()]
    both = [
        (one, other)
        for who, one in terms
        for whom, other in terms
        if who == whom and (one.kind, other.kind) == ("board", "supervisory") and rules.overlap(one, other)
    ]
    assert both == []
    assert 0 < refused < 100
    assert len(terms) > 6
