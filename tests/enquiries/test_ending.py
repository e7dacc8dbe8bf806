"""What became of it: said by both, by one, objected to; reminded once; the offer itself agreed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.directory.models import Organisation
from allmende.enquiries import actions, figures, rules
from allmende.enquiries.jobs import settle
from allmende.enquiries.models import Enquiry, Message, Word
from allmende.exchange.models import Listing
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from tests.enquiries.conftest import as_, fresh, listing

pytestmark = pytest.mark.django_db


def door(enquiry: Enquiry, more: str) -> str:
    return f"/gespraeche/{enquiry.uuid}/{more}"


def later(days: float) -> None:
    """So many days go by."""
    for model, columns in ((Word, ["at"]), (Message, ["at"]), (Enquiry, ["opened_at"])):
        for row in model._default_manager.all():
            for column in columns:
                setattr(row, column, getattr(row, column) - timedelta(days=days))
            row.save()


def test_agreed_when_both_say_so(asked: Enquiry, anna: Person, clara: Person) -> None:
    as_(clara).post(door(asked, "ausgang/"), {"outcome": "agreed", "note": "Wir leihen das Rad."})
    assert fresh(asked).state == "open"
    assert {one.person for one in Notice.objects.filter(kind="enquiries.said")} == {anna}
    as_(anna).post(door(asked, "ausgang/"), {"outcome": "agreed", "note": ""})
    assert (fresh(asked).state, asked.closed_at is not None, asked.first_answer_at is not None) == ("agreed", True, True)
    assert Entry.objects.get(verb="enquiries.enquiry_settled").facts == {
        "state": "agreed",
        "direction": "offer",
        "listing": asked.listing_id,
    }


def test_agreed_when_one_says_so_and_nobody_objects(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.say_outcome(asked, "agreed", "Läuft.", by=clara, side="asker")
    later(13.9)
    assert actions.settle_due(timezone.now()) == 0
    later(0.2)
    assert settle() == "1 settled, 0 reminded"
    assert fresh(asked).state == "agreed"
    assert {one.person for one in Notice.objects.filter(kind="enquiries.settled")} == {anna, clara}
    assert settle() == "0 settled, 0 reminded"


@pytest.mark.parametrize("objection", ["not_agreed", "still_open"])
def test_an_objection_keeps_it_open(asked: Enquiry, anna: Person, clara: Person, objection: str) -> None:
    actions.say_outcome(asked, "agreed", by=clara, side="asker")
    later(1)
    actions.say_outcome(asked, objection, by=anna, side="owner")
    later(20)
    assert actions.settle_due(timezone.now()) == 0
    assert fresh(asked).state == "answered"


def test_an_objection_after_the_fortnight_opens_it_again(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.say_outcome(asked, "agreed", by=clara, side="asker")
    later(15)
    actions.settle_due(timezone.now())
    actions.say_outcome(asked, "still_open", "Das stimmt nicht.", by=anna, side="owner")
    assert (fresh(asked).state, asked.closed_at) == ("answered", None)


def test_still_open_goes_on_after_no_agreement(asked: Enquiry, anna: Person, clara: Person) -> None:
    for who, side in ((anna, "owner"), (clara, "asker")):
        actions.say_outcome(asked, "not_agreed", by=who, side=side)
    assert fresh(asked).state == "not_agreed"
    with pytest.raises(Refused):
        actions.write_message(asked, "Hallo", by=anna, side="owner")
    actions.say_outcome(asked, "still_open", by=clara, side="asker")
    assert fresh(asked).state == "answered"
    actions.write_message(asked, "Dann weiter", by=anna, side="owner")


def test_a_better_sentence_does_not_begin_the_fortnight_anew_nor_a_mail(asked: Enquiry, anna: Person, clara: Person) -> None:
    actions.say_outcome(asked, "agreed", "Läuft", by=clara, side="asker")
    later(10)
    actions.say_outcome(asked, "agreed", "Läuft gut.", by=clara, side="asker")
    actions.say_outcome(asked, "agreed", "Läuft gut.", by=clara, side="asker")
    assert Word.objects.get().note == "Läuft gut."
    assert Notice.objects.filter(kind="enquiries.said").count() == 1
    later(4)
    assert actions.settle_due(timezone.now()) == 1


def test_changing_ones_mind_all_day_is_one_mail(asked: Enquiry, anna: Person, clara: Person) -> None:
    for outcome in ("agreed", "still_open", "agreed", "not_agreed"):
        actions.say_outcome(asked, outcome, by=clara, side="asker")
    assert Notice.objects.filter(person=anna, kind="enquiries.said").count() == 1


def test_only_known_words_count(asked: Enquiry, clara: Person) -> None:
    for forged in ("", "ended", "withdrawn", "quatsch"):
        assert as_(clara).post(door(asked, "ausgang/"), {"outcome": forged}).status_code == 200
        with pytest.raises(BadInput):
            actions.say_outcome(asked, forged, by=clara, side="asker")
    assert not Word.objects.exists()


def test_one_side_does_not_speak_for_the_other(asked: Enquiry, anna: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.say_outcome(asked, "agreed", by=anna, side="asker")
    assert as_(anna).post(door(asked, "ausgang/"), {"outcome": "agreed", "side": "asker"}).status_code == 404


def test_who_asked_may_withdraw(asked: Enquiry, anna: Person, clara: Person) -> None:
    assert as_(anna).post(door(asked, "zurueckziehen/")).status_code == 403
    as_(clara).post(door(asked, "zurueckziehen/"))
    assert (fresh(asked).state, asked.closed_at is not None) == ("withdrawn", True)
    assert {one.person for one in Notice.objects.filter(kind="enquiries.withdrawn")} == {anna}
    assert as_(clara).post(door(asked, "zurueckziehen/")).status_code == 409
    for what in ("agreed", "still_open"):
        with pytest.raises(Refused):
            actions.say_outcome(asked, what, by=clara, side="asker")


def test_after_an_agreement_the_offer_itself_can_be_agreed(asked: Enquiry, offer: Listing, anna: Person, clara: Person) -> None:
    assert as_(anna).post(door(asked, "erledigt/")).status_code == 200  # first both have to say so
    for who, side in ((clara, "asker"), (anna, "owner")):
        actions.say_outcome(asked, "agreed", "Das bleibt unter uns.", by=who, side=side)
    assert "erledigt/" in as_(anna).get(door(asked, "")).content.decode()
    assert "erledigt/" not in as_(clara).get(door(asked, "")).content.decode()
    as_(clara).post(door(asked, "erledigt/"))
    assert fresh(offer).state == "open"
    assert as_(anna).post(door(asked, "erledigt/"), {"note": "Verliehen an den Garten."}).status_code == 302
    assert (fresh(offer).state, offer.closing_note) == ("agreed", "Verliehen an den Garten.")
    assert "erledigt/" not in as_(anna).get(door(asked, "")).content.decode()
    actions.write_message(asked, "Bis Montag", by=clara, side="asker")  # there are still things to arrange


def test_three_weeks_of_silence_are_asked_about_once(asked: Enquiry, anna: Person, clara: Person) -> None:
    later(20.9)
    assert actions.remind_silent(timezone.now()) == 0
    later(0.2)
    assert actions.remind_silent(timezone.now()) == 1
    assert {one.person for one in Notice.objects.filter(kind="enquiries.reminded")} == {anna, clara}
    later(100)
    assert actions.remind_silent(timezone.now()) == 0


def test_who_talks_is_not_reminded(asked: Enquiry, anna: Person) -> None:
    later(30)
    actions.write_message(asked, "Ja", by=anna, side="owner")
    assert actions.remind_silent(timezone.now()) == 0
    later(30)
    actions.say_outcome(asked, "still_open", by=anna, side="owner")
    assert actions.remind_silent(timezone.now()) == 0


# ------------------------------------------------------------------------------------------------------------ figures

HIDDEN = (
    "enquiries_about_needs",
    "needs_met",
    "open_enquiries_about_needs",
    "enquiries_about_offers",
    "offers_taken",
    "open_enquiries_about_offers",
)


def begun(item: Organisation, asker: Organisation, number: int, direction: str, answered_after: float | None, state: str) -> None:
    now = timezone.now() - timedelta(days=30)
    answered = now + timedelta(hours=answered_after) if answered_after is not None else None
    one = listing(item, f"Nummer {number}", direction=direction)
    closed = None if state in rules.RUNNING else now
    Enquiry.objects.create(
        listing=one,
        organisation=item,
        asker=asker,
        direction=direction,
        state=state,
        opened_at=now,
        first_answer_at=answered,
        closed_at=closed,
    )


def test_too_few_are_not_told(shop: Organisation, garden: Organisation) -> None:
    for number in range(4):
        begun(shop, garden, number, "need", 1, "agreed")
    found = figures.count(timezone.now())
    assert (found.has_any, found.hours, found.needs_met, found.offers_taken, found.percent) == (False, None, None, None, None)
    page = as_(None).get("/boerse/zahlen/").content.decode()
    assert 'class="empty"' in page
    rows = as_(None).get("/boerse/zahlen.csv").content.decode().split("\r\n")
    assert rows == ["figure,last_12_months", *(f"{name}," for name, _value in figures.table(found)), ""]


def test_what_became_of_them(shop: Organisation, garden: Organisation) -> None:
    needs = [(1.0, "agreed"), (2.0, "agreed"), (3.0, "answered"), (10.0, "not_agreed"), (None, "open"), (None, "withdrawn")]
    for number, (hours, state) in enumerate(needs):
        begun(shop, garden, number, "need", hours, state)
    for number in range(10, 15):
        begun(shop, garden, number, "offer", 50.0 if number == 10 else None, "agreed" if number == 10 else "open")
    Enquiry.objects.filter(listing__title="Nummer 1").update(listing=Listing.objects.get(title="Nummer 0"))  # two agreed on one need
    found = figures.count(timezone.now())
    assert (found.needs.begun, found.needs.answered, found.needs.running, found.needs_met) == (6, 4, 2, 1)
    assert (found.offers.begun, found.offers.answered, found.offers.running, found.offers_taken) == (5, 1, 4, 1)
    assert (found.answered.part, found.answered.whole, found.percent, found.hours) == (5, 11, 45, 3.0)
    page = as_(None).get("/en/boerse/zahlen/").content.decode()
    assert "5 of 11 enquiries were answered, that is 45" in page
    assert "Half of the first answers came within 3 hours." in page
    assert "1 need was met." in page
    assert "needs_met,1" in as_(None).get("/boerse/zahlen.csv").content.decode()


def test_what_is_not_told_cannot_be_worked_out_from_the_rest(shop: Organisation, garden: Organisation) -> None:
    for number in range(5):
        begun(shop, garden, number, "need", 1.0, "agreed")
    alone = figures.count(timezone.now())
    assert (alone.needs.begun, alone.offers.begun, alone.offers_taken) == (5, 0, 0)  # nothing is not a single one
    for number in range(10, 14):
        begun(shop, garden, number, "offer", None, "open")
        found = figures.count(timezone.now())
        assert found.rows == (figures.Row("need", None, None, None, None), figures.Row("offer", None, None, None, None))
    assert (found.answered.part, found.answered.whole) == (5, 9)
    page = as_(None).get("/boerse/zahlen/").content.decode()
    assert page.count("zu wenige</td>") == 8
    rows = as_(None).get("/boerse/zahlen.csv").content.decode().split()
    assert rows == [
        "figure,last_12_months",
        "enquiries,9",
        "answered,5",
        "median_hours_to_first_answer,1.0",
        *(f"{name}," for name in HIDDEN),
    ]


def test_a_listing_that_is_gone_still_counts_and_an_old_one_does_not(shop: Organisation, garden: Organisation) -> None:
    for number in range(6):
        begun(shop, garden, number, "need", 1, "agreed")
    Listing.objects.filter(title="Nummer 0").delete()
    Enquiry.objects.filter(listing__title="Nummer 1").update(opened_at=timezone.now() - timedelta(days=366))
    assert figures.count(timezone.now()).needs_met == 5


def test_figures_name_nobody(asked: Enquiry) -> None:
    page = as_(None).get("/boerse/zahlen/").content.decode()
    assert "Hofladen Probe" not in page
    assert "Lastenrad" not in page
