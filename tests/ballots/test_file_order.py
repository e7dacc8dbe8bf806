"""The detached box against somebody who holds a copy of the file: inside a page of SQLite the newest row lies lowest, so a page tells an
order that no query does. A backup is such a copy."""

import sqlite3
import struct
from pathlib import Path

import pytest
from django.db import connection

from allmende.ballots.models import Paper, Participation
from tests.ballots.scene import scene
from tests.ballots.test_anonymity import VOTERS, joined, voted

pytestmark = pytest.mark.django_db(transaction=True)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of SQLite's file format, and where the next one begins."""
    value = 0
    for place in range(8):
        value = value << 7 | data[at + place] & 127
        if data[at + place] < 128:
            return value, at + place + 1
    return value << 8 | data[at + 8], at + 9


def lying(data: bytes, page: int) -> list[int]:
    """The numbers of the rows of a table, page by page in the order in which they were written there: later ones lie lower."""
    size = struct.unpack(">H", data[16:18])[0]
    base = (page - 1) * size
    kind, count = data[base], struct.unpack(">H", data[base + 3 : base + 5])[0]
    head = base + (12 if kind == 5 else 8)
    cells = struct.unpack(f">{count}H", data[head : head + 2 * count])
    if kind == 13:
        return [varint(data, varint(data, base + cell)[1])[0] for cell in sorted(cells, reverse=True)]
    pages = [struct.unpack(">I", data[base + cell : base + cell + 4])[0] for cell in cells]
    return [row for one in [*pages, struct.unpack(">I", data[base + 8 : base + 12])[0]] for row in lying(data, one)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL: test_anonymity looks at ctid and xmin")
def test_a_copy_of_the_file_does_not_tell_in_which_order_papers_fell(tmp_path: Path) -> None:
    of = scene(VOTERS)
    ballot = of.opened(box="detached")
    order = voted(of, ballot, 5)
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(copy) as other:
        connection.connection.backup(other)
    data, rows = copy.read_bytes(), {}
    for model in (Paper, Participation):
        with connection.cursor() as cursor:
            cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = %s", [model._meta.db_table])
            rows[model] = lying(data, cursor.fetchone()[0])
    hashes, people = dict(Paper.objects.values_list("pk", "code_hash")), dict(Participation.objects.values_list("pk", "voter_id"))
    papers = [{"code_hash": hashes[row]} for row in rows[Paper] if row in hashes]
    sitting = [{"voter_id": people[row]} for row in rows[Participation] if row in people]
    assert (len(papers), len(sitting)) == (VOTERS, VOTERS)
    assert joined(papers, sitting, order) <= VOTERS // 4
    assert [one["code_hash"] for one in papers] != [hashed for _voter, hashed in order]
