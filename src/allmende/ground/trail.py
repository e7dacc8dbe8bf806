"""The trail: `record("directory.organisation_changed", by=person, about=organisation, fields=["name"])`.

Reactions upstairs say `@on("directory.organisation_changed")` and run at once, in the transaction of the change: whatever
moment the machine stops, the change and what follows from it are both there or both not.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models

from allmende.ground.models import Entry

if TYPE_CHECKING:
    from allmende.people.models import Person

Reaction = Callable[[Entry], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)


def record(verb: str, *, by: "Person | None" = None, about: models.Model | None = None, **facts: Any) -> Entry:
    """Write one line and let the reactions follow, in the same transaction. `facts` are ids, states and counts, never personal data."""
    entry = Entry.objects.create(
        verb=verb,
        by=by,
        kind=about._meta.label_lower if about is not None else "",
        about=str(about.pk) if about is not None else "",
        facts=facts,
    )
    for reaction in _reactions[verb]:
        reaction(entry)
    return entry


def on(*verbs: str) -> Callable[[Reaction], Reaction]:
    """Register a reaction to these verbs; only rooms on a higher floor than the verb's room may react."""

    def register(reaction: Reaction) -> Reaction:
        for verb in verbs:
            _reactions[verb].append(reaction)
        return reaction

    return register
