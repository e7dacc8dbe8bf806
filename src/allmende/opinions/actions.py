"""Every change: opening and closing landscapes, statements, answers. Answers leave no trail: who said what is nobody's business."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import queue, trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean, fold
from allmende.opinions import access, letters, queries, rules, tasks
from allmende.opinions.models import Answer, Change, Landscape, Result, State, Statement
from allmende.people.models import Person


@dataclass(frozen=True)
class Wording:
    """What a landscape asks, when, and whether members add statements."""

    title: str
    question: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    members_add: bool = True


def _locked(landscape: Landscape) -> Landscape:
    found = Landscape.objects.select_for_update(of=("self",)).select_related("cooperative__organisation")
    return found.get(pk=landscape.pk)


def _require_running(by: Person, cooperative: Cooperative) -> None:
    require(access.may_run(by, cooperative), _("Only board and member administration may do this."), NotAllowed)


def _require_window(starts_at: datetime | None, ends_at: datetime | None) -> None:
    require(not (starts_at and ends_at) or starts_at < ends_at, _("The end lies before the beginning."), BadInput)


# -------------------------------------------------------------------------------------------------------- running it


@transaction.atomic
def create_landscape(cooperative: Cooperative, wording: Wording, *, about: Any | None = None, by: Person) -> Landscape:
    """A draft, which only those see who run it. `about` is the thing it belongs to; it must be of the same cooperative."""
    _require_running(by, cooperative)
    require(about is None or getattr(about, "cooperative_id", None) == cooperative.pk, _("This belongs to another cooperative."), BadInput)
    made = Landscape(cooperative=cooperative, created_by=by)
    if about is not None:
        made.about_kind, made.about_id = about._meta.label_lower, about.pk
    _write(made, wording)
    trail.record("opinions.landscape_drafted", by=by, about=made, cooperative=cooperative.pk)
    return made


@transaction.atomic
def change_landscape(landscape: Landscape, wording: Wording, *, by: Person) -> Landscape:
    """Change words and dates of a draft."""
    landscape = _locked(landscape)
    _require_running(by, landscape.cooperative)
    require(landscape.state == State.DRAFT, _("People are answering already. The end can be moved with a reason, the words stay."))
    _write(landscape, wording)
    return landscape


def _write(landscape: Landscape, wording: Wording) -> None:
    title = clean(wording.title)[:140]
    require(title, _("Give it a title."), BadInput)
    _require_window(wording.starts_at, wording.ends_at)
    landscape.title, landscape.question, landscape.members_add = title, wording.question[:2_000], wording.members_add
    landscape.starts_at, landscape.ends_at = wording.starts_at, wording.ends_at
    landscape.save()


@transaction.atomic
def discard_landscape(landscape: Landscape, *, by: Person) -> None:
    """Throw a draft away."""
    landscape = _locked(landscape)
    _require_running(by, landscape.cooperative)
    require(landscape.state == State.DRAFT, _("Only a draft can be thrown away."))
    trail.record("opinions.landscape_discarded", by=by, about=landscape, cooperative=landscape.cooperative_id)
    landscape.delete()


@transaction.atomic
def open_landscape(landscape: Landscape, *, by: Person) -> Landscape:
    """Put it to all who take part. At least one statement begins it, so that nobody stands before an empty page."""
    landscape, now = _locked(landscape), timezone.now()
    _require_running(by, landscape.cooperative)
    require(landscape.state == State.DRAFT, _("It is open already."))
    require(queries.asked(landscape).exists(), _("Write at least one statement first."))
    require(landscape.ends_at is None or landscape.ends_at > now, _("The end lies in the past."))
    landscape.state, landscape.opened_at = State.OPEN, now
    landscape.save(update_fields=["state", "opened_at"])
    trail.record("opinions.landscape_opened", by=by, about=landscape, cooperative=landscape.cooperative_id)
    tasks.tell_of_opening.enqueue(str(landscape.uuid))
    return landscape


@transaction.atomic
def close_landscape(landscape: Landscape, *, by: Person) -> Landscape:
    """End it now. The final picture follows in the background."""
    landscape = _locked(landscape)
    _require_running(by, landscape.cooperative)
    require(landscape.state == State.OPEN, _("It is not open."))
    return _close(landscape, by)


def close_due(now: datetime) -> int:
    """Close what has reached its end; how many."""
    over = Landscape.objects.filter(state=State.OPEN, ends_at__lte=now)
    return sum(_close_if_over(one, now) for one in over)


@transaction.atomic
def _close_if_over(landscape: Landscape, now: datetime) -> bool:
    landscape = _locked(landscape)
    if not rules.is_over(landscape.state, landscape.ends_at, now):
        return False
    _close(landscape, None)
    return True


def _close(landscape: Landscape, by: Person | None) -> Landscape:
    landscape.state, landscape.closed_at = State.CLOSED, timezone.now()
    landscape.save(update_fields=["state", "closed_at"])
    trail.record("opinions.landscape_closed", by=by, about=landscape, cooperative=landscape.cooperative_id)
    queue.enqueue_once(tasks.compute, str(landscape.uuid))
    return landscape


@transaction.atomic
def move_end(landscape: Landscape, ends_at: datetime | None, reason: str, *, by: Person) -> Change:
    """Another end for what people answer already, or open again what was closed; all read the reason. None: until somebody closes it."""
    landscape, now, reason = _locked(landscape), timezone.now(), clean(reason)[:500]
    _require_running(by, landscape.cooperative)
    require(landscape.state != State.DRAFT, _("The dates of a draft are changed with its words."))
    require(landscape.published_at is None, _("The final report is published. Take it back first."))
    require(reason, _("Say why: everybody who takes part reads it."), BadInput)
    require(ends_at is None or ends_at > now, _("The end lies in the past."), BadInput)
    _require_window(landscape.starts_at, ends_at)
    change = Change.objects.create(landscape=landscape, by=by, reason=reason, ends_before=landscape.ends_at, ends_after=ends_at)
    landscape.state, landscape.ends_at, landscape.closed_at = State.OPEN, ends_at, None
    landscape.save(update_fields=["state", "ends_at", "closed_at"])
    Result.objects.filter(landscape=landscape).update(is_final=False)
    trail.record("opinions.end_moved", by=by, about=landscape, cooperative=landscape.cooperative_id)
    tasks.tell_of_change.enqueue(change.pk)
    return change


@transaction.atomic
def publish_report(landscape: Landscape, *, by: Person) -> Landscape:
    """Everybody sees the final numbers; people's own words are in it, so the board decides. Twice is once."""
    landscape = _locked(landscape)
    require(access.may_publish(by, landscape), _("Only the board may do this."), NotAllowed)
    result = queries.result_of(landscape)
    require(landscape.state == State.CLOSED, _("Close it first: only a final report is published."))
    require(result is not None and result.is_final, _("The final picture is being computed. Please try again in some minutes."))
    require(result is not None and result.shown.get("is_enough"), _("Too few people answered: there is nothing that may be shown."))
    if landscape.published_at is None:
        landscape.published_at, landscape.published_by = timezone.now(), by
        landscape.save(update_fields=["published_at", "published_by"])
        trail.record("opinions.report_published", by=by, about=landscape, cooperative=landscape.cooperative_id)
    return landscape


@transaction.atomic
def take_back_report(landscape: Landscape, *, by: Person) -> Landscape:
    """Only those who take part see it again."""
    landscape = _locked(landscape)
    require(access.may_publish(by, landscape), _("Only the board may do this."), NotAllowed)
    if landscape.published_at is not None:
        landscape.published_at = landscape.published_by = None
        landscape.save(update_fields=["published_at", "published_by"])
        trail.record("opinions.report_taken_back", by=by, about=landscape, cooperative=landscape.cooperative_id)
    return landscape


# ---------------------------------------------------------------------------------------------------------- statements


@transaction.atomic
def add_statement(landscape: Landscape, text: str, *, by: Person) -> Statement:
    """One more statement, also while people answer. The same words a second time are refused; nearly the same ones are shown before."""
    landscape, text = _locked(landscape), " ".join(clean(text).split())
    require(access.may_add(by, landscape), _("Only board and member administration add statements here."), NotAllowed)
    is_running = access.may_run(by, landscape.cooperative)
    may_now = queries.is_answering_open(landscape, timezone.now()) or (is_running and landscape.state == State.DRAFT)
    require(may_now, _("Statements can be added while it is open."))
    require(len(text) >= rules.SHORTEST, _("Write a whole sentence, one thought that people can agree or disagree with."), BadInput)
    require(
        len(text) <= rules.LONGEST, _("At most %(n)d characters, so that it can be read at one glance.") % {"n": rules.LONGEST}, BadInput
    )
    known = Statement.objects.filter(landscape=landscape)
    said = {fold(other) for other in known.values_list("text", flat=True)}
    require(fold(text) not in said, _("This statement is there already."))
    require(len(said) < rules.MOST_STATEMENTS, _("There are as many statements as one landscape can hold."))
    mine = known.filter(author=by).count()
    require(is_running or mine < rules.MOST_OWN, _("You have added as many statements as one person may here."))
    number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Statement.objects.create(landscape=landscape, number=number, text=text, author=by)
    trail.record("opinions.statement_added", about=made, landscape=landscape.pk)  # without who: nobody shall read it from the trail
    return made


@transaction.atomic
def remove_statement(statement: Statement, *, by: Person) -> None:
    """Take a statement out of a draft."""
    landscape = _locked(statement.landscape)
    _require_running(by, landscape.cooperative)
    require(landscape.state == State.DRAFT, _("People are answering already. Hide the statement with a reason."))
    Statement.objects.filter(pk=statement.pk, landscape=landscape).delete()


@transaction.atomic
def hide_statement(statement: Statement, *, by: Person, reason: str) -> Statement:
    """Not asked any more, at once out of all pages and out of the next picture; everybody sees that, and why.

    Answers given to it stay, in case it comes back. No new picture is made for it: with a few new answers in it, who hides and brings
    back could read them by the difference.
    """
    landscape, reason = _locked(statement.landscape), clean(reason)[:500]
    statement = Statement.objects.select_related("author").get(pk=statement.pk)
    statement.landscape = landscape
    require(access.may_moderate(by, statement), _("Only board and member administration may do this."), NotAllowed)
    require(reason, _("Say why: everybody who takes part reads it."), BadInput)
    require(statement.hidden_at is None, _("It is hidden already."))
    statement.hidden_at, statement.hidden_by, statement.hidden_reason = timezone.now(), by, reason
    statement.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    trail.record("opinions.statement_hidden", by=by, about=statement, landscape=landscape.pk)
    letters.hidden(statement)
    return statement


@transaction.atomic
def unhide_statement(statement: Statement, *, by: Person) -> Statement:
    """Ask it again."""
    landscape = _locked(statement.landscape)
    statement = Statement.objects.get(pk=statement.pk)
    statement.landscape = landscape
    require(access.may_moderate(by, statement), _("Only board and member administration may do this."), NotAllowed)
    require(statement.hidden_at is not None, _("It is not hidden."))
    statement.hidden_at, statement.hidden_by, statement.hidden_reason = None, None, ""
    statement.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    trail.record("opinions.statement_shown", by=by, about=statement, landscape=landscape.pk)
    return statement


# ------------------------------------------------------------------------------------------------------------- answers


@transaction.atomic
def answer(statement: Statement, value: int, *, by: Person) -> Answer:
    """Agree (1), pass (0) or disagree (-1). The latest word counts; it can be changed until the end."""
    landscape, now = _locked(statement.landscape), timezone.now()
    require(access.may_answer(by, landscape), _("Only those who take part in this cooperative can answer."), NotAllowed)
    require(value in rules.WORDS.values(), _("Choose agree, disagree or pass."), BadInput)
    require(queries.is_answering_open(landscape, now), _("Answers are not taken at the moment: it has not begun yet or it is over."))
    is_hidden = Statement.objects.filter(pk=statement.pk).exclude(hidden_at=None).exists()
    require(not is_hidden, _("This statement is not asked any more."), Refused)
    said = {"landscape": landscape, "value": value, "answered_at": now}
    return Answer.objects.update_or_create(statement=statement, person=by, defaults=said)[0]


@transaction.atomic
def withdraw_answers(landscape: Landscape, *, by: Person) -> int:
    """Take back all own answers to a landscape as long as it is open; how many."""
    landscape = _locked(landscape)
    require(queries.is_answering_open(landscape, timezone.now()), _("It is over: answers stay in the numbers."))
    return access.answers_of(by).filter(landscape=landscape).delete()[0]
