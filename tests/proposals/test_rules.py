"""Paragraphs and their keys, differences between versions, steps: by tables."""

import time
from uuid import uuid4

import pytest

from allmende.proposals import rules
from allmende.proposals.rules import Part


def parts(*texts: str) -> list[Part]:
    return [Part(text, uuid4()) for text in texts]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Eins.", ["Eins."]),
        ("Eins.\n\nZwei.", ["Eins.", "Zwei."]),
        ("Eins.\nnoch eins.\n \t\n\nZwei.\n\n\n", ["Eins.\nnoch eins.", "Zwei."]),
        ("\n\n  Eins.  \n\n", ["Eins."]),
    ],
)
def test_an_empty_line_ends_a_paragraph(text: str, found: list[str]) -> None:
    assert rules.paragraphs(text) == found


def test_unchanged_changed_and_moved_paragraphs_keep_their_keys() -> None:
    old = parts("Der Vertrag läuft fünf Jahre und ist kündbar.", "Jedes Mitglied zahlt 40 Euro.", "Ein Ausschuss berichtet.")
    new = rules.keyed(old, ["Der Vertrag läuft drei Jahre und ist kündbar.", "Ganz neu.", "Ein Ausschuss berichtet."])
    assert [new[0].key, new[2].key] == [old[0].key, old[2].key]
    assert new[1].key not in {one.key for one in old}
    moved = rules.keyed(old, ["Ein Ausschuss berichtet.", old[0].text, old[1].text])
    assert [one.key for one in moved] == [old[2].key, old[0].key, old[1].key]


def test_keys_are_never_given_twice() -> None:
    old = parts("Gleich.", "Gleich.", "Anders.")
    new = rules.keyed(old, ["Gleich.", "Anders.", "Gleich.", "Gleich."])
    assert len({one.key for one in new}) == len(new)


def test_two_hundred_rewritten_paragraphs_are_known_again_quickly() -> None:
    old = parts(*(f"Absatz {n} sagt etwas über die Sache {n} und noch mehr." for n in range(200)))
    began = time.monotonic()
    new = rules.keyed(old, [one.text.replace("noch mehr", "viel mehr") for one in old])
    assert [one.key for one in new] == [one.key for one in old]
    assert time.monotonic() - began < 3


def test_the_difference_names_what_became_of_each_paragraph() -> None:
    old = parts("Eins.", "Zwei.", "Drei.")
    new = [Part("Zwei!", old[1].key), old[2], Part("Vier.", uuid4())]
    steps = rules.compared(old, new)
    assert [(one.kind, one.old_number, one.new_number) for one in steps] == [
        ("removed", 1, None),
        ("changed", 2, 1),
        ("same", 3, 2),
        ("added", None, 3),
    ]
    turned = rules.compared(old, [old[2], old[0], old[1]])
    assert [one.kind for one in turned] == ["moved", "same", "same"]


@pytest.mark.parametrize(
    ("outcome", "state", "after"),
    [
        ("accepted", "decision", "accepted"),
        ("rejected", "decision", "rejected"),
        ("objections", "decision", "deliberation"),
        ("tie", "decision", "deliberation"),
        ("no_quorum", "decision", "deliberation"),
        ("accepted", "deliberation", "deliberation"),
        ("accepted", "withdrawn", "withdrawn"),
    ],
)
def test_what_was_counted_moves_only_what_is_being_decided(outcome: str, state: str, after: str) -> None:
    assert rules.after_count(outcome, state) == after


@pytest.mark.parametrize(("needed", "office", "state"), [(0, False, "deliberation"), (3, False, "collecting"), (0, True, "collecting")])
def test_a_draft_waits_only_where_the_cooperative_asks_for_it(needed: int, office: bool, state: str) -> None:
    assert rules.first_step(needed, office) == state


def test_only_yes_or_no_decides_about_a_proposal_itself() -> None:
    assert [rules.says_yes_or_no({"method": one}) for one in ("majority", "consent", "score", "stv")] == [True, True, False, False]
    assert not rules.says_yes_or_no({})
