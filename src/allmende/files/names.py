"""The name of a file as it is shown: what people called it, without anything that leads astray."""

import re
import unicodedata

from django.utils.translation import gettext as _

from allmende.files import rules

_FORBIDDEN = re.compile(r'[<>:"|?*\\/;%#&{}$`\']+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_ENDING = 10


def parted(given: str) -> tuple[str, str]:
    """Name and ending (small letters, without the dot) of what a browser said, cleaned.

    >>> parted("../../etc/Protokoll 2026.PDF")
    ('Protokoll 2026', 'pdf')
    """
    last = re.split(r"[/\\]", given)[-1]
    name, dot, ending = last.rpartition(".")
    if not dot or not re.fullmatch(rf"[A-Za-z0-9]{{1,{LONGEST_ENDING}}}", ending := _visible(ending)):
        return _cleaned(last), ""
    return _cleaned(name), ending.lower()


def joined(name: str, ending: str) -> str:
    """The whole name, not longer than it may be."""
    return f"{name[: rules.LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending}"


def _cleaned(name: str) -> str:
    """No control characters, nothing that turns the direction of writing (RTL override), nothing a system takes for something else."""
    text = " ".join(_FORBIDDEN.sub("-", _visible(name)).split()).strip(" .-")
    if not any(letter.isalnum() for letter in text):
        return _("File")
    return f"_{text}" if _RESERVED.fullmatch(text) else text


def _visible(text: str) -> str:
    """Without characters nobody sees: controls, formats, surrogates, private and unassigned ones. Blanks of all kinds are blanks."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(letter)[0] == "Z" else letter for letter in plain if unicodedata.category(letter)[0] != "C")
