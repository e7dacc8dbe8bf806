"""Arguments about an idea: each once, shared not shouted, answered; who may do what; five hundred of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allmende.arguments import access, actions, panels, queries, rules
from allmende.arguments.models import Argument, Share
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.ideas.actions import show_to
from allmende.ideas.models import Idea
from allmende.people import personal
from allmende.people.models import Notice, Person
from tests.ideas.scene import Scene, scene

KIND = "ideas.idea"


@pytest.fixture
def here(db: None) -> Scene:
    return scene()


@pytest.fixture
def idea(here: Scene) -> Idea:
    return here.idea()


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="allmende.people.adapter.Backend")
    return client


def test_likeness_is_measured_by_stems() -> None:
    one = rules.stems("Gemeinsame Server senken die Kosten um ein Drittel")
    assert rules.likeness(one, rules.stems("Die gemeinsamen Server senken unsere Kosten")) > 0.5
    assert rules.likeness(one, rules.stems("Ein Betreiber für alle ist ein Klumpenrisiko")) == 0
    assert rules.likeness(one, frozenset()) == 0


def test_only_who_may_discuss_argues(here: Scene, idea: Idea) -> None:
    with pytest.raises(NotAllowed):
        actions.write_argument(idea, "for", "Gut", by=here.stranger)
    for side, text in (("nonsense", "Gut"), ("for", "  "), ("for", "x" * 1_001)):
        with pytest.raises(BadInput):
            actions.write_argument(idea, side, text, by=here.ben)
    assert actions.write_argument(idea, "for", "Gut", by=here.ben).author == here.ben


def test_guests_read_arguments_about_something_public_without_names(here: Scene, idea: Idea) -> None:
    said = actions.write_argument(idea, "question", "Wer zahlt?", by=here.ben)
    actions.answer_argument(said, "Alle.", by=here.anna)
    show_to(idea, "public", by=here.board)
    pages = {who: browser(who).get(f"/argumente/{KIND}/{idea.pk}/?side=question").content.decode() for who in (None, here.clara)}
    assert "Wer zahlt?" in pages[None] and "Alle." in pages[None]
    assert (here.ben.name in pages[None], here.anna.name in pages[None]) == (False, False)
    assert (here.ben.name in pages[here.clara], here.anna.name in pages[here.clara]) == (True, True)
    report = browser().get(f"/melden/arguments.argument/{said.pk}/").content.decode()
    assert "Wer zahlt?" in report and here.ben.name not in report


def test_each_argument_stands_once(here: Scene, idea: Idea) -> None:
    actions.write_argument(idea, "for", "Spart Zeit", by=here.ben)
    with pytest.raises(Refused):
        actions.write_argument(idea, "for", "spart zeit", by=here.clara)
    actions.write_argument(idea, "question", "Spart Zeit", by=here.clara)


def test_it_is_shared_once_and_never_by_its_author(here: Scene, idea: Idea) -> None:
    said = actions.write_argument(idea, "for", "Spart Zeit", by=here.ben)
    with pytest.raises(Refused):
        actions.share_argument(said, by=here.ben, is_shared=True)
    with pytest.raises(NotAllowed):
        actions.share_argument(said, by=here.stranger, is_shared=True)
    for _twice in range(2):
        actions.share_argument(said, by=here.clara, is_shared=True)
    assert Share.objects.count() == 1
    with pytest.raises(Refused):  # what others share is not put in other words
        actions.change_argument(said, "Anders", by=here.ben)
    actions.share_argument(said, by=here.clara, is_shared=False)
    assert actions.change_argument(said, "Anders", by=here.ben).text == "Anders"
    Argument.objects.update(created_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused):
        actions.change_argument(said, "Zu spät", by=here.ben)


def test_what_many_share_stands_further_up(here: Scene, idea: Idea) -> None:
    first, second = (actions.write_argument(idea, "for", text, by=here.ben) for text in ("Erstes", "Zweites"))
    actions.share_argument(second, by=here.clara, is_shared=True)
    who = queries.reader(here.clara, idea, timezone.now())
    lines = queries.columns(who)[0].lines
    assert [(one.argument, one.shares, one.is_shared) for one in lines] == [(second, 1, True), (first, 0, False)]


def test_authors_answer_and_who_asked_is_told(here: Scene, idea: Idea) -> None:
    asked = actions.write_argument(idea, "question", "Was kostet das?", by=here.ben)
    assert Notice.objects.get(kind="arguments.asked").person == here.anna
    with pytest.raises(NotAllowed):
        actions.answer_argument(asked, "Nichts", by=here.clara)
    actions.answer_argument(asked, "Nichts", by=here.anna)
    assert "Nichts" in Notice.objects.get(kind="arguments.answered", person=here.ben).text
    assert actions.answer_argument(asked, "", by=here.board).answered_at is None


def test_withdrawn_comes_back_for_a_day(here: Scene, idea: Idea) -> None:
    said = actions.write_argument(idea, "against", "Zu teuer", by=here.ben)
    with pytest.raises(NotAllowed):
        actions.withdraw_argument(said, by=here.board)
    actions.withdraw_argument(said, by=here.ben)
    assert not access.arguments_visible_to(here.clara).exists()
    assert actions.restore_argument(said, by=here.ben).withdrawn_at is None
    actions.withdraw_argument(said, by=here.ben)
    assert actions.forget_withdrawn(timezone.now()) == 0
    assert actions.forget_withdrawn(timezone.now() + timedelta(days=2)) == 1


def test_moderators_hide_with_a_reason(here: Scene, idea: Idea) -> None:
    said = actions.write_argument(idea, "against", "Grob", by=here.ben)
    with pytest.raises(NotAllowed):
        actions.hide_argument(said, by=here.clara, reason="Grob")
    with pytest.raises(BadInput):
        actions.hide_argument(said, by=here.board, reason=" ")
    actions.hide_argument(said, by=here.board, reason="Beleidigung")
    assert "Beleidigung" in Notice.objects.get(kind="arguments.hidden", person=here.ben).text
    seen = [bool(queries.columns(queries.reader(who, idea, timezone.now()))[1].count) for who in (here.clara, here.ben, here.board)]
    assert seen == [False, True, True]
    actions.unhide_argument(said, by=here.board)


def test_a_flood_waits(here: Scene, idea: Idea) -> None:
    Argument.objects.bulk_create(
        Argument(about_kind=KIND, about_id=idea.pk, side="for", text=f"Nr. {n}", author=here.ben) for n in range(rules.MOST_AN_HOUR)
    )
    with pytest.raises(Refused):
        actions.write_argument(idea, "for", "Noch eins", by=here.ben)


def test_five_hundred_arguments_are_pages_with_few_questions(here: Scene, idea: Idea) -> None:
    def shown() -> int:
        request = RequestFactory().get("/")
        request.user = here.clara
        with CaptureQueriesContext(connection) as asked:
            html = panels.arguments(request, idea)
        assert "argument-" in html
        return len(asked)

    actions.write_argument(idea, "for", "Erstes", by=here.ben)
    actions.write_argument(idea, "against", "Erstes", by=here.ben)
    actions.write_argument(idea, "question", "Erstes", by=here.ben)
    few = shown()
    Argument.objects.bulk_create(
        Argument(about_kind=KIND, about_id=idea.pk, side=side, text=f"Grund {n}", author=here.ben)
        for n in range(166)
        for side in ("for", "against", "question")
    )
    assert shown() == few <= 12
    columns = queries.columns(queries.reader(here.clara, idea, timezone.now()))
    assert [(len(one.lines), one.more) for one in columns] == [(3, 164)] * 3
    page = browser(here.clara).get(reverse("arguments:arguments", args=[KIND, idea.pk]), {"side": "against", "page": "4"})
    assert page.content.decode().count('class="arg') == 17


def test_doors_open_only_where_the_thing_is_seen(here: Scene, idea: Idea) -> None:
    said = actions.write_argument(idea, "for", "Gut", by=here.ben)
    listed, new = (reverse(f"arguments:{name}", args=[KIND, idea.pk]) for name in ("arguments", "new"))
    for client in (browser(), browser(here.stranger)):
        assert client.get(listed).status_code == 404
        assert client.post(new, {"side": "for", "text": "Fremd"}).status_code in (302, 404)
        assert client.post(reverse("arguments:share", args=[said.uuid]), {"share": "yes"}).status_code in (302, 404)
    assert not Share.objects.exists()
    assert browser(here.clara).get(reverse("arguments:arguments", args=["nonsense", 1])).status_code == 404
    assert browser(here.clara).get(reverse("arguments:arguments", args=[KIND, 10**30])).status_code == 404
    for name in ("answer", "hide"):
        assert browser(here.clara).get(reverse(f"arguments:{name}", args=[said.uuid])).status_code == 404
        assert browser(here.board).get(reverse(f"arguments:{name}", args=[said.uuid])).status_code == 200
    assert browser(here.ben).get(reverse("arguments:change", args=[said.uuid])).status_code == 200
    assert browser(here.clara).get(reverse("arguments:change", args=[said.uuid])).status_code == 403


def test_similar_ones_are_shown_before_posting(here: Scene, idea: Idea) -> None:
    actions.write_argument(idea, "for", "Gemeinsame Server senken die Kosten", by=here.ben)
    address, clara = reverse("arguments:new", args=[KIND, idea.pk]), browser(here.clara)
    said = {"side": "for", "text": "Server, die wir gemeinsam haben, senken Kosten <script>"}
    shown = clara.post(address, said).content.decode()
    assert "Gemeinsame Server senken" in shown
    assert "Kosten &lt;script&gt;" in shown
    assert Argument.objects.count() == 1
    there = clara.post(address, {**said, "anyway": "1"})
    assert there.headers["Location"].endswith(f"#argument-{Argument.objects.latest('pk').pk}")
    assert clara.post(address, {"side": "for", "text": ""}).status_code == 422


def test_withdrawing_through_the_pages_can_be_taken_back(here: Scene, idea: Idea) -> None:
    said = actions.write_argument(idea, "for", "Gut", by=here.ben)
    ben = browser(here.ben)
    page = ben.post(reverse("arguments:withdraw", args=[said.uuid]), follow=True).content.decode()
    assert reverse("arguments:restore", args=[said.uuid]) in page
    assert browser(here.clara).get(reverse("arguments:argument", args=[said.uuid])).status_code == 404
    assert ben.post(reverse("arguments:restore", args=[said.uuid]), follow=True).status_code == 200


def test_erasure_keeps_what_others_share_without_the_name(here: Scene, idea: Idea) -> None:
    lonely, shared = (actions.write_argument(idea, "for", text, by=here.ben) for text in ("Erstes", "Zweites"))
    actions.share_argument(shared, by=here.clara, is_shared=True)
    assert len(personal.AREAS["arguments"].rows(here.ben)) == 2
    assert len(personal.FORGETS["arguments"][1](here.ben) or []) == 1
    assert not Argument.objects.filter(pk=lonely.pk).exists()
    shared.refresh_from_db()
    assert shared.author is None
