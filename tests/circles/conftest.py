"""Sentences of refusals are compared in English, whatever language the test before left behind."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Pages choose their language by address; actions called directly have that of the moment."""
    with translation.override("en"):
        yield
