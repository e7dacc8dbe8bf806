"""What the actions of the register do: roles, offices of members, changes, keeping and forgetting, inspections, merged entries."""

from datetime import date, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution.models import Office, OfficeKind
from allmende.directory.models import Proof, Role, Stewardship
from allmende.duplicates.actions.hanging import carry_rows
from allmende.ground import outbox, trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.members import actions, export, figures, keeping, listing, panels, queries, rules
from allmende.members.actions import Named
from allmende.members.models import Group, Inspection, Membership, Particulars
from allmende.people import personal
from allmende.people.models import Person
from allmende.stewards.actions import grant
from tests import cast, coops

pytestmark = pytest.mark.django_db


def test_a_new_cooperative_has_the_usual_four_groups() -> None:
    of = coops.cooperative()
    for _ in range(2):
        trail.record("constitution.cooperative_set_up", about=of, cooperative=of.pk)
    assert list(Group.objects.filter(cooperative=of).values_list("key", flat=True)) == ["employees", "partners", "customers", "supporters"]


def test_who_is_a_member_sees_what_is_for_members_until_the_exit_and_editors_keep_their_role() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board, ines, ed = coops.office(of), coops.person("ines"), coops.person("ed")
    grant(of.organisation, ed, role=Role.EDITOR, proof=Proof.INVITED)
    mine, eds = coops.member(of, board, person=ines), coops.member(of, board, person=ed)
    roles = Stewardship.objects.filter(organisation=of.organisation, until=None)
    assert dict(roles.values_list("person__name", "role")) == {"Ines": "member", "Ed": "editor"}
    for one in (mine, eds):
        actions.end_membership(one, ends_on=localdate() - timedelta(days=1), reason="notice", declared_on=date(2025, 3, 1), by=board)
    assert dict(roles.values_list("person__name", "role")) == {"Ed": "editor"}
    assert actions.follow_days()[0] == 0


def test_roles_follow_the_calendar_and_who_left_on_their_own_is_not_put_back() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board, ines = coops.office(of), coops.person("ines")
    member = coops.member(of, board, joined_on=localdate() + timedelta(days=1), declared_on=localdate(), person=ines)
    held = Stewardship.objects.filter(organisation=of.organisation, person=ines)
    assert not held.exists()
    Membership.objects.filter(pk=member.pk).update(joined_on=localdate())
    assert actions.follow_days() == (1, 0)
    assert held.get().role == Role.MEMBER
    held.update(until=timezone.now())
    assert actions.follow_days() == (0, 0)
    Membership.objects.filter(pk=member.pk).update(
        joined_on=localdate() - timedelta(days=9), ends_on=localdate() - timedelta(days=1), end_reason="notice"
    )
    held.update(until=None)
    assert actions.follow_days() == (0, 1)
    assert held.get().until is not None


def test_board_and_supervisory_board_are_members_or_act_for_one() -> None:
    """§ 9 II GenG, from the third member on (§ 4 GenG)."""
    of = coops.cooperative()
    coops.statute(of)
    board, ines, otto = coops.office(of), coops.person("ines"), coops.person("otto")

    def give(kind: str, who: object) -> None:
        office = Office.objects.create(cooperative=of, kind=kind, person=who, holder=str(who), since=localdate())
        trail.record("constitution.office_given", about=office)

    coops.member(of, board)
    coops.member(of, board)
    give(OfficeKind.BOARD, ines)  # two members: it is being set up
    company = cast.organisation("Hof eG")
    legal = coops.member(of, board, named=Named(party="legal", firm="Hof eG"), organisation=company)
    for kind in (OfficeKind.BOARD, OfficeKind.SUPERVISORY):
        with pytest.raises(Refused, match="§ 9 II GenG"):
            give(kind, otto)
    give(OfficeKind.ADMINISTRATION, otto)
    grant(company, otto, role=Role.OWNER, proof=Proof.FOUNDED)
    give(OfficeKind.SUPERVISORY, otto)
    Membership.objects.filter(pk=legal.pk).update(organisation=None, person=ines)
    give(OfficeKind.SUPERVISORY, ines)


def test_a_refused_change_is_gone_and_only_the_member_asks() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board, ines = coops.office(of), coops.person("ines")
    member = coops.member(of, board, person=ines, named=Named(family_name="Alt", email="ines@register.example"))
    wish = Named(family_name="Neu", email="ines@register.example")
    with pytest.raises(NotAllowed):
        actions.ask_change(member, wish, from_on=localdate(), by=board)
    with pytest.raises(BadInput):
        actions.ask_change(member, actions.named_of(member.particulars.get()), from_on=localdate(), by=ines)
    change = actions.ask_change(member, wish, from_on=localdate(), by=ines)
    assert change.fields == {"family_name": "Neu"}
    with pytest.raises(BadInput):
        actions.refuse_change(change, reason=" ", by=board)
    with pytest.raises(NotAllowed):
        actions.accept_change(change, by=ines)
    actions.refuse_change(change, reason="Bitte eine Urkunde.", by=board)
    assert not member.data_changes.exists()
    assert "Bitte eine Urkunde." in outbox.letters_to("ines@register.example")[-1].body
    actions.withdraw_change(member, by=ines)  # twice is once


def test_names_go_three_years_after_the_year_of_the_exit_unless_something_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """§ 30 III GenG: exit on 31 December 2021 is known until 31 December 2024."""
    monkeypatch.setattr(keeping, "_ASKED", {})
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    member = coops.member(of, board, joined_on=date(2021, 1, 1), family_name="Vergessen", person=coops.person("ines"))
    there = coops.member(of, board, joined_on=date(2021, 1, 1))
    actions.end_membership(member, ends_on=date(2021, 12, 31), reason="notice", declared_on=date(2021, 9, 1), by=board)
    assert actions.erase_expired(date(2024, 12, 31)) == 0
    keeping.keeps_register("money")(lambda one, today: keeping.Reason("open payout") if one.pk == member.pk else None)
    member.refresh_from_db()
    assert [one.until for one in keeping.reasons(member, date(2024, 6, 1))] == [date(2024, 12, 31), None]
    assert actions.erase_expired(date(2025, 1, 1)) == 0
    monkeypatch.setattr(keeping, "_ASKED", {})
    assert actions.erase_expired(date(2025, 1, 1)) == 1
    assert actions.erase_expired(date(2025, 1, 1)) == 0
    member.refresh_from_db()
    assert (member.number, member.person, str(member.particulars.get().name), member.particulars.get().folded) == (1, None, "", "")
    assert Particulars.objects.get(membership=there).family_name
    assert [row.shares for row in listing.rows_of([member.pk], listing.Wanted(date(2021, 6, 1)))] == [1]


def test_a_person_takes_their_data_along_and_erasing_the_account_leaves_the_register() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board, ines = coops.office(of), coops.person("ines")
    member = coops.member(of, board, person=ines, family_name="Bleibt", shares=2)
    rows = {name: list(area.rows(ines)) for name, area in personal.AREAS.items() if name in {"memberships", "membership-names", "shares"}}
    assert rows["memberships"][0]["number"] == 1
    assert rows["membership-names"][0]["family_name"] == "Bleibt"
    assert rows["shares"][0]["held"] == 2
    kept = [one for one in personal.kept(ines) if "§ 30 III GenG" in one.why]
    assert len(kept) == 1
    actions.forget_person(ines)
    member.refresh_from_db()
    assert member.person is None
    assert queries.particulars_of(member).family_name == "Bleibt"


def test_a_correction_on_the_first_day_replaces_what_was_said() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    member = coops.member(of, board, joined_on=localdate(), family_name="Falsch")
    right = Named(family_name="Richtig")
    actions.change_particulars(member, right, from_on=localdate(), by=board)
    assert queries.particulars_of(member).family_name == "Richtig"
    assert [one.is_replaced for one in queries.versions_of(member)] == [False, True]
    wanted = listing.Wanted(localdate(), sort="name")
    assert list(listing.found(of, wanted)) == [member]
    assert not listing.found(of, listing.Wanted(localdate(), q="falsch")).exists()


def test_figures_count_by_group_and_over_the_years() -> None:
    """Invariant 3: who leaves on 31 December counts at the end of that year."""
    of = coops.cooperative()
    coops.statute(of)
    board, workers = coops.office(of), coops.group(of)
    coops.member(of, board, shares=3, joined_on=date(2023, 5, 1), group=workers)
    gone = coops.member(of, board, shares=2, joined_on=date(2023, 5, 1))
    actions.end_membership(gone, ends_on=date(2024, 12, 31), reason="notice", declared_on=date(2024, 9, 1), by=board)
    found = figures.figures_on(of, date(2025, 6, 30), ["employees"])
    assert [(end, part.members, part.shares, part.cents) for end, part in found.years] == [
        (date(2023, 12, 31), 2, 5, 1_250_00),
        (date(2024, 12, 31), 2, 5, 1_250_00),
        (date(2025, 6, 30), 1, 3, 750_00),
    ]
    assert [(one.key, one.members, one.shares) for one in found.groups] == [("employees", 1, 3)]
    before = figures.figures_on(of, date(2024, 12, 31), ["employees"])
    assert [(one.key, one.members, one.shares) for one in before.groups] == [("employees", 1, 3), ("", 1, 2)]
    assert (before.total.members, before.total.shares) == (2, 5)


def test_the_entry_of_a_member_follows_when_it_is_merged() -> None:
    of = coops.cooperative()
    coops.statute(of)
    winner, loser = cast.organisation("Hof eG"), cast.organisation("Hofgemeinschaft eG")
    member = coops.member(of, coops.office(of), named=Named(party="legal", firm="Hof eG"), organisation=loser)
    carry_rows(winner, loser)
    member.refresh_from_db()
    assert member.organisation == winner


def test_lines_of_the_log_go_after_three_years() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    look = actions.note_look(of, "names", purpose="Brief an alle", by=board)
    assert actions.forget_looks(date(look.at.year + 3, 12, 31)) == 0
    assert actions.forget_looks(date(look.at.year + 4, 1, 1)) == 1
    assert not Inspection.objects.exists()
    with pytest.raises(NotAllowed):
        actions.note_look(of, "names", purpose="Neugier pur", by=coops.person("x"))


def test_an_exit_and_a_transfer_wait_for_shares_that_change_later() -> None:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    giver, taker = coops.member(of, board, shares=3), coops.member(of, board)
    actions.cancel_shares(giver, 1, declared_on=date(2026, 1, 1), last_day=date(2028, 12, 31), by=board)
    with pytest.raises(Refused, match="nach dem Austritt"):
        actions.end_membership(giver, ends_on=date(2026, 12, 31), reason="exclusion", declared_on=date(2026, 1, 1), by=board)
    with pytest.raises(Refused, match="behält jedes Mitglied"):
        actions.transfer_shares(giver, taker, 2, declared_on=date(2026, 1, 1), effective_on=date(2026, 2, 1), by=board)
    actions.transfer_shares(taker, giver, 1, declared_on=date(2026, 1, 1), effective_on=date(2026, 2, 1), by=board)
    with pytest.raises(Refused, match="tritt neu"):
        actions.take_end_back(taker, by=board)


@pytest.mark.parametrize(("shares", "further"), [(0, 0), (1, 0), (5, 4)])
def test_the_list_names_shares_beyond_the_first(shares: int, further: int) -> None:
    """§ 30 II Nr. 2 GenG."""
    assert rules.further_shares(shares) == further


def test_par_4_9_and_24_the_board_hears_when_a_cooperative_is_too_small_or_has_grown() -> None:
    """Two are too few; with the twenty-first a board of one and no supervisory board are not enough. Associations go by other law."""

    def waits(who: Person) -> str:
        request = RequestFactory().get("/")
        request.user = who
        return str(panels.size_waiting(request, of))

    of = coops.cooperative()
    board = coops.office(of)
    assert waits(board) == ""  # without a statute there is something more urgent
    coops.statute(of, board_size=1, has_supervisory=False)
    assert waits(board) == ""
    found = [coops.member(of, board) for _ in range(2)]
    assert "§§ 4, 80 GenG" in waits(board)
    found += [coops.member(of, board) for _ in range(18)]
    assert waits(board) == ""
    found.append(coops.member(of, board))
    assert ("§ 24 Abs. 2" in waits(board), "§ 9 Abs. 1" in waits(board), waits(board).count("<li>")) == (True, True, 2)
    assert waits(coops.person("fremd")) == ""
    of.organisation.legal_form = cast.term("legal_form", "verein")
    assert waits(board) == ""


def test_par_30_the_list_says_from_which_day_the_shares_hold_also_when_entered_afterwards() -> None:
    """§ 30 II 2 GenG: the day on which it takes effect, not the day of writing; what was reversed on its day changed nothing."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    member = coops.member(of, board, shares=2, joined_on=date(2024, 2, 29))
    actions.subscribe_shares(member, 3, declared_on=date(2025, 5, 1), effective_on=date(2025, 6, 1), by=board)
    wrong = actions.subscribe_shares(member, 1, declared_on=date(2025, 7, 1), effective_on=date(2025, 7, 1), by=board)
    actions.reverse_entry(wrong, by=board)

    def said(on: date) -> list[tuple[int, date | None]]:
        return [(row.shares, row.shares_since) for row in listing.rows_of([member.pk], listing.Wanted(on))]

    assert said(date(2024, 2, 29)) == said(date(2025, 5, 31)) == [(2, date(2024, 2, 29))]
    assert said(date(2025, 6, 1)) == said(date(2026, 1, 1)) == [(5, date(2025, 6, 1))]
    assert [one[13:17] for one in export.rows(of, date(2026, 1, 1))] == [[date(2024, 2, 29), date(2024, 2, 29), date(2025, 6, 1), ""]]


def test_what_is_entered_for_an_earlier_day_fits_what_came_later() -> None:
    """Invariant 1: at most the statute's maximum on every day; nothing before joining, before the statute or after the exit."""
    of = coops.cooperative()
    coops.statute(of, max_shares=5)
    board = coops.office(of)
    member = coops.member(of, board, shares=2, joined_on=date(2024, 1, 1))
    actions.subscribe_shares(member, 3, declared_on=date(2026, 1, 1), effective_on=date(2026, 2, 1), by=board)
    before = member.share_entries.count()
    for day in (date(2025, 1, 1), date(2023, 12, 31), date(2019, 1, 1)):
        with pytest.raises(Refused):
            actions.subscribe_shares(member, 1, declared_on=day, effective_on=day, by=board)
    with pytest.raises(Refused):
        coops.member(of, board, joined_on=date(2019, 12, 31))
    with pytest.raises(Refused):
        actions.end_membership(member, ends_on=date(2025, 12, 31), reason="notice", declared_on=date(2025, 6, 1), by=board)
    for number in (0, -1):
        with pytest.raises(BadInput):
            actions.subscribe_shares(member, number, declared_on=date(2026, 2, 1), effective_on=date(2026, 2, 1), by=board)
    assert (member.share_entries.count(), Membership.objects.count()) == (before, 1)
