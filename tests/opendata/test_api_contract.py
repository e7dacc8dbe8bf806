"""The API against its own description: whatever is asked, the answer is one that the description knows, and never a fault."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from allmende.config.wsgi import application
from allmende.opendata.api import description
from tests.cast import BERLIN, HAMBURG, organisation, source, term

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """The application would close the connection after each answer, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def contract(one_connection: None) -> schemathesis.BaseSchema:
    """The description as the house itself hands it out, with a few entries behind it."""
    term("legal_form", "eg", "eG")
    organisation("Hostsharing eG", "Hamburg", HAMBURG, sector="digital", website="https://example.org")
    organisation("Brotkorb eG", "Berlin", BERLIN, sector="food", from_source=source("osm", "ODbL-1.0"))
    organisation("Überall eG")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


PATHS = sorted(description()["paths"])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_one_that_the_description_knows(contract: schemathesis.BaseSchema, path: str, mode: GenerationMode) -> None:
    """With what the description allows, and with what it forbids."""
    operation = contract[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    def asked(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})  # its WSGI client cannot unpack

    try:
        asked()
    except Unsatisfiable:
        assert not operation.query, "Only an operation without parameters has nothing to get wrong."


def test_all_operations_are_put_to_the_test() -> None:
    assert [path.removeprefix("/api/v1/") for path in PATHS] == [
        "entries",
        "organisations",
        "organisations/{id}",
        "points",
        "sources",
        "suggest",
        "terms",
        "version",
    ]
