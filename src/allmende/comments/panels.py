"""What this room shows on the page of any thing that can be talked about: the threads and the form."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.comments import access, actions, queries
from allmende.comments.forms import CommentForm
from allmende.people import subjects
from allmende.people.views import person_of
from allmende.web.panels import panel


@panel("thing.comments", order=50)
def comments(request: HttpRequest, thing: Any) -> str:
    """The threads about a thing, for those who may see it."""
    subject = subjects.by_kind(thing._meta.label_lower)
    if subject is None or access.find(request.user, subject.kind, thing.pk) is None:
        return ""
    return render_to_string("comments/parts/section.html", context(request, thing), request)


def context(request: HttpRequest, thing: Any, form: CommentForm | None = None) -> dict[str, Any]:
    """Everything the section shows; `form` as it was sent, where something was wrong with it."""
    subject, now = subjects.of(thing), timezone.now()
    who = queries.reader(request.user, thing, now)
    page, lines = queries.page(who, thing, request.GET.get("comments"))
    row = queries.following(request.user, thing)
    if row is not None:
        actions.looked_at(row)
    may_write = access.may_write(request.user, thing)
    answered = _answered(form.data.get("parent") if form else request.GET.get("reply"), lines)
    if form is not None and answered is None:
        form.answer_nothing()
    return {
        "item": thing,
        "subject": subject,
        "url": subject.url(thing),
        "pages": page,
        "lines": lines,
        "count": queries.count(thing),
        "is_moderator": who.is_moderator,
        "may_write": may_write,
        "answered": answered,
        "form": (form or form_for(request, answered)) if may_write else None,
        "hints": queries.to_name(person_of(request), subject.kind, thing.pk) if may_write else [],
        "is_told": queries.is_told(request.user, thing, row),
    }


def form_for(request: HttpRequest, parent: int | None = None, data: Any = None) -> CommentForm:
    """The form for whoever is signed in."""
    person = person_of(request)
    return CommentForm(data, person=person, voices=list(access.voices_of(person)), initial={"parent": parent}, auto_id="kommentar_%s")


def _answered(said: str | None, lines: list[queries.Line]) -> int | None:
    """The thread of this page that is being answered, if it is one that can be."""
    there = (line.comment.pk for line in lines if line.is_read and line.comment.hidden_at is None)
    return next((pk for pk in there if str(pk) == said), None)
