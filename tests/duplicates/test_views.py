"""The work list, two entries side by side, what was merged: pages, filters, questions asked of the database, panels."""

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Kinship, Organisation, Place, RevisionSet, State
from allmende.duplicates import actions, queries
from allmende.duplicates.models import Merge, Pair
from allmende.people.models import Person
from tests.cast import organisation
from tests.duplicates.cast import caretaker, mills, pair, steward

pytestmark = pytest.mark.django_db
LIST, MERGED = "/en/dubletten/", "/en/dubletten/zusammengefuehrt/"


@pytest.fixture
def haus(client: Client) -> Person:
    found = caretaker()
    client.force_login(found)
    return found


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert re.findall(r'<style|\sstyle="|\son[a-z]+="', page) == []
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page)]
    assert levels.count(1) == 1 and [two for two in zip(levels, levels[1:], strict=False) if two[1] > two[0] + 1] == []
    return page


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def names(page: str) -> list[str]:
    return re.findall(r"data-row>(.*?) <span", page)


def several(count: int) -> list[Pair]:
    """Pairs of their own, the later the less likely."""
    made = []
    for number in range(count):
        one = organisation(f"Haus {number} eG", "Berlin", (52.5, 13.4), sector="housing")
        other = organisation(f"Haus {number}", "Wien", (48.2, 16.4), country="AT", sector="food")
        Place.objects.filter(organisation=one).update(region="Berlin")
        made.append(pair(one, other, score=0.9 - number / 100))
    return made


# ------------------------------------------------------------------------------------------------------------ the list


def test_the_list_shows_the_most_likely_first_with_reasons_in_words(client: Client, haus: Person) -> None:
    several(3)
    page = html(client, LIST)
    assert names(page) == ["Haus 0 eG", "Haus 1 eG", "Haus 2 eG"]
    assert "The same name except for the legal form" in page
    assert "Berlin · Wien" in page


def test_an_empty_list_says_what_will_stand_here(client: Client, haus: Person) -> None:
    assert "No pair waits." in html(client, LIST)
    assert "Nothing under these filters." in html(client, f"{LIST}?state=different")
    assert "Nothing has been merged yet." in html(client, MERGED)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ("", 2), ("state=open", 2), ("state=asked", 0), ("state=different", 1), ("judgement=same", 2), ("judgement=branch", 0),
        ("source=scan", 2), ("source=import", 0), ("country=AT", 2), ("country=DE&region=Berlin", 2), ("country=DE&region=Bayern", 0),
        ("country=CH", 0), ("sector=housing", 2), ("state=nonsense", 2), ("import=x", 2), ("import=999", 0), ("page=99", 2), ("page=x", 2),
    ],
)  # fmt: skip
def test_the_list_can_be_filtered_and_nonsense_filters_nothing(client: Client, haus: Person, filters: str, count: int) -> None:
    first, *_others = several(3)
    actions.mark_different(first.one, first.other, by=haus)
    page = html(client, f"{LIST}?{filters}")
    assert len(names(page)) == count


def test_pairs_of_one_import_are_one_link_away(client: Client, haus: Person) -> None:
    brought = RevisionSet.objects.create(reason="sea-standard: a.csv")
    one, other = mills()
    pair(one, other, found_in=brought, found_by="import")
    several(1)
    page = html(client, f"{LIST}?import={brought.pk}")
    assert names(page) == ["Alte Mühle eG"] and "of one import" in page
    assert f'name="import" value="{brought.pk}"' in page


def test_pairs_with_an_archived_entry_wait_for_nobody(client: Client, haus: Person) -> None:
    (found,) = several(1)
    Organisation.objects.filter(pk=found.one_id).update(state=State.ARCHIVED)
    assert names(html(client, LIST)) == []


@pytest.mark.parametrize("who", ["house", "steward"])
def test_more_pairs_ask_no_more_questions(client: Client, django_assert_max_num_queries: Callable[..., Any], who: str) -> None:
    found = caretaker()
    client.force_login(found)
    several(1)
    if who == "steward":
        found = steward("anna", Organisation.objects.earliest("pk"))
        client.force_login(found)
    client.get(LIST)
    with django_assert_max_num_queries(40) as counted:
        client.get(LIST)
    one = len(counted)
    for number in range(5):
        entry = organisation(f"Laden {number}")
        pair(Organisation.objects.earliest("pk"), entry)
    with django_assert_max_num_queries(one) as _counted:
        page = html(client, LIST)
    assert len(names(page)) == 6


def test_the_list_has_pages(client: Client, haus: Person) -> None:
    first = organisation("Haus eG")
    for number in range(26):
        pair(first, organisation(f"Haus {number}"))
    assert len(names(html(client, LIST))) == 25
    assert len(names(html(client, f"{LIST}?page=2"))) == 1


# --------------------------------------------------------------------------------------------------------- side by side


def test_two_entries_side_by_side_with_their_differences_and_a_map(client: Client, haus: Person) -> None:
    one, other = mills(confirmed=timezone.timedelta(days=3))
    found = pair(one, other)
    page = html(client, f"{LIST}{found.pk}/")
    for word in ("Alte Mühle eG", "muehle@example.org", "+49 30 123456", "Mühlenweg 3", "The same phone number", "3 days ago", "<svg"):
        assert word in page, word
    assert page.count('class="differs"') == 7  # name, sector, sectors, summary, website, email, phone; places are the same
    assert f'name="stays" value="{one.pk}" checked' in page


def test_texts_of_entries_are_texts(client: Client, haus: Person) -> None:
    one = organisation("<script>alert(1)</script>", summary="<b>fett</b>", slug="a")
    other = organisation('"><img src=x>', slug="b", description="<i>" * 200)
    page = html(client, f"{LIST}{pair(one, other).pk}/")
    assert "<script>alert" not in page and "<b>fett" not in page and "<img src=x" not in page and "<i><i>" not in page


def test_merging_by_the_form_takes_what_was_chosen(client: Client, haus: Person) -> None:
    one, other = mills()
    found = pair(one, other)
    form = {
        "stays": other.pk,
        "field-name": one.pk,
        "field-summary": one.pk,
        f"base-{one.pk}": 0,
        f"base-{other.pk}": 0,
        "reason": "Dasselbe",
    }
    answer = client.post(f"{LIST}{found.pk}/zusammenfuehren/", form)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    other.refresh_from_db()
    assert (other.name, other.summary, other.phone, Merge.objects.get().reason) == (
        "Alte Mühle eG",
        "Ein Haus.",
        "+49 30 123456",
        "Dasselbe",
    )
    assert client.get("/o/alte-muehle-eg/")["Location"] == "/o/alte-muehle/"
    assert client.get(f"{LIST}{found.pk}/")["Location"] == MERGED


@pytest.mark.parametrize("broken", [{}, {"stays": "0"}, {"stays": "x"}, {"base-": ""}, {"field-name": "999"}, {"reason": "x" * 301}])
def test_a_broken_merge_form_merges_nothing_and_says_so(client: Client, haus: Person, broken: dict[str, str]) -> None:
    one, other = mills()
    found = pair(one, other)
    form = {"stays": str(one.pk), f"base-{one.pk}": "0", f"base-{other.pk}": "0"} | broken if broken else {}
    if "base-" in broken:
        form[f"base-{one.pk}"] = "x"
    answer = client.post(f"{LIST}{found.pk}/zusammenfuehren/", form)
    assert answer.status_code == 200 and "msg stop" in answer.content.decode()
    assert not Merge.objects.exists()


def test_a_merge_of_what_was_changed_meanwhile_comes_back_with_a_sentence(client: Client, haus: Person) -> None:
    one, other = mills()
    found = pair(one, other)
    form = {"stays": one.pk, f"base-{one.pk}": 5, f"base-{other.pk}": 0}
    answer = client.post(f"{LIST}{found.pk}/zusammenfuehren/?state=open", form)
    assert answer["Location"] == f"{LIST}{found.pk}/?state=open"
    assert said(answer) == ["“Alte Mühle eG” was changed meanwhile. Please look at both entries again."]


def test_a_decision_leads_to_the_next_pair_under_the_same_filters(client: Client, haus: Person) -> None:
    first, second, third = several(3)
    answer = client.post(f"{LIST}{first.pk}/urteil/?source=scan", {"saying": "different", "note": "Anders"})
    assert answer["Location"] == f"{LIST}{second.pk}/?source=scan"
    answer = client.post(f"{LIST}{second.pk}/urteil/", {"saying": "other"})
    assert answer["Location"] == f"{LIST}{third.pk}/"
    assert Kinship.objects.get().branch == second.other
    assert client.post(f"{LIST}{third.pk}/urteil/", {"saying": "different"})["Location"] == LIST
    assert client.post(f"{LIST}{third.pk}/urteil/", {"saying": "same"}).status_code == 400
    assert [one.state for one in Pair.objects.order_by("pk")] == ["different", "branch", "different"]


@pytest.mark.parametrize(
    ("wanted", "there"), [("/pflege/?sector=food", "/pflege/?sector=food"), ("//boese.example.org/", LIST), ("", LIST)]
)
def test_who_decided_at_the_desk_comes_back_to_it_and_nowhere_else(client: Client, haus: Person, wanted: str, there: str) -> None:
    found = pair(*mills())
    answer = client.post(f"{LIST}{found.pk}/urteil/", {"saying": "different", "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, there)


def test_what_the_rule_refuses_comes_back_as_a_message(client: Client, haus: Person) -> None:
    one, other = mills()
    found = pair(one, other)
    answer = client.post(f"{LIST}{found.pk}/fragen/")
    assert said(answer) == ["Nobody looks after these two entries yet. Please decide yourself."]
    answer = client.post(f"{LIST}{found.pk}/wieder-oeffnen/")
    assert said(answer)[-1] == "This pair is not decided."


def test_a_decided_pair_can_be_opened_again(client: Client, haus: Person) -> None:
    one, other = mills()
    found = actions.mark_different(one, other, by=haus, note="Zwei Mühlen")
    page = html(client, f"{LIST}{found.pk}/")
    assert "Zwei Mühlen" in page and "wieder-oeffnen" in page and "Which entry stays?" not in page
    client.post(f"{LIST}{found.pk}/wieder-oeffnen/")
    assert Pair.objects.get().state == "open"


def test_undoing_by_the_button(client: Client, haus: Person) -> None:
    one, other = mills()
    actions.merge_organisations(one, other, by=haus, reason="Dasselbe")
    page = html(client, MERGED)
    assert "Alte Mühle" in page and "Dasselbe" in page
    merge = Merge.objects.get()
    Organisation.objects.filter(pk=one.pk).update(phone="+49 30 999")
    answer = client.post(f"{MERGED}{merge.pk}/trennen/", follow=True)
    assert "The field “Phone” was changed since." in answer.content.decode()
    again = client.post(f"{MERGED}{merge.pk}/trennen/")
    assert said(again)[-1] == "This merge has been undone already."
    found = Pair.objects.get()
    assert "That was undone on" in html(client, f"{LIST}{found.pk}/")


# -------------------------------------------------------------------------------------------------------------- panels


def test_who_looks_after_an_entry_sees_possible_duplicates_beside_it(client: Client, haus: Person) -> None:
    one, other = mills()
    found = pair(one, other)
    link = f"/en/dubletten/{found.pk}/"
    assert link in html(client, "/en/o/alte-muehle-eg/")
    client.force_login(steward("anna", one))
    assert link in html(client, "/en/o/alte-muehle-eg/")
    assert link not in html(client, "/en/o/alte-muehle/")
    client.logout()
    assert link not in html(client, "/en/o/alte-muehle-eg/")


def test_what_waits_for_whom(haus: Person) -> None:
    one, other = mills()
    anna, bodo = steward("anna", one), steward("bodo", other)
    found = pair(one, other)
    assert [queries.pairs_waiting(who).count() for who in (haus, anna, bodo)] == [1, 0, 0]
    assert queries.oldest_at(haus) == found.found_at
    actions.answer_pair(found, "same", by=anna)
    assert [queries.pairs_waiting(who).count() for who in (haus, anna, bodo)] == [1, 0, 1]
    assert queries.pairs_waiting(bodo).get().since == Pair.objects.get().asked_at


def test_my_area_says_what_waits(client: Client, haus: Person) -> None:
    one, other = mills()
    pair(one, other)
    assert "1 possible duplicate" in client.get("/en/mein/").content.decode()


def test_the_page_of_an_import_leads_to_its_pairs(client: Client, haus: Person) -> None:
    brought = RevisionSet.objects.create(reason="sea-standard: a.csv", report={"state": "done"})
    address = f"/en/verwaltung/directory/revisionset/{brought.pk}/change/"
    assert "possible duplicate" not in client.get(address).content.decode()
    pair(*mills(), found_in=brought, found_by="import")
    page = client.get(address).content.decode()
    assert f"/en/dubletten/?import={brought.pk}" in page and "1 possible duplicate among what this import brought" in page
