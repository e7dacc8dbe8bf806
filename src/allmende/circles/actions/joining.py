"""Coming and going: joining, asking, deciding, handing over, leaving, removing."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.circles import access, letters, rules
from allmende.circles.actions.founding import led, locked, require_active, require_shown
from allmende.circles.models import Circle, CircleMember, Task
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person

WORD_LIMIT = 500


def place(circle: Circle, person: Person, state: str, **fields: Any) -> CircleMember:
    """The one row of a person in a circle, brought to a state. The circle is locked, so nobody else writes it meanwhile."""
    now = timezone.now()
    fields = {"role": rules.MEMBER, "by_self": False, "answer": "", "since": now, **fields}
    if state == rules.IN:
        fields |= {"told_at": now}
    if state not in {rules.IN, rules.INVITED}:
        fields |= {"feed_word": None, "role": rules.MEMBER}
    return CircleMember.objects.update_or_create(circle=circle, person=person, defaults={"state": state, **fields})[0]


def require_background(person: Person, organisation: Organisation | None) -> None:
    """One comes with an organisation one belongs to, or with none."""
    belongs = organisation is None or access.backgrounds_of(person).filter(pk=organisation.pk).exists()
    require(belongs, _("Choose an organisation that you belong to."), NotAllowed)


def _require_free_to_come(circle: Circle, by: Person) -> None:
    require(access.circles_visible_to(by).filter(pk=circle.pk).exists(), _("This circle is not open to you."), NotAllowed)
    require_active(circle)
    require_shown(circle)
    mine = access.membership(by, circle)
    state = mine.state if mine else None
    require(state != rules.IN, _("You are a member already."))
    require(state != rules.INVITED, _("You are invited: accept the invitation on the page of the circle."))
    require(state != rules.ASKED, _("You have asked already. The coordinators decide."))
    may_come = rules.may_come(state, mine.by_self if mine else False, mine.since if mine else None, timezone.now())
    require(may_come, _("You can come in by an invitation only at the moment. Write to those who coordinate the circle."))


@transaction.atomic
def join_circle(circle: Circle, *, organisation: Organisation | None, by: Person) -> CircleMember:
    """Come in where it is open. That needs an organisation: everybody inside sees with whom they share what they write."""
    circle = locked(circle)
    _require_free_to_come(circle, by)
    require(circle.joining == rules.OPEN, _("This circle is not open: ask to join, or have yourself invited."))
    require(organisation, _("Choose the organisation with which you join."), BadInput)
    require_background(by, organisation)
    member = place(circle, by, rules.IN, organisation=organisation, word="", invited_by=None)
    trail.record("circles.member_joined", by=by, about=circle, member=member.pk)
    return member


@transaction.atomic
def ask_to_join(circle: Circle, *, organisation: Organisation | None, word: str, by: Person) -> CircleMember:
    """Ask those who coordinate it, with a word."""
    circle = locked(circle)
    _require_free_to_come(circle, by)
    require(circle.joining == rules.REQUEST, _("One does not join this circle by asking."))
    require_background(by, organisation)
    member = place(circle, by, rules.ASKED, organisation=organisation, word=clean(word)[:WORD_LIMIT], invited_by=None)
    trail.record("circles.member_asked", by=by, about=circle, member=member.pk)
    letters.asked(member)
    return member


@transaction.atomic
def withdraw_request(circle: Circle, *, by: Person) -> CircleMember:
    """Not any more; the word is forgotten."""
    circle = locked(circle)
    mine = access.membership(by, circle)
    require(mine and mine.state == rules.ASKED, _("There is no open request of yours."))
    member = place(circle, by, rules.LEFT, by_self=True, word="")
    trail.record("circles.request_withdrawn", by=by, about=circle, member=member.pk)
    return member


@transaction.atomic
def accept_request(member: CircleMember, *, by: Person) -> CircleMember:
    """Whoever asked is in."""
    member = _asked(member, by)
    require_active(member.circle)
    require_shown(member.circle)
    member = place(member.circle, member.person, rules.IN, word="")
    trail.record("circles.request_accepted", by=by, about=member.circle, member=member.pk)
    letters.accepted(member)
    return member


@transaction.atomic
def refuse_request(member: CircleMember, *, answer: str, by: Person) -> CircleMember:
    """No, with a word why."""
    member = _asked(member, by)
    require(clean(answer), _("Please say why: the person is told the reason."), BadInput)
    member = place(member.circle, member.person, rules.REFUSED, word="", answer=clean(answer)[:WORD_LIMIT])
    trail.record("circles.request_refused", by=by, about=member.circle, member=member.pk)
    letters.refused(member)
    return member


def _asked(member: CircleMember, by: Person) -> CircleMember:
    circle = led(member.circle, by)
    member = _fresh(member, circle)
    require(member.state == rules.ASKED, _("This request has been answered already."))
    return member


def _fresh(member: CircleMember, circle: Circle) -> CircleMember:
    found = CircleMember.objects.select_related("person").get(pk=member.pk, circle=circle)
    found.circle = circle
    return found


def _others_who_coordinate(member: CircleMember) -> int:
    held = CircleMember.objects.filter(circle=member.circle_id, state=rules.IN, role=rules.COORDINATOR, person__is_active=True)
    return held.exclude(pk=member.pk).count()


@transaction.atomic
def change_role(member: CircleMember, role: str, *, by: Person) -> CircleMember:
    """Make a member a coordinator or the other way round; the last coordinator stays one."""
    member = _fresh(member, led(member.circle, by))
    require(
        role in {rules.COORDINATOR, rules.MEMBER} and member.state == rules.IN, _("Please choose what they do in the circle."), BadInput
    )
    if role == rules.MEMBER and member.role == rules.COORDINATOR:
        _require_another(member)
    was, member.role = member.role, role
    member.save(update_fields=["role"])
    trail.record("circles.role_changed", by=by, about=member.circle, member=member.pk, role=role)
    if role == rules.COORDINATOR and was != role and member.person_id != by.pk:
        letters.coordinates(member)
    return member


def _require_another(member: CircleMember) -> None:
    sentence = _("Nobody else coordinates the circle. Make another member a coordinator first.")
    require(rules.may_stop_coordinating(_others_who_coordinate(member)), sentence)


@transaction.atomic
def leave_circle(circle: Circle, *, by: Person) -> CircleMember:
    """Go. Open tasks are free again. The last coordinator hands over before, unless the circle is archived and empty otherwise."""
    circle = locked(circle)
    mine = access.membership(by, circle)
    require(mine and mine.state == rules.IN, _("You are not a member of this circle."))
    assert mine is not None  # noqa: S101 - said for mypy, required above
    is_empty = not circle.members.filter(state=rules.IN).exclude(pk=mine.pk).exists()
    if mine.role == rules.COORDINATOR and not (is_empty and circle.archived_at):
        _require_another(mine)
    return _go(circle, by, "circles.member_left", by=by, by_self=True)


@transaction.atomic
def remove_member(member: CircleMember, *, reason: str, by: Person) -> CircleMember:
    """End somebody's membership. They are told why and come back by an invitation only."""
    member = _fresh(member, led(member.circle, by))
    require(member.state == rules.IN, _("This person is not a member any more."))
    require(member.person_id != by.pk, _("To go yourself, choose “Leave the circle”."))
    require(clean(reason), _("Please say why: the person is told the reason."), BadInput)
    gone = _go(member.circle, member.person, "circles.member_removed", by=by, answer=clean(reason)[:WORD_LIMIT])
    letters.removed(gone)
    return gone


def _go(circle: Circle, person: Person, verb: str, *, by: Person, **fields: Any) -> CircleMember:
    Task.objects.filter(circle=circle, owner=person, done_at=None).update(owner=None)
    gone = place(circle, person, rules.LEFT, word="", **fields)
    trail.record(verb, by=by, about=circle, member=gone.pk)
    return gone


@transaction.atomic
def name_coordinator(circle: Circle, member: CircleMember | None, *, by: Person) -> CircleMember:
    """Where nobody coordinates any more: name a member, or without one take it up oneself."""
    circle = locked(circle)
    require(access.may_name_coordinator(by, circle), _("Somebody coordinates this circle already."), NotAllowed)
    if member is None:
        named = place(circle, by, rules.IN, role=rules.COORDINATOR, word="")
    else:
        named = _fresh(member, circle)
        require(named.state == rules.IN and named.person.is_active, _("Choose one of the members."), BadInput)
        named.role = rules.COORDINATOR
        named.save(update_fields=["role"])
        letters.coordinates(named)
    trail.record("circles.coordinator_named", by=by, about=circle, member=named.pk)
    return named


@transaction.atomic
def change_own(circle: Circle, *, organisation: Organisation | None, wants_digest: bool, by: Person) -> CircleMember:
    """With which organisation one is there, and whether one hears of news daily."""
    circle = locked(circle)
    mine = access.membership(by, circle)
    require(mine and mine.state == rules.IN, _("You are not a member of this circle."), NotAllowed)
    assert mine is not None  # noqa: S101 - said for mypy, required above
    if organisation is None or organisation.pk != mine.organisation_id:
        require_background(by, organisation)
    if wants_digest and not mine.wants_digest:
        mine.told_at = timezone.now()  # news from before were not wanted
    mine.organisation, mine.wants_digest = organisation, wants_digest
    mine.save(update_fields=["organisation", "wants_digest", "told_at"])
    trail.record("circles.own_settings_changed", by=by, about=circle, member=mine.pk)
    return mine
