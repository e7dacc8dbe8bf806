"""What was counted, in a few words, as it stands in the register."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.ballots import rules as ballots
from allmende.ballots import wording as ballots_wording
from allmende.ballots.models import Ballot, Outcome
from allmende.ground.text import reads_english
from allmende.resolutions import rules
from allmende.resolutions.models import Body, Resolution


def votes_of(ballot: Ballot) -> str:
    """The result as people cite it: `88 : 14 : 6`, no objection and two concerns, or who was chosen."""
    counted = (ballot.result or {}).get("counted", {})
    if ballot.outcome == Outcome.NO_QUORUM:
        return _("Too few took part.")
    if ballot.rule.get("method") == ballots.CONSENT:
        return _consent(counted.get("answers", {}))
    if ballot.rule.get("method") == ballots.MAJORITY:
        said = _majority(counted)
        return f"{said} ({_('tie')})" if ballot.outcome == Outcome.TIE else said
    if ballot.outcome == Outcome.TIE:
        return _("A tie.")
    return _chosen(ballot, counted)


def _majority(counted: dict[str, Any]) -> str:
    said = {name: counted.get(name, 0) for name in (ballots.YES, ballots.NO, ballots.ABSTAIN)}
    one_or_more = 1 if Fraction(str(said[ballots.ABSTAIN])) == 1 else 2
    words = ngettext("%(yes)s yes : %(no)s no : %(abstain)s abstention", "%(yes)s yes : %(no)s no : %(abstain)s abstentions", one_or_more)
    return words % said


def _consent(answers: dict[str, Any]) -> str:
    concerns = int(answers.get(ballots.CONCERN, 0) or 0)
    if not concerns:
        return _("no objection")
    return ngettext("no objection, %(n)d concern", "no objection, %(n)d concerns", concerns) % {"n": concerns}


def _chosen(ballot: Ballot, counted: dict[str, Any]) -> str:
    named = [str(one) for one in counted.get("elected") or counted.get("selected") or []]
    labels = {str(option.position): option.label for option in ballot.options.all()}
    names = ", ".join(labels.get(one, one) for one in named)
    return _("Chosen: %(names)s") % {"names": names} if names else ""


def votes_shown(resolution: Resolution) -> str:
    """The votes for this reader: as they were written down, in English anew from the count where there was one here."""
    ballot = resolution.ballot if reads_english() and resolution.ballot_id else None
    return (votes_of(ballot) if ballot is not None and ballot.result else "") or resolution.votes_words


def rule_shown(resolution: Resolution) -> str:
    """The rule for this reader, in the same way."""
    ballot = resolution.ballot if reads_english() and resolution.ballot_id else None
    return " ".join(ballots_wording.rule_in_words(ballot.rule)) if ballot is not None else resolution.rule_words


def is_as_written(resolution: Resolution) -> bool:
    """Whether rule and votes stand in somebody's own words, which no page translates."""
    return reads_english() and resolution.ballot_id is None and bool(resolution.rule_words or resolution.votes_words)


def body_of(resolution: Resolution) -> str:
    """Who decided: the name of the body where it has one, otherwise its kind."""
    if resolution.body in {Body.CIRCLE, Body.OTHER} and resolution.body_label:
        return resolution.body_label
    return str(Body(resolution.body).label)


def standing_label(standing: str) -> str:
    """One word or two for the register."""
    return {
        rules.DRAFT: _("draft"),
        rules.IN_WORK: _("in progress"),
        rules.OVERDUE: _("overdue"),
        rules.DONE: _("carried out"),
        rules.REJECTED: _("not adopted"),
        rules.REVOKED: _("revoked"),
    }[standing]


def standing_class(standing: str) -> str:
    """The class of the design that marks it."""
    return {rules.IN_WORK: "part", rules.OVERDUE: "stop", rules.DONE: "ok", rules.DRAFT: "now"}.get(standing, "")


BARS = {rules.DONE: "c-ja", rules.IN_WORK: "c-2", rules.OVERDUE: "c-nein", rules.REVOKED: "c-enth", rules.REJECTED: "c-enth"}


def event_label(verb: str) -> str:
    """A line of the history."""
    return {
        "resolution_drafted": _("written down"),
        "resolution_entered": _("entered in the register"),
        "resolution_planned": _("plan changed"),
        "resolution_carried_out": _("carried out"),
        "resolution_reopened": _("taken up again"),
        "resolution_revoked": _("revoked"),
        "report_written": _("reported"),
        "measure_added": _("measure added"),
        "measure_done": _("measure done"),
        "measure_dropped": _("measure dropped"),
        "measure_reopened": _("measure taken up again"),
        "measure_moved": _("another date for a measure"),
    }.get(verb, "")
