"""Writing, answering, changing, deleting: who may, what comes of it, what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.comments import actions, rules
from allmende.comments.models import Comment, Following
from allmende.directory.models import Organisation, Role
from allmende.exchange.models import Listing
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Person
from allmende.people.queries import service
from tests.comments.conftest import as_, chosen_only, keeper, listing, page_of, person, says


def later(comment: Comment, **ago: int) -> Comment:
    """As if it had been written so long ago."""
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(**ago))
    comment.refresh_from_db()
    return comment


# ------------------------------------------------------------------------------------------------------------ who may


def test_a_guest_reads_but_cannot_write(offer: Listing, ben: Person) -> None:
    says(ben, offer)
    page = as_(None).get(page_of(offer))
    assert "Gern dabei." in page.content.decode()
    assert "<textarea" not in page.content.decode()
    assert f"/konto/anmelden/?next=%2Fkommentare%2Fexchange.listing%2F{offer.pk}%2F%23kommentare" in page.content.decode()
    sent = as_(None).post(page_of(offer), {"text": "Ich auch."})
    assert (sent.status_code, "Ich auch.</textarea>" in sent.content.decode()) == (403, True)
    assert Comment.objects.count() == 1


def test_what_one_may_not_see_one_can_neither_read_nor_write(offer: Listing, werk: Organisation, ben: Person) -> None:
    chosen_only(offer, werk)
    for client in (as_(None), as_(ben)):
        assert client.get(page_of(offer)).status_code == 404
        assert client.post(page_of(offer), {"text": "Hallo"}).status_code == 404
    with pytest.raises(NotAllowed):
        says(ben, offer)


def test_blocked_accounts_and_service_hands_cannot_write(offer: Listing, ben: Person) -> None:
    ben.is_active = False
    ben.save()
    for who in (ben, service("import")):
        with pytest.raises(NotAllowed):
            says(who, offer)


@pytest.mark.parametrize("kind", ["exchange.nothing", "comments.comment", "people.person", "auth.user", "directory.organisation", "x"])
def test_only_what_a_room_has_opened_can_be_talked_about(kind: str, offer: Listing, ben: Person) -> None:
    comment = says(ben, offer)
    for number in (comment.pk, offer.pk, 2**63):
        assert as_(ben).get(f"/kommentare/{kind}/{number}/").status_code == 404
        assert as_(ben).post(f"/kommentare/{kind}/{number}/", {"text": "Hallo"}).status_code == 404
        assert as_(ben).post(f"/kommentare/{kind}/{number}/folgen/", {"folgen": "ja"}).status_code == 404


# ------------------------------------------------------------------------------------------------------------- writing


def test_a_comment_is_sent_by_its_page_and_stands_there(offer: Listing, ben: Person) -> None:
    answer = as_(ben).post(page_of(offer), {"text": "Ist es noch *da*?"})
    said = Comment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{page_of(offer)}#kommentar-{said.pk}")
    assert (said.person, said.organisation, said.parent, said.text) == (ben, None, None, "Ist es noch *da*?")
    page = as_(None).get(page_of(offer)).content.decode()
    assert "<em>da</em>" in page
    assert f'id="kommentar-{said.pk}"' in page
    assert ">Ben</b>" in page
    entry = Entry.objects.get(verb="comments.comment_written")
    assert (entry.by, entry.about, entry.facts) == (ben, str(said.pk), {"subject": "exchange.listing", "number": offer.pk, "answers": None})


def test_an_answer_stands_below_what_it_answers(offer: Listing, anna: Person, ben: Person) -> None:
    first = says(ben, offer)
    page = as_(anna).get(f"{page_of(offer)}?reply={first.pk}").content.decode()
    assert f'name="parent" value="{first.pk}"' in page
    as_(anna).post(page_of(offer), {"text": "Ja.", "voice": "ich", "parent": str(first.pk)})
    assert Comment.objects.get(parent=first).person == anna


@pytest.mark.parametrize("word", ["x", "-1", "0", "9" * 30, "1;DROP", "٣"])
def test_a_strange_number_to_answer_shows_the_page_as_always(word: str, offer: Listing, ben: Person) -> None:
    says(ben, offer)
    page = as_(ben).get(page_of(offer), {"antworten": word, "kommentare": word})
    assert page.status_code == 200
    assert 'id="kommentieren"' in page.content.decode()


def test_there_is_no_third_level(offer: Listing, anna: Person, ben: Person) -> None:
    answer = says(anna, offer, parent=says(ben, offer).pk)
    with pytest.raises(BadInput):
        says(ben, offer, "Noch tiefer", parent=answer.pk)


def test_an_answer_belongs_to_the_same_thing(offer: Listing, haus: Organisation, anna: Person, ben: Person) -> None:
    elsewhere = says(ben, listing(haus, "Beamer"))
    for number in (elsewhere.pk, 0, -1, 987_654, 2**63, 2**70):
        with pytest.raises(BadInput):
            says(anna, offer, "Hier?", parent=number)
    refused = as_(ben).post(page_of(offer), {"text": "Mein langer Text", "parent": str(elsewhere.pk)})
    assert refused.status_code == 400
    assert "Mein langer Text" in refused.content.decode()
    assert f'value="{elsewhere.pk}"' not in refused.content.decode()  # sent again, it is a comment of its own


@pytest.mark.parametrize("gone", ["deleted", "hidden"])
def test_what_is_gone_is_not_answered(gone: str, offer: Listing, anna: Person, ben: Person, frida: Person) -> None:
    first = says(ben, offer)
    actions.delete_comment(first, by=ben) if gone == "deleted" else actions.hide_comment(first, by=frida, reason="Werbung")
    with pytest.raises(Refused, match="is not there|nicht mehr da"):
        says(anna, offer, parent=first.pk)


def test_an_answer_to_what_was_hidden_meanwhile_can_be_sent_as_a_comment(offer: Listing, anna: Person, ben: Person, frida: Person) -> None:
    first = says(ben, offer)
    actions.hide_comment(first, by=frida, reason="Werbung")
    assert 'name="parent" value' not in as_(frida).get(f"{page_of(offer)}?reply={first.pk}").content.decode()
    refused = as_(anna).post(page_of(offer), {"text": "Schade.", "voice": "ich", "parent": str(first.pk)})
    assert refused.status_code == 409
    assert "Schade.</textarea>" in refused.content.decode() and 'name="parent" value' not in refused.content.decode()


def test_a_long_thread_is_full(offer: Listing, anna: Person, ben: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ANSWERS", 1)
    first = says(ben, offer)
    says(anna, offer, "Eins", parent=first.pk)
    with pytest.raises(Refused):
        says(anna, offer, "Zwei", parent=first.pk)


def test_one_speaks_for_an_organisation_one_looks_after(offer: Listing, haus: Organisation, anna: Person) -> None:
    as_(anna).post(page_of(offer), {"text": "Ab Montag.", "voice": str(haus.pk)})
    said = Comment.objects.get()
    assert (said.person, said.organisation, said.is_official) == (anna, haus, True)
    page = as_(None).get(page_of(offer)).content.decode()
    assert '<a href="/o/haus-eg/">Haus eG</a>' in page
    assert "Anna" not in page


def test_nobody_speaks_for_a_foreign_organisation(offer: Listing, werk: Organisation, anna: Person, ben: Person) -> None:
    member = keeper(werk, "emil", Role.MEMBER)
    for who in (anna, ben, member):
        with pytest.raises(NotAllowed):
            says(who, offer, organisation=werk)
    assert as_(anna).post(page_of(offer), {"text": "Wir", "voice": str(werk.pk)}).status_code == 422
    as_(ben).post(page_of(offer), {"text": "Wir", "voice": str(werk.pk)})  # has nothing to choose from: speaks for himself
    assert list(Comment.objects.values_list("person", "organisation")) == [(ben.pk, None)]


def test_an_organisation_that_is_not_on_the_map_is_not_named(offer: Listing, werk: Organisation) -> None:
    clara = keeper(werk, "clara")
    says(clara, offer, organisation=werk)
    Organisation.objects.filter(pk=werk.pk).update(state="archived")
    page = as_(None).get(page_of(offer)).content.decode()
    assert "Gern dabei." in page
    assert "Werk eG" not in page and "Clara" not in page


def test_who_has_no_name_is_asked_for_one(offer: Listing) -> None:
    nobody = person("nobody", called="")
    client = as_(nobody)
    refused = client.post(page_of(offer), {"text": "Mein Text bleibt"})
    assert refused.status_code == 422
    assert "Mein Text bleibt" in refused.content.decode() and 'name="name"' in refused.content.decode()
    client.post(page_of(offer), {"text": "Mein Text bleibt", "name": " Kim "})
    nobody.refresh_from_db()
    assert (nobody.name, Comment.objects.get().person) == ("Kim", nobody)
    with pytest.raises(Refused):
        says(person("silent", called=""), offer, name="   ")


def test_who_speaks_for_an_organisation_needs_no_name(offer: Listing, haus: Organisation) -> None:
    nameless = keeper(haus, "nameless")
    Person.objects.filter(pk=nameless.pk).update(name="")
    assert as_(nameless).post(page_of(offer), {"text": "Hier Haus", "voice": str(haus.pk), "name": ""}).status_code == 302
    assert as_(nameless).post(page_of(offer), {"text": "Hier ich", "voice": "ich", "name": ""}).status_code == 422


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 4_001, "\x00\x07"])
def test_empty_and_huge_texts_are_sent_back(text: str, offer: Listing, ben: Person) -> None:
    assert as_(ben).post(page_of(offer), {"text": text}).status_code in {400, 422}
    with pytest.raises(BadInput):
        says(ben, offer, text)
    assert not Comment.objects.exists()


def test_four_thousand_characters_are_taken(offer: Listing, ben: Person) -> None:
    assert as_(ben).post(page_of(offer), {"text": "ü" * 4_000}).status_code == 302


def test_a_flood_is_stopped_and_the_words_stay_in_the_form(offer: Listing, ben: Person, anna: Person) -> None:
    for number in range(rules.MOST_AN_HOUR):
        says(ben, offer, f"Nummer {number}")
    refused = as_(ben).post(page_of(offer), {"text": "Und noch eins"})
    assert refused.status_code == 409
    assert "Und noch eins</textarea>" in refused.content.decode()
    says(anna, offer)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    says(ben, offer, "Und noch eins")


def test_deleting_makes_no_room_for_a_flood(offer: Listing, ben: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_AN_HOUR", 1)
    actions.delete_comment(says(ben, offer), by=ben)
    with pytest.raises(Refused):
        says(ben, offer, "Noch eins")


def test_sending_twice_is_sending_once(offer: Listing, ben: Person) -> None:
    says(ben, offer)
    assert as_(ben).post(page_of(offer), {"text": "Gern dabei."}).status_code == 409
    assert Comment.objects.count() == 1


def test_whoever_writes_follows_unless_they_said_no(offer: Listing, ben: Person) -> None:
    actions.follow(offer, by=ben, is_wanted=False)
    says(ben, offer)
    assert Following.objects.get().is_wanted is False


# ------------------------------------------------------------------------------------------------- changing and deleting


def test_a_comment_is_changed_within_half_an_hour(offer: Listing, ben: Person) -> None:
    said = says(ben, offer)
    address = f"/kommentare/{said.uuid}/bearbeiten/"
    assert "Gern dabei." in as_(ben).get(address).content.decode()
    assert as_(ben).post(address, {"text": "Gern *dabei*, ab Mai."}).status_code == 302
    said.refresh_from_db()
    assert said.text == "Gern *dabei*, ab Mai." and said.edited_at is not None
    later(said, minutes=31)
    assert as_(ben).get(address).status_code == 403
    late = as_(ben).post(address, {"text": "Zu spät"})
    assert late.status_code == 422 and "Zu spät" in late.content.decode()
    said.refresh_from_db()
    assert said.text == "Gern *dabei*, ab Mai."


def test_saving_the_same_words_is_no_change(offer: Listing, ben: Person) -> None:
    assert actions.change_comment(says(ben, offer), "Gern dabei. ", by=ben).edited_at is None


def test_nobody_else_changes_or_deletes_it(offer: Listing, anna: Person, ben: Person, frida: Person) -> None:
    said = says(ben, offer)
    for who in (anna, frida):
        for what in ("bearbeiten", "loeschen", "zurueckholen"):
            assert as_(who).post(f"/kommentare/{said.uuid}/{what}/", {"text": "Fremd"}).status_code == 403
    for what in ("bearbeiten", "loeschen", "zurueckholen", "ausblenden", "einblenden"):
        assert as_(None).post(f"/kommentare/{said.uuid}/{what}/", {"text": "Fremd"}).status_code == 302  # to sign in
    said.refresh_from_db()
    assert (said.text, said.deleted_at) == ("Gern dabei.", None)


def test_what_writes_is_no_link(offer: Listing, ben: Person) -> None:
    said = says(ben, offer)
    for what in ("loeschen", "zurueckholen", "einblenden"):
        assert as_(ben).get(f"/kommentare/{said.uuid}/{what}/").status_code == 405


def test_what_nobody_answered_is_gone_when_it_is_deleted(offer: Listing, anna: Person, ben: Person) -> None:
    said = says(ben, offer)
    as_(ben).post(f"/kommentare/{said.uuid}/loeschen/")
    page = as_(anna).get(page_of(offer)).content.decode()
    assert "Gern dabei." not in page and f"kommentar-{said.pk}" not in page


def test_what_was_answered_leaves_its_place(offer: Listing, anna: Person, ben: Person) -> None:
    said = says(ben, offer)
    says(anna, offer, "Wie schön.", parent=said.pk)
    as_(ben).post(f"/kommentare/{said.uuid}/loeschen/")
    page = as_(anna).get(page_of(offer)).content.decode()
    assert "Gern dabei." not in page and ">Ben<" not in page
    assert f'id="kommentar-{said.pk}"' in page and "Wie schön." in page


def test_deleting_is_taken_back_for_ten_minutes(offer: Listing, ben: Person) -> None:
    said = says(ben, offer)
    as_(ben).post(f"/kommentare/{said.uuid}/loeschen/")
    assert f"/kommentare/{said.uuid}/zurueckholen/" in as_(ben).get(page_of(offer)).content.decode()
    as_(ben).post(f"/kommentare/{said.uuid}/zurueckholen/")
    assert "Gern dabei." in as_(None).get(page_of(offer)).content.decode()
    actions.delete_comment(said, by=ben)
    Comment.objects.update(deleted_at=timezone.now() - timedelta(minutes=11))
    assert as_(ben).post(f"/kommentare/{said.uuid}/zurueckholen/").status_code == 409
    assert f"kommentar-{said.pk}" not in as_(ben).get(page_of(offer)).content.decode()


def test_what_an_organisation_said_its_team_takes_back(offer: Listing, haus: Organisation, anna: Person, ben: Person) -> None:
    said, dora = says(anna, offer, organisation=haus), keeper(haus, "dora")
    with pytest.raises(NotAllowed):
        actions.delete_comment(said, by=ben)
    assert actions.delete_comment(said, by=dora).deleted_at is not None
    assert actions.restore_comment(said, by=anna).deleted_at is None
    with pytest.raises(NotAllowed):
        actions.change_comment(said, "Andere Worte", by=dora)


def test_deleted_words_are_forgotten_after_a_day(offer: Listing, anna: Person, ben: Person) -> None:
    alone, answered = says(ben, offer, "Allein"), says(ben, offer, "Beantwortet")
    answer = says(anna, offer, "Antwort", parent=answered.pk)
    for one in (alone, answered):
        actions.delete_comment(one, by=ben)
    assert actions.forget_deleted(timezone.now()) == 0
    assert actions.forget_deleted(timezone.now() + timedelta(days=1, minutes=1)) == 2
    assert list(Comment.objects.values_list("pk", "text", "person")) == [(answered.pk, "", None), (answer.pk, "Antwort", anna.pk)]
    actions.delete_comment(answer, by=anna)
    actions.forget_deleted(timezone.now() + timedelta(days=1, minutes=1))
    assert not Comment.objects.exists()


def test_what_was_said_goes_with_its_thing(offer: Listing, haus: Organisation, ben: Person) -> None:
    stays = says(ben, listing(haus, "Beamer"))
    says(ben, offer)
    offer.delete()
    assert actions.forget_gone() == 1
    assert (Comment.objects.get(), Following.objects.get().number) == (stays, stays.number)


@pytest.mark.parametrize("fault", [{"text": ""}, {"hidden_at": timezone.now()}, {"is_official": False, "organisation": True}])
def test_the_database_holds_the_rules_too(fault: dict[str, object], offer: Listing, haus: Organisation, ben: Person) -> None:
    said = says(ben, offer)
    if fault.get("organisation"):
        fault = {"organisation": haus}
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=said.pk).update(**fault)
