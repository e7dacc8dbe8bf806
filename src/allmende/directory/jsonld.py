"""An entry as linked data: schema.org, W3C ORG and ESSGlobal, the codes of our words taken from the taxonomy.

Reads the public export (`export.organisation`), so it can say nothing that is not public.
"""

import re
from secrets import token_hex
from typing import Any

from django.core.cache import cache

from allmende.directory.models import Kind, Term

CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "ess": "http://purl.org/essglobal/vocab/",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "url": {"@type": "@id"},
    "sameAs": {"@type": "@id"},
    "memberOf": {"@type": "@id"},
    "mainEntityOfPage": {"@type": "@id"},
    "dct:license": {"@type": "@id"},
    "dct:subject": {"@type": "@id"},
    "dct:modified": {"@type": "xsd:dateTime"},
}
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "MIT": "https://opensource.org/license/mit",
}
STANDARDS = {  # vocabulary: where its codes live (xml:base of ESSGlobal's SKOS files)
    "ica": "http://purl.org/essglobal/standard/activities-ica/",
    "os": "http://purl.org/essglobal/standard/organisational-structure/",
    "bmt": "http://purl.org/essglobal/standard/base-membership-type/",
}
GOALS = "http://metadata.un.org/sdg/"
ADDRESS = {
    "streetAddress": "street",
    "postalCode": "postcode",
    "addressLocality": "town",
    "addressRegion": "region",
    "addressCountry": "country",
}
TAXONOMY_KEPT = 60  # seconds the words are remembered: a dump asks for them once per entry
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")

Words = dict[tuple[str, str], tuple[str, str, dict[str, list[str]]]]


def organisation(data: dict[str, Any], base: str) -> dict[str, Any]:
    """The node of an entry with its `@context`; what is empty is left out. `data` is the public export, `base` the site's address."""
    node: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": _id(base, data["slug"]),
        "@type": ["Organization", "org:Organization", "ess:Network" if data["kind"] == Kind.NETWORK else "ess:SSEInitiative"],
        **_names(data),
        **_words(data, base),
        "location": [_place(place) for place in data["places"]],
        "memberOf": [_id(base, slug) for slug in data["networks"]],
        "mainEntityOfPage": _filled(
            {"@id": data["url"], "@type": "WebPage", "dateModified": data["changed_at"], "lastReviewed": data["confirmed_on"]}
        ),
        "dct:license": licence_url(data["licence"]),
        "dct:source": [_source(one) for one in data["sources"]],
        "dct:modified": data["changed_at"],
    }
    return _filled(node)


def licence_url(licence: str) -> str:
    """Where the text of a licence stands."""
    return LICENCES.get(licence) or f"https://spdx.org/licenses/{licence}"


def _id(base: str, slug: str) -> str:
    """The organisation itself, not the page about it."""
    return f"{base}/o/{slug}/#organisation"


def _names(data: dict[str, Any]) -> dict[str, Any]:
    registered = {"@type": "PropertyValue", "propertyID": "register", "value": data["register"]} if data["register"] else None
    return {
        "name": data["name"],
        "legalName": data["legal_name"],
        "identifier": [f"urn:uuid:{data['id']}", registered],
        "disambiguatingDescription": _both(data["summary"], data["summary_en"]),
        "description": _both(data["description"], data["description_en"]),
        "keywords": data["keywords"],
        "knowsLanguage": data["languages"],
        "foundingDate": _year(data["founded"]),
        "dissolutionDate": _year(data["ended"]),
        "url": _iri(data["website"]),
        "email": data["email"],
        "telephone": data["phone"],
        "sameAs": [address for address in data["same_as"] if _iri(address)],
    }


def _words(data: dict[str, Any], base: str) -> dict[str, Any]:
    """Legal form, sectors, forms of cooperation and goals, by our own words and by ESSGlobal's codes."""
    forms = [_concept("legal_form", data["legal_form"], base)] if data["legal_form"] else []
    sectors = [("sector", key) for key in dict.fromkeys([data["sector"], *data["sectors"]]) if key]
    kinds = [("cooperation", key) for key in data["cooperation"]]
    return {
        "org:classification": [*forms, *(_concept(tree, key, base) for tree, key in kinds)],
        "ess:legalForm": [{"@id": one["@id"]} for one in forms],
        "ess:primarySector": _codes([("sector", data["sector"])], "ica") if data["sector"] else [],
        "ess:economicSector": [_concept(tree, key, base) for tree, key in (*sectors, *(("activity", key) for key in data["activities"]))],
        "ess:organisationalStructure": _codes([*kinds, ("legal_form", data["legal_form"])], "os"),
        "ess:baseMembershipType": _codes(kinds, "bmt"),
        "dct:subject": [f"{GOALS}{goal}" for goal in data["sdgs"]],
    }


def _codes(words: list[tuple[str, str]], vocabulary: str) -> list[dict[str, str]]:
    """The code of each word that has exactly one: a word with several is wider than each, so none of them would be true."""
    known = _taxonomy()
    held = [known[word][2].get(vocabulary, []) for word in words if word in known]
    return [{"@id": STANDARDS[vocabulary] + codes[0]} for codes in held if len(codes) == 1]


def _concept(tree: str, key: str, base: str) -> dict[str, Any]:
    """A word of our own taxonomy with its names and its codes elsewhere."""
    german, english, codes = _taxonomy().get((tree, key), ("", "", {}))
    return _filled(
        {
            "@id": f"{base}/api/v1/terms?tree={tree}#{key}",
            "@type": "skos:Concept",
            "skos:notation": key,
            "skos:prefLabel": _both(german, english),
            "skos:closeMatch": _matches(codes, alone=True),
            "skos:narrowMatch": _matches(codes, alone=False),
        }
    )


def _matches(codes: dict[str, list[str]], *, alone: bool) -> list[dict[str, str]]:
    """Codes that stand alone in their vocabulary mean about the same; where there are several, each is narrower than the word."""
    return [
        {"@id": STANDARDS[vocabulary] + code}
        for vocabulary in STANDARDS
        for code in codes.get(vocabulary, [])
        if (len(codes[vocabulary]) == 1) == alone
    ]


_read: dict[str, Words] = {}
"""The words under the mark of their reading; the cache holds the mark only, for it would copy all of them for every single word."""


def _taxonomy() -> Words:
    """All words with their names and codes, remembered for a minute."""
    mark: str = cache.get("directory.jsonld.words", "")
    known = _read.get(mark)
    if known is None:
        rows = Term.objects.values_list("tree", "key", "name_de", "name_en", "codes")
        known = {(tree, key): (german, english, codes) for tree, key, german, english, codes in rows}
        mark = token_hex(8)
        _read.clear()
        _read[mark] = known
        cache.set("directory.jsonld.words", mark, TAXONOMY_KEPT)
    return known


def _place(place: dict[str, Any]) -> dict[str, Any]:
    """A place; how exact its point is goes along, for schema.org has no word for it."""
    has_point = place["lat"] is not None
    stated = {name: place[key] for name, key in ADDRESS.items() if place[key]}
    return _filled(
        {
            "@type": ["Place", "org:Site"],
            "name": place["label"],
            "address": {"@type": "PostalAddress", **stated} if stated else None,
            "geo": {"@type": "GeoCoordinates", "latitude": place["lat"], "longitude": place["lon"]} if has_point else None,
            "additionalProperty": {"@type": "PropertyValue", "name": "precision", "value": place["precision"]} if has_point else None,
        }
    )


def _source(record: dict[str, Any]) -> dict[str, Any]:
    return _filled(
        {
            "@type": "CreativeWork",
            "name": record["name"],
            "identifier": record["remote_id"],
            "url": _iri(record["url"]),
            "creditText": record["attribution"],
            "dct:license": licence_url(record["licence"]),
            "sdDatePublished": record["retrieved_on"],
        }
    )


def _both(german: str, english: str) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for text, language in ((german, "de"), (english, "en")) if text]


def _year(year: int | None) -> str:
    return f"{year:04d}" if year else ""


def _iri(address: str) -> str:
    """The address if it can stand in RDF."""
    return address if _IRI.fullmatch(address) else ""


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    """A node without its empty values."""
    kept = {key: [one for one in value if one] if isinstance(value, list) else value for key, value in node.items()}
    return {key: value for key, value in kept.items() if value not in (None, "", [], {})}
