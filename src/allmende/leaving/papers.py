"""The letters about an exit as PDF, in the language of the member: receipt, confirmation, exclusion, settlement, and the notice to sign."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from allmende.ground.money import euros
from allmende.leaving import queries, wording
from allmende.leaving.models import Reason, Scope, Termination, Transfer
from allmende.leaving.wording import day_words
from allmende.members.letters import frame, language_of
from allmende.members.models import Membership
from allmende.web import paper

Pairs = Sequence[tuple[str, str]]


def _letter(
    membership: Membership, title: str, paragraphs: Sequence[str], *, day: date | None = None, facts: Pairs = (), steps: Pairs = (),
    closing: Sequence[str] = (), signatures: Sequence[str] = (),
) -> bytes:  # fmt: skip
    footer = _("Member number %(number)s") % {"number": f"{membership.number:04d}"}
    about = frame(membership, title, day=day or localdate(), footer=footer)
    more = {
        "paragraphs": list(paragraphs),
        "facts": list(facts),
        "steps": list(steps),
        "closing": list(closing),
        "signatures": list(signatures),
    }
    return paper.pdf("leaving", "letter", {**about, **more, "steps_title": _("How the day comes about")})


def _days(termination: Termination) -> list[tuple[str, str]]:
    return [
        (_("What ends"), wording.end_words(termination.scope, termination.quantity)),
        (_("Received on"), day_words(termination.received_on)),
        (_("Ends with"), day_words(termination.effective_on)),
        (_("By"), wording.paragraph_words(termination.paragraph)),
        (_("Payout until"), day_words(termination.payout_due_on)),
    ]


def receipt(termination: Termination) -> bytes:
    """Confirmation that a notice came in, with its exact words, the day and how it comes about."""
    membership = termination.membership
    with translation.override(language_of(membership)):
        return _letter(
            membership,
            _("Confirmation of receipt: notice"),
            [_("This notice came in on %(day)s:") % {"day": day_words(termination.received_on)}, termination.declared_text],
            day=localtime(termination.created_at).date(),
            facts=_days(termination),
            steps=queries.explained(termination),
            closing=[_("Until the board has confirmed it, the notice can be taken back; after that with the consent of the board.")],
        )


def confirmation(termination: Termination) -> bytes:
    """The board confirms the day of an exit. Where the member died, to whoever writes for the heirs."""
    membership = termination.membership
    with translation.override(language_of(membership)):
        day = localtime(termination.confirmed_at).date() if termination.confirmed_at else localdate()
        last = {
            Scope.ALL: _("Until the end of that day all rights and duties of a member remain, among them the vote."),
            Scope.SINGLE: _("The membership goes on with the remaining shares."),
        }
        closing = [last[Scope(termination.scope)], _settling(termination)]
        if termination.reason == Reason.DEATH:
            closing = [_settling(termination)]
        opening = _opening(termination)
        return _letter(
            membership,
            _("Confirmation of the exit") if termination.scope == Scope.ALL else _("Confirmation: shares given up"),
            [opening],
            day=day,
            facts=_days(termination),
            steps=queries.explained(termination),
            closing=closing,
            signatures=[_("For the board"), _("For the board")],
        )


def _opening(termination: Termination) -> str:
    words = {
        Reason.DEATH: _("The board has entered the exit after the death of the member in the list of members."),
        Reason.DISSOLUTION: _("The board has entered the exit of the dissolved organisation in the list of members."),
    }
    given = _("The board confirms the notice and has entered it in the list of members.")
    return words.get(Reason(termination.reason), given)


def _settling(termination: Termination) -> str:
    if termination.scope == Scope.SINGLE:
        return _("What is paid out is the capital above the amount of the remaining shares, less a share of a loss (§§ 67b, 73 GenG).")
    return _(
        "What is paid out is the Geschäftsguthaben by the balance sheet of the exit, less a share of a loss. There is no claim on reserves "
        "(§ 73 GenG)."
    )


def exclusion(termination: Termination) -> bytes:
    """The letter of an exclusion, with its reasons and what follows (§ 68 GenG)."""
    membership = termination.membership
    with translation.override(language_of(membership)):
        sent_on = termination.dispatched_on
        opening = _("The membership in %(cooperative)s is ended by exclusion.") % {"cooperative": membership.cooperative}
        hearing = [_("Hearing: %(words)s") % {"words": termination.hearing}] if termination.hearing else []
        return _letter(
            membership,
            _("Exclusion"),
            [opening, _("Reasons: %(words)s") % {"words": termination.words}, *hearing],
            day=sent_on or localdate(),
            facts=_days(termination),
            steps=queries.explained(termination),
            closing=[
                _("From the sending of this letter on there is no right to attend assemblies, to vote or to hold an office (§ 68 GenG)."),
                _settling(termination),
                _("Whoever disagrees can use the remedies of the statute and the ordinary courts."),
            ],
            signatures=[_("For the board"), _("For the board")],
        )


def statement(termination: Termination) -> bytes:
    """The statement of the settlement: what was there, the share of the loss, what is paid out until when (§ 73 GenG)."""
    membership = termination.membership
    with translation.override(language_of(membership)):
        capital, loss, owed = termination.capital_cents or 0, termination.loss_cents or 0, termination.settled_cents or 0
        stays = capital - loss - owed
        facts = [
            (_("Geschäftsguthaben at the end"), euros(capital)),
            (_("Less the share of the loss"), euros(-loss)),
            *([(_("Stays with the remaining shares"), euros(-stays))] if stays else []),
            (_("To be paid out"), euros(owed)),
            (_("Payout until"), day_words(termination.payout_due_on)),
        ]
        approved = day_words(termination.accounts_on) if termination.accounts_on else ""
        opening = _("By the annual accounts approved on %(day)s the exit on %(end)s is settled as follows:")
        blocked = termination.payable.blocked_reason if termination.payable else ""
        return _letter(
            membership,
            _("Statement of the settlement"),
            [opening % {"day": approved, "end": day_words(termination.effective_on)}],
            day=localtime(termination.settled_at).date() if termination.settled_at else localdate(),
            facts=facts,
            closing=[blocked] if blocked else [_settling(termination)],
        )


def to_sign(membership: Membership, text: str, steps: Pairs) -> bytes:
    """The notice on paper, where the statute asks for a signature."""
    with translation.override(language_of(membership)):
        return _letter(
            membership,
            _("Notice"),
            [_("To %(cooperative)s") % {"cooperative": membership.cooperative}, text],
            steps=steps,
            closing=[_("What counts is the day on which the signed letter comes in.")],
            signatures=[_("Place, date"), _("Signature")],
        )


def transfer(found: Transfer, membership: Membership) -> bytes:
    """That shares have gone over, for giver or taker, with the words of both declarations."""
    with translation.override(language_of(membership)):
        facts = [(_("Shares"), str(found.quantity)), (_("From"), day_words(found.effective_on or localdate()))]
        said = [one for one in (found.declared_text, found.taken_text) if one]
        return _letter(
            membership,
            _("Transfer of shares"),
            [_("The board has agreed and entered the transfer in the list of members (§ 76 GenG)."), *said],
            facts=facts,
            signatures=[_("For the board"), _("For the board")],
        )
