"""A whole file through its profile, batch by batch; every batch is a transaction of its own, so that any moment may be the last."""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory import taxonomy
from allmende.directory.importers import batches, heritage
from allmende.directory.importers.base import Draft, Profile, Reject, Rejected, Row
from allmende.directory.importers.batches import Run
from allmende.directory.importers.checking import Checker
from allmende.directory.importers.entries import CHUNK
from allmende.directory.importers.report import Report
from allmende.directory.importers.sources import source_of
from allmende.directory.models import Record, RevisionSet
from allmende.ground import trail
from allmende.people.models import Person

BATCH = 1_000
CHANGED = "directory.organisations_changed"


@dataclass(frozen=True)
class Task:
    """What is to be imported, and how. `whole` None: as the profile says."""

    profile: Profile
    path: Path
    source: str = ""
    licence: str = ""
    limit: int | None = None
    whole: bool | None = None
    dry_run: bool = False
    reason: str = ""
    on_reject: Callable[[Reject], None] | None = None
    on_progress: Callable[[Report], None] | None = None


def run(task: Task, *, by: Person) -> Report:
    """Read the file to its end and write what is new. A dry run does the same and then takes all of it back."""
    if not task.dry_run:
        with _rare_garbage():
            return _import(task, by)
    with _rare_garbage(), transaction.atomic():
        report = _import(task, by)
        transaction.set_rollback(True)
    report.revision_set = None
    return report


@contextmanager
def _rare_garbage() -> Iterator[None]:
    """Garbage is looked for once a batch: walking through thousands of living rows again and again costs a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _import(task: Task, by: Person) -> Report:
    began, report = monotonic(), Report(on_reject=task.on_reject, notes=task.profile.notes(task.path))
    rows = _first_row_known(task.profile.rows(task.path))
    this = _begin(task, by)
    reader = _Reader(Checker(task.profile, this.now.date()), report)
    while batch := list(islice(reader.drafts(islice(rows, _left(task, report))), BATCH)):
        with transaction.atomic():
            _tell(task, this, by, _store(this, batch, report))
        gc.collect(1)
        report.seconds = monotonic() - began
        if task.on_progress:
            task.on_progress(report)
    whole = task.profile.whole if task.whole is None else task.whole
    report.is_complete = not reader.is_broken and task.limit is None
    _finish(task, this, by, reader, report, marks_gone=whole and report.is_complete)
    report.seconds = monotonic() - began
    _remember(this, report)
    return report


def _first_row_known(rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows, the first one already read: a file of another kind is refused before anything is written."""
    first = next(rows, None)

    def every() -> Iterator[Row]:
        if first is not None:
            yield first
        yield from rows

    return every()


def _left(task: Task, report: Report) -> int | None:
    return None if task.limit is None else max(0, task.limit - report.read)


@transaction.atomic
def _begin(task: Task, by: Person) -> Run:
    taxonomy.ensure()
    source = source_of(task.source or task.profile.source, task.licence)
    now = timezone.now()
    state = {
        "state": "running",
        "profile": task.profile.key,
        "file": task.path.name,
        "sha256": _sha256(task.path),
        "began_at": now.isoformat(),
    }
    reason = task.reason or f"{task.profile.key}: {task.path.name}"
    revision_set = RevisionSet.objects.create(by=by, source=source, reason=reason[:300], report=state)
    return Run(task.profile, source, task.licence or source.licence, revision_set, now)


def is_known(task: Task) -> bool:
    """Whether this very file was imported as a whole for this source before, and the import was not undone."""
    done = RevisionSet.objects.filter(
        source__key=task.source or task.profile.source, report__sha256=_sha256(task.path), report__state="done"
    )
    return any(one.report.get("is_complete") and not one.report.get("undone_by") for one in done)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Reader:
    """Rows to drafts; what is refused goes to the report. Keeps the ids of refused rows, for they have not vanished."""

    def __init__(self, checker: Checker, report: Report) -> None:
        self.checker, self.report = checker, report
        self.is_broken = False
        self.refused: list[str] = []
        self.networks: list[tuple[str, list[str]]] = []

    def drafts(self, rows: Iterable[Row]) -> Iterator[Draft]:
        for row in rows:
            self.report.read += 1
            self.is_broken = self.is_broken or row.is_end
            try:
                draft = self.checker.draft(row)
            except Rejected as no:
                self._refuse(row, no)
                continue
            for note in draft.notes:
                self.report.note(row.line, note)
            if draft.networks:
                self.networks.append((draft.remote_id, draft.networks))
            yield draft

    def _refuse(self, row: Row, no: Rejected) -> None:
        remote_id = ""
        with suppress(Rejected, KeyError, TypeError, AttributeError):
            remote_id = str(self.checker.profile.rough(row.raw).get("remote_id") or "")
        if remote_id:
            self.refused.append(remote_id)
        self.report.reject(Reject(row.line, remote_id, no.field, no.reason, row.raw))


def _store(this: Run, batch: list[Draft], report: Report) -> set[int]:
    """The batch as a whole; where the database refuses it, in halves, down to the row that it will not have."""
    counted = report.counts()
    try:
        with transaction.atomic():
            return batches.store(this, batch, report)
    except DatabaseError as error:
        if len(batch) == 1:
            report.reject(
                Reject(batch[0].line, batch[0].remote_id, "", _("the database refuses it: %(error)s") % {"error": error}, batch[0].raw)
            )
            return set()
        for name in ("new", "joined", "updated", "unchanged", "returned"):
            setattr(report, name, counted[name])
    middle = len(batch) // 2
    return _store(this, batch[:middle], report) | _store(this, batch[middle:], report)


def _tell(task: Task, this: Run, by: Person, touched: set[int]) -> None:
    if touched and not task.dry_run:
        trail.record(CHANGED, by=by, about=this.revision_set, organisations=sorted(touched), what="imported")


def _finish(task: Task, this: Run, by: Person, reader: _Reader, report: Report, *, marks_gone: bool) -> None:
    """Networks, and what a whole file no longer has."""
    with transaction.atomic():
        for start in range(0, len(reader.networks), CHUNK):
            _tell(task, this, by, heritage.join_networks(this.source, reader.networks[start : start + CHUNK]))
    if not marks_gone:
        return
    for start in range(0, len(reader.refused), CHUNK):
        this.source.records.filter(remote_id__in=reader.refused[start : start + CHUNK]).update(seen_at=this.now)
    while gone := list(this.source.records.filter(seen_at__lt=this.now, gone_at=None).values_list("pk", "organisation_id")[:CHUNK]):
        with transaction.atomic():
            report.gone += Record.objects.filter(pk__in=[pk for pk, _organisation in gone]).update(gone_at=this.now)
            _tell(task, this, by, {organisation for _pk, organisation in gone if organisation})


def _remember(this: Run, report: Report) -> None:
    state = {**this.revision_set.report, "state": "done", **report.as_json()}
    RevisionSet.objects.filter(pk=this.revision_set.pk).update(report=state)
    report.revision_set = this.revision_set.pk
