"""Every change of a listing, with what it writes and tells."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.duplicates import actions as duplicates
from allmende.exchange import access, actions, rules, search
from allmende.exchange.models import Listing, Occurrence, Stem
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.stewards.actions import end_stewardship
from tests.cast import organisation, term
from tests.exchange.conftest import Opening, person, steward

pytestmark = pytest.mark.django_db


def verbs(item: Listing) -> list[str]:
    """What the trail says of a listing, oldest first."""
    told = Entry.objects.filter(kind="exchange.listing", about=str(item.pk), verb__startswith="exchange.").order_by("pk")
    return [f"{one.verb.removeprefix('exchange.')} {one.facts['state']}" for one in told]


def ended_days_ago(item: Listing, days: int) -> None:
    Listing.objects.filter(pk=item.pk).update(until=timezone.localdate() - timedelta(days=days))


def test_a_stranger_may_not_open_one(opened: Opening, emil: Person, clara: Person) -> None:
    for who in (person("fremd"), clara, emil):  # a plain member writes in their own name only
        with pytest.raises(NotAllowed):
            opened(by=who)
    with pytest.raises(NotAllowed):
        opened(by=clara, as_member=True)
    assert Listing.objects.count() == 0


def test_opening_makes_it_open_and_says_so(opened: Opening, anna: Person) -> None:
    item = opened()
    assert (item.state, item.person, item.created_by, verbs(item)) == ("open", None, anna, ["listing_opened open"])
    assert item.opened_at is not None


def test_a_member_writes_in_their_own_name_and_only_with_the_name_they_type(opened: Opening, emil: Person) -> None:
    assert opened(by=emil, as_member=True).person_name == ""
    assert opened(by=emil, as_member=True, person_name="E. aus Altona").person_name == "E. aus Altona"
    assert opened(person_name="Nicht gefragt").person_name == ""


def test_a_draft_becomes_open_once(opened: Opening, anna: Person) -> None:
    item = actions.publish_listing(opened(as_draft=True), by=anna)
    assert (item.state, verbs(item)) == ("open", ["listing_drafted draft", "listing_opened open"])
    with pytest.raises(Refused):
        actions.publish_listing(item, by=anna)


def test_a_draft_is_thrown_away_an_open_one_is_not(opened: Opening, anna: Person, clara: Person) -> None:
    draft, item = opened(as_draft=True), opened()
    with pytest.raises(NotAllowed):
        actions.discard_draft(draft, by=clara)
    actions.discard_draft(draft, by=anna)
    with pytest.raises(Refused):
        actions.discard_draft(item, by=anna)
    assert list(Listing.objects.all()) == [item]


def test_editing_changes_what_is_said_and_by_what_it_is_found(opened: Opening, anna: Person, said: dict[str, Any]) -> None:
    item = opened()
    actions.edit_listing(item, {"title": "Anhänger", "text": "", "tags": []}, by=anna)
    item.refresh_from_db()
    assert (item.title, item.direction, verbs(item)[-1]) == ("Anhänger", "offer", "listing_changed open")
    assert list(search.matching(Listing.objects.all(), "anhaenger")) == [item]
    assert not search.matching(Listing.objects.all(), "werktags").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "  "}, {"direction": "wish"}, {"terms": "theft"}, {"audience": "all"}, {"audience": "chosen", "chosen": []},
        {"lat": None, "lon": None, "town": ""}, {"tags": ["x"] * 13}, {"until": timezone.localdate() - timedelta(days=1)},
        {"until": timezone.localdate() + timedelta(days=400)},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_every_door(opened: Opening, change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        opened(**change)
    assert Listing.objects.count() == 0


def test_a_category_of_another_tree_is_refused(opened: Opening) -> None:
    with pytest.raises(BadInput):
        opened(category=term("sector", "energy"))


def test_what_works_from_a_distance_needs_no_place(opened: Opening) -> None:
    item = opened(is_remote=True, town="", lat=None, lon=None)
    assert (item.lat, item.lon) == (None, None)


def test_extending_needs_an_open_one_and_forgets_the_reminder(opened: Opening, anna: Person) -> None:
    item, day = opened(), timezone.localdate() + timedelta(days=200)
    Listing.objects.filter(pk=item.pk).update(reminded_on=timezone.localdate())
    item = actions.extend_listing(item, day, by=anna)
    assert (item.until, item.reminded_on) == (day, None)
    with pytest.raises(BadInput):
        actions.extend_listing(item, timezone.localdate() + timedelta(days=367), by=anna)
    with pytest.raises(Refused):
        actions.extend_listing(actions.close_listing(item, "", by=anna), day, by=anna)


def test_it_is_closed_agreed_and_opened_again(opened: Opening, anna: Person, clara: Person) -> None:
    item = opened()
    with pytest.raises(NotAllowed):
        actions.close_listing(item, "", by=clara)
    item = actions.agree_listing(item, "Ein Chor fährt damit.", by=anna)
    assert (item.state, item.closing_note) == ("agreed", "Ein Chor fährt damit.")
    item = actions.reopen_listing(item, by=anna)
    assert (item.state, item.closed_at, item.closing_note) == ("open", None, "")
    item = actions.close_listing(item, "", by=anna)
    assert verbs(item) == ["listing_opened open", "listing_closed agreed", "listing_opened open", "listing_closed closed"]
    with pytest.raises(Refused):
        actions.close_listing(item, "", by=anna)


def test_what_has_ended_expires_once_and_its_people_are_told(opened: Opening, anna: Person, emil: Person) -> None:
    today = timezone.localdate()
    old, his, last_day = opened(), opened(by=emil, as_member=True), opened()
    ended_days_ago(old, 1)
    ended_days_ago(his, 30)
    ended_days_ago(last_day, 0)
    assert [actions.expire_ended(today), actions.expire_ended(today)] == [2, 0]
    assert verbs(old)[-1] == "listing_closed expired"
    told = set(Notice.objects.filter(kind="exchange.expired").values_list("person__name", "path"))
    assert told == {("anna", old.get_absolute_url()), ("emil", his.get_absolute_url())}
    old = actions.reopen_listing(old, by=anna)
    assert (old.state, old.until) == ("open", today + rules.USUAL)


def test_a_week_before_the_end_its_people_are_reminded_once(opened: Opening, anna: Person) -> None:
    today = timezone.localdate()
    item = opened(until=today + timedelta(days=7))
    opened(until=today + timedelta(days=8))
    assert [actions.remind_ending(today), actions.remind_ending(today)] == [1, 0]
    notice = Notice.objects.get(person=anna)
    assert (notice.kind, notice.path) == ("exchange.ends_soon", f"/boerse/{item.pk}/verlaengern/")
    actions.extend_listing(item, today + timedelta(days=2), by=anna)
    assert actions.remind_ending(today) == 1


def test_taking_off_needs_a_caretaker_and_a_reason_and_can_be_undone(opened: Opening, anna: Person, frida: Person) -> None:
    item = opened()
    with pytest.raises(NotAllowed):
        actions.hide_listing(item, by=anna, reason="mag ich nicht")
    with pytest.raises(Refused):
        actions.hide_listing(item, by=frida, reason="  ")
    item = actions.hide_listing(item, by=frida, reason="Das ist Werbung.")
    assert (item.state, item.hidden_from) == ("hidden", "open")
    for deed in (actions.close_listing, actions.agree_listing):
        with pytest.raises(Refused):
            deed(item, "", by=anna)
    with pytest.raises(Refused):
        actions.reopen_listing(item, by=anna)
    item = actions.unhide_listing(item, by=frida)
    assert (item.state, item.hidden_from, item.hidden_reason) == ("open", "", "")
    assert verbs(item) == ["listing_opened open", "listing_closed hidden", "listing_opened open"]
    assert list(Notice.objects.filter(person=anna).order_by("pk").values_list("kind", flat=True)) == [
        "exchange.taken_off",
        "exchange.put_back",
    ]


def test_what_was_taken_off_too_long_comes_back_expired(opened: Opening, frida: Person) -> None:
    item = actions.hide_listing(opened(), by=frida, reason="Werbung")
    ended_days_ago(item, 1)
    item = actions.unhide_listing(item, by=frida)
    assert (item.state, item.closed_at is not None, verbs(item)[-1]) == ("expired", True, "listing_changed expired")


def test_nobody_puts_up_5000(opened: Opening, anna: Person, emil: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OPEN", 3)
    monkeypatch.setattr(rules, "MOST_OF_A_MEMBER", 1)
    monkeypatch.setattr(rules, "MOST_A_DAY", 4)
    opened(by=emil, as_member=True)
    with pytest.raises(Refused, match="You have 1|Du hast schon 1"):
        opened(by=emil, as_member=True)
    items = [opened(), opened(as_draft=True)]
    with pytest.raises(Refused, match="There are 3|Es gibt schon 3"):
        opened()
    actions.close_listing(items[0], "", by=anna)
    opened()
    with pytest.raises(Refused, match="There are 3|Es gibt schon 3"):  # opening again counts, too
        actions.reopen_listing(items[0], by=anna)
    actions.discard_draft(items[1], by=anna)
    opened()
    Listing.objects.filter(state="open").update(state="closed", closed_at=timezone.now())
    with pytest.raises(Refused, match="within a day|eines Tages"):
        opened()
    Listing.objects.update(created_at=timezone.now() - timedelta(days=2))
    opened()


def test_listings_follow_a_merge_and_its_undoing(opened: Opening, shop: Any, garden: Any, frida: Person, clara: Person) -> None:
    ours = opened()
    theirs = opened(by=clara, organisation=garden, audience="chosen", chosen=[shop])
    both = opened(
        by=steward(organisation("Dritte eG"), "dritte"),
        organisation=organisation_named("Dritte eG"),
        audience="chosen",
        chosen=[shop, garden],
    )
    merge = duplicates.merge_organisations(garden, shop, by=frida)
    ours.refresh_from_db()
    assert ours.organisation == garden
    assert list(theirs.chosen.all()) == [garden]
    assert garden in both.chosen.all()
    duplicates.undo_merge(merge, by=frida)
    ours.refresh_from_db()
    assert ours.organisation == shop
    assert list(theirs.chosen.all()) == [shop]
    assert set(both.chosen.all()) == {shop, garden}


def organisation_named(name: str) -> Any:
    from allmende.directory.models import Organisation

    return Organisation.objects.get(name=name)


def test_what_a_member_put_up_ends_when_they_leave(opened: Opening, emil: Person, anna: Person) -> None:
    his, ours = opened(by=emil, as_member=True), opened()
    end_stewardship(emil.stewardships.get(until=None), by=anna)
    his.refresh_from_db()
    ours.refresh_from_db()
    assert (his.state, ours.state) == ("closed", "open")


def test_nobody_speaks_in_the_name_of_a_member_who_left(opened: Opening, emil: Person, anna: Person, frida: Person) -> None:
    taken_off = actions.hide_listing(opened(by=emil, as_member=True), by=frida, reason="Werbung")
    draft = opened(by=emil, as_member=True, as_draft=True)
    ended = actions.close_listing(opened(by=emil, as_member=True), "", by=emil)
    end_stewardship(emil.stewardships.get(until=None), by=anna)
    back = actions.unhide_listing(taken_off, by=frida)
    assert (back.state, verbs(back)[-1]) == ("closed", "listing_changed closed")
    for deed, item in ((actions.publish_listing, draft), (actions.reopen_listing, ended), (actions.reopen_listing, back)):
        with pytest.raises(Refused):
            deed(item, by=anna)
    assert list(access.keepers_of(back)) == [anna]


def test_the_database_says_never_too(opened: Opening) -> None:
    item = opened()
    for wrong in ({"lat": 91.0}, {"lat": None}, {"state": "closed"}, {"state": "hidden"}, {"direction": "wish"}, {"person_name": "Wer?"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Listing.objects.filter(pk=item.pk).update(**wrong)


def test_stems_nobody_uses_are_forgotten(opened: Opening, anna: Person) -> None:
    item = opened(title="Zaubernuss", as_draft=True)
    assert Stem.objects.filter(text="zaubernuss").exists()
    actions.discard_draft(item, by=anna)
    assert search.forget_unused() > 0
    assert (Stem.objects.count(), Occurrence.objects.count()) == (0, 0)
