"""Questions about rules and requests, and the data that an agreement covers."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet

from allmende.commons import access, rules
from allmende.commons.models import Choice, DataRequest, HandOut, RequestState, RulesVote
from allmende.directory import export
from allmende.directory import queries as directory
from allmende.directory import rules as entries
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import DataRules, Organisation, RulesState, State, Visibility
from allmende.duplicates.models import Merge
from allmende.ground import outbox
from allmende.people.queries import GUEST, Viewer

CHUNK = 500
# What an exported entry holds for each field that can be hidden.
PARTS = {
    "description": ("description", "description_en"),
    "website": ("website",),
    "email": ("email",),
    "phone": ("phone",),
    "address": ("places",),
    "founded": ("founded",),
    "register": ("register", "legal_name"),
}


def versions(viewer: Viewer) -> QuerySet[DataRules]:
    """All versions this viewer may see, the newest first."""
    return access.rules_visible_to(viewer).select_related("by").order_by("-version")


def tally(proposed: DataRules) -> dict[str, int]:
    """Votes of organisations that count: those whose organisation is still published."""
    cast = RulesVote.objects.filter(rules=proposed, organisation__state=State.PUBLISHED)
    counted = Counter(cast.values_list("choice", flat=True))
    return {choice: counted[choice] for choice in Choice.values}


def entitled() -> QuerySet[Organisation]:
    """The organisations that have a vote: published, in a network or a network, with somebody who answers for them."""
    owned = Organisation.objects.filter(state=State.PUBLISHED, stewardships__role="owner", stewardships__until=None)
    return (owned.filter(belongs_to__isnull=False) | owned.filter(belongings__isnull=False)).distinct()


def my_votes(viewer: Viewer, proposed: DataRules) -> list[tuple[Organisation, str]]:
    """My organisations with what each has voted so far (empty: nothing yet)."""
    cast = dict(RulesVote.objects.filter(rules=proposed).values_list("organisation", "choice"))
    return [(one, cast.get(one.pk, "")) for one in access.votes_for(viewer).order_by("name")]


def due(now: Any) -> QuerySet[DataRules]:
    """Votes whose time is over."""
    return DataRules.objects.filter(state=RulesState.OPEN, closes_at__lte=now)


def requests(viewer: Viewer) -> QuerySet[DataRequest]:
    """All requests this viewer may see, the newest first."""
    return access.requests_visible_to(viewer).order_by("-opened_at", "-pk")


def waiting(viewer: Viewer) -> QuerySet[DataRequest]:
    """Requests that network management has to decide, the oldest first."""
    if not access.may_decide_requests(viewer):
        return DataRequest.objects.none()
    return DataRequest.objects.filter(state=RequestState.OPEN).order_by("opened_at")


def log(viewer: Viewer) -> QuerySet[HandOut]:
    """What went out, the newest first; of requests this viewer may see."""
    return HandOut.objects.filter(request__in=access.requests_visible_to(viewer)).select_related("request")


def answers(asked: DataRequest) -> dict[int, str]:
    """What the organisations have said so far, by number of the organisation.

    An objection goes along with a merge, and a yes from before it covers the other entry only if that one said yes, too; whoever
    answers for the merged entry can answer anew.
    """
    given = {pk: (answer, at) for pk, answer, at in asked.answers.values_list("organisation", "answer", "at")}
    found = {pk: answer for pk, (answer, _at) in given.items()}
    for loser, winner, at in Merge.objects.filter(undone_at=None).order_by("at", "pk").values_list("loser", "winner", "at"):
        if winner in given and given[winner][1] > at:
            continue
        together = rules.together(found.get(winner), found.get(loser))
        found.pop(winner, None)
        if together:
            found[winner] = together
    return found


def answer_counts(asked: DataRequest) -> dict[str, int]:
    """How many agree and how many object."""
    return dict(asked.answers.filter(organisation__state=State.PUBLISHED).values_list("answer").annotate(n=Count("pk")))


def my_answers(viewer: Viewer, asked: DataRequest) -> list[tuple[Organisation, str]]:
    """My organisations with what each has answered so far."""
    given = answers(asked)
    return [(one, given.get(one.pk, "")) for one in access.answers_for(viewer).order_by("name")]


def count_for(asked: DataRequest, given: dict[int, str]) -> int:
    """How many entries the agreement covers now."""
    against = [pk for pk, answer in given.items() if not rules.is_included(answer)]
    return organisations_visible_to(GUEST).count() - organisations_visible_to(GUEST).filter(pk__in=against).count()


def data_for(asked: DataRequest, given: dict[int, str]) -> Iterator[dict[str, Any]]:
    """The public export of every covered entry, with the granted fields where they may go out; memory for one chunk."""
    base, last = outbox.link("").rstrip("/"), 0
    while True:
        found = directory.whole(organisations_visible_to(GUEST)).filter(pk__gt=last).order_by("pk")[:CHUNK]
        chunk = list(found)
        for item in chunk:
            if rules.is_included(given.get(item.pk)):
                yield _told(item, asked, given.get(item.pk), base)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


def _told(item: Organisation, asked: DataRequest, answer: str | None, base: str) -> dict[str, Any]:
    told = export.organisation(item, base)
    ruled: dict[str, str] | None = item.ruled  # type: ignore[attr-defined]  # annotated by queries.whole
    granted = [field for field in asked.fields if rules.is_handed_out(entries.level(field, item.visibility, ruled), answer)]
    if granted:
        whole = export.organisation(item, base, Visibility.STEWARDS)
        told.update({part: whole[part] for field in granted for part in PARTS[field]})
    return told


def recipients_of_rules(proposed: DataRules) -> Iterator[int]:
    """Persons who may vote, each once."""
    held = entitled().filter(stewardships__person__is_active=True, stewardships__role="owner", stewardships__until=None)
    yield from held.values_list("stewardships__person", flat=True).order_by("stewardships__person").distinct()
