"""What the board decides about contributions: kinds, rule sets, who sees sums, who confirms, keys for programs, closing a year."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.constitution.models import Cooperative
from allmende.contributions import access, queries, rules, rulesets
from allmende.contributions.models import (
    ApiKey,
    ClosedYear,
    Confirmer,
    Contribution,
    ContributionType,
    Entrant,
    Openness,
    RuleChoice,
    Unit,
    Visibility,
)
from allmende.contributions.rules import Year
from allmende.contributions.rulesets import RuleSet
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members.access import active_on
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.people.models import Person

MOST_TYPES = 30
MOST_KEYS = 20
PREFIX = "beitrag_"


@dataclass(frozen=True)
class Kind:
    """A kind of contribution as a form says it. Unit and `counts_for_refund` hold from the beginning and do not change."""

    name: str
    name_en: str = ""
    entrant: str = Entrant.MEMBERS
    needs_confirmation: bool = True
    most: int | None = None
    days_back: int = 366
    is_open: bool = True


def _board(cooperative: Cooperative, by: Person) -> Cooperative:
    """The cooperative, held; only for the board."""
    cooperative = locked(cooperative)
    require(access.may_decide(by, cooperative), _("Only the board may do this."), NotAllowed)
    return cooperative


@transaction.atomic
def add_type(
    cooperative: Cooperative, kind: Kind, *, unit: str, unit_name: str = "", counts_for_refund: bool = False, by: Person
) -> ContributionType:
    """A new kind of contribution; its short name for files and programs comes from its name."""
    cooperative = _board(cooperative, by)
    known = {one.key for one in queries.types_of(cooperative)}
    require(len(known) < MOST_TYPES, _("There can be at most %(n)d kinds of contributions.") % {"n": MOST_TYPES}, Refused)
    require(unit in Unit.values, _("Choose what it is counted in."), BadInput)
    require(unit != Unit.OWN or clean(unit_name), _("Give the unit a name, such as boxes."), BadInput)
    require(not counts_for_refund or unit == Unit.TURNOVER, _("Only turnover counts for the patronage refund (§ 22 KStG)."), BadInput)
    _check(kind)
    key = _free_key(kind.name, known)
    made = ContributionType.objects.create(
        cooperative=cooperative,
        key=key,
        unit=unit,
        unit_name=clean(unit_name) if unit == Unit.OWN else "",
        counts_for_refund=counts_for_refund,
        position=len(known),
        **asdict(kind),
    )
    trail.record("contributions.type_added", by=by, about=made, cooperative=cooperative.pk)
    return made


def _check(kind: Kind) -> None:
    require(clean(kind.name), _("The name is missing."), BadInput)
    require(kind.entrant in Entrant.values, _("Choose who enters it."), BadInput)
    require(kind.most is None or 0 < kind.most <= rules.MOST_AMOUNT, _("The most in one entry must be more than nothing."), BadInput)
    require(1 <= kind.days_back <= 3660, _("Members can enter between one day and ten years back."), BadInput)


def _free_key(name: str, known: set[str]) -> str:
    wanted = slugify(name)[:30] or "art"
    return next(key for key in (wanted, *(f"{wanted}-{number}" for number in range(2, MOST_TYPES + 2))) if key not in known)


@transaction.atomic
def add_usual_types(cooperative: Cooperative, *, by: Person) -> int:
    """Begin with what most need: hours that members enter, and turnover for the refund that comes from files or programs."""
    cooperative = _board(cooperative, by)
    require(not queries.types_of(cooperative), _("There are kinds of contributions already."), Refused)
    with override("en"):
        english = _("Work"), _("Purchases")
    with override("de"):
        german = _("Work"), _("Purchases")
    add_type(cooperative, Kind(german[0], english[0], most=rules.MOST_HOURS), unit=Unit.HOURS, by=by)
    bought = Kind(german[1], english[1], entrant=Entrant.OFFICES)
    add_type(cooperative, bought, unit=Unit.TURNOVER, counts_for_refund=True, by=by)
    return 2


@transaction.atomic
def change_type(one: ContributionType, kind: Kind, *, by: Person) -> ContributionType:
    """Another name, other limits; what was entered before stays as it counts."""
    cooperative = _board(one.cooperative, by)
    one = ContributionType.objects.select_for_update().get(pk=one.pk, cooperative=cooperative)
    _check(kind)
    for name, value in asdict(kind).items():
        setattr(one, name, value)
    one.save(update_fields=list(asdict(kind)))
    trail.record("contributions.type_changed", by=by, about=one, cooperative=cooperative.pk)
    return one


@transaction.atomic
def set_visibility(cooperative: Cooperative, openness: str, least_members: int, *, by: Person) -> Visibility:
    """Who sees the sums of the groups, and how many members a group needs for that."""
    cooperative = _board(cooperative, by)
    require(openness in Openness.values, _("Choose who sees the sums."), BadInput)
    words = _("A group needs at least %(n)d members for its sum to be shown: otherwise single members could be recognised.")
    require(rules.LEAST_MEMBERS <= least_members <= 1000, words % {"n": rules.LEAST_MEMBERS}, BadInput)
    defaults = {"openness": openness, "least_members": least_members}
    made, _is_new = Visibility.objects.update_or_create(cooperative=cooperative, defaults=defaults)
    trail.record("contributions.visibility_set", by=by, about=made, cooperative=cooperative.pk, openness=openness)
    return made


@transaction.atomic
def name_confirmer(cooperative: Cooperative, number: int, *, by: Person) -> Confirmer:
    """A member with an account confirms contributions from today on, without holding an office."""
    cooperative = _board(cooperative, by)
    found = Membership.objects.filter(active_on(localdate()), cooperative=cooperative, number=number).first()
    if found is None:
        raise BadInput(_("There is no member with this number today."))
    require(found.person_id, _("This member has no account here yet and could not confirm anything."), Refused)
    earlier = Confirmer.objects.filter(cooperative=cooperative, membership=found, until=None).first()
    if earlier:
        return earlier
    made = Confirmer.objects.create(cooperative=cooperative, membership=found, since=localdate(), named_by=by)
    trail.record("contributions.confirmer_named", by=by, about=made, cooperative=cooperative.pk)
    return made


@transaction.atomic
def end_confirmer(one: Confirmer, *, by: Person) -> None:
    """From now on this member confirms nothing any more."""
    cooperative = _board(one.cooperative, by)
    one = Confirmer.objects.select_for_update().get(pk=one.pk)
    if one.until is None:
        one.until = max(localdate() - timedelta(days=1), one.since - timedelta(days=1))
        one.save(update_fields=["until"])
        trail.record("contributions.confirmer_ended", by=by, about=one, cooperative=cooperative.pk)


@transaction.atomic
def create_key(cooperative: Cooperative, client: str, *, may_post: bool, may_read: bool, by: Person) -> tuple[ApiKey, str]:
    """A key for a program. The word itself is handed back once and never again: only its hash is kept."""
    cooperative = _board(cooperative, by)
    client = slugify(client)[:40]
    require(client, _("Give the program a name of letters and digits."), BadInput)
    require(may_post or may_read, _("A key has to allow something."), BadInput)
    known = ApiKey.objects.filter(cooperative=cooperative, revoked_at=None).count()
    require(known < MOST_KEYS, _("There can be at most %(n)d keys; revoke one first.") % {"n": MOST_KEYS}, Refused)
    word = PREFIX + secrets.token_urlsafe(32)
    made = ApiKey.objects.create(
        cooperative=cooperative, client=client, hint=word[len(PREFIX) : len(PREFIX) + 4], digest=digest_of(word), may_post=may_post,
        may_read=may_read, created_by=by,
    )  # fmt: skip
    trail.record("contributions.key_created", by=by, about=made, cooperative=cooperative.pk)
    return made, word


def digest_of(word: str) -> str:
    """The hash of a key. The word has 256 random bits, so a plain hash cannot be turned back."""
    return sha256(word.encode()).hexdigest()


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Person) -> None:
    """The key opens nothing any more."""
    cooperative = _board(key.cooperative, by)
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        trail.record("contributions.key_revoked", by=by, about=key, cooperative=cooperative.pk)


@transaction.atomic
def choose_rules(cooperative: Cooperative, one: RuleSet, said: Mapping[str, Any], *, valid_from: date, by: Person) -> RuleChoice:
    """From a day on this rule set holds with these parameters. Nothing is overwritten: earlier choices stay for their time."""
    cooperative = _board(cooperative, by)
    parameters = rulesets.read(one, said)
    closed_until = queries.closed_until(cooperative)
    require(not rules.is_closed(valid_from, closed_until), _("The year of this day is closed; choose a later day."), Refused)
    earlier = RuleChoice.objects.filter(cooperative=cooperative, purpose=one.purpose, valid_from=valid_from).first()
    if earlier:
        is_same = (earlier.key, earlier.version, earlier.parameters) == (one.key, one.version, parameters)
        require(is_same, _("From this day on something else is chosen already. Choose another day."), Refused)
        return earlier
    made = RuleChoice.objects.create(
        cooperative=cooperative, purpose=one.purpose, key=one.key, version=one.version, parameters=parameters, valid_from=valid_from,
        chosen_by=by,
    )  # fmt: skip
    trail.record("contributions.rules_chosen", by=by, about=made, cooperative=cooperative.pk, purpose=one.purpose)
    return made


@transaction.atomic
def close_year(cooperative: Cooperative, year: Year, *, by: Person) -> ClosedYear:
    """Close a fiscal year: contributions up to its last day do not change any more. Everything must be decided before."""
    cooperative = _board(cooperative, by)
    require(year.ends_on < localdate(), _("This year is not over yet."), Refused)
    require(queries.year_of(cooperative, year.ends_on) == year, _("This is no fiscal year of the statute."), BadInput)
    if earlier := ClosedYear.objects.filter(cooperative=cooperative, ends_on__gte=year.ends_on).first():
        return earlier
    waiting = Contribution.objects.filter(
        cooperative=cooperative, done_on__lte=year.ends_on, counts_at_once=False, confirmation=None, reverses=None, reversed_by=None
    ).count()
    words = _("%(n)d contributions up to this day still wait for confirmation. Confirm or refuse them first.")
    require(not waiting, words % {"n": waiting}, Refused)
    made = ClosedYear.objects.create(cooperative=cooperative, ends_on=year.ends_on, closed_by=by)
    trail.record("contributions.year_closed", by=by, about=made, cooperative=cooperative.pk)
    return made
