"""The data set in the words of DCAT-AP 3, so that open data portals can harvest it."""

from typing import Any

from django.conf import settings

from allmende.atlas import queries as atlas
from allmende.directory.jsonld import licence_url
from allmende.directory.rules import is_share_alike, strictest
from allmende.opendata import dumps, nightly, queries
from allmende.opendata.api import PREFIX

EU = "http://publications.europa.eu/resource/authority/"
_FILE_TYPES = {"csv": "CSV", "geojson": "GEOJSON", "jsonld": "JSON_LD"}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "spdx": "http://spdx.org/rdf/terms#",
}


def catalogue(base: str) -> dict[str, Any]:
    """A dcat:Catalog with the whole data set, the part without share-alike, and the API as a service."""
    data = f"{base}/daten/"
    licences, rights = [licence for licence, _, _ in queries.licences()], "; ".join(dumps.attributions()) or "CC0 1.0"
    free = [licence for licence in licences if not is_share_alike(licence)]
    return {
        "@context": _CONTEXT,
        "@id": f"{data}katalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _both(f"{settings.SITE_NAME}: offene Daten", f"{settings.SITE_NAME}: open data"),
        "dct:description": _both(
            "Genossenschaften, Netzwerke und Initiativen mit Ort, Rechtsform, Branche, Herkunft und Lizenz.",
            "Cooperatives, networks and initiatives with place, legal form, sector, source and licence.",
        ),
        "dct:publisher": _publisher(base),
        "dct:language": [_iri(f"{EU}language/DEU"), _iri(f"{EU}language/ENG")],
        "dct:modified": _moment(),
        "foaf:homepage": _iri(data),
        "dcat:dataset": [
            _dataset(base, strictest(licences, "CC0-1.0"), rights, share_alike=True),
            _dataset(base, strictest(free, "CC0-1.0"), rights, share_alike=False),
        ],
        "dcat:service": _service(base),
    }


def _dataset(base: str, licence: str, rights: str, *, share_alike: bool) -> dict[str, Any]:
    data = f"{base}/daten/"
    part, query = ("alles", "") if share_alike else ("frei", "?share_alike=0")
    words = ("Organisationen", "Organisations") if share_alike else ("Organisationen ohne Share-Alike", "Organisations without share-alike")
    contact = (
        {"dcat:contactPoint": {"@type": "vcard:Kind", "vcard:hasEmail": _iri(f"mailto:{settings.CONTACT}")}}
        if "@" in settings.CONTACT
        else {}
    )
    return {
        "@id": f"{data}#{part}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{data}#{part}",
        "dct:title": _both(*words),
        "dct:description": _both(
            "Alle öffentlichen Einträge der Karte. Jeder Eintrag nennt Quelle, Lizenz und nötige Namensnennung.",
            "All public entries of the map. Each names its source, licence and required attribution.",
        ),
        "dct:publisher": _publisher(base),
        "dct:modified": _moment(),
        "dct:language": [_iri(f"{EU}language/DEU"), _iri(f"{EU}language/ENG")],
        "dct:accrualPeriodicity": _iri(f"{EU}frequency/CONT"),
        "dct:conformsTo": {"@id": f"{data}schema.json", "@type": "dct:Standard"},
        "dcat:keyword": [
            {"@value": word, "@language": "de"} for word in ("Genossenschaft", "Plattformgenossenschaft", "Solidarische Ökonomie")
        ],
        "dcat:theme": [_iri(f"{EU}data-theme/ECON"), _iri(f"{EU}data-theme/SOCI")],
        "dcat:landingPage": {"@id": data, "@type": "foaf:Document"},
        "dcat:distribution": [_distribution(base, form, part, query, licence, rights) for form in dumps.FORMATS.values()],
        **contact,
    }


def _distribution(base: str, form: dumps.Format, part: str, query: str, licence: str, rights: str) -> dict[str, Any]:
    file = None if query else nightly.current(form, base)
    size = {"dcat:byteSize": {"@value": str(file.unpacked), "@type": "xsd:nonNegativeInteger"}} if file else {}
    address = f"{base}/daten/{form.file_name}{query}"
    return {
        "@id": f"{base}/daten/#{part}-{form.key}",
        "@type": "dcat:Distribution",
        "dct:title": form.name,
        "dcat:accessURL": _iri(address),
        "dcat:downloadURL": _iri(address),
        "dcat:mediaType": _iri(f"https://www.iana.org/assignments/media-types/{form.media_type.split(';')[0]}"),
        "dct:format": _iri(f"{EU}file-type/{_FILE_TYPES[form.key]}"),
        "dct:license": _iri(licence_url(licence)),
        "dct:rights": {"@type": "dct:RightsStatement", "dct:description": rights},
        "dct:modified": _moment(),
        **size,
    }


def _service(base: str) -> dict[str, Any]:
    return {
        "@id": f"{base}/{PREFIX}",
        "@type": "dcat:DataService",
        "dct:title": _both("Schnittstelle", "Interface"),
        "dcat:endpointURL": _iri(f"{base}/{PREFIX}"),
        "dcat:endpointDescription": _iri(f"{base}/{PREFIX}openapi.json"),
        "dcat:servesDataset": [_iri(f"{base}/daten/#alles"), _iri(f"{base}/daten/#frei")],
    }


def _publisher(base: str) -> dict[str, Any]:
    return {"@id": f"{base}/#betrieb", "@type": "foaf:Agent", "foaf:name": settings.OPERATOR or settings.SITE_NAME}


def _moment() -> dict[str, str]:
    return {"@value": atlas.version()[1].isoformat(timespec="seconds"), "@type": "xsd:dateTime"}


def _both(german: str, english: str) -> list[dict[str, str]]:
    return [{"@value": german, "@language": "de"}, {"@value": english, "@language": "en"}]


def _iri(address: str) -> dict[str, str]:
    return {"@id": address}
