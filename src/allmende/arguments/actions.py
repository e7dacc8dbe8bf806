"""Every change of arguments: write, put in other words, withdraw and bring back, share, answer, hide and show again, forget."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.arguments import access, letters, queries, rules
from allmende.arguments.models import Argument, Share, Side
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people import subjects
from allmende.people.models import Person


@transaction.atomic
def write_argument(thing: Any, side: str, text: str, *, by: Person) -> Argument:
    """Say what speaks for or against a thing, or ask about it. Who answers questions is told.

    Refused: a flood, or the same words said by somebody already. BadInput: an unknown side, no words, too many.
    """
    kind, now = subjects.of(thing).kind, timezone.now()
    by = Person.objects.select_for_update().get(pk=by.pk)  # one after the other, so that counting them counts
    require(access.find(by, kind, thing.pk) and access.may_write(by, thing), _("You cannot write here now."), NotAllowed)
    require(side in Side.values, _("Please say whether it speaks for or against, or is a question."), BadInput)
    words = _words(text)
    _require_calm(by, now)
    _require_new(kind, thing.pk, side, words)
    said = Argument.objects.create(about_kind=kind, about_id=thing.pk, side=side, text=words, author=by, created_at=now)
    trail.record("arguments.argument_written", by=by, about=said, subject=kind, number=thing.pk, side=side)
    if side == Side.QUESTION:
        letters.asked(said, thing)
    return said


def _words(text: str, most: int = rules.LONGEST) -> str:
    words = clean(text)
    require(words, _("Please write something."), BadInput)
    require(len(words) <= most, _("At most %(most)d characters, please.") % {"most": most}, BadInput)
    return words


def _require_calm(by: Person, now: datetime) -> None:
    is_flood = rules.is_flood(queries.written_lately(by, now).count())
    require(not is_flood, _("That is a lot within an hour. Please go on later; your words are still in the form."))


def _require_new(kind: str, number: int, side: str, words: str, apart_from: int = 0) -> None:
    there = Argument.objects.filter(about_kind=kind, about_id=number, side=side, withdrawn_at=None, hidden_at=None)
    is_said = there.filter(text__iexact=words).exclude(pk=apart_from).exists()
    require(not is_said, _("Exactly this is said here already. You can share it there."))


@transaction.atomic
def change_argument(argument: Argument, text: str, *, by: Person) -> Argument:
    """Other words for the same argument: within half an hour, as long as nobody shares it."""
    argument, _thing = _there(argument, by)
    require(argument.author_id == by.pk, _("You can only change your own arguments."), NotAllowed)
    can_change = access.may_change(by, argument, timezone.now())
    require(can_change, _("Arguments can be changed for 30 minutes and until somebody shares them. You can withdraw it and write anew."))
    words = _words(text)
    _require_new(argument.about_kind, argument.about_id, argument.side, words, argument.pk)
    argument.text, argument.edited_at = words, timezone.now()
    argument.save(update_fields=["text", "edited_at"])
    trail.record("arguments.argument_changed", by=by, about=argument)
    return argument


@transaction.atomic
def withdraw_argument(argument: Argument, *, by: Person) -> Argument:
    """Take an own argument off the page. For a day that can be taken back, then it is gone."""
    argument, _thing = _there(argument, by)
    require(access.may_withdraw(by, argument), _("You can only withdraw your own arguments."), NotAllowed)
    if argument.withdrawn_at is None:
        argument.withdrawn_at = timezone.now()
        argument.save(update_fields=["withdrawn_at"])
        trail.record("arguments.argument_withdrawn", by=by, about=argument)
    return argument


@transaction.atomic
def restore_argument(argument: Argument, *, by: Person) -> Argument:
    """Take back that an argument was withdrawn."""
    argument, _thing = _there(argument, by)
    require(access.may_withdraw(by, argument), _("You can only bring back your own."), NotAllowed)
    require(rules.may_restore(argument.withdrawn_at, timezone.now()), _("This can be taken back for one day only."))
    argument.withdrawn_at = None
    argument.save(update_fields=["withdrawn_at"])
    trail.record("arguments.argument_restored", by=by, about=argument)
    return argument


@transaction.atomic
def share_argument(argument: Argument, *, by: Person, is_shared: bool) -> Argument:
    """Say that one sees it the same way, or not any more. Twice is once; the own argument counts for itself."""
    argument, thing = _there(argument, by)
    require(access.may_write(by, thing), _("Arguments are not open here now."), NotAllowed)
    require(argument.author_id != by.pk, _("This is your own argument: it counts already."))
    is_open = argument.hidden_at is None and argument.withdrawn_at is None
    require(is_open, _("This argument is not there any more."))
    if is_shared:
        _row, is_new = Share.objects.get_or_create(argument=argument, person=by)
    else:
        is_new = Share.objects.filter(argument=argument, person=by).delete()[0] > 0
    if is_new:
        trail.record("arguments.argument_shared" if is_shared else "arguments.argument_unshared", by=by, about=argument)
    return argument


@transaction.atomic
def answer_argument(argument: Argument, text: str, *, by: Person) -> Argument:
    """Answer a question or an argument; an answer can be replaced, and taken away by an empty one. Who asked is told."""
    argument, thing = _there(argument, by)
    require(access.may_answer(by, thing), _("The authors answer here."), NotAllowed)
    is_open = argument.hidden_at is None and argument.withdrawn_at is None
    require(is_open, _("This argument is not there any more."))
    words = clean(text)
    require(len(words) <= rules.LONGEST_ANSWER, _("At most %(most)d characters, please.") % {"most": rules.LONGEST_ANSWER}, BadInput)
    if words == argument.answer:
        return argument
    argument.answer, argument.answered_by, argument.answered_at = words, by if words else None, timezone.now() if words else None
    argument.save(update_fields=["answer", "answered_by", "answered_at"])
    trail.record("arguments.argument_answered", by=by, about=argument, is_answered=bool(words))
    if words:
        letters.answered(argument, thing, by)
    return argument


@transaction.atomic
def hide_argument(argument: Argument, *, by: Person, reason: str, is_told: bool = True) -> Argument:
    """Take off the page what somebody else wrote; its author is told why. Hiding twice is hiding once.

    `is_told`: not where a report was decided on; that decision goes to the author with its reasons and the way to appeal.
    """
    argument = Argument.objects.select_for_update().get(pk=argument.pk)
    require(access.may_moderate(by, argument), _("Only those who moderate here can hide arguments."), NotAllowed)
    why = " ".join(clean(reason).split())[: rules.LONGEST_REASON]
    require(why, _("Please give the reason: who wrote it has a right to know."), BadInput)
    if argument.hidden_at is None:
        argument.hidden_at, argument.hidden_by, argument.hidden_reason = timezone.now(), by, why
        argument.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        trail.record("arguments.argument_hidden", by=by, about=argument)
        if is_told:
            letters.hidden(argument)
    return argument


@transaction.atomic
def unhide_argument(argument: Argument, *, by: Person, is_told: bool = True) -> Argument:
    """Show it again; its author is told, unless the decision on a report says so already."""
    argument = Argument.objects.select_for_update().get(pk=argument.pk)
    require(access.may_moderate(by, argument), _("Only those who moderate here can show it again."), NotAllowed)
    if argument.hidden_at is not None:
        argument.hidden_at, argument.hidden_by, argument.hidden_reason = None, None, ""
        argument.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        trail.record("arguments.argument_unhidden", by=by, about=argument)
        if is_told:
            letters.shown_again(argument)
    return argument


def forget_withdrawn(now: datetime) -> int:
    """Delete what was withdrawn longer ago than a day; how many."""
    gone = Argument.objects.filter(withdrawn_at__lt=now - rules.FORGET_AFTER)
    return gone.delete()[1].get(Argument._meta.label, 0)


def _there(argument: Argument, by: Person) -> tuple[Argument, Any]:
    """The locked row and its thing; NotAllowed where this person does not see the thing."""
    argument = Argument.objects.select_for_update().get(pk=argument.pk)
    thing = access.thing_of(by, argument)
    require(thing is not None, _("You cannot see what this is about."), NotAllowed)
    return argument, thing
