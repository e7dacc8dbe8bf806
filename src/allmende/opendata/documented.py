"""The description of the data for people, made from the same shapes that programs read."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext as in_words  # for words that are marked where they stand, in `described` and `shapes`

from allmende.directory.rules import is_share_alike
from allmende.opendata import shapes
from allmende.opendata.api import description
from allmende.opendata.described import FILTERS

EXAMPLES = {
    "organisations": "/api/v1/organisations?q=hosting&per_page=5",
    "entries": "/api/v1/entries?near=53.55,10&radius=50&per_page=5",
    "organisation": "/api/v1/organisations/{id}",
    "terms": "/api/v1/terms?tree=sector",
    "suggest": "/api/v1/suggest?q=Ham",
    "points": "/api/v1/points?bbox=5.8,47.2,15.1,55.1&zoom=6",
    "sources": "/api/v1/sources",
    "version": "/api/v1/version",
}


def schema(base: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of one entry."""
    made = shapes.Organisation.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{base}/daten/schema.json", **made}


def fields() -> list[dict[str, str]]:
    """Every field of an entry: name, type in words, meaning in the reader's language. Fields of lists carry `places.` before them."""
    made = schema("")
    rows = []
    for name, one in made["properties"].items():
        rows.append({"name": name, "type": _type(one), "meaning": in_words(one.get("description", ""))})
        if part := re.search(r"#/\$defs/(\w+)", str(one.get("items", ""))):
            inner = made["$defs"][part[1]]["properties"]
            rows += [{"name": f"{name}[].{key}", "type": _type(two), "meaning": in_words(two["description"])} for key, two in inner.items()]
    return rows


def licence(key: str) -> str:
    """What a licence asks of those who pass the data on, in one sentence."""
    if is_share_alike(key):
        return _("Name the source, and pass on the data and what you derive from it under the same licence.")
    if key in {"CC0-1.0", "PDDL-1.0", "Public-Domain"}:
        return _("Nothing. A link back is kind.")
    return _("Name the source.") if key else _("Please ask the source.")


def examples() -> list[tuple[str, str]]:
    """Addresses to try, each with what it gives."""
    return [
        ("/daten/organisationen.csv?country=AT", _("Everything in Austria as a table")),
        ("/daten/organisationen.geojson?place=Hamburg&radius=50", _("Everything within 50 km of Hamburg for a map")),
        (
            "/daten/organisationen.jsonld?fresh=12&share_alike=0",
            _("What its organisation confirmed within a year and is free of share-alike, as linked data"),
        ),
        ("/api/v1/organisations?q=hosting&per_page=5", _("The first five about hosting, by program")),
    ]


def filters() -> list[dict[str, str]]:
    """The filters that dumps, lists, maps and feeds share."""
    return [{"name": one["name"], "values": _values(one["schema"]), "meaning": in_words(one["description"])} for one in FILTERS]


def operations(slug: str) -> list[dict[str, Any]]:
    """The operations of the API in the order of the description, with parameters and answers in words; `slug` is for the example."""
    rows = []
    for path, methods in description()["paths"].items():
        for method, one in methods.items():
            rows.append(
                {
                    "id": one["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": in_words(one["summary"]),
                    "text": in_words(one["description"]),
                    "parameters": [_parameter(each) for each in one["parameters"]],
                    "answers": [_answer(status, each) for status, each in sorted(one["responses"].items())],
                    "example": EXAMPLES[one["operationId"]].replace("{id}", slug) if slug or "{id}" not in path else "",
                }
            )
    return rows


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    words = one.get("description") or (_("Stable identifier (UUID) or slug") if one["in"] == "path" else "")
    return {"name": one["name"], "required": one["required"], "values": _values(one["schema"]), "meaning": in_words(words) if words else ""}


def _answer(status: str, one: dict[str, Any]) -> dict[str, str]:
    words = _("The answer") if status == "200" else in_words(one["description"])
    return {"status": status, "kind": ", ".join(one.get("content", {})), "meaning": words}


def _values(one: dict[str, Any]) -> str:
    """What a parameter may be: its type, or the words it allows, with bounds and default."""
    if "enum" in one:
        words = " | ".join(str(value) for value in one["enum"])
    elif "minimum" in one:
        words = f"{one['minimum']:n}–{one['maximum']:n}"
    else:
        words = _type(one)
    return f"{words} ({_('default')}: {one['default']})" if "default" in one else words


def _type(one: dict[str, Any]) -> str:
    """The type in words people know."""
    names = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "array": _("list"),
        "object": _("object"),
        "null": _("empty"),
    }
    if "anyOf" in one:
        kinds = dict.fromkeys(_type(each) for each in one["anyOf"])
        return _(" or ").join(kinds)
    if "enum" in one:
        return " | ".join(str(value) for value in one["enum"] if value)
    dates = {"date": _("date"), "date-time": _("point in time")}
    if one.get("format") in dates:
        return dates[one["format"]]
    return names.get(one.get("type", "object"), names["object"])
