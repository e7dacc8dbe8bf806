"""What this room knows of a person. The register is the cooperative's by law: erasing an account takes the account off, nothing else."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.members import access, actions, keeping, queries
from allmende.members.models import DataChange, Inspection, Membership
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("members", label=gettext_lazy("Membership"))
LOOKS = 500


@knows("memberships", label=gettext_lazy("Your memberships"))
def memberships(person: Person) -> list[dict[str, Any]]:
    """As they stand in the registers."""
    found = access.own(person).select_related("cooperative__organisation").order_by("pk")
    return [
        {
            "cooperative": str(one.cooperative), "number": one.number, "kind": one.kind, "declared_on": one.declared_on,
            "joined_on": one.joined_on, "ends_on": one.ends_on, "end_reason": one.end_reason,
        }
        for one in found
    ]  # fmt: skip


@knows("membership-names", label=gettext_lazy("Your name and address in member lists"))
def names(person: Person) -> list[dict[str, Any]]:
    """Every version there was, and a change that waits."""
    rows: list[dict[str, Any]] = []
    for one in access.own(person).select_related("cooperative__organisation").order_by("pk"):
        about = {"cooperative": str(one.cooperative), "number": one.number}
        for version in queries.versions_of(one):
            days = {"valid_from": version.valid_from, "valid_until": version.valid_until}
            rows.append(about | {name: getattr(version, name) for name in actions.NAMED} | days)
    for change in DataChange.objects.filter(membership__person=person).select_related("membership__cooperative__organisation"):
        about = {"cooperative": str(change.membership.cooperative), "number": change.membership.number}
        rows.append(about | change.fields | {"valid_from": change.from_on, "waits_since": change.asked_at})
    return rows


@knows("shares", label=gettext_lazy("Your shares"))
def shares(person: Person) -> list[dict[str, Any]]:
    """The lines of the share ledger and the groups."""
    rows: list[dict[str, Any]] = []
    for one in access.own(person).select_related("cooperative__organisation").order_by("pk"):
        about = {"cooperative": str(one.cooperative), "number": one.number}
        for line in queries.ledger_of(one):
            entry = line.entry
            rows.append(
                about | {
                    "what": entry.kind, "shares": entry.quantity, "share_cents": entry.share_cents, "declared_on": entry.declared_on,
                    "since": entry.effective_on, "held": line.held,
                }
            )  # fmt: skip
        for time in one.group_times.select_related("group"):
            rows.append(about | {"what": "group", "group": time.group.key, "since": time.since, "until": time.until})
    return rows


@knows("membership-looks", label=gettext_lazy("Who looked at your membership"))
def looks(person: Person) -> list[dict[str, Any]]:
    """As the log says, without the names of other members."""
    rows = []
    for one in access.own(person).select_related("cooperative__organisation"):
        for look in queries.looks_at(one)[:LOOKS]:
            rows.append({"cooperative": str(one.cooperative), "at": look.at, "role": look.role, "what": look.what, "purpose": look.purpose})
    return rows


@knows("own-looks", label=gettext_lazy("Member lists you looked at"))
def own_looks(person: Person) -> list[dict[str, Any]]:
    """What one inspected, as what, and what for."""
    found = Inspection.objects.filter(person=person).select_related("cooperative__organisation").order_by("pk")
    return [
        {"cooperative": str(one.cooperative), "at": one.at, "role": one.role, "what": one.what, "purpose": one.purpose, "rows": one.rows}
        for one in found
    ]


@keeps("members")
def kept(person: Person) -> list[Kept]:
    """The register is kept by law, while one is a member and for years after."""
    today = localdate()
    return [_kept(one, keeping.reasons(one, today)) for one in access.own(person).select_related("cooperative__organisation")]


def _kept(membership: Membership, reasons: list[keeping.Reason]) -> Kept:
    what = _("Your membership %(number)s of %(cooperative)s: name, address, shares") % {
        "number": membership, "cooperative": membership.cooperative,
    }  # fmt: skip
    why = _(
        "The list of members is the cooperative’s by law and is kept for three years after the year of the exit (§ 30 III GenG), bookings "
        "for ten (§ 257 HGB). Your account is taken off it. To leave the cooperative, give notice first."
    )
    days = [one.until for one in reasons]
    return Kept(what, why, max((day for day in days if day), default=None) if None not in days else None)


@forgets("members", order=45)
def forget(person: Person) -> None:
    """Memberships lose the account and stay."""
    actions.forget_person(person)
