"""What becomes of ideas: exact results, the no before the yes."""

import pytest

from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.ideas import access, actions, letters, queries
from allmende.ideas.models import Edition, Idea, MergeWish, State, Support
from allmende.people import personal
from allmende.people.models import Notice, Person
from tests import coops
from tests.ideas.scene import Scene


def supporters(idea: Idea) -> set[Person]:
    return {one.person for one in Support.objects.filter(idea=idea).select_related("person")}


def test_only_who_takes_part_writes_ideas(here: Scene) -> None:
    words = actions.Words(title="Etwas", text="Worte")
    for who in (here.stranger, coops.person("nachbarin")):
        with pytest.raises(NotAllowed):
            actions.publish_idea(here.cooperative, words, by=who)
    assert actions.publish_idea(here.cooperative, words, by=here.board).author == here.board


@pytest.mark.parametrize(
    "words",
    [
        {"title": "", "text": "Worte"},
        {"title": "Zeile", "text": " \x00 "},
        {"title": "x" * 121, "text": "Worte"},
        {"title": "Zeile", "text": "x" * 4_001},
        {"title": "Zeile", "text": "Worte", "topic": "nonsense"},
        {"title": "Zeile", "text": "Worte", "story_role": "Hofladen"},
    ],
)
def test_words_that_are_no_idea_are_refused(here: Scene, words: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        actions.publish_idea(here.cooperative, actions.Words(**words), by=here.anna)


def test_each_person_supports_once_and_never_the_own_idea(here: Scene) -> None:
    idea = here.idea()
    with pytest.raises(Refused):
        actions.support_idea(idea, by=here.anna, is_supported=True)
    with pytest.raises(NotAllowed):
        actions.support_idea(idea, by=here.stranger, is_supported=True)
    for _twice in range(2):
        actions.support_idea(idea, by=here.ben, is_supported=True)
    assert supporters(idea) == {here.ben}
    for _twice in range(2):
        actions.support_idea(idea, by=here.ben, is_supported=False)
    assert supporters(idea) == set()


def test_former_words_are_kept_from_the_first_supporter_on(here: Scene) -> None:
    idea = actions.edit_idea(here.idea(), actions.Words(title="Neu", text="Worte"), by=here.anna)
    assert not Edition.objects.exists()
    actions.support_idea(idea, by=here.ben, is_supported=True)
    with pytest.raises(NotAllowed):
        actions.edit_idea(idea, actions.Words(title="Fremd", text="Worte"), by=here.ben)
    actions.edit_idea(idea, actions.Words(title="Neuer", text="Worte"), by=here.anna)
    kept = Edition.objects.get()
    assert (kept.number, kept.words["title"]) == (1, "Neu")


def test_an_answer_is_read_by_author_and_supporters(here: Scene) -> None:
    idea = here.idea()
    actions.support_idea(idea, by=here.ben, is_supported=True)
    with pytest.raises(NotAllowed):
        actions.answer_idea(idea, "planned", "Ja", by=here.ben)
    with pytest.raises(BadInput):
        actions.answer_idea(idea, "planned", "  ", by=here.board)
    with pytest.raises(Refused):
        actions.answer_idea(idea, "merged", "Ja", by=here.board)
    answer = actions.answer_idea(idea, "planned", "Im Frühjahr", by=here.board)
    assert [letters.answered(answer), letters.answered(answer)] == [2, 0]
    assert {one.person for one in Notice.objects.filter(kind="ideas.answered")} == {here.anna, here.ben}
    idea.refresh_from_db()
    assert idea.state == State.PLANNED
    with pytest.raises(Refused):
        actions.withdraw_idea(idea, by=here.anna)


def test_a_withdrawn_idea_is_only_its_authors_and_comes_back(here: Scene) -> None:
    idea = here.idea()
    actions.support_idea(idea, by=here.ben, is_supported=True)
    idea = actions.withdraw_idea(idea, by=here.anna)
    assert letters.withdrawn(idea) == 1
    seen = [access.ideas_visible_to(who).filter(pk=idea.pk).exists() for who in (here.anna, here.ben, here.board)]
    assert seen == [True, False, False]
    actions.bring_back(idea, by=here.anna)
    assert supporters(idea) == {here.ben}


def test_a_merge_keeps_the_credit_of_both_each_once_and_can_be_undone(here: Scene) -> None:
    one, other = here.idea(), here.idea("Liefertage online", by=here.ben)
    for idea in (one, other):
        actions.support_idea(idea, by=here.clara, is_supported=True)
    actions.support_idea(one, by=here.ben, is_supported=True)
    with pytest.raises(NotAllowed):
        actions.merge_ideas(one, other, by=here.anna)
    actions.merge_ideas(one, other, by=here.board)
    assert supporters(other) == {here.clara, here.anna}  # Ben wrote it
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (State.MERGED, other)
    assert letters.merged(one) == 3
    for refused in ((one, other), (other, one), (other, other)):
        with pytest.raises(Refused):
            actions.merge_ideas(*refused, by=here.board)
    with pytest.raises(NotAllowed):
        actions.separate_ideas(one, by=here.clara)
    one = actions.separate_ideas(one, by=here.board)
    assert (one.state, supporters(one), supporters(other)) == (State.OPEN, {here.clara, here.ben}, {here.clara})


def test_ideas_of_two_cooperatives_never_become_one(here: Scene) -> None:
    far = coops.cooperative("Fernwerk eG")
    coops.office(far, who=here.board)
    there = actions.publish_idea(far, actions.Words(title="Fern", text="Worte"), by=here.board)
    with pytest.raises(Refused):
        actions.merge_ideas(here.idea(), there, by=here.board)


def test_two_authors_agree_to_merge(here: Scene) -> None:
    one, other = here.idea(), here.idea("Liefertage online", by=here.ben)
    with pytest.raises(NotAllowed):
        actions.wish_merge(one, other, by=here.clara)
    wish = actions.wish_merge(one, other, by=here.anna)
    assert actions.wish_merge(other, one, by=here.ben).pk == wish.pk  # asked already
    assert Notice.objects.get(kind="ideas.wished").person == here.ben
    for who in (here.anna, here.clara):
        with pytest.raises(NotAllowed):
            actions.agree_to_merge(wish, by=who)
    actions.agree_to_merge(wish, by=here.ben)
    one.refresh_from_db()
    assert one.merged_into == other
    assert not MergeWish.objects.exists()


def test_a_declined_merge_leaves_both(here: Scene) -> None:
    wish = actions.wish_merge(here.idea(), here.idea("Anderes", by=here.ben), by=here.anna)
    actions.decline_merge(wish, by=here.ben)
    assert not MergeWish.objects.exists()
    assert Idea.objects.filter(state=State.OPEN).count() == 2


def test_guests_and_strangers_see_only_what_is_public(here: Scene) -> None:
    idea = here.idea()
    assert not access.ideas_visible_to(here.stranger).exists()
    with pytest.raises(NotAllowed):
        actions.show_to(idea, "public", by=here.anna)
    actions.show_to(idea, "public", by=here.board)
    assert access.ideas_visible_to(here.stranger).get() == idea
    actions.hide_idea(idea, by=here.board, reason="Beleidigung")
    seen = [access.ideas_visible_to(who).filter(pk=idea.pk).exists() for who in (here.stranger, here.ben, here.anna, here.board)]
    assert seen == [False, False, True, True]


def test_the_list_is_narrowed_and_ordered(here: Scene) -> None:
    first, second = here.idea(), here.idea("Gemeinsames Lager", topic="business")
    actions.support_idea(first, by=here.ben, is_supported=True)

    def found(**filters: object) -> list[Idea]:
        return list(queries.ideas_of(here.ben, here.cooperative, queries.Filters(**filters)))  # type: ignore[arg-type]

    assert found() == [second, first]
    assert found(order="most") == [first, second]
    assert found(topic="business") == [second]
    assert found(state="done") == []
    assert found(q="Lieferungen Tür") == [first]
    assert found(is_mine=True) == [first]
    assert [(one.n_supports, one.is_mine) for one in found(order="most")] == [(1, True), (0, False)]


def test_erasure_keeps_what_others_support_without_the_name(here: Scene) -> None:
    lonely, loved = here.idea(), here.idea("Lager")
    actions.support_idea(loved, by=here.ben, is_supported=True)
    actions.support_idea(here.idea("Anderes", by=here.ben), by=here.anna, is_supported=True)
    assert len(personal.AREAS["ideas"].rows(here.anna)) == 2
    assert len(personal.FORGETS["ideas"][1](here.anna) or []) == 1
    assert not Idea.objects.filter(pk=lonely.pk).exists()
    loved.refresh_from_db()
    assert loved.author is None
    assert not Support.objects.filter(person=here.anna).exists()
