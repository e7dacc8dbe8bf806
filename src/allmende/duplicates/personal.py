"""What this room knows of a person: what they decided, answered, merged. After erasure the decisions hold, without the name."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.duplicates.models import Answer, Merge, Pair
from allmende.people.models import Person
from allmende.people.personal import announces, knows

announces("duplicates", label=_("Possible duplicates"))


@knows("duplicates", label=_("Decisions about possible duplicates"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per decision, answer, merge and undoing."""
    decided = Pair.objects.filter(decided_by=person).select_related("one", "other").order_by("pk")
    answered = Answer.objects.filter(by=person).select_related("pair__one", "pair__other").order_by("pk")
    merged = Merge.objects.filter(Q(by=person) | Q(undone_by=person)).select_related("winner", "loser").order_by("pk")
    found = [_row("decision", pair.one.name, pair.other.name, pair.state, pair.decided_at, pair.note) for pair in decided]
    found += [_row("answer", one.pair.one.name, one.pair.other.name, one.saying, one.at, "") for one in answered]
    for merge in merged:
        if merge.by_id == person.pk:
            found.append(_row("merge", merge.winner.name, merge.loser.name, "merged", merge.at, merge.reason))
        if merge.undone_by_id == person.pk:
            found.append(_row("merge", merge.winner.name, merge.loser.name, "undone", merge.undone_at, ""))
    return found


def _row(what: str, one: str, other: str, said: str, at: Any, note: str) -> dict[str, Any]:
    return {"what": what, "one": one, "other": other, "said": said, "at": at, "note": note}
