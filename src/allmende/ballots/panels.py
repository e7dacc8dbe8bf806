"""What this room shows elsewhere: its link, the decision panel, decisions about a thing, what waits to be decided."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, Max
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ballots import access, queries, wording
from allmende.ballots.deciding import panel_for
from allmende.ballots.models import Ballot, Outcome, State
from allmende.calendars.export import Entry
from allmende.calendars.sources import source
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.electorates import access as electorates
from allmende.electorates.models import Electorate
from allmende.ground import outbox
from allmende.people.models import Person
from allmende.web.panels import panel

MOST_SHOWN = 3
TIE_WAITS = timedelta(days=30)
LOOKS_BACK = timedelta(days=60)


@panel("cooperative.sub.deciding", order=40)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """Ballots, for who takes part; for guests where there is a public one."""
    if not electorates.takes_part(request.user, cooperative) and not queries.ballots_of(request.user, cooperative).exists():
        return ""
    return link(request, cooperative, "ballots:ballots", _("Ballots"), current=("ballots",))


@panel("ballot.panel")
def decision(request: HttpRequest, ballot: Ballot) -> str:
    """Papers, time left and turnout of one ballot; nothing for whoever does not see it."""
    if not access.ballots_visible_to(request.user).filter(pk=ballot.pk).exists():
        return ""
    return render_to_string("ballots/parts/decision.html", {"panel": panel_for(ballot, request.user, timezone.now())}, request)


@panel("thing.ballots")
def about(request: HttpRequest, thing: models.Model) -> str:
    """What was and is decided about a thing."""
    seen = access.ballots_visible_to(request.user)
    found = seen.filter(about_kind=thing._meta.label_lower, about_id=thing.pk).exclude(state=State.DRAFT)[:20]
    rows = [(one, " ".join(wording.rule_in_words(one.rule)[:1])) for one in found]
    return render_to_string("ballots/parts/about.html", {"rows": rows}, request) if rows else ""


@panel("people.waiting", order=5)
def waiting(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": what may be decided now, and until when."""
    rows = [one for one in queries.open_for(request.user, timezone.now()) if one.missing]
    return render_to_string("ballots/parts/waiting.html", {"rows": rows[:10]}, request) if rows else ""


@panel("cooperative.main", order=15)
def main(request: HttpRequest, cooperative: Cooperative) -> str:
    """On the overview: what is open, for those who see it."""
    now = timezone.now()
    found = queries.ballots_of(request.user, cooperative).filter(state=State.OPEN, opens_at__lte=now, closes_at__gt=now)
    rows = list(found.order_by("closes_at")[:MOST_SHOWN])
    return render_to_string("ballots/parts/main.html", {"cooperative": cooperative, "rows": rows}, request) if rows else ""


@panel("cooperative.waiting", order=15)
def waiting_here(request: HttpRequest, cooperative: Cooperative) -> str:
    """For board and administration: drafts, ties somebody has to speak about, counts that failed."""
    if not access.may_prepare(request.user, cooperative):
        return ""
    here = Ballot.objects.filter(cooperative=cooperative)
    drafts = list(here.filter(state=State.DRAFT)[:5])
    ties = list(here.filter(outcome=Outcome.TIE, counted_at__gte=timezone.now() - TIE_WAITS)[:5])
    stuck = [one for one in here.filter(state=State.CLOSED)[:5] if one.stuck]
    context = {"cooperative": cooperative, "rows": drafts, "ties": ties, "stuck": stuck}
    return render_to_string("ballots/parts/waiting_here.html", context, request) if drafts or ties or stuck else ""


@panel("electorate.head")
def of_roll(request: HttpRequest, electorate: Electorate) -> str:
    """Over a roll of voters: the way back to the ballot it was made for."""
    found = access.ballots_visible_to(request.user).filter(electorate=electorate).first()
    return render_to_string("ballots/parts/of_roll.html", {"ballot": found}, request) if found else ""


@source("ballots")
def ends(person: Person) -> list[Entry]:
    """In somebody's own calendar: until when they can vote, the last half hour of each ballot; cancelled ones are called off there."""
    found = queries.in_calendar_of(person, timezone.now() - LOOKS_BACK).annotate(n_changes=Count("changes"), changed_at=Max("changes__at"))
    return [
        Entry(
            uid=f"ballot-{one.uuid}",
            changed_at=one.changed_at or one.opened_at or one.created_at,
            starts=one.closes_at - timedelta(minutes=30),
            ends=one.closes_at,
            title=_("Voting ends: %(title)s") % {"title": one.title},
            text=outbox.link(reverse("ballots:cast", args=[one.slug, one.uuid])),
            revision=one.n_changes,
            is_cancelled=one.state == State.CANCELLED,
        )
        for one in found[:200]
    ]
