"""Words and hosts that say little about who somebody is: plain lists to read and to add to, one word per line, `#` begins a remark."""

from pathlib import Path

HERE = Path(__file__).parent


def _listed(name: str) -> frozenset[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("#")[0].strip() for line in lines) - {""}


PLATFORM_HOSTS = _listed("platform_hosts.txt")
LEGAL_FORMS = _listed("legal_forms.txt")
STOP_WORDS = _listed("stop_words.txt")
