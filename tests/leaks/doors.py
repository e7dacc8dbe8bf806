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
from tests.leaks import decided, owned
from tests.leaks.scene import Scene
from tests.leaks.secrets import CARETAKER, NEIGHBOUR, OWNER, REGION
from tests.leaks.together import FEED_WORD
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
CO_OWNED = ("genossenschaft/", "api/v1/cooperatives/")
"""Only one entry runs its membership here; that drafts are not there is tested with all routes."""
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
    if route.name in FILLED or route.name in decided.FILLED:
        known = FILLED[route.name](scene) if route.name in FILLED else []
        return [dict(one) for one in (*known, *decided.more(route.name, scene))]
    if route.name.startswith("admin:"):
        return _caretakers(route, scene)
    if not route.arguments:
        return [{}]
    assert route.arguments == {"slug"}, (
        f"The route {route.title} has the arguments {sorted(route.arguments)}: teach FILLED in tests/leaks/doors.py what they can be."
    )
    if route.pattern.startswith(CO_OWNED):
        return [{"slug": scene.offen.slug}]
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


def _titled(*things: str) -> Callable[[Scene], list[Filling]]:
    """At the one address at which each is shown; there the words of its title tell nothing new."""
    return lambda scene: [{"pk": scene.pk(thing), "slug": scene.things[thing].slug} for thing in things]


def _in_circle(thing: str) -> Callable[[Scene], list[Filling]]:
    return lambda scene: [{"pk": scene.pk("circle"), "number": scene.pk(thing)}]


TILES: list[Filling] = [{"z": 0, "x": 0, "y": 0}, {"z": 5, "x": 17, "y": 11}, {"z": 12, "x": 2179, "y": 1421}]
"""The world, and around Munich."""

TOGETHER: dict[str, Callable[[Scene], list[Filling]]] = {
    "comments:thread": lambda scene: [
        {"kind": kind, "number": scene.pk(name)}
        for kind, name in (("exchange.listing", "network"), ("exchange.listing", "hidden"), ("circles.circle", "circle"))
    ],
    "comments:follow": lambda scene: [{"kind": "exchange.listing", "number": scene.pk("network")}],
    **{f"comments:{name}": _uuid("comment", "hidden comment") for name in ("comment", "change", "delete", "restore", "hide", "unhide")},
    "exchange:listing": _titled("network", "chosen", "draft", "hidden", "public", "of a member", "need"),
    "exchange:found": _each("pk", "network", "draft"),
    **{f"exchange:{name}": _each("pk", "network") for name in ("edit", "extend", "close", "reopen", "hide")},
    **{f"exchange:{name}": _each("pk", "draft") for name in ("publish", "discard")},
    "exchange:unhide": _each("pk", "hidden"),
    **{f"exchange-api:{name}": _each("pk", "network", "hidden", "public") for name in ("listing_json", "listing_jsonld")},
    "exchange-api:tile": lambda scene: TILES,
    "matching:matches": _each("pk", "network", "public"),
    "matching:misfits": _each("pk", "network"),
    "matching:misfit": lambda scene: [{"pk": scene.pk("network"), "other": scene.pk("need")}],
    "matching:recommend": lambda scene: [{"pk": scene.pk("network"), "other": scene.pk("need")}],
    "matching:take_back": lambda scene: [{"pk": scene.pk("network"), "misfit": scene.pk("misfit")}],
    "matching:take_back_recommendation": _each("pk", "recommendation"),
    "enquiries:ask": _each("pk", "network"),
    "enquiries:lift": _each("pk", "block"),
    **{f"enquiries:{name}": _uuid("enquiry") for name in ("thread", "outcome", "contact", "withdraw", "settle", "block")},
    "projects:project": _titled("project", "draft project", "hidden project"),
    "projects:take_back_step": lambda scene: [{"pk": scene.pk("project"), "number": scene.pk("step")}],
    "projects:edit_update": lambda scene: [{"pk": scene.pk("project"), "number": scene.pk("update")}],
    "projects:part": lambda scene: [{"pk": scene.pk("project"), "number": scene.pk("part")}],
    "projects:found": _each("pk", "project", "draft project"),
    **{
        f"projects:{name}": _each("pk", "project")
        for name in (
            "edit",
            "unpublish",
            "step",
            "pitch",
            "adopt",
            "add_update",
            "want",
            "parts",
            "offer",
            "hand_over",
            "end_handover",
            "hide",
        )
    },
    **{f"projects:{name}": _each("pk", "draft project") for name in ("publish", "discard")},
    "projects-api:project_json": _each("pk", "project", "draft project"),
    "feedback:ask": _each("pk", "project"),
    **{
        f"feedback:{name}": _each("pk", "round") for name in ("round", "summary", "give", "decline", "correct", "invite", "extend", "close")
    },
    **{f"feedback:{name}": _each("pk", "review") for name in ("reply", "take_back", "drop")},
    **{
        f"circles:{name}": _each("pk", "circle")
        for name in ("settings", "archive", "join", "answer", "leave", "members", "invite", "withdraw", "name_coordinator")
        + ("new_note", "calendar", "feed", "new_date", "new_link", "new_task")
    },
    **{f"circles:{name}": _in_circle("note") for name in ("note", "edit_note", "remove_note", "versions")},
    "circles:version": lambda scene: [{"pk": scene.pk("circle"), "number": scene.pk("note"), "version": 1}],
    **{f"circles:{name}": _in_circle("task of a circle") for name in ("task", "tick")},
    "circles:member": _in_circle("mate"),
    "circles:date": _in_circle("date"),
    "circles:link": _in_circle("link of a circle"),
    "circles:circle": lambda scene: [{"pk": scene.pk("circle"), "slug": scene.things["circle"].get_absolute_url().split("/")[-2]}],
    "circles:mail_invitation": _link("token", lambda scene: str(scene.things["circle link"]), "circle,circle name,name of owner"),
    "circles-api:calendar_feed": _link("word", lambda scene: FEED_WORD, "calendar,circle name"),
}
"""The rooms in which people do something together."""


FILLED: dict[str, Callable[[Scene], list[Filling]]] = {
    "suggestions:report_thing": lambda scene: [
        {"kind": "exchange.listing", "number": scene.pk("network")},
        {"kind": "exchange.listing", "number": scene.pk("hidden")},
        {"kind": "enquiries.message", "number": scene.pk("message")},
        {"kind": "feedback.review", "number": scene.pk("review")},
        {"kind": "circles.circleface", "number": scene.pk("circle")},
    ],
    "suggestions:notice_thing": lambda scene: [
        {"kind": "exchange.listing", "number": scene.pk("network"), "what": what} for what in ("umgang", "doppelt")
    ],
    "files:at": lambda scene: [{"kind": "exchange.listing", "number": scene.pk(name)} for name in ("network", "draft")],
    "files:one": lambda scene: [
        {"uuid": scene.uuid("file"), "name": scene.things["file"].name},
        *({"uuid": scene.uuid(name), "name": "anhang.pdf"} for name in ("file", "hidden file")),  # led to its name, or nowhere
    ],
    **{f"files:{name}": _uuid("file", "hidden file") for name in ("remove", "restore")},
    "places-api:tile": lambda scene: [{"version": basemap.version(), "z": 5, "x": 16, "y": 10}],
    "opendata-api:organisation": _programs,
    "notices-api:feed": _link("word", lambda scene: str(scene.things["feed"].word), "feed"),
    "calendars-api:feed": _link("word", lambda scene: str(scene.things["calendar key"].word), "calendar,circle name"),
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
    "suggestions:judge": _uuid("report", "judged", "reported listing", "reported message"),
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
    **TOGETHER,
    **{f"commons:{name}": lambda scene: [{"number": number} for number in (2, 1, 3)] for name in ("edit", "put_to_vote", "drop")},
    "commons:version": lambda scene: [{"number": number} for number in (1, 2, 3)],
    "commons:vote": lambda scene: [{"number": 3}],
    "commons:own_request": _link("word", lambda scene: commons.key_of(scene.things["request"]), "request"),
    **{f"commons:{name}": _uuid("request", "granted", "unconfirmed") for name in ("request", "answer", "decide")},
    **owned.FILLED,
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
    "exchange:listings": ("", "?q=Offen", "?view=map", "?organisation=offen-network", "?organisation=tarn-draft"),
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
