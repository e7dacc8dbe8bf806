"""What is right about accounts: versions of consents, areas of notices, clean names and addresses, devices in few words."""

import re
import unicodedata
from datetime import timedelta

# The version of terms and privacy notice a person agrees to. Raise it when the text changes in substance: people are asked again.
AGREEMENT = "2026-11"

# Notices of this area are about the safety of the account; nobody can switch their mails off.
ALWAYS_BY_MAIL = "account"

NAME_LIMIT = 120
EMAIL_LIMIT = 254

CONFIRM_WITHIN = timedelta(days=7)
"""After that an account whose address nobody confirmed is forgotten."""
_BLANKS = re.compile(r"\s+")


def area_of(kind: str) -> str:
    """The part of a notice's kind that mail is chosen by: `stewards.claim_accepted` belongs to `stewards`."""
    return kind.partition(".")[0]


def goes_by_mail(area: str, chosen: bool | None, wanted: bool = True) -> bool:
    """Whether a notice is also sent as mail: always for the account's safety, else as chosen; nothing chosen is yes."""
    return area == ALWAYS_BY_MAIL or (wanted and chosen is not False)


def is_own_path(path: str) -> bool:
    """Whether a path stays in this house: `/mein/`, but not `//elsewhere.example` nor `https://...`."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and not any(letter < " " for letter in path)


def clean_name(name: str) -> str:
    """A name in one line: NFKC, without control and invisible characters, single blanks."""
    normal = unicodedata.normalize("NFKC", name)
    seen = "".join(letter if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else " " for letter in normal)
    return _BLANKS.sub(" ", seen).strip()[:NAME_LIMIT]


def clean_email(address: str) -> str:
    """An e-mail address as we keep it: NFKC, lower case. What looks the same is the same account."""
    return unicodedata.normalize("NFKC", address).strip().lower()


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """A browser's name in few words, `Firefox, Linux`: enough to know one's own sessions, too little to know a person by."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(part for part in (browser, system) if part)
