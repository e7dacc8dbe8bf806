"""Sentences are compared in the language they are written in."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever has been translated by now."""
    with translation.override("en"):
        yield
