"""Files of banks: what is read, what is refused with which sentence, what is recognised as known."""

from datetime import date

import pytest
from django.utils import translation

from allmende.banking import camt, tables
from allmende.banking.actions.importing import keys_of
from allmende.ground.refusals import BadInput
from tests.banking import scene
from tests.banking.scene import ANNA, OWN, entry

DAY = date(2026, 11, 20)


def refused(data: bytes) -> str:
    """What is said to this file."""
    with translation.override("en"), pytest.raises(BadInput) as no:
        camt.read(data) if camt.is_xml(data) else tables.read(data)
    return str(no.value)


@pytest.mark.parametrize("version", ["02", "08", "13"])
def test_camt_is_read_in_all_versions(version: str) -> None:
    (sheet,) = camt.read(scene.camt(entry(250_00, "M0001-ABCDE", ref="R1", day=DAY), version=version))
    (line,) = sheet.entries
    assert (sheet.iban, line.cents, line.text, line.party, line.iban) == (OWN, 250_00, "M0001-ABCDE", "Anna Mueller", ANNA)
    assert (line.booked_on, line.reference) == (DAY, "R1/0")


def test_version_two_names_parties_without_pty_and_the_status_as_text() -> None:
    old = scene.camt(entry(5_00, "x", day=DAY), version="02").replace(b"<Pty>", b"").replace(b"</Pty>", b"")
    old = old.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
    assert camt.read(old)[0].entries[0].party == "Anna Mueller"
    assert camt.read(old.replace(b"<Sts>BOOK", b"<Sts>PDNG"))[0].entries == ()


def batch(first: str, second: str, whole: str = "30.00") -> bytes:
    """A batch entry with two transactions."""
    details = "".join(
        f'<TxDtls><Refs><EndToEndId>E{at}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><RmtInf><Ustrd>T{at}</Ustrd></RmtInf></TxDtls>'
        for at, amount in enumerate((first, second))
    )
    return scene.camt(
        f'<Ntry><Amt Ccy="EUR">{whole}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{DAY}</Dt></BookgDt>'
        f"<AcctSvcrRef>B</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def test_a_batch_becomes_a_line_per_transaction_or_one_where_they_do_not_add_up() -> None:
    assert [(one.cents, one.end_to_end) for one in camt.read(batch("10.00", "20.00"))[0].entries] == [(10_00, "E0"), (20_00, "E1")]
    assert [one.cents for one in camt.read(batch("10.00", "20.01"))[0].entries] == [30_00]


def test_a_return_says_its_reason_and_whose_account_it_was() -> None:
    more = "<Refs><EndToEndId>LS-20261101-ABCDE-1</EndToEndId></Refs>"
    data = scene.camt(entry(-250_00, "x", day=DAY, more=more))
    data = data.replace(b"</TxDtls>", b"<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>").replace(b"Cdtr", b"Dbtr")
    (line,) = camt.read(data)[0].entries
    assert (line.cents, line.return_code, line.end_to_end, line.iban) == (-250_00, "AC04", "LS-20261101-ABCDE-1", ANNA)
    turned = scene.camt(entry(-5_00, "x", day=DAY)).replace(b"<Sts>", b"<RvslInd>true</RvslInd><Sts>")
    assert camt.read(turned)[0].entries[0].return_code == "RVSL"


def test_bombs_foreign_and_damaged_files_are_refused_in_a_sentence() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    assert "definitions" in refused(bomb)
    assert "definitions" in refused(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')
    assert "damaged" in refused(scene.camt(entry(1_00))[:-20])
    assert "no camt.053" in refused(b"<html><body/></html>")
    assert "no camt.053" in refused(scene.camt().replace(b"camt.053.001.08", b"pain.008.001.08"))
    assert "no account statement" in refused(scene.camt().replace(b"Stmt>", b"Other>"))
    assert "euros" in refused(scene.camt(entry(1_00)).replace(b'"EUR"', b'"USD"'))
    assert "amount" in refused(scene.camt(entry(1_00)).replace(b">1.00<", b">1.005<"))
    assert "neither" in refused(b"%PDF-1.7\0\0")
    assert "neither" in refused(b"   ")
    assert refused(b"hello world\n")


SPARKASSE = (
    '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Beguenstigter/Zahlungspflichtiger";'
    '"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"\r\n'
    f'"{OWN}";"20.11.26";"20.11.26";"GUTSCHRIFT";"Für M0001-ABCDE";"Jörg Müßig";"{ANNA}";"X";"1.250,50";"EUR";"Umsatz gebucht"\r\n'
    f'"{OWN}";"21.11.26";"";"ENTGELT";"Gebühr";"";"";"";"-4,90";"EUR";"Umsatz gebucht"\r\n'
    f'"{OWN}";"22.11.26";"";"GUTSCHRIFT";"bald";"X";"";"";"1,00";"EUR";"Umsatz vorgemerkt"\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_in_every_common_encoding(encoding: str) -> None:
    table = tables.read(SPARKASSE.encode(encoding))
    first, second = tables.entries(table, tables.guess(table))
    assert (first.booked_on, first.cents, first.party, first.iban, first.text) == (DAY, 1_250_50, "Jörg Müßig", ANNA, "Für M0001-ABCDE")
    assert (second.cents, second.value_on) == (-4_90, None)
    assert tables.own_accounts(table, tables.guess(table)) == {OWN}


def test_lines_above_the_table_and_two_columns_of_names_are_understood() -> None:
    data = (
        f'"Girokonto";"{OWN}"\n""\n"Kontostand vom 22.11.2026:";"1.000,00 €"\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"IBAN";"Betrag (€)"\n'
        f'"20.11.26";"20.11.26";"Gebucht";"Anna Müller";"Gartenwerk eG";"M0001";"{ANNA}";"250,00"\n'
        f'"20.11.26";"20.11.26";"Gebucht";"Gartenwerk eG";"Stadtwerke";"Strom";"{ANNA}";"-80,00"\n'
    ).encode()
    table = tables.read(data)
    columns = tables.guess(table)
    assert columns["amount"] == 7
    assert [(one.party, one.cents) for one in tables.entries(table, columns)] == [("Anna Müller", 250_00), ("Stadtwerke", -80_00)]
    assert tables.own_accounts(table, columns) == {OWN}


@pytest.mark.parametrize(
    ("said", "cents"),
    [
        ("1.234,56", 1_234_56), ("1,234.56", 1_234_56), ("-12,5", -12_50), ("12,50-", -12_50), ("12,50 S", -12_50), ("12,50 H", 12_50),
        ("+7", 7_00), ("1'234.50", 1_234_50), ("250,00 €", 250_00),
    ],
)  # fmt: skip
def test_amounts_are_read_to_the_cent(said: str, cents: int) -> None:
    assert tables.read_signed(said) == cents


@pytest.mark.parametrize("said", ["2026-11-20", "20.11.2026", "20.11.26", "20/11/2026", "2026-11-20T10:00:00"])
def test_days_are_read_as_banks_write_them(said: str) -> None:
    assert tables.read_day(said) == DAY


def test_debit_and_credit_in_columns_of_their_own_or_with_a_sign_column() -> None:
    two = tables.read(b'Datum,Soll,Haben,Name\n20.11.2026,"5,00",,A\n20.11.2026,,"7,00",B\n')
    assert [one.cents for one in tables.entries(two, tables.guess(two))] == [-5_00, 7_00]
    sign = tables.read(b"Datum;Umsatz;Soll/Haben;Name\n20.11.2026;5,00;S;A\n20.11.2026;7,00;H;B\n")
    assert [one.cents for one in tables.entries(sign, tables.guess(sign))] == [-5_00, 7_00]


def test_rows_that_cannot_be_read_are_named_and_nothing_is_taken_over() -> None:
    table = tables.read(b"Datum;Betrag\n20.11.2026;1,00\n31.02.2026;2,00\n20.11.2026;zwei\n")
    with translation.override("en"), pytest.raises(BadInput) as no:
        tables.entries(table, tables.guess(table))
    assert "line 3: “31.02.2026”" in str(no.value) and "line 4: “zwei”" in str(no.value)


def test_two_lines_alike_to_the_last_letter_are_two_in_every_file() -> None:
    (sheet,) = camt.read(scene.camt(*[entry(5_00, "x", day=DAY)] * 2))
    first, second = keys_of(OWN, sheet.entries)
    assert first != second
    assert keys_of(OWN, sheet.entries[:1]) == [first]
