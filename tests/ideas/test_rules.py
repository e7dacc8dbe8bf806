"""What is right about ideas, by tables."""

import pytest

from allmende.ideas import rules


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("open", "planned", True),
        ("open", "declined", True),
        ("planned", "started", True),
        ("started", "started", True),
        ("declined", "open", True),
        ("open", "open", False),
        ("merged", "done", False),
        ("withdrawn", "planned", False),
        ("open", "merged", False),
        ("open", "nonsense", False),
    ],
)
def test_which_state_may_follow(before: str, after: str, may: bool) -> None:
    assert rules.may_follow(before, after) is may


@pytest.mark.parametrize(
    ("story", "is_half"),
    [(("", "", "", ""), False), (("Hofladen", "Liefertage", "", ""), False), (("Hofladen", "", "", ""), True), (("", "", "", "Ida"), True)],
)
def test_a_story_is_told_to_its_end(story: tuple[str, str, str, str], is_half: bool) -> None:
    assert rules.story_fault(*story) is is_half


def test_similar_ideas_are_found_by_the_words_that_carry_meaning() -> None:
    others = [
        (1, "Liefertage im Netz ändern"),
        (2, "Ein gemeinsames Lager für den Winter"),
        (3, "Änderung der Liefertage online möglich machen"),
    ]
    assert set(rules.similar("Liefertag online ändern können", others)) == {1, 3}
    assert rules.similar("", others) == []
