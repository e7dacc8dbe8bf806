"""Domains that look or sound like another one."""

import pytest

from allmende.ground.text import ascii_domain


@pytest.mark.parametrize(("said", "meant"), [
    ("straße.de", "xn--strae-oqa.de"), ("STRASSE.de", "strasse.de"), ("bücher.de", "xn--bcher-kva.de"),
    ("büchergroß.de", "xn--bchergro-xya6z.de"),
    ("ｅｇ。de", "eg.de"), ("eg.de.", "eg.de"), ("127.0.0.1", "127.0.0.1"), ("eg\u200d.de", ""), ("x" * 64 + ".de", ""),
    ("ß" * 60 + ".de", ""),
    ("", ""), ("\udcff.de", ""), ("hоfladen.de", "xn--hfladen-9ig.de"),
])  # fmt: skip
def test_two_domains_stay_two(said: str, meant: str) -> None:
    assert ascii_domain(said) == meant
