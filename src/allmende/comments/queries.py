"""Questions about comments: the threads of a thing as one viewer sees them, who takes part, where a comment stands."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from allmende.comments import access, rules
from allmende.comments.models import Comment, Following, Mention
from allmende.directory.models import Organisation, State
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.web import markdown

_TAG = re.compile(r"(<(?:\"[^\"]*\"|[^\">])*>)")
_CLOSED = ("a", "code", "pre")  # in these an @ means nothing


@dataclass
class Line:
    """One comment as one viewer sees it. `is_read`: its words are shown; otherwise only its place is."""

    comment: Comment
    is_read: bool
    may_change: bool = False
    may_delete: bool = False
    may_restore: bool = False
    is_own: bool = False
    answers: list["Line"] = field(default_factory=list)

    @property
    def html(self) -> SafeString:
        """The words as safe HTML; only asked for where they are shown."""
        return written(self.comment)

    @property
    def name(self) -> str:
        """Who says it."""
        return called(self.comment)

    @property
    def entry(self) -> Organisation | None:
        """In whose name it was said, if that organisation is on the map."""
        found = self.comment.organisation
        return found if found is not None and found.state == State.PUBLISHED else None


@dataclass(frozen=True)
class Reader:
    """What is asked once for all comments of a page: who reads, what they look after, whether they moderate."""

    viewer: Viewer
    entries: frozenset[int]
    is_moderator: bool
    now: datetime

    def line(self, comment: Comment) -> Line:
        """One comment with what this reader may do about it."""
        is_own = access.is_own(self.viewer, comment, self.entries)
        is_open = comment.hidden_at is None or is_own or self.is_moderator
        return Line(
            comment,
            is_read=comment.deleted_at is None and is_open,
            may_change=access.may_change(self.viewer, comment, self.now),
            may_delete=access.may_delete(self.viewer, comment, self.entries),
            may_restore=access.may_restore(self.viewer, comment, self.now, self.entries) and comment.text != "",
            is_own=is_own,
        )


def reader(viewer: Viewer, thing: Any, now: datetime) -> Reader:
    """Who reads what is said about a thing."""
    return Reader(viewer, frozenset(access.entries_of(viewer)), access.may_moderate_thing(viewer, thing), now)


def called(comment: Comment) -> str:
    """Who says something: the organisation in whose name it was said while it is on the map, otherwise the person."""
    if comment.is_official:
        entry = comment.organisation
        return entry.name if entry is not None and entry.state == State.PUBLISHED else _("An organisation")
    return comment.person.name if comment.person and comment.person.name else _("Somebody")


def places(viewer: Viewer, thing: Any, now: datetime) -> QuerySet[Comment]:
    """The beginnings of threads: those that are there, those that were answered, and one's own that can still be taken back."""
    answered = Comment.objects.filter(parent=OuterRef("pk"), deleted_at=None)
    return _about(thing).filter(_there(viewer, now) | Q(Exists(answered)), parent=None)


def page(who: Reader, thing: Any, number: str | int | None) -> tuple[Page[Comment], list[Line]]:
    """One page of threads with their answers, in the order they were written."""
    found = Paginator(_whole(places(who.viewer, thing, who.now)), rules.A_PAGE).get_page(number)
    answers = defaultdict(list)
    tops = list(found.object_list)
    for answer in _whole(_about(thing).filter(_there(who.viewer, who.now), parent__in=[top.pk for top in tops])):
        answers[answer.parent_id].append(who.line(answer))
    lines = [who.line(top) for top in tops]
    for line in lines:
        line.answers = answers[line.comment.pk]
    return found, lines


def count(thing: Any) -> int:
    """How many comments there are to read."""
    return _about(thing).filter(deleted_at=None, hidden_at=None).count()


def address_of(comment: Comment, thing: Any, viewer: Viewer, now: datetime) -> str:
    """Where a comment stands: the page of its thing, the page of threads, its anchor."""
    top = comment.parent or comment
    before = Q(created_at__lt=top.created_at) | Q(created_at=top.created_at, pk__lt=top.pk)
    number = rules.page_of(places(viewer, thing, now).filter(before).count())
    url = subjects.of(thing).url(thing)
    step = f"{'&' if '?' in url else '?'}comments={number}" if number > 1 else ""
    return f"{url}{step}#kommentar-{comment.pk}"


def following(viewer: Viewer, thing: Any) -> Following | None:
    """What this viewer said about hearing of a thing."""
    mine = Following.objects.filter(person=viewer) if isinstance(viewer, Person) else Following.objects.none()
    return mine.filter(kind=subjects.of(thing).kind, number=thing.pk).first()


def is_told(viewer: Viewer, thing: Any, row: Following | None) -> bool:
    """Whether this viewer hears of new comments: as they said, otherwise when the thing concerns them."""
    if row is not None and row.is_wanted is not None:
        return row.is_wanted
    return isinstance(viewer, Person) and subjects.of(thing).people(thing).filter(pk=viewer.pk).exists()


def people_in(kind: str, number: int) -> QuerySet[Person]:
    """Who wrote about this thing in their own name, with a name to be called by, and still stands there."""
    wrote = Comment.objects.filter(kind=kind, number=number, deleted_at=None, hidden_at=None, is_official=False)
    return Person.objects.filter(pk__in=wrote.values("person"), is_active=True).exclude(name="").order_by("name", "pk")


def organisations_in(kind: str, number: int) -> QuerySet[Organisation]:
    """In whose name something was said about this thing."""
    wrote = Comment.objects.filter(kind=kind, number=number, deleted_at=None, hidden_at=None)
    return Organisation.objects.filter(pk__in=wrote.values("organisation"), state=State.PUBLISHED).order_by("name")


def to_name(viewer: Person, kind: str, number: int) -> list[Organisation | Person]:
    """Who takes part besides the viewer and can be named with an @, for the list beside the form."""
    return [*organisations_in(kind, number)[:20], *people_in(kind, number).exclude(pk=viewer.pk)[:50]]


def written_lately(person: Person, now: datetime) -> QuerySet[Comment]:
    """What somebody wrote within the last hour, deleted ones too."""
    return Comment.objects.filter(person=person, created_at__gt=now - rules.AN_HOUR)


def written(comment: Comment) -> SafeString:
    """The words of a comment as safe HTML: organisations it names are links, people are bold."""
    html = markdown.render(comment.text)
    marks = {escape(one.word).lower(): _mark(one) for one in comment.mentions.all()}
    marks = {word: mark for word, mark in marks.items() if mark}
    return _marked(html, marks) if marks else html


def _mark(mention: Mention) -> SafeString:
    if mention.organisation is None:
        return format_html("<b>@{}</b>", mention.word)
    if mention.organisation.state != State.PUBLISHED:
        return SafeString()
    return format_html(
        '<a href="{}">{}</a>', reverse("directory:organisation", args=[mention.organisation.slug]), f"@{mention.organisation.name}"
    )


def _marked(html: SafeString, marks: dict[str, SafeString]) -> SafeString:
    """Put the marks where the words stand in the text, never into tags, links or code."""
    found, parts, closed = rules.pattern(marks), [], 0
    for part in _TAG.split(html):
        if part.startswith("<"):
            name = part.strip("</>").split(" ")[0]
            closed += (-1 if part.startswith("</") else 1) if name in _CLOSED else 0
            parts.append(part)
        else:
            parts.append(part if closed else found.sub(lambda hit: marks.get(hit[1].lower(), hit[0]), part))
    return mark_safe("".join(parts))  # noqa: S308 - cleaned HTML, and marks that were escaped


def _about(thing: Any) -> QuerySet[Comment]:
    return Comment.objects.filter(kind=subjects.of(thing).kind, number=thing.pk)


def _there(viewer: Viewer, now: datetime) -> Q:
    there = Q(deleted_at=None)
    if isinstance(viewer, Person):
        mine = Q(person=viewer) | Q(organisation__in=access.entries_of(viewer))
        there |= mine & Q(deleted_at__gte=now - rules.RESTORE_WITHIN)
    return there


def _whole(found: QuerySet[Comment]) -> QuerySet[Comment]:
    return found.select_related("person", "organisation").prefetch_related("mentions__organisation").order_by("created_at", "pk")
