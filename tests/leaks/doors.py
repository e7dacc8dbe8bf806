"""Every address of the house, found in its routes. What a route needs to be filled in stands here; a route nobody taught us fails.

A new route with `<slug:slug>` alone is found and walked by itself. Any other argument is a row in `FILLED`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from allmende.commons import letters as commons
from allmende.desk.sources import BY_KEY
from allmende.directory.models import Organisation, Revision, Stewardship
from allmende.editing import queries as editing
from allmende.freshness import queries as freshness
from allmende.notices import letters as notices
from allmende.people import letters as people
from allmende.places import basemap
from allmende.suggestions import access as suggestions
from tests.leaks.scene import Scene
from tests.leaks.secrets import CARETAKER, NEIGHBOUR, OWNER, REGION
from tests.leaks.waiting import INVITE, PROVE

Filling = dict[str, Any]
ENTRIES = (
    "offen-public", "offen-network", "offen-members", "offen-stewards", "offen-ruled", "jetzt-offen", "jetzt-zu",
    "tarn-draft", "tarn-archived", "tarn-merged",
)  # fmt: skip
MOST = ("offen-network", "offen-stewards", "tarn-draft", "tarn-merged")
"""The entries a route is walked with, and those that show what an entry says are walked with all of them."""
TELLING = ("directory", "directory-api", "opendata-api")
TELLING_ROUTES = {"suggestions:suggest", "editing:history", "editing:edit", "stewards:claim"}
NOWHERE = "gibtesnicht"


@dataclass(frozen=True)
class Route:
    """One route: its name with namespace, how its address is written, the names of its arguments, whether it has an English twin."""

    name: str
    pattern: str
    arguments: frozenset[str]
    has_twin: bool

    @property
    def title(self) -> str:
        """How it is spoken of: its name, or its address where it has none."""
        return self.pattern if self.name.endswith("None") else self.name


@dataclass(frozen=True)
class Address:
    """One address of a route. `opens`: whoever has this link may read secrets of that kind (`secrets.Secret.kind`)."""

    route: Route
    path: str
    opens: frozenset[str] = frozenset()
    filling: tuple[tuple[str, Any], ...] = ()


def routes() -> list[Route]:
    """Every route there is, programs' and people's, allauth's and the caretakers' door."""
    found = {(one.name, one.pattern): one for one in _walk(get_resolver().url_patterns)}
    return list(found.values())


def _walk(patterns: Any, space: str = "", before: str = "", twin: bool = False) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver):
            deeper = f"{space}{one.namespace}:" if one.namespace else space
            is_translated = twin or isinstance(one.pattern, LocalePrefixPattern)
            written = "" if isinstance(one.pattern, LocalePrefixPattern) else str(one.pattern)
            yield from _walk(one.url_patterns, deeper, before + written, is_translated)
        elif isinstance(one, URLPattern):
            pattern = before + str(one.pattern)
            names = frozenset(re.findall(r"<(?:\w+:)?(\w+)>", pattern))
            yield Route(f"{space}{one.name}", pattern, names, twin)


def addresses(scene: Scene, english: bool = False) -> list[Address]:
    """Every address of every route with all we know to fill in, German or English; AssertionError for a route we were not taught."""
    if english not in scene.addresses:
        scene.addresses[english] = list(_addresses(scene, english))
    return scene.addresses[english]


def _addresses(scene: Scene, english: bool) -> Iterator[Address]:
    for route in routes():
        if english and not route.has_twin:
            continue
        for filling in fillings(route, scene):
            opens = frozenset(str(filling.pop("opens", "")).split(","))
            queries = filling.pop("queries", QUERIES.get(route.name, ("",)))
            path = ("/en/" if english else "/") + written(route.pattern, filling)
            yield from (Address(route, path + query, opens, tuple(filling.items())) for query in queries)


def written(pattern: str, filling: Filling) -> str:
    """The address of a route with its arguments filled in; also of the few that are written as regular expressions."""
    path = re.sub(r"\^|\$$", "", pattern)
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", path)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(str(filling[found[1]]), safe="/=&?:"), path)


def fillings(route: Route, scene: Scene) -> list[Filling]:
    """What the arguments of a route can be."""
    if filled := FILLED.get(route.name):
        return [dict(one) for one in filled(scene)]
    if route.name.startswith("admin:"):
        return _caretakers(route, scene)
    if not route.arguments:
        return [{}]
    assert route.arguments == {"slug"}, (
        f"The route {route.title} has the arguments {sorted(route.arguments)}: teach FILLED in tests/leaks/doors.py what they can be."
    )
    is_telling = route.name in TELLING_ROUTES or route.name.split(":")[0] in TELLING
    return [{"slug": scene.entries[name].slug} for name in (ENTRIES if is_telling else MOST)]


def _caretakers(route: Route, scene: Scene) -> list[Filling]:
    """Django's own pages: with the first thing of each kind, the entry with all the secrets where it is about entries."""
    if "app_label" in route.arguments:
        return [{"app_label": name} for name in ("directory", "account", "mfa")]
    if "url" in route.arguments:
        return [{"url": NOWHERE}]
    if "content_type_id" in route.arguments:
        return [{"content_type_id": 1, "object_id": 1}]
    if "object_id" not in route.arguments:
        return [{}]
    parts = route.pattern.split("/")
    model = next(model for model in admin.site._registry if parts[1:3] == [model._meta.app_label, model._meta.model_name])
    if model is Organisation:
        return [{"object_id": scene.entries[name].pk} for name in ("offen-stewards", "tarn-draft", "tarn-merged")]
    first = model._default_manager.order_by("pk").first()
    return [{"object_id": first.pk if first else 1}]


def _each(name: str, *things: str) -> Callable[[Scene], list[Filling]]:
    return lambda scene: [{name: scene.pk(thing)} for thing in things]


def _uuid(*things: str) -> Callable[[Scene], list[Filling]]:
    return lambda scene: [{"uuid": scene.uuid(thing)} for thing in things]


def _link(name: str, word: Callable[[Scene], str], opens: str = "") -> Callable[[Scene], list[Filling]]:
    """A word nobody guesses, and one somebody guessed."""
    return lambda scene: [{name: word(scene), "opens": opens}, {name: NOWHERE}]


def _revisions(scene: Scene) -> list[Filling]:
    of = [scene.entries[name] for name in ("offen-public", "offen-network", "offen-members", "offen-stewards", "jetzt-offen", "jetzt-zu")]
    return [{"slug": one.slug, "pk": pk} for one in of for pk in Revision.objects.filter(organisation=one).values_list("pk", flat=True)]


def _team(scene: Scene) -> list[Filling]:
    held = Stewardship.objects.get(organisation=scene.offen, person=scene.people[OWNER], until=None)
    return [{"slug": scene.offen.slug, "pk": held.pk}]


def _with_word(thing: str, side: str = "notifier", opens: str = "") -> Callable[[Scene], list[Filling]]:
    def filled(scene: Scene) -> list[Filling]:
        one = scene.things[thing]
        number = {"uuid": one.uuid}
        return [{**number, "token": suggestions.token(one, side), "opens": opens}, {**number, "token": NOWHERE}]

    return filled


def _programs(scene: Scene) -> list[Filling]:
    return [{"id": scene.entries[name].slug} for name in ENTRIES] + [{"id": scene.entries[name].uuid} for name in MOST]


def _invited_to_enter(scene: Scene) -> tuple[str, ...]:
    return "", "?einladung=" + editing.invitation_link_word(scene.people[OWNER], "wort")


TILES: list[Filling] = [{"z": 0, "x": 0, "y": 0}, {"z": 5, "x": 17, "y": 11}, {"z": 12, "x": 2179, "y": 1421}]
"""The world, and around Munich."""

FILLED: dict[str, Callable[[Scene], list[Filling]]] = {
    "suggestions:report_thing": lambda scene: [
        {"kind": "directory.organisation", "number": scene.offen.pk}
    ],  # entries have ways of their own
    "suggestions:notice_thing": lambda scene: [
        {"kind": "exchange.listing", "number": 999_999, "what": what} for what in ("umgang", "doppelt")
    ],
    "files:at": lambda scene: [{"kind": "directory.organisation", "number": scene.offen.pk}],  # nothing can be attached to an entry
    **{f"files:{name}": lambda scene: [{"uuid": scene.offen.uuid, "name": NOWHERE}] for name in ("one", "remove", "restore")},
    "places-api:tile": lambda scene: [{"version": basemap.version(), "z": 5, "x": 16, "y": 10}],
    "opendata-api:organisation": _programs,
    "notices-api:feed": _link("word", lambda scene: str(scene.things["feed"].word), "feed"),
    "home-api:sitemap_part": lambda scene: [{"part": 1}],
    "web:letter": _each("pk", "letter"),
    "people:read": _each("pk", "notice"),
    "people:withdraw": lambda scene: [{"pk": 1}],
    "people:no_mail": _link("token", lambda scene: people.sign_off(scene.people[OWNER].pk, "stewards")),
    "duplicates:undo": _each("pk", "merge"),
    **{f"duplicates:{name}": _each("pk", "pair") for name in ("pair", "say", "answer", "ask", "merge", "reopen")},
    "stewards:prove": _link("token", lambda scene: PROVE),
    "stewards:vouch": _uuid("vouched claim"),
    "stewards:decide": _uuid("claim", "vouched claim", "unproved claim"),
    "stewards:member": _team,
    "stewards:change_invitation": lambda scene: [{"slug": scene.offen.slug, "pk": scene.pk("invitation")}],
    "stewards:invitation": _link("token", lambda scene: INVITE, "invitation,name of owner"),
    "stewards:my_invitation": _each("pk", "invitation"),
    "editing:revision": _revisions,
    "editing:restore": lambda scene: _revisions(scene)[-3:],
    "suggestions:problem": lambda scene: [{"slug": scene.offen.slug, "what": what} for what in ("falsch", "erloschen")],
    "suggestions:decide": _uuid("suggestion", "declined", "problem", "missing"),
    "suggestions:status": _with_word("suggestion", opens="suggestion"),
    "suggestions:judge": _uuid("report", "judged"),
    "suggestions:judge_appeal": lambda scene: [{"uuid": scene.uuid("judged"), "number": scene.pk("appeal")}],
    "suggestions:report_status": _with_word("judged", opens="report"),
    **{
        f"freshness:{name}": _link("link", lambda scene: freshness.link_of(scene.things["question"])) for name in ("answer", "gone", "stop")
    },
    "freshness:settle_bounce": _each("pk", "bounce"),
    "freshness:settle_end": _each("pk", "gone"),
    "freshness:settle_link": _each("pk", "link"),
    "atlas-api:tile": lambda scene: TILES,
    "atlas-api:tile_geojson": lambda scene: TILES,
    "atlas:figure_csv": lambda scene: [
        {"name": name} for name in ("sector", "legal_form", "cooperation", "country", "region", "founded", "freshness", "source", "licence")
    ],
    **{f"comments:{name}": lambda scene: [{"kind": "exchange.listing", "number": 1}] for name in ("thread", "follow")},
    **{
        f"comments:{name}": lambda scene: [{"uuid": "00000000-0000-4000-8000-000000000000"}]
        for name in ("comment", "change", "delete", "restore", "hide", "unhide")
    },
    **{
        f"feedback:{name}": lambda scene: [{"pk": 1}]  # the scene has no round
        for name in ("ask", "round", "summary", "give", "decline", "correct", "invite", "extend", "close", "reply", "take_back", "drop")
    },
    **{f"matching:{name}": lambda scene: [{"pk": 1}] for name in ("matches", "misfits", "take_back_recommendation")},
    **{f"matching:{name}": lambda scene: [{"pk": 1, "other": 2, "misfit": 1}] for name in ("misfit", "recommend", "take_back")},
    **{f"enquiries:{name}": lambda scene: [{"pk": 1}] for name in ("ask", "lift")},  # nobody has written anything in the scene
    **{
        f"enquiries:{name}": lambda scene: [{"uuid": scene.offen.uuid}]
        for name in ("thread", "outcome", "contact", "withdraw", "settle", "block")
    },
    "projects:project": lambda scene: [{"pk": 1, "slug": "projekt"}],  # the scene has no project
    **{f"projects:{name}": lambda scene: [{"pk": 1, "number": 1}] for name in ("take_back_step", "edit_update", "part")},
    **{
        f"projects:{name}": lambda scene: [{"pk": 1}]
        for name in (
            "found", "edit", "publish", "unpublish", "discard", "step", "pitch", "adopt", "add_update", "want", "parts", "offer",
            "hand_over", "end_handover", "hide",
        )
    },
    "projects-api:project_json": lambda scene: [{"pk": 1}],
    **{  # there is no circle in the scene; who sees what of one is tested in tests/circles
        f"circles:{name}": lambda scene: [{"pk": 1}]
        for name in ("settings", "archive", "join", "answer", "leave", "members", "invite", "withdraw", "name_coordinator")
        + ("new_note", "calendar", "feed", "new_date", "new_link", "new_task")
    },
    **{
        f"circles:{name}": lambda scene: [{"pk": 1, "number": 1}]
        for name in ("member", "note", "edit_note", "remove_note", "versions", "date", "link", "task", "tick")
    },
    "circles:version": lambda scene: [{"pk": 1, "number": 1, "version": 1}],
    "circles:circle": lambda scene: [{"pk": 1, "slug": "kreis"}],
    "circles:mail_invitation": lambda scene: [{"token": NOWHERE}],
    "circles-api:calendar_feed": lambda scene: [{"word": NOWHERE}],
    "exchange-api:tile": lambda scene: TILES,
    "exchange:listing": lambda scene: [{"pk": 1, "slug": "angebot"}],  # nobody offers anything in the scene
    **{
        f"exchange:{name}": lambda scene: [{"pk": 1}]
        for name in ("found", "edit", "publish", "extend", "close", "reopen", "discard", "hide", "unhide")
    },
    **{f"exchange-api:{name}": lambda scene: [{"pk": 1}] for name in ("listing_json", "listing_jsonld")},
    **{f"commons:{name}": lambda scene: [{"number": number} for number in (2, 1, 3)] for name in ("edit", "put_to_vote", "drop")},
    "commons:version": lambda scene: [{"number": number} for number in (1, 2, 3)],
    "commons:vote": lambda scene: [{"number": 3}],
    "commons:own_request": _link("word", lambda scene: commons.key_of(scene.things["request"]), "request"),
    **{f"commons:{name}": _uuid("request", "granted", "unconfirmed") for name in ("request", "answer", "decide")},
    "desk:task": lambda scene: [{"pk": scene.things["task"].pk}],
    "desk:looked": _each("pk", "import"),
    "desk:end": lambda scene: [{"pk": scene.people[REGION].caretakings.get().pk}],
    "desk:end_house": lambda scene: [{"pk": scene.people[CARETAKER].pk}],
    "notices:change": _each("pk", "follow"),
    "notices:unsubscribe": _link("word", lambda scene: notices.stop_word(scene.people[NEIGHBOUR])),
    "mfa_remove_webauthn": lambda scene: [{"pk": 1}],
    "mfa_edit_webauthn": lambda scene: [{"pk": 1}],
}

AROUND = "bbox=10.5,47.5,12.5,49"
QUERIES: dict[str, tuple[str, ...]] = {
    "atlas:map": ("", "?q=Offen", "?view=list", "?country=DE&q=eG", f"?{AROUND}"),
    "atlas:embed": ("", "?q=Offen"),
    "atlas:feed": ("", "?q=Offen"),
    "atlas:figures": ("", "?country=DE"),
    **dict.fromkeys(("atlas-api:tile", "atlas-api:tile_geojson", "atlas-api:places"), ("", "?q=Offen", f"?{AROUND}&v=1")),
    "projects:projects": ("", "?q=Offen", "?organisation=offen-network", "?organisation=Tarn"),
    "exchange:listings": ("", "?q=Offen", "?ansicht=karte", "?organisation=offen-network", "?organisation=tarn-draft"),
    "opendata-api:organisations": ("", "?q=Offen", "?per_page=100"),
    "opendata-api:entries": ("", "?q=Offen", "?per_page=100", f"?{AROUND}"),
    "opendata-api:suggest": ("?q=Off", "?q=Tarn", "?q=Zauber", "?q=Eulen"),
    "opendata-api:points": ("?zoom=18", "?zoom=2", f"?{AROUND}&zoom=22"),
    "duplicates-api:check": (
        "?name=Offen+stewards+eG&town=München", "?name=Offen+stewards+eG&phone=%2B49744091844", "?name=Tarnnamedraft+eG&town=München",
        "?name=Fern+eG&town=Wien", "?name=Offen&website=https://gruenspecht4qxj.example&email=flaschenpost4qxj@post.example",
    ),
    "duplicates:pairs": ("", "?state=same", "?country=DE"),
    "desk:desk": ("", "?where=DE:Bayern", *(f"?kind={kind}" for kind in BY_KEY)),
    "editing-api:place": ("?town=M%C3%BCnchen", "?postcode=80331&country=DE"),
    "editing-api:place_map": ("?lat=48.1&lon=11.5",),
    "notices:follow": ("?organisation=offen-stewards", "?organisation=tarn-draft", "?q=Offen"),
    "admin:directory_organisation_changelist": ("", "?q=Offen"),
}  # fmt: skip
"""What is asked at an address besides nothing."""
