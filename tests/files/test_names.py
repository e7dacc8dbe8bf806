"""Names of files: what is shown is harmless, whatever was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.files import rules
from allmende.files.names import joined, parted


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Protokoll.pdf", ("Protokoll", "pdf")),
        ("Größe  ändern.PDF", ("Größe ändern", "pdf")),
        ("../../etc/passwd", ("passwd", "")),
        ("..\\..\\boot.ini", ("boot", "ini")),
        ("/etc/cron.d/x.txt", ("x", "txt")),
        ("a\0b\r\nc.txt", ("abc", "txt")),
        ("Rechnung\u202efdp.exe", ("Rechnungfdp", "exe")),
        ("a\u200b\u2066b.txt", ("ab", "txt")),
        ('<script>"x".txt', ("script-x", "txt")),
        ("con.txt", ("_con", "txt")),
        ("LPT1.pdf", ("_LPT1", "pdf")),
        (".htaccess", ("File", "htaccess")),
        ("....", ("File", "")),
        ("", ("File", "")),
        ("a.tar.gz", ("a.tar", "gz")),
        ("Version 1.2 vom 3. Mai", ("Version 1.2 vom 3. Mai", "")),
    ],
)
def test_names_are_cleaned(said: str, kept: tuple[str, str]) -> None:
    assert parted(said) == kept


def test_a_name_is_never_too_long() -> None:
    assert len(joined("ä" * 5_000, "docx")) == rules.LONGEST_NAME
    assert joined("a" * 5_000, "pdf").endswith("a.pdf")


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(said: str) -> None:
    name = joined(parted(said)[0], "pdf")
    assert name.endswith(".pdf") and 4 < len(name) <= rules.LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*\0\r\n\u202e') and not name.startswith(".")
