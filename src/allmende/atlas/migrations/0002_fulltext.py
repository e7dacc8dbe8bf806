"""The full-text table: FTS5 on SQLite, a generated and indexed tsvector on PostgreSQL. Stems come ready from Python."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE VIRTUAL TABLE atlas_text USING fts5(
    name, place, terms, body, words UNINDEXED, tokenize='unicode61 remove_diacritics 0', prefix='2 3')
"""

POSTGRESQL = """
CREATE TABLE atlas_text (
    id bigint PRIMARY KEY, name text NOT NULL, place text NOT NULL, terms text NOT NULL, body text NOT NULL, words text NOT NULL,
    vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', place), 'B') ||
        setweight(to_tsvector('simple', terms), 'C') || setweight(to_tsvector('simple', body), 'D')) STORED);
CREATE INDEX atlas_text_vector ON atlas_text USING gin (vector)
"""


def build(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE atlas_text")


class Migration(migrations.Migration):
    dependencies = [("atlas", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]
