"""What the register answers to counts: a draft that waits for its outcome statement. And what it adds to calendars: what is due."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ballots.models import Ballot
from allmende.calendars.export import Entry as Line
from allmende.calendars.sources import source
from allmende.ground import outbox
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.people.models import Person
from allmende.resolutions import access, actions
from allmende.resolutions.letters import path_of
from allmende.resolutions.models import Resolution, State

MOST_DUE = 200


@on("ballots.ballot_counted")
def counted(entry: Entry) -> None:
    """Every outcome but objections leads to a resolution, also one that was not adopted."""
    actions.draft_from_ballot(Ballot.objects.select_related("cooperative__organisation", "electorate").get(pk=entry.about))


@source("resolutions")
def due(person: Person) -> list[Line]:
    """In somebody's own calendar: on which day their measures and resolutions are due, as long as they are open."""
    measures = access.measures_of(person).exclude(due_on=None).order_by("due_on", "pk")[:MOST_DUE]
    mine = access.resolutions_visible_to(person).filter(person=person, state=State.IN_WORK).exclude(due_on=None)
    whole = mine.annotate(n_reports=Count("reports"), changed_at=Max("reports__at")).order_by("due_on", "pk")[:MOST_DUE]
    return [
        *(_line(f"measure-{one.uuid}", one.due_on, one.text, one.resolution, one.created_at) for one in measures),
        *(_line(f"resolution-{one.uuid}", one.due_on, one.title, one, one.changed_at or one.entered_at, one.n_reports) for one in whole),
    ]


def _line(uid: str, day: date | None, what: str, resolution: Resolution, changed_at: datetime | None, revision: int = 0) -> Line:
    starts = timezone.make_aware(datetime.combine(day or date.max, time()))
    return Line(
        uid=uid,
        changed_at=changed_at or resolution.created_at,
        starts=starts,
        ends=starts + timedelta(days=1),
        title=_("Due: %(what)s") % {"what": what[:200]},
        text=f"{_('Resolution %(number)s') % {'number': resolution.number}}\n{outbox.link(path_of(resolution))}",
        revision=revision,
        is_whole_day=True,
    )
