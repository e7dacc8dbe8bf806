"""Dates, links and tasks of a circle: every member adds and changes them."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.circles import access, letters, rules
from allmende.circles.actions.founding import locked, worked_on
from allmende.circles.models import Circle, CircleDate, CircleLink, Task
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.people.queries import is_person

# ------------------------------------------------------------------------------------------------------------------ dates


def _require_times(starts: datetime, ends: datetime | None) -> None:
    now = timezone.now()
    sensible = rules.is_sensible(starts, now) and (ends is None or rules.is_sensible(ends, now))
    require(sensible, _("Please check the year."), BadInput)
    require(ends is None or ends > starts, _("The end lies before the beginning."), BadInput)


@transaction.atomic
def add_date(
    circle: Circle, *, title: str, starts: datetime, ends: datetime | None = None, place: str = "", text: str = "", by: Person
) -> CircleDate:
    """A date for everybody in the circle."""
    circle = worked_on(circle, by)
    require(circle.dates.count() < rules.DATES, _("This circle has very many dates already."))
    _require_times(starts, ends)
    said = {"title": _line(title, 140), "starts": starts, "ends": ends, "place": _line(place, 500), "text": clean(text)[:2_000]}
    added = CircleDate.objects.create(circle=circle, by=by, **said)
    trail.record("circles.date_added", by=by, about=added, circle=circle.pk)
    return added


@transaction.atomic
def change_date(item: CircleDate, *, title: str, starts: datetime, ends: datetime | None, place: str, text: str, by: Person) -> CircleDate:
    """Another time or place; subscribed calendars see it as the same date, changed."""
    item = _date(item, by)
    _require_times(starts, ends)
    item.title, item.starts, item.ends = _line(title, 140), starts, ends
    item.place, item.text = _line(place, 500), clean(text)[:2_000]
    item.revision += 1
    item.save()
    trail.record("circles.date_changed", by=by, about=item, circle=item.circle_id)
    return item


@transaction.atomic
def call_off_date(item: CircleDate, *, by: Person) -> CircleDate:
    """It does not take place, and calendars are told so."""
    item = _date(item, by)
    require(item.cancelled_at is None, _("This date is called off already."))
    item.cancelled_at, item.revision = timezone.now(), item.revision + 1
    item.save()
    trail.record("circles.date_called_off", by=by, about=item, circle=item.circle_id)
    return item


@transaction.atomic
def reinstate_date(item: CircleDate, *, by: Person) -> CircleDate:
    """It takes place after all."""
    item = _date(item, by)
    require(item.cancelled_at, _("This date was not called off."))
    item.cancelled_at, item.revision = None, item.revision + 1
    item.save()
    trail.record("circles.date_reinstated", by=by, about=item, circle=item.circle_id)
    return item


def _date(item: CircleDate, by: Person) -> CircleDate:
    circle = worked_on(item.circle, by)
    found = CircleDate.objects.select_for_update(of=("self",)).get(pk=item.pk, circle=circle)
    found.circle = circle
    return found


@transaction.atomic
def feed_word(circle: Circle, *, by: Person, renew: bool = False) -> str:
    """The secret word in the address of one's own calendar feed of the circle; a new one makes the old address useless."""
    circle = locked(circle)
    mine = circle.members.filter(person=by, state=rules.IN).first()
    require(mine and is_person(by), _("Only members of the circle can do this."), NotAllowed)
    assert mine is not None  # noqa: S101 - said for mypy, required above
    if renew or not mine.feed_word:
        mine.feed_word = secrets.token_urlsafe(24)
        mine.save(update_fields=["feed_word"])
        trail.record("circles.feed_renewed", by=by, about=circle)
    return mine.feed_word


# ------------------------------------------------------------------------------------------------------------------ links


def _require_web(url: str) -> None:
    require(url.startswith(("https://", "http://")), _("The address begins with https:// or http://."), BadInput)


@transaction.atomic
def add_link(circle: Circle, *, label: str, url: str, about: str = "", by: Person) -> CircleLink:
    """A way to where the circle works otherwise: chat, files, video room."""
    circle = worked_on(circle, by)
    require(circle.links.count() < rules.LINKS, _("This circle has very many links. Please remove some first."))
    _require_web(url)
    added = CircleLink.objects.create(circle=circle, by=by, label=_line(label, 120), url=url, about=_line(about, 200))
    trail.record("circles.link_added", by=by, about=added, circle=circle.pk)
    return added


@transaction.atomic
def change_link(item: CircleLink, *, label: str, url: str, about: str, by: Person) -> CircleLink:
    """Another name or address."""
    item = _link(item, by)
    _require_web(url)
    item.label, item.url, item.about = _line(label, 120), url, _line(about, 200)
    item.save()
    trail.record("circles.link_changed", by=by, about=item, circle=item.circle_id)
    return item


@transaction.atomic
def remove_link(item: CircleLink, *, by: Person) -> None:
    """Off the page."""
    item = _link(item, by)
    trail.record("circles.link_removed", by=by, about=item, circle=item.circle_id)
    item.delete()


def _link(item: CircleLink, by: Person) -> CircleLink:
    circle = worked_on(item.circle, by)
    found = CircleLink.objects.select_for_update(of=("self",)).get(pk=item.pk, circle=circle)
    found.circle = circle
    return found


# ------------------------------------------------------------------------------------------------------------------ tasks


def _require_owner(circle: Circle, owner: Person | None) -> None:
    is_there = owner is None or access.members_of(circle).filter(pk=owner.pk).exists()
    require(is_there, _("Choose a member of the circle, or nobody yet."), BadInput)


@transaction.atomic
def add_task(circle: Circle, *, title: str, owner: Person | None = None, due: date | None = None, by: Person) -> Task:
    """Something to be done. Who is to do it is told."""
    circle = worked_on(circle, by)
    count = circle.tasks.filter(done_at=None).count()
    require(count < rules.TASKS, _("This circle has very many open tasks. Please finish or remove some first."))
    _require_owner(circle, owner)
    task = Task.objects.create(circle=circle, title=_line(title, 200), owner=owner, due=due, created_by=by)
    trail.record("circles.task_added", by=by, about=task, circle=circle.pk)
    letters.task_given(task, by=by)
    return task


@transaction.atomic
def change_task(task: Task, *, title: str, owner: Person | None, due: date | None, by: Person) -> Task:
    """Other words, somebody else, another date."""
    task = _task(task, by)
    was = task.owner_id
    if owner is None or owner.pk != was:
        _require_owner(task.circle, owner)
    task.title, task.owner, task.due = _line(title, 200), owner, due
    task.save()
    trail.record("circles.task_changed", by=by, about=task, circle=task.circle_id)
    if task.owner_id != was:
        letters.task_given(task, by=by)
    return task


@transaction.atomic
def tick_task(task: Task, *, is_done: bool, by: Person) -> Task:
    """Done, or not after all. Ticking twice changes nothing."""
    task = _task(task, by)
    if is_done == (task.done_at is not None):
        return task
    task.done_at, task.done_by = (timezone.now(), by) if is_done else (None, None)
    task.save(update_fields=["done_at", "done_by"])
    trail.record("circles.task_done" if is_done else "circles.task_reopened", by=by, about=task, circle=task.circle_id)
    return task


@transaction.atomic
def remove_task(task: Task, *, by: Person) -> None:
    """Off the list."""
    task = _task(task, by)
    trail.record("circles.task_removed", by=by, about=task, circle=task.circle_id)
    task.delete()


def _task(task: Task, by: Person) -> Task:
    circle = worked_on(task.circle, by)
    found = Task.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task.pk, circle=circle)
    found.circle = circle
    return found


def _line(text: str, limit: int) -> str:
    return " ".join(clean(text).split())[:limit]
