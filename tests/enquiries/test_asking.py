"""Who may ask about what, as whom, how often; what the other side is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from allmende.directory.models import Organisation, Role, State
from allmende.enquiries import actions, rules
from allmende.enquiries.models import Enquiry, Message
from allmende.exchange.models import Listing
from allmende.ground.models import Entry, Letter
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from tests.cast import organisation
from tests.enquiries.conftest import as_, listing, person, steward

pytestmark = pytest.mark.django_db


def door(item: Listing, query: str = "") -> str:
    return f"/boerse/{item.pk}/anfragen/{query}"


def test_a_guest_signs_in_first_and_comes_back(offer: Listing) -> None:
    answer = as_(None).get(door(offer, "?own=3"))
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden/?next=/boerse/{offer.pk}/anfragen/%3Fown%3D3")
    assert as_(None).post(door(offer), {"text": "Hallo"}).status_code == 302
    assert not Enquiry.objects.exists()


def test_who_belongs_to_no_organisation_is_told_the_way(offer: Listing) -> None:
    page = as_(person("hanna")).get(door(offer))
    assert page.status_code == 200
    assert 'name="text"' not in page.content.decode()
    assert "/mitmachen/" in page.content.decode() or "/eintragen/" in page.content.decode() or "/neu/" in page.content.decode()


def test_a_steward_asks_and_the_others_are_told(offer: Listing, garden: Organisation, clara: Person, anna: Person, ben: Person) -> None:
    answer = as_(clara).post(door(offer), {"who": f"wir-{garden.pk}", "text": "Können wir das Rad **am Montag** sehen?"})
    made = Enquiry.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/gespraeche/{made.uuid}/")
    assert (made.listing, made.asker, made.organisation, made.asker_person, made.state) == (offer, garden, offer.organisation, None, "open")
    assert (made.title, made.direction, made.is_own_name) == ("Lastenrad zum Ausleihen", "offer", False)
    assert Message.objects.get().by == clara
    assert {notice.person for notice in Notice.objects.filter(kind="enquiries.asked")} == {anna, ben}
    letter = Letter.objects.get(to=anna.email)
    assert "Können wir das Rad am Montag sehen?" in letter.body.replace("\n", " ")
    assert f"/gespraeche/{made.uuid}/" in letter.body
    assert "Garten Probe eG" in letter.body
    assert "keine weitere Mail" in " ".join(letter.body.split())
    assert Notice.objects.get(person=anna).text == "Garten Probe eG schreibt:\n\nKönnen wir das Rad am Montag sehen?"  # no word about mails
    facts = Entry.objects.get(verb="enquiries.enquiry_opened").facts
    assert facts == {"listing": offer.pk, "direction": "offer", "asker": garden.pk, "organisation": offer.organisation_id, "alone": False}


def test_a_member_asks_only_in_their_own_name(offer: Listing, garden: Organisation, dora: Person, anna: Person) -> None:
    page = as_(dora).get(door(offer)).content.decode()
    assert f'value="ich-{garden.pk}"' in page
    assert f'value="wir-{garden.pk}"' not in page
    refused = as_(dora).post(door(offer), {"who": f"wir-{garden.pk}", "text": "Hallo"})
    assert refused.status_code == 200
    assert not Enquiry.objects.exists()
    with pytest.raises(NotAllowed):
        actions.open_enquiry(offer, "Hallo", by=dora, organisation=garden)
    as_(dora).post(door(offer), {"who": f"ich-{garden.pk}", "text": "Hallo"})
    made = Enquiry.objects.get()
    assert (made.asker, made.asker_person, made.is_own_name) == (garden, dora, True)
    assert "Dora (Garten Probe eG)" in Letter.objects.get(to=anna.email).body


def test_nobody_asks_for_a_foreign_organisation(offer: Listing, garden: Organisation, shop: Organisation, clara: Person) -> None:
    third = organisation("Dritte eG")
    for forged in (f"wir-{third.pk}", f"ich-{third.pk}", f"wir-{shop.pk}", "wir-999999999999999999999", "wir-", "1", "", "wir-0' OR 1=1"):
        page = as_(clara).post(door(offer), {"who": forged, "text": "Hallo"})
        assert page.status_code == 200
        assert "Hallo" in page.content.decode()
    assert not Enquiry.objects.exists()
    with pytest.raises(NotAllowed):
        actions.open_enquiry(offer, "Hallo", by=clara, organisation=third)


def test_nobody_asks_themselves(offer: Listing, shop: Organisation, anna: Person, emil: Person) -> None:
    for who in (anna, emil):
        assert 'name="text"' not in as_(who).get(door(offer)).content.decode()
        with pytest.raises(Refused, match="Das ist euer eigenes|This is your own"):
            actions.open_enquiry(offer, "Hallo", by=who, organisation=shop, alone=who == emil)


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("hidden", 404), ("closed", 409), ("agreed", 409), ("expired", 409)])
def test_only_what_is_open_can_be_answered(offer: Listing, clara: Person, garden: Organisation, state: str, status: int) -> None:
    hidden_from = "open" if state == "hidden" else ""
    Listing.objects.filter(pk=offer.pk).update(state=state, closed_at=timezone.now(), hidden_from=hidden_from)
    assert as_(clara).get(door(offer)).status_code == status
    assert as_(clara).post(door(offer), {"who": f"wir-{garden.pk}", "text": "Hallo"}).status_code == status
    with pytest.raises(Refused):
        actions.open_enquiry(offer, "Hallo", by=clara, organisation=garden)


def test_what_ended_yesterday_cannot_be_answered_today(offer: Listing, clara: Person, garden: Organisation) -> None:
    Listing.objects.filter(pk=offer.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert as_(clara).get(door(offer)).status_code == 409
    assert door(offer) not in as_(clara).get(offer.get_absolute_url()).content.decode()
    Listing.objects.filter(pk=offer.pk).update(until=timezone.localdate())
    assert as_(clara).get(door(offer)).status_code == 200


def test_what_is_for_others_is_not_there(shop: Organisation, clara: Person, garden: Organisation) -> None:
    chosen = listing(shop, audience="chosen")
    assert as_(clara).get(door(chosen)).status_code == 404
    with pytest.raises(NotAllowed):
        actions.open_enquiry(chosen, "Hallo", by=clara, organisation=garden)
    chosen.chosen.add(garden)
    assert as_(clara).get(door(chosen)).status_code == 200


@pytest.mark.parametrize("number", ["0", "999999999", "9999999999999999999999"])
def test_what_does_not_exist_is_not_there(clara: Person, number: str) -> None:
    assert as_(clara).get(f"/boerse/{number}/anfragen/").status_code == 404


def test_an_organisation_off_the_map_is_not_asked_and_does_not_ask(offer: Listing, garden: Organisation, clara: Person) -> None:
    Organisation.objects.filter(pk=garden.pk).update(state=State.ARCHIVED)
    with pytest.raises(NotAllowed):
        actions.open_enquiry(offer, "Hallo", by=clara, organisation=garden)
    Organisation.objects.filter(pk=garden.pk).update(state=State.PUBLISHED)
    Organisation.objects.filter(pk=offer.organisation_id).update(state=State.ARCHIVED)
    assert as_(clara).get(door(offer)).status_code == 404


def test_a_second_enquiry_leads_to_the_first(asked: Enquiry, offer: Listing, garden: Organisation, clara: Person, dora: Person) -> None:
    answer = as_(clara).post(door(offer), {"who": f"wir-{garden.pk}", "text": "Noch einmal"})
    assert (answer.status_code, answer["Location"]) == (302, f"/gespraeche/{asked.uuid}/")
    assert Enquiry.objects.count() == 1
    assert str(asked.uuid) in as_(clara).get(door(offer)).content.decode()
    with pytest.raises(Refused):
        actions.open_enquiry(offer, "Noch einmal", by=clara, organisation=garden)
    actions.open_enquiry(offer, "Ich für mich", by=dora, organisation=garden, alone=True)  # a member in their own name is somebody else
    actions.withdraw_enquiry(asked, by=clara)
    actions.open_enquiry(offer, "Doch wieder", by=clara, organisation=garden)
    assert Enquiry.objects.count() == 3


def test_a_day_has_an_end(shop: Organisation, garden: Organisation, clara: Person, dora: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "A_DAY", 2)
    monkeypatch.setattr(rules, "A_DAY_ALONE", 1)
    items = [listing(shop, f"Angebot {number}") for number in range(4)]
    for item in items[:2]:
        actions.open_enquiry(item, "Hallo", by=clara, organisation=garden)
    page = as_(clara).post(door(items[2]), {"who": f"wir-{garden.pk}", "text": "Ein Satz, der bleibt"})
    assert (page.status_code, Enquiry.objects.count()) == (200, 2)
    assert "Ein Satz, der bleibt" in page.content.decode()
    actions.open_enquiry(items[0], "Hallo", by=dora, organisation=garden, alone=True)  # members have a number of their own
    with pytest.raises(Refused):
        actions.open_enquiry(items[1], "Hallo", by=dora, organisation=garden, alone=True)
    Enquiry.objects.update(opened_at=timezone.now() - timedelta(days=1, minutes=1))
    actions.open_enquiry(items[2], "Hallo", by=clara, organisation=garden)


def test_an_own_need_goes_along(offer: Listing, garden: Organisation, clara: Person, dora: Person, anna: Person) -> None:
    need = listing(garden, "Wir suchen ein Rad", direction="need")
    page = as_(clara).get(door(offer, f"?own={need.pk}")).content.decode()
    assert f'<option value="{need.pk}" selected>' in page
    as_(clara).post(door(offer), {"who": f"wir-{garden.pk}", "text": "Passt das?", "own_listing": need.pk})
    made = Enquiry.objects.get()
    assert made.own_listing == need
    assert "Wir suchen ein Rad" in as_(anna).get(f"/gespraeche/{made.uuid}/").content.decode()


@pytest.mark.parametrize("which", ["offer", "draft", "foreign", "unknown", "members"])
def test_what_does_not_fit_does_not_go_along(
    which: str, offer: Listing, shop: Organisation, garden: Organisation, clara: Person, dora: Person
) -> None:
    own: dict[str, Any] = {
        "offer": lambda: listing(garden, direction="offer"),
        "draft": lambda: listing(garden, direction="need", state="draft"),
        "foreign": lambda: listing(organisation("Dritte eG"), direction="need"),
        "unknown": lambda: Listing(pk=10**17),
        "members": lambda: listing(garden, direction="need", person=dora),
    }
    item = own[which]()
    page = as_(clara).post(door(offer), {"who": f"wir-{garden.pk}", "text": "Passt das?", "own_listing": item.pk})
    assert (page.status_code, Enquiry.objects.count()) == (200, 0)
    assert as_(clara).get(door(offer, f"?own={item.pk}")).status_code == 200
    with pytest.raises(BadInput):
        actions.open_enquiry(offer, "Passt das?", by=clara, organisation=garden, own_listing=item)


@pytest.mark.parametrize("text", ["", "  \n\t ", "x" * 5_001, "\u0000\u0001"])
def test_a_message_is_neither_empty_nor_endless(offer: Listing, garden: Organisation, clara: Person, text: str) -> None:
    assert as_(clara).post(door(offer), {"who": f"wir-{garden.pk}", "text": text}).status_code == 200
    with pytest.raises(BadInput):
        actions.open_enquiry(offer, text, by=clara, organisation=garden)
    assert not Enquiry.objects.exists()


def test_the_page_says_who_reads_and_where_nobody_does(offer: Listing, shop: Organisation, clara: Person) -> None:
    nobody = "At the moment nobody looks after this entry"
    assert nobody in as_(clara).get(f"/en{door(offer)}").content.decode()
    steward(shop, "anna")
    assert nobody not in as_(clara).get(f"/en{door(offer)}").content.decode()


def test_the_button_is_for_others_and_for_guests(offer: Listing, clara: Person, anna: Person, emil: Person) -> None:
    where = offer.get_absolute_url()
    assert [door(offer) in as_(who).get(where).content.decode() for who in (None, clara, anna, emil)] == [True, True, False, False]
    Listing.objects.filter(pk=offer.pk).update(state="closed", closed_at=timezone.now())
    assert door(offer) not in as_(clara).get(where).content.decode()


def test_the_page_of_an_offer_shows_conversations_only_to_those_in_them(
    asked: Enquiry, offer: Listing, anna: Person, emil: Person, clara: Person, frida: Person
) -> None:
    where = offer.get_absolute_url()
    seen = [str(asked.uuid) in as_(who).get(where).content.decode() for who in (None, person("hanna"), emil, frida, clara, anna)]
    assert seen == [False, False, False, False, True, True]


def test_roles_other_than_members_write_for_it(offer: Listing, garden: Organisation) -> None:
    editor = steward(garden, "gustav", Role.EDITOR)
    assert actions.open_enquiry(offer, "Hallo", by=editor, organisation=garden).asker == garden
