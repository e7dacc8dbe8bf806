"""Admitting, refusing, asking back: all at once or not at all, and only once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.banking.models import Mandate
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.ground.models import Entry, Letter, LetterState
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.joining import actions, jobs, letters, queries
from allmende.joining.actions import deciding
from allmende.joining.models import Application, Closed
from allmende.members import queries as members
from allmende.members.actions import NAMED
from allmende.members.models import Membership
from allmende.money.models import Request
from allmende.people.actions import erase
from allmende.people.models import Person
from tests import coops
from tests.joining.conftest import IBAN, NAME, declared, legal, named, renewed, signed_in, wanted


def admitted(one: Application, by: Person, **more: Any) -> Membership:
    return actions.admit(one, admitted_on=more.pop("admitted_on", localdate()), by=by, **more)


@pytest.mark.parametrize("kind", [OfficeKind.ADMINISTRATION, OfficeKind.SUPERVISORY, OfficeKind.BOOKKEEPING, OfficeKind.AUDIT])
def test_only_the_board_decides(werk: Cooperative, kind: str) -> None:
    one, somebody = declared(werk), coops.office(werk, kind)
    for deed in (
        lambda: admitted(one, somebody),
        lambda: actions.refuse(one, "other", by=somebody),
        lambda: actions.admit_all(werk, [one.uuid], admitted_on=localdate(), by=somebody),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert not Membership.objects.exists()
    assert Application.objects.get().state == "declared"


def test_the_board_of_another_cooperative_decides_nothing_here(werk: Cooperative) -> None:
    one, foreign = declared(werk), coops.office(coops.cooperative("Andere eG"))
    with pytest.raises(NotAllowed):
        admitted(one, foreign)


def test_admitting_enters_tells_and_asks_to_pay_in_one_step(werk: Cooperative, board: Person) -> None:
    """§ 15 II GenG: entered in the list and informed without delay."""
    otto, group = coops.person("otto"), coops.group(werk)
    one = declared(werk, by=otto, shares=2, group=group, iban=IBAN, holder="Anna Quitte", mandate_text="Ich ermächtige")
    member = admitted(one, board, basis="Vorstand, 12. Mai")
    one.refresh_from_db()
    assert (member.number, member.joined_on, member.declared_on, member.person) == (1, localdate(), localdate(), otto)
    present = members.particulars_of(member)
    assert {name: getattr(present, name) for name in NAMED} == {name: getattr(named(), name) for name in NAMED}
    assert members.register_on(werk, localdate()).get().shares == 2
    assert members.register_on(werk, localdate()).get().group == "employees"
    assert Mandate.objects.get(membership=member).iban == IBAN
    assert (one.state, one.membership, one.admitted_on, one.basis, one.decided_by) == (
        "admitted",
        member,
        localdate(),
        "Vorstand, 12. Mai",
        board,
    )
    assert (one.iban, one.holder, one.mandate_text) == ("", "", "")  # the mandate has them
    (welcome,) = (letter for letter in letters_to("quitte@joining.example") if letter.kind == "joining.admitted")
    assert "0001" in welcome.body
    for request in Request.objects.filter(membership=member):
        assert request.code in welcome.body


def test_an_organisation_is_admitted(werk: Cooperative, board: Person) -> None:
    member = admitted(declared(werk, legal()), board)
    assert members.particulars_of(member).firm == f"{NAME} GmbH"


def test_a_double_click_and_two_at_once_make_one_member(werk: Cooperative, board: Person) -> None:
    one, second = declared(werk), coops.office(werk)
    seen_by_second = Application.objects.get()
    admitted(one, board)
    with pytest.raises(Refused, match="0001"):
        admitted(seen_by_second, second)
    with pytest.raises(Refused):
        actions.refuse(seen_by_second, "other", by=second)
    assert Membership.objects.count() == 1
    assert actions.admit_all(werk, [one.uuid], admitted_on=localdate(), by=board) == 0


def test_whoever_is_slower_than_a_refusal_is_told(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    late = Application.objects.get()
    actions.refuse(one, "size", by=board)
    with pytest.raises(Refused):
        admitted(late, board)
    with pytest.raises(Refused):
        actions.withdraw(late)


@pytest.mark.parametrize("place", ["enter_member", "give_mandate", "letters.admitted", "trail.record", "Application.save"])
def test_a_crash_between_two_writes_leaves_nothing(werk: Cooperative, board: Person, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    one = declared(werk, iban=IBAN, holder="Anna", mandate_text="x")
    before = counted()
    where: Any = deciding
    *path, name = place.split(".")
    for step in path:
        where = getattr(where, step)
    real = getattr(where, name)

    def crash(*args: Any, **options: Any) -> None:
        real(*args, **options)
        raise RuntimeError(place)

    with monkeypatch.context() as broken:
        broken.setattr(where, name, crash)
        with pytest.raises(RuntimeError):
            admitted(one, board)
    assert counted() == before
    assert Cooperative.objects.get(pk=werk.pk).next_number == 1
    assert admitted(one, board).number == 1


def counted() -> dict[str, int]:
    rooms = ("joining", "members", "money", "banking", "ground")
    return {model._meta.label: model._default_manager.count() for room in rooms for model in apps.get_app_config(room).get_models()}


def test_days_before_the_declaration_and_after_today_are_refused(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    for day in (localdate() + timedelta(days=1), localdate() - timedelta(days=1)):
        with pytest.raises(BadInput):
            admitted(one, board, admitted_on=day)


def test_section_8_investing_members_need_a_resolution(werk: Cooperative, board: Person) -> None:
    renewed(werk, has_investing=True)
    one = declared(werk, kind="investing")
    with pytest.raises(BadInput, match="8 II"):
        admitted(one, board, basis=" ")
    assert admitted(one, board, basis="Aufsichtsrat, 3. Mai").kind == "investing"


def test_many_are_admitted_at_once_all_or_none(werk: Cooperative, board: Person) -> None:
    renewed(werk, has_investing=True)
    ones = [declared(werk, named(family_name=f"Mitglied{n}", email=f"m{n}@joining.example")) for n in range(3)]
    bad = declared(werk, named(family_name="Investorin"), kind="investing")
    with pytest.raises(BadInput, match="Investorin"):
        actions.admit_all(werk, [*(one.uuid for one in ones), bad.uuid], admitted_on=localdate(), by=board)
    assert not Membership.objects.exists()
    assert actions.admit_all(werk, [one.uuid for one in ones], admitted_on=localdate(), by=board) == 3
    assert sorted(Membership.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_declarations_of_another_cooperative_are_not_admitted_along(werk: Cooperative, board: Person) -> None:
    other = coops.cooperative("Andere eG", is_joinable=True)
    coops.statute(other)
    assert actions.admit_all(werk, [declared(other).uuid], admitted_on=localdate(), by=board) == 0


# ---------------------------------------------------------------------------------------------- a no leaves nothing behind


def everywhere() -> list[str]:
    """Every table and column in which the applicant can still be found."""
    found = []
    for model in apps.get_models():
        if not model._meta.managed:
            continue
        for row in model._default_manager.values():
            said = " ".join(_told(value) for value in row.values())
            found += [f"{model._meta.label}" for word in (NAME, "Quittenweg", "quitte@", IBAN) if word.lower() in said.lower()]
    sessions = str([session.get_decoded() for session in Session.objects.all()])  # packed in their table
    return sorted({*found, *(["sessions"] if NAME in sessions or IBAN in sessions else [])})


def _told(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def through_the_pages(werk: Cooperative) -> Application:
    """As in life: by the pages, so that the session is looked at, too."""
    from tests.joining.test_pages import walk_to_the_end

    walk_to_the_end(Client(), werk, iban=IBAN, note=f"Grüße von {NAME}")
    return Application.objects.get()


def test_invariant_4_a_refused_declaration_leaves_no_personal_data(werk: Cooperative, board: Person) -> None:
    """§ 15 II GenG: what was declared electronically is deleted with the refusal."""
    one = through_the_pages(werk)
    actions.ask(one, f"Ist {NAME} richtig geschrieben?", by=board)
    actions.answer(one, f"Ja, {NAME}.")
    assert "joining.Application" in everywhere()
    actions.refuse(one, "other", words=f"Leider, {NAME}.", by=board)
    assert everywhere() == ["ground.Letter"]  # the refusal itself, until it is sent
    Letter.objects.update(state=LetterState.SENT)
    assert jobs.forget_letters() == "1 letters"
    assert everywhere() == []
    closed = Closed.objects.get()
    assert (closed.state, closed.reason, closed.declared_on, closed.closed_on) == ("refused", "other", localdate(), localdate())


def test_invariant_4_a_withdrawn_declaration_leaves_no_personal_data(werk: Cooperative, board: Person) -> None:
    actions.withdraw(through_the_pages(werk))
    Letter.objects.update(state=LetterState.SENT)
    jobs.forget_letters()
    assert everywhere() == []
    assert Closed.objects.get().state == "withdrawn"
    assert not Entry.objects.filter(verb__startswith="joining").exclude(by=None).exists()


def test_the_last_letter_waits_until_it_is_sent_but_not_for_ever(werk: Cooperative, board: Person) -> None:
    actions.refuse(declared(werk), "size", by=board)
    assert jobs.forget_letters() == "0 letters"
    Letter.objects.filter(kind="joining.refused").update(state=LetterState.FAILED)
    assert letters.forget_last(timezone.now()) == 0
    assert letters.forget_last(timezone.now() + timedelta(days=8)) == 1


def test_a_crash_while_refusing_leaves_the_declaration(werk: Cooperative, board: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    one = declared(werk)

    def crash(*args: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Application, "delete", crash)
    with pytest.raises(RuntimeError):
        actions.refuse(one, "other", by=board)
    assert Application.objects.count() == 1
    assert not Closed.objects.exists()
    assert Letter.objects.filter(kind="joining.declared").count() == 1


def test_a_refusal_names_a_reason(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    for reason in ("", "none", "erfunden"):
        with pytest.raises(BadInput):
            actions.refuse(one, reason, by=board)


def test_asking_back_goes_by_mail_and_the_answer_to_the_desk(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    with pytest.raises(NotAllowed):
        actions.ask(one, "Wo?", by=coops.office(werk, OfficeKind.SUPERVISORY))
    with pytest.raises(Refused):
        actions.answer(one, "Niemand hat gefragt")
    actions.ask(one, "In welcher Gruppe?", by=board)
    assert "In welcher Gruppe?" in letters_to("quitte@joining.example")[-1].body
    actions.answer(one, "Beschäftigte")
    one.refresh_from_db()
    assert one.answer == "Beschäftigte"
    paper = actions.enter_paper(werk, wanted(werk, named(email="")), received_on=localdate(), by=board)
    with pytest.raises(Refused):
        actions.ask(paper, "Wo?", by=board)


def test_doubles_are_found_by_name_mail_iban_and_account(werk: Cooperative, board: Person) -> None:
    otto = coops.person("otto")
    first = admitted(declared(werk, by=otto, iban=IBAN, holder="Anna", mandate_text="x"), board)
    again = declared(werk, iban=IBAN, holder="Anna", mandate_text="x")
    assert [(one.membership, one.same) for one in queries.doubles(again)] == [(first, ("email", "iban", "name"))]
    Application.objects.filter(pk=again.pk).update(person=otto)
    with pytest.raises(Refused, match="0001"):
        admitted(again, board)
    stranger = declared(werk, named(family_name="Andere", email="andere@joining.example"))
    assert queries.doubles(stranger) == []


# ---------------------------------------------------------------------------------------------------- what is due by itself


def test_boards_are_reminded_after_a_fortnight_and_again(werk: Cooperative, board: Person) -> None:
    declared(werk)
    today, days = localdate(), timedelta(days=1)
    told = [actions.remind_boards(today + number * days) for number in (13, 14, 15, 28)]
    assert told == [0, 1, 0, 1]
    assert [letter.kind for letter in letters_to(board.email)].count("joining.overdue") == 2


def test_erasing_an_account_takes_open_declarations_along_and_leaves_admitted_ones(werk: Cooperative, board: Person) -> None:
    otto, ida = coops.person("otto"), coops.person("ida")
    declared(werk, by=otto)
    kept = declared(werk, named(family_name="Bleibt"), by=ida)
    admitted(kept, board)
    erase(otto, by=otto)
    assert [one.name for one in Application.objects.all()] == ["Bleibt, Anna"]
    Application.objects.filter(pk=kept.pk).update(decided_by=None)
    erase(ida, by=ida)
    kept.refresh_from_db()
    assert (kept.person, kept.family_name) == (None, "Bleibt")


def test_admitted_declarations_lose_their_words_with_the_register(werk: Cooperative, board: Person) -> None:
    one = declared(werk)
    member = admitted(one, board)
    assert actions.forget_old(timezone.now()) == 0
    Membership.objects.filter(pk=member.pk).update(erased_at=timezone.now())
    assert actions.forget_old(timezone.now()) == 1
    one.refresh_from_db()
    assert (one.family_name, one.text_shown, one.email) == ("", "", "")
    assert not Letter.objects.filter(about_kind="joining.application", about_id=str(one.pk)).exists()
    assert signed_in(board).get(f"/genossenschaft/gartenwerk-eg/antraege/{one.uuid}/").status_code == 404


def test_a_date_far_away_is_no_fault(werk: Cooperative, board: Person) -> None:
    with pytest.raises(BadInput):
        admitted(declared(werk), board, admitted_on=date(9999, 12, 31))
