"""A file of ballots as it was read: what all readers hand back, and how they complain."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .profiles import CountError, Profile

if TYPE_CHECKING:
    from .votes import Pool

LARGEST = 1_000_000  # no list of options is longer; a number beyond it is a slip, not a vote


class FormatError(CountError):
    """A file that cannot be read. The sentence names the line."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(f"Line {line}: {sentence}" if line else sentence)


def complain(sentence: str, line: int | None = None) -> NoReturn:
    """Stop reading, with a sentence and its line."""
    raise FormatError(sentence, line)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds: its format, the ballots, the options for counting it names itself (seats, ties, method), title, remarks.

    `apart`: some ballots are of investing members, `others` are the ballots without them (None where there are no others); a majority
    keeps them apart itself. `cap`: the most votes of one member, where the rule holds everybody to a tenth.
    """

    kind: str
    profile: "Profile | Pool"
    title: str = ""
    rule: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    published: dict[str, Any] | None = None
    apart: bool = False
    others: "Profile | Pool | None" = None
    cap: int | None = None


def decode(content: bytes) -> str:
    """Text from bytes: UTF-8 or UTF-16 with their marks, UTF-8 without, else the old Western encoding. Raises FormatError for no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            complain("This is not a text file.")
    if b"\0" in content[:4096]:
        complain("This is not a text file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


def read_text(path: Path) -> str:
    """The text of a file. Raises FormatError when it is not there or not text."""
    try:
        return decode(path.read_bytes())
    except OSError as error:
        complain(f"{path} cannot be read: {error.strerror}.")


def whole(text: str, what: str, line: int, least: int = 0, most: int = LARGEST) -> int:
    """A whole number in plain digits. Raises FormatError."""
    word = text.strip()
    if not (word.isascii() and word.isdigit()):
        complain(f"{what} should be a whole number, not “{word[:40]}”.", line)
    number = int(word[:20])
    if len(word) > 20 or not least <= number <= most:
        complain(f"{what} is {word[:20]}; it lies from {least} to {most}.", line)
    return number
