"""Signing in through another house: all of its settings or none, and said in a sentence."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from allmende.people import checks

WHOLE = {
    "oidc_issuer": "https://login.example.org/realms/us",
    "oidc_client_id": "allmende",
    "oidc_client_secret": "geheim",
    "oidc_name": "Login",
}


def said(monkeypatch: pytest.MonkeyPatch, **changes: str) -> list[str]:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, **changes))  # type: ignore[arg-type]
    return [str(one.id) for one in checks.openid_connect(None)]


def test_nothing_and_everything_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch) == []
    assert said(monkeypatch, **WHOLE) == []
    assert said(monkeypatch, **(WHOLE | {"oidc_name": ""})) == []


@pytest.mark.parametrize("left_out", ["oidc_issuer", "oidc_client_id", "oidc_client_secret"])
def test_half_of_it_is_an_error_that_names_what_is_missing(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, **(WHOLE | {left_out: ""})))  # type: ignore[arg-type]
    (found,) = checks.openid_connect(None)
    assert found.id == "people.E001" and f"ALLMENDE_{left_out.upper()}" in found.msg


@pytest.mark.parametrize("issuer", ["login.example.org", "http://login.example.org", "ftp://login.example.org", "https://"])
def test_an_issuer_is_an_https_address(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    assert said(monkeypatch, **(WHOLE | {"oidc_issuer": issuer})) == ["people.E002"]


def test_the_provider_is_described_to_allauth_and_to_the_policy() -> None:
    env: Any = replace(settings.ENV, **WHOLE)  # type: ignore[arg-type]
    (app,) = env.oidc_providers()["openid_connect"]["APPS"]
    assert (app["name"], app["client_id"], app["settings"]["server_url"]) == ("Login", "allmende", WHOLE["oidc_issuer"])
    assert env.oidc_origins() == ["https://login.example.org"]
    assert settings.ENV.oidc_providers() == {} and settings.ENV.oidc_origins() == []
