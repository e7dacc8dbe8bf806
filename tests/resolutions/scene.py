"""A cooperative with a register: a board, a member with an account, and words for a decision."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from allmende.members.models import Membership
from allmende.resolutions import actions
from allmende.resolutions.actions import Wording
from allmende.resolutions.models import Resolution
from tests import coops

DECIDED = date(2026, 3, 14)


def stage() -> SimpleNamespace:
    """The board keeps the register; Anna is a member."""
    coop = coops.cooperative("Gartenwerk eG")
    coops.statute(coop)
    board = coops.office(coop)
    membership = coops.member(coop, board)
    anna = coops.person("anna")
    Membership.objects.filter(pk=membership.pk).update(person=anna)
    return SimpleNamespace(coop=coop, board=board, anna=anna, slug=coop.organisation.slug)


def words(**fields: Any) -> Wording:
    """A decision of the assembly."""
    said = {"title": "Reisen mit der Bahn", "wording": "Erstattet werden **nur Bahnfahrten**.", "decided_on": DECIDED}
    return Wording(**{**said, "outcome": "Ab April gilt die neue Regel.", **fields})


def entered(scene: Any, **fields: Any) -> Resolution:
    """An entered resolution."""
    return actions.record(scene.coop, words(**fields), by=scene.board)
