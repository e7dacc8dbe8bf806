"""Tables of the index built a second time beside the ones in use, and the moment in which they take their place.

Twins have the same columns and, once they are in place, the same index names as if Django had just made them, so that migrations
find what they expect. Reading goes on until the swap is committed; a process that dies leaves twins nobody reads.
"""

from collections.abc import Iterator

from django.db import connection

from allmende.atlas import fulltext

SUFFIX = "_next"
PLAIN = ("atlas_entry", "atlas_spot", "atlas_word")


def _tables() -> tuple[str, ...]:
    return (*PLAIN, *fulltext.tables())


def _run(statement: str, *params: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall() if cursor.description else []


def drop() -> None:
    """Remove twins that were left behind."""
    for table in _tables():
        _run(f"DROP TABLE IF EXISTS {table}{SUFFIX}")


def create() -> None:
    """Empty twins of all tables of the index. Indexes that only readers need come later (`finish`, `swap`)."""
    for table in PLAIN:
        if connection.vendor == "sqlite":
            ((statement,),) = _run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", table)
            _run(statement.replace(f'"{table}"', f'"{table}{SUFFIX}"', 1))
        else:
            _run(f"CREATE TABLE {table}{SUFFIX} (LIKE {table} INCLUDING ALL)")
    for table, statement in fulltext.tables().items():
        _run(statement.format(name=f"{table}{SUFFIX}"))


def finish() -> None:
    """What is quicker to make when the rows are there; before the swap, because it takes its time."""
    fulltext.merge(SUFFIX)
    if connection.vendor == "postgresql":
        _run(fulltext.POSTGRESQL_INDEX.format(name=f"atlas_text{SUFFIX}"))
        for table in _tables():
            _run(f"ANALYZE {table}{SUFFIX}")


def lock() -> None:
    """Keep readers and writers out of the tables until the transaction ends, or give up within the blink of an eye (OperationalError).

    Comes before everything else in the transaction: who waits for the tables holds nothing that others wait for, and who has them
    does not wait for a writer, who may be waiting for them.
    """
    if connection.vendor == "postgresql":
        _run("SET LOCAL lock_timeout = '300ms'")
        _run(f"LOCK TABLE {', '.join(_tables())} IN ACCESS EXCLUSIVE MODE")
        _run("SELECT id FROM atlas_version FOR UPDATE NOWAIT")


def swap() -> None:
    """The twins take the place and the names of the tables."""
    later = list(_renamed_indexes()) if connection.vendor == "postgresql" else _index_statements()
    for table in _tables():
        _run(f"DROP TABLE {table}")
        _run(f"ALTER TABLE {table}{SUFFIX} RENAME TO {table}")
    for statement in later:
        _run(statement)


def _index_statements() -> list[str]:
    """How the indexes of the tables in use are made (SQLite: an index cannot be renamed, so it is made when its name is free)."""
    names = ", ".join(f"'{table}'" for table in PLAIN)
    return [sql for (sql,) in _run(f"SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})")]


def _renamed_indexes() -> Iterator[str]:
    """How the twins' indexes get the names of those in use (PostgreSQL)."""
    for table in _tables():
        wanted = {definition: name for name, definition in _indexes(table)}
        for name, definition in _indexes(f"{table}{SUFFIX}"):
            yield f"ALTER INDEX {name} RENAME TO {wanted[definition]}"


def _indexes(table: str) -> list[tuple[str, str]]:
    """Names and definitions of a table's indexes; the definitions without names."""
    rows = _run("SELECT indexname, substring(indexdef from ' USING .*') FROM pg_indexes WHERE tablename = %s", table)
    return [(name, definition) for name, definition in rows]
