"""Questions about circles. Each begins at what its viewer may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from allmende.circles import access, letters, rules
from allmende.circles.models import Circle, CircleDate, CircleMember, MailInvitation, Note, NoteVersion, Task
from allmende.constitution.models import Cooperative
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Organisation, State
from allmende.electorates.rolls import Seat
from allmende.ground.text import shorten
from allmende.people.models import Person
from allmende.people.queries import Viewer, confirmed_addresses, is_person

NEWS_AT_MOST = 12
FOUND_AT_MOST = 12

# ------------------------------------------------------------------------------------------------------------- the list


def circles(viewer: Viewer, *, search: str = "", joining: str = "", which: str = "") -> QuerySet[Circle]:
    """What this viewer may know of, one's own first. `which`: mine, archived; otherwise all that work."""
    mine = _own(viewer)
    state = Subquery(mine.values("state")[:1])
    found = access.circles_visible_to(viewer).annotate(my_state=Coalesce(state, Value("")), organisations_count=organisations_count())
    found = found.filter(archived_at__isnull=which != "archived")
    if which == "mine":
        found = found.filter(my_state=rules.IN)
    if joining:
        found = found.filter(joining=joining)
    for word in search.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(purpose__icontains=word) | Q(organisation__name__icontains=word))
    mine_first = Case(When(my_state=rules.IN, then=0), default=1)
    return found.select_related("organisation").order_by(mine_first, "name", "pk")


def _own(viewer: Viewer) -> QuerySet[CircleMember]:
    held = CircleMember.objects.filter(circle=OuterRef("pk")).order_by()
    return held.filter(person=viewer) if is_person(viewer) else held.none()


def organisations_count() -> Coalesce:
    """How many organisations a circle's members come from, counting only those to which they still belong."""
    inside = CircleMember.objects.filter(access.still_belongs(), circle=OuterRef("pk"), state=rules.IN).order_by()
    counted = inside.values("circle").annotate(n=Count("organisation", distinct=True)).values("n")
    return Coalesce(Subquery(counted), Value(0))


def circle(viewer: Viewer, pk: int) -> Circle | None:
    """One of them; None where this viewer may not know of it."""
    found = access.circles_visible_to(viewer).annotate(organisations_count=organisations_count())
    return found.select_related("organisation").filter(pk=pk).first()


# -------------------------------------------------------------------------------------------------------------- members


def members(circle: Circle) -> list[CircleMember]:
    """Everybody inside, coordinators first; `belongs`: whether the organisation they came with is still theirs."""
    found = circle.members.filter(state=rules.IN).annotate(belongs=access.still_belongs()).select_related("person", "organisation")
    return list(found.order_by("role", "person__name", "pk"))


def requests_to(circle: Circle) -> list[CircleMember]:
    """Who has asked and waits."""
    found = circle.members.filter(state=rules.ASKED).annotate(belongs=access.still_belongs())
    return list(found.select_related("person", "organisation"))


@dataclass(frozen=True)
class Invited:
    """Invitations that wait, of one organisation: how many people, since when. Their names are not told before they accept."""

    organisation: Organisation | None
    people: int
    since: datetime


def invited_to(circle: Circle) -> list[Invited]:
    """The organisations whose people have not answered yet."""
    found: dict[int | None, Invited] = {}
    for one in circle.members.filter(state=rules.INVITED).select_related("organisation").order_by("since"):
        before = found.get(one.organisation_id)
        count = before.people + 1 if before else 1
        found[one.organisation_id] = Invited(one.organisation, count, before.since if before else one.since)
    return list(found.values())


def mail_invitations_to(circle: Circle) -> QuerySet[MailInvitation]:
    """Addresses that have not answered yet."""
    return circle.mail_invitations.filter(closed_at=None)


def organisations_to_invite(viewer: Viewer, search: str) -> list[Organisation]:
    """Published entries whose name holds all these words."""
    words = search.split()[:6]
    if not words:
        return []
    found = organisations_visible_to(viewer).filter(state=State.PUBLISHED)
    for word in words:
        found = found.filter(name__icontains=word)
    return list(found.order_by("name", "pk")[:FOUND_AT_MOST])


def mail_invitation(word: str) -> MailInvitation | None:
    """The invitation of a link."""
    pk = letters.read_link(word)
    found = MailInvitation.objects.select_related("circle__organisation", "by")
    return found.filter(pk=pk, closed_at=None).first() if pk else None


# ---------------------------------------------------------------------------------------------------------------- inside


def notes(viewer: Viewer, circle: Circle) -> QuerySet[Note]:
    """Its notes for this viewer, the latest first."""
    return access.notes_visible_to(viewer).filter(circle=circle)


def removed_notes(circle: Circle) -> QuerySet[Note]:
    """What can still be brought back."""
    since = timezone.now() - timedelta(days=rules.BIN_DAYS)
    return circle.notes.filter(deleted_at__gte=since, hidden_at=None).order_by("-deleted_at")


def newest(note: Note) -> NoteVersion:
    """What it says now, with who wrote it."""
    return note.versions.select_related("by").order_by("-number")[0]


def dates(circle: Circle, now: datetime) -> tuple[list[CircleDate], list[CircleDate]]:
    """Those to come, and those past, the latest of these first."""
    coming: list[CircleDate] = []
    past: list[CircleDate] = []
    for one in circle.dates.all():
        (past if rules.is_past(one.starts, one.ends, now) else coming).append(one)
    return coming, past[::-1]


def tasks(circle: Circle, viewer: Viewer, which: str) -> QuerySet[Task]:
    """Its tasks: mine (open ones), done, or all open ones."""
    found = circle.tasks.select_related("owner", "done_by")
    if which == "done":
        return found.filter(done_at__isnull=False).order_by("-done_at", "-pk")
    found = found.filter(done_at=None).order_by(F("due").asc(nulls_last=True), "pk")
    if which == "mine":
        return found.filter(owner=viewer) if is_person(viewer) else found.none()
    return found


def task_counts(circle: Circle, viewer: Viewer) -> Mapping[str, int]:
    """How many open, mine and done."""
    person = viewer.pk if is_person(viewer) else 0
    is_open = Q(done_at=None)
    counted: dict[str, int] = circle.tasks.order_by().aggregate(
        open=Count("pk", filter=is_open), mine=Count("pk", filter=is_open & Q(owner=person)), done=Count("pk", filter=~is_open)
    )
    return counted


def feed_of(word: str) -> CircleMember | None:
    """Whose calendar feed this is, as long as they are inside."""
    found = CircleMember.objects.filter(feed_word=word, state=rules.IN, person__is_active=True)
    return found.select_related("circle").first() if word else None


# ----------------------------------------------------------------------------------------------------------- my own area


def mine(person: Person) -> list[CircleMember]:
    """The circles one is in."""
    found = CircleMember.objects.filter(person=person, state=rules.IN, circle__archived_at=None)
    return list(found.select_related("circle").order_by("circle__name", "pk"))


def my_tasks(person: Person) -> QuerySet[Task]:
    """What one has to do, the most urgent first."""
    inside = access.circles_inside(person).filter(archived_at=None)
    found = Task.objects.filter(owner=person, done_at=None, circle__in=inside.values("pk"))
    return found.select_related("circle").order_by(F("due").asc(nulls_last=True), "pk")


def my_dates(person: Person, now: datetime) -> QuerySet[CircleDate]:
    """What comes next in one's circles."""
    inside = access.circles_inside(person).filter(archived_at=None)
    found = CircleDate.objects.filter(circle__in=inside.values("pk"), cancelled_at=None)
    coming = found.filter(Q(ends__gte=now) | Q(ends=None, starts__gte=now - timedelta(hours=2)))
    return coming.select_related("circle").order_by("starts", "pk")


def my_calendar(person: Person, now: datetime) -> QuerySet[CircleDate]:
    """The dates of one's circles from two months ago on, those called off as well: calendars that hold them have to learn of it."""
    inside = access.circles_inside(person).filter(archived_at=None)
    found = CircleDate.objects.filter(circle__in=inside.values("pk"), starts__gte=now - timedelta(days=60))
    return found.select_related("circle").order_by("starts", "pk")


def my_invitations(person: Person) -> list[CircleMember]:
    """Circles one is invited to through an organisation."""
    found = CircleMember.objects.filter(person=person, state=rules.INVITED, circle__archived_at=None, circle__hidden_at=None)
    return list(found.select_related("circle", "organisation"))


def my_mail_invitations(person: Person) -> list[MailInvitation]:
    """Invitations to one of one's own confirmed addresses."""
    since = timezone.now() - timedelta(days=rules.INVITATION_DAYS)
    found = MailInvitation.objects.filter(email__in=confirmed_addresses(person), closed_at=None, sent_at__gt=since)
    return list(found.filter(circle__archived_at=None, circle__hidden_at=None).select_related("circle"))


def to_decide(person: Person) -> list[CircleMember]:
    """Requests to circles one coordinates."""
    led = CircleMember.objects.filter(person=person, state=rules.IN, role=rules.COORDINATOR)
    found = CircleMember.objects.filter(state=rules.ASKED, circle__in=led.values("circle"), circle__archived_at=None)
    return list(found.select_related("circle", "person"))


def to_name(person: Person) -> list[Circle]:
    """Circles of organisations one looks after that nobody coordinates any more."""
    hosted = Circle.objects.filter(organisation__in=access.may_host_with(person).values("pk"), archived_at=None, hidden_at=None)
    led = CircleMember.objects.filter(state=rules.IN, role=rules.COORDINATOR, person__is_active=True)
    return list(hosted.exclude(pk__in=led.values("circle")))


# ------------------------------------------------------------------------------------------------------------------ news


def news(member: CircleMember, now: datetime) -> list[str]:
    """What others changed in the circle since this member was told, one line each, in the language of the moment."""
    since, circle = member.told_at or member.since, member.circle
    lines = [
        *_of_notes(circle, member, since),
        *_of_dates(circle, member, since),
        *_of_tasks(circle, member, since),
        *_of_members(circle, member, since),
    ]
    if len(lines) > NEWS_AT_MOST:
        rest = len(lines) - NEWS_AT_MOST
        lines = [*lines[:NEWS_AT_MOST], _("And %d more: see the page of the circle.") % rest]
    return lines


def _of_notes(circle: Circle, member: CircleMember, since: datetime) -> list[str]:
    written = NoteVersion.objects.filter(note__circle=circle, note__deleted_at=None, note__hidden_at=None, at__gt=since)
    titles = written.exclude(by=member.person_id).order_by("note").values_list("note", "note__title").distinct()
    return [_("Note: %s") % title for _pk, title in titles]


def _of_dates(circle: Circle, member: CircleMember, since: datetime) -> list[str]:
    changed = circle.dates.filter(changed_at__gt=since).exclude(Q(by=member.person_id) & Q(revision=0))
    return [_date_line(one) for one in changed]


def _date_line(one: CircleDate) -> str:
    said = {"title": one.title, "when": date_format(localtime(one.starts), "SHORT_DATETIME_FORMAT")}
    return (_("Called off: %(title)s, %(when)s") if one.cancelled_at else _("Date: %(title)s, %(when)s")) % said


def _of_tasks(circle: Circle, member: CircleMember, since: datetime) -> list[str]:
    new = circle.tasks.filter(created_at__gt=since, done_at=None).exclude(created_by=member.person_id)
    done = circle.tasks.filter(done_at__gt=since).exclude(done_by=member.person_id)
    return [_("New task: %s") % one.title for one in new] + [_("Done: %s") % one.title for one in done]


def _of_members(circle: Circle, member: CircleMember, since: datetime) -> list[str]:
    new = circle.members.filter(state=rules.IN, since__gt=since).exclude(pk=member.pk).select_related("person")
    return [_("New member: %s") % shorten(letters.called(one.person), 80) for one in new]


# --------------------------------------------------------------------------------------------------------- circles that decide


def deciding_circles(cooperative: Cooperative) -> list[tuple[str, str]]:
    """The circles a cooperative hosts and that work, as (uuid, name): one of them can be asked to decide."""
    found = Circle.objects.filter(organisation=cooperative.organisation_id, archived_at=None, hidden_at=None)
    return [(str(uuid), name) for uuid, name in found.values_list("uuid", "name")]


def seats(cooperative: Cooperative, uuid: str) -> list[Seat]:
    """Who is in such a circle today."""
    inside = CircleMember.objects.filter(circle__organisation=cooperative.organisation_id, circle__uuid=uuid, state=rules.IN)
    found = inside.filter(person__is_active=True, person__is_service=False).select_related("person").order_by("pk")
    return [Seat(f"c:{one.pk}", one.person_id, str(one.person)) for one in found]
