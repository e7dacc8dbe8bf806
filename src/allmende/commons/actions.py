"""Every change in the data cooperative: proposing and deciding rules, asking for data, answering, deciding, handing out."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.commons import access, letters, queries, rules, tasks
from allmende.commons.models import Answer, Choice, DataRequest, HandOut, RequestAnswer, RequestState, RulesVote
from allmende.directory import rules as entries
from allmende.directory.models import DataRules, Organisation, RulesState, State
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person

# ------------------------------------------------------------------------------------------------------------- rules


@transaction.atomic
def propose_rules(said: dict[str, Any], *, by: Person) -> DataRules:
    """A draft of the next version: text, defaults per field, licence, who may take away everything."""
    require(access.may_propose(by), _("Only organisations of the network may propose rules. Look after an entry first."), NotAllowed)
    _check_defaults(said["defaults"])
    newest = DataRules.objects.select_for_update().aggregate(newest=Max("version"))["newest"] or 0
    proposed = DataRules.objects.create(version=newest + 1, by=by, **said)
    trail.record("commons.rules_proposed", by=by, about=proposed, version=proposed.version)
    return proposed


@transaction.atomic
def edit_rules(proposed: DataRules, said: dict[str, Any], *, by: Person) -> DataRules:
    """Change a draft. Once it is open for decision its words are fixed."""
    proposed = _draft_of(proposed, by)
    _check_defaults(said["defaults"])
    for name, value in said.items():
        setattr(proposed, name, value)
    proposed.save()
    return proposed


@transaction.atomic
def open_rules(proposed: DataRules, closes_at: datetime, *, by: Person) -> DataRules:
    """Put a draft to the vote of the network's organisations; from now on its words are fixed."""
    proposed = _draft_of(proposed, by)
    now = timezone.now()
    require(rules.may_close_on(now, closes_at), _("A vote is open for at least 7 and at most 90 days."))
    require(not DataRules.objects.filter(state=RulesState.OPEN).exists(), _("Another version is open for decision. One at a time."))
    proposed.state, proposed.opened_at, proposed.closes_at = RulesState.OPEN, now, closes_at
    proposed.save(update_fields=["state", "opened_at", "closes_at"])
    trail.record("commons.rules_opened", by=by, about=proposed, version=proposed.version)
    tasks.tell_of_rules.enqueue(proposed.pk)
    return proposed


@transaction.atomic
def drop_rules(proposed: DataRules, *, by: Person) -> None:
    """Throw a draft away. What was open for decision stays for good."""
    proposed = _draft_of(proposed, by)
    trail.record("commons.rules_dropped", by=by, version=proposed.version)
    proposed.delete()


@transaction.atomic
def vote_on_rules(proposed: DataRules, organisation: Organisation, choice: str, *, by: Person) -> RulesVote:
    """Vote for an organisation one answers for. The last word before the end counts."""
    proposed = DataRules.objects.select_for_update().get(pk=proposed.pk)
    may = access.votes_for(by).filter(pk=organisation.pk).exists()
    require(may, _("Only who answers for an organisation of the network may vote for it."), NotAllowed)
    require(choice in Choice.values, _("Please choose yes, no or abstention."))
    open_now = proposed.state == RulesState.OPEN and proposed.closes_at is not None and timezone.now() < proposed.closes_at
    require(open_now, _("This vote is closed."))
    vote, _new = RulesVote.objects.update_or_create(
        rules=proposed, organisation=organisation, defaults={"by": by, "choice": choice, "at": timezone.now()}
    )
    trail.record("commons.rules_voted", by=by, about=proposed, organisation=organisation.pk)
    return vote


@transaction.atomic
def close_rules(proposed: DataRules, now: datetime) -> DataRules:
    """Count a vote whose time is over. An adopted version holds at once, everywhere, in the same transaction."""
    proposed = DataRules.objects.select_for_update().get(pk=proposed.pk)
    if proposed.state != RulesState.OPEN or proposed.closes_at is None or now < proposed.closes_at:
        return proposed
    votes = queries.tally(proposed)
    proposed.decided_at = now
    if rules.is_adopted(votes):
        _put_in_force(proposed)
    else:
        proposed.state = RulesState.REJECTED
        proposed.save(update_fields=["state", "decided_at"])
    trail.record("commons.rules_decided", about=proposed, version=proposed.version, state=str(proposed.state), votes=votes)
    return proposed


@transaction.atomic
def found_rules(said: dict[str, Any]) -> DataRules | None:
    """The founding version, in force from the first day; nothing happens where the network has rules already."""
    if DataRules.objects.exists():
        return None
    founding = DataRules(version=1, decided_at=timezone.now(), **said)
    _check_defaults(founding.defaults)
    _put_in_force(founding)
    trail.record("commons.rules_decided", about=founding, version=1, state=str(founding.state))
    return founding


def _put_in_force(adopted: DataRules) -> None:
    before = DataRules.objects.filter(state=RulesState.ADOPTED).first()
    was = before.defaults if before else {}
    DataRules.objects.filter(state=RulesState.ADOPTED).update(state=RulesState.REPLACED)
    adopted.state = RulesState.ADOPTED
    adopted.save()
    changed = [field for field in entries.HIDEABLE if entries.level(field, {}, was) != entries.level(field, {}, adopted.defaults)]
    follows = Q(pk__in=())
    for field in changed:
        follows |= ~Q(visibility__has_key=field)  # whoever chose for themselves is not touched
    touched = list(Organisation.objects.filter(follows, state=State.PUBLISHED).order_by("pk").values_list("pk", flat=True))
    if touched:
        trail.record("directory.organisations_changed", about=adopted, organisations=touched, what="rules")


def _check_defaults(defaults: dict[str, str]) -> None:
    right = set(defaults) == set(entries.HIDEABLE) and all(one in entries.CIRCLES for one in defaults.values())
    require(right, _("Please choose for every field who sees it by default."))


def _draft_of(proposed: DataRules, by: Person) -> DataRules:
    proposed = DataRules.objects.select_for_update().get(pk=proposed.pk)
    mine = proposed.by_id == by.pk or access.may_decide_requests(by)
    require(mine and access.may_propose(by), _("Only who wrote this draft, or network management, may change it."), NotAllowed)
    require(proposed.state == RulesState.DRAFT, _("This version was put to a vote already; its words are fixed. Propose a new one."))
    return proposed


# ---------------------------------------------------------------------------------------------------------- requests


@transaction.atomic
def ask_for_data(said: dict[str, Any], *, language: str) -> DataRequest:
    """Somebody from outside asks. Nobody sees it until the address proved to be theirs."""
    asked = DataRequest.objects.create(language=language, **said)
    letters.please_confirm(asked)
    trail.record("commons.data_asked", about=asked)
    return asked


@transaction.atomic
def confirm_request(asked: DataRequest) -> DataRequest:
    """The link in the letter was followed: the request is public, participants and network management hear of it."""
    asked = DataRequest.objects.select_for_update().get(pk=asked.pk)
    if asked.state == RequestState.UNCONFIRMED:
        asked.state, asked.opened_at = RequestState.OPEN, timezone.now()
        asked.save(update_fields=["state", "opened_at"])
        trail.record("commons.request_opened", about=asked)
        tasks.tell_of_request.enqueue(asked.pk)
    return asked


@transaction.atomic
def answer_request(asked: DataRequest, organisation: Organisation, answer: str, *, by: Person) -> RequestAnswer:
    """Agree or object for one's own organisation; also after the decision, it holds from the next download on."""
    asked = DataRequest.objects.select_for_update().get(pk=asked.pk)
    may = access.answers_for(by).filter(pk=organisation.pk).exists()
    require(may, _("Only who answers for an organisation may answer for it."), NotAllowed)
    require(answer in Answer.values, _("Please agree or object."))
    require(asked.state in {RequestState.OPEN, RequestState.GRANTED}, _("This request is closed."))
    said, _new = RequestAnswer.objects.update_or_create(
        request=asked, organisation=organisation, defaults={"by": by, "answer": answer, "at": timezone.now()}
    )
    trail.record("commons.request_answered", by=by, about=asked, organisation=organisation.pk, answer=answer)
    return said


@transaction.atomic
def decide_request(asked: DataRequest, *, grant: bool, why: str, by: Person, now: datetime) -> DataRequest:
    """Network management decides, with a reason that everybody can read."""
    asked = DataRequest.objects.select_for_update().get(pk=asked.pk)
    require(access.may_decide_requests(by), _("Only network management may decide this."), NotAllowed)
    require(asked.state == RequestState.OPEN and asked.opened_at is not None, _("This request has been decided already."))
    early = asked.opened_at is not None and not rules.may_decide(asked.opened_at, now)
    require(not (grant and early), _("Participants have 14 days to answer. It can be granted after that."))
    require(why.strip(), _("Please give the reason; everybody can read it."))
    asked.state = RequestState.GRANTED if grant else RequestState.REFUSED
    asked.decided_at, asked.decided_by, asked.answer = now, by, why
    asked.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    letters.decided(asked)
    trail.record("commons.request_decided", by=by, about=asked, state=str(asked.state))
    return asked


@transaction.atomic
def revoke_request(asked: DataRequest, *, why: str, by: Person) -> DataRequest:
    """End a granted use before its day: the key stops working at once."""
    asked = DataRequest.objects.select_for_update().get(pk=asked.pk)
    require(access.may_decide_requests(by), _("Only network management may decide this."), NotAllowed)
    require(asked.state == RequestState.GRANTED, _("This request is not granted."))
    require(why.strip(), _("Please give the reason; everybody can read it."))
    asked.state, asked.answer, asked.token_hash, asked.token_at = RequestState.REVOKED, why, "", None
    asked.save(update_fields=["state", "answer", "token_hash", "token_at"])
    letters.decided(asked)
    trail.record("commons.request_decided", by=by, about=asked, state=str(asked.state))
    return asked


@transaction.atomic
def withdraw_request(asked: DataRequest) -> DataRequest:
    """Whoever asked takes it back, by the link in their letter."""
    asked = DataRequest.objects.select_for_update().get(pk=asked.pk)
    require(asked.state in {RequestState.UNCONFIRMED, RequestState.OPEN, RequestState.GRANTED}, _("This request is closed."))
    asked.state, asked.token_hash, asked.token_at = RequestState.WITHDRAWN, "", None
    asked.save(update_fields=["state", "token_hash", "token_at"])
    trail.record("commons.request_decided", about=asked, state=str(asked.state))
    return asked


@transaction.atomic
def make_key(asked: DataRequest, today: date) -> str:
    """A new key to the data, shown once; an earlier one stops working. Only its hash is kept."""
    asked = DataRequest.objects.select_for_update().get(pk=asked.pk)
    require(
        asked.state == RequestState.GRANTED and asked.until >= today, _("There is no key: the request is not granted, or its time is over.")
    )
    key = f"adn_{secrets.token_urlsafe(32)}"
    asked.token_hash, asked.token_at = _hash(key), timezone.now()
    asked.save(update_fields=["token_hash", "token_at"])
    trail.record("commons.key_made", about=asked)
    return key


def request_of(key: str, today: date) -> DataRequest:
    """The request this key belongs to, if it works today; otherwise a refusal that does not say which of both it is."""
    found = DataRequest.objects.filter(token_hash=_hash(key), state=RequestState.GRANTED, until__gte=today).first() if key else None
    if found is None:
        raise NotAllowed(_("This key does not work, or not any more. Send it as “Authorization: Bearer …”."))
    return found


def hand_out(asked: DataRequest) -> tuple[HandOut, Iterator[dict[str, Any]]]:
    """Write the line of the log, then give what the agreement covers: the entries without those that objected."""
    answers = queries.answers(asked)
    with transaction.atomic():
        line = HandOut.objects.create(request=asked, entries=queries.count_for(asked, answers), fields=asked.fields)
        trail.record("commons.data_handed_out", about=asked, entries=line.entries)
    return line, queries.data_for(asked, answers)


@transaction.atomic
def forget_addresses(today: date) -> int:
    """Addresses of those who asked are emptied a year after the use ended; unconfirmed requests go after a week."""
    limit = today - rules.LONGEST_USE
    over = DataRequest.objects.exclude(email="").filter(
        Q(until__lt=limit) | Q(state__in=("refused", "withdrawn"), created_at__date__lt=limit)
    )
    count = over.update(email="")
    stale = DataRequest.objects.filter(state=RequestState.UNCONFIRMED, created_at__date__lt=today - rules.SHORTEST_VOTE)
    return count + stale.delete()[0]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
