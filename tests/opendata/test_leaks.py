"""What is not public is in no channel: a word that stands only in hidden places must not come out of any door."""

import datetime
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from allmende.directory.models import Belonging, Organisation, Place, Record, State, Visibility
from allmende.opendata.dumps import FORMATS
from tests.cast import HAMBURG, changed, organisation, source

pytestmark = pytest.mark.django_db
SECRET, PROBE = "Zaubernuss", "Kobold"  # what must not come out; what is searched for, so that no page shows it as the question

CHANNELS = [
    "/api/v1/organisations",
    "/api/v1/entries",
    f"/api/v1/organisations?q={PROBE}",
    f"/api/v1/suggest?q={PROBE}",
    "/api/v1/points?zoom=18",
    "/api/v1/points?bbox=9,53,11,54&zoom=6",
    "/api/v1/sources",
    "/api/v1/organisations/offen-eg",
    *(f"/daten/organisationen.{kind}" for kind in FORMATS),
    "/daten/",
    "/daten/katalog.jsonld",
]
NAMED = ["atlas:map", "atlas:figures", "atlas:embed", "atlas:feed"]
FIGURES = ["sector", "source", "country", "region", "legal_form"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Counts are kept by the number of the index, and every test begins again at the same number."""
    cache.clear()


def _addresses() -> list[str]:
    """All channels of this house, those of other rooms by their names."""
    found = [f"{reverse(name)}?q={PROBE}" for name in NAMED] + [reverse(name) for name in NAMED]
    found += [reverse("atlas:figure_csv", args=[name]) for name in FIGURES]
    found += [reverse("directory:organisation", args=["offen-eg"])]
    found += [reverse(f"directory-api:organisation_{twin}", args=["offen-eg"]) for twin in ("json", "jsonld", "vcard")]
    return [*CHANNELS, *found]


def _everything(client: Client) -> str:
    parts = []
    for address in _addresses():
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type, attr-defined]
        parts.append(body.decode())
    return "\n".join(parts)


def _draft(open_one: Organisation) -> None:
    organisation(f"{SECRET} {PROBE} eG", "Hamburg", HAMBURG, state=State.DRAFT, from_source=source("geheim", name=f"Quelle {SECRET}"))


def _archived(open_one: Organisation) -> None:
    item = organisation(f"{SECRET} {PROBE} eG", "Hamburg", HAMBURG, sector="digital")
    item.state = State.ARCHIVED
    item.save()
    changed(item)


def _archived_behind_the_index(open_one: Organisation) -> None:
    """Even if the index were not told: whole entries come from the directory, which asks who is looking."""
    item = organisation("Tarnname eG", "Hamburg", HAMBURG, description=f"{SECRET} {PROBE}")
    Organisation.objects.filter(pk=item.pk).update(state=State.ARCHIVED)


def _merged(open_one: Organisation) -> None:
    item = organisation(f"{SECRET} {PROBE} eG", "Hamburg", HAMBURG)
    item.state, item.merged_into = State.MERGED, open_one
    item.save()
    changed(item)


def _contacts(open_one: Organisation) -> None:
    for visibility in (Visibility.NETWORK, Visibility.MEMBERS, Visibility.STEWARDS):
        organisation(
            f"Mit Kontakt {visibility} eG",
            email=f"{SECRET}@example.org",
            phone=f"+49 {SECRET}",
            visibility={"email": visibility, "phone": visibility},
        )


def _hidden_network(open_one: Organisation) -> None:
    network = organisation(f"{SECRET} {PROBE} Netzwerk", kind="network", state=State.DRAFT)
    Belonging.objects.create(network=network, member=open_one, since=datetime.date(2026, 1, 1))
    changed(open_one)


def _raw_record(open_one: Organisation) -> None:
    Record.objects.filter(organisation=open_one).update(raw={"note": f"{SECRET} {PROBE}"})
    changed(open_one)


def _place_of_a_draft(open_one: Organisation) -> None:
    item = organisation("Entwurf eG", state=State.DRAFT)
    Place.objects.create(organisation=item, label=SECRET, town=f"{SECRET} {PROBE}", country="DE", lat=53.55, lon=10.0, precision="exact")
    changed(item)


@pytest.mark.parametrize(
    "hide", [_draft, _archived, _archived_behind_the_index, _merged, _contacts, _hidden_network, _raw_record, _place_of_a_draft]
)
def test_what_is_hidden_comes_out_of_no_channel(client: Client, hide: Callable[[Organisation], None]) -> None:
    open_one = organisation("Offen eG", "Hamburg", HAMBURG, sector="digital", from_source=source("register"))
    hide(open_one)
    found = _everything(client)
    assert "Offen eG" in found
    assert SECRET.lower() not in found.lower()


@pytest.mark.parametrize("kind", list(FORMATS))
def test_what_is_withdrawn_leaves_the_next_file(client: Client, kind: str) -> None:
    item = organisation("Offen eG", email="post@example.org", visibility={"email": Visibility.PUBLIC})

    def text() -> bytes:
        return b"".join(client.get(f"/daten/organisationen.{kind}").streaming_content)  # type: ignore[arg-type, attr-defined]

    assert b"post@example.org" in text()
    item.visibility = {"email": Visibility.STEWARDS}
    item.save()
    changed(item)
    assert b"post@example.org" not in text()
    item.state = State.ARCHIVED
    item.save()
    changed(item)
    assert b"Offen eG" not in text()
