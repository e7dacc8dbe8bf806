"""Versions of a statute: begun, changed, adopted once, never changed again; which one holds on a day."""

import os
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pypdf import PdfWriter

from allmende.constitution import actions, choices, keeping, queries
from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Person
from tests import cast, coops

pytestmark = pytest.mark.django_db
FOUNDED = date(2020, 3, 1)


@pytest.fixture
def cooperative() -> Cooperative:
    return coops.cooperative()


@pytest.fixture
def board(cooperative: Cooperative) -> Person:
    return coops.office(cooperative)


def adopted(cooperative: Cooperative, by: Person, on: date = FOUNDED, registered: date | None = None, **said: Any) -> Statute:
    """A version that was begun and adopted."""
    draft = actions.begin_statute(cooperative, by=by)
    if said:
        actions.change_statute(draft, said, {}, by=by)
    return actions.adopt_statute(draft, valid_from=on, adopted_on=on, registered_on=registered, by=by)


@pytest.mark.parametrize("kind", ["", "supervisory", "administration", "bookkeeping", "audit", "other"])
def test_only_the_board_writes_statutes(cooperative: Cooperative, board: Person, kind: str) -> None:
    by = coops.office(cooperative, kind) if kind else coops.person("fremd")
    draft = actions.begin_statute(cooperative, by=board)
    with pytest.raises(NotAllowed):
        actions.begin_statute(cooperative, by=by)
    with pytest.raises(NotAllowed):
        actions.change_statute(draft, {"notice_months": 6}, {}, by=by)
    with pytest.raises(NotAllowed):
        actions.adopt_statute(draft, valid_from=FOUNDED, adopted_on=FOUNDED, by=by)
    with pytest.raises(NotAllowed):
        actions.discard_statute(draft, by=by)
    with pytest.raises(NotAllowed):
        actions.add_document(draft, text="§ 1", by=by)


def test_the_board_of_another_cooperative_is_nobody_here(cooperative: Cooperative, board: Person) -> None:
    stranger = coops.office(coops.cooperative("Werkhof eG"))
    with pytest.raises(NotAllowed):
        actions.begin_statute(cooperative, by=stranger)


def test_there_is_one_draft_at_a_time_and_a_double_click_finds_it(cooperative: Cooperative, board: Person) -> None:
    first = actions.begin_statute(cooperative, by=board)
    assert actions.begin_statute(cooperative, by=board) == first
    assert Statute.objects.count() == 1


def test_a_draft_begins_with_the_law_or_like_a_version_there_is(cooperative: Cooperative, board: Person) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    assert queries.says(draft) == choices.BEGINNING
    actions.change_statute(draft, {"notice_months": 24}, {"notice_months": "§ 8 Abs. 2"}, by=board)
    actions.adopt_statute(draft, valid_from=FOUNDED, adopted_on=FOUNDED, by=board)
    second = actions.begin_statute(cooperative, like=draft, by=board)
    assert (second.version, second.notice_months, second.places) == (2, 24, {"notice_months": "§ 8 Abs. 2"})
    assert (second.sha256, second.text, second.adopted_on) == ("", "", None)


def test_a_version_of_another_cooperative_is_not_copied(cooperative: Cooperative, board: Person) -> None:
    other = coops.statute(coops.cooperative("Werkhof eG"))
    with pytest.raises(BadInput):
        actions.begin_statute(cooperative, like=other, by=board)


def test_what_the_law_forbids_does_not_come_into_a_draft(cooperative: Cooperative, board: Person) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    with pytest.raises(BadInput, match="§ 65"):
        actions.change_statute(draft, {"notice_months": 2}, {}, by=board)
    with pytest.raises(BadInput):
        actions.change_statute(draft, {"state": "adopted"}, {}, by=board)
    draft.refresh_from_db()
    assert (draft.notice_months, draft.state) == (3, "draft")


def test_what_belongs_to_two_steps_may_wait_until_adopting(cooperative: Cooperative, board: Person) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    actions.change_statute(draft, {"is_mostly_entrepreneurs": True, "notice_months": 3}, {}, by=board)
    actions.change_statute(draft, {"most_votes": 5}, {}, by=board)
    actions.change_statute(draft, {"is_mostly_entrepreneurs": False, "notice_months": 3}, {}, by=board)
    with pytest.raises(Refused, match="§ 43"):
        actions.adopt_statute(draft, valid_from=FOUNDED, adopted_on=FOUNDED, by=board)


def test_adopting_puts_it_in_force_and_says_so_in_the_trail(cooperative: Cooperative, board: Person) -> None:
    made = adopted(cooperative, board)
    assert queries.statute_on(cooperative, FOUNDED) == made
    assert queries.statute_on(cooperative, FOUNDED - timedelta(days=1)) is None
    (line,) = Entry.objects.filter(verb="constitution.statute_adopted")
    assert line.facts == {"cooperative": cooperative.pk, "statute": made.pk, "version": 1, "valid_from": "2020-03-01"}


def test_adopting_twice_is_refused_kindly(cooperative: Cooperative, board: Person) -> None:
    made = adopted(cooperative, board)
    with pytest.raises(Refused, match="ist beschlossen"):
        actions.adopt_statute(made, valid_from=FOUNDED, adopted_on=FOUNDED, by=board)
    assert Entry.objects.filter(verb="constitution.statute_adopted").count() == 1


def test_par_16_vi_a_change_needs_its_entry_in_the_register(cooperative: Cooperative, board: Person) -> None:
    adopted(cooperative, board)
    draft = actions.begin_statute(cooperative, by=board)
    resolved = date(2024, 6, 17)
    with pytest.raises(Refused, match="Register"):
        actions.adopt_statute(draft, valid_from=date(2025, 1, 1), adopted_on=resolved, by=board)
    with pytest.raises(Refused, match="Register"):
        actions.adopt_statute(draft, valid_from=date(2024, 8, 1), adopted_on=resolved, registered_on=date(2024, 8, 2), by=board)
    made = actions.adopt_statute(draft, valid_from=date(2024, 8, 2), adopted_on=resolved, registered_on=date(2024, 8, 2), by=board)
    assert queries.statute_on(cooperative, date(2024, 8, 1)) != made
    assert queries.statute_on(cooperative, date(2024, 8, 2)) == made


def test_two_versions_never_hold_from_the_same_day(cooperative: Cooperative, board: Person) -> None:
    adopted(cooperative, board)
    draft = actions.begin_statute(cooperative, by=board)
    with pytest.raises(Refused, match="andere Fassung"):
        actions.adopt_statute(draft, valid_from=FOUNDED, adopted_on=FOUNDED, registered_on=FOUNDED, by=board)


def test_an_adopted_version_is_never_changed_not_even_past_the_actions(cooperative: Cooperative, board: Person) -> None:
    made = adopted(cooperative, board)
    with pytest.raises(Refused):
        actions.change_statute(made, {"notice_months": 6}, {}, by=board)
    with pytest.raises(Refused):
        actions.discard_statute(made, by=board)
    for changed in ({"notice_months": 6}, {"share_cents": 1}, {"valid_from": date(2021, 1, 1)}, {"places": {}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Statute.objects.filter(pk=made.pk).update(**changed)


def test_what_does_not_hold_yet_can_be_withdrawn_and_what_holds_cannot(cooperative: Cooperative, board: Person) -> None:
    made = adopted(cooperative, board)
    draft = actions.begin_statute(cooperative, by=board)
    soon, then = localdate() - timedelta(days=30), localdate() + timedelta(days=30)
    actions.adopt_statute(draft, valid_from=then, adopted_on=soon, registered_on=soon, by=board)
    with pytest.raises(Refused, match="gilt schon"):
        actions.withdraw_statute(made, by=board)
    actions.withdraw_statute(draft, by=board)
    with pytest.raises(Refused):
        actions.withdraw_statute(draft, by=board)
    assert queries.statute_on(cooperative, then) == made
    with pytest.raises(IntegrityError), transaction.atomic():
        Statute.objects.filter(pk=draft.pk).update(notice_months=6)
    again = actions.begin_statute(cooperative, like=draft, by=board)
    assert (again.version, actions.adopt_statute(again, valid_from=then, adopted_on=soon, registered_on=soon, by=board).state) == (
        3,
        StatuteState.ADOPTED,
    )


def pdf(words: str = "Satzung") -> bytes:
    """A small PDF."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": words})
    writer.write(out)
    return out.getvalue()


def test_a_document_is_kept_as_it_is_with_its_checksum(cooperative: Cooperative, board: Person) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    data = pdf()
    made = actions.add_document(draft, data=data, name="../Satzung 2024.pdf", by=board)
    assert made.sha256 == sha256(data).hexdigest()
    assert (made.document_size, made.document.endswith(".pdf"), "/" in made.document) == (len(data), True, False)
    assert keeping.path_of(made.sha256).read_bytes() == data
    actions.adopt_statute(made, valid_from=FOUNDED, adopted_on=FOUNDED, by=board)
    with pytest.raises(Refused, match="behält ihr Dokument"):
        actions.add_document(made, data=pdf("anders"), name="a.pdf", by=board)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statute.objects.filter(pk=made.pk).update(sha256="")


@pytest.mark.parametrize("data", [b"", b"MZ program", b"<html>", b"%PDF-1.4 broken", b"Satzung als Text"])
def test_only_a_harmless_pdf_is_kept(cooperative: Cooperative, board: Person, data: bytes) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    if data:
        with pytest.raises(BadInput):
            actions.add_document(draft, data=data, name="satzung.txt", by=board)
    draft.refresh_from_db()
    assert draft.sha256 == ""


def test_a_version_adopted_without_gets_its_document_once(cooperative: Cooperative, board: Person) -> None:
    made = adopted(cooperative, board)
    with pytest.raises(BadInput):
        actions.add_document(made, by=board)
    actions.add_document(made, text="§ 1 Name und Sitz", by=board)
    with pytest.raises(Refused):
        actions.add_document(made, text="§ 1 anders", by=board)
    made.refresh_from_db()
    assert made.text == "§ 1 Name und Sitz"


def test_documents_of_no_version_are_swept_after_a_day(cooperative: Cooperative, board: Person) -> None:
    draft = actions.begin_statute(cooperative, by=board)
    kept = actions.add_document(draft, data=pdf("bleibt"), name="a.pdf", by=board).sha256
    gone, fresh = keeping.write(pdf("weg")), keeping.write(pdf("frisch"))
    for digest in (kept, gone):
        os.utime(keeping.path_of(digest), (1, 1))
    assert actions.sweep() == 1
    assert [keeping.path_of(one).exists() for one in (kept, gone, fresh)] == [True, False, True]


class StatuteOnAnyDay(TestCase):
    """Whatever versions there are, on every day holds the one that began last."""

    @given(
        days=st.lists(st.dates(date(2000, 1, 1), date(2040, 12, 31)), min_size=1, max_size=6, unique=True),
        asked=st.dates(date(1999, 1, 1), date(2041, 1, 1)),
    )
    @settings(max_examples=25, deadline=None)
    def test_statute_on_is_the_latest_that_began(self, days: list[date], asked: date) -> None:
        cooperative = Cooperative.objects.create(organisation=_organisation())
        for number, day in enumerate([*days, date(2020, 2, 29)] if date(2020, 2, 29) not in days else days, 1):
            coops.statute(cooperative, valid_from=day, version=number)
        coops.statute(cooperative, valid_from=asked, version=99, state=StatuteState.WITHDRAWN)
        begun = [day for day in {*days, date(2020, 2, 29)} if day <= asked]
        found = queries.statute_on(cooperative, asked)
        assert (found.valid_from if found else None) == max(begun, default=None)
        if found:
            last = queries.until(found)
            assert last is None or last >= asked


_numbers = count(1)


def _organisation() -> Any:
    return cast.organisation(f"Zufall {next(_numbers)} eG")
