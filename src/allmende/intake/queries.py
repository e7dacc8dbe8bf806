"""Questions about lists that come in."""

import json
import zlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.directory.models import Organisation
from allmende.directory.models import State as EntryState
from allmende.ground.text import fold
from allmende.intake import checking
from allmende.intake.checking import Checked, Options, Register
from allmende.intake.models import Intake
from allmende.members.access import active_on
from allmende.members.models import Group, Membership, Particulars, Party


def packed(rows: Any) -> bytes:
    """Rows of a list as they are kept."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode())


def unpacked(kept: bytes | memoryview) -> list[Any]:
    """And back; nothing where they are gone."""
    found: list[Any] = json.loads(zlib.decompress(bytes(kept))) if kept else []
    return found


def intakes(cooperative: Cooperative) -> QuerySet[Intake]:
    """The lists of a cooperative, the latest first, without their rows."""
    return Intake.objects.filter(cooperative=cooperative).defer("rows", "findings").select_related("uploaded_by", "started_by")


def intake_at(cooperative: Cooperative, uuid: UUID) -> Intake:
    """One list; Http404 where this cooperative has none of that number."""
    found = Intake.objects.filter(cooperative=cooperative, uuid=uuid).select_related("cooperative__organisation").first()
    if found is None:
        raise Http404
    return found


def register_of(cooperative: Cooperative, columns: list[str]) -> Register:
    """What the rehearsal compares with, read in a handful of questions."""
    statutes = Statute.objects.filter(cooperative=cooperative, state=StatuteState.ADOPTED).order_by("valid_from")
    groups: dict[str, Group] = {}
    for group in Group.objects.filter(cooperative=cooperative):
        for word in (group.name_en, group.key, group.name):
            if word:
                groups[fold(word)] = group
    numbers = frozenset(Membership.objects.filter(cooperative=cooperative).values_list("number", flat=True))
    entries = Organisation.objects.filter(state=EntryState.PUBLISHED).values_list("slug", "pk") if "entry" in columns else ()
    return Register(list(statutes), groups, numbers, _people(cooperative), dict(entries))


def _people(cooperative: Cooperative) -> dict[str, list[tuple[int, str, str, bool]]]:
    today = localdate()
    active = set(Membership.objects.filter(active_on(today), cooperative=cooperative).values_list("pk", flat=True))
    found: dict[str, list[tuple[int, str, str, bool]]] = defaultdict(list)
    rows = Particulars.objects.filter(membership__cooperative=cooperative, valid_until=None).values_list(
        "party", "family_name", "given_name", "firm", "town", "email", "membership", "membership__number"
    )
    for party, family, given, firm, town, email, pk, number in rows.iterator():
        name = firm if party == Party.LEGAL else ", ".join(part for part in (family, given) if part)
        found[fold(name)].append((number, fold(town), email.lower(), pk in active))
    return found


def options_of(intake: Intake) -> Options:
    """What was chosen for this list; before that, what is usual."""
    said = intake.options
    return Options(
        opening_on=_day(said.get("opening_on")) or localdate(),
        leave_out=bool(said.get("leave_out")),
        take_doubles=bool(said.get("take_doubles")),
        accept_more=bool(said.get("accept_more")),
        ask_rest=bool(said.get("ask_rest")),
        due_on=_day(said.get("due_on")),
        groups=said.get("groups") or {},
    )


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None


def checked_rows(intake: Intake) -> list[Checked]:
    """The rehearsal: every row compared with the register as it is now."""
    rows = [(number, cells) for number, cells in unpacked(intake.rows)]
    register = register_of(intake.cooperative, intake.columns)
    return checking.check(rows, intake.columns, options_of(intake), register, localdate()) if register.statutes else []


@dataclass(frozen=True)
class Finding:
    """What the rehearsal said of one row."""

    row: int
    name: str
    number: int | None
    errors: list[str]
    warnings: list[str]


def findings(intake: Intake, which: str = "") -> list[Finding]:
    """What was found, row by row; `errors` or `warnings` shows only such rows."""
    found = [Finding(*one) for one in unpacked(intake.findings)]
    if which == "errors":
        return [one for one in found if one.errors]
    if which == "warnings":
        return [one for one in found if one.warnings and not one.errors]
    return found


def unknown_groups(intake: Intake) -> list[str]:
    """The words of the group column that the cooperative has no group for, each once, as they are first written."""
    if "group" not in intake.columns:
        return []
    known = register_of(intake.cooperative, []).groups
    at = intake.columns.index("group")
    found: dict[str, str] = {}
    for _number, cells in unpacked(intake.rows):
        word = cells[at].strip() if at < len(cells) else ""
        if word and fold(word) not in known:
            found.setdefault(fold(word), word)
    return list(found.values())[:30]
