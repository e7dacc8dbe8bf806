"""The pages of ideas: who comes in, what they show, what is refused."""

import pytest
from django.test import Client
from django.urls import reverse

from allmende.comments.actions import write_comment
from allmende.ideas import actions
from allmende.ideas.models import Idea, Support
from allmende.people.models import Person
from tests.ideas.scene import Scene

STORY = {"title": "Liefertage ändern", "text": "Worte", "topic": "product"}


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="allmende.people.adapter.Backend")
    return client


def at(name: str, here: Scene, *more: object) -> str:
    return reverse(f"ideas:{name}", args=[here.cooperative.organisation.slug, *more])


def test_who_is_not_inside_finds_nothing(here: Scene) -> None:
    idea = here.idea()
    for client in (browser(), browser(here.stranger)):
        assert client.get(at("ideas", here)).status_code == 404
        assert client.get(at("idea", here, idea.uuid)).status_code == 404
        assert client.post(at("support", here, idea.uuid), {"support": "yes"}).status_code in (302, 404)
    assert browser(here.ben).get(at("answer", here, idea.uuid)).status_code == 404
    assert not Support.objects.exists()


def test_a_public_idea_is_read_by_everybody_without_names(here: Scene) -> None:
    idea = actions.show_to(here.idea(), "public", by=here.board)
    page = browser().get(at("idea", here, idea.uuid)).content.decode()
    assert idea.title in page
    assert "Anna" not in page
    assert "Anna" in browser(here.ben).get(at("idea", here, idea.uuid)).content.decode()
    assert browser().get(at("ideas", here)).status_code == 200


def test_former_words_and_what_members_say_of_a_public_idea_stay_among_them(here: Scene) -> None:
    """They may be of a time when it was for members only; and who talks to members does not talk to everybody."""
    idea = here.idea(text="Nur unter uns: Gläubiger drohen.")
    actions.support_idea(idea, by=here.ben, is_supported=True)
    actions.edit_idea(idea, actions.Words(title=idea.title, text="Für alle."), by=here.anna)
    write_comment(idea, "Gut gesagt.", by=here.ben)
    actions.show_to(idea, "public", by=here.board)
    former, talk = at("editions", here, idea.uuid), f"/kommentare/ideas.idea/{idea.pk}/"
    for client in (browser(), browser(here.stranger)):
        assert former not in client.get(at("idea", here, idea.uuid)).content.decode()
        assert (client.get(former).status_code, client.get(talk).status_code) == (404, 404)
    assert "Gläubiger" in browser(here.clara).get(former).content.decode()
    assert "Gut gesagt." in browser(here.clara).get(talk).content.decode()


def test_similar_ones_are_shown_before_publishing_without_a_script(here: Scene) -> None:
    here.idea()
    client = browser(here.ben)
    first = client.post(at("new", here), STORY)
    assert "Liefertage im Netz ändern" in first.content.decode()
    assert Idea.objects.count() == 1
    second = client.post(at("new", here), {**STORY, "anyway": "1"})
    assert second.status_code == 302
    assert Idea.objects.count() == 2
    assert "Liefertage" in client.get(at("similar", here), {"q": "Liefertage"}).content.decode()
    assert "<li" not in client.get(at("similar", here), {"q": "xx"}).content.decode()
    assert browser(here.stranger).get(at("similar", here), {"q": "Liefertage"}).status_code == 404


def test_hostile_words_are_only_words(here: Scene) -> None:
    idea = here.idea("<script>alert(1)</script>", text="[x](javascript:alert(1)) <img src=x onerror=alert(1)>")
    page = browser(here.ben).get(at("idea", here, idea.uuid)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page


def test_a_form_with_a_fault_keeps_what_was_typed(here: Scene) -> None:
    answer = browser(here.ben).post(at("new", here), {"title": "", "text": "Lange getippt", "topic": "nonsense", "story_role": "Hof"})
    assert answer.status_code == 422
    assert "Lange getippt" in answer.content.decode()


def test_support_in_the_list_returns_to_the_list_and_nowhere_else(here: Scene) -> None:
    idea, client = here.idea(), browser(here.ben)
    back = at("ideas", here) + "?order=most"
    assert client.post(at("support", here, idea.uuid), {"support": "yes", "back": back}).headers["Location"] == f"{back}#idee-{idea.pk}"
    away = client.post(at("support", here, idea.uuid), {"support": "no", "back": "https://boese.example/"})
    assert away.headers["Location"] == at("idea", here, idea.uuid)
    assert client.get(at("support", here, idea.uuid)).status_code == 405


@pytest.mark.parametrize("name", ["ideas", "new"])
def test_pages_open_for_members(here: Scene, name: str) -> None:
    assert browser(here.ben).get(at(name, here)).status_code == 200


def test_the_list_asks_as_much_for_three_rows_as_for_one(here: Scene, django_assert_max_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    here.idea()
    client = browser(here.ben)
    client.get(at("ideas", here))
    with CaptureQueriesContext(connection) as one:
        client.get(at("ideas", here))
    here.idea("Lager")
    here.idea("Bus", by=here.clara)
    with CaptureQueriesContext(connection) as three:
        client.get(at("ideas", here))
    assert len(three) <= len(one)


def test_administration_answers_merges_and_shows(here: Scene) -> None:
    idea, other, client = here.idea(), here.idea("Liefertage online ändern", by=here.ben), browser(here.board)
    for name in ("answer", "merge", "hide", "editions"):
        assert client.get(at(name, here, idea.uuid)).status_code == 200
    assert client.post(at("answer", here, idea.uuid), {"state": "planned", "text": ""}).status_code == 422
    assert client.post(at("answer", here, idea.uuid), {"state": "planned", "text": "Bald"}).status_code == 302
    assert client.post(at("merge", here, idea.uuid), {"into": str(idea.uuid)}).status_code == 409
    assert client.post(at("merge", here, idea.uuid), {"into": "nonsense"}).status_code == 422
    assert client.post(at("merge", here, idea.uuid), {"into": str(other.uuid)}).status_code == 302
    assert client.get(at("idea", here, idea.uuid)).status_code == 200
    assert client.post(at("separate", here, idea.uuid)).status_code == 302
    assert client.post(at("show", here, idea.uuid), {"visibility": "nonsense"}).status_code == 400
