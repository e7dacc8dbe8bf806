"""Files of the bank: read, checked against the cooperative's accounts, and every line taken over once, however often it comes."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.banking import camt, rules, tables
from allmende.banking.models import Line, Statement, Upload
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.money.actions import require_booking
from allmende.money.models import BankAccount
from allmende.people.models import Person

KEEP_UPLOADS = timedelta(days=1)
_WORTHLESS = re.compile(r"[^0-9A-Z]")


@transaction.atomic
def take_file(cooperative: Cooperative, name: str, data: bytes, *, by: Person) -> list[Statement] | Upload:
    """A file from the bank: a camt statement is read at once, a table waits until somebody says which column is what.

    BadInput with a sentence for everything that is neither; then nothing is kept.
    """
    require_booking(by, cooperative)
    require(data, _("This file is empty."), BadInput)
    if camt.is_xml(data):
        return [_store(cooperative, sheet, name, "camt", data, by) for sheet in _own_sheets(cooperative, camt.read(data))]
    tables.read(data)
    return Upload.objects.create(cooperative=cooperative, name=clean(name)[-200:], content=data, uploaded_by=by)


def _own_sheets(cooperative: Cooperative, sheets: list[camt.Sheet]) -> list[camt.Sheet]:
    """All of them, if they belong to the cooperative's accounts."""
    for sheet in sheets:
        _require_own(cooperative, sheet.iban)
    return sheets


def _require_own(cooperative: Cooperative, iban: str) -> None:
    own = set(BankAccount.objects.filter(cooperative=cooperative).values_list("iban", flat=True))
    require(own, _("Enter the account of the cooperative first, under “Money”."), Refused)
    sentence = _("This file belongs to the account %(iban)s, which is not the cooperative's. Nothing was taken over.")
    require(iban in own, sentence % {"iban": rules.masked(iban)}, BadInput)


@transaction.atomic
def import_table(upload: Upload, columns: Mapping[str, int], account: BankAccount, *, by: Person) -> Statement:
    """Take over a table with these columns into this account. A second click finds nothing more to take over."""
    cooperative = locked(upload.cooperative)
    require_booking(by, cooperative)
    found = Upload.objects.filter(pk=upload.pk).first()
    require(found, _("This file was taken over or discarded already."), Refused)
    data = bytes(upload.content)
    table = tables.read(data)
    for iban in tables.own_accounts(table, columns):
        if re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{8,}", iban):  # older exports give the number of the account only
            _require_own(cooperative, iban)
            sentence = _("This file belongs to another account of the cooperative: %(iban)s.") % {"iban": rules.masked(iban)}
            require(iban == account.iban, sentence, BadInput)
    _require_own(cooperative, account.iban)
    sheet = camt.Sheet(account.iban, tuple(tables.entries(table, columns)))
    made = _store(cooperative, sheet, upload.name, "csv", data, by)
    upload.delete()
    return made


@transaction.atomic
def discard_upload(upload: Upload, *, by: Person) -> None:
    """Do not take this table over. Twice is once."""
    require_booking(by, upload.cooperative)
    Upload.objects.filter(pk=upload.pk).delete()


def forget_uploads() -> int:
    """Tables nobody finished within a day are gone; says how many."""
    return Upload.objects.filter(uploaded_at__lt=timezone.now() - KEEP_UPLOADS).delete()[0]


def content_of(iban: str, entry: camt.Entry) -> str:
    """What makes a line the same in every kind of file: account, day, sum, other side, and the letters of the text."""
    text = _WORTHLESS.sub("", entry.text.upper())
    said = "|".join([iban, entry.booked_on.isoformat(), str(entry.cents), entry.iban, _WORTHLESS.sub("", entry.party.upper()), text])
    return hashlib.sha256(said.encode()).hexdigest()


def keys_of(iban: str, entries: tuple[camt.Entry, ...]) -> list[tuple[str, str]]:
    """Key and content of each line. Lines that are alike to the last letter are counted: the second is not the first once more."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for entry in entries:
        content = content_of(iban, entry)
        seen[(entry.reference, content)] += 1
        said = f"{entry.reference}|{content}|{seen[(entry.reference, content)]}"
        found.append((hashlib.sha256(said.encode()).hexdigest(), content))
    return found


def _store(cooperative: Cooperative, sheet: camt.Sheet, name: str, form: str, data: bytes, by: Person) -> Statement:
    locked(cooperative)
    days = [entry.booked_on for entry in sheet.entries]
    made = Statement.objects.create(
        cooperative=cooperative,
        iban=sheet.iban,
        form=form,
        name=clean(name)[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        from_on=min(days, default=None),
        until_on=max(days, default=None),
        lines_read=len(sheet.entries),
        imported_by=by,
    )
    new = _new_lines(cooperative, made, sheet)
    Line.objects.bulk_create(new, batch_size=500)
    made.lines_known = len(sheet.entries) - len(new)
    made.save(update_fields=["lines_known"])
    trail.record("banking.statement_imported", by=by, about=made, cooperative=cooperative.pk, lines=len(new))
    return made


def _new_lines(cooperative: Cooperative, statement: Statement, sheet: camt.Sheet) -> list[Line]:
    """Lines the house does not have yet: not by their key, and not from the other kind of file with the same words."""
    before = Line.objects.filter(cooperative=cooperative)
    if statement.from_on:
        before = before.filter(booked_on__gte=statement.from_on, booked_on__lte=statement.until_on)
    known, others, alike = set(), Counter[str](), {}
    for key, content, form, pk, day, cents, iban in before.values_list(
        "key", "content", "statement__form", "pk", "booked_on", "cents", "iban"
    ).iterator():
        known.add(key)
        if form != statement.form:
            others[content] += 1
            alike[(day, cents, iban)] = pk
    new = []
    for entry, (key, content) in zip(sheet.entries, keys_of(sheet.iban, sheet.entries), strict=True):
        if key in known:
            continue
        if others[content]:
            others[content] -= 1
            continue
        twin = alike.get((entry.booked_on, entry.cents, entry.iban))
        new.append(_line(cooperative, statement, entry, key, content, twin))
    return new


def _line(cooperative: Cooperative, statement: Statement, entry: camt.Entry, key: str, content: str, twin: int | None) -> Line:
    return Line(
        cooperative=cooperative, statement=statement, key=key, content=content, booked_on=entry.booked_on, value_on=entry.value_on,
        cents=entry.cents, party=entry.party, iban=entry.iban, text=entry.text, end_to_end=entry.end_to_end,
        return_code=entry.return_code, twin_id=twin,
    )  # fmt: skip
