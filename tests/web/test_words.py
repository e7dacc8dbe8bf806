"""Small words of the templates."""

import pytest

from allmende.web.templatetags.web import joints


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Netzwerk Plattformgenossenschaften", "Netzwerk Plattform\u00adgenossenschaften"),
        ("Genossenschaftsverband Bayern", "Genossenschafts\u00adverband Bayern"),
        ("Deutsche Datenschutz-Genossenschaft", "Deutsche Datenschutz-Genossenschaft"),
        ("Hostsharing eG", "Hostsharing eG"),
        ("", ""),
    ],
)
def test_only_long_compounds_get_a_place_to_break(name: str, shown: str) -> None:
    assert joints(name) == shown
