"""Two at once, with transactions that really end: a call is entered once, a line confirmed or taken back, nothing of many calls lost."""

import pytest
from django.db import connection
from django.utils.timezone import localdate

from allmende.contributions import actions
from allmende.contributions.models import Confirmation, Contribution, Posting
from tests.contributions.scene import scene
from tests.members.test_at_once import both

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_call_twice_at_once_is_entered_once_and_many_calls_are_all_there() -> None:
    of = scene()
    key, _word = actions.create_key(of.cooperative, "kasse", may_post=True, may_read=True, by=of.board)
    row = {"member": of.anna.number, "type": "arbeit", "amount": "1", "done_on": localdate().isoformat()}
    answers: list[dict[str, object]] = []
    ends = both(*[lambda: answers.append(actions.post_contributions(key, [row], once="a")) for _twice in range(2)])
    assert (ends, len(answers), Contribution.objects.count()) == (["done", "done"], 2, 1)
    assert answers[0] == answers[1]
    ends = both(*[lambda: [actions.post_contributions(key, [row] * 2) for _many in range(5)] for _thread in range(4)])
    assert (ends, Contribution.objects.count(), Posting.objects.count()) == (["done"] * 4, 41, 21)
    # one confirms while the member takes back: one of both, and what counts fits
    line = of.enter(of.anna)
    ends = both(
        lambda: actions.decide_contributions(of.cooperative, [line.uuid], "confirmed", by=of.second),
        lambda: actions.reverse_contribution(line, by=of.anna.person),  # type: ignore[arg-type]
    )
    is_confirmed = Confirmation.objects.filter(contribution=line).exists()
    assert is_confirmed != Contribution.objects.filter(reverses=line).exists(), ends


@pytest.mark.parametrize("table", ["contribution", "confirmation", "rulechoice", "closedyear"])
def test_the_ledgers_guard_is_there_after_all_migrations(table: str) -> None:
    name = f"contributions_{table}_append_only"
    if connection.vendor == "sqlite":
        question = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s"
    else:
        question = "SELECT count(*) FROM pg_trigger WHERE tgname = %s"
    with connection.cursor() as cursor:
        cursor.execute(question, [name])
        assert cursor.fetchone()[0] == 1
