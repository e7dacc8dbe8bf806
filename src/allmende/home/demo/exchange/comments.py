"""What people say about projects, offers and a note."""

from typing import Any

from allmende.circles.models import Note
from allmende.comments import actions, letters
from allmende.comments.models import Comment
from allmende.home.demo.exchange.cast import Cast, Row, story


def discuss(cast: Cast) -> None:
    """All threads of the story, each comment with its answers."""
    for row in story("comments"):
        kind, key = row["on"]
        thing = _thing(cast, kind, key)
        first = _say(cast, thing, row, None)
        for answer in row["answers"]:
            _say(cast, thing, answer, first.pk)


def _thing(cast: Cast, kind: str, key: str) -> Any:
    if kind == "note":
        return Note.objects.get(title=key, circle__is_demo=True)
    return cast.projects[key] if kind == "project" else cast.listings[key]


def _say(cast: Cast, thing: Any, row: Row, parent: int | None) -> Comment:
    """Those whom it concerns are told at once, and not by the worker later: then the day would be wrong."""
    organisation = cast.entries[row["for"]] if "for" in row else None
    said = actions.write_comment(thing, row["text"], by=cast.people[row["by"]], parent=parent, organisation=organisation)
    with cast.told(row["days_ago"]):
        letters.tell_of(said)
    Comment.objects.filter(pk=said.pk).update(created_at=cast.ago(row["days_ago"]))
    return said
