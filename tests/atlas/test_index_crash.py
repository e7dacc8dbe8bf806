"""The process that builds the index again dies, whenever: the old index answers on, whole, and the next one removes what was left."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from allmende.atlas import actions, queries
from allmende.atlas.engine import snapshot
from allmende.atlas.models import Entry
from allmende.atlas.rules import Filters
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

# Where the power is cut: in the middle of building, when the new tables are complete, and in the swap before it is committed.
MOMENTS = {
    "build": "rebuilding._write",
    "before the swap": "twins.finish",
    "last changes": "rebuilding._catch_up",
    "in the swap": "twins.swap",
}
CHILD = """
import os, signal, sys
import django
django.setup()
from allmende.atlas import rebuilding, twins
rebuilding.BATCH = 2
module, name = sys.argv[1].split(".")
module, calls = {"rebuilding": rebuilding, "twins": twins}[module], []
original = getattr(module, name)
def and_die(*args, **options):
    done = original(*args, **options)
    calls.append(name)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
setattr(module, name, and_die)
rebuilding.rebuild()
"""


def address() -> str:
    """The database of this test, for another process."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    return f"postgres://{held['USER']}:{held['PASSWORD']}@{quote(str(held['HOST']), safe='')}:{held['PORT']}/{held['NAME']}"


def rebuild_and_die(moment: str) -> None:
    path = str(Path(__file__).resolve().parents[2] / "src")
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "allmende.config.settings", "PYTHONPATH": path, "ALLMENDE_TESTING": "1",
        "ALLMENDE_VAR": str(settings.VAR), "ALLMENDE_DATABASE_URL": address(),
    }  # fmt: skip
    calls = "2" if moment == "build" else "1"
    child = subprocess.run([sys.executable, "-c", CHILD, MOMENTS[moment], calls], env=env, capture_output=True, timeout=60, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()


def answers() -> tuple[list[str], list[str], int]:
    snapshot.forget()
    found = [[entry.slug for entry in queries.search(Filters(q=q)).entries] for q in ("solar", "hamburg")]
    return found[0], found[1], Entry.objects.count()


def leftovers() -> list[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return [name for name in names if name.startswith("atlas_") and "_next" in name]


@pytest.mark.parametrize("moment", MOMENTS)
def test_whenever_it_dies_the_old_index_answers(moment: str) -> None:
    for number in range(5):
        cast.organisation(f"Solar {number}", "Hamburg", cast.HAMBURG, sector="energy")
    before = answers()
    rebuild_and_die(moment)
    assert leftovers()
    assert answers() == before and actions.verify() == []
    cast.organisation("Solar danach", "Hamburg", cast.HAMBURG)
    assert answers()[2] == 6 and actions.verify() == []
    assert (actions.rebuild(), leftovers(), actions.verify(), answers()[2]) == (6, [], [], 6)
