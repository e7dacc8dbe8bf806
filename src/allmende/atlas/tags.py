"""The dictionary of tags: numbers for (kind, key). It only grows.

What it knows it keeps for one run inside one transaction and no longer: numbers given by a transaction that is rolled back later must
not be remembered.
"""

from collections.abc import Iterable
from struct import pack

from django.db import connection

from allmende.atlas.models import Tag

Name = tuple[str, str]
ALL_FROM = 400  # unknown ones asked for at once: from then on all are read


class Dictionary:
    """The numbers of tags; new ones are entered when they are first met."""

    def __init__(self) -> None:
        self._numbers: dict[Name, int] = {}
        self._has_read_all = False

    def knows(self, names: Iterable[Name]) -> bool:
        """Whether it knows all of these already."""
        return self._numbers.keys() >= set(names)

    def learn(self, names: Iterable[Name]) -> None:
        """Know these, in two statements at most and one more where some are new."""
        missing = set(names) - self._numbers.keys()
        if missing and not self._has_read_all:
            self._read(missing)
            missing -= self._numbers.keys()
        if missing:
            rows = [Tag(kind=kind, key=key) for kind, key in sorted(missing)]
            Tag.objects.bulk_create(rows, ignore_conflicts=True)
            self._read(missing)

    def packed(self, names: Iterable[Name]) -> bytes:
        """The numbers of these tags as Entry.tags holds them; they must have been learned."""
        numbers = sorted(self._numbers[name] for name in names)
        return pack(f"<{len(numbers)}I", *numbers)

    def _read(self, names: set[Name]) -> None:
        statement, params = "SELECT kind, key, id FROM atlas_tag", []
        if len(names) < ALL_FROM:
            statement += f" WHERE (kind, key) IN (VALUES {', '.join(['(%s, %s)'] * len(names))})"
            params = [part for name in sorted(names) for part in name]
        else:
            self._has_read_all = True
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            self._numbers.update(((kind, key), number) for kind, key, number in cursor.fetchall())
