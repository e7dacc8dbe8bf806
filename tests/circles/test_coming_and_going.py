"""Founding, joining, inviting, leaving: who may, who not, and that somebody always coordinates."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from allmende.circles import access, actions, letters, queries
from allmende.circles.models import Circle, CircleMember, MailInvitation, Task
from allmende.directory.models import Organisation, State, Stewardship
from allmende.duplicates.actions import merge_organisations, undo_merge
from allmende.duplicates.models import Merge
from allmende.ground.models import Entry
from allmende.ground.outbox import letters_to
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.actions import erase
from allmende.people.models import Notice
from tests.circles.cast import Scene, bring_in, keeper, note, scene

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


def seen_by(made: Scene) -> set[str]:
    names = {name for name, who in made.people.items() if access.circles_visible_to(who).filter(pk=made.circle.pk).exists()}
    return names | ({"guest"} if access.circles_visible_to(GUEST).filter(pk=made.circle.pk).exists() else set())


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        ("public", {"guest", "anna", "ben", "clara", "emil", "gustav", "hanna", "frida"}),
        ("network", {"anna", "ben", "clara", "emil", "frida"}),
        ("members", {"anna", "ben", "frida"}),
    ],
)
def test_who_may_know_that_a_circle_exists(audience: str, seen: set[str]) -> None:
    assert seen_by(scene(audience=audience)) == seen


def test_a_circle_of_a_host_off_the_map_is_seen_by_its_own_only() -> None:
    made = scene(audience="public")
    Organisation.objects.filter(pk=made.host.pk).update(state=State.ARCHIVED)
    assert seen_by(made) == {"anna", "ben", "frida"}


def test_a_circle_whose_host_is_gone_for_good_stays_with_its_members() -> None:
    made = scene(audience="public")
    Circle.objects.filter(pk=made.circle.pk).update(organisation=None)
    assert seen_by(made) == {"anna", "ben", "frida"}


def test_what_was_taken_off_is_seen_by_members_and_caretakers() -> None:
    made = scene(audience="public")
    actions.hide(made.circle, by=made.people["frida"], reason="x")
    assert seen_by(made) == {"anna", "frida"}
    actions.unhide(made.circle, by=made.people["frida"])
    assert "guest" in seen_by(made)


def test_nobody_is_written_to_and_nobody_comes_in_after_a_report() -> None:
    made = scene(joining="open", audience="public")
    invitation = actions.invite_by_mail(made.circle, "hanna@example.org", by=made.people["anna"])
    actions.hide(made.circle, by=made.people["frida"])
    tries: list[Any] = [
        lambda: actions.invite_by_mail(made.circle, "x@example.org", by=made.people["anna"]),
        lambda: actions.invite_organisation(made.circle, made.other, by=made.people["anna"]),
        lambda: actions.accept_mail_invitation(invitation, by=made.people["hanna"]),
        lambda: actions.accept_invitation(made.circle, by=made.people["ben"]),
        lambda: actions.join_circle(made.circle, organisation=made.other, by=made.people["clara"]),
    ]
    for one in tries:
        with pytest.raises(Refused):
            one()
    assert queries.my_mail_invitations(made.people["hanna"]) == []


def test_the_inside_is_the_members_alone() -> None:
    made = scene(audience="public")
    note(made)
    inside = {name for name, who in made.people.items() if access.circles_inside(who).exists()}
    assert inside == {"anna"}
    assert {name for name, who in made.people.items() if access.notes_visible_to(who).exists()} == {"anna"}
    Circle.objects.update(notes_open=True)
    assert {name for name, who in made.people.items() if access.notes_visible_to(who).exists()} == {"anna", "ben", "clara", "emil", "frida"}
    assert not access.notes_visible_to(GUEST).exists()
    assert {name for name, who in made.people.items() if access.notes_inside(who).exists()} == {"anna"}


@pytest.mark.parametrize("name", ["clara", "emil", "hanna", "frida"])
def test_only_who_looks_after_an_entry_founds_circles_for_it(name: str) -> None:
    made = scene()
    said: dict[str, Any] = {"name": "X", "purpose": "Y", "joining": "open", "audience": "public"}
    with pytest.raises(NotAllowed):
        actions.found_circle(made.host, **said, by=made.people[name])


def test_the_founder_coordinates_and_the_other_stewards_are_invited_to() -> None:
    made = scene()
    anna, ben = made.held("anna"), made.held("ben")
    assert (anna.state, anna.role, anna.organisation) == ("in", "coordinator", made.host)
    assert (ben.state, ben.role) == ("invited", "coordinator")
    assert Notice.objects.get(person=made.people["ben"]).kind == "circles.invited"
    assert actions.accept_invitation(made.circle, by=made.people["ben"]).role == "coordinator"


def test_one_joins_an_open_circle_with_an_organisation_one_belongs_to() -> None:
    made = scene(joining="open", audience="public")
    with pytest.raises(BadInput):
        actions.join_circle(made.circle, organisation=None, by=made.people["hanna"])
    with pytest.raises(NotAllowed):
        actions.join_circle(made.circle, organisation=made.other, by=made.people["hanna"])
    with pytest.raises(Refused, match="not by asking|by asking"):
        actions.ask_to_join(made.circle, organisation=None, word="", by=made.people["hanna"])
    member = actions.join_circle(made.circle, organisation=made.other, by=made.people["emil"])
    assert (member.state, member.role, member.organisation) == ("in", "member", made.other)
    with pytest.raises(Refused, match="already"):
        actions.join_circle(made.circle, organisation=made.other, by=made.people["emil"])


def test_nobody_joins_what_they_cannot_see_or_what_rests() -> None:
    made = scene(joining="open", audience="network")
    with pytest.raises(NotAllowed):
        actions.join_circle(made.circle, organisation=made.far, by=made.people["gustav"])
    actions.archive_circle(made.circle, by=made.people["anna"])
    with pytest.raises(Refused, match="archived"):
        actions.join_circle(made.circle, organisation=made.other, by=made.people["clara"])


def test_a_request_is_decided_with_a_word_and_a_no_holds_for_a_month() -> None:
    made = scene()
    asked = actions.ask_to_join(made.circle, organisation=made.other, word="Ich kenne mich aus.", by=made.people["clara"])
    assert Notice.objects.filter(person=made.people["anna"], kind="circles.asked").count() == 1
    with pytest.raises(NotAllowed):
        actions.accept_request(asked, by=made.people["ben"])
    with pytest.raises(BadInput):
        actions.refuse_request(asked, answer="  ", by=made.people["anna"])
    actions.refuse_request(asked, answer="Wir sind genug.", by=made.people["anna"])
    assert "> Wir sind genug." in Notice.objects.get(person=made.people["clara"], kind="circles.refused").text
    assert made.held("clara").word == ""
    with pytest.raises(Refused, match="invitation"):
        actions.ask_to_join(made.circle, organisation=None, word="", by=made.people["clara"])
    CircleMember.objects.filter(person=made.people["clara"]).update(since=timezone.now() - timedelta(days=31))
    again = actions.ask_to_join(made.circle, organisation=None, word="", by=made.people["clara"])
    actions.accept_request(again, by=made.people["anna"])
    assert made.state("clara") == "in"
    with pytest.raises(Refused, match="already"):
        actions.accept_request(again, by=made.people["anna"])


def test_a_request_can_be_withdrawn_and_made_again() -> None:
    made = scene()
    actions.ask_to_join(made.circle, organisation=None, word="x", by=made.people["clara"])
    actions.withdraw_request(made.circle, by=made.people["clara"])
    assert made.state("clara") == "left"
    actions.ask_to_join(made.circle, organisation=None, word="", by=made.people["clara"])
    assert made.state("clara") == "asked"


def test_an_organisation_is_invited_through_those_who_look_after_it() -> None:
    made = scene(joining="invitation", audience="members")
    assert actions.invite_organisation(made.circle, made.other, word="Kommt dazu.", by=made.people["anna"]) == 1
    assert (made.state("clara"), made.state("emil")) == ("invited", "")  # a plain member does not look after it
    assert "> Kommt dazu." in Notice.objects.get(person=made.people["clara"]).text
    assert "clara" in seen_by(made)
    with pytest.raises(Refused, match="invited already"):
        actions.invite_organisation(made.circle, made.other, by=made.people["anna"])
    with pytest.raises(NotAllowed):
        actions.invite_organisation(made.circle, made.far, by=made.people["clara"])
    actions.decline_invitation(made.circle, by=made.people["clara"])
    assert "Clara" not in Notice.objects.get(person=made.people["anna"], kind="circles.invitation_declined").text
    with pytest.raises(Refused, match="declined lately"):
        actions.invite_organisation(made.circle, made.other, by=made.people["anna"])


def test_invitations_are_withdrawn_by_organisation_before_they_are_answered() -> None:
    made = scene()
    actions.invite_organisation(made.circle, made.other, by=made.people["anna"])
    assert actions.withdraw_invitations(made.circle, made.other, by=made.people["anna"]) == 1
    with pytest.raises(Refused, match="withdrawn"):
        actions.accept_invitation(made.circle, by=made.people["clara"])


def test_an_invitation_by_mail_works_by_its_link_once() -> None:
    made = scene(joining="invitation", audience="members")
    invitation = actions.invite_by_mail(made.circle, "Hanna@Example.org", word="Hallo", by=made.people["anna"])
    word = letters.link_word(invitation)
    assert word in letters_to("hanna@example.org")[-1].body.replace("\n", "")
    assert queries.mail_invitation(word) == invitation
    assert queries.my_mail_invitations(made.people["hanna"]) == [invitation]
    with pytest.raises(NotAllowed):
        actions.accept_mail_invitation(invitation, organisation=made.other, by=made.people["hanna"])
    actions.accept_mail_invitation(invitation, by=made.people["hanna"])
    assert made.state("hanna") == "in"
    assert MailInvitation.objects.get().email == ""
    assert queries.mail_invitation(word) is None
    with pytest.raises(Refused, match="withdrawn, answered"):
        actions.accept_mail_invitation(invitation, by=made.people["clara"])


@pytest.mark.parametrize("word", ["", "x", "MQ:1:abc", "\x00"])
def test_an_invented_link_opens_nothing(word: str) -> None:
    scene()
    assert queries.mail_invitation(word) is None


def test_old_invitations_are_closed_and_their_addresses_forgotten() -> None:
    made = scene()
    invitation = actions.invite_by_mail(made.circle, "x@example.org", by=made.people["anna"])
    assert actions.forget_invitations() == 0
    MailInvitation.objects.update(sent_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused, match="expired"):
        actions.accept_mail_invitation(invitation, by=made.people["hanna"])
    assert actions.forget_invitations() == 1
    assert MailInvitation.objects.get().email == ""


def test_the_last_coordinator_hands_over_before_leaving() -> None:
    made = scene()
    clara = bring_in(made, "clara", made.other)
    with pytest.raises(Refused, match="Nobody else coordinates"):
        actions.leave_circle(made.circle, by=made.people["anna"])
    with pytest.raises(Refused, match="Nobody else coordinates"):
        actions.change_role(made.held("anna"), "member", by=made.people["anna"])
    actions.change_role(clara, "coordinator", by=made.people["anna"])
    actions.leave_circle(made.circle, by=made.people["anna"])
    assert (made.state("anna"), made.held("anna").role) == ("left", "member")


def test_the_last_of_all_leaves_an_archived_circle_and_the_host_can_take_it_up() -> None:
    made = scene()
    with pytest.raises(Refused):
        actions.leave_circle(made.circle, by=made.people["anna"])
    actions.archive_circle(made.circle, by=made.people["anna"])
    actions.leave_circle(made.circle, by=made.people["anna"])
    with pytest.raises(NotAllowed):
        actions.name_coordinator(made.circle, None, by=made.people["clara"])
    actions.name_coordinator(made.circle, None, by=made.people["ben"])
    assert access.may_coordinate(made.people["ben"], made.circle)
    actions.reopen_circle(made.circle, by=made.people["ben"])


def test_a_removed_member_learns_why_and_comes_back_by_invitation_only() -> None:
    made = scene(joining="open", audience="public")
    member = actions.join_circle(made.circle, organisation=made.other, by=made.people["clara"])
    task = actions.add_task(made.circle, title="x", owner=made.people["clara"], by=made.people["anna"])
    actions.feed_word(made.circle, by=made.people["clara"])
    with pytest.raises(NotAllowed):
        actions.remove_member(made.held("anna"), reason="x", by=made.people["clara"])
    with pytest.raises(BadInput):
        actions.remove_member(member, reason="", by=made.people["anna"])
    actions.remove_member(member, reason="Werbung", by=made.people["anna"])
    assert "> Werbung" in Notice.objects.get(person=made.people["clara"], kind="circles.removed").text
    assert made.held("clara").feed_word is None
    assert Task.objects.get(pk=task.pk).owner is None
    with pytest.raises(Refused, match="by an invitation only"):
        actions.join_circle(made.circle, organisation=made.other, by=made.people["clara"])
    actions.invite_organisation(made.circle, made.other, by=made.people["anna"])
    actions.accept_invitation(made.circle, by=made.people["clara"])
    assert made.state("clara") == "in"


def test_who_leaves_the_organisation_stays_in_the_circle_without_its_name() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    shown = queries.circle(made.people["anna"], made.circle.pk)
    assert shown is not None and getattr(shown, "organisations_count", 0) == 2
    Stewardship.objects.filter(person=made.people["clara"]).update(until=timezone.now())
    assert {one.person.name: getattr(one, "belongs", None) for one in queries.members(made.circle)} == {"Anna": True, "Clara": False}
    shown = queries.circle(made.people["anna"], made.circle.pk)
    assert getattr(shown, "organisations_count", 0) == 1


def test_settings_are_for_coordinators_and_a_foreign_host_is_refused() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    said: dict[str, Any] = {"name": "Neu", "purpose": "P", "joining": "open", "audience": "public", "notes_open": True}
    with pytest.raises(NotAllowed):
        actions.change_circle(made.circle, organisation=made.host, **said, by=made.people["clara"])
    with pytest.raises(NotAllowed):
        actions.change_circle(made.circle, organisation=made.other, **said, by=made.people["anna"])
    with pytest.raises(BadInput):
        actions.change_circle(made.circle, organisation=None, **said, by=made.people["anna"])
    with pytest.raises(BadInput):
        actions.change_circle(made.circle, organisation=made.host, **said | {"joining": "alle"}, by=made.people["anna"])
    changed = actions.change_circle(made.circle, organisation=made.host, **said, by=made.people["anna"])
    assert (changed.name, changed.joining, changed.notes_open) == ("Neu", "open", True)


def test_a_circle_follows_its_host_and_background_through_a_merge_and_back() -> None:
    made = scene()
    bring_in(made, "clara", made.other)
    merge_organisations(made.far, made.host, by=made.people["frida"])
    made.circle.refresh_from_db()
    assert made.circle.organisation == made.far
    assert made.held("anna").organisation == made.far
    undo_merge(Merge.objects.get(), by=made.people["frida"])
    made.circle.refresh_from_db()
    assert made.circle.organisation == made.host
    assert made.held("anna").organisation == made.host


def test_an_erased_coordinator_leaves_texts_without_a_name_and_the_host_is_asked_to_name_somebody() -> None:
    made = scene()
    clara = bring_in(made, "clara", made.other)
    written = note(made)
    task = actions.add_task(made.circle, title="x", owner=made.people["anna"], by=made.people["anna"])
    Stewardship.objects.filter(person=made.people["ben"]).update(role="owner")  # an entry needs a successor, too
    erase(made.people["anna"], by=made.people["anna"])
    assert (written.versions.get().by, written.versions.get().text) == (None, "Erste Fassung")
    assert Task.objects.get(pk=task.pk).owner is None
    assert Notice.objects.filter(person=made.people["ben"], kind="circles.without_coordinator").count() == 1
    assert not access.has_coordinator(made.circle)
    assert [one.pk for one in queries.to_name(made.people["ben"])] == [made.circle.pk]
    with pytest.raises(NotAllowed):
        actions.name_coordinator(made.circle, clara, by=made.people["clara"])
    actions.name_coordinator(made.circle, clara, by=made.people["ben"])
    assert access.may_coordinate(made.people["clara"], made.circle)
    with pytest.raises(NotAllowed):
        actions.name_coordinator(made.circle, None, by=made.people["ben"])


def test_the_trail_holds_numbers_and_no_personal_data() -> None:
    made = scene()
    actions.invite_by_mail(made.circle, "geheim@example.org", word="Hallo Welt", by=made.people["anna"])
    asked = actions.ask_to_join(made.circle, organisation=None, word="Bitte", by=made.people["clara"])
    actions.refuse_request(asked, answer="Nein", by=made.people["anna"])
    facts = " ".join(str(one.facts) for one in Entry.objects.filter(verb__startswith="circles."))
    assert not any(word in facts for word in ("geheim", "Hallo", "Bitte", "Nein", "Clara"))


def test_invitations_are_limited_by_the_day() -> None:
    made = scene()
    for number in range(29):
        actions.invite_by_mail(made.circle, f"a{number}@example.org", by=made.people["anna"])
    with pytest.raises(Refused, match="very many"):
        actions.invite_by_mail(made.circle, "zuviel@example.org", by=made.people["anna"])


def test_an_entry_nobody_looks_after_is_invited_by_mail_instead() -> None:
    made = scene()
    Stewardship.objects.filter(organisation=made.far).delete()
    with pytest.raises(Refused, match="by e-mail"):
        actions.invite_organisation(made.circle, made.far, by=made.people["anna"])
    Organisation.objects.filter(pk=made.far.pk).update(state=State.ARCHIVED)
    made.far.refresh_from_db()
    with pytest.raises(Refused, match="not on the map"):
        actions.invite_organisation(made.circle, made.far, by=made.people["anna"])
    assert keeper(made.far, "ida")
