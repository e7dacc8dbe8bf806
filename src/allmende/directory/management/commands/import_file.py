"""`./allmende import <profile> <file>`: real data in, a readable report out."""

import contextlib
import csv
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.directory import actions, importers
from allmende.directory.importers.base import Reject
from allmende.directory.importers.report import Report
from allmende.directory.importers.running import Task, is_known
from allmende.directory.importers.values import storable
from allmende.directory.models import RevisionSet
from allmende.ground.refusals import Refused
from allmende.people.queries import service

LANGUAGES = ("de", "en")


class Command(BaseCommand):
    help = "Imports a file into the directory, or takes an import back (--undo). Profiles: " + ", ".join(importers.PROFILES)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("profile", nargs="?", help="how the file is to be read, see above")
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--source", default="", metavar="KEY", help="the source the file belongs to; profiles know their usual one")
        parser.add_argument("--licence", default="", help="licence of the records, e.g. CC0-1.0 or ODbL-1.0; needed for a new source")
        parser.add_argument("--dry-run", action="store_true", help="read and judge everything, write nothing")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N rows; nothing is marked as vanished then")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="CSV of refused rows (default: var/imports/<file>.rejects.csv)")
        parser.add_argument("--complete", dest="whole", action="store_true", default=None, help="the file is the whole source")
        parser.add_argument("--partial", dest="whole", action="store_false", help="the file is a part of its source")
        parser.add_argument("--once", action="store_true", help="do nothing if this very file was imported before")
        parser.add_argument("--undo", type=int, metavar="SET", help="take back the import with this number")
        parser.add_argument("--language", choices=LANGUAGES, help="language of the report (default: LANG, else German)")

    def handle(self, *args: object, **options: Any) -> None:
        with translation.override(options["language"] or language_of_shell()):
            try:
                self._undo(options["undo"]) if options["undo"] is not None else self._import(options)
            except Refused as no:
                raise CommandError(str(no.sentence)) from no

    def _undo(self, number: int) -> None:
        revision_set = RevisionSet.objects.filter(pk=number).first()
        if revision_set is None:
            raise CommandError(_("There is no import with the number %(number)d.") % {"number": number})
        back = actions.undo_import(revision_set, by=service("import"))
        count = back.revisions.count()
        self.stdout.write(ngettext("%(count)d entry restored.", "%(count)d entries restored.", count) % {"count": count})

    def _import(self, options: dict[str, Any]) -> None:
        if not options["profile"] or not options["file"]:
            raise CommandError(_("Please name a profile and a file. Profiles: %(keys)s.") % {"keys": ", ".join(importers.PROFILES)})
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError(_("--limit needs a number above 0."))
        path = options["file"]
        rejects = RejectFile(options["rejects"] or settings.VAR / "imports" / f"{path.stem}.rejects.csv")
        task = self._task(options, rejects)
        if options["once"] and path.is_file() and is_known(task):
            self.stdout.write(_("%(file)s was imported before; nothing to do.") % {"file": path.name})
            return
        with contextlib.closing(rejects):
            report = actions.import_drafts(task, by=service("import"))
        if sys.stderr.isatty():
            self.stderr.write("")
        for line in lines(report, dry_run=options["dry_run"]):
            self.stdout.write(line)
        if rejects.count:
            self.stdout.write(_("Refused rows: %(path)s") % {"path": rejects.path})

    def _task(self, options: dict[str, Any], rejects: "RejectFile") -> Task:
        return Task(
            profile=importers.profile(options["profile"]),
            path=options["file"],
            source=options["source"],
            licence=options["licence"],
            limit=options["limit"],
            whole=options["whole"],
            dry_run=options["dry_run"],
            on_reject=rejects.write,
            on_progress=self._progress if options["verbosity"] else None,
        )

    def _progress(self, report: Report) -> None:
        """One line that is written over in a terminal; every ten thousand rows a line where it is logged."""
        text = _("%(read)d rows, %(speed)d rows/s") % {"read": report.read, "speed": report.rows_per_second}
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
        elif report.read % 10_000 < 1_000 and report.read >= 10_000:
            self.stderr.write(text)


class RejectFile:
    """The refused rows as a CSV for a spreadsheet; the file is made with the first of them."""

    HEADING = ("line", "id", "field", "reason", "raw")

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._file: Any = None

    def write(self, reject: Reject) -> None:
        """Append a row; `raw` is the row as it came, as JSON."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._csv = csv.writer(self._file)
            self._csv.writerow(self.HEADING)
        self.count += 1
        raw = orjson.dumps(storable(reject.raw)).decode()
        self._csv.writerow((reject.line, reject.remote_id, reject.field, reject.reason, raw))

    def close(self) -> None:
        """Close the file if there is one."""
        if self._file is not None:
            self._file.close()


def lines(report: Report, *, dry_run: bool = False) -> Iterator[str]:
    """The report for people, in the language that is active."""
    if dry_run:
        yield _("Dry run: nothing was written.")
    for label, number in report.labelled():
        yield f"  {label:<42}{number:>9}"
    yield "  " + _("%(seconds).1f seconds, %(speed)d rows/s") % {"seconds": report.seconds, "speed": report.rows_per_second}
    yield from report.notes
    if report.warnings:
        yield _("Left out or mended, the rows were kept:")
    for one in report.warnings:
        example = _("first in line %(line)d: %(value)s") % {"line": one.line, "value": " ".join(one.value.split())}
        yield f"  {one.count:>7}  {one.field} {one.reason} ({example})"
    if report.rejects:
        yield _("The first refused rows:")
    for reject in report.rejects:
        yield "  " + _("Line %(line)d") % {"line": reject.line} + f" [{reject.remote_id}] {reject.field} {reject.reason}"
    if not dry_run and report.revision_set:
        yield _("To take this import back: ./allmende import --undo %(number)d") % {"number": report.revision_set}


def language_of_shell() -> str:
    """LANG or LC_ALL where it names a language of ours; German otherwise."""
    named = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "")[:2].lower()
    return named if named in LANGUAGES else "de"
