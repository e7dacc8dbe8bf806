"""Hostile words, many of them at once, merged entries, people who leave."""

from typing import Any

import html5lib
import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.comments import actions
from allmende.comments.models import Comment, Following, Mention
from allmende.directory.models import Organisation
from allmende.duplicates.actions import merge_organisations, undo_merge
from allmende.exchange.models import Listing
from allmende.ground import queue
from allmende.people import personal
from allmende.people.actions import erase
from allmende.people.models import Notice, Person
from allmende.people.queries import GUEST
from allmende.web.markdown import TAGS
from tests.comments.conftest import as_, keeper, listing, page_of, person, says

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[hier](javascript:alert(1))",
    "[hier](JaVaScRiPt:alert(1))",
    "[hier](data:text/html;base64,PHNjcmlwdD4=)",
    "[hier](//elsewhere.example)",
    "![Bild](https://elsewhere.example/bild.png)",
    "<a href='https://elsewhere.example' onclick='x()'>hier</a>",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    "&lt;script&gt;",
    "@haus-eg<script>",
    '[@haus-eg](https://a.example/?"><script>)',
]


@pytest.mark.parametrize("text", ATTACKS)
def test_hostile_words_stay_words(text: str, offer: Listing, ben: Person) -> None:
    assert as_(ben).post(page_of(offer), {"text": text}).status_code == 302
    html = as_(None).get(page_of(offer)).content.decode()
    words = html.split('class="words measure">')[1].split("</div>")[0]
    for element in html5lib.parseFragment(words, treebuilder="etree", namespaceHTMLElements=False).iter():
        assert element.tag in {*TAGS, "b", "DOCUMENT_FRAGMENT"}
        assert set(element.attrib) <= {"href", "rel", "title"}
        assert element.get("href", "/o/").startswith(("https://", "/o/"))


def test_hostile_fields_are_no_fault_of_the_house(offer: Listing, ben: Person) -> None:
    client = as_(ben)
    for said in ({"parent": "x"}, {"parent": "9" * 40}, {"voice": "../../"}, {"text": "a\x00b"}, {"text": ["a", "b"]}):
        answer = client.post(page_of(offer), {"text": "Hallo", **said})
        assert answer.status_code in {302, 400, 409, 422}
    assert client.put(page_of(offer)).status_code == 405
    assert client.get(f"/kommentare/exchange.listing/{'9' * 40}/").status_code == 404


def shown(viewer: Any, thing: Any, address: str = "/boerse/1/") -> str:
    """The panel on the page of a thing."""
    request = RequestFactory().get(address)
    request.user = viewer
    return Template('{% panels "thing.comments" thing %}').render(Context({"request": request, "thing": thing}))


def test_the_panel_stands_on_the_page_of_a_thing(offer: Listing, ben: Person) -> None:
    says(ben, offer)
    assert "Gern dabei." in shown(GUEST, offer)
    assert f'action="/kommentare/exchange.listing/{offer.pk}/"' in shown(ben, offer)


def test_the_panel_shows_nothing_of_what_cannot_be_talked_about(offer: Listing, haus: Organisation, ben: Person) -> None:
    assert shown(ben, haus) == "" == shown(ben, says(ben, offer))
    Listing.objects.filter(pk=offer.pk).update(state="draft")
    assert shown(ben, offer) == ""


@pytest.mark.parametrize("who", ["guest", "member", "caretaker"])
def test_thirty_comments_ask_no_more_than_three(who: str, offer: Listing, haus: Organisation) -> None:
    ben, anna = person("ben"), keeper(haus, "anna")
    viewer = {"guest": GUEST, "member": ben, "caretaker": person("frida", is_caretaker=True)}[who]
    about = {"kind": "exchange.listing", "number": offer.pk}

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            shown(viewer, offer)
        return len(found)

    def fill(number: int) -> None:
        for at in range(number):
            first = Comment.objects.create(**about, person=person(f"p{Person.objects.count()}"), text=f"{at}")
            answer = Comment.objects.create(**about, parent=first, person=anna, organisation=haus, is_official=True, text="Ja @haus-eg")
            Mention.objects.create(comment=answer, word="haus-eg", organisation=haus)

    fill(3)
    shown(viewer, offer)
    few = asked()
    fill(27)
    assert asked() == few
    assert few <= 22


# ------------------------------------------------------------------------------------------------ merging and leaving


def test_what_an_organisation_said_goes_along_with_a_merge_and_comes_back(
    offer: Listing, werk: Organisation, ben: Person, frida: Person
) -> None:
    other = Organisation.objects.create(name="Werk e. G.", slug="werk-e-g")
    clara = keeper(werk, "clara")
    said = says(clara, offer, organisation=werk)
    says(ben, offer, "Was sagt @werk-eg?")
    merge = merge_organisations(other, werk, by=frida)
    said.refresh_from_db()
    assert (said.organisation, Mention.objects.get().organisation) == (other, other)
    assert '<a href="/o/werk-e-g/">@Werk e. G.</a>' in as_(None).get(page_of(offer)).content.decode()
    undo_merge(merge, by=frida)
    said.refresh_from_db()
    assert (said.organisation, Mention.objects.get().organisation) == (werk, werk)


def test_who_leaves_takes_their_words_along(offer: Listing, haus: Organisation, anna: Person, ben: Person) -> None:
    alone = says(ben, offer, "Allein")
    answered = says(ben, offer, "Beantwortet")
    first = says(anna, offer, "Anfang")
    says(ben, offer, "Eine Antwort", parent=first.pk)
    naming = says(anna, offer, "Stimmt, @ben.", parent=answered.pk)
    dora = keeper(haus, "dora")
    queue.run_all()
    assert Notice.objects.filter(person=anna, path__contains=str(alone.uuid)).exists()
    kept = erase(ben, by=ben)
    assert any("gelöscht" in one.why or "deleted" in one.why for one in kept)
    rows = list(Comment.objects.order_by("pk").values_list("pk", "text", "person"))
    assert rows == [(answered.pk, "", None), (first.pk, "Anfang", anna.pk), (naming.pk, "Stimmt, @….", anna.pk)]
    assert not Notice.objects.filter(text__contains="Allein").exists()
    assert not Following.objects.filter(person_id=ben.pk).exists()
    page = as_(dora).get(page_of(offer)).content.decode()
    assert "Beantwortet" not in page and "Ben" not in page and "Stimmt, @…." in page


def test_what_was_said_for_an_organisation_stays_without_the_person(offer: Listing, haus: Organisation, ben: Person) -> None:
    keeper(haus, "dora")
    anna = keeper(haus, "anna2")
    said = says(anna, offer, "Ab Montag.", organisation=haus)
    assert len(personal.KEEPS["comments"](anna)) == 1
    erase(anna, by=anna)
    said.refresh_from_db()
    assert (said.text, said.person, said.organisation) == ("Ab Montag.", None, haus)


def test_one_takes_along_what_the_house_knows(offer: Listing, anna: Person, ben: Person) -> None:
    says(ben, offer)
    says(anna, offer, "@Ben, ja.")
    assert [row["text"] for row in personal.AREAS["comments"].rows(ben)] == ["Gern dabei."]
    assert [row["word"] for row in personal.AREAS["comments-mentions"].rows(ben)] == ["Ben"]
    assert [row["is_wanted"] for row in personal.AREAS["comments-followed"].rows(ben)] == [True]


def test_the_nightly_job_says_what_it_did(offer: Listing, haus: Organisation, ben: Person) -> None:
    from allmende.comments.jobs import forget

    says(ben, listing(haus, "Beamer"))
    actions.delete_comment(says(ben, offer), by=ben)
    Comment.objects.filter(number=offer.pk).update(deleted_at=timezone.now() - timezone.timedelta(days=2))
    Listing.objects.filter(title="Beamer").delete()
    assert forget() == "1 emptied, 1 went with their things"
    assert not Comment.objects.exists()
