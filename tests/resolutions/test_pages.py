"""The register, its pages, and who reads them."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from allmende.people.models import Person
from allmende.resolutions import access, actions, letters, queries
from allmende.resolutions.models import Resolution
from tests import coops
from tests.resolutions.scene import DECIDED, entered, stage, words

pytestmark = pytest.mark.django_db


def get(client: Client, who: Any, name: str, *args: Any, **asked: str) -> Any:
    """The answer this viewer gets at a page of the room."""
    client.logout()
    if isinstance(who, Person):
        client.force_login(who)
    return client.get(reverse(f"resolutions:{name}", args=args), asked)


def test_guests_read_what_is_public_members_everything_drafts_are_with_the_administration(client: Client) -> None:
    scene = stage()
    open_one, inner = entered(scene, visibility="public", title="Offen"), entered(scene, title="Intern")
    draft = actions.write_draft(scene.coop, words(title="Entwurf"), by=scene.board)
    guest, stranger = AnonymousUser(), coops.person("stranger")
    for who, titles in ((guest, ["Offen"]), (stranger, ["Offen"]), (scene.anna, ["Intern", "Offen"]), (scene.board, ["Intern", "Offen"])):
        shown = get(client, who, "resolutions", scene.slug)
        assert [row["one"].title for row in shown.context["rows"]] == titles
        assert ("Entwurf" in shown.content.decode()) is (who == scene.board)
        page = get(client, who, "resolution", scene.slug, inner.year, inner.serial)
        assert page.status_code == (200 if "Intern" in titles else 404)
        assert get(client, who, "resolution", scene.slug, open_one.year, open_one.serial).status_code == 200
    for who, status in ((guest, 302), (stranger, 404), (scene.anna, 404), (scene.board, 200)):
        assert get(client, who, "draft", scene.slug, draft.uuid).status_code == status
        assert get(client, who, "new", scene.slug).status_code == status
        assert get(client, who, "plan", scene.slug, inner.year, inner.serial).status_code == status
        assert get(client, who, "revoke", scene.slug, inner.year, inner.serial).status_code == status


def test_what_is_to_be_looked_at_again_is_a_list_of_its_own(client: Client) -> None:
    scene = stage()
    again = entered(scene, review_on=DECIDED)
    entered(scene, title="Passt noch")
    shown = get(client, scene.board, "resolutions", scene.slug, stand="review")
    assert ([row["one"] for row in shown.context["rows"]], shown.context["stands"][-1][0]) == ([again], "review")


def test_names_of_persons_are_for_members(client: Client) -> None:
    scene = stage()
    one = entered(scene, visibility="public", person=scene.anna)
    actions.report(one, "Läuft gut.", by=scene.anna)
    outside = get(client, AnonymousUser(), "resolution", scene.slug, one.year, one.serial).content.decode()
    assert "Läuft gut." in outside
    assert str(scene.anna) not in outside
    assert str(scene.anna) in get(client, scene.board, "resolution", scene.slug, one.year, one.serial).content.decode()


def test_the_register_is_searched_filtered_sorted_and_taken_away(client: Client) -> None:
    scene = stage()
    first = entered(scene, visibility="public", title="Alpha", due_on=localdate().replace(year=2027), body="board")
    entered(scene, visibility="public", title="Beta", due_on=localdate().replace(year=2025))
    for asked, titles in (
        ({}, ["Beta", "Alpha"]),
        ({"q": "alph"}, ["Alpha"]),
        ({"q": "2026/01"}, ["Alpha"]),
        ({"q": "99999999999999999999/1"}, []),
        ({"stand": "overdue"}, ["Beta"]),
        ({"organ": "board"}, ["Alpha"]),
        ({"jahr": "2020"}, []),
        ({"folge": "frist"}, ["Beta", "Alpha"]),
        ({"stand": "kings", "jahr": "x", "organ": "no", "page": "-1", "druck": "1"}, ["Beta", "Alpha"]),
    ):
        shown = get(client, AnonymousUser(), "resolutions", scene.slug, **asked)
        assert [row["one"].title for row in shown.context["rows"]] == titles
    table = get(client, AnonymousUser(), "table", scene.slug, q="alpha")
    lines = b"".join(table.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert first.number in lines[1]


def test_open_data_hold_what_is_public_and_no_names(client: Client) -> None:
    scene = stage()
    one = entered(scene, visibility="public", person=scene.anna, responsible="Vorstand")
    entered(scene, title="Intern")
    measure = actions.add_measure(one, "Richtlinie", person=scene.anna, responsible="Büro", by=scene.board)
    actions.finish_measure(measure, "steht im Wiki", by=scene.board)
    actions.report(one, "Halb fertig.", by=scene.anna)
    client.force_login(scene.board)  # asked as a guest, whoever asks
    said = json.loads(client.get(reverse("resolutions-api:open_json", args=[scene.slug])).content)
    (row,) = said["resolutions"]
    assert (row["number"], row["responsible"], row["state"], row["is_overdue"]) == ("2026/01", "Vorstand", "in_work", False)
    kept = {"text": "Richtlinie", "responsible": "Büro", "due_on": None}
    assert row["measures"] == [{**kept, "state": "done", "done_on": localdate().isoformat(), "note": "steht im Wiki"}]
    assert row["reports"] == [{"day": localdate().isoformat(), "text": "Halb fertig."}]
    assert str(scene.anna) not in json.dumps(said)
    table = client.get(reverse("resolutions-api:open_csv", args=[scene.slug])).content.decode()
    assert len(table.splitlines()) == 2


def form(**fields: Any) -> dict[str, Any]:
    """A decision as the form hands it in."""
    said = {
        "title": "Bahn", "wording": "Nur <script>alert(1)</script> **Bahn**.", "body": "assembly", "decided_on": "2026-03-14",
        "is_adopted": "on", "visibility": "members", "outcome": "Es gilt.",
    }  # fmt: skip
    return {**said, **fields}


def test_a_decision_goes_the_whole_way_through_the_pages(client: Client) -> None:
    scene = stage()
    client.force_login(scene.board)
    new = reverse("resolutions:new", args=[scene.slug])
    shown = client.post(new, form(decided_on="2090-01-01", body="circle"))
    assert shown.status_code == 400
    assert set(shown.context["form"].errors) == {"decided_on", "body_label"}
    assert client.post(new, form(outcome="", enter="")).status_code == 302
    draft = Resolution.objects.get()
    assert draft.state == "draft"
    at = reverse("resolutions:draft", args=[scene.slug, draft.uuid])
    assert client.post(at, form(enter="")).headers["Location"].endswith(f"/genossenschaft/{scene.slug}/beschluesse/2026/1/")

    def post(name: str, *more: Any, **said: Any) -> int:
        return client.post(reverse(f"resolutions:{name}", args=[scene.slug, 2026, 1, *more]), said).status_code

    assert post("measure", **{"m-text": ""}) == 400
    assert post("measure", **{"m-text": "Richtlinie", "m-person": coops.person("stranger").pk}) == 400
    assert post("measure", **{"m-text": "Richtlinie", "m-member": 4_711}) == 400
    assert post("measure", **{"m-text": "Richtlinie", "m-member": 1}) == 302
    measure = draft.measures.get()
    assert measure.person == scene.anna
    assert post("settle", measure.uuid, what="steal") == 404
    assert post("settle", measure.uuid, what="done", note="fertig") == 302
    assert post("report", **{"b-text": ""}) == 400
    assert post("report", **{"b-text": "Läuft.", "b-measure": str(measure.uuid)}) == 302
    assert post("plan", responsible="Büro", visibility="public", reason="") == 400
    assert post("plan", responsible="Büro", visibility="public", reason="soll jeder wissen") == 302
    assert post("finish", **{"f-text": "Fertig."}) == 302
    assert post("finish", **{"f-text": "Doch nicht."}) == 302
    assert post("revoke", on="2026-04-01", text="") == 400
    assert post("revoke", on="2026-04-01", text="Beschluss der Versammlung") == 302
    page = client.get(f"/genossenschaft/{scene.slug}/beschluesse/2026/1/").content.decode()
    assert "<script>alert" not in page
    assert Resolution.objects.get().state == "revoked"


def test_members_and_strangers_change_nothing_through_the_pages(client: Client) -> None:
    scene = stage()
    one = entered(scene, visibility="public")
    measure = actions.add_measure(one, "Richtlinie", by=scene.board)
    draft = actions.write_draft(scene.coop, words(), by=scene.board)
    for who in (scene.anna, coops.person("stranger")):
        client.force_login(who)
        for name, more, said, status in (
            ("report", (), {"b-text": "x"}, 403),
            ("measure", (), {"m-text": "x"}, 403),
            ("settle", (measure.uuid,), {"what": "done"}, 403),
            ("settle", (measure.uuid,), {"what": "drop"}, 403),  # before the missing reason is spoken of
            ("finish", (), {"f-text": "x"}, 403),
            ("revoke", (), {"on": "2026-04-01", "text": "x"}, 404),
            ("plan", (), {"reason": "x"}, 404),
        ):
            assert client.post(reverse(f"resolutions:{name}", args=[scene.slug, one.year, one.serial, *more]), said).status_code == status
        assert client.post(reverse("resolutions:drop", args=[scene.slug, draft.uuid])).status_code == 404
    assert client.get(reverse("resolutions:report", args=[scene.slug, one.year, one.serial])).status_code == 405


def test_a_measure_of_another_resolution_is_not_found(client: Client) -> None:
    scene = stage()
    one, other = entered(scene), entered(scene)
    measure = actions.add_measure(other, "Anderes", by=scene.board)
    client.force_login(scene.board)
    at = reverse("resolutions:settle", args=[scene.slug, one.year, one.serial, measure.uuid])
    assert client.post(at, {"what": "done"}).status_code == 404


def test_another_date_is_given_on_the_page(client: Client) -> None:
    scene = stage()
    one = entered(scene)
    measure = actions.add_measure(one, "Richtlinie", due_on=date(2026, 4, 1), by=scene.board)
    client.force_login(scene.board)
    at = reverse("resolutions:settle", args=[scene.slug, one.year, one.serial, measure.uuid])
    assert client.post(at, {"what": "move", "due_on": "31.2.2026", "note": "Mehr Zeit"}).status_code == 400
    assert client.post(at, {"what": "move", "due_on": "2026-05-01", "note": "Mehr Zeit"}).status_code == 302
    measure.refresh_from_db()
    assert measure.due_on == date(2026, 5, 1)
    assert b'value="2026-05-01"' in client.get(letters.path_of(one)).content


def test_an_archived_entry_hides_what_was_public_from_guests_and_not_from_members() -> None:
    scene = stage()
    entered(scene, visibility="public")
    scene.coop.organisation.state = "archived"
    scene.coop.organisation.save(update_fields=["state"])
    assert not access.resolutions_visible_to(AnonymousUser()).exists()
    assert access.resolutions_visible_to(scene.anna).count() == 1


def test_the_register_takes_the_same_few_questions_however_long(client: Client) -> None:
    scene = stage()
    entered(scene, person=scene.anna)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert get(client, scene.anna, "resolutions", scene.slug).status_code == 200
        return len(asked)

    questions()
    before = questions()
    entered(scene, person=scene.anna)
    entered(scene, person=scene.board)
    assert questions() == before


def test_what_waits_is_counted_for_the_administration_and_measures_for_whoever_has_them() -> None:
    scene = stage()
    one = entered(scene, due_on=localdate().replace(year=2025), review_on=localdate())
    actions.write_draft(scene.coop, words(), by=scene.board)
    actions.add_measure(one, "Richtlinie", person=scene.anna, by=scene.board)
    assert queries.waiting(scene.board, scene.coop) == queries.Waiting(1, 1, 1)
    assert queries.waiting(scene.anna, scene.coop) == queries.Waiting(0, 1, 1)
    assert [measure.text for measure in queries.mine(scene.anna)] == ["Richtlinie"]
