"""Claims: somebody says that an entry is theirs to look after, shows it in one of three ways, and somebody or a rule decides."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.access import role_of
from allmende.directory.importers import values
from allmende.directory.models import Organisation, Proof, Role, State
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.people.queries import confirmed_addresses
from allmende.stewards import access, letters, queries, rules
from allmende.stewards.actions.granting import grant, locked, owners_of
from allmende.stewards.models import Claim, ClaimState, Vouch


@transaction.atomic
def open_claim(organisation: Organisation, *, by: Person, proof: str, message: str = "", evidence: str = "", address: str = "") -> Claim:
    """Say that one belongs to an entry and wants to look after it; what follows depends on the proof.

    `domain`: a letter goes to `address`, or, where it is a confirmed address of this person, the claim counts as proved at once.
    `vouched`: the claimant passes a link on. `granted`: network management is asked. The same claim twice is one claim.
    """
    organisation = locked(organisation)
    require(organisation.state == State.PUBLISHED, _("This entry is not published, so nobody can claim it at the moment."))
    if same := _same_claim(organisation, by, proof, address):
        return same
    require(access.may_claim(by, organisation), _("You look after this entry already."), NotAllowed)
    require(proof in {Proof.DOMAIN, Proof.VOUCHED, Proof.GRANTED}, _("Please choose one of the ways."), BadInput)
    require(proof == Proof.DOMAIN or message.strip(), _("Please write in a few words how you belong to the organisation."), BadInput)
    _require_patience(by)
    claim = Claim.objects.create(
        organisation=organisation,
        person=by,
        proof=proof,
        message=clean(message)[:1_000],
        evidence=clean(evidence)[:2_000],
        opened_at=timezone.now(),
    )
    trail.record("stewards.claim_opened", by=by, about=claim, organisation=organisation.pk, proof=str(proof))
    if proof == Proof.DOMAIN:
        _show_address(claim, address)
    if proof == Proof.GRANTED:
        letters.claim_asks_caretakers(claim)
        letters.claim_asks_owners(claim)
    return claim


def _same_claim(organisation: Organisation, by: Person, proof: str, address: str) -> Claim | None:
    """The open claim if it is this very one (a form sent twice); a different one must be withdrawn first."""
    claim = queries.open_claim(by, organisation)
    if claim is None:
        return None
    same = claim.proof == proof and (proof != Proof.DOMAIN or claim.address == address.strip().lower())
    require(same, _("You have an open claim to this entry already. Withdraw it first if you want to try another way."))
    return claim


def _require_patience(by: Person) -> None:
    today = Claim.objects.filter(person=by, opened_at__gt=timezone.now() - timedelta(days=1)).count()
    require(today < rules.CLAIMS_A_DAY, _("You have made %(n)d claims within a day. Please go on tomorrow.") % {"n": rules.CLAIMS_A_DAY})


def _show_address(claim: Claim, address: str) -> None:
    claim.address = address.strip().lower()
    require(values.email(claim.address) == claim.address, _("Please enter an e-mail address such as name@example.org."), BadInput)
    domain, organisation = rules.domain_of(claim.address), claim.organisation
    known = queries.domains(organisation)
    counts = domain in rules.own_domains(organisation.website, organisation.email)
    # Where the entry hides a domain, the answer is the same whether it was guessed or not.
    require(rules.is_own(domain), _("Such an address can be had by anybody. Please give one at the organisation's own domain."), BadInput)
    require(domain in known.shown or not known.are_all_shown, _wrong_domain(known.shown), BadInput)
    claim.save(update_fields=["address"])
    if counts and claim.address in confirmed_addresses(claim.person):
        _proved(claim)
    elif counts:
        _send_link(claim)


def _wrong_domain(shown: list[str]) -> str:
    if not shown:
        return _("The entry names no domain of its own. Please choose another way.")
    return _("This address is not at the organisation's own domain (%(domains)s).") % {"domains": ", ".join(shown)}


def _send_link(claim: Claim) -> None:
    """A new link by mail; older ones no longer work."""
    token = secrets.token_urlsafe(24)
    claim.token, claim.sent_at, claim.letters = queries.hashed(token), timezone.now(), claim.letters + 1
    claim.save(update_fields=["token", "sent_at", "letters"])
    letters.claim_address(claim, token)


@transaction.atomic
def send_claim_letter_again(claim: Claim, *, by: Person) -> Claim:
    """Send the link to the organisation's own domain once more, with a new word in it."""
    claim = _own_open(claim, by)
    require(claim.proof == Proof.DOMAIN and claim.proved_at is None, _("This claim waits for no letter."))
    require(claim.letters < rules.LETTERS_A_CLAIM, _("The letter was sent %(n)d times. Please choose another way.") % {"n": claim.letters})
    if rules.domain_of(claim.address) in rules.own_domains(claim.organisation.website, claim.organisation.email):
        _send_link(claim)
    else:  # a guess at a hidden domain: the same answer, no letter
        claim.letters += 1
        claim.save(update_fields=["letters"])
    return claim


@transaction.atomic
def prove_address(token: str, *, by: Person) -> Claim:
    """Follow the link of the letter: the claimant reads mail at the organisation's own domain."""
    claim = _locked(usable_link(token, by=by))
    require_usable(claim)
    return _proved(claim)


def usable_link(token: str, *, by: Person) -> Claim:
    """The claim of a link that this person can use now; otherwise the sentence that says why not. Changes nothing."""
    claim = queries.claim_by_token(token)
    require(claim, _("This link is not valid, or a newer letter has replaced it. You find your claim on the page of the entry."))
    assert claim is not None  # noqa: S101 - said for mypy, required above
    mine = claim.person_id == by.pk
    require(mine, _("This link belongs to another account. Please sign in with the account that made the claim."), NotAllowed)
    require_usable(claim)
    return claim


def require_usable(claim: Claim) -> None:
    """A link works once, for some days, and while the entry names the domain it went to."""
    require(claim.proved_at is None and claim.state == ClaimState.OPEN, _("This link has been used already, or the claim is closed."))
    require(
        not rules.is_past(claim.sent_at, rules.LINK_DAYS, timezone.now()),
        _("This link is older than %(n)d days. Have the letter sent again on the page of your claim.") % {"n": rules.LINK_DAYS},
    )
    counts = rules.domain_of(claim.address) in rules.own_domains(claim.organisation.website, claim.organisation.email)
    require(counts, _("The entry has changed and no longer names this domain. Please withdraw the claim and choose another way."))


def _proved(claim: Claim) -> Claim:
    """Enough is shown: whoever comes first looks after the entry at once, otherwise those who answer for it are asked."""
    claim.proved_at = timezone.now()
    claim.save(update_fields=["proved_at"])
    trail.record("stewards.claim_proved", by=claim.person, about=claim, organisation=claim.organisation_id, proof=claim.proof)
    if owners_of(claim.organisation):
        letters.claim_asks_owners(claim)
        return claim
    return _granted(claim, rules.role_for(has_owner=False), by=None)


@transaction.atomic
def vouch_for(claim: Claim, organisation: Organisation, why: str, *, by: Person) -> Vouch:
    """Say as somebody who looks after another entry that the claimant belongs there. The second voice decides."""
    claim = _locked(claim)
    waits = claim.proof == Proof.VOUCHED and claim.state == ClaimState.OPEN and claim.proved_at is None
    require(waits, _("This claim is closed; nobody needs to vouch any more."))
    require(by.pk != claim.person_id, _("Nobody can vouch for themselves. Pass the link on to somebody else."), NotAllowed)
    require(not claim.vouches.filter(person=by).exists(), _("You have vouched for this claim already."))
    allowed = access.vouching_entries(by, claim).filter(pk=organisation.pk).exists()
    require(allowed, _("Vouching is for people who look after another published entry for which nobody has vouched yet."), NotAllowed)
    require(why.strip(), _("Please write in a few words how you know this person."), BadInput)
    vouch = Vouch.objects.create(claim=claim, person=by, organisation=organisation, why=clean(why)[:300], at=timezone.now())
    voices = claim.vouches.count()
    trail.record("stewards.claim_vouched", by=by, about=claim, organisation=claim.organisation_id, voices=voices)
    if rules.is_enough(voices):
        _proved(claim)
    else:
        letters.vouched(claim, voices)
    return vouch


@transaction.atomic
def decide_claim(claim: Claim, accept: bool, reason: str, by: Person, role: str = "") -> Claim:
    """Accept or refuse an open claim, as somebody who answers for the entry or takes care of it. A no needs a reason.

    `role`: owner or editor, where the entry has an owner already (editor if not said); who comes first always answers for it.
    """
    claim = _locked(claim)
    require(access.may_decide_claim(by, claim), _("Only who answers for the entry, or a caretaker, may decide this claim."), NotAllowed)
    require(claim.state == ClaimState.OPEN, _("This claim has been decided already."))
    waits_for_mail = claim.proof == Proof.DOMAIN and claim.proved_at is None
    require(not waits_for_mail, _("This claim waits for its letter to be answered."))
    claim.reason = clean(reason)[:500]
    if accept:
        return _granted(claim, rules.role_for(bool(owners_of(claim.organisation)), role), by=by)
    require(claim.reason, _("Please say why: the person is told the reason."), BadInput)
    _close(claim, ClaimState.REFUSED, by)
    trail.record("stewards.claim_refused", by=by, about=claim, organisation=claim.organisation_id)
    letters.claim_refused(claim)
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: Person) -> Claim:
    """Take one's own claim back; another one can be made at once."""
    claim = _own_open(claim, by)
    _close(claim, ClaimState.WITHDRAWN, by)
    trail.record("stewards.claim_withdrawn", by=by, about=claim, organisation=claim.organisation_id)
    return claim


def expire_claims() -> int:
    """Close what has been open too long and tell the claimants; how many."""
    long_ago = timezone.now() - timedelta(days=rules.CLAIM_DAYS)
    due = Claim.objects.filter(state=ClaimState.OPEN, opened_at__lt=long_ago).values_list("pk", flat=True)
    return sum(_expire(pk) for pk in list(due))


@transaction.atomic
def _expire(pk: int) -> bool:
    rows = Claim.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    claim = rows.filter(pk=pk, state=ClaimState.OPEN).first()
    if claim is None:
        return False
    _close(claim, ClaimState.EXPIRED, None)
    trail.record("stewards.claim_expired", about=claim, organisation=claim.organisation_id)
    letters.claim_expired(claim)
    return True


def _granted(claim: Claim, role: str, *, by: Person | None) -> Claim:
    organisation, proof = claim.organisation, _shown(claim, by)
    if organisation.state != State.PUBLISHED:
        raise Refused(_("This entry is not published, so nobody can claim it at the moment."))
    grant(organisation, claim.person, role=role, proof=proof, by=by or claim.person)
    _close(claim, ClaimState.GRANTED, by)
    trail.record("stewards.claim_granted", by=by, about=claim, organisation=organisation.pk, role=str(role), proof=str(proof))
    letters.claim_granted(claim, role, proof, by=by)
    return claim


def _shown(claim: Claim, by: Person | None) -> str:
    """What was really shown: the proof if it was given, else the word of whoever decided before."""
    if claim.proved_at is not None:
        return claim.proof
    return Proof.INVITED if role_of(by or claim.person, claim.organisation) == Role.OWNER else Proof.GRANTED


def _close(claim: Claim, state: ClaimState, by: Person | None) -> None:
    """Decided now. The address has served its purpose and is forgotten; the used link stays known, so that it can say so."""
    claim.state, claim.decided_at, claim.decided_by, claim.address = state, timezone.now(), by, ""
    claim.save()


def _locked(claim: Claim) -> Claim:
    """The claim as it stands now. The entry is locked first, as everywhere, so that no two wait for each other."""
    locked(claim.organisation)
    return Claim.objects.select_for_update(of=("self",)).select_related("organisation", "person").get(pk=claim.pk)


def _own_open(claim: Claim, by: Person) -> Claim:
    claim = _locked(claim)
    require(claim.person_id == by.pk, _("Only who made a claim can change it."), NotAllowed)
    require(claim.state == ClaimState.OPEN, _("This claim is closed already."))
    return claim
