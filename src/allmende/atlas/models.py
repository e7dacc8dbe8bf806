"""The read model of everything public on the map. Every row can be rebuilt from the directory at any time.

Coordinates are web-mercator integers at zoom 30 (0 .. 2**30 - 1), so that a map tile or cluster cell is a shift of bits.
"""

from django.db import models

from allmende.ground.text import reads_english


class Entry(models.Model):
    """One organisation as the map, the list and the search need it. The primary key is the organisation's."""

    organisation_id = models.BigIntegerField(primary_key=True)
    uuid = models.UUIDField()
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, db_index=True)
    summary = models.CharField(max_length=300, blank=True)
    summary_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20)
    legal_form = models.CharField(max_length=60, blank=True)
    sector = models.CharField(max_length=60, blank=True)
    town = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    licence = models.CharField(max_length=60, blank=True)
    share_alike = models.BooleanField(default=False)
    founded = models.PositiveSmallIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_index=True)
    has_place = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    # What the index in memory is made of (engine/segment.py): numbers of tags, places, and the words it is found by.
    tags = models.BinaryField(default=b"")
    spots = models.BinaryField(default=b"")
    words = models.BinaryField(default=b"")

    # Told by the query at hand, kept nowhere: freshness level 0 to 4, and the distance where one was asked for.
    freshness: int
    distance_km: float | None
    # Filled by the list for its templates.
    sector_name: str
    legal_form_name: str
    points_json: str

    def __str__(self) -> str:
        return self.name

    @property
    def shown_summary(self) -> str:
        """The summary in the reader's language, or the one there is."""
        return (self.summary_en if reads_english() else "") or self.summary

    @property
    def is_foreign(self) -> bool:
        """The summary shown is German although the reader reads English."""
        return reads_english() and not self.summary_en


class Spot(models.Model):
    """One place of an entry on the map. The key says where: cells of web-mercator at zoom 20 in Morton order, then a number.

    Every tile of the map is exactly one range of keys (engine/keys.py). x and y always lie in the key's cell.
    """

    key = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.entry_id} at {self.key}"


class Tag(models.Model):
    """The dictionary of what entries can be filtered by: `kind` is a tree of the taxonomy, `source`, `network`, `licence` ...

    Entries hold the numbers. The dictionary only grows, so that a number always means the same.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="atlas_tag_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class Word(models.Model):
    """The vocabulary of the index: folded words, how they are written, and how many entries use them."""

    word = models.CharField(max_length=80, primary_key=True)
    shown = models.CharField(max_length=80)
    entries = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.shown


class Version(models.Model):
    """One row that grows with every change of the index: what caches and ETags go by.

    `nonce` tells two changes of the same number apart, of which one was rolled back.
    """

    number = models.BigIntegerField(default=0)
    nonce = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.number)


class Change(models.Model):
    """Which entries a step of the version changed: what every process brings its index in memory up to date by."""

    number = models.BigIntegerField(primary_key=True)
    nonce = models.BigIntegerField()
    entries = models.BinaryField()  # organisation ids as little-endian int64
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)
