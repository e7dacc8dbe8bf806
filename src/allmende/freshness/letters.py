"""The letters of this room, in the language of whoever gets them. What they quote of an entry is what everybody may read."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.directory import portrait
from allmende.directory.models import Organisation, Place
from allmende.directory.queries import shown_to
from allmende.freshness import queries, rules
from allmende.freshness.models import Question, Whom
from allmende.ground import outbox
from allmende.ground.models import Letter
from allmende.ground.text import reads_english, shorten
from allmende.people.letters import sign_off

NAME_IN_SUBJECT = 80
LONGEST = 300


def ask(question: Question, item: Organisation, to: str, language: str, confirmed_at: datetime | None) -> Letter:
    """Write the letter of a question. `item` comes from `directory.queries.whole`."""
    with translation.override(language):
        link = queries.link_of(question)
        return outbox.post(
            to=to,
            subject=_subject(question, item),
            text="\n\n".join(_paragraphs(question, shown_to(item), link, confirmed_at)),
            language=language,
            kind=queries.KIND,
            about=item,
            person=question.person,
            unsubscribe=_way_out(question, link),
        )


def _way_out(question: Question, link: str) -> str:
    """Persons choose for all notices of this area, organisations for themselves."""
    if question.person:
        return reverse("people:no_mail", args=[sign_off(question.person.pk, queries.AREA)])
    return reverse("freshness:stop", args=[link])


def _subject(question: Question, item: Organisation) -> str:
    name = {"name": shorten(item.name, NAME_IN_SUBJECT)}
    if question.whom == Whom.ORGANISATION:
        return _("An entry about you: is all of it true? %(name)s") % name
    return (_("Is all still true? %(name)s") if question.number == 1 else _("Once more: is all still true? %(name)s")) % name


def _paragraphs(question: Question, item: Organisation, link: str, confirmed_at: datetime | None) -> list[str]:
    to_change = ("stewards:claim", _("Change something, and look after the entry from now on:"))
    if question.whom == Whom.PERSON:
        to_change = ("editing:edit", _("Change something (you sign in for that):"))
    return [
        _greeting(question),
        _opening(question, item, confirmed_at),
        _("This is what everybody can read there:") + "\n" + "\n".join(f"- {name}: {value}" for name, value in entry_facts(item)),
        _("The whole entry:") + "\n" + outbox.link(reverse("directory:organisation", args=[item.slug])),
        _("Yes, all still true:") + "\n" + outbox.link(reverse("freshness:answer", args=[link])),
        to_change[1] + "\n" + outbox.link(reverse(to_change[0], args=[item.slug])),
        _("We no longer exist:") + "\n" + outbox.link(reverse("freshness:gone", args=[link])),
        _closing(question),
    ]


def _greeting(question: Question) -> str:
    name = question.person.name if question.person else ""
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def _opening(question: Question, item: Organisation, confirmed_at: datetime | None) -> str:
    if question.whom == Whom.ORGANISATION:
        words = _(
            "“%(name)s” is on the map of %(house)s, a public directory of cooperatives and their friends. The entry gives this address "
            "as yours, and nobody of you has confirmed it for a year. Please have a look."
        )
    elif question.number == 2:
        words = _("some weeks ago we asked whether all in the entry “%(name)s” on the map of %(house)s is still true. Nobody has answered.")
    elif confirmed_at:
        words = _("you look after the entry “%(name)s” on the map of %(house)s. It was last confirmed on %(on)s. Is all of it still true?")
    else:
        words = _("you look after the entry “%(name)s” on the map of %(house)s. It has not been confirmed yet. Is all of it true?")
    return words % {"name": item.name, "house": settings.SITE_NAME, "on": _day(confirmed_at) if confirmed_at else ""}


def _closing(question: Question) -> str:
    words = _(
        "Each link opens a page with one button; only the button does something. The links work until %(on)s; please do not pass them on."
    )
    until = words % {"on": _day(rules.link_ends(question.asked_at))}
    if question.whom == Whom.ORGANISATION or question.number == 1:
        return until
    last = _("If nobody answers, the caretakers of the network have a look. The entry stays on the map; only its age is shown.")
    return f"{until} {last}"


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def entry_facts(item: Organisation) -> list[tuple[str, str]]:
    """What a public copy of an entry says, as names and values. Empty fields are left out."""
    named = [
        (_("Name"), item.name),
        (_("Legal form"), item.legal_form.name if item.legal_form else ""),
        (_("Sector"), item.sector.name if item.sector else ""),
        (_("In one sentence"), _own_words(item.summary, item.summary_en)),
        (_("Description"), shorten(" ".join(_own_words(item.description, item.description_en).split()), LONGEST)),
        *((_("Seat") if place.is_seat else _("Place"), _address(place)) for place in list(item.places.all())[:3]),
        (_("Website"), item.website),
        (_("E-mail"), item.email),
        (_("Phone"), item.phone),
        (_("Founded"), str(item.founded or "")),
        (_("Register"), item.register),
    ]
    return [(name, " ".join(value.split())) for name, value in named if value]


def _own_words(german: str, english: str) -> str:
    return (english or german) if reads_english() else (german or english)


def _address(place: Place) -> str:
    parts = (place.street, f"{place.postcode} {place.town}".strip(), portrait.country(place.country))
    return ", ".join(part for part in parts if part)
