"""Rule sets: how contributions become recognition without money, or the base of the patronage refund.

Each is a pure function with a key and a version, and none is ever changed once it was used: a new idea is a new version, so that what
was said of a past year can be worked out again. No rule set says anything about votes: a member has the same vote with or without
contributions (§ 43 III GenG), and nothing down the stairs, where votes are counted, knows of this room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.contributions.rules import read_amount
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import clean

RECOGNITION, REFUND = "recognition", "refund"
MOST_LEVELS = 10
LONGEST = 200

Done = Sequence[tuple[date, int]]  # counted hours of one member in a year: day, thousandths of an hour
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class RuleSet:
    """A version of a way to count. `read` makes parameters out of what a form says; `rule` is the function itself."""

    key: str
    version: int
    purpose: str
    label: str | Promise
    text: str | Promise
    fields: tuple[str, ...]  # of the form: levels, months, sentence, least
    defaults: Parameters
    rule: Callable[..., Any]

    @property
    def id(self) -> str:
        """Key and version in one word."""
        return f"{self.key}-{self.version}"


# ------------------------------------------------------------------------------------------------ recognition, version by version


def levels_1(done: Done, parameters: Parameters) -> str:
    """The words of the highest level that the hours of the year reach; none below the first. Levels: [[thousandths, words], …]."""
    whole = sum(amount for _day, amount in done)
    reached = [(at, words) for at, words in parameters["levels"] if whole >= at]
    return str(max(reached)[1]) if reached else ""


def steady_1(done: Done, parameters: Parameters) -> str:
    """The sentence for whoever contributed in at least so many different months of the year, however much it was."""
    sums: dict[tuple[int, int], int] = {}
    for day, amount in done:
        sums[day.year, day.month] = sums.get((day.year, day.month), 0) + amount
    months = sum(1 for amount in sums.values() if amount > 0)
    return str(parameters["sentence"]) if months >= parameters["months"] else ""


# ------------------------------------------------------------------------------------------------- refund base, version by version


def turnover_1(turnover: Mapping[int, int], parameters: Parameters) -> dict[int, int]:
    """Each member's counted turnover of the year in cents; who gave back more than was bought, or stays below `least`, is left out.

    The base of § 22 KStG: turnover of the business with members, the same measure for all.
    """
    return {pk: cents for pk, cents in turnover.items() if cents > 0 and cents >= parameters["least"]}


RULESETS = (
    RuleSet(
        "levels",
        1,
        RECOGNITION,
        gettext_lazy("Levels by hours"),
        gettext_lazy("Who reached so many hours in a fiscal year reads a sentence of thanks; each level has its own."),
        ("levels",),
        {"levels": []},
        levels_1,
    ),
    RuleSet(
        "steady",
        1,
        RECOGNITION,
        gettext_lazy("Steadily over the year"),
        gettext_lazy("Who contributed in so many different months reads a sentence of thanks, however many hours it were."),
        ("months", "sentence"),
        {"months": 6, "sentence": ""},
        steady_1,
    ),
    RuleSet(
        "turnover",
        1,
        REFUND,
        gettext_lazy("Confirmed turnover of the year"),
        gettext_lazy("The base is each member's counted turnover with the cooperative in the fiscal year, the same measure for all."),
        ("least",),
        {"least": 0},
        turnover_1,
    ),
)
_BY_ID = {(one.key, one.version): one for one in RULESETS}


def of_purpose(purpose: str) -> list[RuleSet]:
    """The rule sets that can be chosen for this purpose."""
    return [one for one in RULESETS if one.purpose == purpose]


def found(key: str, version: int) -> RuleSet:
    """This version of this rule set; BadInput where there is none."""
    one = _BY_ID.get((key, version))
    if one is None:
        raise BadInput(_("There is no such rule set."))
    return one


def read(one: RuleSet, said: Mapping[str, Any]) -> dict[str, Any]:
    """Checked parameters out of a form's words; BadInput with a sentence that says what to do."""
    parameters: dict[str, Any] = {}
    if "levels" in one.fields:
        parameters["levels"] = _levels(str(said.get("levels") or ""))
    if "months" in one.fields:
        months = said.get("months")
        require(isinstance(months, int) and 1 <= months <= 12, _("Choose between 1 and 12 months."), BadInput)
        parameters["months"] = months
    if "sentence" in one.fields:
        sentence = clean(str(said.get("sentence") or ""))
        require(0 < len(sentence) <= LONGEST, _("Write a sentence of at most %(n)d characters.") % {"n": LONGEST}, BadInput)
        parameters["sentence"] = sentence
    if "least" in one.fields:
        least = said.get("least") or 0
        require(isinstance(least, int) and 0 <= least <= 10**9, _("The least turnover is a sum in euros, or empty."), BadInput)
        parameters["least"] = least
    return parameters


def _levels(text: str) -> list[list[Any]]:
    """One level per line: hours, colon, sentence. `1:30` would be read as level 1, so hours are whole or decimal here."""
    lines = [clean(line) for line in text.splitlines() if line.strip()]
    require(0 < len(lines) <= MOST_LEVELS, _("Write between one and %(n)d levels, one in each line.") % {"n": MOST_LEVELS}, BadInput)
    known = {}
    for line in lines:
        hours, _colon, words = line.partition(":")
        words = words.strip()
        try:
            at = read_amount(hours, "hours")
        except ValueError:
            at = 0
        require(
            0 < at <= 10**8 and 0 < len(words) <= LONGEST and at not in known,
            _("“%(line)s” is no level. Write hours, a colon and a sentence, each number once: 10: Thank you for your work.")
            % {"line": line[:60]},
            BadInput,
        )
        known[at] = words
    return [[at, known[at]] for at in sorted(known)]
