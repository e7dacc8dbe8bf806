"""Who sees which page; every paper through the real form; what the board does; and how little the way of ten thousand people asks."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allmende.ballots import actions, letters, queries, rules
from allmende.ballots.models import Ballot, Paper, Participation, State, Vote
from allmende.ground.models import Entry
from allmende.people.models import Notice
from allmende.people.personal import AREAS, FORGETS
from tests import coops
from tests.ballots.scene import DAY, no, scene, voice, yes
from tests.ballots.test_casting import RULES

pytestmark = pytest.mark.django_db


def of_whom(person: Any) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def at(ballot: Ballot, tail: str = "") -> str:
    return f"/genossenschaft/{ballot.slug}/abstimmungen/{ballot.uuid}/{tail}"


def paper(ballot: Ballot, person: Any, page: str, **said: Any) -> dict[str, Any]:
    """What the form of this person's paper sends."""
    mine = voice(ballot, person).pk
    code = re.search(r'name="code" value="([A-Z0-9]*)"', page)
    return {"voter": mine, "code": code.group(1) if code else "", **{f"v{mine}-{key}": value for key, value in said.items()}}


def test_the_no_before_the_yes() -> None:
    of, elsewhere = scene(), scene(1, "Anderswo eG")
    draft, ballot = of.draft(), of.opened()
    strangers = [None, elsewhere.people[0], elsewhere.board, coops.person("fremd")]
    lists = f"/genossenschaft/{of.slug}/abstimmungen/"
    for who in strangers:
        client = of_whom(who)
        for where in (lists, at(ballot), at(ballot, "stimmzettel/"), at(ballot, "stimmzettel.json"), at(ballot, "quittung/"), at(draft)):
            assert client.get(where).status_code == 404, where
        for tail in ("vorbereiten/", "verlaengern/", "schliessen/", "abbrechen/"):
            assert client.get(at(ballot, tail)).status_code == (404 if who else 302), tail
        for tail in ("stimme/", "verwerfen/", "naechste-runde/"):
            assert client.post(at(ballot, tail), {"voter": voice(ballot, of.people[0]).pk}).status_code == (404 if who else 302), tail
    member = of_whom(of.people[0])
    assert [member.get(where).status_code for where in (lists, at(ballot), at(draft))] == [200, 200, 404]
    for tail in ("vorbereiten/", "verlaengern/", "schliessen/", "abbrechen/"):
        assert member.get(at(ballot, tail)).status_code == 404
    assert member.get(f"{lists}neu/").status_code == 404
    assert member.get(at(ballot, "stimmzettel.json")).status_code == 404  # nothing before the end
    assert of_whom(of.board).get(at(draft, "vorbereiten/")).status_code == 200
    assert not Vote.objects.exists()


def test_a_public_ballot_shows_guests_its_result_and_no_names() -> None:
    of = scene()
    ballot = of.opened(visibility="public")
    of.cast(ballot, of.people[0], yes())
    name = voice(ballot, of.people[0]).name
    of.ended(ballot)
    guest = of_whom(None)
    pages = [guest.get(at(ballot, tail)) for tail in ("", "stimmzettel/", "stimmzettel.json", "stimmzettel.csv")]
    assert [page.status_code for page in pages] == [200] * 4
    assert all(name not in page.content.decode() for page in pages)
    assert name in of_whom(of.people[1]).get(at(ballot, "stimmzettel/")).content.decode()


FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "consent": ({"answer": "objection", "reason": "Zu teuer"}, {"answer": "objection", "reason": "Zu teuer"}),
    "majority": ({"answer": "no"}, {"answer": "no"}),
    "approval": ({"o1": "on"}, {"approved": [1]}),
    "score": ({"o0": "5", "o1": "0"}, {"grades": [5, 0]}),
    "dots": ({"o0": "3", "o1": ""}, {"grades": [3, None]}),
    "irv": ({"o0": "2", "o1": "1"}, {"ranking": [[1], [0]]}),
    "stv": ({"o1": "1", "blank": ""}, {"ranking": [[1]]}),
    "schulze": ({"o0": "1", "o1": "1"}, {"ranking": [[0, 1]]}),
    "committee": ({"blank": "on"}, {"approved": []}),
    "budget": ({"o0": "on", "o1": "on"}, {"approved": [0, 1]}),
}


@pytest.mark.parametrize("method", FIELDS)
def test_every_paper_goes_through_its_form_and_its_result_has_a_page(method: str) -> None:
    rule, options = next((rule, options) for rule, options, _papers, _outcome in RULES if rule["method"] == method)
    of = scene()
    ballot = of.opened(rule={**rule, "quorum": "0"}, options=options, box="detached")
    client = of_whom(of.people[0])
    page = client.get(at(ballot)).content.decode()
    said, choice = FIELDS[method]
    empty = client.post(at(ballot, "stimme/"), paper(ballot, of.people[0], page))
    assert (empty.status_code, Paper.objects.count()) == (400, 0)
    answer = client.post(at(ballot, "stimme/"), paper(ballot, of.people[0], page, **said))
    assert answer.status_code == 200
    assert Paper.objects.get().choice == choice
    of.ended(ballot)
    for tail in ("", "stimmzettel/", "stimmzettel.json", "stimmzettel.csv"):
        assert client.get(at(ballot, tail)).status_code == 200


def test_the_receipt_is_shown_once_changes_the_paper_and_finds_it() -> None:
    of = scene()
    ballot = of.opened(box="detached")
    client = of_whom(of.people[0])
    form = paper(ballot, of.people[0], client.get(at(ballot)).content.decode(), answer="yes")
    first, again = (client.post(at(ballot, "stimme/"), form) for _double in range(2))
    code = re.search(r"<output class=\"code\">([A-Z0-9-]{24})</output>", first.content.decode())
    assert code and code.group(1) in again.content.decode()  # a double click loses nothing
    assert first.headers["Cache-Control"].count("no-store")
    page = client.get(at(ballot)).content.decode()
    assert code.group(1) not in page and code.group(1).replace("-", "") not in page
    changed = client.post(at(ballot, "stimme/"), {**form, "code": code.group(1).lower(), f"v{form['voter']}-answer": "no"})
    assert (changed.status_code, Paper.objects.get().choice) == (200, no())
    wrong = client.post(at(ballot, "stimme/"), {**form, "code": "2345-6789-ABCD-EFGH-JKMN"})
    assert (wrong.status_code, Paper.objects.get().choice) == (409, no())
    found = client.post(at(ballot, "quittung/"), {"code": code.group(1)})
    assert found.status_code == 200 and Paper.objects.get().code_hash[:16] in found.content.decode()
    assert client.post(at(ballot, "quittung/"), {"code": "x" * 5000}).status_code == 400
    assert not Entry.objects.filter(verb__startswith="ballots.", by=of.people[0]).exists()
    assert not Notice.objects.filter(person=of.people[0]).exists()
    assert "yes" not in json.dumps(dict(client.session.items()))


@pytest.mark.parametrize("box", ["open", "detached"])
def test_putting_a_paper_into_the_box_asks_the_database_little(box: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SMALL_BALLOT", 0)  # the way of large ballots
    of = scene()
    ballot = of.opened(box=box)
    client = of_whom(of.people[0])
    form = paper(ballot, of.people[0], client.get(at(ballot)).content.decode(), answer="yes")
    with CaptureQueriesContext(connection) as asked:
        client.post(at(ballot, "stimme/"), form)
    assert len(asked) <= 14, "\n".join(one["sql"][:90] for one in asked)  # two of them begin and end a savepoint in tests
    assert boxed(ballot) == 1


@pytest.mark.parametrize("box", ["open", "detached"])
def test_the_booth_is_drawn_once_for_all_and_holds_nothing_of_whoever_came_first(box: str) -> None:
    of = scene()
    ballot = of.opened(box=box, options=["Ja & <b>nein</b>", "Ute"], rule={"method": "approval", "seats": 1})
    pages, answers = [], []
    for person in of.people[:2]:
        client = of_whom(person)
        with CaptureQueriesContext(connection) as asked:
            pages.append(client.get(at(ballot, "stimme/")).content.decode())
        answers.append(client.post(at(ballot, "stimme/"), paper(ballot, person, pages[-1], o1="on")).content.decode())
    assert len(asked) <= 4, "\n".join(one["sql"][:90] for one in asked)  # session, person, voices, whether they took part
    assert all("Ja &amp; &lt;b&gt;nein" in page for page in pages)
    mine = [str(voice(ballot, person).pk) for person in of.people[:2]]
    for at_, (page, answer) in enumerate(zip(pages, answers, strict=True)):
        assert f'name="voter" value="{mine[at_]}"' in page and f'name="v{mine[1 - at_]}-' not in page
        assert not {of.people[0].email, of.people[0].name, of.people[1].name} & set(re.findall(r"[^<>\"]+", page + answer))
    secrets = [re.findall(r'name="(?:csrfmiddlewaretoken|code)" value="([^"]+)"', page) for page in pages]
    assert len({*secrets[0], *secrets[1]}) == len(secrets[0]) * 2 == (4 if box == "detached" else 2)
    codes = [re.findall(r'<output class="code">([A-Z0-9-]+)<', answer) for answer in answers]
    assert codes[0] != codes[1] or box == "open"


def test_the_booth_shows_the_own_open_paper_again_and_sends_everybody_else_to_the_ballot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries._LATELY, "seconds", 0)
    of = scene()
    ballot = of.opened()
    of.cast(ballot, of.people[0], no())
    page = of_whom(of.people[0]).get(at(ballot, "stimme/")).content.decode()
    assert re.search(r'value="no" checked', page) and "csrfmiddlewaretoken" in page
    assert of_whom(of.board).get(at(ballot, "stimme/")).headers["Location"] == at(ballot)  # on the roll of nothing
    later = of.draft()
    assert of_whom(of.people[0]).get(at(later, "stimme/")).status_code == 404
    of.ended(ballot)
    assert of_whom(of.people[1]).get(at(ballot, "stimme/")).headers["Location"] == at(ballot)


def boxed(ballot: Ballot) -> int:
    return Vote.objects.filter(ballot=ballot).count() + Paper.objects.filter(ballot=ballot).count()


def test_after_the_end_for_somebody_else_and_with_foreign_fields() -> None:
    of = scene()
    ballot = of.opened()
    client = of_whom(of.people[0])
    other = voice(ballot, of.people[1]).pk
    assert client.post(at(ballot, "stimme/"), {"voter": other, f"v{other}-answer": "yes"}).status_code == 404
    for value in ("", "x", "9" * 40, "-1"):
        assert client.post(at(ballot, "stimme/"), {"voter": value}).status_code == 404
    mine = voice(ballot, of.people[0]).pk
    assert client.post(at(ballot, "stimme/"), {"voter": mine, f"v{mine}-answer": "<b>"}).status_code == 400
    Ballot.objects.filter(pk=ballot.pk).update(opens_at=timezone.now() - DAY, closes_at=timezone.now() - timedelta(seconds=1))
    late = client.post(at(ballot, "stimme/"), {"voter": mine, f"v{mine}-answer": "yes"})
    assert late.status_code == 409
    assert (Vote.objects.count(), Ballot.objects.get(pk=ballot.pk).state) == (0, State.CLOSED)  # counted by the first who looks
    assert client.get(at(ballot)).status_code == 200
    assert Ballot.objects.get(pk=ballot.pk).state == State.COUNTED


def test_a_ballot_is_prepared_in_steps_and_opened() -> None:
    of = scene(6)
    client = of_whom(of.board)
    lists = f"/genossenschaft/{of.slug}/abstimmungen/"
    first = client.post(f"{lists}neu/", {"title": "Vorstand", "question": "Wer kommt in den Vorstand?", "method": "stv"})
    ballot = Ballot.objects.get()
    where = at(ballot, "vorbereiten/")
    assert first.headers["Location"] == f"{where}?step=2"
    assert client.post(f"{where}?step=2", {"label0": "Ada", "label1": "Ben", "label2": "Ada"}).status_code == 302
    assert client.post(f"{where}?step=3", {"seats": "2", "quorum": "1/4", "ties": "lot"}).status_code == 302
    assert client.post(f"{where}?step=4", {"kind": "list", "members": "1, x", "day": "2026-01-01"}).status_code == 400
    assert client.post(f"{where}?step=4", {"kind": "everybody", "day": timezone.localdate().isoformat()}).status_code == 302
    assert client.post(f"{where}?step=5", {"closes_at": "2020-01-01T10:00", "box": "detached", "visibility": "members"}).status_code == 400
    end = (timezone.localtime() + 7 * DAY).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"{where}?step=5", {"closes_at": end, "box": "detached", "visibility": "members"}).status_code == 302
    refused = client.post(f"{where}?step=6")
    assert refused.status_code == 409 and "Namen" in refused.content.decode() or "name" in refused.content.decode()
    client.post(f"{where}?step=2", {"label0": "Ada", "label1": "Ben", "label2": "Cem"})
    assert client.get(f"{where}?step=6").status_code == 200
    assert client.post(f"{where}?step=6").status_code == 302
    ballot.refresh_from_db()
    assert (ballot.state, ballot.voters_count, ballot.rule["seats"], len(ballot.rule_hash)) == (State.OPEN, 6, 2, 64)
    for step in range(1, 7):
        assert client.get(f"{where}?step={step}").status_code == 302  # open: nothing changes any more
    for number in range(1, 6):
        assert of_whom(of.board).get(f"{lists}neu/").status_code == 200, number


def test_prolong_cancel_and_close_early_with_reasons() -> None:
    of = scene(2)
    ballot, other = of.opened(), of.opened()
    client = of_whom(of.board)
    later = timezone.localtime(ballot.closes_at + DAY).strftime("%Y-%m-%dT%H:%M:%S")
    assert client.post(at(ballot, "verlaengern/"), {"closes_at": later, "reason": ""}).status_code == 400
    assert client.post(at(ballot, "verlaengern/"), {"closes_at": later, "reason": "Die Post war langsam"}).status_code == 302
    assert "Die Post war langsam" in of_whom(of.people[0]).get(at(ballot)).content.decode()
    assert client.post(at(ballot, "schliessen/"), {"reason": "Alle da"}).status_code == 400
    for person in of.people:
        of.cast(ballot, person, yes())
    assert client.post(at(ballot, "schliessen/"), {"reason": "Alle da"}).status_code == 302
    assert actions.close_due() == 1
    assert client.post(at(other, "abbrechen/"), {"reason": "Falsche Frage"}).status_code == 302
    assert client.post(at(other, "abbrechen/"), {"reason": "Noch einmal"}).status_code == 400
    assert {one.state for one in Ballot.objects.all()} == {State.COUNTED, State.CANCELLED}


def test_who_has_not_voted_is_reminded_once_and_who_voted_hears_the_result() -> None:
    of = scene()
    ballot = of.opened(closes_at=timezone.now() + 5 * DAY, box="detached")
    now = timezone.now()
    assert (letters.tell_due(now), letters.tell_due(now)) == (3, 0)
    of.cast(ballot, of.people[0], yes())
    late = ballot.closes_at - DAY
    assert (letters.tell_due(late), letters.tell_due(late)) == (2, 0)
    assert not Notice.objects.filter(person=of.people[0], kind="ballots.reminded").exists()
    of.ended(ballot)
    assert (letters.tell_due(ballot.closes_at), letters.tell_due(ballot.closes_at)) == (1, 0)
    assert [one.kind for one in Notice.objects.filter(person=of.people[0]).order_by("pk")] == ["ballots.opened", "ballots.result"]


def test_once_a_week_one_letter_says_what_can_be_decided_to_those_who_have_not() -> None:
    of = scene()
    now = timezone.now()
    day = timezone.localdate(now - 2 * DAY)
    old = [actions.open_ballot(of.draft(title=one, day=day), by=of.board, now=now - 2 * DAY) for one in ("Lastenrad", "Hofladen")]
    fresh = of.opened(title="Neues")
    for ballot in old:
        of.cast(ballot, of.people[0], yes())
    of.cast(old[0], of.people[1], yes())
    later = timezone.now()
    assert (letters.tell_weekly(later), letters.tell_weekly(later)) == (2, 0)
    said = {one.person_id: one for one in Notice.objects.filter(kind="ballots.digest")}
    assert of.people[0].pk not in said
    assert [title in said[of.people[2].pk].text for title in ("Lastenrad", "Hofladen", "Neues")] == [True, True, True]
    assert "Lastenrad" not in said[of.people[1].pk].text
    assert f"/abstimmungen/{fresh.uuid}/" in said[of.people[1].pk].text


def test_no_interim_result_unless_the_rule_says_so_and_never_from_a_secret_box() -> None:
    of = scene()
    silent, open_ = of.opened(), of.opened(shows_interim=True)
    for one in (silent, open_):
        of.cast(one, of.people[0], yes())
    client = of_whom(of.people[1])
    assert "hbars" not in client.get(at(silent)).content.decode()
    assert "hbars" in client.get(at(open_)).content.decode()
    with pytest.raises(Exception, match="."):
        of.opened(shows_interim=True, box="detached")


def test_the_panels_say_what_waits_and_the_list_asks_as_much_for_three_as_for_one() -> None:
    of = scene()
    ballot = of.opened()
    client = of_whom(of.people[0])
    assert ballot.title in client.get(reverse("people:mine")).content.decode()
    counts = []
    for more in (0, 2):
        for _one in range(more):
            of.opened()
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/genossenschaft/{of.slug}/abstimmungen/")
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 2, counts  # for each open one: whether I took part


def test_export_names_open_votes_and_erasure_keeps_the_count() -> None:
    of = scene()
    open_, secret = of.opened(), of.opened(box="detached")
    of.cast(open_, of.people[0], yes())
    of.cast(secret, of.people[0], yes())
    rows = AREAS["ballots"].rows(of.people[0])
    assert [bool(row["choice"]) for row in rows] == [True, False]
    assert len(FORGETS["ballots"][1](of.people[0]) or []) == 1
    assert (Vote.objects.count(), Participation.objects.count(), Paper.objects.count()) == (1, 1, 1)


def test_a_consent_round_with_objections_has_a_next_round() -> None:
    of = scene()
    ballot = of.opened(rule={"method": "consent"})
    of.cast(ballot, of.people[0], {"answer": "objection", "reason": "Zu <b>teuer</b>"})
    done = of.ended(ballot)
    page = of_whom(of.board).get(at(done)).content.decode()
    assert "Zu &lt;b&gt;teuer&lt;/b&gt;" in page
    assert of_whom(of.board).post(at(done, "naechste-runde/")).status_code == 302
    assert Ballot.objects.get(follows=done).round == 2
    assert of_whom(of.board).post(at(done, "naechste-runde/")).status_code == 409


def test_a_member_without_a_voice_reads_why() -> None:
    of = scene()
    ballot = of.opened()
    late = of.member()  # joined after the roll was frozen
    page = of_whom(late).get(f"/en{at(ballot)}").content.decode()
    assert "You have no vote here" in page and "<fieldset" not in page
    assert "You have no vote here" not in of_whom(of.people[0]).get(f"/en{at(ballot)}").content.decode()


def test_the_two_options_a_ballot_needs_are_not_called_optional() -> None:
    of = scene()
    draft = of.draft(rule={"method": "approval", "seats": 1})
    page = of_whom(of.board).get(f"/en{at(draft, 'vorbereiten/')}?step=2").content.decode()
    said = re.findall(r"<label[^>]*>Option (\d+)(.*?)</label>", page)
    assert [number for number, more in said if "optional" not in more] == ["1", "2"] and len(said) > 2
