"""The no first: who may not come in is kept out of every door, and nothing they send changes anything."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache

from tests.leaks.conftest import Walks
from tests.leaks.doors import Address, Route, addresses, routes, written
from tests.leaks.gates import ACCOUNTS, GATES
from tests.leaks.scene import Scene
from tests.leaks.secrets import CARETAKER, FOREIGN, GUEST, HOUSE, NEIGHBOUR, OWNER, VIEWERS, Circle
from tests.leaks.walk import Answer, Walker

pytestmark = pytest.mark.django_db

NO = {400, 401, 403, 404, 405, 409, 410, 422}
UNTOUCHED = {"django_session"}
"""Written by being asked to sign in, and by nothing that matters."""
PLAUSIBLE = {
    "what": "retry", "choice": "yes", "answer": "agree", "frequency": "daily", "saying": "same", "role": "owner", "why": "Weil es so ist.",
    "reason": "Weil es so ist.", "text": "Ein Satz.", "name": "Neu",
    "email": "jemand@personen.example", "organisation": "offen-stewards",
    "accept": "1", "take": "description", "word": "Ein Satz.", "winner": "one", "base": "0", "description": "Überschrieben",
}  # fmt: skip
"""Sent to doors whose form nobody showed us."""
ANEW = {"description", "summary", "text_de"}
"""What is written anew in a form that shows what is there already."""


def gate(route: Route) -> Circle | None:
    """Who may come in; None for allauth's pages. AssertionError for a route nobody has said it of."""
    if route.name.startswith(ACCOUNTS):
        return None
    if route.pattern.startswith("verwaltung/"):
        return HOUSE
    assert route.name in GATES, f"For whom is {route.title}? Teach tests/leaks/gates.py."
    return GATES[route.name]


def doors(scene: Scene) -> list[tuple[Address, Circle]]:
    """One address of every route: of the entry with the secrets, and with what belongs to it."""
    found: dict[Route, Address] = {}
    others = {entry.slug for entry in scene.entries.values()} - {scene.offen.slug}
    for address in addresses(scene):
        if dict(address.filling).get("slug") not in others:
            found.setdefault(address.route, address)
    return [(address, circle) for route, address in found.items() if (circle := gate(route)) is not None]


def is_kept_out(answer: Answer) -> bool:
    """Asked to sign in or for a key, or told that there is nothing for them."""
    to = answer.headers.get("Location", "")
    asked = answer.status in {301, 302} and ("/konto/anmelden" in to or "/verwaltung/login" in to)
    return asked or answer.status in {401, 403, 404}


def test_every_route_has_a_gate(scene: Scene) -> None:
    assert [route.title for route in routes() if gate(route) is None and not route.name.startswith(ACCOUNTS)] == []
    known = {route.name for route in routes()}
    assert set(GATES) - known == set()  # a door that was walled up


@pytest.mark.parametrize("viewer", VIEWERS)
def test_only_those_come_in_for_whom_a_door_is(scene: Scene, walks: Walks, viewer: str) -> None:
    seen = {answer.address: answer for answer in walks(viewer)}
    wrong = [
        str(seen[address])
        for address, circle in doors(scene)
        if "verwaltung/" not in address.route.pattern and seen[address].status != 405 and is_kept_out(seen[address]) == (viewer in circle)
    ]
    wrong = [one for one in wrong if not one.startswith(BUT)]
    assert not wrong, "\n".join(wrong)


BUT = (
    f"{CARETAKER}: GET /o/offen-stewards/sichten/",  # nothing waits to be looked at there
    "region: GET /o/offen-stewards/sichten/",
    *(f"{viewer}: GET /.well-known/security.txt" for viewer in VIEWERS),  # only where the operator gave an address
)


@pytest.mark.parametrize("viewer", FOREIGN)
def test_the_caretakers_door_is_shut(walks: Walks, viewer: str) -> None:
    inside = [answer for answer in walks(viewer) if answer.address.route.pattern.startswith("verwaltung/")]
    assert len(inside) > 40
    assert [str(answer) for answer in inside if not is_kept_out(answer) and answer.address.route.name not in OPEN_TO_ALL_OF_ADMIN] == []


OPEN_TO_ALL_OF_ADMIN = {"admin:jsi18n", "admin:login", "admin:None", "admin:logout"}
"""Words for Django's scripts; and what only leads on."""


_WORDS = ("what", "key", "token", "step", "name", "kind", "word", "link", "paper", "ending")
_NUMBERS = ("pk", "number", "version", "year", "serial", "other", "line", "part", "misfit")
ANY: dict[str, Any] = dict.fromkeys(_WORDS, "falsch") | dict.fromkeys(_NUMBERS, 1) | {"uuid": UUID(int=0)}
"""Whatever else an address asks for: nothing of it is there."""


@pytest.mark.parametrize("viewer", [GUEST, "stranger", "outsider"])
def test_a_draft_is_as_absent_as_an_entry_that_never_was(scene: Scene, viewer: str) -> None:
    """Whoever may not see an entry does not learn from any door whether it is there."""
    walker = Walker(scene, viewer, looks=False)
    told = []
    for route in routes():
        if "slug" in route.arguments and route.name.split(":")[0] != "opendata-api":
            here, never = [
                walker.get(Address(route, "/" + written(route.pattern, ANY | {"slug": slug})))
                for slug in (scene.entries["tarn-draft"].slug, "nie-gewesen")
            ]
            told += [f"{here} {never.status}"] if here.status != never.status else []
    assert not told, "\n".join(told)


# ------------------------------------------------------------------------------------------------------------- sending


def sendings(scene: Scene, walks: Walks) -> dict[str, list[dict[str, Any]]]:
    """What the pages of those who may would send, by address: for each button as it stands (texts anew), and with all gaps filled."""
    found: dict[str, list[dict[str, Any]]] = {}
    for viewer in (OWNER, CARETAKER, NEIGHBOUR):
        for answer in walks(viewer):
            for form in answer.forms:
                filled: dict[str, Any] = dict(reversed(form.fields))
                anew = form.stands | dict.fromkeys(ANEW & set(form.stands), "Ganz anders als vorher.")
                for button in form.buttons[::-1] or [("", "")]:
                    pressed = {button[0]: button[1]} if button[0] else {}
                    found.setdefault(form.action, []).extend([dict(anew | pressed), filled | pressed])
    return found


def _send(walker: Walker, address: Address, known: dict[str, list[dict[str, Any]]], most: int = 6) -> list[Answer]:
    path = address.path.partition("?")[0]
    shown = list({str(one): one for one in known.get(path, [])}.values())[:most]
    return [walker.post(address, data) for data in [*shown, dict(PLAUSIBLE)]]


Sent = Callable[[str], list[Answer]]


@pytest.fixture(scope="module")
def sent(scene: Scene, walks: Walks) -> Sent:
    """`sent(viewer)`: what came of all that this viewer sent through the doors that are for them; each is sent once."""
    made: dict[str, list[Answer]] = {}

    def send(viewer: str) -> list[Answer]:
        if viewer not in made:
            known, walker = sendings(scene, walks), Walker(scene, viewer, looks=False)
            made[viewer] = [answer for address, circle in doors(scene) if viewer in circle for answer in _send(walker, address, known)]
        return made[viewer]

    return send


@pytest.mark.parametrize("viewer", FOREIGN)
def test_nothing_is_changed_by_those_who_may_not(scene: Scene, walks: Walks, viewer: str) -> None:
    known, walker, wrong = sendings(scene, walks), Walker(scene, viewer, looks=False), []
    for address, circle in doors(scene):
        if viewer in circle:
            continue
        for answer in _send(walker, address, known, most=2):
            leads_on = address.route.name in OPEN_TO_ALL_OF_ADMIN
            if answer.writes - UNTOUCHED or not (leads_on or is_kept_out(answer) or answer.status in NO):
                wrong.append(f"{answer} {sorted(answer.writes)} {answer.headers.get('Location', '')} {answer.fault}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewer", [GUEST, OWNER, CARETAKER])
def test_no_form_ends_in_a_fault(sent: Sent, viewer: str) -> None:
    """Whatever those send who may: a page, a way on or a clear no."""
    assert [f"{answer}: {answer.fault}" for answer in sent(viewer) if answer.status >= 500] == []


@pytest.mark.parametrize("viewer", [OWNER, CARETAKER])
def test_and_those_who_may_do_it(sent: Sent, viewer: str) -> None:
    """If nobody could send anything, the tests of the no would prove nothing."""
    done = {answer.address.route.name for answer in sent(viewer) if answer.writes - UNTOUCHED}
    assert DONE[viewer] - done == set()


DONE = {
    OWNER: {
        *{"commons:answer", "commons:propose", "commons:vote", "duplicates:answer", "duplicates:ask", "editing:edit"},
        *{"freshness:confirm", "freshness:answer", "freshness:gone", "notices:follow", "people:read", "stewards:change_invitation"},
        *{"stewards:decide", "stewards:invite", "suggestions:decide", "suggestions:problem", "suggestions:notice"},
        *{"circles:new_note", "circles:new_task", "circles:settings", "comments:follow", "enquiries:ask", "enquiries:contact"},
        *{"enquiries:outcome", "enquiries:thread", "exchange:close", "exchange:edit", "exchange:publish", "feedback:close"},
        *{"feedback:extend", "files:remove", "matching:misfit", "projects:edit", "projects:end_handover", "projects:publish"},
    },
    CARETAKER: {
        *{
            "admin:directory_organisation_change",
            "admin:directory_term_add",
            "commons:decide",
            "commons:drop",
            "desk:end",
            "desk:looked",
            "desk:task",
        },
        *{"duplicates:say", "duplicates:merge", "freshness:settle_bounce", "freshness:settle_end", "freshness:settle_link"},
        *{"suggestions:judge", "suggestions:judge_appeal", "stewards:claim"},
        *{"comments:hide", "exchange:hide", "exchange:unhide", "projects:hide"},
    },
}


WITHOUT_A_GUARD = {
    "people:no_mail",  # mail programs press these buttons themselves (RFC 8058); the signed word in the address is the proof
    "notices:unsubscribe",
    "freshness:answer",
    "freshness:gone",
    "freshness:stop",
}


@pytest.mark.parametrize("viewer", [GUEST, OWNER, CARETAKER])
def test_every_form_is_guarded_against_other_sites(scene: Scene, viewer: str) -> None:
    cache.clear()
    walker = Walker(scene, viewer, looks=False, enforce_csrf_checks=True)
    answers = [walker.post(address, dict(PLAUSIBLE)) for address, _circle in doors(scene)]
    taken = [str(answer) for answer in answers if answer.writes and answer.address.route.name not in WITHOUT_A_GUARD]
    assert not taken, "\n".join(taken)
