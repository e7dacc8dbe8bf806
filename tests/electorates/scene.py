"""A cooperative with members of every kind, as of 30 June 2026."""

from datetime import date
from types import SimpleNamespace

from allmende.members.actions import put_in_group
from allmende.members.models import EndReason, Membership
from tests import coops

DAY = date(2026, 6, 30)


def stage(**statute: object) -> SimpleNamespace:
    """Anna and Ben work there, Carla is a partner who left on the day itself, Dora came a day later, Emil only invested."""
    coop = coops.cooperative("Gartenwerk eG")
    coops.statute(coop, **{"has_investing": True, **statute})
    board = coops.office(coop)
    groups = {key: coops.group(coop, key, name) for key, name in (("employees", "Beschäftigte"), ("partners", "Partnerbetriebe"))}
    who = {name: coops.member(coop, board, family_name=name.capitalize()) for name in ("anna", "ben", "carla")}
    who["dora"] = coops.member(coop, board, family_name="Dora", joined_on=date(2026, 7, 1))
    who["emil"] = coops.member(coop, board, family_name="Emil", kind="investing")
    for name, key in (("anna", "employees"), ("ben", "employees"), ("carla", "partners")):
        put_in_group(who[name], groups[key], since=date(2025, 1, 1), by=board)
    Membership.objects.filter(pk=who["carla"].pk).update(ends_on=DAY, end_reason=EndReason.NOTICE)
    people = {name: coops.person(name) for name in ("anna", "carla", "dora")}
    for name, person in people.items():
        Membership.objects.filter(pk=who[name].pk).update(person=person)
        who[name].refresh_from_db()
    return SimpleNamespace(coop=coop, board=board, who=SimpleNamespace(**who), people=SimpleNamespace(**people), groups=groups)
