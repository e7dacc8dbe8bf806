"""What became of the conversations of twelve months, counted from the rows themselves: nothing is kept beside them.

A figure of fewer than five conversations (`rules.FEWEST`) is not told: it would speak of single ones. If offers or needs have fewer,
neither is told: the sum of both is, and what is missing could be worked out from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from allmende.enquiries import rules
from allmende.enquiries.models import Enquiry
from allmende.exchange import rules as exchange_rules
from allmende.exchange.models import Listing

REMEMBERED = 600  # seconds the figures are kept


@dataclass(frozen=True)
class Row:
    """The conversations about offers or about needs: begun, answered, agreed. None where they are too few to be told."""

    direction: str
    begun: int | None
    answered: int | None
    agreed: int | None
    running: int | None


@dataclass(frozen=True)
class Figures:
    """What became of the conversations of twelve months. None where they are too few to be told."""

    needs: Row
    offers: Row
    answered: rules.Share
    hours: float | None

    @property
    def needs_met(self) -> int | None:
        """How many needs were met."""
        return self.needs.agreed

    @property
    def offers_taken(self) -> int | None:
        """How many offers were taken."""
        return self.offers.agreed

    @property
    def days(self) -> float | None:
        """The time to the first answer in days."""
        return None if self.hours is None else round(self.hours / 24, 1)

    @property
    def rows(self) -> tuple[Row, Row]:
        """As a table has it."""
        return self.needs, self.offers

    @property
    def has_any(self) -> bool:
        """Whether there is anything to tell."""
        return self.answered.whole is not None

    @property
    def percent(self) -> int | None:
        """The share of conversations that got an answer."""
        part, whole = self.answered.part, self.answered.whole
        return None if part is None or not whole else round(100 * part / whole)


def figures(now: datetime) -> Figures:
    """As `count`, remembered for ten minutes."""
    found: Figures = cache.get_or_set("enquiries:figures", lambda: count(now), REMEMBERED)  # type: ignore[assignment]
    return found


def count(now: datetime) -> Figures:
    """The conversations begun in the last twelve months, from the rows themselves: nothing is kept beside them."""
    rows = Enquiry.objects.filter(opened_at__gt=now - rules.YEAR, opened_at__lte=now)
    begun = [rules.Begun(*row) for row in rows.values_list("direction", "state", "opened_at", "first_answer_at")]
    answered = rules.share(sum(one.first_answer_at is not None for one in begun), len(begun))
    met = Exists(rows.filter(listing=OuterRef("pk"), state=rules.AGREED))
    listings = {way: Listing.objects.filter(met, direction=way).count() for way in (exchange_rules.NEED, exchange_rules.OFFER)}
    gone = {way: _gone(rows, way) for way in listings}
    rows_told = {way: _row(way, begun, listings[way] + gone[way]) for way in listings}
    if not rules.are_tellable(row.begun or 0 for row in rows_told.values()):
        rows_told = {way: Row(way, None, None, None, None) for way in listings}
    needs, offers = rows_told[exchange_rules.NEED], rows_told[exchange_rules.OFFER]
    return Figures(needs, offers, answered, rules.hours_to_answer(begun))


def _gone(rows: QuerySet[Enquiry], way: str) -> int:
    """Agreed conversations whose listing is gone count one each: nobody knows any more which of them were about the same."""
    return rows.filter(listing=None, state=rules.AGREED, direction=way).count()


def _row(way: str, begun: Iterable[rules.Begun], agreed: int) -> Row:
    mine = [one for one in begun if one.direction == way]
    answered = sum(one.first_answer_at is not None for one in mine)
    return Row(way, len(mine), answered, agreed, sum(one.state in rules.RUNNING for one in mine))


def table(found: Figures) -> list[tuple[str, Any]]:
    """The figures for programs: name and number, None where there are too few."""
    return [
        ("enquiries", found.answered.whole),
        ("answered", found.answered.part),
        ("median_hours_to_first_answer", found.hours),
        ("enquiries_about_needs", found.needs.begun),
        ("needs_met", found.needs_met),
        ("open_enquiries_about_needs", found.needs.running),
        ("enquiries_about_offers", found.offers.begun),
        ("offers_taken", found.offers_taken),
        ("open_enquiries_about_offers", found.offers.running),
    ]
