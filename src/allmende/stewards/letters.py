"""What this room writes to people: notices for those with an account, letters to addresses that are to be shown or invited.

Each in the language of who reads it. Nobody's address stands in a text to somebody else; whoever is named is named as they call themselves.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory.access import caretakers_of
from allmende.directory.models import Caretaking, Organisation, Proof, Role, Stewardship
from allmende.ground import outbox
from allmende.ground.text import shorten
from allmende.people.actions import tell
from allmende.people.models import Person
from allmende.stewards import rules
from allmende.stewards.models import Claim, Invitation

ROLES: dict[str, Promise] = {
    Role.OWNER: gettext_lazy("You answer for the entry: you edit it and decide who else looks after it."),
    Role.EDITOR: gettext_lazy("You edit the entry and confirm that it is true."),
    Role.MEMBER: gettext_lazy("You see what is meant for members of the organisation."),
}
"""What a role means, said to whoever has it."""


def called(person: Person | None) -> str:
    """How somebody calls themselves; never their address."""
    return person.name if person and person.name else _("somebody without a name shown")


def owners(organisation: Organisation, *, but: Person | None = None) -> list[Person]:
    """Who answers for the entry today, without one of them."""
    found = Stewardship.objects.filter(organisation=organisation, until=None, role=Role.OWNER).select_related("person").order_by("pk")
    return [held.person for held in found if but is None or held.person_id != but.pk]


def caretakers(organisation: Organisation, *, but: Iterable[Person | None] = ()) -> list[Person]:
    """Who takes care of the entry for the network, without these."""
    return list(caretakers_of(organisation).exclude(pk__in=[person.pk for person in but if person]).order_by("pk"))


# -------------------------------------------------------------------------------------------------------------- claims


def claim_address(claim: Claim, token: str) -> None:
    """The link that shows that somebody reads mail at the organisation's own domain."""
    with translation.override(claim.person.language):
        text = _(
            "%(who)s wants to look after the entry “%(entry)s” on our map and gave this address to show that they belong to you.\n\n"
            "If that is you, open this link while you are signed in. It is valid for %(days)d days and only once:\n\n%(link)s\n\n"
            "If you know nothing of it, you need not do anything; nothing changes. "
            "Please do not pass the link on to somebody you do not know."
        ) % {
            "who": called(claim.person),
            "entry": claim.organisation.name,
            "days": rules.LINK_DAYS,
            "link": outbox.link(reverse("stewards:prove", args=[token])),
        }
        subject = _("Look after the entry “%(entry)s”") % {"entry": claim.organisation.name}
    outbox.post(claim.address, subject, text, language=claim.person.language, kind="stewards.claim_address", about=claim)


def claim_asks_owners(claim: Claim) -> None:
    """Who answers for the entry is asked whether somebody may join."""
    for person in owners(claim.organisation, but=claim.person):
        with translation.override(person.language):
            _tell(
                person,
                "claim_opened",
                _("%(who)s wants to join in “%(entry)s”"),
                _("%(who)s wants to help look after “%(entry)s”. %(proof)s Please decide."),
                reverse("stewards:decide", args=[claim.uuid]),
                who=called(claim.person),
                entry=claim.organisation.name,
                proof=asked_sentence(claim),
            )


def claim_asks_caretakers(claim: Claim) -> None:
    """Network management is asked whether somebody may look after an entry."""
    for person in caretakers(claim.organisation, but=[claim.person]):
        with translation.override(person.language):
            _tell(
                person,
                "claim_opened",
                _("Claim to “%(entry)s”"),
                _("%(who)s wants to look after “%(entry)s” and asks network management. They write:\n\n%(message)s"),
                reverse("stewards:decide", args=[claim.uuid]),
                who=called(claim.person),
                entry=claim.organisation.name,
                message=quoted(claim.message),
            )


def asked_sentence(claim: Claim) -> str:
    """In one sentence what speaks for an open claim so far, and no more than that."""
    if claim.proved_at is not None:
        return proof_sentence(claim.proof)
    if claim.proof == Proof.VOUCHED:
        return _("They ask people who look after other organisations to vouch for them.")
    return _("They ask network management to grant it.")


def proof_sentence(proof: str) -> str:
    """In one sentence how it was shown that somebody may look after an entry."""
    sentences = {
        Proof.DOMAIN: _("They have shown an e-mail address at the organisation's own domain."),
        Proof.VOUCHED: _("Two people who look after other organisations vouch for them."),
        Proof.INVITED: _("Somebody who answers for the entry said yes."),
        Proof.GRANTED: _("Network management granted it."),
    }
    return sentences[Proof(proof)]


def claim_granted(claim: Claim, role: str, proof: str, *, by: Person | None) -> None:
    """The claimant, those who answer for the entry and its caretakers learn that somebody now looks after it."""
    entry = claim.organisation
    with translation.override(claim.person.language):
        _tell(
            claim.person,
            "claim_granted",
            _("You now look after “%(entry)s”"),
            _("%(role)s Please look through the entry and confirm that it is true."),
            reverse("directory:organisation", args=[entry.slug]),
            entry=entry.name,
            role=ROLES[role],
        )
    told = [by, claim.person]
    for person in owners(entry, but=claim.person):
        if by is None or person.pk != by.pk:
            _tell_of_newcomer(person, claim, proof, by_mail=True)
        told.append(person)
    for person in caretakers(entry, but=told):
        _tell_of_newcomer(person, claim, proof, by_mail=proof == Proof.VOUCHED)


def _tell_of_newcomer(person: Person, claim: Claim, proof: str, *, by_mail: bool) -> None:
    with translation.override(person.language):
        _tell(
            person,
            "claim_granted",
            _("%(who)s now looks after “%(entry)s”"),
            _("%(who)s now helps to look after “%(entry)s”. %(proof)s If that is not right, end it on the page of the team."),
            reverse("stewards:team", args=[claim.organisation.slug]),
            mail=by_mail,
            who=called(claim.person),
            entry=claim.organisation.name,
            proof=proof_sentence(proof),
        )


def claim_refused(claim: Claim) -> None:
    """The claimant learns that it was a no, and why."""
    with translation.override(claim.person.language):
        _tell(
            claim.person,
            "claim_refused",
            _("Your claim to “%(entry)s” was refused"),
            _("The reason:\n\n%(reason)s\n\nYou can try again with another proof."),
            reverse("stewards:claim", args=[claim.organisation.slug]),
            entry=claim.organisation.name,
            reason=quoted(claim.reason),
        )


def claim_expired(claim: Claim) -> None:
    """The claimant learns that nothing came of it in time."""
    with translation.override(claim.person.language):
        _tell(
            claim.person,
            "claim_expired",
            _("Your claim to “%(entry)s” has expired"),
            _("For %(days)d days it was not proved or decided, so it is closed now. You can make it again at any time."),
            reverse("stewards:claim", args=[claim.organisation.slug]),
            entry=claim.organisation.name,
            days=rules.CLAIM_DAYS,
        )


def vouched(claim: Claim, voices: int) -> None:
    """The claimant learns that somebody vouched for them."""
    with translation.override(claim.person.language):
        _tell(
            claim.person,
            "vouched",
            _("Somebody vouches for you"),
            _("%(voices)d of %(needed)d people have vouched for you and “%(entry)s”."),
            reverse("stewards:claim", args=[claim.organisation.slug]),
            entry=claim.organisation.name,
            voices=voices,
            needed=rules.VOUCHES,
        )


# --------------------------------------------------------------------------------------------------------- invitations


def invited(invitation: Invitation, token: str, *, by: Person, language: str) -> None:
    """The letter with the link; whoever opens it needs no account yet."""
    with translation.override(language):
        until = date_format(localtime(invitation.sent_at) + timedelta(days=rules.INVITATION_DAYS), "DATE_FORMAT")
        message = "\n\n" + _("They write:") + "\n\n" + quoted(invitation.message) if invitation.message else ""
        text = _(
            "%(who)s invites you to look after the entry “%(entry)s” on the map together. %(role)s%(message)s\n\n"
            "Accept or decline here, until %(until)s:\n\n%(link)s\n\n"
            "You can sign up there if you have no account yet. If you do nothing, the invitation expires and we forget your address."
        ) % {
            "who": called(by),
            "entry": invitation.organisation.name,
            "role": ROLES[invitation.role],
            "message": message,
            "until": until,
            "link": outbox.link(reverse("stewards:invitation", args=[token])),
        }
        subject = _("Invitation: look after “%(entry)s”") % {"entry": invitation.organisation.name}
    outbox.post(invitation.email, subject, text, language=language, kind="stewards.invited", about=invitation)


def invitation_answered(invitation: Invitation, person: Person | None) -> None:
    """Who invited somebody learns what became of it."""
    if invitation.by is None:
        return
    accepted = person is not None
    with translation.override(invitation.by.language):
        _tell(
            invitation.by,
            "invitation_accepted" if accepted else "invitation_declined",
            _("%(who)s now looks after “%(entry)s”") if accepted else _("Invitation to “%(entry)s” declined"),
            _("%(who)s accepted your invitation.") if accepted else _("An invitation you sent was declined. You can invite somebody else."),
            reverse("stewards:team", args=[invitation.organisation.slug]),
            who=called(person),
            entry=invitation.organisation.name,
        )


# ---------------------------------------------------------------------------------------------------------------- team


def role_changed(held: Stewardship) -> None:
    """Somebody learns what they now are for an entry."""
    with translation.override(held.person.language):
        _tell(
            held.person,
            "role_changed",
            _("Your role for “%(entry)s” has changed"),
            "%(role)s",
            reverse("stewards:team", args=[held.organisation.slug]),
            entry=held.organisation.name,
            role=ROLES[held.role],
        )


def ended(held: Stewardship, reason: str) -> None:
    """Somebody learns that they no longer look after an entry."""
    with translation.override(held.person.language):
        text = _(
            "You no longer look after “%(entry)s”. If that is a mistake, talk to the others who look after it, or claim the entry again."
        )
        _tell(
            held.person,
            "stewardship_ended",
            _("You no longer look after “%(entry)s”"),
            text + ("\n\n" + _("The reason:") + "\n\n%(reason)s" if reason else ""),
            reverse("directory:organisation", args=[held.organisation.slug]),
            entry=held.organisation.name,
            reason=quoted(reason),
        )


def left(held: Stewardship) -> None:
    """Those who answer for the entry learn that somebody left."""
    for person in owners(held.organisation, but=held.person):
        with translation.override(person.language):
            _tell(
                person,
                "left",
                _("%(who)s no longer looks after “%(entry)s”"),
                _("%(who)s has left the team of “%(entry)s”."),
                reverse("stewards:team", args=[held.organisation.slug]),
                who=called(held.person),
                entry=held.organisation.name,
            )


def without_steward(organisation: Organisation, *, but: Person | None) -> None:
    """The entry's caretakers learn that nobody answers for it any more."""
    for person in caretakers(organisation, but=[but]):
        with translation.override(person.language):
            _tell(
                person,
                "left_without_steward",
                _("Nobody answers for “%(entry)s” any more"),
                _("The last person who answered for “%(entry)s” has stopped. It now stands in your list of entries without a steward."),
                reverse("directory:organisation", args=[organisation.slug]),
                entry=organisation.name,
            )


# ---------------------------------------------------------------------------------------------------------- caretakers


def caretaker_named(person: Person, area: Caretaking | None) -> None:
    """Somebody learns of what they now take care."""
    with translation.override(person.language):
        _tell(
            person,
            "caretaker_named",
            _("You now take care of entries for the network"),
            _("Your area: %(area)s. What waits there is shown to you under “My area”."),
            reverse("people:mine"),
            area=area_in_words(area),
        )


def caretaking_ended(person: Person, area: Caretaking | None) -> None:
    """Somebody learns that they no longer take care of an area."""
    with translation.override(person.language):
        _tell(
            person,
            "caretaking_ended",
            _("You no longer take care of entries for the network"),
            _("Your area was: %(area)s. It is no longer shown to you under “My area”."),
            reverse("people:mine"),
            area=area_in_words(area),
        )


def area_in_words(area: Caretaking | None) -> str:
    """An area as people say it, `Bayern, DE, Housing`; without one it is the whole house."""
    if area is None:
        return _("the whole house")
    parts = [area.region, area.country, area.sector.name if area.sector else ""]
    return ", ".join(part for part in parts if part)


# ------------------------------------------------------------------------------------------------------------ building


def quoted(text: str) -> str:
    """Foreign words as they are marked in mails, so that nobody takes them for ours."""
    return "\n".join(f"> {line}" if line else ">" for line in text.strip().splitlines())


def _tell(person: Person, what: str, subject: str, text: str, path: str, *, mail: bool = True, **said: object) -> None:
    short = {name: shorten(str(value), 120) for name, value in said.items() if name in {"who", "entry"}}
    words = said | short
    tell(person, kind=f"stewards.{what}", subject=subject % words, text=text % words, path=path, mail=mail)
