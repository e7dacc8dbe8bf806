"""Many members at once, carried over from a list kept elsewhere; and the way back while nothing has followed from it.

The rules are those of `enter_member`; the lines are written in blocks, and each member has a line in the trail, so that other rooms
follow as they do with one. What differs for members carried over: numbers may be old, memberships may have ended, and where the house
knows no statute of their time the first one it knows counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from operator import attrgetter

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.ground.text import clean, fold
from allmende.members import rules
from allmende.members.actions import Entering, locked, require_administration
from allmende.members.models import EndReason, GroupTime, Kind, Membership, Particulars, Party, ShareEntry, ShareKind
from allmende.people.models import Person

BLOCK = 500
OWN_ROWS = ("members.Particulars", "members.GroupTime", "members.ShareEntry")


@dataclass(frozen=True)
class Carried:
    """A member who is carried over; `ends_on` is the last day of a membership that is over already."""

    entering: Entering
    ends_on: date | None = None
    end_reason: str = EndReason.NOTICE


class Statutes:
    """The statutes of a cooperative by day, read once. Before the first one the first one counts."""

    def __init__(self, cooperative: Cooperative) -> None:
        found = Statute.objects.filter(cooperative=cooperative, state=StatuteState.ADOPTED).order_by("valid_from")
        self.known: list[Statute] = list(found)
        require(self.known, _("There is no statute in force on this day yet. The board has to enter it first."), Refused)

    def on(self, day: date) -> Statute:
        """The version of this day."""
        return next((one for one in reversed(self.known) if one.valid_from <= day), self.known[0])


@transaction.atomic
def enter_members(cooperative: Cooperative, carried: Sequence[Carried], *, by: Person) -> list[Membership]:
    """Enter all of them or none, in this order; says so in the trail for each. Numbers that are not given follow the highest one.

    Raises Refused or BadInput, with the sentence, for the first one that the statute or the register does not allow.
    """
    cooperative = locked(cooperative)
    require_administration(by, cooperative)
    statutes = Statutes(cooperative)
    for one in carried:
        _require_right(one, statutes.on(max(one.entering.joined_on, one.entering.declared_on)))
    made = Membership.objects.bulk_create(_memberships(cooperative, carried), batch_size=BLOCK)
    pairs = list(zip(made, carried, strict=True))
    Particulars.objects.bulk_create([_particulars(*pair, by) for pair in pairs], batch_size=BLOCK)
    GroupTime.objects.bulk_create([_group_time(*pair) for pair in pairs if pair[1].entering.group], batch_size=BLOCK)
    lines = [line for membership, one in pairs for line in _share_lines(membership, one, statutes, by)]
    ShareEntry.objects.bulk_create(lines, batch_size=BLOCK)
    for membership, one in pairs:
        facts = {"cooperative": cooperative.pk, "shares": one.entering.shares, "is_opening": one.entering.is_opening}
        trail.record("members.member_entered", by=by, about=membership, **facts, **one.entering.facts)
    return made


def _require_right(one: Carried, statute: Statute) -> None:
    said = one.entering
    is_over = one.ends_on is not None
    least = 0 if said.kind == Kind.SUPPORTING or is_over else statute.mandatory_shares
    most = statute.max_shares
    require(said.shares >= least, _("At least %(count)d shares are to be taken.") % {"count": least}, BadInput)
    require(most is None or said.shares <= most, _("The statute allows at most %(count)d shares.") % {"count": most or 0}, Refused)
    require(said.kind != Kind.INVESTING or statute.has_investing, _("The statute does not allow investing members (§ 8 II GenG)."))
    named = said.named.firm if said.named.party == Party.LEGAL else said.named.family_name
    require(named, _("A member needs a name."), BadInput)
    require(said.group is None or said.group.cooperative_id == statute.cooperative_id, _("There is no such group here."), BadInput)
    right = one.ends_on is None or said.joined_on <= one.ends_on < localdate()
    require(right, _("Only memberships that are over already are carried over with their end."), BadInput)


def _memberships(cooperative: Cooperative, carried: Sequence[Carried]) -> list[Membership]:
    wanted = [one.entering.number for one in carried if one.entering.number]
    require(len(wanted) == len(set(wanted)), _("A member number is there twice."), BadInput)
    taken = Membership.objects.filter(cooperative=cooperative, number__in=wanted).values_list("number", flat=True).first()
    require(taken is None, _("The member number %(number)d is taken already.") % {"number": taken or 0}, Refused)
    following = max([cooperative.next_number, *(number + 1 for number in wanted)])
    made = []
    for one in carried:
        number = one.entering.number
        if number is None:
            number, following = following, following + 1
        made.append(_membership(cooperative, one, number))
    if following > cooperative.next_number:
        cooperative.next_number = following
        cooperative.save(update_fields=["next_number"])
    return made


def _membership(cooperative: Cooperative, one: Carried, number: int) -> Membership:
    said = one.entering
    return Membership(
        cooperative=cooperative,
        number=number,
        kind=said.kind,
        person=said.person,
        organisation=said.organisation,
        declared_on=said.declared_on,
        joined_on=said.joined_on,
        ends_on=one.ends_on,
        end_reason=one.end_reason if one.ends_on else "",
        ended_at=timezone.now() if one.ends_on else None,
    )


def _particulars(membership: Membership, one: Carried, by: Person) -> Particulars:
    said = {name: clean(value) for name, value in asdict(one.entering.named).items()}
    folded = fold(" ".join((said["family_name"], said["given_name"], said["firm"], said["town"], said["email"])))
    evidence, since = one.entering.evidence, one.entering.joined_on
    return Particulars(membership=membership, valid_from=since, entered_by=by, evidence=evidence, folded=folded, **said)


def _group_time(membership: Membership, one: Carried) -> GroupTime:
    return GroupTime(membership=membership, group=one.entering.group, since=one.entering.joined_on, until=one.ends_on)


def _share_lines(membership: Membership, one: Carried, statutes: Statutes, by: Person) -> list[ShareEntry]:
    """What was held, and that it went with the end of the membership."""
    said = one.entering
    if not said.shares:
        return []
    common = {
        "membership": membership,
        "share_cents": statutes.on(max(said.joined_on, said.declared_on)).share_cents,
        "declared_on": said.declared_on,
        "evidence": said.evidence,
        "entered_by": by,
    }
    kind = ShareKind.OPENING if said.is_opening else ShareKind.SUBSCRIBE
    lines = [ShareEntry(kind=kind, quantity=said.shares, effective_on=said.joined_on, **common)]
    if one.ends_on:
        gone = rules.first_day_after(one.ends_on)
        lines.append(ShareEntry(kind=ShareKind.CANCEL, quantity=-said.shares, effective_on=gone, **common))
    return lines


@transaction.atomic
def take_back_members(cooperative: Cooperative, memberships: Sequence[Membership], *, next_number: int, by: Person) -> int:
    """Take members who were carried over by mistake out again, as if the list had never come; says how many.

    Lines of the ledger are reversed and never deleted. This is the one exception: a list that was read in wrongly (columns mixed up)
    would otherwise leave strangers in the register for good (Art. 5 I d, 17 I GDPR). So it is refused as soon as anything else hangs
    on one of the members, in whatever room: every table that points to a membership is asked (ADR 0023), and who opened the page of
    one of them has left such a line. `next_number` is the number that followed before; it holds again unless somebody joined since.
    """
    cooperative = locked(cooperative)
    require_administration(by, cooperative)
    found = list(Membership.objects.select_for_update().filter(cooperative=cooperative, pk__in=[one.pk for one in memberships]))
    pks = [one.pk for one in found]
    _require_nothing_followed(pks)
    for block in _blocks(pks):
        lines = ShareEntry.objects.filter(membership__in=block)
        lines._raw_delete(lines.db)  # the ledger's own guard refuses delete()
        Particulars.objects.filter(membership__in=block).delete()
        GroupTime.objects.filter(membership__in=block).delete()
        try:
            Membership.objects.filter(pk__in=block).delete()
        except ProtectedError as fault:
            raise Refused(_something_followed()) from fault
    if found and cooperative.next_number == max(map(attrgetter("number"), found)) + 1:
        cooperative.next_number = next_number
        cooperative.save(update_fields=["next_number"])
    trail.record("members.members_taken_back", by=by, about=cooperative, cooperative=cooperative.pk, memberships=pks)
    return len(found)


def _something_followed() -> str:
    return _("Something has been entered for these members since. Correct single members in the register instead.")


def _require_nothing_followed(pks: Sequence[int]) -> None:
    """Only lines of the carrying over may be there: one name, at most one group, nothing subscribed, transferred or reversed since."""
    for block in _blocks(pks):
        for link in Membership._meta.related_objects:
            if link.related_model._meta.label not in OWN_ROWS:
                rows = link.related_model._default_manager.filter(**{f"{link.field.name}__in": block})
                require(not rows.exists(), _something_followed(), Refused)
        later = ShareEntry.objects.filter(membership__in=block).exclude(kind__in=(ShareKind.OPENING, ShareKind.CANCEL))
        renamed = Particulars.objects.filter(membership__in=block).exclude(valid_until=None)
        members = Membership.objects.filter(pk__in=block)
        ending = members.filter(ends_on__gte=localdate())
        linked = members.exclude(person=None)
        require(not (later.exists() or renamed.exists() or ending.exists() or linked.exists()), _something_followed(), Refused)


def _blocks(pks: Sequence[int]) -> Iterable[Sequence[int]]:
    return (pks[at : at + BLOCK] for at in range(0, len(pks), BLOCK))
