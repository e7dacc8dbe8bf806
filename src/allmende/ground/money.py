"""Money in whole cents, and sums that are shared out to the last cent. Never a float."""

import re
from collections.abc import Sequence
from decimal import Decimal

from allmende.ground.text import reads_english

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,'\u00a0\u202f ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?", re.ASCII)
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)


def euros(cents: int, *, exact: bool = True) -> str:
    """`1.234,50 €` in German, `€1,234.50` in English; whole euros without cents where `exact` is off. Minus is `−`."""
    number = f"{Decimal(abs(cents)) / 100:,.2f}"
    if not exact and cents % 100 == 0:
        number = number[:-3]
    sign = "−" if cents < 0 else ""
    if reads_english():
        return f"{sign}€{number}"
    return f"{sign}{number.translate(str.maketrans(',.', '.,'))}\u00a0€"


def plain(cents: int) -> str:
    """`-1234.50`: for files that programs read."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def read_euros(text: str) -> int:
    """Cents from what people type: `1.234,50`, `1,234.50 €`, `250`. Raises ValueError for anything else, also three decimals.

    A group of three digits behind one sign is a thousand, as everywhere in daily writing: `1.250` is 1,250 euros.
    """
    said = re.sub(r"(?i)€|eur\b|euro\b", "", text).strip().replace("−", "-")
    negative, said = said.startswith("-"), re.sub(r"^[+-]\s*", "", said)
    if not (_GROUPED.fullmatch(said) or _PLAIN.fullmatch(said)):
        raise ValueError(text)
    tail = re.search(r"[.,](\d{1,2})$", said)
    whole = re.sub(r"\D", "", said[: tail.start()] if tail else said)
    cents = int(whole) * 100 + (int(tail[1].ljust(2, "0")) if tail else 0)
    return -cents if negative else cents


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """`total` cents by these weights, adding up to the cent: each gets its part rounded down, what is left goes cent by cent to the
    largest remainders, the earlier one first where they are equal (largest remainder method). Without any weight nobody gets anything.

    Raises ValueError where something is to be shared out among nobody, or a weight is negative.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or (total and not whole):
        raise ValueError("Nothing to share out by.")
    if not whole:
        return [0] * len(weights)
    sign, amount = (-1, -total) if total < 0 else (1, total)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), at))
    for at in by_remainder[: amount - sum(parts)]:
        parts[at] += 1
    return [sign * part for part in parts]
