"""What leaves the house of a landscape: the numbers that are shown, as rows and as one object. No person is in it."""

from typing import Any

from allmende.opinions.models import Landscape, Result, Statement
from allmende.opinions.picture import LETTERS

HEAD = ["number", "statement", "group", "people", "agree", "disagree", "pass"]


def rows(result: Result, statements: list[Statement]) -> list[list[str]]:
    """A table: for each statement one row for all and one for each group; empty numbers where too few answered."""
    texts = {one.number: one.text for one in statements}
    found = [HEAD]
    for row in result.shown["statements"]:
        if row["number"] not in texts:
            continue
        for name, one in [("all", row), *((LETTERS[key], one) for key, one in enumerate(row["groups"]))]:
            counted = [str(one[word]) for word in ("seen", "agree", "disagree", "passed")] if one else [""] * 4
            found.append([str(row["number"]), texts[row["number"]], name, *counted])
    return found


def landscape(asked: Landscape, result: Result, statements: list[Statement]) -> dict[str, Any]:
    """The picture as one object, with the texts of the statements."""
    texts, shown = {one.number: one.text for one in statements}, result.shown
    drawn = ("people", "x", "y", "long", "short", "turn")
    return {
        "title": asked.title,
        "question": asked.question,
        "cooperative": asked.cooperative.organisation.name,
        "computed_at": result.computed_at.isoformat(),
        "is_final": result.is_final,
        "people": shown["people"],
        "people_in_groups": shown["grouped"],
        "groups": [
            {"name": LETTERS[key], **{word: one[word] for word in drawn}, "stands": _known(one, texts)}
            for key, one in enumerate(shown["groups"])
        ],
        "unites": [one for one in shown["unites"] if one["number"] in texts],
        "divides": [number for number in shown["divides"] if number in texts],
        "statements": [{"text": texts[row["number"]], **row} for row in shown["statements"] if row["number"] in texts],
    }


def _known(group: dict[str, Any], texts: dict[int, str]) -> list[dict[str, Any]]:
    return [one for one in group["stands"] if one["number"] in texts]
