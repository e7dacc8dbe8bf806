"""The register as data: what everybody may read, with stable names. Names of persons are not in it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from allmende.ground import outbox, sheets
from allmende.resolutions import letters, wording
from allmende.resolutions.models import Resolution

LICENCE = "CC0-1.0"


def resolution(one: Resolution) -> dict[str, Any]:
    """One resolution; needs `standing`, prefetched measures and reports."""
    replaced = one.replaced_by
    return {
        "number": one.number,
        "url": outbox.link(letters.path_of(one)),
        "title": one.title,
        "wording": one.wording,
        "body": one.body,
        "body_name": wording.body_of(one),
        "rule": one.rule_words,
        "votes": one.votes_words,
        "is_adopted": one.is_adopted,
        "decided_on": one.decided_on.isoformat(),
        "effective_on": _iso(one.effective_on),
        "outcome": one.outcome,
        "responsible": one.responsible,
        "due_on": _iso(one.due_on),
        "review_on": _iso(one.review_on),
        "state": one.state,
        "is_overdue": getattr(one, "standing", one.state) == "overdue",
        "done_on": _iso(one.done_on),
        "revoked_on": _iso(one.revoked_on),
        "replaced_by": replaced.number if replaced and replaced.visibility == "public" else None,
        "ballot": str(one.ballot.uuid) if one.ballot and one.ballot.visibility == "public" else None,
        "measures": [
            {
                "text": measure.text,
                "responsible": measure.responsible,
                "due_on": _iso(measure.due_on),
                "state": measure.state,
                "done_on": _iso(measure.done_on),
                "note": measure.note,
            }
            for measure in one.measures.all()
        ],
        "reports": [{"day": localtime(report.at).date().isoformat(), "text": report.text} for report in one.reports.all()],
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def register(name: str, url: str, rows: Iterable[Resolution]) -> dict[str, Any]:
    """All public resolutions of a cooperative."""
    return {"cooperative": name, "url": url, "licence": LICENCE, "resolutions": [resolution(one) for one in rows]}


def columns() -> list[str]:
    """The words over the table."""
    return [
        _("No."), _("Resolution"), _("Wording"), _("Who decided"), _("By which rule"), _("Votes"), _("Adopted"), _("Decided on"),
        _("Holds from"), _("What follows from it"), _("Responsible"), _("Carried out by"), _("Look at it again on"), _("Standing"),
        _("Address"),
    ]  # fmt: skip


def csv_parts(rows: Iterable[Resolution]) -> Iterator[bytes]:
    """The register as CSV for spreadsheets."""
    return sheets.csv_parts([columns(), *map(_line, rows)])


def _line(one: Resolution) -> list[Any]:
    standing = getattr(one, "standing", one.state)
    return [
        one.number, one.title, one.wording, wording.body_of(one), one.rule_words, one.votes_words, _("yes") if one.is_adopted else _("no"),
        one.decided_on, one.effective_on or "", one.outcome, one.responsible, one.due_on or "", one.review_on or "",
        wording.standing_label(standing), outbox.link(letters.path_of(one)),
    ]  # fmt: skip
