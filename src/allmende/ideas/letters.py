"""What this room writes: answers, merges, withdrawals, wishes to merge, ideas hidden and shown again."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.ground.text import shorten
from allmende.ideas import access, queries
from allmende.ideas.models import Answer, Idea, MergeWish, State
from allmende.people.actions import tell
from allmende.people.models import Notice, Person

Words = Callable[[], tuple[str, str]]


def answered(answer: Answer) -> int:
    """The administration's answer, for author and supporters."""
    idea = answer.idea

    def words() -> tuple[str, str]:
        state = State(answer.state).label
        return _("%(state)s: %(title)s") % {"state": state, "title": idea.title}, answer.text

    return _tell_all(access.concerned(idea).exclude(pk=answer.by_id or 0), idea, "ideas.answered", answer.at, words)


def withdrawn(idea: Idea) -> int:
    """Its author took it back: only those who supported it, with nowhere to go but the list."""
    if idea.state != State.WITHDRAWN:
        return 0
    path, told = reverse("ideas:ideas", args=[idea.cooperative.organisation.slug]), 0
    for person in access.concerned(idea).exclude(pk=idea.author_id or 0):
        with translation.override(person.language):
            subject = _("An idea you supported was withdrawn: %(title)s") % {"title": idea.title}
            text = _("Who wrote it took it back. You can write one of your own.")
            if not Notice.objects.filter(person=person, kind="ideas.withdrawn", subject=shorten(subject, 200)).exists():
                tell(person, kind="ideas.withdrawn", subject=subject, text=text, path=path, mail=False)
                told += 1
    return told


def merged(idea: Idea) -> int:
    """Where it went, for its author and supporters."""
    into, at = idea.merged_into, idea.merged_at
    if into is None or at is None:
        return 0

    def words() -> tuple[str, str]:
        facts = {"title": idea.title, "into": into.title}
        text = _(
            "“%(title)s” and “%(into)s” say much the same and are one idea now. Your support goes on there, and who wrote it is named."
        )
        return _("Two ideas became one: %(into)s") % facts, text % facts

    return _tell_all(access.concerned(idea), idea, "ideas.merged", at, words)


def wished(wish: MergeWish, theirs: Idea) -> None:
    """The author of the other idea is asked."""
    if theirs.author is not None:
        with translation.override(theirs.author.language):
            facts = {"who": queries.called(wish.by), "title": wish.idea.title, "into": wish.into.title}
            subject = _("%(who)s asks whether two ideas should become one") % facts
            text = _("“%(title)s” would go into “%(into)s”. Both authors stay named, all supporters come along. You decide.") % facts
            tell(theirs.author, kind="ideas.wished", subject=subject, text=text, path=theirs.get_absolute_url())


def wish_answered(wish: MergeWish, *, is_agreed: bool) -> None:
    """Who asked hears the answer."""
    with translation.override(wish.by.language):
        facts = {"title": wish.idea.title, "into": wish.into.title}
        subject = _("Agreed: %(title)s goes into %(into)s") if is_agreed else _("Both ideas stay: %(title)s, %(into)s")
        text = _("The other author agrees.") if is_agreed else _("The other author wants both ideas to stay.")
        tell(wish.by, kind="ideas.wish_answered", subject=subject % facts, text=text, path=wish.into.get_absolute_url())


def hidden(idea: Idea) -> None:
    """Tell its author why it is hidden and what they can do."""
    if idea.author is not None:
        with translation.override(idea.author.language):
            subject = _("Your idea was hidden: %(title)s") % {"title": idea.title}
            text = _("It was hidden for this reason: %(reason)s\n\nYou still see it there. If you think that is wrong, write to the board.")
            told = text % {"reason": idea.hidden_reason}
            tell(idea.author, kind="ideas.hidden", subject=subject, text=told, path=idea.get_absolute_url())


def shown_again(idea: Idea) -> None:
    """Tell its author that members can read it again."""
    if idea.author is not None:
        with translation.override(idea.author.language):
            subject = _("Your idea is shown again: %(title)s") % {"title": idea.title}
            text = _("Everybody who sees the page can read it again.")
            tell(idea.author, kind="ideas.shown", subject=subject, text=text, path=idea.get_absolute_url())


def _tell_all(people: Iterable[Person], idea: Idea, kind: str, since: datetime, words: Words) -> int:
    """Each person who still sees it, once since then however often this runs."""
    tail, told = f"/ideen/{idea.uuid}/", 0
    knows = set(Notice.objects.filter(kind=kind, path__endswith=tail, created_at__gte=since).values_list("person", flat=True))
    for person in people:
        if person.pk in knows or not access.ideas_visible_to(person).filter(pk=idea.pk).exists():
            continue
        with translation.override(person.language):
            subject, text = words()
            tell(person, kind=kind, subject=subject, text=text, path=idea.get_absolute_url())
        told += 1
    return told
