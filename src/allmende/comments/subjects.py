"""A comment can itself be reported: who sees it, where it stands, who takes it off the page."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.comments import access, actions, queries
from allmende.comments.models import Comment
from allmende.directory.access import keepers_of
from allmende.ground.text import shorten
from allmende.people.models import Person
from allmende.people.subjects import Subject, as_it_is, of, register
from allmende.web import markdown


def title(comment: Comment) -> str:
    """Who says what, in one line."""
    return _("%(who)s: “%(words)s”") % {"who": queries.called(comment), "words": shorten(markdown.plain(comment.text), 80)}


def organisation(comment: Comment) -> Any:
    """The entry its thing belongs to, if the thing is still there."""
    thing = as_it_is(comment.kind, comment.number)
    return of(thing).organisation(thing) if thing is not None else None


def authors(comment: Comment) -> QuerySet[Person]:
    """Who wrote it, and who looks after the organisation it was said for."""
    team = keepers_of(comment.organisation).values("pk") if comment.organisation else ()
    return Person.objects.filter(Q(pk=comment.person_id or 0) | Q(pk__in=team), is_active=True)


register(
    Subject(
        Comment,
        label=gettext_lazy("Comment"),
        visible_to=access.comments_visible_to,
        url=Comment.get_absolute_url,
        title=title,
        organisation=organisation,
        may_moderate=access.may_moderate,
        people=authors,
        hide=partial(actions.hide_comment, is_told=False),
        unhide=partial(actions.unhide_comment, is_told=False),
    )
)
