"""Deciding on suggestions, field by field, and on missing organisations."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.directory import actions as directory
from allmende.directory import history
from allmende.directory.models import Organisation
from allmende.directory.models import State as EntryState
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.models import Person
from allmende.suggestions import access, fields, letters, rules
from allmende.suggestions.models import Kind, Suggestion


@transaction.atomic
def decide_suggestion(
    suggestion: Suggestion, taken: dict[str, Any], *, by: Person, seen: int, answer: str = "", is_settled: bool = False
) -> Suggestion:
    """Take over these values of a suggestion and decline the rest; the entry is edited in the name of whoever decides.

    `seen` is the newest revision when the decision was made: who changed the same fields since then raises `EditConflict`, and
    nothing is written. `is_settled`: of a suggestion without fields, whether it was of use.
    """
    suggestion = _take(suggestion, by)
    organisation = suggestion.organisation
    if organisation is None:
        raise Refused(_("A missing organisation is entered as a whole."))
    units, accepted = rules.units(suggestion.fields), rules.units(taken)
    require(accepted.keys() <= units.keys(), _("Only what was suggested can be taken over here."))
    if taken:
        said = fields.written(history.state_at(organisation.pk, seen), taken)
        suggestion.revision = directory.edit_organisation(organisation, said, by=by, base=seen, reason=_("Suggestion from outside"))
    if is_settled and rules.is_for_caretakers(suggestion.problem) and organisation.state != EntryState.ARCHIVED:
        directory.archive_organisation(organisation, by=by, reason=_("Does not belong here (suggestion from outside)"))
    suggestion.taken = sorted(accepted)
    state = rules.outcome(len(accepted), len(units)) if units else rules.outcome(int(is_settled), 1)
    return _close(suggestion, state, by, answer)


@transaction.atomic
def accept_proposal(suggestion: Suggestion, said: dict[str, Any], *, by: Person, answer: str = "") -> Organisation:
    """Make an entry of a missing organisation, with the fields as the caretaker left them. Nobody looks after it yet."""
    suggestion = _take(suggestion, by)
    require(suggestion.kind == Kind.MISSING, _("This suggestion is about an entry that is here already."))
    entry = directory.create_organisation(fields.new(said), by=by, state=EntryState.PUBLISHED, reason=_("Proposed from outside"))
    suggestion.organisation = entry
    suggestion.taken = sorted(rules.units(said))
    _close(suggestion, rules.ACCEPTED, by, answer)
    return entry


@transaction.atomic
def decline_proposal(suggestion: Suggestion, *, by: Person, answer: str) -> Suggestion:
    """Leave a missing organisation out, with a word why."""
    suggestion = _take(suggestion, by)
    require(suggestion.kind == Kind.MISSING, _("This suggestion is about an entry that is here already."))
    require(answer, _("Please say in a sentence why."))
    return _close(suggestion, rules.DECLINED, by, answer)


def _take(suggestion: Suggestion, by: Person) -> Suggestion:
    """The suggestion, locked: of two who decide at once the second hears of the first."""
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    require(suggestion.state == rules.OPEN, _already(suggestion))
    allowed = access.may_decide(by, suggestion)
    require(allowed, _("Others decide on this first. After two weeks its caretakers may decide as well."), NotAllowed)
    return suggestion


def _already(suggestion: Suggestion) -> str:
    if suggestion.decided_at is None:
        return ""
    who, when = getattr(suggestion.decided_by, "name", ""), date_format(timezone.localtime(suggestion.decided_at), "DATETIME_FORMAT")
    if not who:
        return _("This suggestion is closed since %(when)s: %(state)s.") % {"when": when, "state": suggestion.get_state_display()}
    told = {"who": who, "when": when, "state": suggestion.get_state_display()}
    return _("%(who)s has decided on this suggestion already, on %(when)s: %(state)s.") % told


def _close(suggestion: Suggestion, state: str, by: Person, answer: str) -> Suggestion:
    contact, suggestion.contact = suggestion.contact, ""
    suggestion.state, suggestion.answer = state, answer
    suggestion.decided_at, suggestion.decided_by = timezone.now(), by
    suggestion.save()
    facts = {"organisation": suggestion.organisation_id, "state": state, "taken": suggestion.taken}
    trail.record("suggestions.suggestion_decided", by=by, about=suggestion, **facts)
    letters.decided(suggestion, contact)
    return suggestion
