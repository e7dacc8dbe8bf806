"""The digest: one letter with everything new about what somebody follows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allmende.directory.models import Organisation
from allmende.ground import outbox
from allmende.notices import rules
from allmende.notices.models import Item
from allmende.people.models import Person

SALT = "allmende.notices.stop"
WORDS = {
    "new": gettext_lazy("new on the map"),
    "changed": gettext_lazy("changed"),
    "confirmed": gettext_lazy("confirmed: all still true"),
    "gone": gettext_lazy("no longer on the map"),
}
MOST = 100  # entries named in one letter; the rest is counted


@dataclass(frozen=True)
class Line:
    """An entry and what is new about it."""

    organisation: Organisation
    news: str


def lines(items: Iterable[Item]) -> list[Line]:
    """Each entry once, however much happened to it, in the order of what happened first."""
    found: dict[Organisation, list[str]] = defaultdict(list)
    for one in items:
        found[one.happening.organisation].append(one.happening.news)
    return [Line(organisation, rules.strongest(news)) for organisation, news in found.items()]


def digest(person: Person, told: list[Line]) -> None:
    """Write it in the person's language, with the one click that ends it."""
    with translation.override(person.language):
        head = ngettext("News about %d entry you follow", "News about %d entries you follow", len(told)) % len(told)
        parts = [f"{one.organisation.name}: {WORDS[one.news]}\n{_address(one)}" for one in told[:MOST]]
        if len(told) > MOST:
            parts.append(_("And %d more: see the map.") % (len(told) - MOST))
        parts.append(_("What you follow and how often we write: %s") % outbox.link(reverse("notices:follows")))
        stop = reverse("notices:unsubscribe", args=[stop_word(person)])
        text = "\n\n".join(parts)
        outbox.post(person.email, head, text, language=person.language, kind="notices.digest", person=person, unsubscribe=stop)


def stop_word(person: Person) -> str:
    """The word in the link that ends the mail; it works for good, for nothing else, and for nobody else."""
    return signing.dumps(person.pk, salt=SALT)


def _address(line: Line) -> str:
    return outbox.link(reverse("directory:organisation", args=[line.organisation.slug]))
