"""An argument can be reported: who sees it, where it stands, who takes it off the page."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.arguments import access, actions
from allmende.arguments.models import Argument
from allmende.ground.text import shorten
from allmende.people.models import Person
from allmende.people.subjects import Subject, as_it_is, of, register


def title(argument: Argument) -> str:
    """What it says, in one line. Not who says it: a public thing is read without names."""
    return _("“%(words)s”") % {"words": shorten(" ".join(argument.text.split()), 80)}


def organisation(argument: Argument) -> Any:
    """The entry its thing belongs to, if the thing is still there."""
    thing = as_it_is(argument.about_kind, argument.about_id)
    return of(thing).organisation(thing) if thing is not None else None


def authors(argument: Argument) -> QuerySet[Person]:
    """Who wrote it."""
    return Person.objects.filter(pk=argument.author_id or 0, is_active=True)


register(
    Subject(
        Argument,
        label=gettext_lazy("Argument"),
        visible_to=access.arguments_visible_to,
        url=Argument.get_absolute_url,
        title=title,
        organisation=organisation,
        may_moderate=access.may_moderate,
        people=authors,
        hide=partial(actions.hide_argument, is_told=False),
        unhide=partial(actions.unhide_argument, is_told=False),
    )
)
