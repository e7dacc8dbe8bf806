"""Investing members may not outvote the others (§ 8 II sentence 2 GenG): whatever the way of counting, it is counted with and without them.

A majority does this itself with its classes (majority.py). Everywhere else both counts are made in full; where they come to the same
result, the count of all papers stands, where not, that of the others.
"""

from collections.abc import Mapping
from typing import Any

DECIDES = ("outcome", "elected", "selected")


def brief(result: Mapping[str, Any]) -> dict[str, Any]:
    """What came out, without how."""
    found = {key: result[key] for key in DECIDES if key in result}
    return {key: sorted(value) if isinstance(value, list | tuple) else value for key, value in found.items()}


def binding(everybody: dict[str, Any], others: dict[str, Any] | None) -> dict[str, Any]:
    """The count that stands, with what both came to under `investing`. `others` is None where nobody else took part: then nothing is
    decided, as with too few. The quorum is asked of all."""
    if others is None:
        return everybody | {"outcome": "no_quorum", "investing": {"differs": True, "with": brief(everybody), "without": None}}
    both = {"differs": brief(everybody) != brief(others), "with": brief(everybody), "without": brief(others)}
    if not both["differs"] or everybody["outcome"] == "no_quorum":
        return everybody | {"investing": both}
    return others | {key: everybody[key] for key in ("quorums",) if key in everybody} | {"investing": both}
