"""What this room knows of a person: what they suggested and reported, and how it forgets them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.people.models import Person
from allmende.people.personal import announces, forgets, knows
from allmende.suggestions.models import Appeal, Report, Suggestion

announces("suggestions", label=_("Suggestions and reports"))


@knows("suggestions", label=_("What you suggested"))
def suggested(person: Person) -> list[dict[str, Any]]:
    """Suggestions made while signed in, with their answers."""
    rows = Suggestion.objects.filter(by=person).order_by("pk")
    columns = ("uuid", "organisation__slug", "kind", "problem", "state", "fields", "remark", "reason", "opened_at", "decided_at", "answer")
    return [_plain(row) for row in rows.values(*columns)]


@knows("reports", label=_("What you reported, and your appeals"))
def reported(person: Person) -> list[dict[str, Any]]:
    """Reports and appeals made while signed in."""
    columns = ("uuid", "title", "matter", "place", "reason", "name", "email", "opened_at", "effect", "facts", "decided_at")
    reports = [_plain({"what": "report", **row}) for row in Report.objects.filter(by=person).order_by("pk").values(*columns)]
    appeals = Appeal.objects.filter(by=person).order_by("pk").values("text", "side", "opened_at", "outcome", "answer", "decided_at")
    return [*reports, *(_plain({"what": "appeal", **row}) for row in appeals)]


@knows("reports-about-you", label=_("Decisions on reports of what you put up"))
def decided_about(person: Person) -> list[dict[str, Any]]:
    """What was decided about things one answers for; not who reported them."""
    found = Report.objects.filter(responsible=person).exclude(decided_at=None).order_by("pk")
    return [_plain({**row}) for row in found.values("title", "matter", "opened_at", "effect", "ground", "basis", "facts", "decided_at")]


@forgets("suggestions", order=40)
def forget(person: Person) -> None:
    """What was suggested stays with the entry, without the person: neither who nor where the answer would have gone."""
    mine = models.Q(by=person)
    Suggestion.objects.filter(mine | models.Q(contact__iexact=person.email)).update(contact="")
    Report.objects.filter(mine | models.Q(email__iexact=person.email)).update(name="", email="")
    Report.responsible.through.objects.filter(person=person).delete()
    for kind in (Suggestion, Report, Appeal):
        kind.objects.filter(mine).update(by=None)
        kind.objects.filter(decided_by=person).update(decided_by=None)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name == "uuid" else value for name, value in row.items()}
