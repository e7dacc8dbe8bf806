"""The description of the door for programs in OpenAPI 3.1. Open data is described by its own room: it needs no key, this does."""

from typing import Any

from allmende.contributions.rules import MOST_AT_ONCE

ONE = "#/components/schemas/Contribution"
REFUSALS = {
    "400": "The call has the wrong shape",
    "401": "The key is missing, unknown or revoked",
    "403": "The key does not allow this",
    "409": "The idempotency key was used for other contributions",
    "422": "Some contributions cannot be entered, so none was; `errors` names each by its index",
    "429": "Too many calls; Retry-After says when to try again",
}


def description(base: str) -> dict[str, Any]:
    """The whole description; `base` is the address of this house."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Allmende: contributions",
            "version": "1.0.0",
            "description": "Programs of a cooperative enter what members contribute, and read the sums of what they entered. "
            "Keys are made by the board and belong into the Authorization header.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "paths": {"/api/v1/cooperatives/{slug}/contributions": {"parameters": [_SLUG], "post": _POST, "get": _GET}},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Contribution": _CONTRIBUTION, "Entered": _ENTERED, "Sums": _SUMS, "Problem": _PROBLEM},
        },
    }


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _refusals(*statuses: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": REFUSALS[status], "content": problem} for status in statuses}


_SLUG = {"name": "slug", "in": "path", "required": True, "description": "The cooperative's address", "schema": {"type": "string"}}
_CONTRIBUTION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["member", "type", "amount", "done_on"],
    "properties": {
        "member": {"type": "integer", "minimum": 1, "description": "Member number"},
        "type": {"type": "string", "description": "Short name of the kind, as the board set it up"},
        "amount": {
            "type": "string",
            "pattern": r"^-?\d{1,10}(\.\d{1,3})?$",
            "description": "With a decimal point: hours or units with up to three decimals, turnover in euros with up to two. "
            "Only turnover may be negative (returns)",
            "examples": ["1.5", "12.30"],
        },
        "done_on": {"type": "string", "format": "date"},
        "text": {"type": "string", "maxLength": 200},
    },
}
_ID = {"type": "string", "format": "uuid"}
_ENTERED = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "items": {"type": "object", "required": ["id"], "properties": {"id": _ID}},
        }
    },
}
_SUMS = {
    "type": "object",
    "properties": {
        "client": {"type": "string"},
        "starts_on": {"type": "string", "format": "date"},
        "ends_on": {"type": "string", "format": "date"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"type": {"type": "string"}, "unit": {"type": "string"}, "sum": {"type": "string"}},
            },
        },
    },
}
_PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"index": {"type": "integer"}, "detail": {"type": "string"}}},
        },
    },
}
_MANY = {
    "type": "object",
    "required": ["items"],
    "additionalProperties": False,
    "properties": {"items": {"type": "array", "minItems": 1, "maxItems": MOST_AT_ONCE, "items": {"$ref": ONE}}},
}
_POST = {
    "operationId": "enter",
    "summary": "Enter contributions",
    "description": "All of a call or none. The same idempotency key with the same body gives the answer of the first time. "
    "What is entered here counts at once.",
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "A new word for every new call; it belongs to the program, also when its key changes",
            "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"oneOf": [{"$ref": ONE}, _MANY]}}}},
    "responses": {
        "201": {"description": "Entered, with the id of each in their order", "content": _json("Entered")},
        **_refusals("400", "401", "403", "409", "422", "429"),
    },
}
_GET = {
    "operationId": "sums",
    "summary": "Sums of what this program entered",
    "description": "By kind, for a fiscal year; what was taken back is not in it.",
    "parameters": [
        {
            "name": "year",
            "in": "query",
            "required": False,
            "description": "The year in which the fiscal year ends; the present one without",
            "schema": {"type": "string", "pattern": r"^\d{4}$"},
        }
    ],
    "responses": {"200": {"description": "The sums", "content": _json("Sums")}, **_refusals("400", "401", "403", "429")},
}
