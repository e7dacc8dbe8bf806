"""Linked data: valid RDF with schema.org, ORG and ESSGlobal, and no claim the entry does not make."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from allmende.directory import jsonld
from allmende.directory.models import Belonging, Place
from tests.cast import HAMBURG, WIEN, organisation, source, term

# rdflib reads JSON-LD through a class of its own that it has deprecated.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")]
SCHEMA, ESS, ORG = Namespace("https://schema.org/"), Namespace("http://purl.org/essglobal/vocab/"), Namespace("http://www.w3.org/ns/org#")
CODES = "http://purl.org/essglobal/standard/"
ME = URIRef("http://testserver/o/a-eg/#organisation")


@pytest.fixture(autouse=True)
def words() -> None:
    cache.clear()
    term("sector", "energy", "Energie", "Energy", codes={"ica": ["ICA230"]})
    term("sector", "finance", "Finanzen", "Finance", codes={"ica": ["ICA140", "ICA150"]})
    term("cooperation", "consumer", codes={"os": ["OS80"], "bmt": ["BMT10"]})
    term("cooperation", "worker", codes={"os": ["OS60", "OS140"], "bmt": ["BMT30"]})


def graph(client: Client) -> Graph:
    return Graph().parse(data=client.get("/o/a-eg.jsonld").content.decode(), format="json-ld")


def test_an_entry_is_rdf_of_three_vocabularies(client: Client) -> None:
    item = organisation(
        "A eG", "Hamburg", HAMBURG, sector="energy", terms=(("cooperation", "consumer"), ("sdg", "7")), confirmed=timedelta(days=1),
        from_source=source("osm", "ODbL-1.0"), summary="Kurz.", summary_en="Short.", website="https://a.example", founded=2015,
        same_as=["https://www.wikidata.org/wiki/Q1", "kein Link"],
    )  # fmt: skip
    Belonging.objects.create(network=organisation("Netz", kind="network"), member=item)
    found = graph(client)
    assert set(found.objects(ME, RDF.type)) == {SCHEMA.Organization, ORG.Organization, ESS.SSEInitiative}
    assert found.value(ME, SCHEMA.name) == Literal("A eG")
    assert set(found.objects(ME, SCHEMA.disambiguatingDescription)) == {Literal("Kurz.", lang="de"), Literal("Short.", lang="en")}
    assert found.value(ME, SCHEMA.url) == URIRef("https://a.example")
    assert list(found.objects(ME, SCHEMA.sameAs)) == [URIRef("https://www.wikidata.org/wiki/Q1")]
    assert found.value(ME, SCHEMA.memberOf) == URIRef("http://testserver/o/netz/#organisation")
    assert found.value(ME, ESS.primarySector) == URIRef(f"{CODES}activities-ica/ICA230")
    assert found.value(ME, ESS.organisationalStructure) == URIRef(f"{CODES}organisational-structure/OS80")
    assert found.value(ME, ESS.baseMembershipType) == URIRef(f"{CODES}base-membership-type/BMT10")
    assert found.value(ME, DCTERMS.subject) == URIRef("http://metadata.un.org/sdg/7")
    assert found.value(ME, DCTERMS.license) == URIRef("https://opendatacommons.org/licenses/odbl/1-0/")
    assert found.value(found.value(ME, DCTERMS.source), SCHEMA.name) == Literal("Osm")
    assert (URIRef("http://testserver/o/a-eg/"), SCHEMA.lastReviewed, None) in found


def test_a_word_with_several_codes_claims_none_of_them(client: Client) -> None:
    organisation("A eG", sector="finance", terms=(("cooperation", "worker"),))
    found = graph(client)
    assert found.value(ME, ESS.primarySector) is None
    assert found.value(ME, ESS.organisationalStructure) is None
    sector = found.value(ME, ESS.economicSector)
    assert set(found.objects(sector, SKOS.narrowMatch)) == {URIRef(f"{CODES}activities-ica/ICA{code}") for code in (140, 150)}
    assert set(found.objects(sector, SKOS.prefLabel)) == {Literal("Finanzen", lang="de"), Literal("Finance", lang="en")}


def test_all_places_go_along_with_the_precision_of_their_points(client: Client) -> None:
    item = organisation("A eG", "Hamburg", HAMBURG)
    Place.objects.create(organisation=item, town="Wien", country="AT", lat=WIEN[0], lon=WIEN[1], precision="town")
    Place.objects.create(organisation=item, label="Büro")
    spots = json.loads(client.get("/o/a-eg.jsonld").content)["location"]
    assert [spot.get("additionalProperty", {}).get("value") for spot in spots] == ["exact", "town", None]
    assert spots[0]["geo"] == {"@type": "GeoCoordinates", "latitude": 53.5511, "longitude": 9.9937}
    assert spots[2] == {"@type": ["Place", "org:Site"], "name": "Büro"}


def test_nothing_empty_is_written(client: Client) -> None:
    organisation("A eG")

    def empty(value: Any) -> bool:
        if isinstance(value, dict):
            return any(empty(one) for one in value.values())
        return value in (None, "", [], {}) or (isinstance(value, list) and any(empty(one) for one in value))

    assert not empty(json.loads(client.get("/o/a-eg.jsonld").content))


def test_a_network_is_a_network(client: Client) -> None:
    organisation("A eG", kind="network")
    assert ESS.Network in set(graph(client).objects(ME, RDF.type))


@pytest.mark.parametrize(
    ("licence", "url"),
    [("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"), ("Apache-2.0", "https://spdx.org/licenses/Apache-2.0")],
)
def test_a_licence_has_an_address(licence: str, url: str) -> None:
    assert jsonld.licence_url(licence) == url
