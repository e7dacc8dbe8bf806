"""`landscape FILE`: groups of answers in a file, without a database."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.opinions.test_landscape import VOTES, here


def run(*words: str) -> dict[str, object]:
    out = StringIO()
    call_command("landscape", *words, stdout=out)
    found: dict[str, object] = json.loads(out.getvalue())
    return found


@here
def test_both_ways_polis_exports_answers_give_the_same_picture() -> None:
    folder = VOTES / "polis" / "15-per-hour-seattle"
    wide = run(str(folder / "participants-votes.csv"), "--comments", str(folder / "comments.csv"))
    long = run(str(folder / "votes.csv"), "--comments", str(folder / "comments.csv"))
    assert wide["statements"] == long["statements"]
    assert [group["size"] for group in wide["groups"]] == [97, 41] == [group["size"] for group in long["groups"]]  # type: ignore[attr-defined]
    sizes = run(str(VOTES / "polis_math" / "below-100-ptpts" / "votes.json"))
    assert sizes["people"] == 35


@pytest.mark.parametrize("text", ["", "participant,1\nx,1\n", "participant,1\n1,ja\n", "a;b"])
def test_what_are_no_answers_is_said_or_empty(tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(text)
    if text in ("", "a;b"):
        assert run(str(file))["people"] == 0
    else:
        with pytest.raises(CommandError, match="cannot be read"):
            run(str(file))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(str(tmp_path / "none.json"))
