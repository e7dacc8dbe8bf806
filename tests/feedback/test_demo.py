"""The demo network asks and answers."""

import pytest

from allmende.directory.models import Organisation
from allmende.feedback import demo
from allmende.feedback.models import Review, Round
from allmende.people.models import Person
from tests.feedback.cast import project_of

pytestmark = pytest.mark.django_db


def test_one_round_is_open_and_one_is_over(shop: Organisation, anna: Person, clara: Person, dora: Person) -> None:
    people = {"anna": anna, "clara": clara, "dora": dora}
    assert demo.load(people) == 0
    for title in ("Eins", "Zwei", "Drei"):
        project_of(shop, title=title, is_demo=True)
    assert demo.load(people) == 2
    assert list(Round.objects.order_by("pk").values_list("state", "is_demo", "readers")) == [
        ("open", True, "everybody"),
        ("closed", True, "invited"),
    ]
    assert Review.objects.filter(state="given").count() == 3
