"""What the rules say, in words: the steps to a day with their paragraphs, why a reason does not apply, the declarations themselves."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.leaving.models import Reason, Scope
from allmende.leaving.rules import Impossible, Step
from allmende.members.models import Particulars, Party


def day_words(day: date) -> str:
    """`31. Dezember 2026`."""
    return date_format(day, "DATE_FORMAT")


def _months(count: int) -> str:
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def _said(facts: dict[str, object]) -> dict[str, object]:
    named = {key: day_words(value) if isinstance(value, date) else value for key, value in facts.items()}
    if isinstance(months := facts.get("months"), int):
        named["months"] = _months(months)
    if isinstance(month := facts.get("month"), int):
        named["month"] = date_format(date(2000, month, 1), "F")
    return named


def step_words(step: Step) -> str:
    """One step as a sentence, without its paragraph."""
    sentences = {
        "received": _("The declaration came in on %(day)s. What counts is the statute that was in force on that day."),
        "period": _("The period of notice is %(months)s to the end of a fiscal year; fiscal years end with %(month)s."),
        "too_late": _("For the end of the fiscal year on %(day)s it would have had to come in by %(last)s."),
        "in_time": _("For %(day)s it is in time: the last day was %(last)s."),
        "hardship": _("The statute asks for %(months)s. In hardship three months are enough; the board looks at the reasons."),
        "moved": _("Moving out of the district on %(moved)s needs no period of notice: it ends with the fiscal year on %(day)s."),
        "statute_change": _(
            "The change of the statute was known on %(known)s; until %(last)s notice can be given to the end of the fiscal year on %(day)s."
        ),
        "exclusion": _(
            "An exclusion takes effect at the end of the fiscal year, on %(day)s. Office, assembly and vote are lost when the letter is "
            "sent, on %(sent)s."
        ),
        "death": _("The member died on %(died)s. The heirs are members together until the end of the fiscal year on %(day)s."),
        "heirs_continue": _("By the statute the heirs may continue the membership; they can say so within %(months)s, until %(day)s."),
        "dissolution": _("The organisation ended on %(dissolved)s. Its membership lasts until the end of the fiscal year on %(day)s."),
        "payout": _("The settlement is paid out within %(months)s after that, until %(day)s."),
    }
    return sentences[step.key] % _said(step.facts)


def steps_words(steps: Iterable[Step]) -> list[tuple[str, str]]:
    """All steps, each with its paragraph."""
    return [(step_words(step), paragraph_words(step.paragraph)) for step in steps]


def paragraph_words(paragraph: str) -> str:
    """`§ 65 Abs. 2 GenG`; paragraphs of other laws name theirs."""
    return paragraph.replace(" ", "\u00a0") + ("" if "BGB" in paragraph else "\u00a0GenG")


def impossible_words(no: Impossible) -> str:
    """Why a reason does not apply, and what to do instead."""
    sentences = {
        "hardship_short_notice": _("Hardship shortens only a period of more than two years; here it is %(months)s. Give ordinary notice."),
        "hardship_too_new": _("Hardship can be pleaded after a whole fiscal year as a member, from the day after %(day)s on."),
        "moved_not_tied": _("This membership is not tied to living in a district. Give ordinary notice."),
        "moved_later": _("The day of moving, %(day)s, has not come yet. Give notice afterwards, or ordinary notice now."),
        "change_later": _("The change of the statute, on %(day)s, has not come yet when the notice came in."),
        "change_too_late": _("The month for this special notice ended on %(day)s. Give ordinary notice."),
    }
    return sentences[no.key] % _said(no.facts)


def shares_words(count: int) -> str:
    """`3 Anteile`."""
    return ngettext("%(count)d share", "%(count)d shares", count) % {"count": count}


def end_words(scope: str, quantity: int | None) -> str:
    """What ends: the membership, or so many shares."""
    return _("the whole membership") if scope == Scope.ALL else shares_words(quantity or 0)


def who_words(named: Particulars, number: int) -> str:
    """The member as a declaration names them."""
    names = {"name": named.spoken, "number": f"{number:04d}", "town": named.town}
    if named.party == Party.LEGAL and named.represented_by:
        return _("%(name)s, %(town)s, member number %(number)s, represented by %(by)s") % {**names, "by": named.represented_by}
    if named.town:
        return _("%(name)s, %(town)s, member number %(number)s") % names
    return _("%(name)s, member number %(number)s") % names


def notice_words(
    who: str, cooperative: str, scope: str, quantity: int | None, reason: str, *, event_on: date | None = None, words: str = ""
) -> str:
    """The declaration as it is shown before sending, and kept as it was shown. It speaks to nobody, so that it holds elsewhere, too."""
    facts = {"who": who, "cooperative": cooperative, "day": day_words(event_on) if event_on else "", "shares": shares_words(quantity or 0)}
    if scope == Scope.SINGLE:
        lines = [_("The member %(who)s gives notice of %(shares)s in %(cooperative)s to the next possible day (§ 67b GenG).") % facts]
    else:
        lines = [_("The member %(who)s gives notice of the membership in %(cooperative)s to the next possible day (§ 65 GenG).") % facts]
    more = {
        Reason.HARDSHIP: _("Staying until the end of the period of notice cannot be expected of the member (§ 65 Abs. 3 GenG)."),
        Reason.MOVED: _("The member has moved out of the district on %(day)s (§ 67 GenG)."),
        Reason.STATUTE_CHANGE: _("The reason is the change of the statute known on %(day)s (§ 67a GenG)."),
    }
    lines += [more[Reason(reason)] % facts] if reason in more else []
    return "\n\n".join([*lines, *([words] if words else [])])


def party_words(name: str, number: int) -> str:
    """The other side of a transfer: no more of them than is needed to know who is meant."""
    return _("%(name)s, member number %(number)s") % {"name": name, "number": f"{number:04d}"}


def giving_words(who: str, cooperative: str, quantity: int, is_all: bool, taker: str) -> str:
    """What the giver of shares declares."""
    facts = {"who": who, "cooperative": cooperative, "shares": shares_words(quantity), "taker": taker}
    if is_all:
        said = _(
            "The member %(who)s transfers the whole Geschäftsguthaben in %(cooperative)s, %(shares)s, to %(taker)s and leaves by that "
            "(§ 76 GenG)."
        )
        return said % facts
    said = _(
        "The member %(who)s transfers the Geschäftsguthaben of %(shares)s in %(cooperative)s to %(taker)s and keeps the other shares "
        "(§ 76 GenG)."
    )
    return said % facts


def taking_words(who: str, cooperative: str, quantity: int, giver: str) -> str:
    """What the taker of shares declares: to take them over, with the duty to pay what is still open on them (§§ 15b, 76)."""
    said = _(
        "The member %(who)s takes over %(shares)s in %(cooperative)s with their Geschäftsguthaben from %(giver)s. The member undertakes "
        "to make the payments on them that law and statute ask for (§§ 15b, 76 GenG)."
    )
    return said % {"who": who, "cooperative": cooperative, "shares": shares_words(quantity), "giver": giver}
