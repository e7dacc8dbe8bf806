"""Notice and action: receipt, decision with reasons, appeal, and the public numbers (Art. 16, 17 and 20 DSA)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory import actions as directory
from allmende.directory.importers import undoing
from allmende.directory.models import Organisation, Revision, State
from allmende.directory.queries import newest_revision
from allmende.ground.models import Entry, Letter
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.suggestions import access, actions, letters, queries
from allmende.suggestions.actions.judging import Verdict
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Appeal, Report
from tests.suggestions.conftest import as_, person, send, steward_of

pytestmark = pytest.mark.django_db
ADDRESS = "/o/haus-eg/melden/rechtswidrig/"
SAID = {"reason": "Der zweite Satz beleidigt.", "name": "Anna", "email": "Anna@example.org", "good_faith": "on"}


def told(to: str) -> list[str]:
    return list(Letter.objects.filter(to=to).order_by("pk").values_list("kind", flat=True))


def report(item: Organisation, **more: Any) -> Report:
    said = {"place": "/o/haus-eg/", "reason": "Beleidigung", "name": "Anna", "email": "anna@example.org", "is_nameless": False}
    return actions.report_illegal(item, said | more, by=Writer(uuid4()))


def door(found: Report) -> str:
    return f"/meldung/{found.uuid}/pruefen/"


def link(found: Report, side: str = "notifier") -> str:
    return letters.report_path(found, side)


def fresh(item: Any) -> Any:
    item.refresh_from_db()
    return item


NOTHING = Verdict("none", "Es ist nur eine Meinung.")
OFF = Verdict("archived", "Der ganze Eintrag täuscht.", ground="law", basis="§ 263 StGB")


def fields(*names: str) -> Verdict:
    return Verdict("fields", "Der Satz beleidigt.", fields=names, ground="law", basis="§ 185 StGB")


# ------------------------------------------------------------------------------------------------------------ the notice


def test_a_notice_is_received_at_once(haus: Organisation, caretaker: Person, client: Client) -> None:
    page = client.get(ADDRESS)
    assert page.context["form"]["place"].value() == "http://testserver/o/haus-eg/"
    answer: Any = send(client, ADDRESS, **SAID)
    found = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, link(found))
    assert (found.organisation, found.reason, found.name, found.email) == (haus, SAID["reason"], "Anna", "Anna@example.org")
    assert told("anna@example.org") == ["suggestions.report_received"]
    assert [(one.person, one.path) for one in Notice.objects.all()] == [(caretaker, door(found))]
    assert client.get(answer["Location"]).status_code == 200


def test_the_receipt_repeats_nothing_that_somebody_typed(haus: Organisation, client: Client) -> None:
    send(client, ADDRESS, **{**SAID, "reason": "Kauft auf https://spam.example", "name": "https://spam.example"})
    letter = Letter.objects.get()
    assert "spam" not in letter.body + letter.subject


@pytest.mark.parametrize("left_out", ["place", "reason", "name", "email", "good_faith"])
def test_what_the_law_asks_for_is_asked_for(haus: Organisation, client: Client, left_out: str) -> None:
    answer = send(client, ADDRESS, **({"place": "hier", **SAID} | {left_out: ""}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [left_out])
    assert not Report.objects.exists()


def test_only_one_kind_of_notice_may_be_nameless(haus: Organisation, client: Client) -> None:
    assert send(client, ADDRESS, **{**SAID, "name": "", "email": "", "is_nameless": "on"}).status_code == 302
    assert (Report.objects.get().is_nameless, Letter.objects.count()) == (True, 0)


@pytest.mark.parametrize("email", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "kein-at"])
def test_an_address_that_is_none_is_refused(haus: Organisation, client: Client, email: str) -> None:
    answer = send(client, ADDRESS, **{**SAID, "email": email})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["email"])


def test_stewards_are_not_told_of_the_notice_and_cannot_open_it(haus: Organisation, steward: Person, caretaker: Person) -> None:
    found = report(haus)
    assert not Notice.objects.filter(person=steward).exists()
    for who in (steward, person("stranger")):
        assert as_(who).get(door(found)).status_code == 404
        assert as_(who).post(door(found), {"effect": "none", "facts": "x"}).status_code == 404
        with pytest.raises(NotAllowed):
            actions.decide_report(found, NOTHING, by=who)
    assert Client().get(door(found)).status_code == 302
    assert fresh(found).decided_at is None


# ---------------------------------------------------------------------------------------------------------- the decision


def test_nothing_follows_and_only_the_notifier_hears_of_it(haus: Organisation, steward: Person, caretaker: Person) -> None:
    found = report(haus)
    assert send(as_(caretaker), door(found), effect="none", facts="Es ist nur eine Meinung.").status_code == 302
    assert (fresh(found).effect, found.decided_by, fresh(haus).summary) == ("none", caretaker, "Ein Haus.")
    letter = Letter.objects.get(kind="suggestions.report_decided")
    assert letter.to == "anna@example.org"
    assert "Es ist nur eine Meinung." in letter.body
    assert not Notice.objects.filter(person=steward).exists()


def test_fields_are_emptied_everywhere_and_the_stewards_read_why(haus: Organisation, steward: Person, caretaker: Person) -> None:
    directory.edit_organisation(haus, {"summary": "Eine Beleidigung."}, by=steward, base=0)
    found = report(haus)
    said = {"effect": "fields", "fields_gone": "summary", "ground": "law", "basis": "§ 185 StGB", "facts": "Der Satz beleidigt."}
    assert send(as_(caretaker), door(found), **said).status_code == 302
    assert fresh(haus).summary == ""
    assert "Beleidigung" not in str(list(Revision.objects.values_list("before", "after")))
    notice = Notice.objects.get(person=steward)
    assert notice.path == link(found, "steward")
    assert all(word in notice.text for word in ("Der Satz beleidigt.", "§ 185 StGB"))
    assert "Anna" not in notice.text
    page = as_(steward).get(notice.path).content.decode()
    assert "§ 185 StGB" in page
    assert "anna" not in page.lower()


def test_a_hidden_address_leaves_the_town(haus: Organisation, caretaker: Person) -> None:
    haus.places.update(street="Privatweg 3")
    actions.decide_report(report(haus), fields("address"), by=caretaker)
    assert fresh(haus).visibility == {"address": "stewards"}
    assert "Privatweg" not in Client().get("/o/haus-eg/").content.decode()
    assert "Berlin" in Client().get("/o/haus-eg/").content.decode()


def test_an_entry_is_taken_off_the_map(haus: Organisation, caretaker: Person) -> None:
    found = report(haus)
    actions.decide_report(found, OFF, by=caretaker)
    assert fresh(haus).state == State.ARCHIVED
    assert Client().get("/o/haus-eg/").status_code == 410


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, ["effect", "facts"]),
        ({"effect": "fields", "facts": "x"}, ["fields_gone", "ground", "basis"]),
        ({"effect": "archived", "facts": "x", "ground": "law"}, ["basis"]),
        ({"effect": "fields", "facts": "x", "ground": "law", "basis": "y", "fields_gone": "name"}, ["fields_gone"]),
    ],
)
def test_a_decision_has_reasons(haus: Organisation, caretaker: Person, said: Any, wrong: list[str]) -> None:
    found = report(haus)
    answer = send(as_(caretaker), door(found), **said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, wrong)
    assert fresh(found).decided_at is None


def test_deciding_twice_is_refused(haus: Organisation, caretaker: Person) -> None:
    found = report(haus)
    actions.decide_report(found, NOTHING, by=caretaker)
    with pytest.raises(Refused, match="Caretaker"):
        actions.decide_report(found, OFF, by=person("second", is_caretaker=True))
    assert (fresh(found).effect, fresh(haus).state) == ("none", State.PUBLISHED)


# ------------------------------------------------------------------------------------------------------------ the appeal


def test_both_sides_appeal_by_their_link_once(haus: Organisation, steward: Person, caretaker: Person, client: Client) -> None:
    found = report(haus)
    assert client.post(link(found), {"text": "Zu früh."}).status_code == 409
    actions.decide_report(found, fields("summary"), by=caretaker)
    second = person("second", is_caretaker=True)
    for side in ("notifier", "steward"):
        assert client.post(link(found, side), {"text": " "}).status_code == 200
        assert client.post(link(found, side), {"text": "Das stimmt nicht."}).status_code == 302
        assert client.post(link(found, side), {"text": "Noch einmal."}).status_code == 409
    assert [(one.side, one.text) for one in Appeal.objects.all()] == [(side, "Das stimmt nicht.") for side in ("notifier", "steward")]
    assert {one.person for one in Notice.objects.filter(kind="suggestions.appealed")} == {second}


@pytest.mark.parametrize(("days", "status"), [(184, 302), (185, 409)])
def test_the_way_is_open_for_six_months(haus: Organisation, caretaker: Person, client: Client, days: int, status: int) -> None:
    found = report(haus)
    actions.decide_report(found, NOTHING, by=caretaker)
    Report.objects.update(decided_at=timezone.now() - timedelta(days=days) + timedelta(minutes=1))
    assert client.post(link(found), {"text": "Das stimmt nicht."}).status_code == status


def test_links_are_for_one_side_of_one_report(haus: Organisation, client: Client) -> None:
    one, two = report(haus), report(haus)
    words = [access.token(one), access.token(one, "steward"), access.token(two)]
    assert len(set(words)) == 3
    for wrong in (words[2], "x", words[0][:-1], words[0] + "A"):
        assert client.get(f"/meldung/{one.uuid}/{wrong}/").status_code == 404
        assert client.post(f"/meldung/{one.uuid}/{wrong}/", {"text": "x"}).status_code == 404


def test_the_steward_sees_neither_name_nor_words_of_the_notifier(haus: Organisation, caretaker: Person, client: Client) -> None:
    found = report(haus, reason="Ich wohne nebenan.", name="Anna Nachbarin")
    actions.decide_report(found, fields("summary"), by=caretaker)
    client.post(link(found), {"text": "Ich bin Anna."})
    page = client.get(link(found, "steward")).content.decode()
    assert "nebenan" not in page
    assert "Anna" not in page


def test_another_caretaker_decides_on_the_appeal(haus: Organisation, caretaker: Person) -> None:
    second = person("second", is_caretaker=True)
    found = report(haus)
    actions.decide_report(found, NOTHING, by=caretaker)
    appeal = actions.appeal_decision(found, "notifier", "Doch.")
    where = f"/meldung/{found.uuid}/einspruch/{appeal.pk}/"
    assert list(queries.appeals_waiting(caretaker)) == []
    assert list(queries.appeals_waiting(second)) == [appeal]
    assert send_appeal(caretaker, where, outcome="upheld", facts="Nein.") == 403
    assert send_appeal(second, where, outcome="upheld", facts="Nein, es bleibt.") == 302
    assert (fresh(appeal).outcome, appeal.decided_by) == ("upheld", second)
    assert told("anna@example.org") == ["suggestions.report_received", "suggestions.report_decided", "suggestions.appeal_decided"]


def send_appeal(who: Person, where: str, **said: str) -> int:
    return as_(who).post(where, said).status_code


def test_a_lone_caretaker_decides_on_the_appeal_too(haus: Organisation, caretaker: Person) -> None:
    found = report(haus)
    actions.decide_report(found, NOTHING, by=caretaker)
    appeal = actions.appeal_decision(found, "notifier", "Doch.")
    assert access.may_judge_appeal(caretaker, appeal)


def test_strangers_and_stewards_decide_on_no_appeal(haus: Organisation, steward: Person, caretaker: Person) -> None:
    found = report(haus)
    actions.decide_report(found, NOTHING, by=caretaker)
    appeal = actions.appeal_decision(found, "notifier", "Doch.")
    where = f"/meldung/{found.uuid}/einspruch/{appeal.pk}/"
    for who in (steward, person("stranger")):
        assert send_appeal(who, where, outcome="upheld", facts="Nein.") == 404
    assert Client().get(where).status_code == 302
    assert send_appeal(caretaker, f"/meldung/{found.uuid}/einspruch/999/", outcome="upheld", facts="Nein.") == 404


def test_what_was_removed_comes_back(haus: Organisation, steward: Person, caretaker: Person) -> None:
    directory.edit_organisation(haus, {"summary": "Eine Meinung.", "phone": "030 123"}, by=steward, base=0)
    before, history = undoing.said(haus.pk), list(Revision.objects.values_list("before", "after"))
    found = report(haus)
    actions.decide_report(found, fields("summary", "phone", "address"), by=caretaker)
    assert (fresh(haus).summary, haus.phone, haus.visibility) == ("", "", {"address": "stewards"})
    second = person("second", is_caretaker=True)
    appeal = actions.appeal_decision(found, "steward", "Es ist eine Meinung.")
    where = f"/meldung/{found.uuid}/einspruch/{appeal.pk}/"
    assert send_appeal(second, where, outcome="changed", facts="Stimmt.") == 200
    assert send_appeal(second, where, outcome="changed", effect="none", facts="Stimmt, es ist eine Meinung.") == 302
    assert undoing.said(haus.pk) == before
    assert list(Revision.objects.order_by("pk").values_list("before", "after"))[: len(history)] == history[::-1][::-1]
    assert (fresh(found).effect, found.removed, found.fields) == ("none", {}, [])
    assert Notice.objects.filter(person=steward, kind="suggestions.appeal_decided").count() == 1


def test_what_stewards_wrote_meanwhile_stays(haus: Organisation, steward: Person, caretaker: Person) -> None:
    directory.edit_organisation(haus, {"summary": "Eine Meinung."}, by=steward, base=0)
    found = report(haus)
    actions.decide_report(found, fields("summary"), by=caretaker)
    directory.edit_organisation(haus, {"summary": "Etwas Neues."}, by=steward, base=newest_revision(haus.pk))
    appeal = actions.appeal_decision(found, "steward", "Es war eine Meinung.")
    actions.decide_appeal(appeal, "changed", "Stimmt.", by=caretaker, verdict=NOTHING)
    assert fresh(haus).summary == "Etwas Neues."


def test_an_entry_comes_back_and_an_appeal_can_go_the_other_way(haus: Organisation, caretaker: Person) -> None:
    one, two = report(haus), report(haus)
    actions.decide_report(one, OFF, by=caretaker)
    back = actions.appeal_decision(one, "steward", "Bitte zurück.")
    actions.decide_appeal(back, "changed", "Ja.", by=caretaker, verdict=NOTHING)
    assert fresh(haus).state == State.PUBLISHED
    actions.decide_report(two, NOTHING, by=caretaker)
    off = actions.appeal_decision(two, "notifier", "Doch.")
    actions.decide_appeal(off, "changed", "Ja.", by=caretaker, verdict=OFF)
    assert (fresh(haus).state, fresh(two).effect) == (State.ARCHIVED, "archived")
    with pytest.raises(Refused):
        actions.decide_appeal(off, "upheld", "Nein.", by=caretaker)


# ----------------------------------------------------------------------------------------------------------- the numbers


def test_the_public_numbers(haus: Organisation, caretaker: Person, client: Client) -> None:
    assert queries.register() == []
    assert client.get("/meldungen/").status_code == 200
    found, *others = [report(haus) for _ in range(4)]
    for one, verdict in zip(others, (NOTHING, fields("summary"), OFF), strict=True):
        actions.decide_report(one, verdict, by=caretaker)
    appeal = actions.appeal_decision(Report.objects.filter(effect="archived").get(), "steward", "Nein.")
    actions.decide_appeal(appeal, "changed", "Ja.", by=caretaker, verdict=NOTHING)
    year = timezone.localtime().year
    assert queries.register() == [queries.Year(year, received=4, open=1, none=2, fields=1, archived=0, appeals=1, changed=1, days=1)]
    page = client.get("/meldungen/")
    assert page.status_code == 200
    assert not any(word in page.content.decode() for word in ("Anna", "Haus eG", str(found.uuid)))
    assert dict(page.cookies) == {}


def test_the_trail_names_nobody(haus: Organisation, caretaker: Person) -> None:
    found = report(haus, name="Anna Geheim", reason="Geheim")
    actions.decide_report(found, fields("summary"), by=caretaker)
    facts = str(list(Entry.objects.values_list("facts", flat=True)))
    assert not any(word in facts for word in ("Geheim", "anna", "185"))
    assert not Entry.objects.filter(verb="suggestions.report_made").exclude(by=None).exists()


def test_steward_of_two_entries_decides_on_neither(haus: Organisation, caretaker: Person) -> None:
    steward = steward_of(haus, "two")
    with pytest.raises(NotAllowed):
        actions.decide_report(report(haus), OFF, by=steward)
    assert fresh(haus).state == State.PUBLISHED
