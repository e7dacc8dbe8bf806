"""Following: nothing twice, nothing lost, nothing that is not public, one click to end it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Organisation, State
from allmende.ground import trail
from allmende.ground.models import Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.notices import actions, letters, rules
from allmende.notices.models import Follow, Happening, Item
from allmende.people.models import Person
from tests.cast import HAMBURG, organisation

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 11, 19, 12, tzinfo=UTC)


def anna(**more: Any) -> Person:
    return Person.objects.create_user("anna@example.org", name="Anna", **more)


def happens(item: Organisation, what: str = "edited") -> None:
    trail.record("directory.organisations_changed", organisations=[item.pk], what=what)


def old(item: Organisation) -> Organisation:
    Organisation.objects.filter(pk=item.pk).update(created_at=timezone.now() - timedelta(days=9))
    return item


def sent(after: timedelta = timedelta()) -> int:
    actions.match_all()
    return actions.send_due(timezone.now() + after)


def bodies() -> str:
    return " ".join(Letter.objects.order_by("pk").values_list("body", flat=True))


@pytest.mark.parametrize(("what", "is_new", "word"), [
    ("edited", False, "changed"), ("created", True, "new"), ("imported", True, "new"), ("imported", False, "changed"),
    ("archived", True, "gone"), ("confirmed", False, "confirmed"), ("rules", False, ""), ("", False, ""), ("anything", True, ""),
])  # fmt: skip
def test_what_is_news(what: str, is_new: bool, word: str) -> None:
    assert rules.news_of(what, is_new) == word


@pytest.mark.parametrize(("frequency", "sent_at", "now", "due"), [
    ("now", THURSDAY, THURSDAY, True),
    ("paused", None, THURSDAY, False),
    ("daily", THURSDAY.replace(hour=6), THURSDAY, True),
    ("daily", THURSDAY.replace(hour=8), THURSDAY, False),
    ("daily", THURSDAY.replace(hour=8), THURSDAY.replace(hour=23), False),
    ("daily", THURSDAY.replace(hour=8), THURSDAY + timedelta(hours=18), False),
    ("daily", THURSDAY.replace(hour=8), THURSDAY + timedelta(hours=20), True),
    ("weekly", THURSDAY - timedelta(days=4), THURSDAY, True),
    ("weekly", THURSDAY - timedelta(days=2), THURSDAY, False),
    ("weekly", THURSDAY, THURSDAY + timedelta(days=3), False),
    ("weekly", THURSDAY, THURSDAY + timedelta(days=4), True),
])  # fmt: skip
def test_when_a_digest_is_due(frequency: str, sent_at: datetime | None, now: datetime, due: bool) -> None:
    assert rules.is_due(frequency, sent_at, THURSDAY - timedelta(days=30), now) is due


def test_a_change_is_told_once_and_the_next_one_again() -> None:
    item = old(organisation("Bäckerei eG"))
    actions.follow_organisation(item, by=anna(), frequency="now")
    happens(item)
    assert (sent(), sent()) == (1, 0)
    happens(item, "confirmed")
    assert sent() == 1
    assert Letter.objects.count() == 2
    assert bodies().count("/o/backerei-eg/") + bodies().count("/o/baeckerei-eg/") == 2


def test_two_follows_of_the_same_entry_make_one_line_in_one_letter() -> None:
    item = old(organisation("Bäckerei eG", "Hamburg", HAMBURG, sector="food"))
    someone = anna()
    actions.follow_organisation(item, by=someone, frequency="weekly")
    actions.follow_search("sector=food", by=someone, frequency="now")
    happens(item)
    happens(item)
    assert sent() == 1
    assert bodies().count("Bäckerei eG") == 1
    assert sent(timedelta(days=8)) == 0


def test_a_search_hears_of_what_comes_and_changes_but_not_of_others_nor_of_what_was_before() -> None:
    before = old(organisation("Vorher eG", sector="food"))
    happens(before)
    someone = anna()
    actions.follow_search("sector=food&page=2", by=someone, frequency="now")
    assert Follow.objects.get().query == "sector=food"
    new, other = organisation("Neu eG", sector="food"), organisation("Anders eG", sector="energy")
    for item in (new, other):
        happens(item, "created")
    happens(before, "confirmed")
    assert sent() == 1
    assert "Neu eG" in bodies() and "Anders eG" not in bodies() and "Vorher eG" not in bodies()


def test_what_is_not_public_is_told_to_nobody() -> None:
    item = old(organisation("Geheim eG", sector="food"))
    someone = anna()
    actions.follow_organisation(item, by=someone, frequency="now")
    happens(item)
    actions.match_all()
    Organisation.objects.filter(pk=item.pk).update(state=State.DRAFT)
    assert sent() == 0
    assert not Letter.objects.exists() and not mail.outbox


def test_that_an_entry_is_gone_is_told_to_those_who_follow_it() -> None:
    item = old(organisation("Weg eG"))
    actions.follow_organisation(item, by=anna(language="en"), frequency="now")
    Organisation.objects.filter(pk=item.pk).update(state=State.ARCHIVED)
    happens(item, "archived")
    assert sent() == 1
    assert "Weg eG: no longer on the map" in bodies()


def test_a_weekly_digest_holds_everything_of_the_week_once() -> None:
    someone, first, second = anna(), old(organisation("Eins eG")), old(organisation("Zwei eG"))
    for item in (first, second):
        actions.follow_organisation(item, by=someone, frequency="weekly")
        happens(item)
    assert sent() == 0
    assert sent(timedelta(days=8)) == 1
    assert bodies().count("Eins eG") == bodies().count("Zwei eG") == 1
    assert sent(timedelta(days=15)) == 0


def test_a_crash_while_sending_loses_nothing_and_repeats_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    item = old(organisation("Eins eG"))
    actions.follow_organisation(item, by=anna(), frequency="now")
    happens(item)
    actions.match_all()

    def crash(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("allmende.notices.letters.digest", crash)
        with pytest.raises(RuntimeError):
            actions.send_due(timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr("allmende.notices.models.Follow.objects.filter", crash)
        with pytest.raises(RuntimeError):
            actions.send_due(timezone.now())
    assert Letter.objects.count() == 0 and Item.objects.filter(sent_at=None).count() == 1
    assert actions.send_due(timezone.now()) == 1
    assert Letter.objects.count() == 1


def test_a_crash_while_matching_leaves_the_happening_to_be_matched(monkeypatch: pytest.MonkeyPatch) -> None:
    item = old(organisation("Eins eG"))
    actions.follow_organisation(item, by=anna(), frequency="now")
    happens(item)

    def crash(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("allmende.notices.models.Item.objects.bulk_create", crash)
        with pytest.raises(RuntimeError):
            actions.match_all()
    assert (Happening.objects.filter(matched_at=None).count(), Item.objects.count()) == (1, 0)
    assert actions.match_all() == 1


def test_what_an_ended_follow_had_to_tell_the_other_one_tells() -> None:
    item = old(organisation("Bäckerei eG", sector="food"))
    someone = anna()
    near = actions.follow_organisation(item, by=someone, frequency="now")
    actions.follow_search("sector=food", by=someone, frequency="daily")
    happens(item)
    actions.match_all()
    actions.end_follow(near, by=someone)
    assert sent(timedelta(days=2)) == 1


def test_nobody_else_may_change_or_see_it(client: Client) -> None:
    item = organisation("Eins eG")
    mine = actions.follow_organisation(item, by=anna())
    stranger = Person.objects.create_user("fremd@example.org")
    for act in (lambda: actions.end_follow(mine, by=stranger), lambda: actions.change_follow(mine, "now", by=stranger)):
        with pytest.raises(NotAllowed):
            act()
    client.force_login(stranger)
    assert client.post(f"/mein/abos/{mine.pk}/", {"end": "1"}).status_code == 404
    assert "Eins eG" not in client.get("/mein/abos/").content.decode()
    client.logout()
    assert client.get("/mein/abos/").status_code == 302
    assert client.post("/folgen/", {"organisation": "eins-eg", "frequency": "now"}).status_code == 302
    assert Follow.objects.count() == 1


def test_through_the_pages(client: Client) -> None:
    organisation("Eins eG", sector="food")
    someone = anna()
    client.force_login(someone)
    assert client.get("/folgen/?organisation=nirgends").status_code == 404
    assert client.get("/folgen/?sector=nichts").status_code == 400
    assert client.get("/folgen/?sector=food").status_code == 200
    assert client.post("/folgen/", {"query": "sector=food", "frequency": "stündlich"}).status_code == 409
    for _twice in range(2):
        assert client.post("/folgen/", {"query": "sector=food", "frequency": "daily"}).status_code == 302
        assert client.post("/folgen/", {"organisation": "eins-eg", "frequency": "now"}).status_code == 302
    assert Follow.objects.count() == 2
    page = client.get("/mein/abos/").content.decode()
    assert "Eins eG" in page and "/abo/" in page
    first = Follow.objects.order_by("pk").first()
    assert first is not None
    client.post(f"/mein/abos/{first.pk}/", {"frequency": "weekly"})
    client.post(f"/mein/abos/{first.pk}/", {"end": "1"})
    assert Follow.objects.count() == 1


def test_one_click_ends_the_mail_and_looking_does_not(client: Client) -> None:
    someone = anna()
    actions.follow_organisation(organisation("Eins eG"), by=someone, frequency="now")
    path = f"/abo/{letters.stop_word(someone)}/"
    assert client.get(path).status_code == 200
    assert Follow.objects.get().frequency == "now"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Follow.objects.get().frequency == "paused"
    assert client.post("/abo/gefälscht/").status_code == 404


def test_the_own_feed_needs_its_word_and_tells_only_what_is_public(client: Client) -> None:
    item, hidden = old(organisation("Eins eG")), old(organisation("Zwei eG"))
    someone = anna()
    for one in (item, hidden):
        actions.follow_organisation(one, by=someone, frequency="paused")
        happens(one)
    actions.match_all()
    Organisation.objects.filter(pk=hidden.pk).update(state=State.ARCHIVED)
    word = actions.feed_key(someone).word
    text = client.get(f"/abo/{word}.atom").content.decode()
    assert "Eins eG" in text and "Zwei eG" not in text
    actions.feed_key(someone, renew=True)
    assert client.get(f"/abo/{word}.atom").status_code == 404


def test_followers_move_along_with_a_merge_and_back() -> None:
    winner, loser, someone = organisation("A eG"), organisation("B eG"), anna()
    actions.follow_organisation(loser, by=someone, frequency="now")
    trail.record("duplicates.organisations_merged", winner=winner.pk, loser=loser.pk)
    assert Follow.objects.get().organisation == winner
    trail.record("duplicates.organisations_unmerged", winner=winner.pk, loser=loser.pk)
    assert Follow.objects.get().organisation == loser


def test_limits_are_said() -> None:
    someone = anna()
    with pytest.raises(BadInput):
        actions.follow_search("nonsense=1", by=someone)
    with pytest.raises(Refused):
        actions.follow_search("q=" + "x" * 150 + "&" + "&".join(f"bbox={n}" for n in range(1)), by=someone, frequency="yearly")
    Follow.objects.bulk_create(Follow(person=someone, query=f"q={n}", since=timezone.now()) for n in range(100))
    with pytest.raises(Refused):
        actions.follow_search("q=noch", by=someone)


def test_old_news_is_forgotten_but_not_what_is_still_to_be_told() -> None:
    item, someone = old(organisation("Eins eG")), anna()
    actions.follow_organisation(item, by=someone, frequency="now")
    happens(item)
    happens(item)
    actions.match_all()
    Happening.objects.update(at=timezone.now() - timedelta(days=60))
    first = Item.objects.order_by("pk").first()
    assert first is not None
    Item.objects.filter(pk=first.pk).update(sent_at=timezone.now())
    actions.prune(timezone.now())
    assert Happening.objects.count() == 1
