"""The index by keys of the map: entries with their tags, spots and words packed, a dictionary of tags, a log of changes.

What the old tables held can be built again from the directory, so they are emptied; `prepare` then builds the index.
"""

from importlib import import_module

from django.db import migrations, models

SQLITE = (
    """CREATE VIRTUAL TABLE atlas_text USING fts5(
        stems, content='', detail=none, columnsize=0, tokenize="ascii tokenchars ':'")""",
    """CREATE VIRTUAL TABLE atlas_names USING fts5(
        stems, content='', detail=none, columnsize=0, tokenize="ascii tokenchars ':'", prefix='2 3 4')""",
)
POSTGRESQL = (
    "CREATE TABLE atlas_text (key bigint PRIMARY KEY, stems tsvector NOT NULL)",
    "CREATE INDEX atlas_text_stems ON atlas_text USING gin (stems) WITH (fastupdate = off)",
)


def renew_text(apps, editor):
    editor.execute("DROP TABLE atlas_text")
    editor.execute("DELETE FROM atlas_word")
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def old_text(apps, editor):
    editor.execute("DROP TABLE atlas_text")
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE atlas_names")
    editor.execute("DELETE FROM atlas_word")
    import_module("allmende.atlas.migrations.0002_fulltext").build(apps, editor)


class Migration(migrations.Migration):
    dependencies = [("atlas", "0002_fulltext")]
    operations = [
        migrations.DeleteModel("Tag"),
        migrations.DeleteModel("Point"),
        migrations.DeleteModel("Entry"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("organisation_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField()),
                ("slug", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("sort_name", models.CharField(db_index=True, max_length=200)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("summary_en", models.CharField(blank=True, max_length=300)),
                ("kind", models.CharField(max_length=20)),
                ("legal_form", models.CharField(blank=True, max_length=60)),
                ("sector", models.CharField(blank=True, max_length=60)),
                ("town", models.CharField(blank=True, max_length=120)),
                ("region", models.CharField(blank=True, max_length=120)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("licence", models.CharField(blank=True, max_length=60)),
                ("share_alike", models.BooleanField(default=False)),
                ("founded", models.PositiveSmallIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("has_place", models.BooleanField(default=False)),
                ("is_demo", models.BooleanField(default=False)),
                ("tags", models.BinaryField(default=b"")),
                ("spots", models.BinaryField(default=b"")),
                ("words", models.BinaryField(default=b"")),
            ],
        ),
        migrations.CreateModel(
            name="Spot",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField()),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=100)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "key"), name="atlas_tag_once")]},
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("nonce", models.BigIntegerField()),
                ("entries", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField("version", "nonce", models.BigIntegerField(default=0)),
        migrations.RunPython(renew_text, old_text),
    ]
