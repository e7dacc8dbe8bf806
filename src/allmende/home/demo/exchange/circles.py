"""Two working groups: one open, with notes in several versions; one on request, where somebody waits."""

from datetime import timedelta
from typing import Any

from allmende.circles import actions
from allmende.circles.models import Circle, CircleDate, CircleLink, CircleMember, Note, NoteVersion, Task
from allmende.home.demo.exchange.cast import Cast, Row, story


def meet(cast: Cast) -> None:
    """All circles of the story."""
    for row in story("circles"):
        facts = {name: row[name] for name in ("name", "purpose", "joining", "audience", "notes_open")}
        with cast.told(row["founded"]):
            circle = actions.found_circle(cast.home(row["by"]), by=cast.people[row["by"]], **facts)
        _come(cast, circle, row)
        _plan(cast, circle, row)
        for note in row["notes"]:
            _write(cast, circle, note)
        _set_back(cast, circle, row)


def _come(cast: Cast, circle: Circle, row: Row) -> None:
    """Members join, ask and are let in, ask and wait, or are invited and have not answered."""
    lead = cast.people[row["by"]]
    for name, days in row.get("members", []):
        actions.join_circle(circle, organisation=cast.home(name), by=cast.people[name])
        _since(cast, circle, name, days)
    for name, days, word in row.get("asked_in", []):
        with cast.told(days):
            asked = actions.ask_to_join(circle, organisation=cast.home(name), word=word, by=cast.people[name])
            member = actions.accept_request(asked, by=lead)
        _since(cast, circle, name, days)
        if name in row.get("coordinators", []):
            with cast.told(days):
                actions.change_role(member, "coordinator", by=lead)
    for name, days, word in row.get("asks", []):
        with cast.told(days):
            actions.ask_to_join(circle, organisation=cast.home(name), word=word, by=cast.people[name])
        _since(cast, circle, name, days)
    for organisation in cast.named(row.get("invited", [])):
        with cast.told(3):
            actions.invite_organisation(circle, organisation, word=row["invitation"], by=lead)
        CircleMember.objects.filter(circle=circle, organisation=organisation).update(since=cast.ago(3))


def _since(cast: Cast, circle: Circle, name: str, days: float) -> None:
    CircleMember.objects.filter(circle=circle, person=cast.people[name]).update(since=cast.ago(days))


def _plan(cast: Cast, circle: Circle, row: Row) -> None:
    for label, url, about, name in row["links"]:
        made = actions.add_link(circle, label=label, url=url, about=about, by=cast.people[name])
        CircleLink.objects.filter(pk=made.pk).update(created_at=cast.ago(20))
    for title, days, hour, minutes, place, text, name in row["dates"]:
        starts = cast.at(days, hour)
        times: dict[str, Any] = {"starts": starts, "ends": starts + timedelta(minutes=minutes)}
        added = actions.add_date(circle, title=title, place=place, text=text, by=cast.people[name], **times)
        CircleDate.objects.filter(pk=added.pk).update(created_at=cast.ago(25), changed_at=cast.ago(25))
    for title, owner, days, done_by in row["tasks"]:
        _task(cast, circle, title, owner, days, done_by, row)


def _task(cast: Cast, circle: Circle, title: str, owner: str | None, days: int, done_by: str | None, row: Row) -> None:
    with cast.told(16):
        who = cast.people[owner] if owner else None
        task = actions.add_task(circle, title=title, owner=who, due=cast.day(days), by=cast.people[row["by"]])
    Task.objects.filter(pk=task.pk).update(created_at=cast.ago(16))
    if done_by:
        actions.tick_task(task, is_done=True, by=cast.people[done_by])
        Task.objects.filter(pk=task.pk).update(done_at=cast.ago(-days))


def _write(cast: Cast, circle: Circle, row: Row) -> None:
    (name, days, text), *later = row["versions"]
    note = actions.write_note(circle, title=row["title"], text=text, by=cast.people[name])
    NoteVersion.objects.filter(note=note).update(at=cast.ago(days))
    for number, (name, days, text) in enumerate(later, 1):
        version = actions.save_note(note, title=row["title"], text=text, base=number, by=cast.people[name])
        NoteVersion.objects.filter(pk=version.pk).update(at=cast.ago(days))
    Note.objects.filter(pk=note.pk).update(created_at=cast.ago(row["versions"][0][1]), changed_at=cast.ago(days))


def _set_back(cast: Cast, circle: Circle, row: Row) -> None:
    founded = cast.ago(row["founded"])
    Circle.objects.filter(pk=circle.pk).update(created_at=founded, changed_at=cast.ago(17))
    CircleMember.objects.filter(circle=circle, person=cast.people[row["by"]]).update(since=founded)
