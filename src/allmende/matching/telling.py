"""Both sides hear of new good matches: at most one notice a day for each person, nothing twice, nothing that does not fit any more.

What is new is what was opened or changed since the last look (Clock); for each of them the matches are worked out now. A match is told to
the people of both listings together; who has switched these notices off reads them in-house only (people.actions.tell).
"""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.exchange import access as exchange
from allmende.exchange.models import Listing
from allmende.ground import trail
from allmende.matching import queries
from allmende.matching.models import Clock, Looked, Portrait, Told
from allmende.matching.queries import Match
from allmende.people.actions import tell
from allmende.people.models import Person

MOST_NAMED = 10

New = dict[Person, list[Match]]


@transaction.atomic
def tell_new(now: datetime) -> int:
    """Tell everybody concerned of what is new since the last time; how many people were told."""
    Looked.objects.get_or_create(pk=1)
    looked = Looked.objects.select_for_update().get(pk=1)
    clock = Clock.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    changed = Portrait.objects.filter(is_open=True, number__gt=looked.number, number__lte=clock).order_by("number")
    news: New = defaultdict(list)
    for pk in list(changed.values_list("pk", flat=True)):
        _note(pk, news, now)
    for person, found in sorted(news.items(), key=lambda item: item[0].pk):
        _write(person, found)
    Looked.objects.filter(pk=1).update(number=clock)
    if news:
        trail.record("matching.told", people=len(news), matches=sum(map(len, news.values())))
    return len(news)


def _note(pk: int, news: New, now: datetime) -> None:
    listing = Listing.objects.select_related("organisation", "category").prefetch_related("chosen").get(pk=pk)
    for match in queries.good_matches(listing, today=timezone.localdate(now)):
        other = match.listing
        _for_people_of(Match(listing, other, match.score), news, now)
        _for_people_of(Match(other, listing, match.score), news, now)


def _for_people_of(match: Match, news: New, now: datetime) -> None:
    """Note a match for the people of `match.mine`, unless they were told of it before."""
    _told, is_new = Told.objects.get_or_create(listing=match.mine, other=match.listing, defaults={"at": now})
    if is_new:
        for person in exchange.keepers_of(match.mine):
            news[person].append(match)


def _write(person: Person, found: list[Match]) -> None:
    found.sort(key=lambda match: -match.score.total)
    with translation.override(person.language):
        subject = ngettext("%(count)d new match for your offers and needs", "%(count)d new matches for your offers and needs", len(found))
        lines = [_line(match) for match in found[:MOST_NAMED]]
        if len(found) > MOST_NAMED:
            lines.append(_("… and %(count)d more") % {"count": len(found) - MOST_NAMED})
        text = _("These fit by what both sides have said. Why, and how to ask, stands on the page.") + "\n\n" + "\n".join(lines)
        path = found[0].mine.get_absolute_url() + "#passend" if len(found) == 1 else queries.overview_path()
        tell(person, kind="matching.found", subject=subject % {"count": len(found)}, text=text, path=path)


def _line(match: Match) -> str:
    values = {"mine": match.mine.title, "other": match.listing.title, "who": match.listing.organisation.name, "points": match.points}
    return "- " + _("“%(mine)s”: “%(other)s” of %(who)s, %(points)d of 100 points") % values
