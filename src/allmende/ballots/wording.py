"""Rules, faults and outcomes in words: what a member reads before voting, and why something does not work."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allmende.ballots import rules
from allmende.ballots.models import Box, Outcome
from allmende.ground.money import euros

METHODS = {
    rules.CONSENT: gettext_lazy("Consent"),
    rules.MAJORITY: gettext_lazy("Majority"),
    rules.APPROVAL: gettext_lazy("Approval"),
    rules.SCORE: gettext_lazy("Score"),
    rules.DOTS: gettext_lazy("Dots"),
    rules.IRV: gettext_lazy("Ranked choice with run-off (IRV)"),
    rules.STV: gettext_lazy("Single transferable vote (STV)"),
    rules.SCHULZE: gettext_lazy("Ranked choice, compared in pairs (Schulze)"),
    rules.COMMITTEE: gettext_lazy("Proportional committee"),
    rules.BUDGET: gettext_lazy("Participatory budget (Equal Shares)"),
}
PURPOSES = {
    rules.CONSENT: gettext_lazy("One proposal. Nobody is outvoted: an objection with a reason stops it, and a next round follows."),
    rules.MAJORITY: gettext_lazy("One question, yes or no. Also three quarters or another majority, with a quorum."),
    rules.APPROVAL: gettext_lazy("Several options: everybody ticks all they can support."),
    rules.SCORE: gettext_lazy("Several options: everybody gives each of them points on a scale."),
    rules.DOTS: gettext_lazy("Several options: everybody spreads a number of dots. Good for setting priorities."),
    rules.IRV: gettext_lazy("One of several: who is last is excluded, and these papers go to their next choice."),
    rules.STV: gettext_lazy("Elections of several people: seats in proportion to the votes, by the Scottish rules."),
    rules.SCHULZE: gettext_lazy("One of several: whoever is preferred to every other one in direct comparison wins."),
    rules.COMMITTEE: gettext_lazy("Several seats, by ticking names: larger and smaller groups get their share."),
    rules.BUDGET: gettext_lazy("Projects with costs and a sum of money: everybody has the same share of it to spend."),
}
ANSWERS = {
    rules.YES: gettext_lazy("Yes"),
    rules.NO: gettext_lazy("No"),
    rules.ABSTAIN: gettext_lazy("Abstention"),
    rules.AGREE: gettext_lazy("Yes, no objection"),
    rules.CONCERN: gettext_lazy("Yes, with concerns"),
    rules.OBJECTION: gettext_lazy("Objection"),
    rules.ASIDE: gettext_lazy("I stand aside"),
}
ANSWER_HINTS = {
    rules.CONCERN: gettext_lazy("noted with the decision"),
    rules.OBJECTION: gettext_lazy("needs a reason, stops the proposal"),
}


def wrong(fault: rules.Wrong) -> str:
    """What is wrong with a rule or a paper, and what to do."""
    return {
        "method": _("Choose a way of deciding."),
        "threshold": _("The majority is a fraction of at least one half, such as 1/2, 2/3 or 3/4."),
        "base": _("Say what yes is compared with: votes cast, present, or all."),
        "quorum": _("The quorum is a fraction such as 1/4, or 0 for none."),
        "matter": _("Say what kind of decision it is."),
        "ties": _("Say what happens in a tie."),
        "seats": _("The number of seats is a whole number from 1 to 100."),
        "scale": _("The scale begins at 0 or higher and ends at 100 at most."),
        "dots": _("The number of dots is a whole number from 1 to 1000."),
        "most": _("One option gets at most as many dots as there are."),
        "way": _("Choose how the committee is counted."),
        "budget": _("Say how much money there is to spend."),
        "shape": _("This paper cannot be read. Please open the ballot again."),
        "answer": _("Choose one of the answers."),
        "reason": _("An objection needs a reason: what would go wrong, and for whom?"),
        "long_reason": _("The reason is too long. 2000 characters are enough."),
        "option": _("This paper names something that is not on the list. Please open the ballot again."),
        "twice": _("You have named an option twice."),
        "grade": _("Points lie on the scale of the paper."),
        "too_many_dots": _("You have given more dots than you have."),
        "equal_places": _("Every place is given once: two options cannot share one here."),
    }[fault.code]


def problem(code: str) -> str:
    """What stands in the way of opening."""
    return {
        "no_options_wanted": _("This way of deciding asks about one thing. Remove the options."),
        "two_options": _("At least two options are needed."),
        "options_differ": _("Two options have the same name. Give every option its own."),
        "too_many_seats": _("There are more seats than options."),
        "costs": _("Every project needs its cost."),
        "matter_needs_majority": _(
            "By law and statute this matter needs a larger majority (§ 16 GenG). Choose yes or no, and a majority that is enough."
        ),
    }[code]


def too_few_together() -> str:
    """Why a secret ballot cannot be opened with these votes and groups."""
    return _(
        "In a secret ballot at least five voters have to share votes and group, otherwise the papers would tell who chose what. Count "
        "without groups, leave investing members out, give everybody one vote, or choose the open box."
    )


def share_in_words(text: str) -> str:
    """A fraction as it is spoken."""
    known = {"1/2": _("half"), "2/3": _("two thirds"), "3/4": _("three quarters"), "9/10": _("nine tenths"), "1": _("all")}
    known |= {"1/4": _("a quarter"), "1/3": _("a third"), "1/10": _("a tenth"), "1/5": _("a fifth")}
    return known.get(text, text)


def rule_in_words(rule: Mapping[str, Any], box: str = "", options: int = 0) -> list[str]:
    """The whole rule as sentences."""
    made = [_of_method(rule)]
    if rules.share(rule["quorum"]):
        made.append(_("It counts only if at least %(share)s of those on the roll take part.") % {"share": share_in_words(rule["quorum"])})
    if rule.get("classes"):
        made.append(_("Besides, every stakeholder group has to reach this majority among its own."))
    if rule.get("tenth"):
        made.append(_("Nobody counts with more than a tenth of the votes that take part (§ 43 III Nr. 2 GenG)."))
    if rule.get("ties") == "open":
        made.append(_("In a tie nothing is decided: the tie is stated, and the board says how it goes on."))
    if rule.get("ties") == "lot":
        made.append(_("In a tie a lot decides that everybody can draw again: it is computed from the rule and all papers."))
    if box == Box.OPEN:
        made.append(_("The box is open: after the end members see who chose what."))
    elif box == Box.DETACHED:
        made.append(_("The box is secret: it is known who took part, and nobody can tell what somebody chose."))
    return made


def _of_method(rule: Mapping[str, Any]) -> str:
    method = rule["method"]
    if method == rules.MAJORITY:
        return _majority(rule)
    seats = rule.get("seats", 1)
    seated = ngettext("%(n)d seat is filled.", "%(n)d seats are filled.", seats) % {"n": seats}
    if method == rules.APPROVAL:
        first = _("Everybody ticks as many options as they like; those with most approvals are chosen.")
        if rule.get("threshold"):
            share = share_in_words(rule["threshold"])
            first += " " + _("More than that, an option needs the approval of %(share)s of those who vote.") % {"share": share}
        return f"{first} {seated}"
    if method == rules.SCORE:
        low, high = rule["scale"]
        words = _("Everybody gives each option %(low)d to %(high)d points; the highest sum wins. What is left empty gets nothing.")
        return f"{words % {'low': low, 'high': high}} {seated}"
    if method == rules.DOTS:
        words = _("Everybody spreads up to %(dots)d dots, at most %(most)d on one option; the highest sum wins.")
        return f"{words % {'dots': rule['dots'], 'most': rule['most']}} {seated}"
    return _ranked(rule, seated)


def _majority(rule: Mapping[str, Any]) -> str:
    share = share_in_words(rule["threshold"])
    if rule["base"] == "cast":
        if rule["threshold"] == "1/2":
            return _("Accepted with more yes than no. Abstentions are not votes cast (§ 43 II GenG).")
        return _("Accepted with at least %(share)s of the votes cast. Abstentions are not counted.") % {"share": share}
    more = _("more than half") if rule["threshold"] == "1/2" else _("at least %(share)s") % {"share": share}
    if rule["base"] == "present":
        return _("Accepted when %(share)s of all who take part say yes; an abstention works like a no.") % {"share": more}
    return _("Accepted when %(share)s of all votes on the roll say yes; whoever does not vote works like a no.") % {"share": more}


def _ranked(rule: Mapping[str, Any], seated: str) -> str:
    method = rule["method"]
    if method == rules.CONSENT:
        return _("Accepted when nobody objects. An objection needs a reason; it is not outvoted but worked into the next round.")
    if method == rules.IRV:
        return _(
            "Everybody puts the options in order. Whoever is last in a round is excluded, and these papers go on to their next choice."
        )
    if method == rules.STV:
        return (
            _("Everybody puts the options in order. Seats go by quota, surplus and exclusion after the Scottish rules (WIGM).")
            + f" {seated}"
        )
    if method == rules.SCHULZE:
        return _("Everybody puts the options in order, equal places allowed. The order follows from all comparisons in pairs (Schulze).")
    if method == rules.COMMITTEE:
        way = _("sequential PAV") if rule["way"] == "pav" else _("Method of Equal Shares")
        return _("Everybody ticks names. The seats go to groups in proportion to their size (%(way)s).") % {"way": way} + f" {seated}"
    money = euros(rule["budget"])
    return _("%(money)s are spent. Everybody holds the same share of it and pays for the ticked projects (Method of Equal Shares).") % {
        "money": money
    }


def outcome_in_words(outcome: str) -> str:
    """The outcome as one sentence."""
    return (
        {
            Outcome.ACCEPTED: _("Accepted."),
            Outcome.REJECTED: _("Not accepted."),
            Outcome.NO_QUORUM: _("Too few took part. Nothing is decided."),
            Outcome.TIE: _("A tie. Nothing is decided yet."),
            Outcome.OBJECTIONS: _("There are objections. A next round follows."),
            Outcome.ELECTED: _("Chosen."),
            Outcome.RANKED: _("Put in order."),
        }.get(Outcome(outcome), "")
        if outcome
        else ""
    )


def choice_in_words(choice: Mapping[str, Any], labels: Sequence[str]) -> str:
    """One paper as it is read in the list."""
    if "answer" in choice:
        said = str(ANSWERS[choice["answer"]])
        return f"{said}: {choice['reason']}" if choice.get("reason") else said
    if "approved" in choice:
        return ", ".join(labels[at] for at in choice["approved"]) or _("empty paper")
    if "grades" in choice:
        given = [f"{label}: {grade}" for label, grade in zip(labels, choice["grades"], strict=True) if grade is not None]
        return ", ".join(given) or _("empty paper")
    places = (" = ".join(labels[at] for at in place) for place in choice["ranking"])
    return " > ".join(places) or _("empty paper")
