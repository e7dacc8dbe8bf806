"""Declaring to join: what may be declared, by whom, and what is kept of it."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative, Statute
from allmende.directory.models import Organisation, Role
from allmende.ground.models import Letter
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.joining import actions, declaration, papers
from allmende.joining.models import Application
from allmende.people.models import Person
from tests import cast, coops
from tests.joining.conftest import IBAN, NAME, declared, legal, named, renewed, wanted
from tests.suggestions.conftest import steward_of


def test_a_declaration_keeps_the_words_the_version_and_the_moment(werk: Cooperative, statute: Statute) -> None:
    one = declared(werk, shares=2)
    assert one.text_shown == (
        f"Anna {NAME}, Quittenweg 7, 07743 Jena (im Folgenden: das Mitglied), erklärt gegenüber Gartenwerk eG:\n\n"
        "Das Mitglied erklärt unbedingt seinen Beitritt zu Gartenwerk eG und beteiligt sich mit 2 Geschäftsanteilen zu je 250,00\u00a0€, "
        "zusammen 500,00\u00a0€ (§ 15 Absatz 1 GenG).\n\n"
        "Das Mitglied verpflichtet sich, die nach Gesetz und Satzung geschuldeten Einzahlungen auf den Geschäftsanteil zu leisten "
        "(§ 15a Satz 1 GenG). Je Geschäftsanteil sind 250,00\u00a0€ sofort nach der Zulassung einzuzahlen.\n\n"
        "Die Satzung (Fassung 1, gültig ab 01.01.2020) stand dem Mitglied vor dieser Erklärung zum Abruf und zum Ausdruck zur Verfügung."
    )
    assert (one.statute, one.state, one.declared_on, one.person) == (statute, "declared", localdate(), None)
    assert one.sha256 == declaration.fingerprint(one.text_shown)
    assert [each["key"] for each in one.acknowledgements] == ["payment"]
    (letter,) = letters_to("quitte@joining.example")
    assert letter.kind == "joining.declared"
    assert NAME not in letter.subject + letter.body
    assert [file.data[:5] for file in letter.files.all()] == [b"%PDF-"]


def test_the_text_is_german_and_the_same_for_readers_of_english(werk: Cooperative) -> None:
    german = wanted(werk).text_shown
    with translation.override("en"):
        assert wanted(werk).text_shown == german


@pytest.mark.parametrize(
    ("statute", "words"),
    [
        ({"liability": "limited", "liability_cents": 300_00}, "bis zur Haftsumme von 300,00\u00a0€ je Geschäftsanteil"),
        ({"liability": "unlimited"}, "ohne Beschränkung auf eine Haftsumme"),
        ({"notice_months": 24}, "24 Monate zum Schluss eines Geschäftsjahres (§ 15a Satz 2 GenG)"),
        ({"entry_fee_cents": 25_00}, "ein Eintrittsgeld von 25,00\u00a0€ (§ 15a Satz 2 GenG)"),
        ({"paid_in_cents": 50_00, "instalment_cents": 50_00}, "der Rest in 4 Raten von höchstens 50,00\u00a0€, jeden Monat eine."),
        ({"paid_in_cents": 50_00}, "der Rest auf Anforderung."),
    ],
)
def test_section_15a_each_duty_of_the_statute_stands_in_the_declaration(db: None, statute: dict[str, object], words: str) -> None:
    of = coops.cooperative(is_joinable=True)
    coops.statute(of, **statute)
    one = declared(of)
    assert words in one.text_shown
    assert any(words in each["text"] for each in one.acknowledgements)


def test_section_15a_a_duty_that_is_not_acknowledged_stops_it(werk: Cooperative) -> None:
    renewed(werk, notice_months=24)
    with pytest.raises(BadInput, match="15a"):
        actions.declare(werk, replace(wanted(werk), ticked=("payment",)), by=coops.person("otto"))
    assert not Application.objects.exists()


def test_an_organisation_declares_by_whoever_represents_it(werk: Cooperative) -> None:
    one = declared(werk, legal())
    assert one.text_shown.startswith(f"{NAME} GmbH (HRB 7), Quittenweg 7, 07743 Jena, vertreten durch Eva Quitte (im Folgenden")
    assert "Eva Quitte versichert in Textform, zur Vertretung des Mitglieds bei dieser Erklärung befugt zu sein." in one.text_shown
    with pytest.raises(BadInput):
        declared(werk, legal(represented_by=""))


def test_one_joins_only_for_organisations_one_answers_for(werk: Cooperative) -> None:
    entry: Organisation = cast.organisation("Quittenhof")
    owner, stranger = steward_of(entry, role=Role.OWNER), coops.person("fremd")
    with pytest.raises(NotAllowed):
        declared(werk, legal(), by=stranger, organisation=entry)
    with pytest.raises(NotAllowed):
        declared(werk, legal(), organisation=entry)
    assert declared(werk, legal(), by=owner, organisation=entry).organisation == entry


def test_sending_twice_makes_one_declaration_and_one_mail(werk: Cooperative) -> None:
    handed_in = wanted(werk)
    first, second = (actions.declare(werk, handed_in, by=coops.person(name)) for name in ("a", "b"))
    assert first == second
    assert Letter.objects.filter(kind="joining.declared").count() == 1


def test_nobody_declares_twice_with_one_account_and_no_member_again(werk: Cooperative, board: Person) -> None:
    otto = coops.person("otto")
    declared(werk, by=otto)
    with pytest.raises(Refused, match="waits|wartet"):
        declared(werk, by=otto)
    coops.member(werk, board, person=board)
    with pytest.raises(Refused):
        declared(werk, by=board)


def test_a_statute_that_changed_meanwhile_is_shown_again(werk: Cooperative) -> None:
    handed_in = wanted(werk)
    coops.statute(werk, valid_from=date(2021, 1, 1), share_cents=300_00)
    with pytest.raises(Refused):
        actions.declare(werk, handed_in, by=coops.person("otto"))


def test_where_it_is_closed_or_there_is_no_statute_nobody_declares(werk: Cooperative) -> None:
    handed_in = wanted(werk)
    Cooperative.objects.update(is_joinable=False)
    with pytest.raises(Refused):
        actions.declare(werk, handed_in, by=coops.person("otto"))
    ohne = coops.cooperative("Ohne eG", is_joinable=True)
    with pytest.raises(Refused):
        actions.declare(ohne, handed_in, by=coops.person("ida"))


@pytest.mark.parametrize(
    ("since", "may"), [(None, False), (date(2025, 1, 1), True), (date(2100, 1, 1), False)]
)  # § 177 GenG: the board may allow text form until the end of 2029
def test_section_177_a_statute_that_asks_for_writing(werk: Cooperative, since: date | None, may: bool) -> None:
    renewed(werk, joining_form="written", text_form_since=since)
    if may:
        assert declared(werk).pk
    else:
        with pytest.raises(Refused):
            declared(werk)


@pytest.mark.parametrize("wish", [{"shares": 1}, {"shares": 0}, {"shares": 6}, {"kind": "investing", "shares": 2}])
def test_shares_and_kinds_stay_within_the_statute(werk: Cooperative, wish: dict[str, object]) -> None:
    renewed(werk, mandatory_shares=2, max_shares=5)
    with pytest.raises(Refused):
        declared(werk, **wish)


def test_a_foreign_group_and_a_wrong_iban_are_refused(werk: Cooperative) -> None:
    other = coops.group(coops.cooperative("Andere eG"))
    with pytest.raises(BadInput):
        declared(werk, group=other)
    with pytest.raises(BadInput, match="22"):
        declared(werk, iban=IBAN[:-1], holder="Anna")
    assert not Application.objects.exists()


def test_the_board_hears_of_it_without_a_name(werk: Cooperative, board: Person) -> None:
    declared(werk)
    (letter,) = letters_to(board.email)
    assert NAME not in letter.subject + letter.body
    assert "/antraege/" in letter.body


def test_paper_is_entered_by_offices_with_the_day_it_came_in(werk: Cooperative, board: Person) -> None:
    handed_in = wanted(werk, named(email=""))
    with pytest.raises(NotAllowed):
        actions.enter_paper(werk, handed_in, received_on=date(2026, 1, 5), by=coops.person("fremd"))
    with pytest.raises(BadInput):
        actions.enter_paper(werk, handed_in, received_on=date(2100, 1, 5), by=board)
    one = actions.enter_paper(werk, handed_in, received_on=date(2026, 1, 5), evidence="Ordner 3", by=board)
    assert actions.enter_paper(werk, handed_in, received_on=date(2026, 1, 5), by=board) == one
    assert (one.is_paper, one.declared_on, one.text_shown, one.evidence) == (True, date(2026, 1, 5), "", "Ordner 3")


def test_the_form_to_sign_is_a_document(werk: Cooperative, statute: Statute) -> None:
    assert papers.form_to_sign(werk, statute, wanted(werk).wish, has_fees=False)[:5] == b"%PDF-"


def test_typst_markup_in_a_name_is_only_a_name(werk: Cooperative) -> None:
    one = declared(werk, named(family_name='#panic("x") $x$ *'))
    assert papers.document(one)[:5] == b"%PDF-"
