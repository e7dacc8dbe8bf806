"""The words of the API's description: parameters, refusals. What they mean is decided in `atlas.forms`; here it is only said."""

from typing import Any

from django.utils.translation import gettext_noop as _

from allmende.atlas.forms import FRESH, LONGEST, MANY, MAX_KM, SORTS
from allmende.atlas.rules import REACH
from allmende.directory.models import Tree

MAX_PER_PAGE = 100
MAX_PAGE = REACH  # where each has one entry

_MANY_WORDS = {
    "sector": _("Sectors; the keys are under /terms?tree=sector"),
    "activity": _("Activities; the keys are under /terms?tree=activity"),
    "legal_form": _("Legal forms; the keys are under /terms?tree=legal_form"),
    "cooperation": _("Forms of cooperation; the keys are under /terms?tree=cooperation"),
    "sdg": _("Sustainable Development Goals, 1 to 17"),
    "country": _("Countries, ISO 3166-1 alpha-2"),
    "source": _("Sources; the keys are under /sources"),
    "licence": _("Licences, SPDX identifiers such as CC0-1.0"),
    "network": _("Members of these networks, by the slug of the network"),
}
_KEY = {"type": "string", "pattern": r"^[\w.:+-]{1,100}$"}


def _parameter(name: str, words: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema, **more}


def _one_of_many(name: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z]{2}$"} if name == "country" else _KEY, "maxItems": 50}
    return _parameter(name, _MANY_WORDS[name], schema, style="form", explode=True)


BBOX = _parameter(
    "bbox",
    _("Inside this box: west,south,east,north in degrees; west > east crosses the date line"),
    {"type": "string", "pattern": r"^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?$"},
    example="9.5,53.3,10.5,53.8",
)

FILTERS: list[dict[str, Any]] = [
    _parameter(
        "q",
        _("Words in name, description, sector or place; typing errors are forgiven"),
        {"type": "string", "maxLength": LONGEST},
        example="hosting",
    ),
    *(_one_of_many(name) for name in MANY),
    _parameter("place", _("Around this town or postcode"), {"type": "string", "maxLength": LONGEST}, example="Hamburg"),
    _parameter(
        "near",
        _("Around this point: latitude,longitude"),
        {"type": "string", "pattern": r"^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?$"},
        example="53.55,10",
    ),
    _parameter("radius", _("How far around, in kilometres"), {"type": "number", "minimum": 0.1, "maximum": MAX_KM, "default": 25}),
    BBOX,
    _parameter("fresh", _("When the organisation last confirmed its entry, in months"), {"type": "string", "enum": list(FRESH)}),
    _parameter(
        "share_alike",
        _("0 leaves out what must be passed on under the same licence (ODbL, CC BY-SA)"),
        {"type": "string", "enum": ["0", "1"], "default": "1"},
    ),
    _parameter("online", _("1: only those without a place on the map"), {"type": "string", "enum": ["0", "1"], "default": "0"}),
]
PAGING = [
    _parameter(
        "sort",
        _("Order: best first, by name, newest change first, nearest first"),
        {"type": "string", "enum": [one for one in SORTS if one]},
    ),
    _parameter("page", _("Page, beginning with 1"), {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}),
    _parameter("per_page", _("Entries on a page"), {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE, "default": 25}),
]
ZOOM = _parameter("zoom", _("Zoom of the map: 0 the world, 18 a street"), {"type": "integer", "minimum": 0, "maximum": 24, "default": 2})
TREE = _parameter("tree", _("Only this tree"), {"type": "string", "enum": list(Tree.values)})
TYPED = _parameter("q", _("What has been typed so far"), {"type": "string", "maxLength": LONGEST}, example="Ham") | {"required": True}

_REFUSALS = {
    400: _("A parameter is unknown or has a value that cannot be"),
    404: _("There is no such entry, or it is not public"),
    405: _("This address can only be read"),
    414: _("The address is longer than 8,000 characters"),
    429: _("Too many requests; Retry-After says when to ask again"),
}
_ALWAYS = (400, 405, 414, 429)


_OPERATIONS = {
    "organisations": (
        _("Search and list organisations"),
        _("A page of what matches, best first, each with everything public; of its places the first 20 (the entry has all)."),
    ),
    "entries": (
        _("A list for maps and light clients"),
        _("A page of what matches, best first, each entry with just enough for a line in a list and a pin: small and fast."),
    ),
    "organisation": (_("One organisation"), _("By its stable id or by its slug. A merged entry leads to the one it became.")),
    "terms": (_("The taxonomy"), _("The keys that filters take, with German and English names and the codes of other vocabularies.")),
    "suggest": (_("Suggestions while typing"), _("Organisations, places and words of the taxonomy that begin like this.")),
    "points": (
        _("What a map draws"),
        _("Single entries, and piles where places would touch on the screen. Without a box: the whole world."),
    ),
    "sources": (_("Where the data comes from"), _("Sources with their licence and the attribution that has to be shown.")),
    "version": (_("The state of the data"), _("A number that grows with every change, and when that was.")),
}


def operation(name: str, *parameters: dict[str, Any], kind: str = "", refusals: tuple[int, ...] = ()) -> dict[str, Any]:
    """How an operation is called and described: words, parameters, refusals as problem details. `kind` names another media type."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int, Any] = {status: {"description": _REFUSALS[status], "content": problem} for status in sorted({*_ALWAYS, *refusals})}
    responses[304] = {"description": _("The copy with this ETag is still current")}
    summary, text = _OPERATIONS[name]
    extra = {"parameters": list(parameters), "responses": responses, **({"x-media-type": kind} if kind else {})}
    return {"url_name": name, "operation_id": name, "summary": summary, "description": text, "by_alias": True, "openapi_extra": extra}
