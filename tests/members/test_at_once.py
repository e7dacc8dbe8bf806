"""Two at once, with transactions that really end: numbers are handed out once, the last share goes once, a change is decided once."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, connections

from allmende.ground.refusals import Refused
from allmende.members import actions
from allmende.members.actions import Named
from allmende.members.models import DataChange, Membership, Particulars, ShareEntry
from tests import coops

pytestmark = pytest.mark.django_db(transaction=True)


def both(*works: Callable[[], object]) -> list[str]:
    """Do all of this at the same moment; says how each went: done, or the refusal's sentence."""
    start, ends = threading.Barrier(len(works)), [""] * len(works)

    def run(at: int, work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            work()
            ends[at] = "done"
        except Refused as no:
            ends[at] = str(no)
        except Exception as fault:
            ends[at] = repr(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def test_two_board_members_at_once_give_each_member_a_number_of_its_own_and_a_line_goes_once() -> None:
    of = coops.cooperative()
    coops.statute(of)
    one, two = coops.office(of), coops.office(of)
    assert both(lambda: coops.member(of, one), lambda: coops.member(of, two)) == ["done", "done"]
    assert sorted(Membership.objects.values_list("number", flat=True)) == [1, 2]
    # two give the last free share away, or take the same line back
    member = Membership.objects.get(number=1)
    entry = actions.subscribe_shares(member, 2, declared_on=date(2025, 2, 1), effective_on=date(2025, 2, 1), by=one)
    ends = both(lambda: actions.reverse_entry(entry, by=one), lambda: actions.reverse_entry(entry, by=two))
    assert sorted(ends) == ["This entry is reversed already.", "done"] or sorted(ends)[1] == "done"
    assert ShareEntry.objects.filter(reverses=entry).count() == 1
    # a change is entered and refused at once: one of both
    member.person = coops.person("ines")
    member.save()
    named = Named(family_name="Neu", given_name="Ines", town="Jena")
    change = actions.ask_change(member, named, from_on=date(2025, 3, 1), by=member.person)
    ends = both(lambda: actions.accept_change(change, by=one), lambda: actions.refuse_change(change, reason="Nein.", by=two))
    assert ends.count("done") == 1
    assert not DataChange.objects.exists()
    assert Particulars.objects.filter(membership=member).count() == (2 if ends[0] == "done" else 1)


def test_the_ledgers_guard_is_there_after_all_migrations() -> None:
    name = "members_shareentry_append_only"
    if connection.vendor == "sqlite":
        question = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s"
    else:
        question = "SELECT count(*) FROM pg_trigger WHERE tgname = %s"
    with connection.cursor() as cursor:
        cursor.execute(question, [name])
        assert cursor.fetchone()[0] == 1
