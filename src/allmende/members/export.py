"""The list of members as it leaves the house: what § 30 II GenG asks for, as of a day; a member's own entries (§ 31 GenG)."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import sheets
from allmende.ground.refusals import Refused, require
from allmende.ground.text import defused
from allmende.members import listing, queries, rules
from allmende.members.listing import Row, Wanted
from allmende.members.models import Kind, Membership, Party
from allmende.web.paper import pdf

MOST_ON_PAPER = 5_000
PART = 64 * 1024
KINDS = ("csv", "xlsx", "pdf")


def columns() -> list[str]:
    """The words over the columns."""
    return [
        _("Member number"), _("Family name or firm"), _("Given names"), _("Register and number"), _("Represented by"),
        _("Street and number"), _("Postcode"), _("Town"), _("Country"), _("Further shares"), _("Shares"), _("Kind of membership"),
        _("Group"), _("Member from"), _("Data hold from"), _("Shares hold from"), _("Member until"), _("Reason of the end"),
    ]  # fmt: skip


def _values(row: Row, groups: dict[str, str], kinds: dict[str, str]) -> list[Any]:
    known, member = row.particulars, row.membership
    is_legal = known.party == Party.LEGAL
    return [
        member.number, known.firm if is_legal else known.family_name, "" if is_legal else known.given_name, known.register,
        known.represented_by, known.street, known.postcode, known.town, known.country, row.further, row.shares, kinds[member.kind],
        groups.get(row.group, ""), member.joined_on, known.valid_from, row.shares_since or "", member.ends_on or "",
        member.get_end_reason_display() if member.ends_on else "",
    ]  # fmt: skip


def rows(cooperative: Cooperative, on: date, *, with_left: bool = False) -> Iterator[list[Any]]:
    """Line for line, by number: who is a member on the day, then who left in its year before it."""
    groups, kinds = listing.group_names(cooperative), {key: str(word) for key, word in Kind.choices}
    for row in listing.every_row(cooperative, Wanted(on)):
        yield _values(row, groups, kinds)
    if with_left:
        for row in listing.every_row(cooperative, Wanted(on, left=True)):
            if row.membership.ends_on and row.membership.ends_on < on:
                yield _values(row, groups, kinds)


def _cell(value: Any) -> Any:
    """Spreadsheets take what begins with certain signs for formulas: such words get an apostrophe."""
    return defused(value) if isinstance(value, str) else value


def csv_parts(cooperative: Cooperative, on: date, *, with_left: bool = False) -> Iterator[bytes]:
    """The list as CSV (RFC 4180, UTF-8 with the sign by which spreadsheets know it), part by part."""
    return sheets.csv_parts(chain([columns()], rows(cooperative, on, with_left=with_left)))


def xlsx(cooperative: Cooperative, on: date, *, with_left: bool = False) -> IO[bytes]:
    """The list as a table for spreadsheets, in a file that is gone when it is closed."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("List of members"))
    sheet.freeze_panes = "A2"
    sheet.append([str(word) for word in columns()])
    for values in rows(cooperative, on, with_left=with_left):
        sheet.append([_cell(value) for value in values])  # nothing begins with `=` any more: no formulas
    file = TemporaryFile()  # noqa: SIM115 - closed by the answer that sends it
    book.save(file)
    file.seek(0)
    return file


def on_paper(cooperative: Cooperative, on: date, *, with_left: bool = False) -> bytes:
    """The list as PDF. Refused where it would be a book."""
    count = listing.found(cooperative, Wanted(on)).count()
    words = _("The list has %(count)d members; as PDF it can have %(most)d. Please take CSV or XLSX.")
    require(count <= MOST_ON_PAPER, words % {"count": count, "most": MOST_ON_PAPER}, Refused)
    groups = listing.group_names(cooperative)
    present = [_printed(row, groups) for row in listing.every_row(cooperative, Wanted(on))]
    left = (
        [_printed(row, groups) for row in listing.every_row(cooperative, Wanted(on, left=True)) if _is_gone(row, on)] if with_left else []
    )
    return pdf("members", "list", {
        "title": _("List of members as of %(day)s") % {"day": _said(on)},
        "author": str(cooperative),
        "language": (get_language() or "de")[:2],
        "footer": _("made on %(moment)s") % {"moment": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")},
        "lead": _("List of members after § 30 GenG: %(count)d members.") % {"count": len(present)},
        "head": [_("No."), _("Name and address"), _("Further shares"), _("Shares"), _("Kind, group"), _("From"), _("Until")],
        "rows": present,
        "left_title": _("Left in %(year)d") % {"year": on.year},
        "left": left,
    })  # fmt: skip


def _is_gone(row: Row, on: date) -> bool:
    return row.membership.ends_on is not None and row.membership.ends_on < on


def _printed(row: Row, groups: dict[str, str]) -> list[str]:
    known, member = row.particulars, row.membership
    where = ", ".join(part for part in (known.street, f"{known.postcode} {known.town}".strip(), known.country) if part)
    name = known.name or _("Name erased")
    kind = ", ".join(part for part in (str(member.get_kind_display()), groups.get(row.group, "")) if part)
    until = _said(member.ends_on) if member.ends_on else ""
    held = f"{row.shares}\n{_since(row)}".strip()
    return [str(member), f"{name}\n{where}", str(row.further), held, kind, _said(member.joined_on), until]


def _since(row: Row) -> str:
    """From when the shares hold, where it is another day than that of joining."""
    since = row.shares_since
    return _("from %(day)s") % {"day": _said(since)} if since and since != row.membership.joined_on else ""


def _said(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def extract(membership: Membership, on: date) -> bytes:
    """A copy of a member's own entries (§ 31 I 2 GenG): names, addresses and shares with their days."""
    known = queries.particulars_of(membership, on)
    ledger = queries.ledger_of(membership)
    shares = rules.held_on(queries.share_lines(membership), on)
    group = queries.group_of(membership, on)
    facts = [
        [_("Member number"), str(membership)],
        [_("Kind of membership"), str(membership.get_kind_display())],
        [_("Member from"), _said(membership.joined_on)],
        [_("Member until"), f"{_said(membership.ends_on)} ({membership.get_end_reason_display()})" if membership.ends_on else "–"],
        [_("Group"), listing.name_of(group) if group else "–"],
        [_("Shares"), str(shares)],
        [_("Further shares"), str(rules.further_shares(shares))],
    ]
    return pdf("members", "extract", {
        "title": _("Entries in the list of members"),
        "author": str(membership.cooperative),
        "language": (get_language() or "de")[:2],
        "lead": _("Copy of the entries on %(name)s as of %(day)s (§ 31 GenG).") % {"name": known.spoken or membership, "day": _said(on)},
        "facts": facts,
        "names_title": _("Name and address"),
        "names_head": [_("From"), _("Until"), _("Name"), _("Address")],
        "names": [
            [_said(one.valid_from), _said(one.valid_until) if one.valid_until else "", one.name, _address(one)]
            for one in queries.versions_of(membership) if not one.is_replaced
        ],
        "shares_title": _("Shares"),
        "shares_head": [_("Holds from"), _("Declared on"), _("What"), _("Shares"), _("Then")],
        "shares": [
            [
                _said(one.entry.effective_on), _said(one.entry.declared_on), str(one.entry.get_kind_display()),
                f"{one.entry.quantity:+d}".replace("-", "−"), str(one.held),
            ]
            for one in ledger
        ],
    })  # fmt: skip


def _address(known: Any) -> str:
    return ", ".join(part for part in (known.street, f"{known.postcode} {known.town}".strip(), known.country) if part)
