"""Asking for feedback: opening a round, inviting, extending, closing, opening again, and what is due by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.directory.access import keepers_of
from allmende.directory.models import Organisation
from allmende.feedback import access, letters, queries, rules
from allmende.feedback.models import Invitation, Round
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.people.models import Person
from allmende.projects.models import Project


@transaction.atomic
def open_round(
    project: Project,
    organisation: Organisation,
    *,
    asked: Sequence[str],
    deadline: datetime,
    text: str = "",
    readers: str = rules.INVITED,
    is_open_to_all: bool = False,
    invited: Iterable[Organisation] = (),
    by: Person,
) -> Round:
    """Ask for feedback on a project in the name of an organisation that leads it; those invited are told."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    may = access.may_ask_as(by, project).filter(pk=organisation.pk).exists()
    require(may, _("Only organisations that lead this project ask for feedback on it."), NotAllowed)
    require(not project.is_draft and not project.hidden_at, _("Publish the project first: nobody can answer about what nobody sees."))
    wanted = list(dict.fromkeys(invited))
    require(wanted or is_open_to_all, _("Invite somebody, or let everybody answer who sees the project."))
    now = timezone.now()
    _require_deadline(deadline, now)
    today = queries.asked_since(project, organisation, now - timedelta(days=1))
    require(today < rules.ROUNDS_A_DAY, _("That is enough rounds for one day. Please go on tomorrow."))
    found = Round.objects.create(
        project=project,
        organisation=organisation,
        text=text,
        readers=readers,
        is_open_to_all=is_open_to_all,
        opened_at=now,
        deadline=deadline,
        asked_by=by,
        **_questions(asked),
    )
    trail.record("feedback.round_opened", by=by, about=found, project=project.pk, invited=len(wanted))
    _invite(found, wanted, by)
    return found


def _questions(asked: Sequence[str]) -> dict[str, str]:
    first, second, third = rules.in_order(asked, rules.QUESTIONS)
    require(first, _("Ask at least one question."), BadInput)
    require(max(map(len, (first, second, third))) <= rules.QUESTION_LENGTH, _("A question has at most 200 characters."), BadInput)
    return {"question_1": first, "question_2": second, "question_3": third}


def _require_deadline(deadline: datetime, now: datetime) -> None:
    require(rules.is_good_deadline(deadline, now), _("Give people at least a day, and at most half a year, to answer."), BadInput)


@transaction.atomic
def correct_round(found: Round, *, asked: Sequence[str], text: str, readers: str, is_open_to_all: bool, by: Person) -> Round:
    """Change the words of an open round. Questions and readers stand once somebody has answered under them."""
    found = _of_askers(found, by)
    require(found.state == rules.OPEN, _("This round is closed. Open it again to change it."))
    given = {"text": text, "readers": readers, "is_open_to_all": is_open_to_all, **_questions(asked)}
    changed = sorted(name for name, value in given.items() if getattr(found, name) != value)
    frozen = {"readers", "question_1", "question_2", "question_3"} & set(changed)
    require(not (frozen and queries.number_given(found)), _("Somebody has answered already. Questions and readers stay as they are."))
    for name in changed:
        setattr(found, name, given[name])
    if changed:
        found.save(update_fields=changed)
        trail.record("feedback.round_changed", by=by, about=found, fields=changed)
    return found


@transaction.atomic
def invite_organisations(found: Round, invited: Iterable[Organisation], *, by: Person) -> list[Invitation]:
    """Invite further organisations while a round takes answers; those invited before are left in peace."""
    found = _of_askers(found, by)
    require(rules.is_taking(found.state, found.deadline, timezone.now()), _("This round is closed. Open it again to invite somebody."))
    return _invite(found, list(dict.fromkeys(invited)), by)


def _invite(found: Round, wanted: list[Organisation], by: Person) -> list[Invitation]:
    there = set(found.invitations.values_list("organisation_id", flat=True))
    new = [one for one in wanted if one.pk not in there]
    require(len(there) + len(new) <= rules.INVITATIONS, _("A round invites at most 60 organisations."))
    sees = set(access.organisations_that_see(found.project).filter(pk__in=[one.pk for one in new]).values_list("pk", flat=True))
    asking = set(access.askers_of(found.project).values_list("pk", flat=True)) | {found.organisation_id}
    for one in new:
        _require_can_be_asked(one, one.pk in sees, one.pk in asking)
    now = timezone.now()
    made = [Invitation.objects.create(round=found, organisation=one, invited_at=now, invited_by=by) for one in new]
    for invitation in made:
        trail.record("feedback.organisation_invited", by=by, about=found, organisation=invitation.organisation_id)
        letters.invited(invitation)
    return made


def _require_can_be_asked(organisation: Organisation, sees: bool, asks: bool) -> None:
    name = {"name": organisation.name}
    require(not asks, _("%(name)s asks itself. Invite others.") % name)
    require(sees, _("%(name)s does not see this project. Let it see the project first.") % name)
    require(keepers_of(organisation).exists(), _("Nobody looks after the entry of %(name)s yet, so nobody could answer.") % name)


@transaction.atomic
def extend_round(found: Round, deadline: datetime, *, by: Person) -> Round:
    """Give people more time; those invited who have not answered are told once more, and reminded anew."""
    found = _of_askers(found, by)
    now = timezone.now()
    require(rules.is_taking(found.state, found.deadline, now), _("This round is closed already. You can open it again."))
    require(deadline > found.deadline, _("The new deadline has to lie after the old one. People rely on it."), BadInput)
    _require_deadline(deadline, now)
    return _take_until(found, deadline, "feedback.round_extended", by)


@transaction.atomic
def reopen_round(found: Round, deadline: datetime, *, by: Person) -> Round:
    """Open a closed round again, within a month after it closed. What was given then can be changed again unless it was answered."""
    found = _of_askers(found, by)
    now = timezone.now()
    _settle(found, now)
    require(found.state == rules.CLOSED, _("This round is open."))
    require(rules.can_reopen(found.state, found.closed_at, now), _("This round closed more than 30 days ago. Ask in a new one."))
    _require_deadline(deadline, now)
    found.state, found.closed_at = rules.OPEN, None
    return _take_until(found, deadline, "feedback.round_reopened", by)


def _settle(found: Round, now: datetime) -> None:
    """The deadline closes a round, even before the job has written so."""
    if found.state == rules.OPEN and found.deadline <= now:
        found.state, found.closed_at = rules.CLOSED, found.deadline


def _take_until(found: Round, deadline: datetime, verb: str, by: Person) -> Round:
    found.deadline = deadline
    found.save(update_fields=["deadline", "state", "closed_at"])
    waiting = [one for one in queries.asked_in(found) if not one.has_given and one.invitation.declined_at is None]
    found.invitations.filter(pk__in=[one.invitation.pk for one in waiting]).update(reminded_on=None)
    trail.record(verb, by=by, about=found, until=date_format(deadline, "c"))
    for one in waiting:
        letters.more_time(one.invitation)
    return found


@transaction.atomic
def close_round(found: Round, *, word: str = "", by: Person) -> Round:
    """Close a round before its deadline. Everybody who gave something is told, with the word about what came out of it."""
    found = _of_askers(found, by)
    require(found.state == rules.OPEN, _("This round is closed already."))
    return _close(found, timezone.now(), word or found.word, by)


def _close(found: Round, now: datetime, word: str, by: Person | None) -> Round:
    found.state, found.closed_at, found.word = rules.CLOSED, now, word
    found.save(update_fields=["state", "closed_at", "word"])
    trail.record("feedback.round_closed", by=by, about=found, given=queries.number_given(found))
    letters.closed(found, by)
    return found


@transaction.atomic
def write_word(found: Round, word: str, *, by: Person) -> Round:
    """Say what came out of a round. Who gave something is told the first time, not at every comma."""
    found = _of_askers(found, by)
    is_first = bool(word) and not found.word
    found.word = word
    found.save(update_fields=["word"])
    trail.record("feedback.word_written", by=by, about=found)
    if is_first:
        letters.word_written(found, by)
    return found


def _of_askers(found: Round, by: Person) -> Round:
    """The round, locked, if it is this person's to run."""
    require(access.may_run(by, found), _("Only those who asked can change this round."), NotAllowed)
    return Round.objects.select_for_update(of=("self",)).select_related("project", "organisation").get(pk=found.pk)


# ---------------------------------------------------------------------------------------------------- due by itself


def close_overdue(now: datetime) -> int:
    """Close every round whose deadline has passed; how many."""
    return sum(_close_one(pk, now) for pk in list(queries.overdue(now).values_list("pk", flat=True)))


@transaction.atomic
def _close_one(pk: int, now: datetime) -> bool:
    found = queries.overdue(now).select_for_update().filter(pk=pk).first()
    if found is None:
        return False
    _close(found, now, found.word, None)
    return True


def remind(now: datetime) -> int:
    """Remind organisations that were asked and have not answered, once, three days before the deadline; how many."""
    return sum(_remind_one(one.pk, now) for one in queries.to_remind(now))


@transaction.atomic
def _remind_one(pk: int, now: datetime) -> bool:
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("round__project", "organisation").get(pk=pk)
    if invitation.reminded_on is not None:
        return False
    invitation.reminded_on = timezone.localdate(now)
    invitation.save(update_fields=["reminded_on"])
    letters.reminded(invitation)
    return True


def tell_news(now: datetime) -> int:
    """Tell those who asked what came in since the last letter; how many rounds had news."""
    return sum(tell_of_new(one, now) for one in queries.with_news(now))


@transaction.atomic
def tell_of_new(found: Round, now: datetime) -> bool:
    """Write to those who asked, unless they had a letter within the last day: then the job does later."""
    found = Round.objects.select_for_update(of=("self",)).select_related("project").get(pk=found.pk)
    number = queries.untold(found)
    if not number or not rules.is_news_due(found.told_at, now):
        return False
    found.told_at = now
    found.save(update_fields=["told_at"])
    letters.came_in(found, number)
    return True
