"""What this room tells people: a question to those who answer for two entries, an answer of the other side, a merge, its undoing."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.directory.access import keepers_of
from allmende.duplicates.models import Merge, Pair, Saying
from allmende.people.actions import tell
from allmende.people.models import Person


def ask(pair: Pair, people: Iterable[Person]) -> None:
    """Are these two one organisation? With the way to the page where one answers."""
    for person in _each(people):
        with translation.override(person.language):
            names = {"one": pair.one.name, "other": pair.other.name}
            tell(
                person,
                kind="duplicates.asked",
                subject=_("Is “%(one)s” the same as “%(other)s”?") % names,
                text=_(
                    "There are two entries that look alike: “%(one)s” and “%(other)s”. Are they the same organisation, is one a branch "
                    "of the other, or are they different? Please have a look and answer. If both sides say the same, it is decided."
                )
                % names,
                path=_page(pair),
            )


def answered(pair: Pair, saying: Saying, people: Iterable[Person]) -> None:
    """The other side has answered."""
    for person in _each(people):
        with translation.override(person.language):
            names = {"one": pair.one.name, "other": pair.other.name}
            tell(
                person,
                kind="duplicates.answered",
                subject=_("An answer about “%(one)s” and “%(other)s”") % names,
                text=_("Somebody has answered: %(saying)s. If you say the same, it is decided; otherwise a caretaker looks at it.")
                % {"saying": what(saying, **names)},
                path=_page(pair),
            )


def merged(merge: Merge, by: Person | None) -> None:
    """Two entries are one now: to all who look after what stayed."""
    for person in _keepers(merge, by):
        with translation.override(person.language):
            names = {"winner": merge.winner.name, "loser": merge.loser.name}
            tell(
                person,
                kind="duplicates.merged",
                subject=_("“%(loser)s” and “%(winner)s” are one entry now") % names,
                text=_(
                    "The entry “%(loser)s” was merged into “%(winner)s”. Places, sources and the people who look after them are "
                    "together now, and the old address leads to the new one. If that was wrong, it can be undone."
                )
                % names,
                path=reverse("duplicates:merges"),
            )


def unmerged(merge: Merge, by: Person | None) -> None:
    """A merge was taken back: to all who look after one of the two."""
    for person in _keepers(merge, by):
        with translation.override(person.language):
            names = {"winner": merge.winner.name, "loser": merge.loser.name}
            tell(
                person,
                kind="duplicates.unmerged",
                subject=_("“%(loser)s” and “%(winner)s” are two entries again") % names,
                text=_("The merge of “%(loser)s” into “%(winner)s” was undone. Please check whether both entries are right.") % names,
                path=reverse("directory:organisation", args=[merge.winner.slug]),
            )


def what(saying: Saying | str, *, one: str, other: str) -> str:
    """What somebody said, with the names of the two entries."""
    said = {
        Saying.SAME: _("“%(one)s” and “%(other)s” are the same organisation"),
        Saying.DIFFERENT: _("“%(one)s” and “%(other)s” are different"),
        Saying.ONE: _("“%(one)s” is a branch of “%(other)s”"),
        Saying.OTHER: _("“%(other)s” is a branch of “%(one)s”"),
    }
    return said[Saying(saying)] % {"one": one, "other": other}


def _page(pair: Pair) -> str:
    return reverse("duplicates:pair", args=[pair.pk])


def _keepers(merge: Merge, by: Person | None) -> list[Person]:
    found = keepers_of(merge.winner, merge.loser)
    return _each(found.exclude(pk=by.pk) if by else found)


def _each(people: Iterable[Person]) -> list[Person]:
    """In a settled order, so that two who tell the same people never wait for each other in a circle."""
    return sorted(people, key=lambda person: person.pk)
