"""Notes with versions, two at once, dates, links, tasks; what is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from allmende.circles import actions, queries
from allmende.circles.models import CircleMember, Note, Task
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice
from tests.circles.cast import bring_in, note, scene

pytestmark = pytest.mark.django_db


def test_a_note_keeps_every_version() -> None:
    made = scene()
    item = note(made)
    actions.save_note(item, title="Treffen", text="Zweite", base=1, by=made.people["anna"])
    actions.save_note(item, title="Treffen", text="Zweite", base=2, by=made.people["anna"])  # nothing new: no version
    assert [(one.number, one.text, one.base_id and one.base.number) for one in item.versions.all()] == [  # type: ignore[union-attr]
        (2, "Zweite", 1),
        (1, "Erste Fassung", None),
    ]


def test_who_was_overtaken_loses_nothing_and_writes_nothing() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    item = note(made)
    actions.save_note(item, title="Treffen", text="von Clara", base=1, by=made.people["clara"])
    with pytest.raises(actions.Overtaken) as no:
        actions.save_note(item, title="Treffen", text="von Anna", base=1, by=made.people["anna"])
    assert no.value.newest.text == "von Clara"
    assert item.versions.count() == 2
    actions.save_note(item, title="Treffen", text="von beiden", base=2, by=made.people["anna"])
    assert queries.newest(item).text == "von beiden"


def test_an_older_version_is_restored_as_a_new_one() -> None:
    made = scene()
    item = note(made)
    actions.save_note(item, title="Anders", text="Zweite", base=1, by=made.people["anna"])
    first = item.versions.get(number=1)
    restored = actions.restore_version(first, by=made.people["anna"])
    item.refresh_from_db()
    assert (restored.number, restored.text, item.title) == (3, "Erste Fassung", "Treffen")
    with pytest.raises(Refused, match="exactly this"):
        actions.restore_version(first, by=made.people["anna"])


def test_a_removed_note_comes_back_for_a_month() -> None:
    made = scene()
    item = note(made)
    actions.remove_note(item, by=made.people["anna"])
    assert not queries.notes(made.people["anna"], made.circle).exists()
    with pytest.raises(Refused, match="removed"):
        actions.save_note(item, title="T", text="x", base=1, by=made.people["anna"])
    actions.bring_back_note(item, by=made.people["anna"])
    assert queries.notes(made.people["anna"], made.circle).count() == 1
    actions.remove_note(item, by=made.people["anna"])
    assert actions.purge_notes() == 0
    Note.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    assert actions.purge_notes() == 1


@pytest.mark.parametrize("name", ["ben", "clara", "hanna", "frida"])
def test_who_is_not_in_writes_nothing(name: str) -> None:
    made = scene()
    item = note(made)
    who = made.people[name]
    now = timezone.now()
    date = actions.add_date(made.circle, title="x", starts=now, by=made.people["anna"])
    link = actions.add_link(made.circle, label="x", url="https://a.example", by=made.people["anna"])
    task = actions.add_task(made.circle, title="x", by=made.people["anna"])
    tries: list[Any] = [
        lambda: actions.write_note(made.circle, title="x", text="", by=who),
        lambda: actions.save_note(item, title="x", text="", base=1, by=who),
        lambda: actions.remove_note(item, by=who),
        lambda: actions.restore_version(item.versions.get(), by=who),
        lambda: actions.add_date(made.circle, title="x", starts=now, by=who),
        lambda: actions.call_off_date(date, by=who),
        lambda: actions.add_link(made.circle, label="x", url="https://a.example", by=who),
        lambda: actions.remove_link(link, by=who),
        lambda: actions.add_task(made.circle, title="x", by=who),
        lambda: actions.tick_task(task, is_done=True, by=who),
        lambda: actions.feed_word(made.circle, by=who),
        lambda: actions.change_own(made.circle, organisation=None, wants_digest=True, by=who),
        lambda: actions.archive_circle(made.circle, by=who),
    ]
    for one in tries:
        with pytest.raises(NotAllowed):
            one()


def test_an_archived_circle_rests() -> None:
    made = scene()
    item = note(made)
    actions.archive_circle(made.circle, by=made.people["anna"])
    with pytest.raises(Refused, match="archived"):
        actions.save_note(item, title="x", text="y", base=1, by=made.people["anna"])
    with pytest.raises(Refused, match="archived"):
        actions.add_task(made.circle, title="x", by=made.people["anna"])
    actions.reopen_circle(made.circle, by=made.people["anna"])
    actions.save_note(item, title="x", text="y", base=1, by=made.people["anna"])


def test_texts_have_their_measure() -> None:
    made = scene()
    with pytest.raises(BadInput, match="too long"):
        actions.write_note(made.circle, title="x", text="x" * 20_001, by=made.people["anna"])
    with pytest.raises(BadInput, match="title"):
        actions.write_note(made.circle, title=" \x00 ", text="x", by=made.people["anna"])


def test_dates_end_after_they_begin_and_lie_in_our_time() -> None:
    made = scene()
    now = timezone.now()
    for starts, ends in ((now, now), (now, now - timedelta(hours=1)), (now.replace(year=1990), None), (now, now.replace(year=2400))):
        with pytest.raises(BadInput):
            actions.add_date(made.circle, title="x", starts=starts, ends=ends, by=made.people["anna"])
    item = actions.add_date(made.circle, title="x", starts=now + timedelta(days=1), by=made.people["anna"])
    item = actions.call_off_date(item, by=made.people["anna"])
    with pytest.raises(Refused, match="already"):
        actions.call_off_date(item, by=made.people["anna"])
    item = actions.reinstate_date(item, by=made.people["anna"])
    assert (item.cancelled_at, item.revision) == (None, 2)


def test_links_lead_to_the_web_only() -> None:
    made = scene()
    for url in ("javascript:alert(1)", "ftp://a.example", "//a.example", "data:text/html,x"):
        with pytest.raises(BadInput):
            actions.add_link(made.circle, label="x", url=url, by=made.people["anna"])


def test_a_task_goes_to_members_only_and_who_gets_it_is_told() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    with pytest.raises(BadInput):
        actions.add_task(made.circle, title="x", owner=made.people["hanna"], by=made.people["anna"])
    task = actions.add_task(made.circle, title="Anrufen", owner=made.people["clara"], by=made.people["anna"])
    told = Notice.objects.get(person=made.people["clara"], kind="circles.task_given")
    assert told.subject == "Task for you: Anrufen"
    assert "?tasks=mine" in told.path
    actions.change_task(task, title="Anrufen", owner=made.people["clara"], due=None, by=made.people["anna"])
    actions.change_task(task, title="Anrufen", owner=made.people["anna"], due=None, by=made.people["anna"])
    assert Notice.objects.filter(kind="circles.task_given").count() == 1  # not again, and nobody is told of what they took themselves


def test_ticking_twice_changes_nothing() -> None:
    made = scene()
    task = actions.add_task(made.circle, title="x", by=made.people["anna"])
    first = actions.tick_task(task, is_done=True, by=made.people["anna"]).done_at
    assert actions.tick_task(task, is_done=True, by=made.people["anna"]).done_at == first
    assert actions.tick_task(task, is_done=False, by=made.people["anna"]).done_at is None


def test_what_is_due_tomorrow_is_said_once_and_in_one_notice() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for title in ("Eins", "Zwei"):
        actions.add_task(made.circle, title=title, owner=made.people["clara"], due=tomorrow, by=made.people["anna"])
    actions.add_task(made.circle, title="niemand", due=tomorrow, by=made.people["anna"])
    done = actions.add_task(made.circle, title="fertig", owner=made.people["anna"], due=tomorrow, by=made.people["anna"])
    actions.tick_task(done, is_done=True, by=made.people["anna"])
    assert actions.remind_of_tasks() == 1
    assert actions.remind_of_tasks() == 0
    told = Notice.objects.get(kind="circles.task_due")
    assert (told.person, told.subject) == (made.people["clara"], "2 tasks are due tomorrow")
    Task.objects.update(reminded_for=None)
    actions.leave_circle(made.circle, by=made.people["clara"])
    Task.objects.filter(title="Eins").update(owner=made.people["clara"])
    assert actions.remind_of_tasks() == 0


def test_the_daily_news_tell_what_others_did_and_only_those_who_want_it() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    CircleMember.objects.update(told_at=timezone.now() - timedelta(hours=1), since=timezone.now() - timedelta(days=2))
    note(made, title="Neues Papier")
    actions.add_date(made.circle, title="Treffen", starts=timezone.now() + timedelta(days=3), by=made.people["anna"])
    actions.add_task(made.circle, title="Anrufen", by=made.people["clara"])
    assert actions.tell_news() == 2
    anna, clara = (Notice.objects.get(kind="circles.digest", person=made.people[name]).text for name in ("anna", "clara"))
    assert "- Note: Neues Papier" in clara and "- Date: Treffen" in clara and "Anrufen" not in clara
    assert "- New task: Anrufen" in anna and "Papier" not in anna
    assert actions.tell_news() == 0
    actions.change_own(made.circle, organisation=made.other, wants_digest=False, by=made.people["clara"])
    note(made, title="Noch eins")
    assert actions.tell_news() == 0


def test_what_was_hidden_after_a_report_is_read_by_nobody_until_it_is_back() -> None:
    made = scene()
    item = note(made)
    actions.hide_note(item, by=made.people["frida"])
    assert not queries.notes(made.people["anna"], made.circle).exists()
    with pytest.raises(NotAllowed):
        actions.save_note(item, title="x", text="y", base=1, by=made.people["anna"])
    actions.unhide_note(item, by=made.people["frida"])
    assert queries.notes(made.people["anna"], made.circle).count() == 1
