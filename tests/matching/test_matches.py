"""What is shown to whom, in which order and why; what does not fit; what is told."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Belonging, Organisation
from allmende.duplicates.actions import merge_organisations, undo_merge
from allmende.exchange.models import Listing
from allmende.ground.refusals import NotAllowed, Refused
from allmende.matching import actions, index, queries, telling
from allmende.matching.models import Misfit, Portrait, Recommendation, Told
from allmende.people.models import Notice, Person
from allmende.people.queries import GUEST
from tests.cast import BERLIN, HAMBURG, changed, organisation
from tests.matching import cast
from tests.matching.cast import keeper, listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def hostsharing(db: None) -> Organisation:
    return organisation("Hostsharing eG", "Hamburg", HAMBURG)


@pytest.fixture
def kurier(db: None) -> Organisation:
    return organisation("Kurierkollektiv", "Berlin", BERLIN)


@pytest.fixture
def need(hostsharing: Organisation) -> Listing:
    return listing(hostsharing, "need", "Lastenrad gesucht", category="transport")


@pytest.fixture
def offer(kurier: Organisation) -> Listing:
    return listing(kurier, "offer", "Verleih von Cargobikes")


def shown(mine: Listing, viewer: object = GUEST) -> list[int]:
    found = queries.matches(mine, viewer)  # type: ignore[arg-type]
    return [match.listing.pk for match in found.good]


def test_words_find_what_the_category_misses_from_both_sides(need: Listing, offer: Listing) -> None:
    assert shown(need) == [offer.pk]
    assert shown(offer) == [need.pk]
    match = queries.matches(need, GUEST).good[0]
    assert [(reason.met, reason.points > 0) for reason in match.reasons][0] == ("nein", False)
    assert "Lastenrad" in match.reasons[1].sentence and "Cargobikes" in match.reasons[1].sentence


def test_own_listings_and_those_of_the_same_direction_are_no_matches(need: Listing, offer: Listing, hostsharing: Organisation) -> None:
    listing(hostsharing, "offer", "Lastenrad zu verleihen")
    listing(offer.organisation, "need", "Lastenrad gesucht")
    assert shown(need) == [offer.pk]


@pytest.mark.parametrize("change", [{"state": "closed"}, {"state": "hidden"}, {"state": "draft"}, {"until": "yesterday"}])
def test_what_is_not_open_or_in_time_is_not_shown(need: Listing, offer: Listing, change: dict[str, object]) -> None:
    if change.get("until"):
        change = {"until": timezone.localdate() - timedelta(days=1)}
    if change.get("state") == "closed":
        change["closed_at"] = timezone.now()
    if change.get("state") == "hidden" and hasattr(offer, "hidden_from"):
        change["hidden_from"] = "open"
    Listing.objects.filter(pk=offer.pk).update(**change)
    assert shown(need) == []  # asked of the table, though nobody has told the index
    cast.changed(Listing.objects.get(pk=offer.pk))
    assert shown(need) == []


def test_an_archived_organisation_takes_its_listings_along_and_brings_them_back(need: Listing, offer: Listing) -> None:
    Organisation.objects.filter(pk=offer.organisation_id).update(state="archived")
    changed(offer.organisation)
    assert shown(need) == [] and not Portrait.objects.get(pk=offer.pk).is_open
    Organisation.objects.filter(pk=offer.organisation_id).update(state="published")
    changed(offer.organisation)
    assert shown(need) == [offer.pk]


def test_what_only_some_may_see_is_matched_only_with_them(need: Listing, offer: Listing, hostsharing: Organisation) -> None:
    Listing.objects.filter(pk=offer.pk).update(audience="chosen")
    anna = keeper(hostsharing, "anna@example.org")
    assert shown(need) == [] and shown(need, anna) == []
    offer.chosen.add(hostsharing)
    assert shown(need) == [] and shown(need, anna) == [offer.pk]
    assert shown(Listing.objects.get(pk=offer.pk), keeper(offer.organisation, "bo@example.org")) == [need.pk]


def test_a_match_needs_that_both_sides_may_see_each_other(need: Listing, offer: Listing, kurier: Organisation) -> None:
    """The offer is for the network only; the organisation of the need belongs to none, though the viewer does."""
    Listing.objects.filter(pk=offer.pk).update(audience="network")
    network = organisation("Netz", kind="network")
    Belonging.objects.create(network=network, member=kurier)
    changed(kurier)
    caretaker = Person.objects.create_user("care@example.org", is_caretaker=True)
    assert shown(need, caretaker) == []
    Belonging.objects.create(network=network, member=need.organisation)
    changed(need.organisation)
    assert shown(need, caretaker) == [offer.pk]
    assert shown(need) == []


def test_a_common_network_and_a_nearer_place_count(need: Listing, offer: Listing, kurier: Organisation) -> None:
    other = listing(organisation("Andere eG"), "offer", "Verleih von Cargobikes")
    assert shown(need) == [other.pk, offer.pk]  # equal points: the newer one first
    network = organisation("Netz", kind="network")
    for member in (kurier, need.organisation):
        Belonging.objects.create(network=network, member=member)
        changed(member)
    assert shown(need) == [offer.pk, other.pk]
    network_reason = queries.matches(need, GUEST).good[0].reasons[4]
    assert (network_reason.met, network_reason.points) == ("ja", 10) and "Netz" in network_reason.sentence


def test_only_who_looks_after_a_listing_says_that_something_does_not_fit(need: Listing, offer: Listing) -> None:
    stranger = Person.objects.create_user("fremd@example.org")
    with pytest.raises(NotAllowed):
        actions.say_misfit(need, offer, "too_far", "", by=stranger)
    with pytest.raises(NotAllowed):
        actions.say_misfit(need, offer, "too_far", "", by=keeper(offer.organisation, "bo@example.org"))
    anna = keeper(need.organisation, "anna@example.org")
    made = actions.say_misfit(need, offer, "too_far", "Berlin ist weit", by=anna)
    assert shown(need, anna) == [] and shown(offer) == []
    with pytest.raises(NotAllowed):
        actions.take_back_misfit(made, by=stranger)
    actions.take_back_misfit(made, by=anna)
    assert shown(need) == [offer.pk]


def test_the_reason_is_read_by_nobody_else(client: Client, need: Listing, offer: Listing) -> None:
    anna, bo = keeper(need.organisation, "anna@example.org"), keeper(offer.organisation, "bo@example.org")
    actions.say_misfit(need, offer, "other", "streng geheim", by=anna)
    client.force_login(bo)
    assert client.get(f"/boerse/{need.pk}/passt-nicht/").status_code == 404
    assert "streng geheim" not in client.get(f"/boerse/{offer.pk}/passt-nicht/").content.decode()
    client.force_login(anna)
    assert "streng geheim" in client.get(f"/boerse/{need.pk}/passt-nicht/").content.decode()


def test_numbers_beyond_all_tables_lead_nowhere(client: Client, need: Listing) -> None:
    client.force_login(keeper(need.organisation, "anna-1"))
    huge = 2**63 + 1
    for path in (f"{huge}/passt-doch/1", f"{need.pk}/passt-doch/{huge}", f"{huge}/passt-nicht/{huge}", f"{huge}/empfehlen/{huge}"):
        assert client.post(f"/boerse/{path}/").status_code == 404


def test_a_third_organisation_of_the_network_recommends_and_takes_it_back(need: Listing, offer: Listing) -> None:
    third, network = organisation("Dritte eG"), organisation("Netz", kind="network")
    cem = keeper(third, "cem@example.org")
    with pytest.raises(NotAllowed):
        actions.recommend(need, offer, third, by=cem)
    Belonging.objects.create(network=network, member=third)
    made = actions.recommend(need, offer, third, by=cem)
    assert actions.recommend(offer, need, third, by=cem) == made
    match = queries.matches(need, GUEST).good[0]
    assert match.score.network == 10 and "Dritte eG" in match.reasons[4].sentence
    actions.take_back_recommendation(made, by=cem)
    assert queries.matches(need, GUEST).good[0].score.network == 0


def test_nobody_recommends_themselves(need: Listing, offer: Listing) -> None:
    Belonging.objects.create(network=organisation("Netz", kind="network"), member=offer.organisation)
    with pytest.raises(Refused):
        actions.recommend(need, offer, offer.organisation, by=keeper(offer.organisation, "bo@example.org"))


def test_both_sides_are_told_once(need: Listing, offer: Listing) -> None:
    Listing.objects.filter(pk=offer.pk).update(category=need.category)
    cast.changed(offer)
    anna, bo = keeper(need.organisation, "anna@example.org"), keeper(offer.organisation, "bo@example.org")
    assert telling.tell_new(timezone.now()) == 2
    assert telling.tell_new(timezone.now()) == 0
    cast.changed(offer)
    assert telling.tell_new(timezone.now()) == 0
    assert sorted(Notice.objects.filter(kind="matching.found").values_list("person", flat=True)) == sorted([anna.pk, bo.pk])
    assert "Verleih von Cargobikes" in Notice.objects.get(person=anna).text
    assert Told.objects.count() == 2


def test_several_matches_come_in_one_notice_and_weak_ones_in_none(need: Listing, hostsharing: Organisation, kurier: Organisation) -> None:
    anna = keeper(hostsharing, "anna@example.org")
    for _number in range(2):
        listing(kurier, "offer", "Lastenrad zu verleihen", category="transport")
    listing(kurier, "offer", "Transport von Möbeln", category="transport", is_remote=False)
    telling.tell_new(timezone.now())
    told = Notice.objects.get(person=anna, kind="matching.found")
    assert told.text.count("Lastenrad zu verleihen") == 2 and "Möbeln" not in told.text


def test_what_does_not_fit_is_not_told(need: Listing, offer: Listing) -> None:
    Listing.objects.filter(pk=offer.pk).update(category=need.category)
    cast.changed(offer)
    anna = keeper(need.organisation, "anna@example.org")
    actions.say_misfit(need, offer, "terms", "", by=anna)
    assert telling.tell_new(timezone.now()) == 0


def test_listings_of_merged_entries_go_along_and_come_back(need: Listing, offer: Listing) -> None:
    caretaker = Person.objects.create_user("care@example.org", is_caretaker=True)
    other = organisation("Kurierkollektiv Berlin")
    made = Recommendation.objects.create(need=need, offer=offer, organisation=offer.organisation)
    merge = merge_organisations(other, offer.organisation, by=caretaker, reason="")
    assert shown(need) == [offer.pk]
    made.refresh_from_db()
    assert made.organisation_id == other.pk
    undo_merge(merge, by=caretaker)
    made.refresh_from_db()
    assert made.organisation_id == offer.organisation_id


def test_the_index_in_memory_follows_every_change(need: Listing, kurier: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SMALL", 3)
    made = [listing(kurier, "offer", f"Lastenrad Nummer {number}") for number in range(8)]
    assert len(shown(need)) == 5
    for one in made[:6]:
        Listing.objects.filter(pk=one.pk).update(title="Steuerberatung", category=cast.category("accounting"))
        cast.changed(one)
        shown(need)
    assert sorted(shown(need)) == sorted(one.pk for one in made[6:])
    index.forget()
    assert sorted(shown(need)) == sorted(one.pk for one in made[6:])


def test_portraits_drawn_in_an_older_way_are_drawn_anew(need: Listing) -> None:
    Portrait.objects.filter(pk=need.pk).update(made_by=0)
    other = Listing.objects.get(pk=need.pk)
    other.pk, other.uuid = None, "8f14e45f-ceea-467f-a5f1-1d7f6e2c1a11"
    other.save()
    assert actions.draw_missing() == 2
    assert actions.draw_missing() == 0


def test_the_number_of_queries_does_not_grow_with_what_is_found(
    need: Listing, kurier: Organisation, django_assert_max_num_queries: object
) -> None:
    listing(kurier, "offer", "Lastenrad")
    shown(need)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert len(shown(need)) == 1
    for _number in range(4):
        listing(kurier, "offer", "Lastenrad")
    shown(need)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        found = queries.matches(need, GUEST)
        assert [len(match.reasons) for match in found.good] == [5] * 5


def test_organisations_whose_entries_speak_of_it_are_named_with_the_words(need: Listing) -> None:
    fitting = organisation("Rad und Last eG", summary="Wir verleihen Lastenräder in der ganzen Stadt")
    organisation("Steuer eG", summary="Wir machen Abschlüsse")
    found = queries.organisations(need)
    assert [one.entry.organisation_id for one in found] == [fitting.pk]
    assert found[0].words[0][0] == "Lastenrad"


def test_pages(client: Client, need: Listing, offer: Listing) -> None:
    for path in (f"/boerse/{need.pk}/passend/", "/boerse/passend/wie/", f"/en/boerse/{need.pk}/passend/"):
        assert client.get(path).status_code == 200
    page = client.get(f"/boerse/{need.pk}/passend/").content.decode()
    assert "Verleih von Cargobikes" in page and "passt-nicht" not in page
    assert client.get("/boerse/passend/").status_code == 302
    anna = keeper(need.organisation, "anna@example.org")
    client.force_login(anna)
    assert "Verleih von Cargobikes" in client.get("/boerse/passend/").content.decode()
    answer = client.post(f"/boerse/{need.pk}/passt-nicht/{offer.pk}/", {"why": "nonsense"})
    assert answer.status_code == 200 and not Misfit.objects.exists()
    answer = client.post(f"/boerse/{need.pk}/passt-nicht/{offer.pk}/", {"why": "known", "note": "<b>x</b>"}, follow=True)
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.content.decode() and Misfit.objects.get().why == "known"
    assert client.post(f"/boerse/{need.pk}/passt-nicht/{need.pk}/", {"why": "known"}).status_code == 409
    client.post(f"/boerse/{need.pk}/passt-doch/{Misfit.objects.get().pk}/")
    assert not Misfit.objects.exists()


def test_what_is_rolled_back_is_not_taken_for_what_came_instead(need: Listing, kurier: Organisation) -> None:
    """Somebody looks while a change is not yet certain; it fails, and the next one gets its number."""
    taken_back(kurier, need, 1)
    stays = listing(kurier, "offer", "Lastenrad, wirklich")
    assert shown(need) == [stays.pk]
    taken_back(kurier, need, 2)
    also, more = listing(kurier, "offer", "Lastenrad, auch"), listing(kurier, "offer", "Lastenrad, mehr")
    assert shown(need) == [more.pk, also.pk, stays.pk]


def taken_back(kurier: Organisation, need: Listing, seen: int) -> None:
    """An offer that was seen before its transaction failed."""
    with transaction.atomic():
        listing(kurier, "offer", "Lastenrad, doch nicht")
        assert len(shown(need)) == seen
        transaction.set_rollback(True)


def test_an_older_answer_of_a_replica_does_not_make_the_index_anew(need: Listing, offer: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    held = index.current()
    monkeypatch.setattr(index, "_moment", lambda: (held.number - 1, 5))
    assert index.current() is held
    monkeypatch.setattr(index, "_moment", lambda: (held.number, 5))
    assert index.current() is not held
