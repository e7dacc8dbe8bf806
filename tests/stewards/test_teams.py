"""The team of an entry: invitations, roles, handing over, leaving, and never the last owner by accident."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.directory.models import State, Stewardship
from allmende.ground.models import Entry, Letter
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Notice, Person
from allmende.stewards import actions, queries, rules
from allmende.stewards.models import Invitation, InvitationState
from tests.people.ways import person
from tests.stewards.cast import caretaker, coop, held, keeper, path_in_letter, role

pytestmark = pytest.mark.django_db


def kinds(who: object) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("pk").values_list("kind", flat=True))


# --------------------------------------------------------------------------------------------------------- granting


def test_granting_raises_a_role_and_never_lowers_it() -> None:
    item, anna = coop(), person()
    actions.grant(item, anna, role="editor", proof="founded")
    first = held(item, anna)
    actions.grant(item, anna, role="owner", proof="granted")
    actions.grant(item, anna, role="member", proof="invited")
    now = held(item, anna)
    assert (now.pk, now.role, now.proof, now.since) == (first.pk, "owner", "granted", first.since)
    assert Entry.objects.filter(verb="stewards.stewardship_granted").count() == 2


# ------------------------------------------------------------------------------------------------------- invitations


def test_who_may_not_invite() -> None:
    item = coop()
    keeper(item, "olga")
    others = [
        person("fremd@example.org"),
        keeper(item, "edda", "editor"),
        keeper(item, "mia", "member"),
        keeper(coop("Andere eG"), "otto"),
        caretaker("hanna", "Hessen"),
    ]
    for who in others:
        with pytest.raises(NotAllowed):
            actions.invite_person(item, "ida@example.org", role="editor", by=who)
    assert not Invitation.objects.exists() and not Letter.objects.exists()


@pytest.mark.parametrize("email", ["", "ida", "ida@example.org, x@example.org", "ida@example.org\nBcc: x@example.org", "a b@example.org"])
def test_an_invitation_goes_to_exactly_one_address(email: str) -> None:
    item = coop()
    with pytest.raises(BadInput):
        actions.invite_person(item, email, role="editor", by=keeper(item, "olga"))


def test_a_role_must_be_one_of_three() -> None:
    item = coop()
    with pytest.raises(BadInput):
        actions.invite_person(item, "ida@example.org", role="king", by=keeper(item, "olga"))


def test_an_invitation_is_a_letter_whose_link_is_kept_only_as_a_hash() -> None:
    item = coop()
    actions.invite_person(item, " Ida@Example.org ", role="editor", message="Mach mit\r\nBcc: x@example.org", by=keeper(item, "olga"))
    letter = letters_to("ida@example.org")[0]
    word = path_in_letter("ida@example.org", "einladung/").rstrip("/").rsplit("/", 1)[-1]
    invitation = Invitation.objects.get()
    assert word not in invitation.token and queries.invitation_by_token(word) == invitation
    assert "\n" not in letter.subject and letter.headers == {}
    assert "> Mach mit\n> Bcc: x@example.org" in letter.body  # quoted as foreign words
    assert "olga@example.org" not in letter.body and "Olga" in letter.body


def test_the_letter_speaks_the_language_of_who_is_invited() -> None:
    item = coop()
    olga = keeper(item, "olga")
    person("ivy@example.org", language="en")
    actions.invite_person(item, "ivy@example.org", role="editor", by=olga)
    assert "/en/einladung/" in letters_to("ivy@example.org")[0].body
    assert letters_to("ivy@example.org")[0].language == "en"


def test_whoever_has_the_link_joins_whichever_address_they_signed_up_with() -> None:
    item = coop()
    olga, ida = keeper(item, "olga"), person("ida.privat@example.net")
    invitation = actions.invite_person(item, "ida@example.org", role="owner", by=olga)
    actions.accept_invitation(invitation, by=ida)
    invitation.refresh_from_db()
    assert (role(item, ida), held(item, ida).proof) == ("owner", "invited")
    assert (invitation.state, invitation.email, invitation.person) == ("accepted", "", ida)
    assert kinds(olga) == ["stewards.invitation_accepted"]


def test_a_link_works_once() -> None:
    item = coop()
    invitation = actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    actions.accept_invitation(invitation, by=person("ida@example.org"))
    with pytest.raises(Refused, match="only once"):
        actions.accept_invitation(invitation, by=person("zweite@example.org"))
    assert role(item, person("zweite@example.org")) == ""


def test_declined_withdrawn_and_old_invitations_say_what_became_of_them() -> None:
    item, ida = coop(), person("ida@example.org")
    olga = keeper(item, "olga")
    declined = actions.invite_person(item, "a@example.org", role="editor", by=olga)
    withdrawn = actions.invite_person(item, "b@example.org", role="editor", by=olga)
    old = actions.invite_person(item, "c@example.org", role="editor", by=olga)
    actions.decline_invitation(declined)
    actions.withdraw_invitation(withdrawn, by=olga)
    Invitation.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=15))
    for invitation, word in ((declined, "declined"), (withdrawn, "withdrawn"), (old, "expired")):
        with pytest.raises(Refused, match=word):
            actions.accept_invitation(invitation, by=ida)
        with pytest.raises(Refused, match=word):
            actions.decline_invitation(invitation)
    assert role(item, ida) == "" and kinds(olga) == ["stewards.invitation_declined"]


def test_sent_again_only_the_new_link_works_and_the_time_starts_anew() -> None:
    item = coop()
    olga = keeper(item, "olga")
    invitation = actions.invite_person(item, "ida@example.org", role="editor", by=olga)
    old = path_in_letter("ida@example.org", "einladung/").rstrip("/").rsplit("/", 1)[-1]
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=15))
    invitation = actions.send_invitation_again(invitation, by=olga)
    assert queries.invitation_by_token(old) is None
    for _ in range(rules.LETTERS_AN_INVITATION - 2):
        actions.send_invitation_again(invitation, by=olga)
    with pytest.raises(Refused):
        actions.send_invitation_again(invitation, by=olga)
    actions.accept_invitation(invitation, by=person("ida@example.org"))


def test_the_same_address_is_invited_once_at_a_time_and_may_be_again_later() -> None:
    item = coop()
    olga = keeper(item, "olga")
    first = actions.invite_person(item, "ida@example.org", role="editor", by=olga)
    with pytest.raises(Refused, match="invited already"):
        actions.invite_person(item, "IDA@example.org", role="owner", by=olga)
    actions.withdraw_invitation(first, by=olga)
    actions.invite_person(item, "ida@example.org", role="owner", by=olga)


def test_strangers_change_no_invitation() -> None:
    item = coop()
    invitation = actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    for who in (person("fremd@example.org"), keeper(item, "edda", "editor")):
        with pytest.raises(NotAllowed):
            actions.withdraw_invitation(invitation, by=who)
        with pytest.raises(NotAllowed):
            actions.send_invitation_again(invitation, by=who)


def test_there_is_a_measure_to_inviting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OPEN_INVITATIONS", 2)
    item = coop()
    olga = keeper(item, "olga")
    for number in range(2):
        actions.invite_person(item, f"i{number}@example.org", role="editor", by=olga)
    with pytest.raises(Refused):
        actions.invite_person(item, "i3@example.org", role="editor", by=olga)


def test_an_invitation_finds_whoever_confirmed_its_address_and_nobody_else() -> None:
    from allauth.account.models import EmailAddress

    item, ida, eve = coop(), person("ida@example.org"), person("eve@example.org")
    EmailAddress.objects.create(user=eve, email="zweit@example.org", verified=False)
    olga = keeper(item, "olga")
    invitation = actions.invite_person(item, "Ida@example.org", role="editor", by=olga)
    actions.invite_person(item, "zweit@example.org", role="editor", by=olga)
    assert list(queries.invitations_for(ida)) == [invitation]
    assert list(queries.invitations_for(eve)) == []
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=15))
    assert list(queries.invitations_for(ida)) == []


def test_addresses_of_unanswered_invitations_are_forgotten_after_sixty_days() -> None:
    item = coop()
    actions.invite_person(item, "ida@example.org", role="editor", by=keeper(item, "olga"))
    assert actions.forget_invitations() == 0
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=61))
    assert [actions.forget_invitations(), actions.forget_invitations()] == [1, 0]
    assert list(Invitation.objects.values_list("state", "email")) == [("expired", "")]


def test_who_no_longer_answers_for_the_entry_leaves_no_open_invitation_behind() -> None:
    item = coop()
    olga, otto = keeper(item, "olga"), keeper(item, "otto")
    back_door = actions.invite_person(item, "freund@example.org", role="owner", by=otto)
    actions.end_stewardship(held(item, otto), by=olga)
    back_door.refresh_from_db()
    assert back_door.state == InvitationState.WITHDRAWN


# --------------------------------------------------------------------------------------------------------------- roles


def test_who_may_not_change_roles_or_end_stewardships() -> None:
    item = coop()
    olga = keeper(item, "olga")
    keeper(item, "otto")
    others = [
        person("fremd@example.org"),
        keeper(item, "edda", "editor"),
        keeper(item, "mia", "member"),
        keeper(coop("Andere eG"), "ossi"),
        caretaker("hanna", "Hessen"),
    ]
    for who in others:
        with pytest.raises(NotAllowed):
            actions.change_role(held(item, olga), "editor", by=who)
        with pytest.raises(NotAllowed):
            actions.end_stewardship(held(item, olga), by=who)
    assert role(item, olga) == "owner"


def test_owners_and_caretakers_change_roles_and_the_person_is_told() -> None:
    item = coop()
    olga, edda, local = keeper(item, "olga"), keeper(item, "edda", "editor"), caretaker("lea", "Bayern")
    actions.change_role(held(item, edda), "owner", by=olga)
    actions.change_role(held(item, edda), "member", by=local)
    actions.change_role(held(item, edda), "member", by=local)  # sent twice, done once
    assert role(item, edda) == "member" and kinds(edda) == ["stewards.role_changed"] * 2
    actions.end_stewardship(held(item, edda), by=olga, reason="Nicht mehr dabei")
    assert role(item, edda) == "" and "> Nicht mehr dabei" in Notice.objects.filter(person=edda).first().text  # type: ignore[union-attr]
    with pytest.raises(BadInput):
        actions.change_role(held(item, olga), "king", by=olga)


def test_ending_twice_says_that_it_is_done() -> None:
    item = coop()
    olga, edda = keeper(item, "olga"), keeper(item, "edda", "editor")
    stale = held(item, edda)
    actions.end_stewardship(stale, by=olga)
    with pytest.raises(Refused, match="no longer looks after"):
        actions.end_stewardship(stale, by=olga)


# ------------------------------------------------------------------------------------------------------ the last owner


def test_the_last_owner_cannot_leave_be_removed_or_lowered_by_accident() -> None:
    item = coop()
    olga, watch = keeper(item, "olga"), caretaker()
    keeper(item, "edda", "editor")
    with pytest.raises(Refused, match="Hand it over first"):
        actions.leave(item, by=olga)
    with pytest.raises(Refused, match="Hand it over first"):
        actions.change_role(held(item, olga), "editor", by=olga)
    with pytest.raises(Refused, match="somebody else"):
        actions.end_stewardship(held(item, olga), by=watch)
    with pytest.raises(Refused, match="somebody else"):
        actions.change_role(held(item, olga), "member", by=watch)
    assert role(item, olga) == "owner"


def test_two_owners_who_leave_at_the_same_moment_cannot_both_succeed() -> None:
    """Both saw two owners when they pressed the button; the one who comes second to the locked entry sees one."""
    item = coop()
    olga, otto = keeper(item, "olga"), keeper(item, "otto")
    of_olga, of_otto = held(item, olga), held(item, otto)
    actions.leave(item, by=olga)
    with pytest.raises(Refused):
        actions.leave(item, by=otto)
    with pytest.raises(Refused):
        actions.end_stewardship(of_olga, by=otto)
    with pytest.raises(Refused):
        actions.change_role(of_otto, "editor", by=otto)
    assert queries.team(item).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_in_two_threads_leave_one_owner() -> None:
    item = coop()
    both = [keeper(item, "olga"), keeper(item, "otto")]
    start, said = Barrier(2), []

    def leave(who: Person) -> None:
        try:
            start.wait(10)
            actions.leave(item, by=who)
            said.append("left")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=leave, args=(who,)) for who in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said) == ["left", "refused"]
    assert list(queries.team(item).values_list("role", flat=True)) == ["owner"]


def test_every_change_of_a_team_locks_the_entry_first() -> None:
    item = coop()
    olga, edda = keeper(item, "olga"), keeper(item, "edda", "editor")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        actions.change_role(held(item, edda), "member", by=olga)
    locks = [number for number, query in enumerate(seen.captured_queries) if "FOR UPDATE" in query["sql"]]
    writes = [number for number, query in enumerate(seen.captured_queries) if query["sql"].startswith(("UPDATE", "INSERT"))]
    if connection.vendor == "postgresql":  # SQLite has one writer at a time (BEGIN IMMEDIATE) and needs none
        assert locks and locks[0] < writes[0]


def test_leaving_without_a_successor_puts_the_entry_on_the_caretakers_list() -> None:
    item = coop()
    olga, local, house = keeper(item, "olga"), caretaker("lea", "Bayern"), caretaker()
    assert list(queries.without_steward(local)) == []
    actions.leave(item, by=olga, without_successor=True)
    assert list(queries.without_steward(local)) == [item] == list(queries.without_steward(house))
    assert queries.without_steward(local)[0].waiting_since == Stewardship.objects.get().until
    assert kinds(local) == ["stewards.left_without_steward"] and kinds(house) == []
    assert list(queries.without_steward(person("fremd@example.org"))) == []
    assert list(queries.without_steward(caretaker("hanna", "Hessen"))) == []


def test_entries_never_looked_after_wait_since_they_were_entered() -> None:
    item, draft = coop(), coop("Entwurf", state=State.DRAFT)
    waiting = list(queries.without_steward(caretaker()))
    assert waiting == [item] and waiting[0].waiting_since == item.created_at and draft not in waiting


def test_others_leave_as_they_like_and_the_owners_hear_it() -> None:
    item = coop()
    olga, edda = keeper(item, "olga"), keeper(item, "edda", "editor")
    actions.leave(item, by=edda)
    assert role(item, edda) == "" and kinds(olga) == ["stewards.left"]
    with pytest.raises(Refused):
        actions.leave(item, by=edda)


def test_handing_over_makes_one_owner_and_one_editor() -> None:
    item = coop()
    olga, edda = keeper(item, "olga"), keeper(item, "edda", "editor")
    actions.hand_over(item, held(item, edda), by=olga)
    assert (role(item, olga), role(item, edda)) == ("editor", "owner")
    with pytest.raises(NotAllowed):
        actions.hand_over(item, held(item, olga), by=olga)
    actions.hand_over(item, held(item, olga), by=edda, stay=False)
    assert (role(item, olga), role(item, edda)) == ("owner", "")


def test_nothing_is_handed_over_to_a_foreign_team_or_to_oneself() -> None:
    item, other = coop(), coop("Andere eG")
    olga, otto = keeper(item, "olga"), keeper(other, "otto")
    with pytest.raises(Refused):
        actions.hand_over(item, held(other, otto), by=olga)
    with pytest.raises(Refused):
        actions.hand_over(item, held(item, olga), by=olga)
    assert role(item, olga) == "owner"


def test_the_trail_of_a_team_holds_ids_and_words_only() -> None:
    item = coop()
    olga = keeper(item, "olga")
    actions.accept_invitation(actions.invite_person(item, "ida@example.org", role="owner", by=olga), by=person("ida@example.org"))
    actions.leave(item, by=olga)
    facts = " ".join(str(entry.facts) for entry in Entry.objects.filter(verb__startswith="stewards."))
    assert "@" not in facts and "Olga" not in facts and "Hofladen" not in facts
