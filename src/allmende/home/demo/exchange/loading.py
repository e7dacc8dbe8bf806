"""The whole story in one transaction: all of it is there, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone, translation

from allmende.directory.models import Organisation, State
from allmende.exchange.models import Listing
from allmende.ground import outbox
from allmende.home.demo.exchange import circles, comments, enquiries, listings, projects, rounds
from allmende.home.demo.exchange.cast import Cast
from allmende.home.demo.people import HOST, STEWARDS
from allmende.matching.actions import draw, recommend, say_misfit
from allmende.matching.models import Misfit, Recommendation
from allmende.people.models import MailChoice, Person
from allmende.people.personal import ANNOUNCED


@transaction.atomic
def load() -> int:
    """Let the demo people do what they do; returns how many offers and needs there are.

    Nothing happens where the demo people are missing, or have put up something already.
    """
    cast = _cast()
    if cast is None or Listing.objects.filter(is_demo=True).exists():
        return 0
    with translation.override("de"), _no_letters(cast):
        listings.put_up(cast)
        projects.carry(cast)
        enquiries.talk(cast)
        listings.end(cast)
        rounds.ask(cast)
        circles.meet(cast)
        comments.discuss(cast)
        _match(cast)
    return len(cast.listings)


def _cast() -> Cast | None:
    people = {one.email.removesuffix(f"@{HOST}"): one for one in Person.objects.filter(email__endswith=f"@{HOST}")}
    entries = {one.slug: one for one in Organisation.objects.filter(is_demo=True, state=State.PUBLISHED)}
    is_whole = set(STEWARDS) <= set(people) and {slug for slug, _role in STEWARDS.values()} <= set(entries)
    return Cast(people, entries, timezone.now()) if is_whole else None


@contextmanager
def _no_letters(cast: Cast) -> Iterator[None]:
    """Nobody gets mail of what happened weeks ago; afterwards the demo people want mail again, as everybody does."""
    people = list(cast.people.values())
    MailChoice.objects.bulk_create([MailChoice(person=one, area=area, by_mail=False) for one in people for area in sorted(ANNOUNCED)])
    yield
    MailChoice.objects.filter(person__in=people).delete()
    for one in people:
        outbox.forget(one.email)


def _match(cast: Cast) -> None:
    """What fits was drawn when it was put up today; now it is as old as the story says. Two people have said something about it."""
    draw([one.pk for one in cast.listings.values()])
    need, offer = cast.listings["lastenrad"], cast.listings["cargobikes"]
    made = recommend(need, offer, cast.entries["demo-datengarten"], by=cast.people["clara"])
    Recommendation.objects.filter(pk=made.pk).update(at=cast.ago(5))
    need, offer = cast.listings["zukunftswerkstatt"], cast.listings["moderation"]
    misfit = say_misfit(need, offer, "time", "Gefragt haben wir schon, der Termin passt nicht.", by=cast.people["dora"])
    Misfit.objects.filter(pk=misfit.pk).update(at=cast.ago(14))
