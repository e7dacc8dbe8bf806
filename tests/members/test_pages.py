"""The pages of the register: who comes in, what stays covered, what is logged, and that long lists ask no more than short ones."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from allmende.constitution.models import Cooperative, OfficeKind
from allmende.directory.models import Role
from allmende.ground import outbox
from allmende.members import actions
from allmende.members.actions import Named
from allmende.members.models import Inspection, Membership
from allmende.people.models import Person
from allmende.stewards.actions import grant
from tests import coops

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("https://x.example")'


class Scene:
    """A cooperative with a board, a member with an account and two others."""

    def __init__(self) -> None:
        self.of: Cooperative = coops.cooperative()
        coops.statute(self.of)
        self.board = coops.office(self.of)
        self.member_person = coops.person("mira")
        self.mira = coops.member(self.of, self.board, shares=3, family_name="Schmidt", person=self.member_person)
        self.other = coops.member(self.of, self.board, family_name=FORMULA)
        legal = Named(party="legal", firm="Hostsharing eG", town="Hamburg")
        self.legal = coops.member(self.of, self.board, named=legal)
        self.slug = self.of.organisation.slug

    def at(self, path: str = "") -> str:
        """An address of this cooperative."""
        return f"/genossenschaft/{self.slug}/{path}"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def signed_in(person: Person | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


OFFICE_PAGES = ["mitglieder/", "mitglieder/1/", "mitglieder/liste.csv", "mitglieder/aenderungen/", "mitglieder/gruppen/"]
OFFICE_PAGES += ["mitglieder/einsicht/protokoll/", "mitglieder/aufdecken/", "mitglieder/1/daten/", "mitglieder/1/auszug.pdf"]


def test_the_register_is_for_offices_alone(scene: Scene) -> None:
    owner, caretaker = coops.person("owner"), coops.person("care")
    grant(scene.of.organisation, owner, role=Role.OWNER, proof="founded")
    caretaker.is_caretaker = True
    caretaker.save()
    for path in OFFICE_PAGES:
        assert Client().get(scene.at(path)).status_code == 302
        for person in (coops.person(f"x{path.strip('/').replace('/', '')}"), owner, caretaker, scene.member_person):
            assert signed_in(person).get(scene.at(path)).status_code == 404, path
    for path in ("mitglieder/einsicht/", "mitglieder/zahlen/", "ich/", "ich/auszug.pdf"):
        assert signed_in(owner).get(scene.at(path)).status_code == 404
        assert signed_in(caretaker).get(scene.at(path)).status_code == 404
    assert signed_in(scene.board).get(scene.at("mitglieder/")).status_code == 200
    other = coops.cooperative("Andere eG")
    assert signed_in(scene.board).get(f"/genossenschaft/{other.organisation.slug}/mitglieder/").status_code == 404


def test_names_are_covered_until_somebody_says_what_for(scene: Scene) -> None:
    client = signed_in(scene.board)
    text = client.get(scene.at("mitglieder/")).content.decode()
    assert "Schmidt" not in text
    assert "Hostsharing eG" in text
    assert "Schmidt" not in client.get(scene.at("mitglieder/1/")).content.decode()
    assert client.post(scene.at("mitglieder/aufdecken/"), {"purpose": " . "}).status_code == 422
    answer = client.post(scene.at("mitglieder/aufdecken/"), {"purpose": "Brief an alle", "next": "//evil.example/"})
    assert answer["Location"] == scene.at("mitglieder/")
    text = client.get(scene.at("mitglieder/")).content.decode()
    assert "Schmidt, Anna" in text
    assert "Schmidt" in client.get(scene.at("mitglieder/1/")).content.decode()
    client.get(scene.at("mitglieder/1/"))
    looks = list(Inspection.objects.order_by("pk").values_list("what", "role", "purpose", "membership__number"))
    assert looks == [("names", "board", "Brief an alle", None), ("member", "board", "", 1)]
    later = timezone.now() + timedelta(minutes=61)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("allmende.members.views.timezone.now", lambda: later)
        assert "Schmidt" not in client.get(scene.at("mitglieder/")).content.decode()


def test_the_list_is_searched_sorted_filtered_and_as_of_any_day(scene: Scene) -> None:
    group = coops.group(scene.of)
    actions.put_in_group(scene.mira, group, since=date(2026, 1, 1), by=scene.board)
    actions.end_membership(scene.other, ends_on=date(2025, 12, 31), reason="notice", declared_on=date(2025, 9, 1), by=scene.board)
    client = signed_in(scene.board)

    def numbers(query: str) -> list[str]:
        rows = client.get(scene.at(f"mitglieder/?{query}")).context["rows"]
        return [str(row.membership) for row, _name in rows]

    assert numbers("") == ["0001", "0003"]
    assert numbers("on=2025-12-31") == ["0001", "0002", "0003"]
    assert numbers("on=2026-01-01") == ["0001", "0003"]
    assert numbers("on=2024-12-31") == []
    assert numbers("on=2190-01-01") == ["0001", "0003"]
    assert numbers("who=left&on=2025-12-31") == ["0002"]
    assert numbers("who=left&on=2025-12-30") == []
    assert numbers("q=SCHMIDT") == ["0001"]
    assert numbers("q=0003") == ["0003"]
    assert numbers("q=99999999999999") == []
    assert numbers("group=employees") == ["0001"]
    assert numbers("group=employees&on=2025-06-01") == []
    assert numbers("group=-") == ["0003"]
    assert numbers("kind=investing") == []
    assert numbers("sort=name") == ["0003", "0001"]
    assert numbers("sort=shares") == ["0001", "0003"]
    for broken in ("on=gestern", "on=1500-01-01", "sort=secret", "kind=x", "on=2026-02-30"):
        assert client.get(scene.at(f"mitglieder/?{broken}")).status_code == 400
    assert client.get(scene.at("mitglieder/99999999999999999999/")).status_code == 404


def test_three_members_ask_as_much_as_one(scene: Scene, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(scene.board)
    counts = []
    for query in ("q=0001", ""):
        with django_assert_max_num_queries(60) as asked:
            client.get(scene.at(f"mitglieder/?{query}&on=2026-01-01"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_file_says_what_the_law_asks_and_stands_in_the_log(scene: Scene) -> None:
    """§ 30 II GenG: names, addresses, further shares and the days; §§ 32, 53: to hand over to a court or the auditor."""
    client = signed_in(scene.board)
    said = {"on": "2026-01-01", "purpose": "Wahl des Aufsichtsrats", "with_left": "on"}
    for kind, first in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert client.post(scene.at(f"mitglieder/liste.{kind}"), {"on": "2026-01-01"}).status_code == 422
        answer = client.post(scene.at(f"mitglieder/liste.{kind}"), said)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert content.startswith(first)
        assert answer["Cache-Control"] == "private, no-store"
        if kind == "csv":
            lines = content.decode().splitlines()
            assert lines[1].startswith("1;Schmidt;Anna;;;;;Jena;DE;2;3;")
            assert "'=HYPERLINK" in lines[2]
            assert len(lines) == 4
    assert client.get(scene.at("mitglieder/liste.exe")).status_code == 404
    assert list(Inspection.objects.order_by("pk").values_list("what", "rows")) == [("csv", 3), ("xlsx", 3), ("pdf", 3)]


def test_a_member_inspects_for_a_purpose_and_others_see_that_somebody_did(scene: Scene) -> None:
    """§ 31 I GenG: every member may inspect the list."""
    client = signed_in(scene.member_person)
    assert client.get(scene.at("mitglieder/einsicht/liste/")).status_code == 302
    assert client.post(scene.at("mitglieder/einsicht/"), {"own-purpose": ""}).status_code == 422
    third = {"what": "third", "third-purpose": "Titel des Amtsgerichts", "third-inspector": "Gläubigerin"}
    assert client.post(scene.at("mitglieder/einsicht/"), third).status_code == 422
    assert client.post(scene.at("mitglieder/einsicht/"), {"own-purpose": "Versammlung verlangen"}).status_code == 302
    text = client.get(scene.at("mitglieder/einsicht/liste/")).content.decode()
    assert "Schmidt, Anna" in text
    assert "Hostsharing eG" in text
    assert "&lt;" in text or "=HYPERLINK(&quot;" in text
    look = Inspection.objects.get()
    assert (look.role, look.rows, look.purpose) == ("member", 3, "Versammlung verlangen")
    Inspection.objects.update(rows=2_000)
    assert client.get(scene.at("mitglieder/einsicht/liste/")).status_code == 409
    scene.other.person = coops.person("other")
    scene.other.save()
    seen = signed_in(scene.other.person).get(scene.at("ich/zugriffe/")).content.decode()
    assert "Versammlung verlangen" in seen
    assert str(scene.member_person) not in seen


def test_offices_let_a_third_party_look(scene: Scene) -> None:
    """§ 31 I GenG: third parties with a legitimate interest, bound to the purpose they said."""
    client = signed_in(scene.board)
    third = {"what": "third", "third-purpose": "Titel des Amtsgerichts", "third-inspector": "Erika Gläubigerin"}
    assert client.post(scene.at("mitglieder/einsicht/"), third).status_code == 302
    assert client.get(scene.at("mitglieder/einsicht/liste/")).status_code == 200
    assert Inspection.objects.values_list("role", "inspector", "rows").get() == ("third", "Erika Gläubigerin", 3)
    assert "Erika Gläubigerin" in client.get(scene.at("mitglieder/einsicht/protokoll/")).content.decode()


def test_the_own_page_says_what_the_register_says_and_nothing_of_others(scene: Scene) -> None:
    client = signed_in(scene.member_person)
    text = client.get(scene.at("ich/")).content.decode()
    assert "0001" in text
    assert "Hostsharing" not in text
    assert client.get(scene.at("ich/auszug.pdf")).content.startswith(b"%PDF")
    assert client.get(scene.at("ich/zugriffe/")).status_code == 200
    assert client.get(scene.at("mitglieder/zahlen/")).status_code == 200
    assert "0001" in client.get("/mein/").content.decode()
    assert signed_in(coops.person("nobody")).get(scene.at("ich/")).status_code == 404


def data(**fields: Any) -> dict[str, Any]:
    """What the form of one's data sends."""
    said = {"family_name": "Schmidt", "given_name": "Anna", "town": "Jena", "country": "DE", "language": "de", "from_on": localdate()}
    return said | fields


def test_a_member_asks_for_a_change_and_the_administration_decides(scene: Scene) -> None:
    client, board = signed_in(scene.member_person), signed_in(coops.office(scene.of, OfficeKind.ADMINISTRATION))
    assert client.post(scene.at("ich/daten/"), data()).status_code == 422
    assert client.post(scene.at("ich/daten/"), data(country="Deutschland")).status_code == 422
    assert client.post(scene.at("ich/daten/"), data(from_on=localdate() + timedelta(days=1))).status_code == 422
    assert client.post(scene.at("ich/daten/"), data(town="Gera", firm="x")).status_code == 302
    assert "Gera" in client.get(scene.at("ich/daten/")).content.decode()
    assert "Gera" in board.get(scene.at("mitglieder/aenderungen/1/")).content.decode()
    assert "0001" in board.get(scene.at("mitglieder/aenderungen/")).content.decode()
    assert board.post(scene.at("mitglieder/aenderungen/1/"), {"what": "refuse", "reason": ""}).status_code == 422
    assert board.post(scene.at("mitglieder/aenderungen/1/"), {"what": "x"}).status_code == 200
    assert board.post(scene.at("mitglieder/aenderungen/1/"), {"what": "accept"}).status_code == 302
    assert board.post(scene.at("mitglieder/aenderungen/1/"), {"what": "accept"}).status_code == 302
    assert list(scene.mira.particulars.values_list("town", "valid_until")) == [("Gera", None), ("Jena", localdate() - timedelta(days=1))]


def test_the_board_changes_groups_lines_and_data(scene: Scene) -> None:
    coops.group(scene.of)
    client = signed_in(scene.board)
    assert client.get(scene.at("mitglieder/1/daten/")).status_code == 302
    client.post(scene.at("mitglieder/aufdecken/"), {"purpose": "Umzug eintragen"})
    assert client.get(scene.at("mitglieder/1/daten/")).status_code == 200
    assert client.post(scene.at("mitglieder/1/daten/"), data(town="Gotha")).status_code == 302
    assert "Gotha" in client.get(scene.at("mitglieder/1/")).content.decode()
    assert client.post(scene.at("mitglieder/1/gruppe/"), {"group": "none", "since": "2026-01-01"}).status_code == 422
    assert client.post(scene.at("mitglieder/1/gruppe/"), {"group": "employees", "since": "2026-01-01"}).status_code == 302
    assert client.get(scene.at("mitglieder/1/storno/1/")).status_code == 200
    assert client.post(scene.at("mitglieder/1/storno/1/")).status_code == 409  # the mandatory share
    assert client.get(scene.at("mitglieder/1/storno/7/")).status_code == 404
    reader = signed_in(coops.office(scene.of, OfficeKind.SUPERVISORY))
    assert reader.get(scene.at("mitglieder/1/")).status_code == 200
    assert reader.post(scene.at("mitglieder/1/gruppe/"), {"group": "employees", "since": "2026-02-01"}).status_code == 404
    assert reader.post(scene.at("mitglieder/gruppen/"), {"name": "Neue"}).status_code == 404


def test_groups_are_added_changed_and_removed_while_nobody_belongs_to_them(scene: Scene) -> None:
    client = signed_in(scene.board)
    assert client.post(scene.at("mitglieder/gruppen/"), {"name": "Genoss*innen", "is_open": "on"}).status_code == 302
    assert client.post(scene.at("mitglieder/gruppen/"), {"name": "genoss*innen"}).status_code == 422
    group = scene.of.groups.get()
    assert client.get(scene.at(f"mitglieder/gruppen/{group.key}/")).status_code == 200
    assert client.post(scene.at(f"mitglieder/gruppen/{group.key}/"), {"name": "Nachbarschaft"}).status_code == 302
    actions.put_in_group(scene.mira, scene.of.groups.get(), since=date(2026, 1, 1), by=scene.board)
    client.post(scene.at(f"mitglieder/gruppen/{group.key}/"), {"what": "remove"})
    assert scene.of.groups.get().name == "Nachbarschaft"
    assert "Nachbarschaft" in client.get(scene.at("mitglieder/zahlen/?on=2026-02-01")).content.decode()


def test_an_account_is_joined_by_the_link_to_the_registers_address_alone(scene: Scene) -> None:
    client = signed_in(scene.board)
    client.post(scene.at("mitglieder/2/konto/"), {"what": "invite"})
    assert not outbox.letters_to("bea@members.example")  # no address is known
    present = actions.named_of(scene.other.particulars.get())
    changed = Named(**{**present.__dict__, "email": "bea@members.example"})
    actions.change_particulars(scene.other, changed, from_on=localdate(), by=scene.board)
    client.post(scene.at("mitglieder/2/konto/"), {"what": "invite"})
    letter = outbox.letters_to("bea@members.example")[-1].body
    path = "/genossenschaft/" + letter.split("/genossenschaft/")[1].split()[0]
    bea = coops.person("bea")
    assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 404
    assert signed_in(bea).get(path).status_code == 200
    assert Membership.objects.get(number=2).person is None
    assert signed_in(scene.member_person).post(path).status_code == 409  # has a membership already
    assert signed_in(bea).post(path)["Location"] == scene.at("ich/")
    assert Membership.objects.get(number=2).person == bea
    assert signed_in(coops.person("late")).get(path).status_code == 410
    assert scene.of.organisation.stewardships.get(person=bea).role == Role.MEMBER
    client.post(scene.at("mitglieder/2/konto/"), {"what": "unlink"})
    assert Membership.objects.get(number=2).person is None
    assert scene.of.organisation.stewardships.get(person=bea).until is not None
    assert signed_in(bea).get(path).status_code == 410
