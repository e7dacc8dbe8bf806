"""What can be discussed, have files and be reported: every room says so of its own things, in its `subjects.py`.

    register(Subject(Listing, label=_("Offer or need"), visible_to=access.listings_visible_to, ...))

Rooms that join something to any thing (comments, files, reports) ask here and know neither the thing nor its room. A thing is kept
as its `kind` ("exchange.listing") and its number. Pages show what has been joined by panels, with the thing itself:
`{% panels "thing.comments" item %}`, `{% panels "thing.files" item %}`, `{% panels "thing.report" item %}`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise

from allmende.people.models import Person
from allmende.people.queries import Viewer

MAX_NUMBER = 2**63 - 1


def _nobody(_viewer: Viewer, _thing: Any) -> bool:
    return False


def _no_people(_thing: Any) -> QuerySet[Person]:
    return Person.objects.none()


@dataclass(frozen=True)
class Subject:
    """A kind of thing: who sees it, how it is called and found, who may join what to it, who takes it off the page."""

    model: type[models.Model]
    label: str | Promise
    visible_to: Callable[[Viewer], QuerySet[Any]]
    url: Callable[[Any], str]
    title: Callable[[Any], str] = str
    # Of which things this viewer reads the conversation, with names. None: whoever sees a thing reads what is said about it, too.
    # Things of a cooperative that were made public are seen by guests; what its members say to each other about them is the members'.
    talk_visible_to: Callable[[Viewer], QuerySet[Any]] | None = None
    # What it says: read by those who judge a report and may not see the thing itself.
    words: Callable[[Any], str] = field(default=lambda thing: str(getattr(thing, "text", "")))
    # The entry it belongs to, by which its caretakers are found; None where it belongs to none.
    organisation: Callable[[Any], Any] = field(default=lambda thing: thing.organisation)
    may_discuss: Callable[[Viewer, Any], bool] = _nobody
    may_attach: Callable[[Viewer, Any], bool] = _nobody
    may_moderate: Callable[[Viewer, Any], bool] = _nobody
    # Who answers questions about it besides those who moderate: usually its authors.
    may_answer: Callable[[Viewer, Any], bool] = _nobody
    # Who is told when something new is said about it, without having asked to follow.
    people: Callable[[Any], QuerySet[Person]] = _no_people
    # Take it off all pages after a report, and put it back after an appeal: hide(thing, by=person, reason="...").
    hide: Callable[..., Any] | None = None
    unhide: Callable[..., Any] | None = None

    @property
    def kind(self) -> str:
        """The name under which things of this kind are remembered: `exchange.listing`."""
        return self.model._meta.label_lower


_SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Let things of this kind be discussed and so on."""
    if _SUBJECTS.setdefault(subject.kind, subject).model is not subject.model:
        raise ValueError(f"Two rooms register {subject.kind!r}.")
    return subject


def kinds() -> list[Subject]:
    """All kinds, by name."""
    return [subject for _kind, subject in sorted(_SUBJECTS.items())]


def by_kind(kind: str) -> Subject | None:
    """The kind of this name."""
    return _SUBJECTS.get(kind)


def of(thing: models.Model) -> Subject:
    """What the house knows of the kind of this thing; KeyError for a thing no room has registered."""
    return _SUBJECTS[thing._meta.label_lower]


def find(kind: str, number: int, viewer: Viewer) -> Any | None:
    """The thing, if there is one and this viewer may see it."""
    subject = _SUBJECTS.get(kind)
    if subject is None or not 0 < number <= MAX_NUMBER:
        return None
    return subject.visible_to(viewer).filter(pk=number).first()


def reads_talk(thing: models.Model, viewer: Viewer) -> bool:
    """Whether this viewer, who sees the thing, also reads what people say about it and by what names."""
    subject = of(thing)
    return subject.talk_visible_to is None or subject.talk_visible_to(viewer).filter(pk=thing.pk).exists()


def as_it_is(kind: str, number: int) -> Any | None:
    """The thing, whoever may see it: for letters, background work and those who judge reports."""
    subject = _SUBJECTS.get(kind)
    return subject.model._default_manager.filter(pk=number).first() if subject else None
