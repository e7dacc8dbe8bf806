"""What answers tell by what they find: searches for hidden words, letters and digests, data handed out, pairs, the map."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone, translation

from allmende.commons import actions as commons
from allmende.directory.models import Organisation, Place
from allmende.duplicates.reasons import Reason
from allmende.ground import queue
from allmende.ground.models import Letter
from allmende.notices import actions as notices
from tests.cast import changed
from tests.leaks.doors import Address, Route
from tests.leaks.scene import LEVELS, Scene
from tests.leaks.secrets import CARETAKER, GUEST, NEIGHBOUR, OUTSIDER, values
from tests.leaks.walk import Walker, searcher, taken_back

pytestmark = pytest.mark.django_db
STEWARDS_NUMBER = LEVELS.index("stewards") + 1
FINDERS = (
    "/api/v1/organisations?q=", "/api/v1/points?zoom=18&q=", "/karte/orte.geojson?q=", "/karte/feed.atom?q=",
    "/karte/rahmen/?q=", "/karte/?q=",
)  # fmt: skip


STEP = re.compile(rb'data-version="\w+"')
"""Which step the index is at: every change of anything makes it another one."""


@pytest.mark.parametrize("viewer", [GUEST, NEIGHBOUR, CARETAKER])
@pytest.mark.parametrize("finder", FINDERS)
def test_a_hidden_word_finds_nothing(scene: Scene, viewer: str, finder: str) -> None:
    """Searches know only what is public, even for those who may read more: who finds an entry by a word knows the word is there."""
    client, found = Walker(scene, viewer).client, []
    open_word = values(1)["description"]
    assert "offen-public" in client.get(finder + open_word).content.decode()
    for name in ("description", "description_en", "street", "register", "legal_name", "website", "email", "phone"):
        page = client.get(finder + values(STEWARDS_NUMBER)[name]).content.decode()
        found += [name] if "offen-stewards" in page or "Offen stewards" in page else []
    assert found == []


def test_no_correction_and_no_suggestion_tells_a_hidden_word(scene: Scene) -> None:
    """A word with one slip is put right only to words that are public."""
    walker, route, told = Walker(scene, GUEST), Route("", "", frozenset(), False), []
    for name in ("description", "street", "register", "legal_name"):
        word = values(STEWARDS_NUMBER)[name]
        for slipped in (word[:3] + word[4:], word[:5]):
            for finder in (*FINDERS, "/api/v1/suggest?q="):
                answer = walker.get(Address(route, finder + slipped))
                told += [f"{answer}: {secret.what}" for secret in answer.secrets if GUEST not in secret.sees]
    assert told == []


def test_where_a_hidden_address_is_changes_no_picture_and_no_point(scene: Scene) -> None:
    """A picture has no words: but it must be the same wherever in its town the entry really is."""
    looks = [
        "/o/offen-stewards.svg",
        "/o/offen-stewards/",
        "/api/v1/points?zoom=18",
        "/karte/orte.geojson",
        "/karte/kacheln/12/2179/1421.mvt",
        "/api/v1/organisations/offen-stewards",
        "/karte/?q=stewards",
    ]

    def seen() -> list[bytes]:
        return [STEP.sub(b"", Client().get(address).content) for address in looks]

    with taken_back():
        before = seen()
        Place.objects.filter(organisation=scene.offen).update(lat=48.2512, lon=11.3512, street="Anderswo 1", postcode="80000", label="")
        changed(scene.offen)
        after = seen()
    assert [address for address, one, other in zip(looks, before, after, strict=True) if one != other] == []


def test_letters_tell_their_readers_only_what_they_may_read(scene: Scene) -> None:
    """Everything the house writes when an entry changes, and the digests: searched by who gets it."""
    search = searcher(scene)
    by_address = {person.email: key for key, person in scene.people.items()}
    with taken_back():
        Letter.objects.all().delete()
        for entry in Organisation.objects.filter(slug__in=["offen-stewards", "offen-network", "tarn-draft"]):
            notices.note([entry.pk], "edited")
        changed(*Organisation.objects.all())
        queue.run_all()
        notices.match_all()
        notices.send_due(timezone.now() + datetime.timedelta(hours=2))
        letters = list(Letter.objects.all())
        told = [
            f"{letter.kind} to {by_address.get(letter.to, letter.to)}: {secret.what}"
            for letter in letters
            for secret in search(letter.subject, letter.body.encode(), "")
            if by_address.get(letter.to, GUEST) not in secret.sees
        ]
    assert told == []
    assert any(letter.to == scene.people[NEIGHBOUR].email for letter in letters)


def test_who_has_a_key_gets_the_fields_that_were_agreed_to_and_no_others(scene: Scene) -> None:
    with taken_back():
        key = commons.make_key(scene.things["granted"], timezone.localdate())
        answer = Client().get("/datennutzung/daten.json", headers={"Authorization": f"Bearer {key}"})
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    found = {secret.word for secret in searcher(scene)("", content, "") if GUEST not in secret.sees}
    agreed = values(LEVELS.index("network") + 1)  # description and phone were asked for; this entry agreed, another one objected
    assert found == {agreed["description"], agreed["description_en"], agreed["phone"]}
    assert b"offen-stewards" in content
    assert b"offen-members" not in content


def test_why_two_entries_are_alike_is_told_only_of_what_one_sees(scene: Scene) -> None:
    """The pair was found by a telephone number that only the stewards of one side see."""
    path = f"/dubletten/{scene.pk('pair')}/"
    inside, outside = (Walker(scene, viewer).client.get("/en" + path).content.decode() for viewer in (CARETAKER, OUTSIDER))
    with translation.override("en"):
        sentence = str(Reason("phone_same"))
    assert sentence in inside
    assert sentence not in outside


@pytest.mark.parametrize("said", ["phone=%2B4974409184", "email=flaschenpost4qxj@post.example", "website=https://gruenspecht4qxj.example/"])
def test_the_check_while_typing_does_not_confirm_a_hidden_value(scene: Scene, said: str) -> None:
    """Guessing a hidden number or address must not make the entry come up, nor change what is said of it."""
    client = Walker(scene, OUTSIDER).client
    for name in ("Ganz anders", "Offen stewards"):
        plain = client.get(f"/dubletten/pruefen.json?name={name}&town=München").content
        guessed = client.get(f"/dubletten/pruefen.json?name={name}&town=München&{said}").content
        assert (b"offen-stewards" in guessed) == (b"offen-stewards" in plain)
        assert "telefon" not in guessed.decode().lower() and "phone" not in guessed.decode().lower()
