"""The description for data portals."""

import pytest
from django.test import Client
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from tests.cast import organisation, source

# rdflib reads JSON-LD through a class of its own that it has deprecated.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")]
DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
DATA = "http://testserver/daten/"


@pytest.fixture
def graph(client: Client) -> Graph:
    organisation("Frei eG")
    organisation("Gleich eG", from_source=source("osm", "ODbL-1.0", attribution="© OpenStreetMap contributors, ODbL 1.0"))
    organisation("Britisch eG", from_source=source("cuk", "ODC-By-1.0", attribution="Contains information from Co-operatives UK"))
    answer = client.get("/daten/katalog.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    return Graph().parse(data=answer.content.decode(), format="json-ld")


def test_the_catalogue_has_what_dcat_ap_demands(graph: Graph) -> None:
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    for demanded in (DCT.title, DCT.description, DCT.publisher, DCAT.dataset):
        assert list(graph.objects(catalogue, demanded)), demanded
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert datasets == {URIRef(DATA + "#alles"), URIRef(DATA + "#frei")} == set(graph.objects(catalogue, DCAT.dataset))
    for dataset in datasets:
        assert {str(title.language) for title in graph.objects(dataset, DCT.title) if isinstance(title, Literal)} == {"de", "en"}
        assert list(graph.objects(dataset, DCT.description))


def test_each_way_to_get_it_names_address_type_and_licence(graph: Graph) -> None:
    found = {
        (
            str(graph.value(one, DCAT.downloadURL)),
            str(graph.value(one, DCAT.mediaType)).rpartition("media-types/")[2],
            str(graph.value(one, DCT.license)),
        )
        for one in graph.subjects(RDF.type, DCAT.Distribution)
    }
    odbl, by = "https://opendatacommons.org/licenses/odbl/1-0/", "https://opendatacommons.org/licenses/by/1-0/"
    kinds = (("csv", "text/csv"), ("geojson", "application/geo+json"), ("jsonld", "application/ld+json"))
    assert found == {
        (f"{DATA}organisationen.{end}{query}", kind, licence)
        for end, kind in kinds
        for query, licence in (("", odbl), ("?share_alike=0", by))
    }
    assert all(graph.value(one, DCT.modified) for one in graph.subjects(RDF.type, DCAT.Distribution))
