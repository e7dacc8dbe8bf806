"""Contributions from a file: read and rehearsed first, entered as a whole afterwards."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.contributions import access, checking, rules, sheets
from allmende.contributions.models import Contribution, ContributionType, Import, Source
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.people.models import Person

KEPT = timedelta(days=2)  # rehearsals that nobody enters


@transaction.atomic
def rehearse_import(cooperative: Cooperative, name: str, content: bytes, *, by: Person) -> Import:
    """Read a file and check every row; nothing is entered yet. BadInput where it cannot be read, Refused where it was entered before."""
    cooperative = locked(cooperative)
    _require_handling(by, cooperative)
    read = sheets.read(name, content)
    require(read, _("There are no rows under the heading."), BadInput)
    require(len(read) <= rules.MOST_ROWS, _("A file can have at most %(n)d rows; please divide it.") % {"n": rules.MOST_ROWS}, BadInput)
    rows = check_rows(cooperative, read)
    digest = sha256(json.dumps([row["said"] for row in rows], sort_keys=True).encode()).hexdigest()
    earlier = Import.objects.filter(cooperative=cooperative, sha256=digest, entered_at__isnull=False).first()
    require(earlier is None, _("A file with exactly these rows was entered already. Nothing is entered twice."), Refused)
    return Import.objects.create(cooperative=cooperative, name=name[:200], sha256=digest, rows=rows, count=len(rows), uploaded_by=by)


def check_rows(cooperative: Cooperative, read: Sequence[sheets.Row]) -> list[dict[str, Any]]:
    """Each row with what it would enter, or the sentence why it cannot: number of the line, words as read, amount, fault."""
    book = checking.open_book(cooperative)
    types = {name.casefold(): one for one in ContributionType.objects.filter(cooperative=cooperative) for name in (one.name, one.key)}
    numbers = {int(row.member) for row in read if row.member.isascii() and row.member.isdigit() and len(row.member) < 10}
    members = {one.number: one for one in Membership.objects.filter(cooperative=cooperative, number__in=numbers)}
    return [_check(row, book, types, members) for row in read]


def _check(row: sheets.Row, book: checking.Book, types: dict[str, ContributionType], members: dict[int, Membership]) -> dict[str, Any]:
    found: dict[str, Any] = {"line": row.line, "said": [row.member, row.type, row.amount, row.done_on, row.text], "fault": ""}
    is_number = row.member.isascii() and row.member.isdigit() and len(row.member) < 10
    membership = members.get(int(row.member)) if is_number else None
    kind = types.get(row.type.casefold())
    if membership is None:
        return found | {"fault": _("There is no member with this number.")}
    if kind is None:
        return found | {"fault": _("There is no such kind of contribution here.")}
    try:
        amount = rules.read_amount(row.amount, kind.unit)
    except ValueError:
        return found | {"fault": _("The amount cannot be read. Write 1,5 or 1:30 for hours, 12,30 for euros.")}
    day = sheets.read_day(row.done_on)
    if day is None:
        return found | {"fault": _("The day cannot be read. Write 31.03.2026 or 2026-03-31.")}
    fault = checking.fault(book, membership, kind, amount, day, row.text, Source.IMPORT)
    return found | {"member": membership.number, "type": kind.pk, "amount": amount, "done_on": day.isoformat(), "fault": fault}


@transaction.atomic
def enter_import(run: Import, *, by: Person) -> int:
    """Enter all rows of a rehearsed file at once; they are checked again as things are now. Says how many; 0 when they are in already."""
    cooperative = locked(run.cooperative)
    _require_handling(by, cooperative)
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.entered_at:
        return 0
    earlier = Import.objects.filter(cooperative=cooperative, sha256=run.sha256, entered_at__isnull=False)
    require(not earlier.exists(), _("A file with exactly these rows was entered already. Nothing is entered twice."), Refused)
    rows = check_rows(cooperative, [sheets.Row(row["line"], *row["said"]) for row in run.rows])
    require(not any(row["fault"] for row in rows), _("Some rows cannot be entered. Correct the file and upload it again."), Refused)
    members = {one.number: one.pk for one in Membership.objects.filter(cooperative=cooperative, number__in={row["member"] for row in rows})}
    lines = [_line(cooperative, run, row, members, by) for row in rows]
    Contribution.objects.bulk_create(lines, batch_size=500)
    run.rows, run.entered_at = [], timezone.now()
    run.save(update_fields=["rows", "entered_at"])
    trail.record("contributions.contributions_imported", by=by, about=run, cooperative=cooperative.pk, count=len(lines))
    return len(lines)


def _line(cooperative: Cooperative, run: Import, row: dict[str, Any], members: dict[int, int], by: Person) -> Contribution:
    return Contribution(
        cooperative=cooperative,
        membership_id=members[row["member"]],
        type_id=row["type"],
        amount=row["amount"],
        done_on=date.fromisoformat(row["done_on"]),
        text=row["said"][4],
        source=Source.IMPORT,
        counts_at_once=True,
        file=run,
        entered_by=by,
    )


@transaction.atomic
def discard_import(run: Import, *, by: Person) -> None:
    """Throw a rehearsed file away."""
    cooperative = locked(run.cooperative)
    _require_handling(by, cooperative)
    run = Import.objects.select_for_update().get(pk=run.pk)
    require(run.entered_at is None, _("This file is entered already."), Refused)
    run.delete()
    trail.record("contributions.import_discarded", by=by, cooperative=cooperative.pk)


def prune_imports(now: datetime) -> int:
    """Forget rehearsed files that nobody entered."""
    gone, _by_model = Import.objects.filter(entered_at=None, uploaded_at__lt=now - KEPT).delete()
    return gone


def _require_handling(by: Person, cooperative: Cooperative) -> None:
    said = _("Only the board, the member administration and the bookkeeping may do this.")
    require(access.may_handle(by, cooperative), said, NotAllowed)
