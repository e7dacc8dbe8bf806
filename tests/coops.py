"""The cast of co-ownership: a cooperative with a statute and a board, and members who are entered by the same actions as real ones."""

from datetime import date
from itertools import count
from typing import Any

from allmende.constitution.models import Cooperative, Office, OfficeKind, Statute, StatuteState
from allmende.members import actions
from allmende.members.actions import Entering, Named
from allmende.members.models import Group, Membership
from allmende.people.models import Person
from tests import cast

_numbers = count(1)


def person(name: str) -> Person:
    """Somebody with an account."""
    return Person.objects.create_user(f"{name}@coops.example", name=name.capitalize())


def cooperative(name: str = "Gartenwerk eG", **fields: Any) -> Cooperative:
    """A published organisation that runs its membership here; without statute and offices."""
    return Cooperative.objects.create(organisation=cast.organisation(name), **fields)


def statute(of: Cooperative, **fields: Any) -> Statute:
    """A version in force: shares of 250 euros paid at once, the calendar year, three months of notice, unless said otherwise."""
    said = {
        "valid_from": date(2020, 1, 1),
        "state": StatuteState.ADOPTED,
        "version": Statute.objects.filter(cooperative=of).count() + 1,
        "share_cents": 250_00,
        "paid_in_cents": fields.get("share_cents", 250_00),
    }
    return Statute.objects.create(cooperative=of, **{**said, **fields})


def office(
    of: Cooperative, kind: str = OfficeKind.BOARD, who: Person | None = None, since: date = date(2020, 1, 1), **fields: Any
) -> Person:
    """Somebody who holds an office; says who."""
    who = who or person(f"{kind}{next(_numbers)}")
    Office.objects.create(cooperative=of, kind=kind, person=who, holder=str(who), since=since, **fields)
    return who


def group(of: Cooperative, key: str = "employees", name: str = "Beschäftigte") -> Group:
    """A stakeholder group."""
    return Group.objects.create(cooperative=of, key=key, name=name)


def member(
    of: Cooperative, by: Person, *, shares: int = 1, joined_on: date = date(2025, 1, 1), family_name: str = "", **fields: Any
) -> Membership:
    """A member who was entered by this board member."""
    named = fields.pop("named", None) or Named(family_name=family_name or f"Mitglied{next(_numbers)}", given_name="Anna", town="Jena")
    declared_on = fields.pop("declared_on", joined_on)
    return actions.enter_member(of, Entering(named=named, shares=shares, joined_on=joined_on, declared_on=declared_on, **fields), by=by)
