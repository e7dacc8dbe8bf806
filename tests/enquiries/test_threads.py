"""Who reads and writes a conversation, what each sees, what they are told, what waits for whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.directory.models import Organisation, Role, State
from allmende.enquiries import access, actions, queries
from allmende.enquiries.models import Enquiry, Message, Seen
from allmende.exchange.models import Listing
from allmende.ground.models import Letter, LetterState
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.people.queries import GUEST
from tests.cast import organisation
from tests.enquiries.conftest import as_, fresh, leaves, listing, person, steward

pytestmark = pytest.mark.django_db
POSTS = ("", "ausgang/", "kontakt/", "zurueckziehen/", "erledigt/", "blockieren/")


def door(enquiry: Enquiry, more: str = "") -> str:
    return f"/gespraeche/{enquiry.uuid}/{more}"


@pytest.fixture
def strangers(asked: Enquiry, emil: Person, dora: Person, frida: Person) -> list[Person]:
    """Members who only read, somebody of a third organisation, somebody of none, a caretaker."""
    return [emil, dora, frida, steward(organisation("Dritte eG"), "gustav"), person("hanna")]


def test_a_guest_signs_in_first_whatever_the_number(asked: Enquiry) -> None:
    for path in (door(asked), f"/gespraeche/{uuid4()}/", "/gespraeche/", "/gespraeche/blockiert/"):
        answer = as_(None).get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden/?next={path}")


def test_strangers_find_nothing_behind_any_door(asked: Enquiry, strangers: list[Person]) -> None:
    for who in strangers:
        client = as_(who)
        assert client.get(door(asked)).status_code == 404
        assert [client.post(door(asked, more), {"text": "Hallo", "side": "owner"}).status_code for more in POSTS] == [404] * len(POSTS)
        assert str(asked.uuid) not in client.get("/gespraeche/").content.decode()
        assert access.sides_of(who, asked) == []
    assert access.sides_of(GUEST, asked) == []
    assert access.enquiries_visible_to(GUEST).count() == 0
    assert Message.objects.count() == 1


def test_strangers_cannot_act_either(asked: Enquiry, strangers: list[Person]) -> None:
    for who in strangers:
        for side in ("asker", "owner"):
            with pytest.raises(NotAllowed):
                actions.write_message(asked, "Hallo", by=who, side=side)
            with pytest.raises(NotAllowed):
                actions.say_outcome(asked, "agreed", by=who, side=side)
            with pytest.raises(NotAllowed):
                actions.show_contact(asked, "hier", by=who, side=side)
            with pytest.raises(NotAllowed):
                actions.block(asked, by=who, side=side)
        with pytest.raises(NotAllowed):
            actions.withdraw_enquiry(asked, by=who)


def test_a_number_that_is_none_is_not_there(clara: Person) -> None:
    client = as_(clara)
    assert client.get(f"/gespraeche/{uuid4()}/").status_code == 404
    assert client.get("/gespraeche/12/").status_code == 404
    assert client.post(f"/gespraeche/{uuid4()}/", {"text": "Hallo"}).status_code == 404


def test_all_who_look_after_it_read_and_write(asked: Enquiry, anna: Person, ben: Person, clara: Person) -> None:
    for who in (anna, ben, clara):
        page = as_(who).get(door(asked))
        assert page.status_code == 200
        assert "Können wir das Rad am Montag sehen?" in page.content.decode()
    as_(ben).post(door(asked), {"text": "Ja, um *neun*."})
    answer = Message.objects.latest("pk")
    assert (answer.by, answer.side, answer.text) == (ben, "owner", "Ja, um *neun*.")
    assert (fresh(asked).state, asked.first_answer_at is not None) == ("answered", True)
    assert "<em>neun</em>" in as_(clara).get(door(asked)).content.decode()


def test_the_first_answer_is_the_first(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.write_message(asked, "Noch da?", by=clara, side="asker")
    assert fresh(asked).first_answer_at is None
    actions.write_message(asked, "Ja.", by=anna, side="owner")
    first = fresh(asked).first_answer_at
    actions.write_message(asked, "Sicher.", by=anna, side="owner")
    assert fresh(asked).first_answer_at == first


def test_nobody_writes_for_the_other_side(asked: Enquiry, anna: Person) -> None:
    assert as_(anna).post(door(asked), {"text": "Hallo", "side": "asker"}).status_code == 404
    assert as_(anna).get(door(asked) + "?side=asker").status_code == 404
    assert as_(anna).post(door(asked), {"text": "Hallo", "side": "quatsch"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.write_message(asked, "Hallo", by=anna, side="asker")
    assert Message.objects.count() == 1


def test_who_looks_after_both_sides_says_for_which(asked: Enquiry, shop: Organisation, clara: Person) -> None:
    steward(shop, "clara", Role.EDITOR)
    page = as_(clara).get(door(asked)).content.decode()
    assert "?side=owner" in page
    as_(clara).post(door(asked), {"text": "Von hier", "side": "owner"})
    as_(clara).post(door(asked), {"text": "Von dort", "side": "asker"})
    assert list(Message.objects.values_list("side", flat=True)) == ["asker", "owner", "asker"]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[hier](javascript:alert(1))", "<img src=x onerror=alert(1)>", "![x](https://fremd.example/x.png)"],
)
def test_html_stays_text(asked: Enquiry, anna: Person, clara: Person, text: str) -> None:
    actions.write_message(asked, text, by=anna, side="owner")
    page = as_(clara).get(door(asked)).content.decode()
    assert "<script>alert" not in page
    assert "<img src" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5_001])
def test_what_cannot_be_sent_is_kept_in_the_form(asked: Enquiry, anna: Person, text: str) -> None:
    page = as_(anna).post(door(asked), {"text": text})
    assert (page.status_code, Message.objects.count()) == (200, 1)
    assert text.strip() in page.content.decode()
    with pytest.raises(BadInput):
        actions.write_message(asked, text, by=anna, side="owner")


@pytest.mark.parametrize(
    ("state", "may"), [("open", True), ("agreed", True), ("not_agreed", False), ("withdrawn", False), ("ended", False)]
)
def test_nobody_writes_into_what_has_ended(asked: Enquiry, anna: Person, state: str, may: bool) -> None:
    Enquiry.objects.update(state=state, closed_at=None if state == "open" else timezone.now())
    page = as_(anna).post(door(asked), {"text": "Ein Satz, der bleibt"})
    assert (page.status_code, Message.objects.count()) == ((302, 2) if may else (200, 1))
    if not may:
        with pytest.raises(Refused):
            actions.write_message(asked, "Hallo", by=anna, side="owner")
        assert 'name="text"' not in as_(anna).get(door(asked)).content.decode()


def test_nobody_writes_to_what_is_off_the_map(asked: Enquiry, garden: Organisation, anna: Person, clara: Person) -> None:
    Organisation.objects.filter(pk=garden.pk).update(state=State.ARCHIVED)
    for who, side in ((anna, "owner"), (clara, "asker")):
        page = as_(who).get(door(asked))
        assert page.status_code == 200
        assert 'name="text"' not in page.content.decode()
        with pytest.raises(Refused, match="Garten Probe eG"):
            actions.write_message(asked, "Hallo", by=who, side=side)


def test_who_leaves_reads_no_longer(asked: Enquiry, clara: Person, anna: Person, ben: Person, garden: Organisation) -> None:
    leaves(clara, garden)
    assert as_(clara).get(door(asked)).status_code == 404
    leaves(ben, asked.organisation)
    with pytest.raises(NotAllowed):
        actions.write_message(asked, "Hallo", by=ben, side="owner")
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    assert access.sides_of(fresh(anna), asked) == []


def test_a_members_own_matter_is_theirs_and_the_stewards(
    offer: Listing, garden: Organisation, clara: Person, dora: Person, anna: Person
) -> None:
    other = steward(garden, "otto", Role.MEMBER)
    made = actions.open_enquiry(offer, "Ich suche Arbeit.", by=dora, organisation=garden, alone=True)
    assert [as_(who).get(door(made)).status_code for who in (dora, clara, other)] == [200, 200, 404]
    actions.write_message(made, "Ja.", by=anna, side="owner")
    assert {one.person for one in Notice.objects.filter(kind="enquiries.written")} == {dora}  # it is dora's, clara can look
    assert (queries.unread(dora), queries.unread(clara)) == (1, 0)
    actions.write_message(made, "Clara hilft aus.", by=clara, side="asker")
    leaves(dora, garden)
    assert as_(dora).get(door(made)).status_code == 404
    actions.write_message(made, "Noch da?", by=anna, side="owner")
    assert Notice.objects.filter(kind="enquiries.written", person=clara).count() == 1
    assert queries.unread(clara) == 1


def test_a_members_own_offer_is_answered_by_them_or_the_stewards(
    shop: Organisation, emil: Person, anna: Person, garden: Organisation, clara: Person
) -> None:
    own = listing(shop, "Fahrradreparatur", person=emil, person_name="Emil E.")
    made = actions.open_enquiry(own, "Hast du Zeit?", by=clara, organisation=garden)
    assert {one.person for one in Notice.objects.filter(kind="enquiries.asked")} == {emil}
    assert [as_(who).get(door(made)).status_code for who in (emil, anna)] == [200, 200]
    actions.write_message(made, "Ja, morgen.", by=emil, side="owner")
    page = as_(clara).get(door(made)).content.decode()
    assert "Emil E. (Hofladen Probe eG)" in page


def test_being_asked_tells_nobody_a_name_the_member_did_not_choose(
    shop: Organisation, emil: Person, garden: Organisation, clara: Person
) -> None:
    own = listing(shop, "Fahrradreparatur", person=emil)
    made = actions.open_enquiry(own, "Hast du Zeit?", by=clara, organisation=garden)
    page = as_(clara).get(door(made)).content.decode()
    assert queries.name_of(made, "owner") == "ein Mitglied von Hofladen Probe eG"
    assert "ein Mitglied von Hofladen Probe eG" in page and "Emil" not in page


# -------------------------------------------------------------------------------------------------------- being told


def test_one_mail_until_somebody_has_looked(asked: Enquiry, anna: Person, clara: Person) -> None:
    for number in range(3):
        actions.write_message(asked, f"Noch etwas, {number}", by=clara, side="asker")
    assert Letter.objects.filter(to=anna.email).count() == 1
    as_(anna).get(door(asked))
    actions.write_message(asked, "Jetzt wieder", by=clara, side="asker")
    actions.write_message(asked, "Und wieder", by=clara, side="asker")
    assert Letter.objects.filter(to=anna.email).count() == 2
    assert Notice.objects.filter(person=anna).count() == 2
    actions.write_message(asked, "Ich antworte aus der Mail heraus", by=anna, side="owner")  # who writes has looked
    actions.write_message(asked, "Gut", by=clara, side="asker")
    assert Letter.objects.filter(to=anna.email).count() == 3


def test_mails_are_short_and_in_the_language_of_the_reader(offer: Listing, garden: Organisation, clara: Person, anna: Person) -> None:
    Person.objects.filter(pk=anna.pk).update(language="en")
    made = actions.open_enquiry(offer, "Wort " * 900 + "Ende", by=clara, organisation=garden)
    letter = Letter.objects.get(to=anna.email)
    assert f"/en/gespraeche/{made.uuid}/" in letter.body
    assert "Ende" not in letter.body
    assert letter.language == "en"


def test_a_page_says_when_nobody_over_there_can_be_reached(asked: Enquiry, anna: Person, clara: Person, shop: Organisation) -> None:
    assert queries.cannot_be_reached(asked, "owner") is False
    Letter.objects.filter(person=anna).update(state=LetterState.BOUNCED, bounced_at=timezone.now())
    assert queries.cannot_be_reached(asked, "owner") is True
    steward(shop, "ben")
    assert queries.cannot_be_reached(asked, "owner") is False  # nobody knows yet
    Letter.objects.all().delete()
    leaves(anna, shop)
    leaves(Person.objects.get(email="ben@leute.example"), shop)
    assert queries.cannot_be_reached(asked, "owner") is True


# ----------------------------------------------------------------------------------------------------------- the inbox


def boxes(who: Person) -> tuple[int, int, int]:
    return tuple(queries.inbox(who, box).count() for box in queries.BOXES)  # type: ignore[return-value]


def test_what_is_open_waits_or_is_done(asked: Enquiry, anna: Person, clara: Person) -> None:
    assert (boxes(anna), boxes(clara)) == ((1, 1, 0), (1, 0, 0))
    actions.write_message(asked, "Ja.", by=anna, side="owner")
    assert (boxes(anna), boxes(clara)) == ((1, 0, 0), (1, 1, 0))
    actions.say_outcome(asked, "agreed", by=clara, side="asker")
    assert (boxes(anna), boxes(clara)) == ((1, 1, 0), (1, 1, 0))  # anna has not said it yet, clara has not answered
    actions.say_outcome(asked, "agreed", by=anna, side="owner")
    assert (boxes(anna), boxes(clara)) == ((0, 0, 1), (0, 0, 1))


def test_unread_is_what_the_other_side_wrote_since(asked: Enquiry, anna: Person, ben: Person, clara: Person) -> None:
    assert (queries.unread(anna), queries.unread(ben), queries.unread(clara)) == (1, 1, 0)
    as_(anna).get(door(asked))
    assert (queries.unread(anna), queries.unread(ben)) == (0, 1)
    actions.write_message(asked, "Ja.", by=anna, side="owner")
    assert (queries.unread(anna), queries.unread(ben), queries.unread(clara)) == (0, 1, 1)
    assert queries.unread(GUEST) == 0
    as_(clara).head(door(asked))  # nobody has read it
    assert queries.unread(clara) == 1


def test_the_row_above_and_my_area_tell_it(asked: Enquiry, anna: Person, clara: Person) -> None:
    assert '/gespraeche/">' in as_(anna).get("/gespraeche/").content.decode().replace(' aria-current="page"', "")
    assert "/gespraeche/?box=waiting" in as_(anna).get("/mein/").content.decode()
    assert "/gespraeche/?box=waiting" not in as_(clara).get("/mein/").content.decode()
    assert "/gespraeche/" not in as_(None).get("/boerse/").content.decode()


def test_the_inbox_is_narrowed_to_own_organisations_only(asked: Enquiry, anna: Person, garden: Organisation) -> None:
    assert as_(anna).get("/gespraeche/?organisation=hofladen-probe-eg").status_code == 200
    assert as_(anna).get("/gespraeche/?organisation=garten-probe-eg").status_code == 404
    assert as_(anna).get("/gespraeche/?organisation=gibtesnicht").status_code == 404
    assert as_(anna).get("/gespraeche/?box=quatsch").status_code == 404
    assert as_(anna).get("/gespraeche/?page=quatsch").status_code == 200
    third = steward(organisation("Dritte eG"), "anna")
    assert "Dritte eG" not in as_(third).get("/gespraeche/").content.decode()


@pytest.mark.parametrize("box", ["open", "waiting", "done"])
def test_three_conversations_ask_no_more_questions_than_one(
    box: str, shop: Organisation, garden: Organisation, clara: Person, anna: Person
) -> None:
    def asks() -> int:
        client = as_(anna)
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/gespraeche/?box={box}").status_code == 200
        return len(found)

    def more(number: int) -> None:
        made = actions.open_enquiry(listing(shop, f"Angebot {number}"), "Hallo", by=clara, organisation=garden)
        if box == "done":
            actions.withdraw_enquiry(made, by=clara)

    more(1)
    first = asks()
    more(2)
    more(3)
    assert asks() == first


def test_a_long_conversation_asks_no_more_questions(asked: Enquiry, anna: Person, clara: Person) -> None:
    def asks() -> int:
        as_(clara).get(door(asked))
        client = as_(clara)
        with CaptureQueriesContext(connection) as found:
            client.get(door(asked))
        return len(found)

    actions.write_message(asked, "Eins", by=anna, side="owner")
    first = asks()
    for number in range(3):
        actions.write_message(asked, f"Noch {number}", by=clara, side="asker")
        actions.write_message(asked, f"Und {number}", by=anna, side="owner")
    assert asks() == first


def test_wrong_ways_of_asking_are_told_so(asked: Enquiry, anna: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post(door(asked), {"text": "Hallo"}).status_code == 403
    assert as_(anna).get(door(asked, "ausgang/")).status_code == 405
    assert as_(anna).put(door(asked)).status_code == 405
    assert Message.objects.count() == 1


def test_what_somebody_read_is_kept_once(asked: Enquiry, anna: Person) -> None:
    as_(anna).get(door(asked))
    as_(anna).get(door(asked))
    assert Seen.objects.filter(person=anna).count() == 1
    Seen.objects.filter(person=anna).update(told_at=timezone.now() - timedelta(days=1))
    as_(anna).get(door(asked))
    assert Seen.objects.get(person=anna).told_at is None
