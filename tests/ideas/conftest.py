import pytest

from tests.ideas.scene import Scene, scene


@pytest.fixture
def here(db: None) -> Scene:
    """The cast of this room."""
    return scene()
