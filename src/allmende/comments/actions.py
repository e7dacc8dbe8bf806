"""Every change of comments: write, change, delete and take back, hide and show again, follow, forget."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.comments import access, letters, queries, rules, tasks
from allmende.comments.models import Comment, Following, Mention
from allmende.directory.models import Organisation, State
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people import actions as people
from allmende.people import subjects
from allmende.people.models import Person


@transaction.atomic
def write_comment(
    thing: Any, text: str, *, by: Person, parent: int | None = None, organisation: Organisation | None = None, name: str = ""
) -> Comment:
    """Say something about a thing, or answer a comment; in one's own name or for an organisation one looks after.

    Refused: flood, the same words twice, an answer to what is no longer there. BadInput: an answer that belongs elsewhere.
    """
    kind, now = subjects.of(thing).kind, timezone.now()
    by = Person.objects.select_for_update().get(pk=by.pk)  # one after the other, so that counting them counts
    require(access.find(by, kind, thing.pk) and access.may_write(by, thing), _("You cannot write here."), NotAllowed)
    own = organisation is None or access.voices_of(by).filter(pk=organisation.pk).exists()
    require(own, _("You can only speak for an organisation that you look after."), NotAllowed)
    words, above = _words(text), _parent(kind, thing.pk, parent)
    _require_calm(by, kind, thing.pk, words, now)
    if organisation is None and not by.name:
        require(clean(name), _("Please say how you want to be called here."))
        people.correct(by, name=name, language=by.language, by=by)
    said = Comment.objects.create(
        kind=kind,
        number=thing.pk,
        parent=above,
        person=by,
        organisation=organisation,
        is_official=organisation is not None,
        text=words,
        created_at=now,
    )
    _note_mentions(said)
    Following.objects.get_or_create(person=by, kind=kind, number=thing.pk, defaults={"is_wanted": True})
    trail.record("comments.comment_written", by=by, about=said, subject=kind, number=thing.pk, answers=above.pk if above else None)
    tasks.tell_of_comment.enqueue(said.pk)
    return said


def _words(text: str) -> str:
    words = clean(text)
    require(words, _("Please write something."), BadInput)
    require(len(words) <= rules.LONGEST, _("At most 4,000 characters, please."), BadInput)
    return words


def _parent(kind: str, number: int, pk: int | None) -> Comment | None:
    """The comment that is answered: of the same thing, itself no answer, still there to be read."""
    if pk is None:
        return None
    fitting = Q(kind=kind, number=number, parent=None)
    above = Comment.objects.select_for_update().filter(fitting, pk=pk).first() if 0 < pk <= subjects.MAX_NUMBER else None
    if above is None:
        raise BadInput(_("This answer belongs to no comment here. Please write it as a comment of its own."))
    is_there = above.deleted_at is None and above.hidden_at is None
    require(is_there, _("The comment you answer is not there any more. Please write yours as one of its own."))
    full = above.answers.filter(deleted_at=None).count() >= rules.MOST_ANSWERS
    require(not full, _("This thread is long. Please begin a new one."))
    return above


def _require_calm(by: Person, kind: str, number: int, words: str, now: datetime) -> None:
    lately = queries.written_lately(by, now)
    require(not rules.is_flood(lately.count()), _("That is a lot within an hour. Please go on later; your words are still in the form."))
    twice = lately.filter(kind=kind, number=number, text=words, deleted_at=None).exists()
    require(not twice, _("You have just written the same here."))


@transaction.atomic
def change_comment(comment: Comment, text: str, *, by: Person) -> Comment:
    """Other words for the same comment, within half an hour. Who is newly named is told."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    require(
        access.thing_of(by, comment) is not None and comment.person_id == by.pk, _("You can only change your own comments."), NotAllowed
    )
    require(access.may_change(by, comment), _("Comments can be changed for 30 minutes. You can still delete it, or write another one."))
    words = _words(text)
    if words == comment.text:
        return comment
    comment.text, comment.edited_at = words, timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    _note_mentions(comment)
    trail.record("comments.comment_changed", by=by, about=comment)
    tasks.tell_of_mentions.enqueue(comment.pk)
    return comment


def _note_mentions(comment: Comment) -> None:
    """Find whom the words name: organisations by their address, people who take part in what is said about this thing."""
    entries = Organisation.objects.filter(slug__in=rules.named_slugs(comment.text), state=State.PUBLISHED)
    found = [Mention(comment=comment, word=one.slug, organisation=one) for one in entries]
    there = list(queries.people_in(comment.kind, comment.number).exclude(pk=comment.person_id or 0))
    named = {name.lower() for name in rules.named_people(comment.text, [one.name for one in there])}
    found += [Mention(comment=comment, word=one.name, person=one) for one in there if one.name.lower() in named]
    comment.mentions.all().delete()
    Mention.objects.bulk_create(found[: rules.MOST_MENTIONS])


@transaction.atomic
def delete_comment(comment: Comment, *, by: Person) -> Comment:
    """Take a comment off the page. For some minutes its author can take that back; after a day its words are gone."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    allowed = access.thing_of(by, comment) is not None and access.may_delete(by, comment)
    require(allowed, _("You can only delete your own comments."), NotAllowed)
    comment.deleted_at = timezone.now()
    comment.save(update_fields=["deleted_at"])
    trail.record("comments.comment_deleted", by=by, about=comment)
    return comment


@transaction.atomic
def restore_comment(comment: Comment, *, by: Person) -> Comment:
    """Take back that a comment was deleted."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    require(access.thing_of(by, comment) is not None and access.is_own(by, comment), _("You can only bring back your own."), NotAllowed)
    require(access.may_restore(by, comment, timezone.now()) and comment.text, _("This can be taken back for ten minutes only."))
    comment.deleted_at = None
    comment.save(update_fields=["deleted_at"])
    trail.record("comments.comment_restored", by=by, about=comment)
    return comment


@transaction.atomic
def hide_comment(comment: Comment, *, by: Person, reason: str, is_told: bool = True) -> Comment:
    """Take off the page what somebody else wrote. Its place stays, its author is told why. Hiding twice is hiding once.

    `is_told`: not where a report was decided on; that decision goes to the author with its reasons and the way to appeal.
    """
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    require(access.may_moderate(by, comment), _("Only those who moderate here can hide comments."), NotAllowed)
    why = " ".join(clean(reason).split())[:300]
    require(why, _("Please give the reason: who wrote it has a right to know."), BadInput)
    if comment.hidden_at is None:
        comment.hidden_at, comment.hidden_by, comment.hidden_reason = timezone.now(), by, why
        comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        trail.record("comments.comment_hidden", by=by, about=comment)
        if is_told:
            letters.hidden(comment)
    return comment


@transaction.atomic
def unhide_comment(comment: Comment, *, by: Person, is_told: bool = True) -> Comment:
    """Show it again; its author is told, unless the decision on a report says so already."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    require(access.may_moderate(by, comment), _("Only those who moderate here can show it again."), NotAllowed)
    if comment.hidden_at is not None:
        comment.hidden_at, comment.hidden_by, comment.hidden_reason = None, None, ""
        comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        trail.record("comments.comment_unhidden", by=by, about=comment)
        if is_told:
            letters.shown_again(comment)
    return comment


@transaction.atomic
def follow(thing: Any, *, by: Person, is_wanted: bool) -> None:
    """Hear of everything that is said about a thing, or of nothing but what names oneself."""
    kind = subjects.of(thing).kind
    require(access.find(by, kind, thing.pk) is not None, _("You cannot follow this."), NotAllowed)
    Following.objects.update_or_create(person=by, kind=kind, number=thing.pk, defaults={"is_wanted": is_wanted})
    trail.record("comments.thread_followed" if is_wanted else "comments.thread_left", by=by, about=thing)


def looked_at(row: Following) -> None:
    """Somebody has looked at what is said about a thing: of what comes from now on they get a mail again."""
    if row.mailed_at is not None:
        Following.objects.filter(pk=row.pk).update(mailed_at=None)


@transaction.atomic
def forget_deleted(now: datetime) -> int:
    """The words of comments deleted a day ago go; their places too, where nobody answered. How many there were."""
    old = Comment.objects.filter(deleted_at__lte=now - rules.FORGET_AFTER)
    letters.forget(old.exclude(text=""))
    emptied = old.exclude(text="").update(text="", person=None)
    Mention.objects.filter(comment__in=old).delete()
    answered = Comment.objects.exclude(parent=None).values("parent")
    old.exclude(parent=None).delete()
    old.exclude(pk__in=answered).delete()
    return emptied


@transaction.atomic
def forget_gone() -> int:
    """What was said about things that are no more goes with them. How many comments there were."""
    total = 0
    for subject in subjects.kinds():
        there = subject.model._default_manager.values("pk")
        gone = Comment.objects.filter(kind=subject.kind).exclude(number__in=there)
        total += gone.count()
        letters.forget(gone)
        gone.delete()
        Following.objects.filter(kind=subject.kind).exclude(number__in=there).delete()
    return total
