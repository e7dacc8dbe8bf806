"""From an idea to what was carried out, and back: the chain of one matter, put together from wherever one looks at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from allmende.amendments.models import Amendment, State
from allmende.ballots import access as ballots
from allmende.ballots.models import Ballot
from allmende.ideas.models import Idea
from allmende.people import subjects
from allmende.people.queries import Viewer
from allmende.proposals import access as proposals
from allmende.proposals.models import Proposal
from allmende.resolutions import access as resolutions
from allmende.resolutions.models import MeasureState, Resolution
from allmende.resolutions.models import State as ResolutionState

MOST = 10
"""Of each kind; more stand on the pages themselves."""


@dataclass(frozen=True)
class Link:
    """One step of the chain: what it is, its name, where it is, how far it is (done, now or nothing), whether one is there."""

    kind: str
    text: str
    url: str
    css: str = ""
    is_here: bool = False


@dataclass
class Matter:
    """Everything that belongs together, as far as the viewer may see it."""

    idea: Idea | None = None
    proposals: list[Proposal] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)


def links(viewer: Viewer, thing: Any) -> list[Link]:
    """The steps in their order; only the thing itself, or nothing, where nothing hangs together."""
    matter = matter_of(viewer, thing)
    made = [*_ideas(matter), *_proposals(matter), *_amendments(matter, thing), *_ballots(matter)]
    made += [link for one in matter.resolutions for link in _resolution(one)]
    here = _key(thing)
    return [Link(one.kind, one.text, one.url, one.css, here is not None and one.url == here) for one in made]


def matter_of(viewer: Viewer, thing: Any) -> Matter:
    """What belongs to this thing."""
    matter = Matter()
    start = _origin(viewer, thing)
    if isinstance(start, Idea):
        matter.idea = start
        found = proposals.proposals_visible_to(viewer).filter(idea=start).order_by("pk")
        matter.proposals = list(found[:MOST])
    elif isinstance(start, Proposal):
        matter.proposals = [start]
        matter.idea = _seen(viewer, start.idea)
    known = Amendment.objects.filter(proposal__in=matter.proposals, hidden_at=None).order_by("serial")
    matter.amendments = list(known.select_related("proposal__cooperative__organisation")) if matter.proposals else []
    matter.ballots = _ballots_of(viewer, matter, thing)
    matter.resolutions = _resolutions_of(viewer, matter, thing)
    return matter


def _origin(viewer: Viewer, thing: Any) -> Any:
    """The idea or proposal a thing comes from; the thing itself where it comes from none."""
    for _step in range(4):
        if isinstance(thing, Amendment):
            return proposals.proposals_visible_to(viewer).filter(pk=thing.proposal_id).first()
        if isinstance(thing, Resolution) and not thing.about_kind and thing.ballot_id:
            thing = thing.ballot
        if not isinstance(thing, Ballot | Resolution) or not thing.about_kind:
            return thing
        thing = subjects.find(thing.about_kind, thing.about_id or 0, viewer)
    return thing


def _seen(viewer: Viewer, idea: Idea | None) -> Idea | None:
    found: Idea | None = subjects.find(Idea._meta.label_lower, idea.pk, viewer) if idea is not None else None
    return found


def _about(matter: Matter) -> Q:
    """As a filter: what hangs on the idea, the proposals or their amendments."""
    found = Q(about_kind=Proposal._meta.label_lower, about_id__in=[one.pk for one in matter.proposals])
    found |= Q(about_kind=Amendment._meta.label_lower, about_id__in=[one.pk for one in matter.amendments])
    if matter.idea is not None:
        found |= Q(about_kind=Idea._meta.label_lower, about_id=matter.idea.pk)
    return found


def _ballots_of(viewer: Viewer, matter: Matter, thing: Any) -> list[Ballot]:
    here = _about(matter)
    if isinstance(thing, Ballot):
        here |= Q(pk=thing.pk)
    elif isinstance(thing, Resolution) and thing.ballot_id:
        here |= Q(pk=thing.ballot_id)
    seen = ballots.ballots_visible_to(viewer).filter(here, opened_at__isnull=False)
    return list(seen.select_related("cooperative__organisation").order_by("opened_at", "pk")[:MOST])


def _resolutions_of(viewer: Viewer, matter: Matter, thing: Any) -> list[Resolution]:
    here = _about(matter) | Q(ballot__in=[one.pk for one in matter.ballots])
    if isinstance(thing, Resolution):
        here |= Q(pk=thing.pk)
    done = Count("measures", filter=Q(measures__state=MeasureState.DONE), distinct=True)
    seen = resolutions.resolutions_visible_to(viewer).filter(here).select_related("cooperative__organisation")
    counted = seen.annotate(n_measures=Count("measures", distinct=True), n_done=done, n_reports=Count("reports", distinct=True))
    return list(counted.order_by("decided_on", "pk")[:MOST])


def _ideas(matter: Matter) -> Iterable[Link]:
    if matter.idea is not None:
        yield Link(_("Idea"), matter.idea.title, matter.idea.get_absolute_url(), "done")


def _proposals(matter: Matter) -> Iterable[Link]:
    for one in matter.proposals:
        css = "done" if one.state in ("accepted", "rejected") else "now"
        yield Link(_("Proposal"), f"{one.number}: {one.title}", one.get_absolute_url(), css)


def _amendments(matter: Matter, thing: Any) -> Iterable[Link]:
    if isinstance(thing, Amendment):
        yield Link(_("Amendment"), f"{thing.number}: {thing.title}", thing.get_absolute_url(), _css(thing))
    for proposal in matter.proposals:
        own = [one for one in matter.amendments if one.proposal_id == proposal.pk and one.state != State.WITHDRAWN]
        if own:
            adopted = sum(one.state == State.ACCEPTED for one in own)
            text = ngettext("%(n)d amendment, %(adopted)d adopted", "%(n)d amendments, %(adopted)d adopted", len(own))
            css = "done" if all(_css(one) == "done" for one in own) else "now"
            yield Link(_("Amendments"), text % {"n": len(own), "adopted": adopted}, f"{proposal.get_absolute_url()}#aenderungen", css)


def _css(amendment: Amendment) -> str:
    return "now" if amendment.state in (State.OPEN, State.OVERTAKEN, State.VOTING) else "done"


def _ballots(matter: Matter) -> Iterable[Link]:
    for one in matter.ballots:
        counted = one.counted_at is not None
        text = f"{one.number}: {one.get_outcome_display()}" if counted else f"{one.number}: {one.get_state_display()}"
        yield Link(_("Decision"), text, reverse("ballots:ballot", args=[one.slug, one.uuid]), "done" if counted else "now")


def _resolution(one: Resolution) -> Sequence[Link]:
    address = address_of(one)
    css = "done" if one.state in (ResolutionState.DONE, ResolutionState.REVOKED) else "now"
    made = [Link(_("Resolution"), f"{one.number or _('draft')}: {one.title}", address, css)]
    measures, done, reports = (getattr(one, name, 0) for name in ("n_measures", "n_done", "n_reports"))
    if measures:
        text = _("%(done)d of %(all)d done") % {"done": done, "all": measures}
        made.append(Link(_("Measures"), text, f"{address}#massnahmen", "done" if done == measures else "now"))
    if reports:
        text = ngettext("%d report", "%d reports", reports) % reports
        made.append(Link(pgettext("chain", "Report"), text, f"{address}#berichte", "done"))
    return made


def address_of(one: Resolution) -> str:
    """The page of a resolution; a draft, which has no number yet, has one of its own."""
    if one.serial is None:
        return reverse("resolutions:draft", args=[one.slug, one.uuid])
    return reverse("resolutions:resolution", args=[one.slug, one.year, one.serial])


def _key(thing: Any) -> str | None:
    """The address by which a thing is found again in its chain."""
    if isinstance(thing, Ballot):
        return reverse("ballots:ballot", args=[thing.slug, thing.uuid])
    if isinstance(thing, Resolution):
        return address_of(thing)
    return str(thing.get_absolute_url()) if hasattr(thing, "get_absolute_url") else None
