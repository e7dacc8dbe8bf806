"""The auditor's folder (§ 53 GenG): one ZIP with register, ledgers, balances, statutes and offices as of a day, and what was examined.

Files for programs are CSV with semicolons in UTF-8, amounts with a decimal point; every file's SHA-256 stands in SHA256SUMS. Written
piece by piece into a file that is gone when it is closed, so a hundred thousand members need no memory.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.auditing.checks import Check, examine
from allmende.constitution import keeping
from allmende.constitution.models import Cooperative, Office, Statute, StatuteState
from allmende.ground.money import plain
from allmende.ground.sheets import csv_parts
from allmende.members import export as register
from allmende.members.access import active_on
from allmende.members.models import Membership, ShareEntry
from allmende.money import queries as money
from allmende.money.export import Period, plain_csv
from allmende.money.models import Account, Booking
from allmende.money.statements import trial_balance
from allmende.web.paper import pdf

CHUNK = 2_000
Cells = Sequence[str]


@dataclass(frozen=True)
class Wanted:
    """Which folder: the list as of `on`, bookings and changes from `since` until then."""

    cooperative: Cooperative
    since: date
    on: date


@dataclass
class Made:
    """The folder, what was examined, how many members the list has."""

    file: IO[bytes]
    checks: list[Check]
    members: int


def make(wanted: Wanted) -> Made:
    """The whole folder; the caller closes the file."""
    checks = examine(wanted.cooperative, wanted.on)
    file = TemporaryFile()  # noqa: SIM115 - handed to the answer, which closes it
    sums: dict[str, str] = {}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, parts in _files(wanted, checks):
            sums[name] = _write(archive, name, parts)
        _write(archive, "SHA256SUMS", ["".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()])
    file.seek(0)
    return Made(file, checks, Membership.objects.filter(active_on(wanted.on), cooperative=wanted.cooperative).count())


def _write(archive: ZipFile, name: str, parts: Iterable[bytes]) -> str:
    digest = sha256()
    with archive.open(name, "w", force_zip64=True) as entry:
        for part in parts:
            entry.write(part)
            digest.update(part)
    return digest.hexdigest()


def _files(wanted: Wanted, checks: list[Check]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and content of each file, in the order in which an auditor reads them."""
    cooperative, on = wanted.cooperative, wanted.on
    yield _("00-contents.pdf"), [cover(wanted, checks)]
    yield _("01-list-of-members.csv"), register.csv_parts(cooperative, on, with_left=True)
    yield _("02-entries-and-exits.csv"), csv_parts(_changes(wanted))
    yield _("03-share-ledger.csv"), csv_parts(_share_lines(wanted))
    yield _("04-capital-by-member.csv"), csv_parts(_balances(wanted))
    yield _("05-bookings.csv"), csv_parts(_booking_lines(wanted))
    yield _("06-bookings-for-accounting.csv"), plain_csv(money.bookkeeping(cooperative), Period(wanted.since, on, wanted.since))
    yield _("07-accounts.csv"), csv_parts(_accounts(wanted))
    yield _("08-offices.csv"), csv_parts(_offices(cooperative))
    for statute in Statute.objects.filter(cooperative=cooperative, state=StatuteState.ADOPTED, valid_from__lte=on).order_by("version"):
        yield from _statute(statute)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _changes(wanted: Wanted) -> Iterator[Cells]:
    """Who came and who left in the period (§ 30 GenG)."""
    yield _("Member number"), _("What"), _("Effective"), _("Declared on"), _("Entered at"), _("Reason")
    found = Membership.objects.filter(cooperative=wanted.cooperative)
    for one in found.filter(joined_on__range=(wanted.since, wanted.on)).order_by("joined_on", "number").iterator(CHUNK):
        yield str(one), _("entry"), _day(one.joined_on), _day(one.declared_on), one.entered_at.isoformat(timespec="seconds"), ""
    for one in found.filter(ends_on__range=(wanted.since, wanted.on)).order_by("ends_on", "number").iterator(CHUNK):
        entered = one.ended_at.isoformat(timespec="seconds") if one.ended_at else ""
        yield str(one), _("exit"), _day(one.ends_on), "", entered, one.get_end_reason_display()


def _share_lines(wanted: Wanted) -> Iterator[Cells]:
    """Every line of the share ledger up to the day: the list can be worked out anew from it."""
    yield (
        _("No."),
        _("Member number"),
        _("What"),
        _("Shares"),
        _("Value of a share"),
        _("Declared on"),
        _("Effective"),
        _("Other member"),
        _("Reverses no."),
        _("Evidence"),
    )
    lines = ShareEntry.objects.filter(membership__cooperative=wanted.cooperative, effective_on__lte=wanted.on)
    for one in lines.select_related("membership", "partner").order_by("effective_on", "pk").iterator(CHUNK):
        yield (
            str(one.pk), str(one.membership), one.get_kind_display(), str(one.quantity), plain(one.share_cents), _day(one.declared_on),
            _day(one.effective_on), str(one.partner or ""), str(one.reverses_id or ""), one.evidence,
        )  # fmt: skip


def _balances(wanted: Wanted) -> Iterator[Cells]:
    """What each member has on the day, by number."""
    yield _("Member number"), _("Capital"), _("Settlement owed"), _("Other sums owed"), _("Fees open")
    names = (Account.CAPITAL, Account.SETTLEMENT, Account.PAYABLE, Account.RECEIVABLE)
    accounts = [money.balances(wanted.cooperative, name, wanted.on) for name in names]
    known = {pk for found in accounts for pk in found}
    for pk, number in Membership.objects.filter(pk__in=known).order_by("number").values_list("pk", "number"):
        capital, settlement, payable, receivable = (found.get(pk, 0) for found in accounts)
        yield f"{number:04d}", plain(capital), plain(settlement), plain(payable), plain(-receivable)


def _booking_lines(wanted: Wanted) -> Iterator[Cells]:
    """Every booking up to the day with both accounts and both members."""
    yield (
        _("No."),
        _("Booked on"),
        _("What"),
        _("Debit"),
        _("Member debited"),
        _("Credit"),
        _("Member credited"),
        _("Amount"),
        _("Text"),
        _("Reference"),
        _("Reverses no."),
        _("Entered at"),
    )
    lines = Booking.objects.filter(cooperative=wanted.cooperative, booked_on__lte=wanted.on)
    for one in lines.select_related("member_debit", "member_credit").order_by("booked_on", "pk").iterator(CHUNK):
        yield (
            str(one.pk), _day(one.booked_on), one.get_kind_display(), one.get_debit_display(), str(one.member_debit or ""),
            one.get_credit_display(), str(one.member_credit or ""), plain(one.cents), one.text, one.reference, str(one.reverses_id or ""),
            one.entered_at.isoformat(timespec="seconds"),
        )  # fmt: skip


def _accounts(wanted: Wanted) -> Iterator[Cells]:
    yield _("Account"), _("Debits"), _("Credits"), _("Balance")
    for row in trial_balance(wanted.cooperative, wanted.on):
        yield row.label, plain(row.debits), plain(row.credits), plain(row.balance)


def _offices(cooperative: Cooperative) -> Iterator[Cells]:
    yield _("Office"), _("Title"), _("Name"), _("From"), _("Until"), _("Elected or named by"), _("Discharged on")
    for one in Office.objects.filter(cooperative=cooperative).order_by("kind", "since"):
        yield one.get_kind_display(), one.title, one.holder, _day(one.since), _day(one.until), one.elected_by, _day(one.discharged_on)


def _statute(statute: Statute) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The document or text of a version, and the numbers the house counts with."""
    folder = _("statutes/version-%(number)d") % {"number": statute.version}
    path = keeping.path_of(statute.sha256) if statute.document else None
    if path and path.is_file():
        yield f"{folder}.pdf", [path.read_bytes()]
    if statute.text:
        yield f"{folder}.txt", [statute.text.encode()]
    left_out = {"id", "cooperative", "created_by", "text", "state"}
    values = {one.name: getattr(statute, one.name) for one in statute._meta.concrete_fields if one.name not in left_out}
    yield f"{folder}.json", [json.dumps(values, default=str, ensure_ascii=False, indent=1).encode()]


def cover(wanted: Wanted, checks: list[Check]) -> bytes:
    """The first sheet: what is inside, as of when, and what was examined."""
    now = timezone.localtime()
    data = {
        "title": _("Auditor’s folder"),
        "author": str(wanted.cooperative),
        "language": get_language() or "de",
        "footer": _("made on %(moment)s") % {"moment": date_format(now, "SHORT_DATETIME_FORMAT")},
        "facts": [
            [_("Cooperative"), str(wanted.cooperative)],
            [_("List of members as of"), date_format(wanted.on)],
            [_("Bookings from"), date_format(wanted.since)],
        ],
        "heading": _("What was examined"),
        "head": [_("Examined"), _("Result"), _("Numbers")],
        "checks": [[one.name, _("adds up") if one.holds else _("does not add up"), one.detail] for one in checks],
        "about": _("The list of members and every balance can be worked out anew from the two ledgers: sum the lines up to the day."),
    }
    return pdf("auditing", "cover", data, at=now)
