"""Who comes in where between a network and its members."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.constitution.models import OfficeKind
from allmende.directory.models import Kind, Organisation, Proof, Role, Stewardship
from allmende.members.actions import Named
from allmende.members.models import Party
from allmende.money.models import Request
from allmende.networks import actions
from allmende.networks.models import Bond, FeeScheme, Representative
from allmende.networks.rules import Step
from tests import cast, coops

pytestmark = pytest.mark.django_db


def _client(person) -> Client:
    made = Client()
    made.force_login(person, backend="allmende.people.adapter.Backend")
    return made


@pytest.fixture
def scene():
    bund = coops.cooperative("Bund eG")
    Organisation.objects.filter(pk=bund.organisation_id).update(kind=Kind.NETWORK)
    coops.statute(bund)
    board, owner = coops.office(bund), coops.person("owner")
    member = cast.organisation("Bauhof eG")
    Stewardship.objects.create(organisation=member, person=owner, role=Role.OWNER, proof=Proof.GRANTED, since=timezone.now())
    one = coops.member(bund, board, named=Named(party=Party.LEGAL, firm="Bauhof eG"), organisation=member)
    return bund, board, one, owner


def _at(bund, name: str, *args: object) -> str:
    return reverse(f"networks:{name}", args=[bund.organisation.slug, *args])


def test_pages_are_for_offices_and_for_the_member_once_it_has_confirmed(scene, client) -> None:
    bund, board, one, owner = scene
    audit, stranger = coops.office(bund, OfficeKind.AUDIT), coops.person("fremd")
    entry = coops.person("eintrag")
    Stewardship.objects.create(organisation=bund.organisation, person=entry, role=Role.OWNER, proof=Proof.GRANTED, since=timezone.now())
    keeper = coops.person("pflege")
    keeper.is_caretaker = True
    keeper.save()
    both = [_at(bund, "networks"), _at(bund, "member", one.number)]
    offices = [_at(bund, "fees")]
    for page in (*both, *offices, _at(bund, "scheme"), _at(bund, "answer", one.number)):
        assert client.get(page).status_code == 302
        assert [_client(who).get(page).status_code for who in (stranger, entry, keeper)] == [404, 404, 404]
    assert [_client(owner).get(page).status_code for page in (*both, *offices)] == [404] * 3
    assert [_client(board).get(page).status_code for page in (*both, *offices, _at(bund, "scheme"))] == [200] * 4
    assert [_client(audit).get(page).status_code for page in (*both, *offices, _at(bund, "scheme"))] == [200, 200, 200, 404]
    assert _client(owner).get(_at(bund, "answer", one.number)).status_code == 200
    _client(owner).post(_at(bund, "answer", one.number), {"answer": "yes"})
    assert Bond.objects.get().answer == "yes"
    assert [_client(owner).get(page).status_code for page in (*both, *offices)] == [200, 200, 404]
    assert _client(board).post(_at(bund, "answer", one.number), {"answer": "no"}).status_code == 404


def test_a_year_goes_through_the_pages(scene) -> None:
    bund, board, one, owner = scene
    browser, member = _client(board), _client(owner)
    actions.answer(one, says_yes=True, by=owner)
    said = {"from_year": localdate().year, "measure": "employees", "upto0": "9", "fee0": "120,00", "fee1": "1.250,00"}
    assert browser.post(_at(bund, "scheme"), {**said, "fee1": "viel"}).status_code == 400
    assert browser.post(_at(bund, "scheme"), said).status_code == 302
    assert [(band.upto, band.cents) for band in FeeScheme.objects.get().bands.all()] == [(9, 120_00), (None, 1250_00)]
    assert member.post(_at(bund, "size", one.number), {"figure": "x", "declared_on": "2025-01-01"}).status_code == 400
    assert member.post(_at(bund, "size", one.number), {"figure": "12", "declared_on": "2025-01-01"}).status_code == 302
    assert "1.250" in member.get(_at(bund, "networks")).content.decode()
    assert member.post(_at(bund, "fees"), {"due_on": localdate().isoformat()}).status_code == 404
    for _again in range(2):
        assert browser.post(_at(bund, "fees"), {"due_on": localdate().isoformat()}).status_code == 302
    assert list(Request.objects.filter(kind="fee").values_list("cents", flat=True)) == [1250_00]
    assert browser.post(_at(bund, "take_back_fee", one.number, localdate().year)).status_code == 302
    for year in ("abc", "9999", "²025"):
        assert browser.get(_at(bund, "fees"), {"year": year}).status_code == 200


def test_somebody_is_named_and_confirmed_through_the_pages(scene) -> None:
    bund, board, one, owner = scene
    actions.answer(one, says_yes=True, by=owner)
    said = {"name": "<i>A. Muster</i>", "acting": "all", "since": localdate().isoformat(), "proof": "Mail des Vorstands"}
    assert _client(owner).post(_at(bund, "represent", one.number), {**said, "proof": ""}).status_code == 400
    assert _client(owner).post(_at(bund, "represent", one.number), said).status_code == 302
    made = Representative.objects.get()
    stranger = _client(coops.person("fremd"))
    assert [stranger.post(_at(bund, name, one.number, made.uuid)).status_code for name in ("confirm", "end")] == [404, 404]
    assert "&lt;i&gt;A. Muster" in _client(board).get(_at(bund, "member", one.number)).content.decode()
    assert _client(board).post(_at(bund, "confirm", one.number, made.uuid)).status_code == 302
    assert Representative.objects.get().confirmed_at
    assert _client(owner).post(_at(bund, "end", one.number, made.uuid)).status_code == 302
    assert Representative.objects.get().until == localdate()


def test_the_entries_show_what_both_sides_say(scene, client) -> None:
    bund, _board, one, owner = scene
    pages = [reverse("directory:organisation", args=[slug]) for slug in (bund.organisation.slug, one.organisation.slug)]
    assert "Bauhof eG" not in client.get(pages[0]).content.decode()
    asking = _at(bund, "answer", one.number)
    assert asking in _client(owner).get(pages[1]).content.decode()
    assert asking not in client.get(pages[1]).content.decode()
    assert asking in _client(owner).get(reverse("people:mine")).content.decode()
    actions.answer(one, says_yes=True, by=owner)
    assert "Bauhof eG" in client.get(pages[0]).content.decode()
    assert "Bund eG" in client.get(pages[1]).content.decode()


def test_a_size_of_fees_holds_its_bands(scene) -> None:
    bund, board, _one, _owner = scene
    made = actions.save_scheme(bund, 2026, [Step(None, 0)], measure="members", is_pro_rata=False, by=board)
    assert _client(board).post(_at(bund, "drop_scheme", 2026)).status_code == 302
    assert not FeeScheme.objects.filter(pk=made.pk).exists()
