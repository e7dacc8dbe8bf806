"""One scene for all tests of this folder, taken back at its end; and what everybody finds who walks through it."""

import gc
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import client

from tests.leaks.doors import addresses
from tests.leaks.scene import Scene, build
from tests.leaks.secrets import CARETAKER, GUEST, NEIGHBOUR, OWNER
from tests.leaks.walk import Answer, Walker

FORMS_OF = (OWNER, CARETAKER, NEIGHBOUR)
"""Whose pages show the forms that others then send, too."""

Walks = Callable[..., list[Answer]]
HERE = Path(__file__).parent


def _viewer(item: pytest.Item) -> str | None:
    return item.callspec.params.get("viewer") if hasattr(item, "callspec") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everybody walks on SQLite. On PostgreSQL guests do: what one may read is decided above the database, the same for both.

    A walk takes seconds and is made once for all tests of this folder: `./allmende test` gives them to one of its processes.
    """
    if connection.vendor == "postgresql":
        left_out = [item for item in items if item.path.parent == HERE and _viewer(item) not in {None, GUEST}]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="package")
def scene(django_db_setup: None, django_db_blocker: object) -> Iterator[Scene]:
    """The house with all its secrets, in one transaction around all tests of the folder: building it takes longer than most tests."""
    logging.disable(logging.ERROR)  # every "not found" of thousands would be a line
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        cache.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(client, "store_rendered_templates", lambda *_said, **_more: None)  # nobody here asks what pages were made of
            made = build()
            gc.collect()
            gc.freeze()  # what is there now stays till the end: no use in looking through it again and again
            yield made
            gc.unfreeze()
        transaction.set_rollback(True)
    cache.clear()
    logging.disable(logging.NOTSET)


@pytest.fixture
def _django_db_helper() -> None:
    """Takes the place of pytest-django's own: it would give every test a transaction of its own and close the connection after it."""


@pytest.fixture(scope="package")
def walks(scene: Scene) -> Walks:
    """`walks(viewer)`: what this viewer gets at every address of the house; each walk is made once."""
    made: dict[tuple[str, bool], list[Answer]] = {}

    def walk(viewer: str, english: bool = False) -> list[Answer]:
        if (viewer, english) not in made:
            walker = Walker(scene, viewer, reads_forms=viewer in FORMS_OF)
            made[viewer, english] = [walker.get(address) for address in addresses(scene, english)]
        return made[viewer, english]

    return walk
