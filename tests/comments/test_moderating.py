"""Hiding with a reason: who may, who reads what afterwards, and reports of comments."""

import pytest
from django.urls import reverse

from allmende.comments import access, actions
from allmende.comments.models import Comment
from allmende.directory.models import Caretaking, Organisation, Place
from allmende.exchange.models import Listing
from allmende.ground.refusals import BadInput, NotAllowed
from allmende.people import subjects
from allmende.people.models import Notice, Person
from allmende.people.queries import GUEST
from tests.comments.conftest import as_, chosen_only, keeper, page_of, person, says


def test_caretakers_hide_with_a_reason_that_only_those_concerned_read(offer: Listing, anna: Person, ben: Person, frida: Person) -> None:
    said = says(ben, offer, "Kauft bei mir.")
    address = f"/kommentare/{said.uuid}/ausblenden/"
    assert address in as_(frida).get(page_of(offer)).content.decode()
    assert "Kauft bei mir." in as_(frida).get(address).content.decode()
    assert as_(frida).post(address, {"reason": " "}).status_code == 422
    as_(frida).post(address, {"reason": "Werbung <b>"})
    said.refresh_from_db()
    assert (said.hidden_by, said.hidden_reason) == (frida, "Werbung <b>")
    for who in (None, anna):
        page = as_(who).get(page_of(offer)).content.decode()
        assert "Kauft bei mir." not in page and "Werbung" not in page and ">Ben<" not in page
        assert f'id="kommentar-{said.pk}"' in page
    for who in (ben, frida):
        page = as_(who).get(page_of(offer)).content.decode()
        assert "Kauft bei mir." in page and "Werbung &lt;b&gt;" in page


def test_the_author_is_told_why_and_that_it_is_back(offer: Listing, ben: Person, frida: Person) -> None:
    said = says(ben, offer)
    actions.hide_comment(said, by=frida, reason="Zu grob")
    actions.hide_comment(said, by=frida, reason="Noch einmal")  # twice is once
    assert as_(frida).post(f"/kommentare/{said.uuid}/einblenden/").status_code == 302
    told = list(Notice.objects.filter(person=ben).order_by("pk").values_list("kind", flat=True))
    assert told == ["comments.hidden", "comments.shown"]
    assert "Zu grob" in Notice.objects.filter(person=ben, kind="comments.hidden").get().text
    assert "Gern dabei." in as_(None).get(page_of(offer)).content.decode()


def test_nobody_else_hides(offer: Listing, anna: Person, ben: Person) -> None:
    said = says(ben, offer)
    elsewhere = person("elsewhere")
    Caretaking.objects.create(person=elsewhere, country="AT")
    for who in (anna, ben, elsewhere):
        assert as_(who).get(f"/kommentare/{said.uuid}/ausblenden/").status_code == 404
        assert as_(who).post(f"/kommentare/{said.uuid}/ausblenden/", {"reason": "x"}).status_code == 404
        assert as_(who).post(f"/kommentare/{said.uuid}/einblenden/").status_code == 403
        assert f"/kommentare/{said.uuid}/ausblenden/" not in as_(who).get(page_of(offer)).content.decode()
        with pytest.raises(NotAllowed):
            actions.hide_comment(said, by=who, reason="x")


def test_caretakers_of_the_area_hide_there(offer: Listing, haus: Organisation, ben: Person) -> None:
    Place.objects.filter(organisation=haus).update(country="DE", region="Berlin")
    regional = person("regional")
    Caretaking.objects.create(person=regional, country="DE", region="Berlin")
    assert actions.hide_comment(says(ben, offer), by=regional, reason="Werbung").hidden_at is not None


def test_hiding_needs_a_reason(offer: Listing, ben: Person, frida: Person) -> None:
    with pytest.raises(BadInput):
        actions.hide_comment(says(ben, offer), by=frida, reason=" \n ")


def test_what_is_hidden_can_be_deleted_but_not_changed(offer: Listing, ben: Person, frida: Person) -> None:
    said = says(ben, offer)
    actions.hide_comment(said, by=frida, reason="Werbung")
    assert as_(ben).post(f"/kommentare/{said.uuid}/bearbeiten/", {"text": "Doch"}).status_code == 422
    assert actions.delete_comment(said, by=ben).deleted_at is not None


# -------------------------------------------------------------------------------------------- comments as things themselves


def test_a_comment_is_a_thing_that_can_be_reported(offer: Listing, haus: Organisation, ben: Person, frida: Person) -> None:
    said = says(ben, offer, "Kauft *bei* mir.")
    subject = subjects.of(said)
    assert subjects.find("comments.comment", said.pk, GUEST) == said
    assert (subject.organisation(said), list(subject.people(said))) == (haus, [ben])
    assert subject.title(said) in {"Ben: „Kauft bei mir.“", "Ben: “Kauft bei mir.”"}
    assert subject.url(said) == f"/kommentare/{said.uuid}/"
    assert (subject.may_moderate(ben, said), subject.may_moderate(frida, said)) == (False, True)
    assert subject.hide is not None and subject.unhide is not None
    subject.hide(said, by=frida, reason="Rechtswidrig")
    assert subjects.find("comments.comment", said.pk, GUEST) is None
    assert subjects.find("comments.comment", said.pk, ben) == said
    assert not Notice.objects.filter(kind="comments.hidden").exists()  # the decision on the report tells them
    said.refresh_from_db()
    subject.unhide(said, by=frida)
    assert subjects.find("comments.comment", said.pk, GUEST) == said


def test_comments_are_seen_where_their_thing_is(offer: Listing, werk: Organisation, anna: Person, ben: Person) -> None:
    says(ben, offer)
    clara = keeper(werk, "clara")
    chosen_only(offer, werk)
    seen = {who: access.comments_visible_to(who).count() for who in (GUEST, ben, clara, anna)}
    assert list(seen.values()) == [0, 0, 1, 1]
    assert [access.comments_visible_to(who, offer).count() for who in (GUEST, ben, clara, anna)] == [0, 0, 1, 1]


@pytest.mark.parametrize("what", ["", "bearbeiten/", "loeschen/", "zurueckholen/", "ausblenden/", "einblenden/"])
def test_every_door_looks_whether_the_thing_is_seen(what: str, offer: Listing, werk: Organisation, ben: Person) -> None:
    said = says(ben, offer)
    chosen_only(offer, werk)
    client = as_(ben)
    assert as_(None).get(f"/kommentare/{said.uuid}/").headers["Location"] == f"/konto/anmelden/?next=/kommentare/{said.uuid}/"
    answer = client.get(f"/kommentare/{said.uuid}/{what}") if not what else client.post(f"/kommentare/{said.uuid}/{what}", {"text": "x"})
    assert answer.status_code == 404


def test_of_a_thing_that_is_gone_nothing_is_left(offer: Listing, ben: Person, frida: Person) -> None:
    said = says(ben, offer)
    offer.delete()
    assert as_(frida).get(f"/kommentare/{said.uuid}/").status_code == 404
    assert not access.comments_visible_to(frida).exists()
    assert access.may_moderate(frida, said) is False
    assert subjects.of(said).organisation(said) is None
    assert Comment.objects.count() == 1  # until the night


def test_the_way_to_a_comment_leads_to_its_page_of_threads(offer: Listing, ben: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from allmende.comments import rules

    monkeypatch.setattr(rules, "A_PAGE", 2)
    made = [says(ben, offer, f"Nummer {number}") for number in range(5)]
    answer = says(ben, offer, "Antwort", parent=made[4].pk)
    ways = [as_(None).get(f"/kommentare/{one.uuid}/").headers["Location"] for one in (made[1], made[2], answer)]
    page = page_of(offer)
    assert ways == [
        f"{page}#kommentar-{made[1].pk}",
        f"{page}?comments=2#kommentar-{made[2].pk}",
        f"{page}?comments=3#kommentar-{answer.pk}",
    ]
    last = as_(ben).get(f"{page}?comments=3").content.decode()
    assert "Nummer 4" in last and "Antwort" in last and "Nummer 3" not in last
    assert 'href="?comments=2#kommentare"' in last


def test_every_foreign_comment_can_be_reported_by_everybody(offer: Listing, anna: Person, ben: Person) -> None:
    said = says(ben, offer)
    way = reverse("suggestions:report_thing", args=["comments.comment", said.pk])
    assert [way in as_(who).get(page_of(offer)).content.decode() for who in (None, anna, ben)] == [True, True, False]
    assert as_(None).get(way).status_code == 200


def test_the_page_speaks_english_too(offer: Listing, ben: Person) -> None:
    says(ben, offer)
    page = as_(None).get(f"/en{page_of(offer)}").content.decode()
    assert "Comments (1)" in page and f'href="/en/kommentare/{Comment.objects.get().uuid}/"' in page
