"""`./allmende manage withdraw_source KEY`: says what would go with a source; with --yes it goes."""

import sys
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.directory import actions, withdrawing
from allmende.directory.management.commands.import_file import LANGUAGES, language_of_shell
from allmende.directory.models import Source
from allmende.people.queries import service

SAY_EVERY = 5.0  # seconds


class Command(BaseCommand):
    help = "Takes a source back: its records go, entries that only it vouched for leave the map. Says first what would go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the source, as in the address of its filter")
        parser.add_argument("--yes", action="store_true", help="do it; the same again where it was stopped")
        parser.add_argument("--language", choices=LANGUAGES, help="language of the report (default: LANG, else German)")

    def handle(self, *args: object, **options: Any) -> None:
        with translation.override(options["language"] or language_of_shell()):
            self._withdraw(options["key"], options["yes"])

    def _withdraw(self, key: str, is_sure: bool) -> None:
        source = Source.objects.filter(key=key).first()
        if source is None:
            raise CommandError(_("There is no source %(key)s. There are: %(keys)s.") % {"key": key, "keys": self._keys()})
        if not is_sure:
            for line in foretold(source):
                self.stdout.write(line)
            return
        self._began = self._said = monotonic()
        done = actions.withdraw_source(source, by=service("import"), say=self._progress)
        told = {name: done.report[name] for name in ("records", "archived", "kept")} | {"seconds": monotonic() - self._began}
        self.stdout.write(_("%(records)d records gone, %(archived)d entries archived, %(kept)d live on. %(seconds).1f s") % told)
        self.stdout.write(_("To bring the entries back: ./allmende import --undo %(number)d") % {"number": done.pk})

    def _progress(self, done: int, total: int) -> None:
        if monotonic() - self._said >= SAY_EVERY or (sys.stderr.isatty() and done == total):
            self._said = monotonic()
            speed = done / (self._said - self._began)
            self.stderr.write(_("%(done)d of %(total)d records, %(speed)d/s") % {"done": done, "total": total, "speed": speed})

    def _keys(self) -> str:
        return ", ".join(Source.objects.order_by("key").values_list("key", flat=True))


def foretold(source: Source) -> list[str]:
    """What would go, for people."""
    found = withdrawing.outlook(source)
    return [
        _("%(name)s (%(key)s), %(licence)s") % {"name": source.name, "key": source.key, "licence": source.licence},
        "  " + ngettext("%(count)d record goes", "%(count)d records go", found.records) % {"count": found.records},
        "  " + ngettext("%(count)d entry leaves the map", "%(count)d entries leave the map", found.archived) % {"count": found.archived},
        "  "
        + ngettext("%(count)d entry lives on: others vouch for it", "%(count)d entries live on: others vouch for them", found.kept)
        % {"count": found.kept},
        _("Nothing was changed. To do it: ./allmende manage withdraw_source %(key)s --yes") % {"key": source.key},
    ]
