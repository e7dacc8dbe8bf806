"""What this room writes to people: that a question waits, that it was answered, that an argument was hidden or is shown again."""

from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.arguments.models import Argument
from allmende.ground.text import shorten
from allmende.people import subjects
from allmende.people.actions import tell
from allmende.people.models import Person

QUOTED = 300


def asked(question: Argument, thing: Any) -> None:
    """Those whom the thing concerns and who may answer hear of a question."""
    subject = subjects.of(thing)
    for person in subject.people(thing).exclude(pk=question.author_id or 0):
        if subject.may_answer(person, thing):
            with translation.override(person.language):
                said = _("A question about: %(title)s") % {"title": subject.title(thing)}
                tell(person, kind="arguments.asked", subject=said, text=shorten(question.text, QUOTED), path=question.get_absolute_url())


def answered(argument: Argument, thing: Any, by: Person) -> None:
    """Who asked hears the answer."""
    if argument.author is not None and argument.author != by:
        _tell(
            argument,
            "arguments.answered",
            gettext_lazy("An answer for you: %(title)s"),
            gettext_lazy("You wrote: %(words)s\n\nThe answer: %(answer)s"),
        )


def hidden(argument: Argument) -> None:
    """Tell whoever wrote it why it is hidden and what they can do."""
    _tell(
        argument,
        "arguments.hidden",
        gettext_lazy("Your argument was hidden: %(title)s"),
        gettext_lazy(
            "It was hidden for this reason: %(reason)s\n\nYou still see it there. If you think that is wrong, write to the board."
        ),
    )


def shown_again(argument: Argument) -> None:
    """Tell whoever wrote it that all can read it again."""
    subject, text = gettext_lazy("Your argument is shown again: %(title)s"), gettext_lazy("Everybody who sees the page can read it again.")
    _tell(argument, "arguments.shown", subject, text)


def _tell(argument: Argument, kind: str, subject: Promise, text: Promise) -> None:
    """Its author, as long as they see the thing."""
    person = argument.author
    thing = subjects.find(argument.about_kind, argument.about_id, person) if person is not None else None
    if person is None or thing is None:
        return
    with translation.override(person.language):
        words = {
            "title": subjects.of(thing).title(thing),
            "words": shorten(argument.text, QUOTED),
            "answer": argument.answer,
            "reason": argument.hidden_reason,
        }
        tell(person, kind=kind, subject=str(subject) % words, text=str(text) % words, path=argument.get_absolute_url())
