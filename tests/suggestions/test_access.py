"""Who sees and decides what: the no first. Regions, sectors, other people's entries."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from allmende.directory.models import Caretaking, Organisation, Place, Stewardship
from allmende.people.models import Person
from allmende.suggestions import access, actions, queries
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Report, Suggestion
from tests.cast import organisation, term
from tests.suggestions.conftest import person, steward_of

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


def area(name: str, **where: Any) -> Person:
    found = person(name)
    Caretaking.objects.create(person=found, **where)
    return found


@pytest.fixture
def item(haus: Organisation) -> Organisation:
    Place.objects.filter(organisation=haus).update(region="Berlin")
    return haus


@pytest.fixture
def found(item: Organisation) -> Suggestion:
    return actions.suggest_change(item, {"name": "Neu eG"}, by=Writer(uuid4()))


def seen(who: Any) -> list[Suggestion]:
    return list(access.suggestions_visible_to(who))


def test_guests_and_strangers_see_nothing(found: Suggestion) -> None:
    other = organisation("Anderes Haus eG")
    for who in (GUEST, person("stranger"), steward_of(other, "neighbour"), area("hamburg", country="DE", region="Hamburg")):
        assert seen(who) == []
        assert list(access.suggestions_to_decide(who)) == []
        assert list(access.proposals_to_decide(who)) == []
        assert list(access.reports_visible_to(who)) == []
        assert list(access.appeals_to_judge(who)) == []
        assert not access.may_decide(who, found)


def test_a_former_steward_a_blocked_one_and_a_service_see_nothing(found: Suggestion, item: Organisation) -> None:
    former, blocked = steward_of(item, "former"), steward_of(item, "blocked")
    Stewardship.objects.filter(person=former).update(until=timezone.now() + timedelta(days=1))
    Person.objects.filter(pk=blocked.pk).update(is_active=False)
    blocked.refresh_from_db()
    service = person("hand", is_service=True, is_active=False, is_caretaker=True)
    for who in (former, blocked, service):
        assert seen(who) == []


def test_own_stewards_see_and_decide(found: Suggestion, item: Organisation) -> None:
    steward = steward_of(item)
    assert seen(steward) == [found]
    assert access.may_decide(steward, found)


@pytest.mark.parametrize(
    "where",
    [
        {"country": "DE"},
        {"country": "DE", "region": "Berlin"},
        {"sector": "housing"},
        {"country": "DE", "region": "Berlin", "sector": "housing"},
    ],
)
def test_caretakers_of_the_area_see_it_and_decide_where_nobody_looks_after_it(found: Suggestion, item: Organisation, where: Any) -> None:
    if "sector" in where:
        where = {**where, "sector": term("sector", "housing")}
    who = area("near", **where)
    assert seen(who) == [found]
    assert access.may_decide(who, found)
    steward_of(item)
    assert not access.may_decide(who, found)
    assert access.may_decide(who, found, timezone.now() + timedelta(days=15))


@pytest.mark.parametrize("where", [{"country": "AT"}, {"country": "DE", "region": "Bayern"}, {"sector": "food"}])
def test_caretakers_of_another_area_do_not(found: Suggestion, where: Any) -> None:
    who = area("far", **({"sector": term("sector", "food")} if "sector" in where else where))
    assert seen(who) == []
    assert not access.may_decide(who, found, timezone.now() + timedelta(days=90))


def test_stewards_do_not_see_whether_their_entry_belongs_here(item: Organisation, caretaker: Person) -> None:
    foreign = actions.report_problem(item, "foreign", by=Writer(uuid4()), remark="Werbung.")
    steward = steward_of(item)
    assert seen(steward) == []
    assert access.may_decide(caretaker, foreign)


def test_proposals_belong_to_the_caretakers_of_their_area(item: Organisation, caretaker: Person) -> None:
    said = {"name": "Neu eG", "town": "Hamburg", "country": "DE", "sector": "housing"}
    proposal = actions.propose_organisation(said, by=Writer(uuid4()), remark="Fehlt.")
    assert (proposal.country, proposal.region) == ("DE", "Hamburg")
    near = [
        area("hamburg", country="DE", region="Hamburg"),
        area("germany", country="DE"),
        area("wohnen", sector=term("sector", "housing")),
    ]
    far = [area("berlin", country="DE", region="Berlin"), area("essen", sector=term("sector", "food")), steward_of(item), person("x")]
    assert [list(queries.proposals_waiting(who)) for who in near] == [[proposal]] * 3
    assert [list(queries.proposals_waiting(who)) for who in far] == [[]] * 4
    assert list(queries.proposals_waiting(caretaker)) == [proposal]
    assert set(access.caretakers_near(proposal)) == set(near)


def test_a_proposal_without_a_place_belongs_to_the_house(caretaker: Person) -> None:
    proposal = actions.propose_organisation({"name": "Online eG"}, by=Writer(uuid4()), remark="Fehlt.")
    berlin = area("berlin", country="DE", region="Berlin")
    assert list(access.caretakers_near(proposal)) == [caretaker]
    assert list(queries.proposals_waiting(berlin)) == []


def _report(item: Organisation, by: Person | None = None) -> Report:
    said = {"place": "/o/haus-eg/", "reason": "Beleidigung", "name": "A", "email": "a@example.org", "is_nameless": False}
    return actions.report_illegal(item, said, by=Writer(uuid4(), by))


def test_reports_are_judged_by_caretakers_who_are_not_involved(item: Organisation, caretaker: Person) -> None:
    other = person("second", is_caretaker=True)
    near = area("berlin", country="DE", region="Berlin")
    steward_of(item, "near")
    involved = steward_of(item, "both")
    Caretaking.objects.create(person=involved, country="DE")
    report = _report(item, by=other)
    assert not access.may_judge(steward_of(item, "only-steward"), report)
    assert not access.may_judge(involved, report)
    assert not access.may_judge(other, report)
    assert access.may_judge(near, report)
    assert access.may_judge(caretaker, report)
    assert list(queries.reports_waiting(involved)) == []
    assert list(queries.reports_waiting(near)) == [report]


def test_the_only_caretaker_judges_all_the_same(item: Organisation, caretaker: Person) -> None:
    Stewardship.objects.create(organisation=item, person=caretaker, role="owner", proof="granted", since=timezone.now())
    assert access.may_judge(caretaker, _report(item))


def test_what_waits_is_asked_for_in_few_questions(found: Suggestion, item: Organisation, django_assert_num_queries: Any) -> None:
    steward = steward_of(item)
    for number in range(2):
        actions.suggest_change(item, {"name": f"Neu {number}"}, by=Writer(uuid4()))
    with django_assert_num_queries(2):  # the areas of a caretaker, and the rows with their entries
        assert [one.organisation.name for one in queries.suggestions_waiting(steward) if one.organisation] == ["Haus eG"] * 3
    assert queries.waiting_by_entry(steward) == [(item, 3)]
    assert queries.waiting_at(steward, item) == 3
    assert queries.waiting_at(GUEST, item) == 0
