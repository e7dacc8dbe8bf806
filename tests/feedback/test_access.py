"""Who sees and may what: the no before the yes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from allmende.directory.models import Organisation, Role, State
from allmende.feedback import access, actions
from allmende.feedback.models import Round
from allmende.people.models import Person
from allmende.people.queries import service
from allmende.projects.models import Project
from tests.cast import organisation
from tests.feedback.cast import asked, given, project_of, said, steward

GUEST = AnonymousUser()
pytestmark = pytest.mark.django_db


def sees(viewer: Person | AnonymousUser, found: Round) -> bool:
    return access.rounds_visible_to(viewer).filter(pk=found.pk).exists()


def reads(viewer: Person | AnonymousUser, found: Round) -> int:
    return access.reviews_visible_to(viewer).filter(round=found).count()


def test_a_round_is_seen_by_whoever_sees_its_project(round_: Round, anna: Person, clara: Person, dora: Person, hanna: Person) -> None:
    assert [sees(one, round_) for one in (GUEST, hanna, dora, clara, anna)] == [False, False, True, True, True]
    Project.objects.update(audience="public")
    assert sees(GUEST, round_) and sees(hanna, round_)


@pytest.mark.parametrize("gone", [{"is_draft": True}, {"hidden_at": "2026-01-01T00:00:00Z"}])
def test_with_its_project_a_round_goes_for_everybody(
    round_: Round, anna: Person, clara: Person, frida: Person, gone: dict[str, object]
) -> None:
    given(round_, round_.invitations.get().organisation, clara)
    Project.objects.update(**gone)
    assert [sees(one, round_) for one in (GUEST, clara, anna, frida)] == [False] * 4
    assert [reads(one, round_) for one in (GUEST, anna, frida)] == [0] * 3


@pytest.mark.parametrize(
    ("readers", "who"),
    [
        ("asker", {"anna", "clara"}),
        ("invited", {"anna", "clara", "ben"}),
        ("everybody", {"anna", "clara", "ben", "dora", "hanna", "guest", "frida"}),
    ],
)
def test_feedback_is_read_by_whom_the_asker_chose(
    shop: Organisation,
    anna: Person,
    garden: Organisation,
    clara: Person,
    dora: Person,
    hanna: Person,
    frida: Person,
    readers: str,
    who: set[str],
) -> None:
    mill = steward_of_another()
    found = asked(project_of(shop, "public"), anna, garden, mill[0], readers=readers)
    given(found, garden, clara)
    people = {"anna": anna, "clara": clara, "ben": mill[1], "dora": dora, "hanna": hanna, "guest": GUEST, "frida": frida}
    assert {name for name, one in people.items() if reads(one, found)} == who


def steward_of_another() -> tuple[Organisation, Person]:
    mill = organisation("Mühle Probe eG")
    return mill, steward(mill, "ben")


def test_a_draft_is_seen_by_those_who_write_it_only(
    round_: Round, anna: Person, garden: Organisation, clara: Person, frida: Person
) -> None:
    plain = steward(garden, "emil", Role.MEMBER)
    review = actions.keep_draft(round_, garden, said(), by=clara)
    assert [reads(one, round_) for one in (GUEST, anna, frida, plain, clara)] == [0, 0, 0, 0, 1]
    actions.give_review(round_, garden, said(version=review.version), by=clara)
    assert [reads(one, round_) for one in (GUEST, frida, plain, anna)] == [0, 0, 1, 1]


def test_who_gave_something_sees_it_even_when_the_project_is_no_longer_theirs_to_see(
    round_: Round, garden: Organisation, clara: Person
) -> None:
    given(round_, garden, clara)
    Project.objects.update(audience="chosen")
    assert sees(clara, round_) and reads(clara, round_) == 1


def test_only_those_invited_may_give(round_: Round, anna: Person, clara: Person, dora: Person, hanna: Person, garden: Organisation) -> None:
    names = {name: list(access.organisations_that_may_give(one, round_)) for name, one in
             {"guest": GUEST, "hanna": hanna, "dora": dora, "anna": anna, "clara": clara}.items()}  # fmt: skip
    assert names == {"guest": [], "hanna": [], "dora": [], "anna": [], "clara": [garden]}
    assert not any(access.may_give_as(one, round_, None) for one in (GUEST, hanna, dora, anna, clara))


def test_in_a_round_for_all_others_of_the_network_and_persons_give_but_never_the_asker(
    shop: Organisation, anna: Person, garden: Organisation, clara: Person, dora: Person, bakery: Organisation, hanna: Person
) -> None:
    found = asked(project_of(shop, "public"), anna, garden, is_open_to_all=True)
    assert list(access.organisations_that_may_give(dora, found)) == [bakery]
    lonely, ben = steward_of_another()
    assert not access.may_give_as(ben, found, lonely)  # of no network
    assert [access.may_give_as(one, found, None) for one in (GUEST, anna, hanna, ben, clara)] == [False, False, True, True, True]
    steward(garden, "anna")
    assert not access.organisations_that_may_give(anna, found).exists()  # nobody answers their own question


def test_plain_members_and_archived_organisations_do_not_give(round_: Round, garden: Organisation, clara: Person) -> None:
    emil = steward(garden, "emil", Role.MEMBER)
    assert not access.organisations_that_may_give(emil, round_).exists()
    Organisation.objects.filter(pk=garden.pk).update(state=State.ARCHIVED)
    assert not access.organisations_that_may_give(clara, round_).exists()


def test_blocked_and_service_accounts_are_guests(round_: Round, clara: Person, garden: Organisation) -> None:
    given(round_, garden, clara)
    Person.objects.filter(pk=clara.pk).update(is_active=False)
    clara.refresh_from_db()
    hand = service("hand")
    for one in (clara, hand):
        assert not sees(one, round_) and reads(one, round_) == 0 and not access.may_run(one, round_)


def test_who_was_asked_is_told_to_those_concerned(round_: Round, anna: Person, clara: Person, dora: Person, frida: Person) -> None:
    assert [access.sees_who_was_asked(one, round_) for one in (GUEST, dora, frida, clara, anna)] == [False, False, False, True, True]
    round_.readers = "everybody"
    assert access.sees_who_was_asked(GUEST, round_)


def test_a_lead_that_confirmed_asks_too(project: Project, shop: Organisation, anna: Person, bakery: Organisation, dora: Person) -> None:
    assert list(access.may_ask_as(anna, project)) == [shop]
    assert not access.may_ask_as(dora, project).exists()
    project.parts.create(organisation=bakery, kind="lead", state="confirmed", answered_at=timezone.now())
    assert list(access.may_ask_as(dora, project)) == [bakery]
    found = asked(project, anna, is_open_to_all=True)
    assert not access.organisations_that_may_give(dora, found).exists() and access.may_run(dora, found)
