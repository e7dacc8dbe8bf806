"""When a membership ends, why on that day, and what is paid out. Plain values in, plain values out; paragraphs are those of the GenG.

What counts is the statute in force when the notice came in: a later change neither delays nor hastens an exit that was declared before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allmende.constitution.rules import (
    HARDSHIP_FROM_MONTHS,
    HARDSHIP_NOTICE_MONTHS,
    UNDONE_MONTHS,
    add_months,
    fiscal_year_end,
    fiscal_year_start,
    months_before,
    notice_takes_effect_on,
    payout_due_on,
)
from allmende.ground.money import share_out

SPECIAL_MONTHS = 1  # § 67a II: the special notice is given within a month
REMIND_DAYS = (60, 14, 0)
"""So many days before a settlement is due the board is told that it waits; before that once when the exit has come."""


@dataclass(frozen=True)
class Terms:
    """What a statute says about leaving."""

    notice_months: int
    fiscal_month: int
    payout_months: int
    is_tied_to_district: bool = False
    heirs_continue_months: int = 0


@dataclass(frozen=True)
class Step:
    """One step of the explanation: a key that is put into words elsewhere, its paragraph, the days and numbers it speaks of."""

    key: str
    paragraph: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """When it ends and when it is paid, by which rule, and every step on the way there."""

    rule: str
    paragraph: str
    effective_on: date
    payout_due_on: date
    steps: tuple[Step, ...]


class Impossible(ValueError):
    """The rule does not apply. `key` says why, `facts` what it speaks of."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def _outcome(rule: str, paragraph: str, ends_on: date, terms: Terms, *steps: Step) -> Outcome:
    due_on = payout_due_on(ends_on, terms.payout_months)
    payout = Step("payout", "§ 73 Abs. 2", {"day": due_on, "months": terms.payout_months})
    return Outcome(rule, paragraph, ends_on, due_on, (*steps, payout))


def _received(day: date) -> Step:
    return Step("received", "§ 130 BGB", {"day": day})


def by_notice(
    received_on: date, terms: Terms, *, joined_on: date, months: int | None = None, rule: str = "notice", paragraph: str = "§ 65 Abs. 2"
) -> Outcome:
    """§ 65 II, for single shares § 67b: at the end of the first fiscal year that leaves the whole period of notice."""
    months = months or terms.notice_months
    ends_on = notice_takes_effect_on(received_on, months, terms.fiscal_month, joined_on)
    last_day = months_before(ends_on, months)
    this_year = fiscal_year_end(max(received_on, joined_on), terms.fiscal_month)
    steps = [_received(received_on), Step("period", paragraph, {"months": months, "month": terms.fiscal_month})]
    if this_year != ends_on:
        steps.append(Step("too_late", paragraph, {"day": this_year, "last": months_before(this_year, months)}))
    steps.append(Step("in_time", paragraph, {"day": ends_on, "last": last_day}))
    return _outcome(rule, paragraph, ends_on, terms, *steps)


def full_fiscal_year_since(joined_on: date, fiscal_month: int) -> date:
    """The last day of the first fiscal year that somebody who joined on this day belongs to as a whole."""
    start = fiscal_year_start(joined_on, fiscal_month)
    begin = start if start == joined_on else fiscal_year_end(joined_on, fiscal_month) + timedelta(days=1)
    return fiscal_year_end(begin, fiscal_month)


def may_plead_hardship(received_on: date, terms: Terms, joined_on: date) -> bool:
    """§ 65 III: where the statute asks for more than two years, after a full fiscal year as a member."""
    return terms.notice_months > HARDSHIP_FROM_MONTHS and full_fiscal_year_since(joined_on, terms.fiscal_month) < received_on


def by_hardship(received_on: date, terms: Terms, *, joined_on: date) -> Outcome:
    """§ 65 III: three months to the end of the fiscal year, where staying longer cannot be expected of the member."""
    if terms.notice_months <= HARDSHIP_FROM_MONTHS:
        raise Impossible("hardship_short_notice", months=terms.notice_months)
    if not may_plead_hardship(received_on, terms, joined_on):
        raise Impossible("hardship_too_new", day=full_fiscal_year_since(joined_on, terms.fiscal_month))
    found = by_notice(received_on, terms, joined_on=joined_on, months=HARDSHIP_NOTICE_MONTHS, rule="hardship", paragraph="§ 65 Abs. 3")
    why = Step("hardship", "§ 65 Abs. 3", {"months": terms.notice_months})
    return Outcome(found.rule, found.paragraph, found.effective_on, found.payout_due_on, (found.steps[0], why, *found.steps[1:]))


def by_moving(received_on: date, terms: Terms, *, joined_on: date, moved_on: date) -> Outcome:
    """§ 67: who gives up living in the district leaves at the end of the fiscal year, without a period of notice."""
    if not terms.is_tied_to_district:
        raise Impossible("moved_not_tied")
    if moved_on > received_on:
        raise Impossible("moved_later", day=moved_on)
    ends_on = fiscal_year_end(max(received_on, joined_on), terms.fiscal_month)
    return _outcome("moved", "§ 67", ends_on, terms, _received(received_on), Step("moved", "§ 67", {"moved": moved_on, "day": ends_on}))


def by_statute_change(received_on: date, terms: Terms, *, joined_on: date, known_on: date) -> Outcome:
    """§ 67a: within a month after certain changes of the statute, to the end of the fiscal year."""
    last_day = add_months(known_on, SPECIAL_MONTHS)
    if known_on > received_on:
        raise Impossible("change_later", day=known_on)
    if received_on > last_day:
        raise Impossible("change_too_late", day=last_day)
    ends_on = fiscal_year_end(max(received_on, joined_on), terms.fiscal_month)
    special = Step("statute_change", "§ 67a", {"known": known_on, "last": last_day, "day": ends_on})
    return _outcome("statute_change", "§ 67a", ends_on, terms, _received(received_on), special)


def by_exclusion(dispatched_on: date, terms: Terms, *, joined_on: date) -> Outcome:
    """§ 68: to the end of the fiscal year; office, assembly and vote are lost when the letter is sent."""
    ends_on = fiscal_year_end(max(dispatched_on, joined_on), terms.fiscal_month)
    step = Step("exclusion", "§ 68", {"sent": dispatched_on, "day": ends_on})
    return _outcome("exclusion", "§ 68 Abs. 1", ends_on, terms, step)


def by_death(died_on: date, terms: Terms, *, joined_on: date) -> Outcome:
    """§ 77: the membership goes to the heirs until the end of the fiscal year in which the member died; by statute it may go on."""
    ends_on = fiscal_year_end(max(died_on, joined_on), terms.fiscal_month)
    steps = [Step("death", "§ 77 Abs. 1", {"died": died_on, "day": ends_on})]
    if terms.heirs_continue_months:
        until = add_months(died_on, terms.heirs_continue_months)
        steps.append(Step("heirs_continue", "§ 77 Abs. 2", {"day": until, "months": terms.heirs_continue_months}))
    return _outcome("death", "§ 77 Abs. 1", ends_on, terms, *steps)


def by_dissolution(dissolved_on: date, terms: Terms, *, joined_on: date) -> Outcome:
    """§ 77a: an organisation that is dissolved or ceases to exist leaves at the end of the fiscal year."""
    ends_on = fiscal_year_end(max(dissolved_on, joined_on), terms.fiscal_month)
    step = Step("dissolution", "§ 77a", {"dissolved": dissolved_on, "day": ends_on})
    return _outcome("dissolution", "§ 77a", ends_on, terms, step)


def outcome(reason: str, scope: str, received_on: date, terms: Terms, *, joined_on: date, event_on: date | None = None) -> Outcome:
    """The day for this reason. `event_on` is when it happened: moving, the change of the statute, the letter, the death, the end.

    Raises Impossible where the reason does not apply.
    """
    happened_on = event_on or received_on
    if reason == "notice":
        paragraph = "§ 65 Abs. 2" if scope == "all" else "§ 67b"
        return by_notice(received_on, terms, joined_on=joined_on, paragraph=paragraph)
    if reason == "hardship":
        return by_hardship(received_on, terms, joined_on=joined_on)
    if reason == "moved":
        return by_moving(received_on, terms, joined_on=joined_on, moved_on=happened_on)
    if reason == "statute_change":
        return by_statute_change(received_on, terms, joined_on=joined_on, known_on=happened_on)
    simple = {"exclusion": by_exclusion, "death": by_death, "dissolution": by_dissolution}
    return simple[reason](happened_on, terms, joined_on=joined_on)


# ------------------------------------------------------------------------------------------------------------- the settlement


@dataclass(frozen=True)
class Sums:
    """What a settlement comes to, in cents: what was there, its part of the loss, what stays with remaining shares, what is owed."""

    capital: int
    loss: int
    stays: int
    owed: int


def loss_shares(loss: int, capitals: Sequence[int]) -> list[int]:
    """§ 19 I, § 73 II: the uncovered loss of a year goes by Geschäftsguthaben; together nobody bears more than they have."""
    borne = min(loss, sum(capitals))
    return share_out(borne, capitals) if borne else [0] * len(capitals)


def settlement(capital: int, loss: int, remaining_shares: int, share_cents: int) -> Sums:
    """§ 73 II: the Geschäftsguthaben less its part of the loss. § 67b II: who keeps shares gets what is above their amount."""
    left = capital - loss
    owed = max(0, left - remaining_shares * share_cents)
    return Sums(capital, loss, left - owed, owed)


def is_blocked(remaining: int, least: int) -> bool:
    """§ 8a II: nothing is paid out while the capital that remains would be below the minimum."""
    return remaining < least


def is_over(ends_on: date, today: date) -> bool:
    """Whether the exit has come: the capital of 31 December is known on 1 January, no booking before."""
    return today > ends_on


def is_undone_by(ends_on: date, dissolved_on: date) -> bool:
    """§ 75: whether a dissolution on this day undoes an exit: within six months after it, or before it has come (§ 65 IV)."""
    return dissolved_on <= payout_due_on(ends_on, UNDONE_MONTHS)


def is_reminder_due(ends_on: date, due_on: date, reminded_on: date | None, today: date) -> bool:
    """Whether the board is told again: the day after the exit, and at each of the days before the settlement is due."""
    moments = [ends_on + timedelta(days=1), *(due_on - timedelta(days=days) for days in REMIND_DAYS)]
    past = [moment for moment in moments if ends_on < moment <= today]
    return bool(past) and (reminded_on is None or reminded_on < max(past))
