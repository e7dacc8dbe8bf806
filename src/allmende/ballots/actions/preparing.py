"""A ballot comes into being: question, options, rule, roll, window, box; then it is opened, and nothing of this changes any more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ballots import access, boxes, rules, wording
from allmende.ballots.models import Ballot, Box, Option, State, Visibility
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import statute_on
from allmende.electorates import actions as electorates
from allmende.electorates.rolls import law_on
from allmende.electorates.rules import OF_PERSONS, has_tenth
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.people import subjects
from allmende.people.models import Person
from allmende.processes import queries as processes
from allmende.processes.access import belongs_to
from allmende.processes.models import Process

OptionSaid = str | Mapping[str, Any]
LONGEST = timedelta(days=366)
TEXTS = {"title": 200, "question": 300, "description": 20_000}


def _require_administration(by: Person, cooperative: Cooperative) -> None:
    require(access.may_prepare(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)


def locked(ballot: Ballot) -> Ballot:
    """The ballot as it is now, held alone until the end of the transaction."""
    found = Ballot.objects.select_for_update(of=("self",)).select_related("cooperative__organisation", "electorate")
    return found.get(pk=ballot.pk)


@transaction.atomic
def prepare(
    cooperative: Cooperative,
    *,
    title: str,
    question: str,
    closes_at: datetime,
    by: Person,
    rule: Mapping[str, Any] | None = None,
    options: Sequence[OptionSaid] = (),
    box: str = "open",
    basis: Mapping[str, Any] | None = None,
    day: date | None = None,
    opens_at: datetime | None = None,
    about: models.Model | None = None,
    follows: Ballot | None = None,
    **more: Any,
) -> Ballot:
    """A draft. Without more said: yes or no by the majority of the votes cast, all members, an open box.

    `more`: description, visibility, shows_interim. Raises Refused, BadInput or NotAllowed with a sentence.
    """
    _require_administration(by, cooperative)
    require(
        about is None or belongs_to(about, cooperative), _("This belongs to another cooperative: it decides about it itself."), NotAllowed
    )
    held = Cooperative.objects.select_for_update().get(pk=cooperative.pk)  # numbers are handed out one after another
    made = _rule(rule or {"method": rules.MAJORITY})
    roll = electorates.draft(cooperative, _basis(basis or {"kind": "everybody"}, made), day or localdate(), by=by)
    year = localdate().year
    last = Ballot.objects.filter(cooperative=held, year=year).aggregate(most=models.Max("serial"))["most"] or 0
    ballot = Ballot(
        cooperative=cooperative,
        year=year,
        serial=last + 1,
        rule=made,
        electorate=roll,
        about_kind=subjects.of(about).kind if about else "",
        about_id=about.pk if about else None,
        follows=follows,
        round=follows.round + 1 if follows else 1,
        created_by=by,
    )
    _fill(ballot, {"title": title, "question": question, "box": box, "opens_at": opens_at, "closes_at": closes_at, **more})
    ballot.save()
    _keep_options(ballot, options)
    trail.record("ballots.ballot_prepared", by=by, about=ballot, method=made["method"])
    return ballot


@transaction.atomic
def change(ballot: Ballot, *, by: Person, **said: Any) -> Ballot:
    """Change what is said of a draft: any of what `prepare` takes, apart from the cooperative and what it is about."""
    found = locked(ballot)
    _require_administration(by, found.cooperative)
    require(found.state == State.DRAFT, _("This ballot has been opened: question, options, rule and roll stay as they are."))
    rule, options, basis, day = (said.pop(key, None) for key in ("rule", "options", "basis", "day"))
    before = found.rule["method"]
    if rule is not None:
        found.rule = _rule(rule)
    if rule is not None or basis is not None or day is not None:
        whom = basis if basis is not None else found.electorate.basis
        if basis is None and (before == rules.MAJORITY) != (found.rule["method"] == rules.MAJORITY):
            whom = {key: value for key, value in whom.items() if key != "without_investing"}  # another way, its own usual roll
        found.electorate = electorates.change(found.electorate, _basis(whom, found.rule), day or found.electorate.day, by=by)
    _fill(found, said)
    found.save()
    if options is not None:
        _keep_options(found, options)
    trail.record("ballots.ballot_changed", by=by, about=found)
    return found


@transaction.atomic
def discard(ballot: Ballot, *, by: Person) -> None:
    """Throw a draft away; nobody but those who prepare ballots ever saw it."""
    found = locked(ballot)
    _require_administration(by, found.cooperative)
    require(found.state == State.DRAFT, _("This ballot has been opened. It can be cancelled, with a reason everybody reads."))
    trail.record("ballots.ballot_discarded", by=by, about=found)
    roll = found.electorate
    found.delete()
    roll.delete()


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return rules.normal(rule)
    except rules.Wrong as wrong:
        raise BadInput(wording.wrong(wrong)) from None


def _basis(basis: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """From three quarters on nobody has more than one vote (§ 43 III Nr. 1 GenG); the roll is told of the majority for that.

    Unless somebody said otherwise, investing members are left out (§ 8 II GenG) wherever it is not a majority that keeps them apart.
    """
    made = {key: value for key, value in basis.items() if key != "threshold"}
    made.setdefault("without_investing", rule["method"] != rules.MAJORITY)
    return made | ({"threshold": rule["threshold"]} if rule["method"] == rules.MAJORITY else {})


def _fill(ballot: Ballot, said: Mapping[str, Any]) -> None:
    known = {*TEXTS, "box", "opens_at", "closes_at", "visibility", "shows_interim"}
    require(set(said) <= known, _("This cannot be said of a ballot."), BadInput)
    for name, value in said.items():
        if name in TEXTS:
            value = str(value or "").strip()
            require(
                len(value) <= TEXTS[name] and (value or name == "description"),
                _("Title and question are needed, and not longer."),
                BadInput,
            )
        setattr(ballot, name, value)
    require(ballot.box in boxes.KINDS, _("There is no such ballot box."), BadInput)
    require(ballot.visibility in Visibility.values, _("Members or everybody may read it."), BadInput)
    require(ballot.opens_at is None or ballot.opens_at < ballot.closes_at, _("Voting ends after it has begun. Choose a later end."))
    require(ballot.closes_at <= timezone.now() + LONGEST, _("The end lies more than a year ahead. Choose an earlier one."))


def _keep_options(ballot: Ballot, options: Sequence[OptionSaid]) -> None:
    require(len(options) <= rules.MOST_OPTIONS, _("There can be at most 100 options."))
    Option.objects.filter(ballot=ballot).delete()
    rows = [{"label": one} if isinstance(one, str) else dict(one) for one in options]
    made = [Option(ballot=ballot, position=at, **row) for at, row in enumerate(rows)]
    require(all(one.label.strip() and len(one.label) <= 200 for one in made), _("Every option needs a short name."), BadInput)
    Option.objects.bulk_create(made)


def obstacles(ballot: Ballot, now: datetime) -> list[str]:
    """What stands in the way of opening a draft, as sentences that say what to do."""
    options = list(ballot.options.all())
    codes = rules.problems(ballot.rule, [one.label for one in options], [one.cost_cents for one in options], _least_majority(ballot))
    found = [wording.problem(code) for code in codes]
    if ballot.closes_at <= max(now, ballot.opens_at or now):
        found.append(_("The end has passed. Choose a later one."))
    if ballot.electorate.day > timezone.localdate(now):
        found.append(_("The roll is made as of a day that has not come. Choose an earlier day, or open the ballot on that day."))
    if ballot.shows_interim and ballot.box != "open":
        found.append(_("A secret ballot shows no state of the count while it goes on: single papers could be told from the difference."))
    if process := _waits_for(ballot, max(now, ballot.opens_at or now)):
        found.append(
            _("By its process “%(name)s” this is not voted on at that time. Choose another time, or change the phases with a reason.")
            % {"name": process.title}
        )
    if _mixes_investing(ballot):
        found.append(
            _(
                "In a secret ballot that is no majority of yes and no, papers of investing members cannot be counted apart (§ 8 II GenG). "
                "Leave investing members out under “Who votes”, or choose the open box."
            )
        )
    return found


def _waits_for(ballot: Ballot, moment: datetime) -> Process | None:
    """The process of what it is about, where its phases say that nothing is voted on at this moment. Consent has its own door."""
    thing = subjects.as_it_is(ballot.about_kind, ballot.about_id or 0) if ballot.about_kind else None
    doors = ("vote", "consent") if ballot.rule["method"] == rules.CONSENT else ("vote",)
    return processes.holds_back(thing, doors, moment) if thing is not None else None


def _mixes_investing(ballot: Ballot) -> bool:
    basis = ballot.electorate.basis
    asks_them = basis["kind"] not in OF_PERSONS and not basis.get("without_investing")
    is_apart = ballot.box == Box.OPEN or ballot.rule["method"] == rules.MAJORITY
    return asks_them and not is_apart and law_on(ballot.cooperative, ballot.electorate.day).investing_vote


def _least_majority(ballot: Ballot) -> Fraction:
    """What the statute asks for, never less than three quarters for changes of the statute, nine tenths for new duties (§ 16 GenG)."""
    statute = statute_on(ballot.cooperative, ballot.electorate.day)
    matter = ballot.rule["matter"]
    if matter == "ordinary":
        return rules.HALF
    permille = (
        {"statute": statute.change_permille, "duties": statute.duties_permille}[matter]
        if statute
        else {"statute": 750, "duties": 900}[matter]
    )
    return Fraction(permille, 1000)


@transaction.atomic
def open_ballot(ballot: Ballot, *, by: Person, now: datetime | None = None) -> Ballot:
    """Freeze rule, options and roll, with hashes, and let voting begin: now, or on the day that was set."""
    moment = now or timezone.now()
    found = locked(ballot)
    _require_administration(by, found.cooperative)
    require(found.state == State.DRAFT, _("This ballot is open already."))
    for sentence in obstacles(found, moment):
        raise Refused(sentence)
    roll = electorates.freeze(found.electorate, by=by)
    voters = list(roll.voters.all())
    marks = Counter(boxes.marks_of(found, one) for one in voters)
    require(found.box == "open" or not rules.marks_too_few(list(marks), marks), wording.too_few_together(), Refused)
    options = [[one.label, one.text, one.cost_cents] for one in found.options.all()]
    if has_tenth(law_on(found.cooperative, found.electorate.day)) and any(one.votes > 1 for one in voters):
        found.rule = {**found.rule, "tenth": True}
    found.rule_hash = rules.hash_of(found.rule, found.question, options, roll.voters_hash, found.box)
    found.state, found.opened_at, found.voters_count = State.OPEN, moment, len(voters)
    found.opens_at = max(found.opens_at or moment, moment)
    found.save()
    trail.record("ballots.ballot_opened", by=by, about=found, rule=found.rule_hash, voters=len(voters))
    return found


@transaction.atomic
def next_round(ballot: Ballot, *, by: Person) -> Ballot:
    """After objections: a draft for the next round, with the same roll's rule and box. What was objected to is worked in before."""
    found = locked(ballot)
    _require_administration(by, found.cooperative)
    is_consent = found.state == State.COUNTED and found.rule["method"] == rules.CONSENT
    require(is_consent, _("Only a round of consent that was counted is followed by a next round."))
    require(not found.followed_by.exclude(state=State.CANCELLED).exists(), _("The next round is prepared already."))
    length = found.closes_at - (found.opens_at or found.closes_at)
    made = prepare(
        found.cooperative,
        title=found.title,
        question=found.question,
        description=found.description,
        closes_at=timezone.now() + max(length, timedelta(days=1)),
        rule=found.rule,
        box=found.box,
        basis=found.electorate.basis,
        visibility=found.visibility,
        shows_interim=found.shows_interim,
        follows=found,
        by=by,
    )
    Ballot.objects.filter(pk=made.pk).update(about_kind=found.about_kind, about_id=found.about_id)
    made.refresh_from_db()
    return made
