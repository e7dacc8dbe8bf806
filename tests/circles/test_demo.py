"""The examples: three circles in three states, made once, marked."""

import pytest

from allmende.circles import demo
from allmende.circles.models import Circle
from allmende.directory.models import Belonging, Kind
from tests.cast import organisation
from tests.circles.cast import keeper

pytestmark = pytest.mark.django_db


def test_the_demo_circles_are_made_once_and_marked() -> None:
    entries = {name: organisation(slug.removeprefix("demo-"), slug=slug, is_demo=True) for name, slug in demo.HOSTS.items()}
    network = organisation("Bund eG", kind=Kind.NETWORK)
    for item in entries.values():
        Belonging.objects.create(network=network, member=item)
    people = {name: keeper(item, name) for name, item in entries.items()}
    assert demo.load(people) == 0
    people["ben"] = keeper(entries["anna"], "ben")
    assert demo.load(people) == 3
    assert demo.load(people) == 0
    assert list(Circle.objects.order_by("pk").values_list("joining", "audience", "is_demo")) == [
        ("request", "network", True),
        ("open", "public", True),
        ("invitation", "network", True),
    ]
    assert Circle.objects.exclude(archived_at=None).count() == 1
