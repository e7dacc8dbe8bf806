"""Statutes in words: what a number reads like, what is wrong with it, what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.constitution import choices
from allmende.constitution.models import Statute
from allmende.constitution.rules import Fault
from allmende.ground.money import euros
from allmende.ground.text import reads_english


def day(when: date) -> str:
    """A day as it stands in running text."""
    return date_format(when, "DATE_FORMAT")


def percent(permille: int) -> str:
    """75 % of 750 thousandths; 7,5 % of 75."""
    whole, tenth = divmod(permille, 10)
    number = f"{whole}.{tenth}" if tenth else str(whole)
    return f"{number}%" if reads_english() else f"{number.replace('.', ',')}\u00a0%"


def label(name: str) -> str:
    """What people call this number."""
    return str(Statute._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def value(name: str, said: Any) -> str:
    """A number of a statute as people read it."""
    kind = choices.CHOICES[name].kind
    if said is None or said == "":
        return _("no limit") if name == "max_shares" else _("nothing")
    match kind:
        case "euros":
            return euros(said, exact=False) if said else _("none")
        case "percent":
            return percent(said) if said else _("none")
        case "months":
            return ngettext("%(n)d month", "%(n)d months", said) % {"n": said} if said else _("none")
        case "days":
            return ngettext("%(n)d day", "%(n)d days", said) % {"n": said}
        case "month":
            return date_format(date(2000, said, 1), "F")
        case "yes":
            return _("yes") if said else _("no")
        case "day":
            return day(said)
        case "choice":
            return str(dict(Statute._meta.get_field(name).flatchoices).get(said, said))  # type: ignore[union-attr]
    return str(said)


@dataclass(frozen=True)
class Line:
    """One line of the sheet of a statute: what, how much, which paragraph of the law, where in the statute; before, where it changed."""

    name: str
    label: str
    value: str
    paragraph: str
    place: str
    before: str = ""


@dataclass(frozen=True)
class Part:
    """A step of the assistant as a part of the sheet."""

    key: str
    title: str
    lines: list[Line]


def _is_idle(name: str, statute: Statute) -> bool:
    """Numbers that say nothing beside another one."""
    idle = {
        "instalment_months": not statute.instalment_cents,
        "liability_cents": statute.liability != "limited",
        "investing_vote": not statute.has_investing,
        "minimum_capital_cents": bool(statute.minimum_capital_permille),
        "minimum_capital_permille": not statute.minimum_capital_permille,
        "text_form_since": statute.text_form_since is None,
        "text_form_evidence": statute.text_form_since is None,
        "is_mostly_entrepreneurs": not statute.is_mostly_entrepreneurs,
    }
    return idle.get(name, False)


def sheet(statute: Statute) -> list[Part]:
    """The whole statute in plain words, step by step."""
    return [
        Part(step.key, str(step.title), [_line(one.name, statute) for one in step.choices if not _is_idle(one.name, statute)])
        for step in choices.STEPS
    ]


def _line(name: str, statute: Statute, before: str = "") -> Line:
    choice = choices.CHOICES[name]
    said = value(name, getattr(statute, name))
    return Line(name, label(name), said, choice.paragraph, statute.places.get(name, ""), before)


def changes(statute: Statute, before: Statute) -> list[Line]:
    """What a version says otherwise than the one before."""
    changed = [name for name in choices.COLUMNS if getattr(statute, name) != getattr(before, name)]
    return [_line(name, statute, value(name, getattr(before, name))) for name in changed]


# ------------------------------------------------------------------------------------------------------------ sentences


def sentence(fault: Fault) -> str:
    """A fault or a hint as a sentence that says what to do, with its paragraph."""
    said = _sentences(fault)[fault.what] % {"limit": _limit(fault), "field": label(fault.field) if fault.field in choices.CHOICES else ""}
    return f"{said} ({fault.paragraph})"


def _limit(fault: Fault) -> str:
    kind = choices.CHOICES[fault.field].kind if fault.field in choices.CHOICES else "line"
    return value(fault.field, fault.limit) if kind in {"euros", "percent"} and fault.limit else str(fault.limit)


def _sentences(fault: Fault) -> dict[str, str]:
    return _of_numbers() | _of_hints() | _of_days() | _of_offices()


def _of_numbers() -> dict[str, str]:
    return {
        "too_low": _("At least %(limit)s is needed here."),
        "too_high": _("The most that is allowed here is %(limit)s."),
        "too_high_without_entrepreneurs": _(
            "More than %(limit)s are only allowed where more than three quarters of the members are entrepreneurs."
        ),
        "below_a_tenth": _("At least a tenth of the share is paid in: %(limit)s or more."),
        "above_the_share": _("Nobody pays in more than the share: at most %(limit)s."),
        "above_what_is_left": _("After the first payment %(limit)s of each share are left; an instalment cannot be more."),
        "below_mandatory": _("Everybody holds at least %(limit)s shares; the most cannot be fewer."),
        "both_capitals": _("Give the minimum capital as an amount or as a part, not both."),
        "below_the_share": _("The liable sum is at least as high as the share: %(limit)s or more."),
        "no_liable_sum": _("A liable sum belongs to limited liability only. Choose it above, or leave the sum at 0."),
        "above_convocation": _("Items cannot be due earlier than the invitation itself, which goes out %(limit)s days before."),
        "evidence_without_day": _("There is a resolution and no day. Give the day since when text form is allowed."),
        "text_form_anyway": _("Text form is enough by your statute already. The permission is only for statutes that say “in writing”."),
        "outside_transition": _(
            "The permission is possible since 2025 and ends on 31 December %(limit)s; the day cannot lie in the future."
        ),
        "no_evidence": _("Say which resolution allows text form; without it the permission proves nothing."),
        "no_investing_members": _("There are no investing members by this statute, so they have no vote. Allow them first."),
    }


def _of_hints() -> dict[str, str]:
    return {
        "expires": _("The permission for text form ends on 31 December %(limit)s. Change the statute before, or paper is needed again."),
        "board_of_one": _("A board of one is only possible up to %(limit)s members. With the next one a second person is needed."),
        "no_supervisory": _("Going without a supervisory board is only possible up to %(limit)s members."),
        "long_notice": _("Notice of more than a year must be acknowledged expressly when joining; the joining page asks for it."),
        "hardship": _(
            "Whoever cannot be expected to stay so long may leave with %(limit)s months of notice after a full year of membership."
        ),
        "rest_when_called": _("Without instalments the rest of each share is only due when the general assembly calls for it."),
        "never_for_three_quarters": _("Multiple votes count as one where the law asks for three quarters or more."),
        "long_payout": _("The law says %(limit)s months. A longer time must stand in the statute and not be left to the board."),
    }


def _of_days() -> dict[str, str]:
    return {
        "not_resolved": _("Give the day on which the assembly resolved this version."),
        "not_yet": _("This day has not come yet. Adopt the version here once it is done."),
        "registered_before_resolved": _("It cannot be in the register before it was resolved. Please check both days."),
        "not_registered": _("A change of the statute only holds once it is in the register. Give the day of the entry."),
        "before_registered": _(
            "A change of the statute holds from its entry in the register at the earliest. Choose that day or a later one."
        ),
        "before_resolved": _("A version cannot hold before it was resolved. Choose the day of the resolution or a later one."),
        "too_early": _("Please check the year: it lies before %(limit)s."),
        "too_far_ahead": _("Please check the year: it lies more than five years ahead."),
    }


def _of_offices() -> dict[str, str]:
    return {
        "held_already": _("This person holds this office in that time already. End the first term, or choose other days."),
        "board_and_supervisory": _(
            "Nobody can be on the board and the supervisory board at the same time, not even for a day and not in advance. "
            "If these are two people of one name, write the names so that they can be told apart."
        ),
        "not_discharged": _(
            "Whoever was on the board can only be elected to the supervisory board after the assembly has discharged them. "
            "Note the discharge at the former office first."
        ),
    }


def sentences(faults: list[Fault]) -> Iterator[str]:
    """Each as a sentence, every sentence once."""
    yield from dict.fromkeys(sentence(fault) for fault in faults)
