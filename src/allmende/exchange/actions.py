"""Every change of offers and needs: opening, editing, extending, ending, taking off, and what the calendar does.

`said` is what a form says after cleaning: direction, organisation, as_member, person_name, title, text, category, tags, sdgs, is_remote,
town, lat, lon, radius, terms, terms_note, audience, chosen, until. What is missing stays as it is, or as the model has it.

The trail says `exchange.listing_opened` whenever a listing can be answered from now on, and `exchange.listing_closed` whenever it no
longer can, for whatever reason; both with `listing` and `state`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Stewardship, Tree
from allmende.directory.models import State as EntryState
from allmende.exchange import access, letters, rules, search
from allmende.exchange.models import Listing, State, Terms
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.people.models import Person

Said = Mapping[str, Any]
PLAIN = ("title", "text", "category", "tags", "is_remote", "town", "lat", "lon", "radius", "terms", "terms_note", "audience", "until")
A_DAY = timedelta(days=1)


# -------------------------------------------------------------------------------------------------------- opening, editing


@transaction.atomic
def open_listing(said: Said, *, by: Person, as_draft: bool = False) -> Listing:
    """Put up an offer or a need, for all it is meant for; as a draft for those who may change it only."""
    organisation: Organisation = said["organisation"]
    as_member = bool(said.get("as_member"))
    _lock(organisation)
    _require_writing(by, organisation, as_member=as_member)
    _require_room(organisation, by, as_member=as_member)
    listing = Listing(direction=said["direction"], organisation=organisation, created_by=by, language=(get_language() or "de")[:2])
    listing.person, listing.person_name = (by, said.get("person_name", "")) if as_member else (None, "")
    listing.is_demo = organisation.is_demo
    _fill(listing, said)
    _check(listing, _chosen(said, listing))
    if not as_draft:
        listing.state, listing.opened_at = State.OPEN, timezone.now()
    listing.save()
    _hang_on(listing, said)
    _record("listing_drafted" if as_draft else "listing_opened", listing, by)
    return listing


@transaction.atomic
def edit_listing(listing: Listing, said: Said, *, by: Person) -> Listing:
    """Say it differently. Whose it is and whether it is an offer or a need stay as they are."""
    listing = _own(listing, by)
    require(
        listing.state in rules.WAITING,
        _("This is no longer open. Open it again first, then you can change it."),
    )
    if listing.person_id == by.pk and "person_name" in said:
        listing.person_name = said["person_name"]
    _fill(listing, said)
    _check(listing, _chosen(said, listing))
    if "until" in said:
        listing.reminded_on = None
    listing.save()
    _hang_on(listing, said)
    _record("listing_changed", listing, by)
    return listing


@transaction.atomic
def publish_listing(listing: Listing, *, by: Person) -> Listing:
    """Make a draft visible for all it is meant for."""
    listing = _own(listing, by)
    require(listing.state == State.DRAFT, _("This is no draft any more."))
    return _open(listing, by)


@transaction.atomic
def reopen_listing(listing: Listing, *, by: Person, until: date | None = None) -> Listing:
    """What was ended can be answered again; where its time has passed, until another day."""
    listing = _own(listing, by)
    require(listing.state != State.OPEN, _("This is open already."))
    require(listing.state != State.HIDDEN, _("This was taken off. Only those who took it off can put it back."))
    require(listing.state != State.DRAFT and rules.may_go(listing.state, rules.OPEN), _("This cannot be opened again."))
    _require_room(listing.organisation, by, as_member=listing.person_id is not None, is_new=False)
    if until is not None:
        listing.until = until
    elif rules.has_ended(listing.until, timezone.localdate()):
        listing.until = timezone.localdate() + rules.USUAL
    return _open(listing, by)


def _open(listing: Listing, by: Person) -> Listing:
    _require_end(listing.until)
    sentence = _("The member in whose name this stands no longer belongs to the organisation. Please write it anew.")
    require(not access.is_of_one_who_left(listing), sentence)
    _require_writing(by, listing.organisation, as_member=listing.person_id is not None)
    listing.state, listing.opened_at, listing.closed_at, listing.closing_note = State.OPEN, timezone.now(), None, ""
    listing.reminded_on = None
    listing.save()
    _record("listing_opened", listing, by)
    return listing


@transaction.atomic
def extend_listing(listing: Listing, until: date, *, by: Person) -> Listing:
    """Let it be valid until another day."""
    listing = _own(listing, by)
    require(listing.state == State.OPEN, _("Only what is open can be extended. Open it again first."))
    _require_end(until)
    listing.until, listing.reminded_on = until, None
    listing.save(update_fields=["until", "reminded_on", "changed_at"])
    _record("listing_changed", listing, by)
    return listing


@transaction.atomic
def discard_draft(listing: Listing, *, by: Person) -> None:
    """Throw a draft away. What others could see already stays and is ended instead."""
    listing = _own(listing, by)
    require(listing.state == State.DRAFT, _("Only drafts can be thrown away. End this instead."))
    _record("draft_discarded", listing, by)
    listing.delete()


# --------------------------------------------------------------------------------------------------------------- ending


@transaction.atomic
def close_listing(listing: Listing, note: str, *, by: Person) -> Listing:
    """End it without an agreement, or file away one that was agreed."""
    return _end(_own(listing, by), State.CLOSED, note, by)


@transaction.atomic
def agree_listing(listing: Listing, note: str, *, by: Person) -> Listing:
    """End it because somebody was found. `by` is of the organisation itself; enquiries ask both sides before."""
    return _end(_own(listing, by), State.AGREED, note, by)


def _end(listing: Listing, to: str, note: str, by: Person | None) -> Listing:
    require(listing.state != to, _("That is how it stands already."))
    require(rules.may_go(listing.state, to), _("This cannot be ended, because it is not open."))
    was_open = listing.state == State.OPEN
    listing.state, listing.closing_note, listing.closed_at = to, note[:300], timezone.now()
    listing.save(update_fields=["state", "closing_note", "closed_at", "changed_at"])
    _record("listing_closed" if was_open else "listing_changed", listing, by)
    return listing


@transaction.atomic
def expire_ended(today: date) -> int:
    """End what is valid no longer, and tell its people; says how many."""
    ended = list(Listing.objects.select_for_update(of=("self",)).filter(state=State.OPEN, until__lt=today).order_by("pk"))
    for listing in ended:
        _end(listing, State.EXPIRED, "", None)
        letters.expired(listing)
    return len(ended)


@transaction.atomic
def remind_ending(today: date) -> int:
    """Remind of what ends within a week, once; says of how many."""
    soon = Listing.objects.select_for_update(of=("self",)).filter(
        state=State.OPEN, until__range=(today, today + rules.REMIND_BEFORE), reminded_on=None, organisation__state=EntryState.PUBLISHED
    )
    found = list(soon.order_by("pk"))
    for listing in found:
        listing.reminded_on = today
        listing.save(update_fields=["reminded_on"])
        letters.ends_soon(listing)
    return len(found)


@transaction.atomic
def end_of_a_member(person: int, organisation: int) -> int:
    """End what a person has put up in their own name once they no longer belong to the organisation; says how many."""
    if Stewardship.objects.filter(person=person, organisation=organisation, until=None).exists():
        return 0
    theirs = Listing.objects.select_for_update(of=("self",)).filter(person=person, organisation=organisation, state=State.OPEN)
    found = list(theirs.order_by("pk"))
    for listing in found:
        _end(listing, State.CLOSED, "", None)
    return len(found)


# ----------------------------------------------------------------------------------------------------------- moderation


@transaction.atomic
def hide_listing(listing: Listing, *, by: Person, reason: str) -> Listing:
    """Take it off all pages; its own people still see it, with the reason."""
    listing = _locked(listing)
    require(access.may_moderate(by, listing), _("Only network management may do this."), NotAllowed)
    require(listing.state in rules.HIDEABLE, _("Only what others can see can be taken off."))
    require(reason.strip(), _("Please say why, so that its people understand."))
    was_open = listing.state == State.OPEN
    listing.hidden_from, listing.state, listing.hidden_reason = listing.state, State.HIDDEN, reason.strip()[:500]
    listing.save(update_fields=["hidden_from", "state", "hidden_reason", "changed_at"])
    _record("listing_closed" if was_open else "listing_changed", listing, by)
    letters.taken_off(listing)
    return listing


@transaction.atomic
def unhide_listing(listing: Listing, *, by: Person) -> Listing:
    """Put it back as it was; where its time has passed meanwhile it is expired, where its member has left it is closed."""
    listing = _locked(listing)
    require(access.may_moderate(by, listing), _("Only network management may do this."), NotAllowed)
    require(listing.state == State.HIDDEN, _("This is not taken off."))
    back = rules.state_when_back(listing.hidden_from, listing.until, timezone.localdate())
    back = rules.CLOSED if back == rules.OPEN and access.is_of_one_who_left(listing) else back
    listing.state, listing.hidden_from, listing.hidden_reason = back, "", ""
    listing.closed_at = listing.closed_at or (timezone.now() if back in rules.PAST else None)
    listing.save(update_fields=["state", "hidden_from", "hidden_reason", "closed_at", "changed_at"])
    _record("listing_opened" if back == State.OPEN else "listing_changed", listing, by)
    letters.put_back(listing)
    return listing


# ------------------------------------------------------------------------------------------------------------- the parts


def _own(listing: Listing, by: Person) -> Listing:
    """The listing as it is now, for somebody who may change it."""
    listing = _locked(listing)
    require(access.may_change(by, listing), _("Only those who look after the organisation may do this."), NotAllowed)
    return listing


def _locked(listing: Listing) -> Listing:
    return Listing.objects.select_for_update(of=("self",)).select_related("organisation", "category", "person").get(pk=listing.pk)


def _lock(organisation: Organisation) -> None:
    """Two who write at once for one organisation come one after the other, so that the limit holds."""
    Organisation.objects.select_for_update().filter(pk=organisation.pk).first()


def _require_writing(by: Person, organisation: Organisation, *, as_member: bool) -> None:
    sentence = (
        _("Only members of a published organisation can put something up in their own name.")
        if as_member
        else _("Only those who look after a published organisation can write in its name.")
    )
    require(access.may_write_for(by, organisation, as_member=as_member), sentence, NotAllowed)


def _require_room(organisation: Organisation, by: Person, *, as_member: bool, is_new: bool = True) -> None:
    """The limits that keep the pages for everybody."""
    waiting = Listing.objects.filter(organisation=organisation, state__in=rules.WAITING)
    require(
        waiting.count() < rules.MOST_OPEN,
        _("There are %(n)d open offers, needs and drafts already. Please end some before you add new ones.") % {"n": rules.MOST_OPEN},
    )
    if as_member:
        require(
            waiting.filter(person=by).count() < rules.MOST_OF_A_MEMBER,
            _("You have %(n)d open offers, needs and drafts already. Please end some before you add new ones.")
            % {"n": rules.MOST_OF_A_MEMBER},
        )
    if is_new:
        today = Listing.objects.filter(Q(created_by=by) | Q(organisation=organisation), created_at__gt=timezone.now() - A_DAY)
        require(
            today.count() < rules.MOST_A_DAY,
            _("There were %(n)d new ones within a day already. Please go on tomorrow.") % {"n": rules.MOST_A_DAY},
        )


def _fill(listing: Listing, said: Said) -> None:
    for name in PLAIN:
        if name in said:
            setattr(listing, name, said[name])
    if listing.is_remote and not listing.town:
        listing.lat = listing.lon = None


def _chosen(said: Said, listing: Listing) -> list[Organisation]:
    if "chosen" in said:
        return list(said["chosen"])
    return list(listing.chosen.all()) if listing.pk else []


def _check(listing: Listing, chosen: list[Organisation]) -> None:
    """What a form has checked already holds for every other way in, too."""
    require(listing.title.strip(), _("Please give it a title."), BadInput)
    require(listing.direction in (rules.OFFER, rules.NEED), _("Please say whether this is an offer or a need."), BadInput)
    require(listing.category.tree == Tree.EXCHANGE, _("Please choose a category of offers and needs."), BadInput)
    require(listing.terms in Terms.values, _("Please say what is asked for in return."), BadInput)
    require(listing.audience in Audience.values, _("Please say for whom this is."), BadInput)
    require(listing.audience != Audience.CHOSEN or chosen, _("Please name the organisations that may see this."), BadInput)
    require(listing.is_remote or listing.lat is not None, _("Please give a place, or say that it works from a distance."), BadInput)
    require(len(listing.tags) <= rules.MOST_TAGS, _("Please use at most %(n)d keywords.") % {"n": rules.MOST_TAGS}, BadInput)
    _require_end(listing.until)
    listing.full_clean(exclude=["person", "organisation", "created_by", "category"], validate_unique=False)


def _require_end(until: date) -> None:
    require(
        rules.is_good_end(until, timezone.localdate()),
        _("Please choose a last day between today and in one year."),
        BadInput,
    )


def _hang_on(listing: Listing, said: Said) -> None:
    """What hangs on a saved listing: goals, organisations chosen, stems."""
    if "sdgs" in said:
        listing.sdgs.set(said["sdgs"])
    if listing.audience != Audience.CHOSEN:
        listing.chosen.clear()
    elif "chosen" in said:
        listing.chosen.set(said["chosen"])
    search.note(listing)


def _record(verb: str, listing: Listing, by: Person | None) -> None:
    trail.record(f"exchange.{verb}", by=by, about=listing, listing=listing.pk, state=listing.state)
