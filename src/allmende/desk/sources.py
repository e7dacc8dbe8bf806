"""Everything that can wait at the desk: for each kind what to find, how a row reads, and which buttons settle it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allmende.commons import queries as commons
from allmende.desk.models import Looked
from allmende.directory.access import may_caretake
from allmende.directory.models import Organisation, RevisionSet
from allmende.duplicates import queries as duplicates
from allmende.editing import queries as editing
from allmende.freshness import queries as freshness
from allmende.people.queries import Viewer
from allmende.stewards import queries as stewards
from allmende.suggestions import queries as suggestions

Area = QuerySet[Organisation] | None  # the entries of the chosen region and sector; None: all


@dataclass(frozen=True)
class Deed:
    """A button: its word, where it posts to and what."""

    label: str
    url: str
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """Something that waits: what it is, where it is settled, since when, and the deeds that settle it at once."""

    title: str
    detail: str
    url: str
    since: datetime | None
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True)
class Source:
    """A kind of waiting thing. `find` gives what waits for a viewer in an area, the longest waiting first; `row` tells one of them."""

    key: str
    label: str | Promise
    hint: str | Promise
    find: Callable[[Viewer, Area], QuerySet[Any]]
    row: Callable[[Any], Row]


def _in(found: QuerySet[Any], area: Area, *paths: str) -> QuerySet[Any]:
    """Only what is about entries of the area."""
    if area is None:
        return found
    wanted = Q(pk__in=())
    for path in paths:
        wanted |= Q(**{f"{path}__in": area.values("pk")})
    return found.filter(wanted)


def _of(organisation: Organisation | None) -> str:
    return organisation.name if organisation else _("an entry that is gone")


def _claim(one: Any) -> Row:
    return Row(_of(one.organisation), one.get_proof_display(), reverse("stewards:decide", args=[one.uuid]), one.waiting_since)


def _suggestion(one: Any) -> Row:
    return Row(_of(one.organisation), one.get_kind_display(), reverse("suggestions:decide", args=[one.uuid]), one.opened_at)


def _proposal(one: Any) -> Row:
    said = one.fields
    return Row(str(said.get("name", "")), str(said.get("town", "")), reverse("suggestions:decide", args=[one.uuid]), one.opened_at)


def _report(one: Any) -> Row:
    return Row(one.title or _of(one.organisation), one.get_matter_display(), reverse("suggestions:judge", args=[one.uuid]), one.opened_at)


def _appeal(one: Any) -> Row:
    url = reverse("suggestions:judge_appeal", args=[one.report.uuid, one.pk])
    return Row(one.report.title or _of(one.report.organisation), _("Appeal"), url, one.opened_at)


def _pair(one: Any) -> Row:
    different = Deed(_("Different"), reverse("duplicates:say", args=[one.pk]), {"saying": "different"})
    return Row(f"{one.one.name} / {one.other.name}", "", reverse("duplicates:pair", args=[one.pk]), one.since, (different,))


def _look(one: Any) -> Row:
    return Row(one.name, one.summary, reverse("editing:look", args=[one.slug]), one.entering.at)


def _stale(one: Any) -> Row:
    care = reverse("freshness:care", args=[one.slug])
    words = (("ask", _("Ask again")), ("confirm", _("All still true")), ("leave", _("Leave as it is")))
    deeds = tuple(Deed(word, care, {"deed": deed}) for deed, word in words)
    return Row(one.name, _("Nobody confirms it"), _page(one), one.since, deeds)


def _bounce(one: Any) -> Row:
    done = Deed(_("Taken note of"), reverse("freshness:settle_bounce", args=[one.pk]))
    return Row(_of(one.organisation), _("A letter came back"), reverse("stewards:team", args=[one.organisation.slug]), one.since, (done,))


def _farewell(one: Any) -> Row:
    settle = reverse("freshness:settle_end", args=[one.pk])
    deeds = (Deed(_("Take off the map"), settle, {"verdict": "gone"}), Deed(_("It stays"), settle, {"verdict": "stays"}))
    detail = _("said to have ended") + (f" {one.year}" if one.year else "")
    return Row(_of(one.organisation), f"{detail}. {one.word}".strip(), _page(one.organisation), one.since, deeds)


def _link(one: Any) -> Row:
    done = Deed(_("Taken note of"), reverse("freshness:settle_link", args=[one.pk]))
    detail = (
        _("Website moved to %(url)s") % {"url": one.moved_to} if one.moved_to else _("Website does not answer: %(url)s") % {"url": one.url}
    )
    return Row(_of(one.organisation), detail, reverse("editing:edit", args=[one.organisation.slug]), one.since, (done,))


def _ownerless(one: Any) -> Row:
    return Row(one.name, _("Nobody answers for it"), reverse("stewards:team", args=[one.slug]), one.waiting_since)


def _import(one: RevisionSet) -> Row:
    refused = int(one.report.get("rejected", 0))
    detail = ngettext("%d row was refused", "%d rows were refused", refused) % refused
    done = Deed(_("Looked at"), reverse("desk:looked", args=[one.pk]))
    return Row(one.reason, detail, reverse("admin:directory_revisionset_change", args=[one.pk]), one.at, (done,))


def _request(one: Any) -> Row:
    return Row(one.who, _("Request for data"), reverse("commons:request", args=[one.uuid]), one.opened_at)


def _page(organisation: Organisation) -> str:
    return reverse("directory:organisation", args=[organisation.slug])


def _imports(viewer: Viewer, area: Area) -> QuerySet[RevisionSet]:
    """Imports with refused rows that nobody has looked at; they belong to no region."""
    if not may_caretake(viewer) or area is not None:
        return RevisionSet.objects.none()
    return RevisionSet.objects.filter(report__rejected__gt=0).exclude(pk__in=Looked.objects.values("revision_set")).order_by("at")


SOURCES = (
    Source(
        "claims",
        gettext_lazy("Claims"),
        gettext_lazy("People who want to answer for an entry"),
        lambda viewer, area: _in(stewards.claims_waiting(viewer), area, "organisation"),
        _claim,
    ),
    Source(
        "entries",
        gettext_lazy("New entries"),
        gettext_lazy("Entered by somebody we do not know yet; not public before somebody has looked"),
        lambda viewer, area: _in(editing.waiting_for_a_look(viewer), area, "pk"),
        _look,
    ),
    Source(
        "proposals",
        gettext_lazy("Missing organisations"),
        gettext_lazy("Proposed without an account"),
        lambda viewer, area: suggestions.proposals_waiting(viewer) if area is None else suggestions.proposals_waiting(viewer).none(),
        _proposal,
    ),
    Source(
        "suggestions",
        gettext_lazy("Suggestions"),
        gettext_lazy("Changes to entries nobody answers for, or left undecided for two weeks"),
        lambda viewer, area: _in(suggestions.suggestions_waiting(viewer), area, "organisation"),
        _suggestion,
    ),
    Source(
        "reports",
        gettext_lazy("Reports"),
        gettext_lazy("Content said to be illegal or rude: decide soon and give reasons"),
        lambda viewer, area: _in(suggestions.reports_waiting(viewer), area, "organisation"),
        _report,
    ),
    Source(
        "appeals",
        gettext_lazy("Appeals"),
        gettext_lazy("Against decisions on reports"),
        lambda viewer, area: _in(suggestions.appeals_waiting(viewer), area, "report__organisation"),
        _appeal,
    ),
    Source(
        "duplicates",
        gettext_lazy("Duplicates"),
        gettext_lazy("Two entries that may be one organisation"),
        lambda viewer, area: _in(duplicates.pairs_waiting(viewer), area, "one", "other").select_related("one", "other"),
        _pair,
    ),
    Source(
        "stale",
        gettext_lazy("Not confirmed"),
        gettext_lazy("Two letters without an answer, or nobody to write to"),
        lambda viewer, area: _in(freshness.due_for_caretakers(viewer, timezone.now()), area, "pk"),
        _stale,
    ),
    Source(
        "bounces",
        gettext_lazy("Letters that came back"),
        gettext_lazy("An address that no longer works"),
        lambda viewer, area: _in(freshness.bounces_waiting(viewer), area, "organisation"),
        _bounce,
    ),
    Source(
        "farewells",
        gettext_lazy("Said to have ended"),
        gettext_lazy("Somebody says that there is no such organisation any more"),
        lambda viewer, area: _in(freshness.farewells_waiting(viewer), area, "organisation"),
        _farewell,
    ),
    Source(
        "links",
        gettext_lazy("Websites"),
        gettext_lazy("Gone for weeks, or moved"),
        lambda viewer, area: _in(freshness.links_waiting(viewer), area, "organisation"),
        _link,
    ),
    Source(
        "ownerless",
        gettext_lazy("Without anybody"),
        gettext_lazy("Entries nobody answers for: invite somebody"),
        lambda viewer, area: _in(stewards.without_steward(viewer), area, "pk"),
        _ownerless,
    ),
    Source("imports", gettext_lazy("Imports"), gettext_lazy("Rows that were refused"), _imports, _import),
    Source(
        "requests",
        gettext_lazy("Requests for data"),
        gettext_lazy("Who wants to use data, and what for"),
        lambda viewer, area: commons.waiting(viewer) if area is None else commons.waiting(viewer).none(),
        _request,
    ),
)
BY_KEY = {source.key: source for source in SOURCES}
