"""The pages of the bank: who comes in, what they show, what they do with nonsense."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.banking import actions, rules
from allmende.banking.models import Line, Mandate, Run, Upload
from allmende.directory.models import Role, Stewardship
from allmende.ground.models import Entry
from allmende.ground.refusals import Refused
from allmende.money import queries as money
from allmende.people.models import Person
from tests import coops
from tests.banking.scene import ANNA, BEN, Scene, camt, entry, imported, mandate, scene

pytestmark = pytest.mark.django_db
FOR_OFFICES = ("statements", "mandates", "debits", "payouts")


def at(of: Scene, name: str, *args: object) -> str:
    """The address of a page of this room."""
    return reverse(f"banking:{name}", args=[of.slug, *args])


def seen(client: Client, who: Person | None, path: str, **post: Any) -> Any:
    """What this viewer gets."""
    client.logout()
    if who:
        client.force_login(who)
    return client.post(path, post) if post else client.get(path)


def test_offices_come_in_and_nobody_else_not_even_caretakers(client: Client) -> None:
    of = scene()
    (line,) = imported(of, entry(250_00, "x"))
    caretaker = coops.person("pflege")
    Person.objects.filter(pk=caretaker.pk).update(is_caretaker=True)
    caretaker.refresh_from_db()
    steward = coops.person("betreut")
    Stewardship.objects.create(organisation=of.cooperative.organisation, person=steward, role=Role.OWNER, since=timezone.now())
    paths = [at(of, name) for name in FOR_OFFICES] + [at(of, "line", line.uuid), at(of, "member_accounts", 1)]
    for path in paths:
        assert seen(client, None, path).status_code == 302, path
        for who in (coops.person(uuid4().hex), of.anna.person, caretaker, steward):
            assert seen(client, who, path).status_code == 404, path
        assert seen(client, of.board, path).status_code == 200, path
    auditor = coops.office(of.cooperative, "audit")
    for path in paths[:-1]:
        answer = seen(client, auditor, path)
        assert answer.status_code == 200 and b"csrfmiddlewaretoken" not in answer.content.split(b"<main")[1].split(b"</main")[0], path
    assert seen(client, auditor, at(of, "book", line.uuid), request=str(of.request(of.anna).uuid)).status_code == 404


def test_whole_numbers_are_shown_on_demand_only_and_that_is_noted(client: Client) -> None:
    of = scene()
    mandate(of, of.anna)
    path = at(of, "member_accounts", 1)
    masked, whole = rules.masked(ANNA), rules.spaced(ANNA)
    before = seen(client, of.board, path).content.decode()
    assert masked in before and whole not in before and ANNA not in before
    assert whole in seen(client, of.board, path, show="1").content.decode()
    assert Entry.objects.filter(verb="banking.account_looked_at", by=of.board).count() == 1
    clerk = coops.office(of.cooperative, "administration")
    assert whole not in seen(client, clerk, path, show="1").content.decode()
    assert masked in seen(client, of.board, at(of, "mandates")).content.decode()


def test_a_member_gives_sees_and_takes_back_a_mandate(client: Client) -> None:
    of = scene()
    path = at(of, "own_mandate")
    assert seen(client, coops.person("fremd2"), path).status_code == 404
    wrong = seen(client, of.anna.person, path, iban="DE12", holder="Anna", agreed="on")
    assert wrong.status_code == 422 and b'value="DE12"' in wrong.content
    assert seen(client, of.anna.person, path, iban=ANNA, holder="Anna").status_code == 422  # not agreed to
    assert seen(client, of.anna.person, path, iban=ANNA, holder="Anna", agreed="on").status_code == 302
    assert Mandate.objects.get().text_shown
    assert rules.spaced(ANNA) in seen(client, of.anna.person, path).content.decode()
    assert rules.spaced(ANNA) not in seen(client, of.ben.person, path).content.decode()
    client.force_login(of.anna.person)  # type: ignore[arg-type]
    for _twice in range(2):
        assert client.post(at(of, "revoke_own_mandate")).status_code == 302
    assert Mandate.objects.get().ending == "member"
    account = {"konto-iban": BEN, "konto-holder": "Anna"}
    assert client.post(at(of, "own_account"), account).status_code == 302
    assert client.post(at(of, "own_account"), account | {"konto-iban": "DE1"}).status_code == 422


def test_a_statement_is_taken_over_booked_and_undone_by_clicks(client: Client) -> None:
    of = scene()
    request = of.request(of.anna)
    file = SimpleUploadedFile(
        "auszug.xml", camt(entry(250_00, request.code, ref="1"), entry(9_00, "<b>x</b>".replace("<", "&lt;"), ref="2"))
    )
    assert seen(client, of.board, at(of, "statements"), file=file).status_code == 302
    page = client.get(at(of, "statements"))
    line, other = Line.objects.order_by("pk")
    assert b"<b>x</b>" not in page.content and str(line.uuid).encode() in page.content
    assert client.post(at(of, "book_certain"), {"line": [str(line.uuid), "nonsense"]}).status_code == 302
    assert money.capital(of.anna) == 250_00
    assert client.post(at(of, "book", line.uuid), {"request": str(request.uuid)}).status_code == 302  # a second click
    assert money.capital(of.anna) == 250_00
    client.post(at(of, "undo", line.uuid), {"x": "1"})
    assert money.capital(of.anna) == 0
    hand = client.get(at(of, "line", line.uuid), {"mitglied": "müll"})
    assert request.code in hand.content.decode()
    typed = {"request": str(request.uuid), f"cents-{request.uuid}": "100,00", "stay": "1"}
    assert client.post(at(of, "book", line.uuid), typed).url == at(of, "line", line.uuid)  # type: ignore[attr-defined]
    assert money.capital(of.anna) == 100_00
    client.post(at(of, "ignore", other.uuid), {"reason": "Spende"})
    assert client.get(at(of, "statements"), {"stand": "ignored"}).content.count(b"Spende") == 1
    assert client.get(at(of, "statements"), {"stand": "quatsch"}).status_code == 404


def test_a_table_is_looked_at_before_it_is_taken_over(client: Client) -> None:
    of = scene()
    data = f"Wann;Wieviel;Verwendungszweck\n{localdate():%d.%m.%Y};12,00;Beitrag\n".encode("cp1252")
    client.force_login(of.board)
    answer = client.post(at(of, "statements"), {"file": SimpleUploadedFile("konto.csv", data)})
    upload = Upload.objects.get()
    assert answer.url == at(of, "upload", upload.uuid)  # type: ignore[attr-defined]
    assert client.get(answer.url).status_code == 200  # type: ignore[attr-defined]
    chosen = {"account": of.cooperative.bank_accounts.get().pk, "booked": "0", "amount": "1", "text": "2"}
    assert "12,00" in client.post(at(of, "upload", upload.uuid), chosen | {"look": "1"}).content.decode()
    assert client.post(at(of, "upload", upload.uuid), chosen | {"import": "1", "amount": "99"}).status_code == 422
    assert client.post(at(of, "upload", upload.uuid), chosen | {"import": "1"}).status_code == 302
    assert Line.objects.get().cents == 12_00
    for bad in (b"", b"\x00\x01", b"<a/>", b"nur ein Wort"):
        assert client.post(at(of, "statements"), {"file": SimpleUploadedFile("x.csv", bad)}).status_code == 422


def test_debits_and_payouts_go_from_choice_to_file(client: Client) -> None:
    of = scene()
    mandate(of, of.anna)
    client.force_login(of.board)
    day = rules.first_collection(localdate(), 14)
    assert of.request(of.anna).code in client.get(at(of, "debits")).content.decode()
    chosen = {"request": str(of.request(of.anna).uuid), "day": day.isoformat()}
    assert client.post(at(of, "debits"), chosen | {"day": "1900-01-01"}).status_code == 422
    assert client.post(at(of, "debits"), chosen).status_code == 302
    assert client.post(at(of, "debits"), chosen).status_code == 422  # a second click
    run = Run.objects.get()
    assert client.get(at(of, "run", run.uuid)).status_code == 200
    assert client.get(at(of, "file", run.uuid)).status_code == 405
    file = client.post(at(of, "file", run.uuid))
    assert file.headers["Content-Disposition"] == f'attachment; filename="{run.message_id}.xml"'
    assert client.post(at(of, "execute", run.uuid), {"day": "quatsch"}).status_code == 302
    assert client.post(at(of, "came_back", run.uuid), {"item": "nirgends"}).status_code == 404
    assert client.post(at(of, "cancel", run.uuid), {"reason": "Test"}).status_code == 302
    assert client.get(at(of, "payouts")).status_code == 200


def test_things_of_another_cooperative_are_not_found(client: Client) -> None:
    of = scene()
    (line,) = imported(of, entry(5_00, "x"))
    other = coops.cooperative("Anderswo eG")
    coops.statute(other)
    stranger = coops.office(other)
    client.force_login(stranger)
    slug = other.organisation.slug
    assert client.get(reverse("banking:line", args=[slug, line.uuid])).status_code == 404
    assert client.post(reverse("banking:ignore", args=[slug, line.uuid]), {"reason": "x"}).status_code == 404
    assert client.get(reverse("banking:run", args=[slug, uuid4()])).status_code == 404
    assert client.get(reverse("banking:member_accounts", args=[slug, 99])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_lines_asks_the_same_number_of_questions(client: Client, number: int, django_assert_max_num_queries: Any) -> None:
    of = scene()
    imported(of, *(entry(250_00, of.request(of.anna).code, ref=str(one)) for one in range(number)))
    client.force_login(of.board)
    client.get(at(of, "statements"))
    with django_assert_max_num_queries(45):
        client.get(at(of, "statements"))


def test_two_at_once_find_a_line_booked_already() -> None:
    of = scene()
    (line,) = imported(of, entry(250_00, "x"))
    stale = Line.objects.get(pk=line.pk)
    actions.book_line(line, [(of.request(of.anna), 250_00)], by=of.board)
    with pytest.raises(Refused):
        actions.book_line(stale, [(of.request(of.ben), 250_00)], by=coops.office(of.cooperative))
    assert (money.capital(of.anna), money.capital(of.ben)) == (250_00, 0)
