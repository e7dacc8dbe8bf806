"""What amendments make of a text, which stand against each other, which were overtaken."""

from uuid import uuid4

import pytest

from allmende.amendments import rules
from allmende.amendments.rules import CHANGE, DELETE, INSERT, Edit
from allmende.proposals.rules import Part

ONE, TWO, THREE = (Part(text, uuid4()) for text in ("Eins.", "Zwei.", "Drei."))
TEXT = [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("edits", "made"),
    [
        ([Edit(CHANGE, TWO.key, "Zwei.", "Zwo.")], [("Eins.", None), ("Zwo.", 4), ("Drei.", None)]),
        ([Edit(DELETE, ONE.key, "Eins.")], [("Zwei.", None), ("Drei.", None)]),
        ([Edit(INSERT, None, "", "Null.")], [("Null.", 4), ("Eins.", None), ("Zwei.", None), ("Drei.", None)]),
        (
            [Edit(INSERT, ONE.key, "", "A."), Edit(INSERT, ONE.key, "", "B."), Edit(CHANGE, ONE.key, "Eins.", "1.")],
            [("1.", 4), ("A.", 4), ("B.", 4), ("Zwei.", None), ("Drei.", None)],
        ),
        (
            [Edit(DELETE, THREE.key, "Drei."), Edit(INSERT, THREE.key, "", "Ende.")],
            [("Eins.", None), ("Zwei.", None), ("Ende.", 4)],
        ),
    ],
)
def test_changes_are_made_at_their_paragraphs(edits: list[Edit], made: list[tuple[str, int | None]]) -> None:
    assert [(one.text, one.origin) for one in rules.applied(TEXT, edits, 4)] == made


def test_the_key_stays_when_the_words_change_and_inserted_ones_bring_theirs() -> None:
    edit = Edit(INSERT, ONE.key, "", "Neu.")
    made = rules.applied(TEXT, [edit, Edit(CHANGE, TWO.key, "Zwei.", "Zwo.")], 1)
    assert [one.key for one in made] == [ONE.key, edit.inserted, TWO.key, THREE.key]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(CHANGE, ONE.key, "Eins.", "x"), ""),
        (Edit(CHANGE, TWO.key, "Zwei.", "x"), "changed"),
        (Edit(DELETE, TWO.key, "Zwei."), "changed"),
        (Edit(INSERT, TWO.key, "", "x"), ""),
        (Edit(INSERT, None, "", "x"), ""),
        (Edit(CHANGE, THREE.key, "Drei.", "x"), "gone"),
        (Edit(INSERT, THREE.key, "", "x"), "gone"),
    ],
)
def test_what_was_overtaken_is_known(edit: Edit, said: str) -> None:
    assert rules.overtaken(edit, {ONE.key: "Eins.", TWO.key: "Zwo."}) == said


def test_only_different_changes_of_one_paragraph_stand_against_each_other() -> None:
    amendments = {
        1: [Edit(CHANGE, ONE.key, "Eins.", "a")],
        2: [Edit(CHANGE, ONE.key, "Eins.", "b"), Edit(DELETE, TWO.key, "Zwei.")],
        3: [Edit(CHANGE, ONE.key, "Eins.", "a")],
        4: [Edit(DELETE, TWO.key, "Zwei.")],
        5: [Edit(INSERT, ONE.key, "", "c")],
    }
    assert rules.conflicts(amendments) == {1: [2], 2: [1, 3], 3: [2]}


def test_words_of_a_gone_paragraph_go_after_the_nearest_one_before_it() -> None:
    assert rules.neighbour(THREE.key, TEXT, {ONE.key: "", TWO.key: ""}) == TWO.key
    assert rules.neighbour(ONE.key, TEXT, {TWO.key: ""}) is None
