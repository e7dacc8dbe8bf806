"""What the rooms of the exchange tell by what they find, count and draw; and by what they write to people."""

import re

import pytest
from django.test import Client

from allmende.comments.actions import write_comment
from allmende.enquiries.actions import write_message
from allmende.exchange.models import Listing
from allmende.ground import queue
from allmende.ground.models import Letter
from allmende.people.models import Notice
from allmende.projects.models import Project
from tests.leaks.scene import Scene
from tests.leaks.secrets import GUEST, NEIGHBOUR, NETWORK, OUTSIDER, OWNER, STRANGER
from tests.leaks.together import SEE_PROJECT
from tests.leaks.walk import Walker, searcher, taken_back

pytestmark = pytest.mark.django_db

FINDERS = ("/boerse/", "/boerse/feed.atom", "/boerse/orte.geojson", "/api/v1/listings")
FINDS: dict[str, set[str]] = {
    GUEST: set(),
    OUTSIDER: set(),
    NEIGHBOUR: {"network", "chosen"},
    NETWORK: {"network"},
    OWNER: {"network", "chosen"},
}
"""Whose search for a word of a listing finds it; programs find what guests find. Drafts and what was taken off nobody finds."""
EMPTY_SINCE = re.compile(rb"<updated>[^<]*</updated>(?=<author><name>[^<]*</name></author></feed>)")
"""A feed with nothing in it says when it was asked for."""


@pytest.mark.parametrize("viewer", FINDS)
@pytest.mark.parametrize("word", ["angebotstext", "stichwort"])
def test_a_word_of_a_listing_finds_it_only_for_those_who_may_read_it(scene: Scene, viewer: str, word: str) -> None:
    client = Walker(scene, viewer).client
    found: set[tuple[str, str]] = set()
    for name in ("network", "chosen", "draft", "hidden"):
        pages = [client.get(finder, {"q": f"{word}{name}qxj"}).content.decode() for finder in FINDERS]
        found |= {(name, finder) for finder, page in zip(FINDERS, pages, strict=True) if f"/boerse/{scene.pk(name)}/" in page}
    assert found == {(name, "/boerse/") for name in FINDS[viewer]}


@pytest.mark.parametrize("viewer", [GUEST, STRANGER, OUTSIDER, NETWORK])
def test_a_word_of_a_project_finds_it_only_for_those_who_may_read_it(scene: Scene, viewer: str) -> None:
    client = Walker(scene, viewer).client
    found: set[str] = set()
    for name in ("project", "draft project", "hidden project"):
        page = client.get("/projekte/", {"q": f"satz{name.replace(' ', '')}qxj"}).content.decode()
        found |= {name} if f"/projekte/{scene.pk(name)}/" in page else set()
    assert found == ({"project"} if viewer in SEE_PROJECT else set())


def test_what_is_not_for_everybody_leaves_no_mark_on_what_everybody_gets(scene: Scene) -> None:
    """Points, heaps, numbers and pages for guests are the same whether it is there or not."""
    looks = (
        "/boerse/", "/boerse/orte.geojson", "/boerse/kacheln/5/17/11.mvt", "/boerse/kacheln/12/2179/1421.mvt", "/api/v1/listings",
        "/boerse/feed.atom", f"/boerse/{scene.pk('public')}/passend/", "/projekte/", "/projekte/feed.atom", "/rueckmeldungen/",
        "/arbeitskreise/", "/o/offen-stewards/", "/o/nachbar/", "/sitemap-1.xml",
    )  # fmt: skip

    def seen() -> list[bytes]:
        return [EMPTY_SINCE.sub(b"", Client().get(address).content) for address in looks]

    with taken_back():
        before = seen()
        Listing.objects.exclude(audience="public", state="open").delete()
        Project.objects.exclude(audience="public").delete()
        after = seen()
    assert [address for address, one, other in zip(looks, before, after, strict=True) if one != other] == []


def test_nobody_is_written_what_they_may_not_read(scene: Scene) -> None:
    """All letters and lines of the house that came of a comment, a message and a day's background work."""
    search, people = searcher(scene), scene.people
    by_address = {person.email: key for key, person in people.items()}
    keep = scene.secrets.by_word
    with taken_back():
        Letter.objects.all().delete()
        Notice.objects.all().delete()
        write_comment(scene.things["network"], "Noch ein Satz.", by=people[NEIGHBOUR])
        write_message(scene.things["enquiry"], "Noch eine Nachricht.", by=people[NEIGHBOUR], side="asker")
        queue.run_all()
        told = [(letter.to, letter.subject, letter.body) for letter in Letter.objects.all()]
        told += [(notice.person.email, notice.subject, notice.text) for notice in Notice.objects.select_related("person")]
        wrong = [
            f"to {by_address.get(to, to)}: {secret.what}"
            for to, subject, body in told
            for secret in search(subject, body.encode(), "")
            if by_address.get(to, GUEST) not in keep[secret.word].sees and secret.what != f"the name of {NEIGHBOUR}"  # who wrote it
        ]
    assert wrong == []
    assert any(to == people[OWNER].email for to, _subject, _body in told)
