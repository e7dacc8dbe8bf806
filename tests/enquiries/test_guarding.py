"""Contact data, blocks, messages taken off; merges, leaving, forgetting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.directory.models import Organisation, Role
from allmende.duplicates.actions import merge_organisations, undo_merge
from allmende.enquiries import actions, queries
from allmende.enquiries.models import Block, Contact, Enquiry, Message, Word
from allmende.exchange.models import Listing
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people import actions as people
from allmende.people import personal, subjects
from allmende.people.models import Notice, Person
from allmende.people.queries import GUEST
from tests.cast import organisation
from tests.enquiries.conftest import as_, fresh, listing, person, steward

pytestmark = pytest.mark.django_db


def door(enquiry: Enquiry, more: str = "") -> str:
    return f"/gespraeche/{enquiry.uuid}/{more}"


# ------------------------------------------------------------------------------------------------------- contact data


def test_nothing_is_shown_by_itself(asked: Enquiry, anna: Person, clara: Person) -> None:
    page = as_(clara).get(door(asked)).content.decode()
    assert "laden@hofladen.example" not in page
    assert "+49 40 123" not in page
    assert anna.email not in page
    own = as_(anna).get(door(asked)).content.decode()
    assert "laden@hofladen.example" in own  # in her own form, before anybody sees it


def test_each_side_shows_its_own_and_takes_it_back(asked: Enquiry, anna: Person, clara: Person) -> None:
    as_(anna).post(door(asked, "kontakt/"), {"contact": "Ruft an: 040 999"})
    assert Notice.objects.get(person=clara, kind="enquiries.contact_shown").text.count("040") == 0  # the data stay on the page
    assert "040 999" in as_(clara).get(door(asked)).content.decode()
    assert as_(clara).post(door(asked, "kontakt/"), {"contact": "x", "side": "owner"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.hide_contact(asked, by=clara, side="owner")
    as_(anna).post(door(asked, "kontakt/"), {"hide": "1"})
    assert not Contact.objects.exists()
    assert "040 999" not in as_(clara).get(door(asked)).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_contact_data_are_short(asked: Enquiry, anna: Person, text: str) -> None:
    assert as_(anna).post(door(asked, "kontakt/"), {"contact": text}).status_code == 200
    with pytest.raises(BadInput):
        actions.show_contact(asked, text, by=anna, side="owner")


def test_contact_data_are_no_html(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.show_contact(asked, "<b>hier</b> https://hofladen.example", by=anna, side="owner")
    page = as_(clara).get(door(asked)).content.decode()
    assert "&lt;b&gt;hier" in page
    assert 'href="https://hofladen.example"' in page


# -------------------------------------------------------------------------------------------------------------- blocks


def test_a_blocked_organisation_neither_asks_nor_writes(
    asked: Enquiry, shop: Organisation, garden: Organisation, anna: Person, ben: Person, clara: Person, dora: Person
) -> None:
    as_(anna).post(door(asked, "blockieren/"), {"whom": "all", "reason": "Werbung"})
    made = Block.objects.get()
    assert (made.organisation, made.member, made.blocked, made.person, made.by) == (shop, None, garden, None, anna)
    with pytest.raises(Refused, match="Hofladen Probe eG"):
        actions.write_message(asked, "Warum?", by=clara, side="asker")
    with pytest.raises(Refused):
        actions.write_message(asked, "Erst aufheben", by=anna, side="owner")
    other = listing(shop, "Noch ein Angebot")
    for who, alone in ((clara, False), (dora, True)):
        with pytest.raises(Refused):
            actions.open_enquiry(other, "Hallo", by=who, organisation=garden, alone=alone)
    own = listing(garden, "Garten sucht", direction="need")
    with pytest.raises(Refused):
        actions.open_enquiry(own, "Hallo", by=anna, organisation=shop)
    assert as_(clara).get(door(asked)).status_code == 200  # what was written stays readable
    assert "Garten Probe eG" in as_(ben).get("/gespraeche/blockiert/").content.decode()
    assert as_(clara).post(f"/gespraeche/blockiert/{made.pk}/aufheben/").status_code == 404
    as_(ben).post(f"/gespraeche/blockiert/{made.pk}/aufheben/")
    assert not Block.objects.exists()
    actions.write_message(asked, "Wieder gut", by=clara, side="asker")


def test_a_blocked_person_does_not_write_their_colleagues_do(
    asked: Enquiry, shop: Organisation, garden: Organisation, anna: Person, clara: Person
) -> None:
    as_(anna).post(door(asked, "blockieren/"), {"whom": f"p-{clara.pk}"})
    assert Block.objects.get().person == clara
    with pytest.raises(Refused):
        actions.write_message(asked, "Warum?", by=clara, side="asker")
    with pytest.raises(Refused):
        actions.open_enquiry(listing(shop, "Anderes"), "Hallo", by=clara, organisation=garden)
    third = organisation("Dritte eG")
    steward(third, "clara")
    with pytest.raises(Refused):
        actions.open_enquiry(listing(shop, "Drittes"), "Hallo", by=clara, organisation=third)
    otto = steward(garden, "otto", Role.EDITOR)
    actions.write_message(asked, "Ich übernehme", by=otto, side="asker")


def test_only_who_wrote_there_can_be_blocked(asked: Enquiry, anna: Person) -> None:
    hanna = person("hanna")
    for forged in (f"p-{hanna.pk}", f"p-{anna.pk}", "p-", "alles", ""):
        assert as_(anna).post(door(asked, "blockieren/"), {"whom": forged}).status_code == 200
    with pytest.raises(BadInput):
        actions.block(asked, by=anna, side="owner", person=hanna)
    assert not Block.objects.exists()


def test_a_member_in_their_own_name_blocks_for_themselves(
    shop: Organisation, emil: Person, anna: Person, garden: Organisation, clara: Person, offer: Listing
) -> None:
    own = listing(shop, "Fahrradreparatur", person=emil)
    made = actions.open_enquiry(own, "Hallo", by=clara, organisation=garden)
    actions.block(made, by=emil, side="owner")
    with pytest.raises(Refused):
        actions.write_message(made, "Hallo?", by=clara, side="asker")
    actions.open_enquiry(offer, "An den Laden", by=clara, organisation=garden)  # the shop has blocked nobody
    assert as_(anna).post(f"/gespraeche/blockiert/{Block.objects.get().pk}/aufheben/").status_code == 404
    actions.lift_block(Block.objects.get(), by=emil)
    actions.lift_block(Block(pk=1), by=emil)  # twice is once
    actions.write_message(made, "Hallo", by=clara, side="asker")


def test_who_is_blocked_says_what_became_of_it_without_words(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.block(asked, by=anna, side="owner")
    page = as_(clara).post(door(asked, "ausgang/"), {"outcome": "not_agreed", "note": "Eine Gemeinheit"})
    assert (page.status_code, Word.objects.count()) == (200, 0)
    as_(clara).post(door(asked, "ausgang/"), {"outcome": "not_agreed", "note": ""})
    assert Word.objects.get().outcome == "not_agreed"
    assert not Notice.objects.filter(person=anna, kind="enquiries.said").exists()
    assert actions.remind_silent(timezone.now() + timedelta(days=50)) == 0


@pytest.mark.parametrize("is_person", [False, True])
def test_nobody_waits_across_a_block(asked: Enquiry, anna: Person, clara: Person, garden: Organisation, is_person: bool) -> None:
    assert (queries.waiting(anna), queries.waiting(clara)) == (1, 0)
    actions.block(asked, by=anna, side="owner", person=clara if is_person else None)
    assert (queries.waiting(anna), queries.waiting(clara)) == (0, 0)
    assert "wartet auf euch" not in as_(anna).get("/gespraeche/").content.decode()
    assert actions.remind_silent(timezone.now() + timedelta(days=50)) == 0
    otto = steward(garden, "otto", Role.EDITOR)
    if is_person:  # a colleague whom nobody has blocked goes on
        actions.write_message(asked, "Ich übernehme", by=otto, side="asker")
        assert queries.waiting(anna) == 1
        assert actions.remind_silent(timezone.now() + timedelta(days=50)) == 1
    actions.lift_block(Block.objects.get(), by=anna)
    assert queries.waiting(anna) == 1


def test_a_block_of_the_asker_makes_nobody_wait(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.write_message(asked, "Ja", by=anna, side="owner")
    assert queries.waiting(clara) == 1
    actions.block(asked, by=clara, side="asker")
    assert (queries.waiting(anna), queries.waiting(clara)) == (0, 0)


def test_the_page_shows_the_block_and_the_way_to_lift_it(asked: Enquiry, anna: Person, clara: Person) -> None:
    assert "/blockieren/" in as_(anna).get(door(asked)).content.decode()
    actions.block(asked, by=anna, side="owner")
    page = as_(anna).get(door(asked)).content.decode()
    assert "/blockieren/" not in page and page.count('href="/gespraeche/blockiert/"') == 2
    theirs = as_(clara).get(door(asked)).content.decode()
    assert "/blockieren/" in theirs and "/gespraeche/blockiert/" not in theirs  # only who blocked sees it here


def test_blocking_twice_is_blocking_once(asked: Enquiry, anna: Person, ben: Person) -> None:
    assert actions.block(asked, by=anna, side="owner") == actions.block(asked, by=ben, side="owner")
    with pytest.raises(NotAllowed):
        actions.lift_block(Block.objects.get(), by=person("hanna"))


# ------------------------------------------------------------------------------------------------------------- reports


def test_caretakers_take_off_a_message_and_put_it_back(asked: Enquiry, anna: Person, clara: Person, frida: Person) -> None:
    message = Message.objects.get()
    subject = subjects.of(message)
    assert subject.hide is not None and subject.unhide is not None
    assert [subject.may_moderate(who, message) for who in (GUEST, anna, clara, frida)] == [False, False, False, True]
    with pytest.raises(NotAllowed):
        actions.hide_message(message, by=anna, reason="")
    subject.hide(message, by=frida, reason="Eine Beleidigung.")
    page = as_(anna).get(door(asked)).content.decode()
    assert "Können wir das Rad" not in page
    assert "Eine Beleidigung." in page
    assert "Können wir das Rad" not in as_(anna).get("/gespraeche/").content.decode()
    assert {one.person for one in Notice.objects.filter(kind="enquiries.hidden")} == {clara}
    subject.unhide(message, by=frida)
    assert "Können wir das Rad" in as_(anna).get(door(asked)).content.decode()


def test_what_can_be_reported_is_seen_only_by_both_sides(asked: Enquiry, anna: Person, frida: Person) -> None:
    message = Message.objects.get()
    for thing in (message, asked):
        kind = thing._meta.label_lower
        assert subjects.find(kind, thing.pk, anna) == thing
        assert [subjects.find(kind, thing.pk, who) for who in (GUEST, frida)] == [None, None]
        assert str(asked.uuid) in subjects.of(thing).url(thing)
    assert subjects.of(message).title(message)


# -------------------------------------------------------------------------------------------------------------- merges


def test_conversations_and_blocks_follow_their_entries(
    asked: Enquiry, garden: Organisation, clara: Person, anna: Person, frida: Person
) -> None:
    big = organisation("Großer Garten eG")
    actions.block(asked, by=anna, side="owner")
    merge = merge_organisations(big, garden, by=frida)
    assert (fresh(asked).asker, fresh(asked).state) == (big, "open")
    assert Block.objects.get().blocked == big
    assert as_(clara).get(door(asked)).status_code == 200  # she looks after the one that stays
    undo_merge(merge, by=frida)
    assert (fresh(asked).asker, Block.objects.get().blocked) == (garden, garden)


def test_two_sides_that_become_one_have_ended(
    asked: Enquiry, garden: Organisation, shop: Organisation, clara: Person, anna: Person, frida: Person
) -> None:
    actions.block(asked, by=anna, side="owner")
    merge = merge_organisations(shop, garden, by=frida)
    assert (fresh(asked).state, asked.asker, asked.organisation) == ("ended", shop, shop)
    page = as_(anna).get(door(asked))
    assert page.status_code == 200
    assert 'name="text"' not in page.content.decode()
    with pytest.raises(Refused):
        actions.write_message(asked, "Hallo", by=anna, side="owner")
    with pytest.raises(Refused):
        actions.say_outcome(asked, "still_open", by=anna, side="owner")
    assert {one.person for one in Notice.objects.filter(kind="enquiries.ended")} == {anna, clara}
    undo_merge(merge, by=frida)
    assert (fresh(asked).state, asked.asker, asked.closed_at) == ("open", garden, None)


def test_both_had_asked_about_the_same(offer: Listing, asked: Enquiry, garden: Organisation, clara: Person, frida: Person) -> None:
    big = organisation("Großer Garten eG")
    steward(big, "clara")
    actions.open_enquiry(offer, "Wir auch", by=clara, organisation=big)
    merge_organisations(big, garden, by=frida)
    assert Enquiry.objects.filter(asker=big, state="open").count() == 2  # nothing is lost
    assert as_(clara).get("/gespraeche/").status_code == 200


# ---------------------------------------------------------------------------------------------------------- forgetting


def test_a_person_is_forgotten_and_the_conversation_stays(asked: Enquiry, garden: Organisation, anna: Person, clara: Person) -> None:
    steward(garden, "otto")
    actions.write_message(asked, "Ich bin es", by=clara, side="asker")
    actions.show_contact(asked, "clara, 030 1", by=clara, side="asker")
    actions.say_outcome(asked, "agreed", "Gut", by=clara, side="asker")
    actions.block(asked, by=anna, side="owner", person=clara)
    told = {area.name: list(area.rows(clara)) for area in personal.AREAS.values() if area.name.startswith("enquir")}
    assert [(row["what"], row["text"]) for row in told["enquiries"]] == [
        ("message", "Können wir das Rad am Montag sehen?"), ("message", "Ich bin es"),
        ("outcome", "agreed: Gut"), ("contact", "clara, 030 1"),
    ]  # fmt: skip
    kept = [one.what for one in personal.kept(clara)]
    assert any("Nachrichten" in what or "messages" in what for what in kept)
    people.erase(clara, by=clara)
    assert list(Message.objects.values_list("by", flat=True)) == [None, None]
    assert (Contact.objects.count(), Block.objects.count(), Word.objects.get().by) == (0, 0, None)
    page = as_(anna).get(door(asked)).content.decode()
    assert "Ich bin es" in page
    assert "Clara" not in page


def test_a_member_is_forgotten_on_both_sides(
    shop: Organisation, garden: Organisation, offer: Listing, dora: Person, emil: Person, anna: Person, clara: Person
) -> None:
    made = actions.open_enquiry(offer, "Ich suche Arbeit", by=dora, organisation=garden, alone=True)
    own = listing(shop, "Emil repariert", person=emil, person_name="Emil E.")
    other = actions.open_enquiry(own, "Hallo Werkstatt", by=clara, organisation=garden)
    people.erase(dora, by=dora)
    people.erase(emil, by=emil)
    assert (fresh(made).asker_person, made.is_own_name) == (None, True)
    assert "Dora" not in as_(anna).get(door(made)).content.decode()
    assert (fresh(other).listing, other.title) == (None, "")
    page = as_(clara).get(door(other))
    assert page.status_code == 200
    assert "Emil" not in page.content.decode()
    assert as_(anna).get("/gespraeche/").status_code == 200
    actions.write_message(other, "Noch wer da?", by=clara, side="asker")
    assert Notice.objects.filter(person=anna, kind="enquiries.written").count() == 1  # nothing hangs on one person


def test_a_listing_that_vanishes_takes_no_conversation_along(asked: Enquiry, offer: Listing, anna: Person, clara: Person) -> None:
    offer.delete()
    assert "Lastenrad zum Ausleihen" in as_(clara).get(door(asked)).content.decode()
    actions.write_message(asked, "Es geht weiter", by=anna, side="owner")
    assert queries.cannot_be_reached(asked, "owner") is False


def test_a_listing_one_may_no_longer_see_is_named_without_a_link(asked: Enquiry, offer: Listing, clara: Person) -> None:
    Listing.objects.filter(pk=offer.pk).update(audience="chosen")
    page = as_(clara).get(door(asked)).content.decode()
    assert "Lastenrad zum Ausleihen" in page
    assert f'href="/boerse/{offer.pk}/' not in page
