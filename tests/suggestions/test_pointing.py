"""Suggesting without an account: what is stored, what is refused, and that nothing happens twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.directory.models import Organisation, State, Visibility
from allmende.ground.models import Letter
from allmende.people.models import Notice, Person
from allmende.suggestions import access, actions, forms, rules
from allmende.suggestions.models import Suggestion
from tests.cast import organisation
from tests.suggestions.conftest import as_, filled, person, send, steward_of

pytestmark = pytest.mark.django_db
ADDRESS = "/o/haus-eg/vorschlagen/"


def only() -> Suggestion:
    return Suggestion.objects.get()


def test_only_what_differs_is_stored(haus: Organisation, client: Client) -> None:
    answer = send(client, ADDRESS, summary="Ein großes Haus.", town="Potsdam", reason="Steht am Tor.")
    found = only()
    assert answer.status_code == 302
    assert answer["Location"] == f"/vorschlag/{found.uuid}/{access.token(found)}/"
    assert (found.organisation, found.kind, found.state, found.by) == (haus, "change", "open", None)
    assert found.fields == {"summary": "Ein großes Haus.", "town": "Potsdam"}
    assert (found.reason, found.remark, found.contact, found.language) == ("Steht am Tor.", "", "", "de")


def test_the_entry_stays_as_it_is(haus: Organisation, client: Client) -> None:
    send(client, ADDRESS, name="Ganz anders eG", summary="Ein großes Haus.")
    haus.refresh_from_db()
    assert (haus.name, haus.summary) == ("Haus eG", "Ein Haus.")


def test_nothing_different_is_no_suggestion(haus: Organisation, client: Client) -> None:
    answer = send(client, ADDRESS)
    assert answer.status_code == 200
    assert not Suggestion.objects.exists()
    assert answer.context["form"].errors


def test_a_remark_alone_is_enough(haus: Organisation, client: Client) -> None:
    send(client, ADDRESS, remark="Die Öffnungszeiten fehlen.")
    assert (only().fields, only().remark) == ({}, "Die Öffnungszeiten fehlen.")


def test_what_is_hidden_is_offered_empty_and_never_shown(haus: Organisation, client: Client) -> None:
    page = client.get(ADDRESS)
    assert b"post@haus.example" not in page.content
    assert page.context["form"]["email"].value() == ""


def test_guessing_a_hidden_value_gives_nothing_away(haus: Organisation, client: Client) -> None:
    right = send(client, ADDRESS, email="post@haus.example")
    wrong = send(client, ADDRESS, email="andere@haus.example")
    assert (right.status_code, wrong.status_code) == (302, 302)
    assert [one.fields for one in Suggestion.objects.order_by("pk")] == [{"email": "post@haus.example"}, {"email": "andere@haus.example"}]


def test_a_hidden_address_keeps_its_street(client: Client) -> None:
    item = organisation("Still eG", "Berlin", visibility={"address": Visibility.STEWARDS})
    item.places.update(street="Geheimweg 7", postcode="10115")
    page = client.get("/o/still-eg/vorschlagen/")
    assert b"Geheimweg" not in page.content
    send(client, "/o/still-eg/vorschlagen/", town="Potsdam")
    status = client.get(f"/vorschlag/{only().uuid}/{access.token(only())}/")
    assert only().fields == {"town": "Potsdam"}
    assert b"Geheimweg" not in status.content


def test_what_was_wrong_before_need_not_be_mended(client: Client) -> None:
    organisation("Alt eG", website="ftp://alt", summary="Zu " + "lang " * 10)
    assert send(client, "/o/alt-eg/vorschlagen/", name="Neu eG").status_code == 302
    assert only().fields == {"name": "Neu eG"}


def test_the_english_form_proposes_the_english_texts(haus: Organisation, client: Client) -> None:
    send(client, "/en/o/haus-eg/vorschlagen/", summary_en="A house.", contact="a@example.org")
    assert (only().fields, only().language) == ({"summary_en": "A house."}, "en")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 201),
        ("summary", "x" * 301),
        ("description", "x" * 20_001),
        ("website", "javascript:alert(1)"),
        ("website", "nicht einmal eine"),
        ("email", "kein-at"),
        ("phone", "--"),
        ("founded", "999"),
        ("founded", "3000"),
        ("founded", "neulich"),
        ("ended", "1e3"),
        ("sector", "gibt-es-nicht"),
        ("country", "XX"),
        ("contact", "kein-at"),
        ("contact", "a@example.org\nBcc: b@example.org"),
        ("contact", "a@example.org,b@example.org"),
        ("remark", "x" * 4_001),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(haus: Organisation, client: Client, field: str, value: str) -> None:
    answer = send(client, ADDRESS, **{field: value})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Suggestion.objects.exists()
    assert b"<title>Fehler:" in answer.content or b"<title>Error:" in answer.content


def test_html_and_control_characters_do_not_come_in(haus: Organisation, client: Client) -> None:
    evil = "<script>alert(1)</script>Neu\x07"
    said = dict.fromkeys(("name", "summary", "description", "street", "postcode", "town", "remark", "reason"), evil)
    answer = send(client, ADDRESS, **said)
    assert answer.status_code == 302
    found = only()
    assert set(found.fields.values()) == {"alert(1)Neu"}
    assert (found.remark, found.reason) == ("alert(1)Neu", "alert(1)Neu")


def test_what_looks_like_html_in_entities_is_escaped_when_shown(haus: Organisation, client: Client) -> None:
    send(client, ADDRESS, name="&lt;b&gt;Fett&lt;/b&gt; eG")
    page = client.get(f"/vorschlag/{only().uuid}/{access.token(only())}/").content
    assert b"<b>Fett" not in page


def test_sending_twice_makes_one_suggestion(haus: Organisation, client: Client) -> None:
    said = filled(client, ADDRESS, name="Neu eG")
    first, second = client.post(ADDRESS, said), client.post(ADDRESS, said)
    assert first["Location"] == second["Location"]
    assert Suggestion.objects.count() == 1


def test_the_field_for_machines_must_stay_empty(haus: Organisation, client: Client) -> None:
    assert send(client, ADDRESS, name="Neu eG", homepage2="https://spam.example").status_code == 200
    assert not Suggestion.objects.exists()


def test_a_form_filled_in_within_a_second_comes_back_and_goes_through_later(
    haus: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FASTEST", timedelta(seconds=3))
    said = filled(client, ADDRESS, name="Neu eG")
    answer = client.post(ADDRESS, said)
    assert answer.status_code == 200
    assert answer.context["form"].key_to_send() == said["key"]
    monkeypatch.setattr(rules, "FASTEST", timedelta(0))
    assert client.post(ADDRESS, said).status_code == 302


@pytest.mark.parametrize("key", ["", "x", "eyJhIjoxfQ:1abc:xyz"])
def test_a_key_that_is_none_gets_a_new_one(haus: Organisation, client: Client, key: str) -> None:
    answer = send(client, ADDRESS, name="Neu eG", key=key)
    assert (answer.status_code, Suggestion.objects.count()) == (200, 0)
    assert client.post(ADDRESS, filled(client, ADDRESS, name="Neu eG", key=answer.context["form"].key_to_send())).status_code == 302


def test_the_key_of_another_form_does_not_fit(haus: Organisation, client: Client) -> None:
    assert send(client, ADDRESS, name="Neu eG", key=forms.new_key("missing")).status_code == 200
    assert not Suggestion.objects.exists()


def test_many_for_one_entry_a_day_are_enough(haus: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "A_DAY_PER_ENTRY", 1)
    assert send(client, ADDRESS, name="Neu eG").status_code == 302
    answer = send(client, ADDRESS, name="Noch neuer eG")
    assert (answer.status_code, Suggestion.objects.count()) == (200, 1)
    Suggestion.objects.update(opened_at=timezone.now() - timedelta(hours=25))
    assert send(client, ADDRESS, name="Noch neuer eG").status_code == 302


def test_one_client_is_slowed_down(haus: Organisation, client: Client) -> None:
    answers = [client.post(ADDRESS, {}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_who_looks_after_the_entry_is_sent_to_its_form(haus: Organisation, steward: Person) -> None:
    answer = as_(steward).get(ADDRESS)
    assert (answer.status_code, answer["Location"]) == (302, "/o/haus-eg/bearbeiten/")


def test_who_is_signed_in_is_told_there_and_asked_for_no_address(haus: Organisation) -> None:
    stranger = person("stranger")
    client = as_(stranger)
    assert "contact" not in client.get(ADDRESS).context["form"].fields
    send(client, ADDRESS, name="Neu eG", contact="fremd@example.org")
    assert (only().by, only().contact) == (stranger, "")


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
@pytest.mark.parametrize("door", ["vorschlagen", "melden", "melden/falsch", "melden/doppelt", "melden/rechtswidrig", "melden/danke"])
def test_what_one_may_not_see_one_cannot_mend(haus: Organisation, client: Client, state: State, door: str) -> None:
    Organisation.objects.filter(pk=haus.pk).update(state=state)
    assert client.get(f"/o/haus-eg/{door}/").status_code == 404
    assert client.post(f"/o/haus-eg/{door}/").status_code == 404


def test_the_form_of_a_merged_entry_leads_to_the_other(haus: Organisation, client: Client) -> None:
    organisation("Altes Haus eG", state=State.MERGED, merged_into=haus)
    answer = client.get("/o/altes-haus-eg/vorschlagen/")
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)


def test_an_entry_merged_or_archived_while_the_form_was_open(haus: Organisation) -> None:
    other = organisation("Altes Haus eG")
    by = actions.pointing.Writer(forms.uuid4())
    Organisation.objects.filter(pk=other.pk).update(state=State.MERGED, merged_into=haus)
    assert actions.suggest_change(other, {"name": "Neu eG"}, by=by).organisation == haus
    Organisation.objects.filter(pk=haus.pk).update(state=State.ARCHIVED)
    with pytest.raises(Exception, match="."):
        actions.suggest_change(haus, {"name": "Neu eG"}, by=actions.pointing.Writer(forms.uuid4()))


def test_those_who_look_after_the_entry_are_told(haus: Organisation, steward: Person, caretaker: Person) -> None:
    send(Client(), ADDRESS, name="Neu eG")
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.path) == (steward, "suggestions.suggested", f"/vorschlag/{only().uuid}/pruefen/")
    assert "Haus eG" in notice.subject
    assert "Neu eG" not in notice.text


def test_where_nobody_looks_after_it_the_caretakers_are_told(haus: Organisation, caretaker: Person) -> None:
    send(Client(), ADDRESS, name="Neu eG")
    assert [one.person for one in Notice.objects.all()] == [caretaker]


def test_leaving_an_address_sends_no_mail_yet(haus: Organisation, client: Client) -> None:
    send(client, ADDRESS, name="Neu eG", contact="Jemand@Example.org")
    assert only().contact == "jemand@example.org"
    assert (Letter.objects.count(), mail.outbox) == (0, [])


# ------------------------------------------------------------------------------------------------------------- problems


@pytest.mark.parametrize(("what", "problem"), [("falsch", "wrong"), ("gehoert-nicht-hierher", "foreign")])
def test_a_problem_is_told_in_words(haus: Organisation, client: Client, what: str, problem: str) -> None:
    assert send(client, f"/o/haus-eg/melden/{what}/").status_code == 200
    assert send(client, f"/o/haus-eg/melden/{what}/", remark="Stimmt nicht.").status_code == 302
    assert (only().kind, only().problem, only().remark, only().fields) == ("problem", problem, "Stimmt nicht.", {})


def test_that_it_is_gone_may_come_with_a_year(haus: Organisation, client: Client) -> None:
    assert send(client, "/o/haus-eg/melden/erloschen/", ended="2024", reason="Register").status_code == 302
    assert (only().problem, only().fields) == ("gone", {"ended": 2024})


def test_an_unknown_problem_is_no_page(haus: Organisation, client: Client) -> None:
    assert client.get("/o/haus-eg/melden/quatsch/").status_code == 404


def test_caretakers_hear_what_does_not_belong_here_not_the_stewards(haus: Organisation, steward: Person, caretaker: Person) -> None:
    send(Client(), "/o/haus-eg/melden/gehoert-nicht-hierher/", remark="Werbung.")
    assert [one.person for one in Notice.objects.all()] == [caretaker]


# ------------------------------------------------------------------------------------------------------------ duplicates


@pytest.mark.parametrize("said", ["Haus am Ring eG", "haus am ring", "http://testserver/o/haus-am-ring-eg/", "/en/o/haus-am-ring-eg.json"])
def test_a_double_entry_makes_a_pair(haus: Organisation, client: Client, said: str) -> None:
    from allmende.duplicates.models import Pair

    other = organisation("Haus am Ring eG")
    answer = send(client, "/o/haus-eg/melden/doppelt/", other=said)
    assert (answer.status_code, answer["Location"]) == (302, "/o/haus-eg/melden/danke/")
    pair = Pair.objects.get()
    assert {pair.one_id, pair.other_id} == {haus.pk, other.pk}
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("said", ["Gibt es nicht", "/o/nichts/", "/o/haus-eg/", "https://example.org/o/", "%"])
def test_an_entry_nobody_finds_makes_none(haus: Organisation, client: Client, said: str) -> None:
    answer = send(client, "/o/haus-eg/melden/doppelt/", other=said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["other"])


def test_of_several_one_is_chosen(haus: Organisation, client: Client) -> None:
    from allmende.duplicates.models import Pair

    organisation("Ring Nord eG")
    other = organisation("Ring Süd eG")
    organisation("Ring Geheim eG", state=State.DRAFT)
    said = filled(client, "/o/haus-eg/melden/doppelt/", other="Ring")
    answer = client.post("/o/haus-eg/melden/doppelt/", said)
    assert [name for _pk, name in answer.context["form"].fields["chosen"].choices] == ["Ring Nord eG", "Ring Süd eG"]
    assert client.post("/o/haus-eg/melden/doppelt/", {**said, "chosen": str(other.pk)}).status_code == 302
    assert Pair.objects.count() == 1


# ---------------------------------------------------------------------------------------------------------- status page


def test_the_status_page_needs_its_whole_address(haus: Organisation, client: Client) -> None:
    send(client, ADDRESS, name="Neu eG")
    send(client, ADDRESS, name="Anders eG")
    one, two = Suggestion.objects.order_by("pk")
    assert client.get(f"/vorschlag/{one.uuid}/{access.token(one)}/").status_code == 200
    for wrong in (access.token(two), "x", access.token(one)[:-1], access.token(one) + "a"):
        assert client.get(f"/vorschlag/{one.uuid}/{wrong}/").status_code == 404
        assert client.post(f"/vorschlag/{one.uuid}/{wrong}/").status_code == 404
    assert client.get(f"/vorschlag/{forms.uuid4()}/{access.token(one)}/").status_code == 404


def test_the_status_page_is_kept_by_nobody(haus: Organisation, client: Client) -> None:
    answer: Any = send(client, ADDRESS, name="Neu eG")
    page = client.get(answer["Location"])
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_who_suggested_may_withdraw_once(haus: Organisation, steward: Person, client: Client) -> None:
    where = send(client, ADDRESS, name="Neu eG", contact="a@example.org")["Location"]
    assert client.post(where).status_code == 302
    assert (only().state, only().contact) == ("withdrawn", "")
    assert client.post(where).status_code == 409
    assert client.get(where).status_code == 200


def test_the_inbox_shows_what_was_withdrawn_as_such(haus: Organisation) -> None:
    steward_of(haus, "hand")
    where = send(Client(), ADDRESS, name="Neu eG")["Location"]
    Client().post(where)
    hand = Person.objects.get(email="hand@example.org")
    assert [one.state for one in as_(hand).get(reverse("suggestions:inbox", args=["haus-eg"])).context["closed"]] == ["withdrawn"]
