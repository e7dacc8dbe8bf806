"""What this room tells people, in their language: that a listing ends soon, has ended, was taken off or put back."""

from collections.abc import Callable

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.exchange import access
from allmende.exchange.models import Listing
from allmende.people.actions import tell

Words = tuple[str, str]


def ends_soon(listing: Listing) -> None:
    """A week before: the page of extending is one click away."""

    def words() -> Words:
        facts = {"title": listing.title, "day": date_format(listing.until, "DATE_FORMAT")}
        return (
            _("“%(title)s” ends on %(day)s") % facts,
            _(
                "“%(title)s” is valid until %(day)s. If it still holds, extend it with one click. "
                "If it is settled, end it and say what came of it. Otherwise it ends by itself."
            )
            % facts,
        )

    _tell_all(listing, "exchange.ends_soon", words, reverse("exchange:extend", args=[listing.pk]))


def expired(listing: Listing) -> None:
    """Its last day has passed."""

    def words() -> Words:
        facts = {"title": listing.title}
        return (
            _("“%(title)s” has ended") % facts,
            _("The last day of “%(title)s” has passed. It can no longer be answered. You can open it again at any time.") % facts,
        )

    _tell_all(listing, "exchange.expired", words, listing.get_absolute_url())


def taken_off(listing: Listing) -> None:
    """Network management has taken it off, and why."""

    def words() -> Words:
        facts = {"title": listing.title, "reason": listing.hidden_reason}
        return (
            _("“%(title)s” was taken off") % facts,
            _("Network management has taken “%(title)s” off all pages. The reason:\n\n%(reason)s") % facts,
        )

    _tell_all(listing, "exchange.taken_off", words, listing.get_absolute_url())


def put_back(listing: Listing) -> None:
    """It is on the pages again."""

    def words() -> Words:
        facts = {"title": listing.title}
        return (
            _("“%(title)s” is back") % facts,
            _("Network management has put “%(title)s” back on the pages.") % facts,
        )

    _tell_all(listing, "exchange.put_back", words, listing.get_absolute_url())


def _tell_all(listing: Listing, kind: str, words: Callable[[], Words], path: str) -> None:
    for person in access.keepers_of(listing):
        with translation.override(person.language):
            subject, text = words()
            tell(person, kind=kind, subject=subject, text=text, path=path)
