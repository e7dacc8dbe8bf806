"""What the rehearsal says of rows, against a statute and a register."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.intake import checking, queries
from allmende.intake.checking import Checked, Options
from allmende.members.actions import Named
from allmende.members.models import Kind, Party
from tests import cast, coops

pytestmark = pytest.mark.django_db
COLUMNS = ["number", "family_name", "given_name", "town", "joined_on", "shares", "paid"]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def _checked(cells: list[list[str]], columns: list[str] = COLUMNS, cooperative=None, **options: object) -> list[Checked]:
    cooperative = cooperative or _cooperative()
    chosen = Options(opening_on=date(2025, 12, 31), **options)  # type: ignore[arg-type]
    register = queries.register_of(cooperative, columns)
    return checking.check([(at + 2, row) for at, row in enumerate(cells)], columns, chosen, register, localdate())


def _cooperative(**fields: object):
    made = coops.cooperative(f"Gartenwerk {Cooperative.objects.count() + 1} eG")
    coops.statute(made, **{"max_shares": 100, "mandatory_shares": 1, **fields})
    return made


def test_a_good_row_is_read_whole() -> None:
    (one,) = _checked([["7", "Muster", "A.", "Jena", "01.02.2021", "2", "500,00"]])
    assert (one.errors, one.warnings) == ([], [])
    assert (one.number, one.named.family_name, one.joined_on, one.shares, one.cents, one.worth) == (
        7,
        "Muster",
        date(2021, 2, 1),
        2,
        500_00,
        500_00,
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["7", "", "", "", "1.1.2021", "1", ""], "no name"),
        (["7", "Muster", "", "", "", "1", ""], "day of joining is missing"),
        (["7", "Muster", "", "", "30.2.2021", "1", ""], "does not exist"),
        (["7", "Muster", "", "", "1.1.2100", "1", ""], "future"),
        (["7", "Muster", "", "", "1.1.2021", "0", ""], "at least 1 share"),
        (["7", "Muster", "", "", "1.1.2021", "101", ""], "at most 100"),
        (["7", "Muster", "", "", "1.1.2021", "1,5", ""], "only whole shares"),
        (["7", "Muster", "", "", "1.1.2021", "-1", ""], "negative"),
        (["7", "Muster", "", "", "1.1.2021", "1", "viel"], "no amount"),
        (["7", "Muster", "", "", "1.1.2021", "1", "250,01"], "250.01 are paid in"),
        (["x", "Muster", "", "", "1.1.2021", "1", ""], "no member number"),
        (["7", "#FORMULA", "", "", "1.1.2021", "1", ""], "formula"),
        (["7", "M" * 121, "", "", "1.1.2021", "1", ""], "too long"),
    ],
)
def test_an_error_has_a_sentence(row: list[str], said: str) -> None:
    (one,) = _checked([row])
    assert any(said in sentence for sentence in one.errors), one.errors


def test_more_capital_than_shares_can_be_accepted() -> None:
    (one,) = _checked([["7", "Muster", "", "", "1.1.2021", "1", "260"]], accept_more=True)
    assert one.errors == []
    assert len(one.warnings) == 1


def test_a_former_member_is_read_and_a_coming_exit_refused() -> None:
    columns = [*COLUMNS, "ends_on", "end_reason"]
    coming = (localdate() + timedelta(days=40)).isoformat()
    former, leaving, wrong = _checked(
        [
            ["1", "Muster", "", "", "1.1.2021", "2", "500", "31.12.2024", "verstorben"],
            ["2", "Beispiel", "", "", "1.1.2021", "2", "500", coming, ""],
            ["3", "Probe", "", "", "1.1.2021", "2", "0", "31.12.2020", ""],
        ],
        columns,
    )
    assert (former.errors, former.ends_on, former.end_reason) == ([], date(2024, 12, 31), "death")
    assert "still owed" in former.warnings[0]
    assert "lies ahead" in leaving.errors[0]
    assert "before the joining" in wrong.errors[0]


def test_strange_cells_are_warned_of_and_mended() -> None:
    columns = ["family_name", "joined_on", "shares", "postcode", "country", "email", "iban", "kind", "group", "entry"]
    row = ["Muster", "03/04/2021", "1", "7743", "Atlantis", "muster.example", "DE12", "Ehrenmitglied", "Freundeskreis", "gibt-es-nicht"]
    (one,) = _checked([row], columns)
    assert one.errors == []
    assert (one.named.postcode, one.named.country, one.named.email, one.iban, one.kind) == ("07743", "DE", "", "", Kind.ORDINARY)
    said = " ".join(one.warnings)
    for word in ("day/month/year", "07743", "Atlantis", "muster.example", "IBAN", "Ehrenmitglied", "Freundeskreis", "gibt-es-nicht"):
        assert word in said


def test_organisations_and_their_entry_are_known() -> None:
    entry = cast.organisation("Bauhof eG")
    (one,) = _checked(
        [["Bauhof eG", "Muster", "1.1.2021", "1", f"https://x.example/o/{entry.slug}/"]],
        ["firm", "family_name", "joined_on", "shares", "entry"],
    )
    assert (one.named.party, one.named.firm, one.named.represented_by, one.organisation) == (Party.LEGAL, "Bauhof eG", "Muster", entry.pk)


def test_investing_members_need_a_statute_that_allows_them() -> None:
    columns = [*COLUMNS, "kind"]
    row = ["7", "Muster", "", "", "1.1.2021", "1", "", "investierend"]
    assert "investing" in _checked([row], columns)[0].errors[0]
    assert _checked([row], columns, _cooperative(has_investing=True))[0].kind == Kind.INVESTING


def test_numbers_are_there_once_in_the_file_and_the_register() -> None:
    cooperative = _cooperative()
    coops.member(cooperative, coops.office(cooperative), family_name="Alt")  # number 1
    found = _checked(
        [["1", "Neu", "", "", "1.1.2021", "1", ""], ["5", "A", "", "", "1.1.2021", "1", ""], ["5", "B", "", "", "1.1.2021", "1", ""]],
        cooperative=cooperative,
    )
    assert "in the register already" in found[0].errors[0]
    assert found[1].errors == []
    assert "row 3" in found[2].errors[0]


def test_the_same_member_is_found_in_the_file_and_the_register() -> None:
    cooperative = _cooperative()
    named = Named(family_name="Müller", given_name="Anna", town="Jena")
    coops.member(cooperative, coops.office(cooperative), named=named)
    rows = [
        ["8", "MÜLLER", "anna", "jena", "1.1.2021", "1", ""],
        ["9", "Muster", "A", "Jena", "1.1.2021", "1", ""],
        ["10", "Muster", "A", "Jena", "1.1.2021", "1", ""],
    ]
    found = _checked(rows, cooperative=cooperative)
    assert "member 1 of the register" in found[0].errors[0]
    assert found[1].errors == []
    assert "row 3" in found[2].errors[0]
    assert all(not one.errors for one in _checked(rows, cooperative=cooperative, take_doubles=True))


def test_a_birthday_tells_father_and_son_apart() -> None:
    columns = ["family_name", "given_name", "town", "joined_on", "shares", "born_on"]
    rows = [["Muster", "A", "Jena", "1.1.2021", "1", "1.1.1950"], ["Muster", "A", "Jena", "1.1.2021", "1", "2.2.1980"]]
    assert [one.errors for one in _checked(rows, columns)] == [[], []]


def test_the_sums_count_only_what_would_be_entered() -> None:
    found = _checked(
        [["1", "A", "", "", "1.1.2021", "2", "300"], ["2", "B", "", "", "1.1.2021", "1", "250"], ["3", "", "", "", "1.1.2021", "5", ""]]
    )
    sums = checking.sums(found)
    assert (sums["rows"], sums["taken"], sums["with_errors"]) == (3, 2, 1)
    assert (sums["members"], sums["shares"], sums["worth"], sums["capital"], sums["rest"]) == (2, 3, 750_00, 550_00, 200_00)
