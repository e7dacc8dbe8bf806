"""The pages: who comes in, what they show and do not show, what they do with hostile input, how much they ask."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from allmende.circles import actions, letters
from allmende.circles.models import Circle, CircleDate, CircleMember, Note, Task
from allmende.people import personal
from allmende.people.subjects import find
from tests.circles.cast import Scene, bring_in, note, scene
from tests.people.ways import sign_in

pytestmark = pytest.mark.django_db


def browser(made: Scene, name: str = "") -> Client:
    client = Client()
    return sign_in(client, made.people[name]) if name else client


def at(name: str, *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"circles:{name}", args=args)


def page_of(made: Scene) -> str:
    with translation.override("en"):
        return made.circle.get_absolute_url()


def status(made: Scene, name: str, path: str, **said: Any) -> int:
    client = browser(made, name)
    return int((client.post(path, said) if said else client.get(path)).status_code)


def test_inner_pages_are_404_for_everybody_who_is_not_in() -> None:
    made = scene(audience="public")
    item = note(made)
    date = actions.add_date(made.circle, title="x", starts=timezone.now(), by=made.people["anna"])
    link = actions.add_link(made.circle, label="x", url="https://a.example", by=made.people["anna"])
    task = actions.add_task(made.circle, title="x", by=made.people["anna"])
    pk, held = made.circle.pk, made.held("anna").pk
    paths = [
        at("members", pk), at("member", pk, held), at("invite", pk), at("settings", pk), at("leave", pk), at("new_note", pk),
        at("note", pk, item.pk), at("edit_note", pk, item.pk), at("versions", pk, item.pk), at("version", pk, item.pk, 1),
        at("calendar", pk), at("feed", pk), at("new_date", pk), at("date", pk, date.pk), at("new_link", pk), at("link", pk, link.pk),
        at("new_task", pk), at("task", pk, task.pk),
    ]  # fmt: skip
    for path in paths:
        assert status(made, "anna", path) == 200, path
        assert status(made, "", path) == 302, path
        for name in ("ben", "clara", "hanna", "frida"):
            assert status(made, name, path) == 404, (path, name)
    for path in (at("tick", pk, task.pk), at("remove_note", pk, item.pk), at("archive", pk), at("withdraw", pk)):
        assert status(made, "clara", path, what="x") == 404
        assert status(made, "anna", path) == 405


def test_plain_members_do_not_coordinate() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    for path in (at("settings", made.circle.pk), at("invite", made.circle.pk), at("member", made.circle.pk, made.held("anna").pk)):
        assert status(made, "clara", path) == 404
    assert status(made, "clara", at("members", made.circle.pk)) == 200


def test_a_hidden_circle_is_404_and_names_stay_inside() -> None:
    made = scene(audience="network")
    bring_in(made, "clara", made.other)
    note(made, title="Geheimpapier")
    assert status(made, "", page_of(made)) == status(made, "hanna", page_of(made)) == status(made, "gustav", page_of(made)) == 404
    outside = browser(made, "frida").get(page_of(made)).content.decode()
    assert "Touren zusammenlegen" in outside and "2 organisations" in outside
    assert not any(word in outside for word in ("Anna", "Clara", "Geheimpapier", "Datengarten"))
    inside = browser(made, "clara").get(at("members", made.circle.pk)).content.decode()
    assert "Anna" in inside and "Datengarten eG" in inside


def test_a_foreign_number_in_the_address_of_ones_own_circle_is_404() -> None:
    made = scene()
    other: dict[str, Any] = {"name": "Andere", "purpose": "x", "joining": "open", "audience": "public"}
    foreign = actions.found_circle(made.other, **other, by=made.people["clara"])
    item = actions.write_note(foreign, title="fremd", text="", by=made.people["clara"])
    task = actions.add_task(foreign, title="fremd", by=made.people["clara"])
    date = actions.add_date(foreign, title="fremd", starts=timezone.now(), by=made.people["clara"])
    link = actions.add_link(foreign, label="fremd", url="https://a.example", by=made.people["clara"])
    held = CircleMember.objects.get(circle=foreign)
    pk = made.circle.pk
    for path in (
        at("note", pk, item.pk), at("edit_note", pk, item.pk), at("versions", pk, item.pk), at("version", pk, item.pk, 1),
        at("task", pk, task.pk), at("date", pk, date.pk), at("link", pk, link.pk), at("member", pk, held.pk),
    ):  # fmt: skip
        assert status(made, "anna", path) == 404, path
    assert status(made, "anna", at("tick", pk, task.pk), done="1") == 404
    assert status(made, "anna", at("remove_note", pk, item.pk), what="remove") == 404
    task.refresh_from_db()
    assert task.done_at is None
    mail = actions.invite_by_mail(foreign, "x@example.org", by=made.people["clara"])
    assert status(made, "anna", at("withdraw", pk), mail=str(mail.pk)) == 404
    assert status(made, "anna", at("new_task", pk), title="x", owner=str(made.people["clara"].pk)) == 422


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_numbers_beyond_reason_are_404(number: int) -> None:
    made = scene()
    pk = made.circle.pk
    for path in (
        at("note", pk, number),
        at("task", pk, number),
        at("members", number),
        at("circle", number, "x"),
        at("version", pk, 1, number),
    ):
        assert status(made, "anna", path) == 404, path


def test_the_address_leads_to_the_present_name() -> None:
    made = scene(audience="public")
    answer = Client().get(at("circle", made.circle.pk, "alter-name") + "?tasks=mine")
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(made) + "?tasks=mine")
    Circle.objects.filter(pk=made.circle.pk).update(name="Mitglieder")
    made.circle.refresh_from_db()
    assert page_of(made).endswith("/mitglieder-kreis/")
    assert Client().get(page_of(made)).status_code == 200


def test_html_in_what_people_write_is_shown_as_text() -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    made = scene(audience="public", purpose=evil)
    item = note(made, title="<b>x</b>", text=evil)
    actions.save_note(item, title="<b>y</b>", text=evil + "\n<i>", base=1, by=made.people["anna"])
    actions.add_date(made.circle, title=evil, starts=timezone.now(), place=evil, text=evil, by=made.people["anna"])
    actions.add_link(made.circle, label=evil, url="https://a.example", about=evil, by=made.people["anna"])
    actions.add_task(made.circle, title=evil, by=made.people["anna"])
    pk, client = made.circle.pk, browser(made, "anna")
    paths = [
        page_of(made),
        at("note", pk, item.pk),
        at("version", pk, item.pk, 2),
        at("versions", pk, item.pk),
        at("edit_note", pk, item.pk),
    ]
    for path in (*paths, at("circles")):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html and "<img src=x" not in html and 'href="javascript' not in html and "<b>x" not in html, path
    assert "<script>alert" not in Client().get(page_of(made)).content.decode()


def test_two_at_once_see_both_texts_and_save_on_top() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    item = note(made)
    path = at("edit_note", made.circle.pk, item.pk)
    actions.save_note(item, title="Treffen", text="Clara schreibt", base=1, by=made.people["clara"])
    client = browser(made, "anna")
    answer = client.post(path, {"title": "Treffen", "text": "Anna schreibt", "base": "1"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Clara schreibt" in html and ">\nAnna schreibt</textarea>" in html and "<del>" in html and "<ins>" in html
    assert 'name="base" value="2"' in html
    assert client.post(path, {"title": "Treffen", "text": "Anna und Clara", "base": "2"}).status_code == 302
    for base in ("", "abc", "-1", "9" * 30):
        assert client.post(path, {"title": "T", "text": "x", "base": base}).status_code in {409, 422}


def test_a_form_with_a_fault_keeps_what_was_typed() -> None:
    made = scene()
    client, pk = browser(made, "anna"), made.circle.pk
    long = client.post(at("new_note", pk), {"title": "Titel", "text": "x" * 20_001})
    assert long.status_code == 422 and "x" * 20_001 in long.content.decode()
    date = client.post(at("new_date", pk), {"title": "Besuch", "starts": "gestern", "place": "Ort"})
    assert date.status_code == 422 and 'value="Besuch"' in date.content.decode() and 'value="Ort"' in date.content.decode()
    for starts in ("0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T10:00", "2026-03-29T02:30"):
        assert client.post(at("new_date", pk), {"title": "x", "starts": starts}).status_code == 422
    link = client.post(at("new_link", pk), {"label": "Chat", "url": "javascript:alert(1)"})
    assert link.status_code == 422 and 'value="Chat"' in link.content.decode()
    assert client.post(at("new_task", pk), {"title": "", "due": "nie"}).status_code == 422


def test_dates_are_taken_by_the_clock_of_berlin() -> None:
    made = scene()
    path = at("new_date", made.circle.pk)
    assert browser(made, "anna").post(path, {"title": "x", "starts": "2026-12-01T18:00", "ends": "2026-12-01T19:30"}).status_code == 302
    item = CircleDate.objects.get()
    assert (item.starts.isoformat(), item.ends and item.ends.isoformat()) == ("2026-12-01T17:00:00+00:00", "2026-12-01T18:30:00+00:00")


def test_a_task_is_ticked_without_javascript_and_leads_back_into_the_house_only() -> None:
    made = scene()
    task = actions.add_task(made.circle, title="Anrufen", by=made.people["anna"])
    client, path = browser(made, "anna"), at("tick", made.circle.pk, task.pk)
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""):
        assert "evil" not in client.post(path, {"done": "1", "next": back}).headers["Location"]
    assert Task.objects.get().done_at is not None
    assert "Anrufen" in client.get(page_of(made) + "?tasks=done").content.decode()
    own = client.post(path, {"done": "0", "next": page_of(made) + "?tasks=done#aufgaben"})
    assert own.headers["Location"] == page_of(made) + "?tasks=done#aufgaben"
    assert Task.objects.get().done_at is None


def test_the_feed_opens_by_its_word_and_closes_with_the_membership() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    actions.add_date(made.circle, title="Treffen", starts=timezone.now(), by=made.people["anna"])
    word = actions.feed_word(made.circle, by=made.people["clara"])
    path = reverse("circles-api:calendar_feed", args=[word])
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "SUMMARY:Treffen" in answer.content.decode()
    renewed = actions.feed_word(made.circle, by=made.people["clara"], renew=True)
    assert Client().get(path).status_code == 404
    actions.leave_circle(made.circle, by=made.people["clara"])
    for gone in (renewed, "None", "x", "x" * 900):
        assert Client().get(f"/arbeitskreise/kalender/{gone}.ics").status_code == 404
    download = browser(made, "anna").get(at("calendar", made.circle.pk))
    assert "attachment" in download.headers["Content-Disposition"] and "no-store" in download.headers["Cache-Control"]


def test_the_link_of_a_letter_needs_a_signed_in_person_to_accept_and_nobody_to_decline() -> None:
    made = scene(joining="invitation", audience="members")
    path = at("mail_invitation", letters.link_word(actions.invite_by_mail(made.circle, "x@example.org", by=made.people["anna"])))
    guest = Client()
    answer = guest.get(path)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert "/konto/" in guest.post(path, {"what": "accept"}).headers["Location"]
    wrong = browser(made, "hanna").post(path, {"what": "accept", "organisation": str(made.other.pk)})
    assert wrong.status_code == 422 and made.state("hanna") == ""
    assert browser(made, "hanna").post(path, {"what": "accept", "organisation": ""}).status_code == 302
    assert made.state("hanna") == "in"
    assert guest.get(path).status_code == 409
    again = at("mail_invitation", letters.link_word(actions.invite_by_mail(made.circle, "y@example.org", by=made.people["anna"])))
    assert guest.post(again, {"what": "decline"}).status_code == 302
    assert guest.get(again).status_code == 409


def test_invited_people_have_no_names_before_they_accept() -> None:
    made = scene()
    client = browser(made, "anna")
    found = client.get(at("invite", made.circle.pk) + "?q=datengarten")
    assert "Datengarten eG" in found.content.decode() and "Clara" not in found.content.decode()
    assert client.post(at("invite", made.circle.pk), {"what": "organisation", "organisation": made.other.slug}).status_code == 302
    html = client.get(at("members", made.circle.pk)).content.decode()
    assert "Datengarten eG" in html and "Clara" not in html and "Ben" not in html
    assert client.post(at("invite", made.circle.pk), {"what": "organisation", "organisation": "gibt-es-nicht"}).status_code == 404
    assert client.post(at("invite", made.circle.pk), {"what": "organisation", "organisation": "\x00"}).status_code == 404
    assert client.post(at("invite", made.circle.pk), {"what": "mail", "email": "a@b.de, c@d.de"}).status_code == 422


def test_joining_asking_deciding_through_the_pages() -> None:
    made = scene(audience="public")
    pk = made.circle.pk
    assert "/konto/" in Client().post(at("join", pk), {"word": "x"}).headers["Location"]
    assert status(made, "gustav", at("join", pk), organisation=str(made.other.pk), word="Bitte") == 422
    assert status(made, "gustav", at("join", pk), organisation=str(made.far.pk), word="Bitte") == 302
    waiting = browser(made, "anna").get("/en/mein/").content.decode()
    assert "Gustav wants to join" in waiting
    member = at("member", pk, made.held("gustav").pk)
    assert status(made, "anna", member, what="refuse", answer="") == 422
    assert status(made, "anna", member, what="tanzen") == 422
    assert status(made, "anna", member, what="accept") == 302
    assert made.state("gustav") == "in"
    assert status(made, "anna", member, what="role", role="koenigin") == 422
    assert status(made, "anna", member, what="remove", answer="Bitte nicht") == 302
    assert status(made, "anna", member) == 404
    assert "Bitte nicht" in browser(made, "gustav").get(page_of(made)).content.decode()


def test_an_open_note_says_nothing_about_people() -> None:
    made = scene(audience="public", notes_open=True)
    item = note(made, text="Für alle")
    html = browser(made, "clara").get(at("note", made.circle.pk, item.pk)).content.decode()
    assert "Für alle" in html and "Anna" not in html and "comment" not in html.lower()
    assert status(made, "clara", at("versions", made.circle.pk, item.pk)) == 404
    assert status(made, "hanna", at("note", made.circle.pk, item.pk)) == 404


def test_comments_files_and_reports_ask_who_is_in() -> None:
    made = scene(audience="public")
    item = note(made)
    anna, clara = made.people["anna"], made.people["clara"]
    assert find("circles.circle", made.circle.pk, anna) == made.circle
    assert find("circles.circle", made.circle.pk, clara) is None
    assert find("circles.note", item.pk, anna) == item
    assert find("circles.note", item.pk, clara) is None
    assert find("circles.circleface", made.circle.pk, clara) is not None


def test_the_list_finds_sorts_and_filters() -> None:
    made = scene(audience="public")
    said: dict[str, Any] = {"purpose": "Werkzeug", "audience": "public"}
    first = actions.found_circle(made.other, name="Abende", joining="open", **said, by=made.people["clara"])
    actions.archive_circle(
        actions.found_circle(made.other, name="Zuende", joining="open", **said, by=made.people["clara"]), by=made.people["clara"]
    )
    client = browser(made, "anna")
    html = client.get(at("circles")).content.decode()
    assert html.index("Lieferwege") < html.index("Abende") and "Zuende" not in html
    assert "Zuende" in client.get(at("circles") + "?which=archived").content.decode()
    assert "Abende" not in client.get(at("circles") + "?which=mine").content.decode()
    assert "Lieferwege" not in client.get(at("circles") + "?joining=open").content.decode()
    assert "Lieferwege" not in client.get(at("circles") + "?q=werkzeug").content.decode()
    for odd in ("?page=9999", "?page=x", "?which=x&joining=%27", "?q=%25_%27", "?q=" + "a+" * 500):
        assert client.get(at("circles") + odd).status_code == 200
    assert first.name == "Abende"


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_lists_ask_as_much_for_three_rows_as_for_one() -> None:
    made = scene(audience="public")
    bring_in(made, "clara", made.other)

    def more(number: int) -> None:
        by = made.people["anna"]
        note(made, title=f"n{number}")
        actions.add_task(made.circle, title="t", owner=by, by=by)
        actions.add_date(made.circle, title="d", starts=timezone.now() + timedelta(days=1), by=by)
        actions.add_link(made.circle, label="l", url="https://a.example", by=by)
        said: dict[str, Any] = {"name": f"k{number}", "purpose": "x", "joining": "open", "audience": "public"}
        actions.found_circle(made.host, **said, by=by)

    client = browser(made, "anna")
    paths = [page_of(made), at("circles"), at("members", made.circle.pk), "/en/mein/"]
    more(1)
    one = [count(client, path) for path in paths]
    one = [count(client, path) for path in paths]
    more(2)
    bring_in(made, "emil", made.other)
    more(3)
    assert [count(client, path) for path in paths] == one


def test_the_export_holds_what_one_wrote_and_is() -> None:
    made = scene()
    note(made, text="Mein Text")
    actions.add_task(made.circle, title="Anrufen", owner=made.people["anna"], by=made.people["anna"])
    areas = {name: list(personal.AREAS[name].rows(made.people["anna"])) for name in ("circles", "circle-notes", "circle-tasks")}
    assert areas["circles"][0]["circle"] == "Lieferwege"
    assert areas["circle-notes"][0]["text"] == "Mein Text"
    assert areas["circle-tasks"][0]["title"] == "Anrufen"
    assert [one.what for one in personal.KEEPS["circles"](made.people["anna"])] == ["Notes, dates, links and tasks of circles"]
    assert Note.objects.count() == 1
