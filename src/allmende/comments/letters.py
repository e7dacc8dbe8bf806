"""What this room writes to people: that something was said, that it concerns them, that a comment of theirs was hidden.

In the language of whoever reads it. Mails quote only the beginning: what is deleted or hidden later stays in as few places as possible.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.comments import access, queries
from allmende.comments.models import Comment, Following
from allmende.directory.access import keepers_of
from allmende.ground.text import shorten
from allmende.people import subjects
from allmende.people.actions import tell
from allmende.people.models import Notice, Person
from allmende.web import markdown

QUOTED = 300


def tell_of(comment: Comment, *, only_mentioned: bool = False) -> int:
    """Tell everybody whom a comment concerns, each once however often this runs; how many were told now."""
    thing = subjects.as_it_is(comment.kind, comment.number)
    if thing is None or comment.deleted_at is not None or comment.hidden_at is not None:
        return 0
    named = _mentioned(comment)
    answered = set() if only_mentioned else _answered(comment)
    others = set() if only_mentioned else _listening(comment, thing)
    silent = set(_rows(comment).filter(is_wanted=False).values_list("person", flat=True))
    told = 0
    for pk in sorted((named | ((answered | others) - silent)) - {comment.person_id}):
        what = "mentioned" if pk in named else "answered" if pk in answered else "written"
        told += _tell(pk, comment, what)
    return told


def _listening(comment: Comment, thing: Any) -> set[int]:
    concerned = subjects.of(thing).people(thing).values_list("pk", flat=True)
    return set(concerned) | set(_rows(comment).filter(is_wanted=True).values_list("person", flat=True))


def _answered(comment: Comment) -> set[int]:
    above = comment.parent
    if above is None:
        return set()
    team = keepers_of(above.organisation).values_list("pk", flat=True) if above.organisation else ()
    return {*team} | ({above.person_id} if above.person_id else set())


def _mentioned(comment: Comment) -> set[int]:
    named = list(comment.mentions.select_related("organisation"))
    entries = [one.organisation for one in named if one.organisation is not None]
    return {one.person_id for one in named if one.person_id} | set(keepers_of(*entries).values_list("pk", flat=True))


def _rows(comment: Comment) -> QuerySet[Following]:
    return Following.objects.filter(kind=comment.kind, number=comment.number)


def _tell(pk: int, comment: Comment, what: str) -> int:
    """One person, if they may read it and do not know yet. Only the first mail goes out until they have looked."""
    person = Person.objects.filter(pk=pk, is_active=True, is_service=False).first()
    thing = access.thing_of(person, comment) if person else None
    if person is None or thing is None or _knows(person, comment):
        return 0
    row, _is_new = Following.objects.get_or_create(person=person, kind=comment.kind, number=comment.number)
    with translation.override(person.language):
        subject, text = _sentences(comment, subjects.of(thing).title(thing), what)
        once = _("Until you have looked, you get no further mail about this.")
        path, is_first = comment.get_absolute_url(), row.mailed_at is None
        tell(person, kind=f"comments.{what}", subject=subject, text=text, path=path, mail=is_first, in_mail=once)
    Following.objects.filter(pk=row.pk, mailed_at=None).update(mailed_at=timezone.now())
    return 1


def _sentences(comment: Comment, title: str, what: str) -> tuple[str, str]:
    words = {"who": queries.called(comment), "title": title}
    subjects_ = {
        "mentioned": _("%(who)s mentions you: %(title)s"),
        "answered": _("%(who)s answers: %(title)s"),
        "written": _("Comment by %(who)s: %(title)s"),
    }
    return subjects_[what] % words, shorten(markdown.plain(comment.text), QUOTED)


def _knows(person: Person, comment: Comment) -> bool:
    """Whether they were told of this comment, in whatever language."""
    return Notice.objects.filter(person=person, path__endswith=f"/kommentare/{comment.uuid}/", kind__startswith="comments.").exists()


def hidden(comment: Comment) -> None:
    """Tell whoever wrote it why it is hidden and what they can do."""
    _tell_author(
        comment,
        "comments.hidden",
        gettext_lazy("Your comment was hidden: %(title)s"),
        gettext_lazy(
            "It was hidden for this reason: %(reason)s\n\n"
            "You still see it there; others read only that a comment was hidden. If you think that is wrong, write to network management."
        ),
    )


def shown_again(comment: Comment) -> None:
    """Tell whoever wrote it that all can read it again."""
    subject, text = gettext_lazy("Your comment is shown again: %(title)s"), gettext_lazy("Everybody who sees the page can read it again.")
    _tell_author(comment, "comments.shown", subject, text)


def _tell_author(comment: Comment, kind: str, subject: Promise, text: Promise) -> None:
    """Who wrote it, and who looks after the organisation it was said for, as long as they see the thing."""
    for person in subjects.of(comment).people(comment):
        thing = subjects.find(comment.kind, comment.number, person)
        if thing is not None:
            with translation.override(person.language):
                words = {"title": subjects.of(thing).title(thing), "reason": comment.hidden_reason}
                tell(person, kind=kind, subject=str(subject) % words, text=str(text) % words, path=comment.get_absolute_url())


def forget(comments: Iterable[Comment]) -> None:
    """What others were told of these comments goes with their words: in "Mitteilungen" it would stay for good."""
    paths = [f"{before}/kommentare/{comment.uuid}/" for comment in comments for before in ("", "/en")]
    for start in range(0, len(paths), 500):
        Notice.objects.filter(path__in=paths[start : start + 500], kind__startswith="comments.").delete()
