"""What this room tells members and boards, each in their own language."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.constitution.access import ADMINISTERING, DECIDING, holders
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.ground.money import euros
from allmende.leaving import papers, wording
from allmende.leaving.models import Reason, Termination, Transfer
from allmende.leaving.wording import day_words
from allmende.members.letters import language_of, write_to
from allmende.members.models import Membership
from allmende.people.actions import tell
from allmende.people.models import Person

Said = Callable[[], tuple[str, str]]
RECEIPT, CONFIRMATION, STATEMENT = "eingang.pdf", "bestaetigung.pdf", "abrechnung.pdf"
EXCLUSION, TRANSFER = "ausschluss.pdf", "uebertragung.pdf"


def _own_path(membership: Membership) -> str:
    return reverse("leaving:leave", args=[membership.cooperative.organisation.slug])


def _path(termination: Termination) -> str:
    return reverse("leaving:termination", args=[termination.membership.cooperative.organisation.slug, termination.uuid])


def _transfer_path(found: Transfer) -> str:
    return reverse("leaving:transferring", args=[found.giver.cooperative.organisation.slug, found.uuid])


def _to_member(membership: Membership, kind: str, said: Said, path: str, files: Sequence[tuple[str, bytes]] = ()) -> None:
    with translation.override(language_of(membership)):
        subject, text = said()
        write_to(membership, kind, subject, text, path=path, files=files)


def _to_offices(
    cooperative: Cooperative,
    kind: str,
    said: Said,
    path: str,
    *,
    offices: tuple[OfficeKind, ...] = ADMINISTERING,
    but: Person | None = None,
) -> None:
    for person in holders(cooperative, offices):
        if person == but:
            continue
        with translation.override(person.language):
            subject, text = said()
            tell(person, kind=kind, subject=subject, text=text, path=path)


def _facts(termination: Termination) -> dict[str, str]:
    return {
        "cooperative": str(termination.membership.cooperative),
        "what": wording.end_words(termination.scope, termination.quantity),
        "day": day_words(termination.effective_on),
        "payout": day_words(termination.payout_due_on),
        "number": f"{termination.membership.number:04d}",
    }


def notice_received(termination: Termination) -> None:
    """The member gets a receipt as PDF, the administration a line."""

    def to_member() -> tuple[str, str]:
        text = _("The notice has come in. What ends: %(what)s, with %(day)s. The settlement is paid out until %(payout)s.")
        more = _("The receipt lies with this letter. Until the board has confirmed it, you can take the notice back.")
        subject = _("Notice received: %(cooperative)s") % _facts(termination)
        return subject, f"{text % _facts(termination)} {more}"

    def to_offices() -> tuple[str, str]:
        subject = _("A notice has come in: member %(number)s") % _facts(termination)
        return subject, _("What ends: %(what)s, with %(day)s. The board confirms it.") % _facts(termination)

    membership = termination.membership
    _to_member(membership, "leaving.notice_received", to_member, _own_path(membership), [(RECEIPT, papers.receipt(termination))])
    _to_offices(membership.cooperative, "leaving.notice_came", to_offices, _path(termination), but=termination.created_by)


def confirmed(termination: Termination) -> None:
    """The member gets the board's letter. Nobody writes to somebody who died: their letter is printed for the heirs."""
    if termination.reason == Reason.DEATH:
        return
    is_exclusion = termination.reason == Reason.EXCLUSION

    def said() -> tuple[str, str]:
        if is_exclusion:
            return _("Exclusion: %(cooperative)s") % _facts(termination), _("The letter of the board lies with this mail.")
        text = _("The board has confirmed it. What ends: %(what)s, with %(day)s. The settlement is paid out until %(payout)s.")
        return _("Exit confirmed: %(cooperative)s") % _facts(termination), text % _facts(termination)

    membership = termination.membership
    file = (EXCLUSION, papers.exclusion(termination)) if is_exclusion else (CONFIRMATION, papers.confirmation(termination))
    _to_member(membership, "leaving.exit_confirmed", said, _own_path(membership), [file])


def taken_back(termination: Termination, *, by: Person | None) -> None:
    """The exit is off: the member hears it, and the offices when the member did it."""

    def to_member() -> tuple[str, str]:
        subject = _("The exit is off: %(cooperative)s") % _facts(termination)
        return subject, _("What was to end goes on: %(what)s.") % _facts(termination)

    def to_offices() -> tuple[str, str]:
        subject = _("A notice was taken back: member %(number)s") % _facts(termination)
        return subject, _("It was not confirmed yet. Nothing is to be done.")

    membership = termination.membership
    if termination.reason != Reason.DEATH:
        _to_member(membership, "leaving.exit_off", to_member, _own_path(membership))
    if by is not None and by.pk == membership.person_id:
        _to_offices(membership.cooperative, "leaving.notice_taken_back", to_offices, _path(termination), but=by)


def asked_back(termination: Termination) -> None:
    """The board hears that a member asks to take a confirmed notice back."""

    def said() -> tuple[str, str]:
        subject = _("Member %(number)s asks to take the notice back") % _facts(termination)
        return subject, _("It is confirmed, so the board decides. Without consent it ends with %(day)s.") % _facts(termination)

    _to_offices(termination.membership.cooperative, "leaving.asked_back", said, _path(termination), offices=DECIDING)


def settled(termination: Termination) -> None:
    """The member gets the statement of the settlement."""
    if termination.reason == Reason.DEATH:
        return

    def said() -> tuple[str, str]:
        facts = _facts(termination) | {"sum": euros(termination.settled_cents or 0)}
        subject = _("Statement of the settlement: %(cooperative)s") % facts
        return subject, _("%(sum)s are paid out until %(payout)s. The statement lies with this letter.") % facts

    membership = termination.membership
    _to_member(membership, "leaving.exit_settled", said, _own_path(membership), [(STATEMENT, papers.statement(termination))])


def settlements_wait(cooperative: Cooperative, day: str, count: int, due: str) -> None:
    """The board hears that exits have come and can be settled."""

    def said() -> tuple[str, str]:
        words = ngettext("%(count)d exit of %(day)s can be settled", "%(count)d exits of %(day)s can be settled", count)
        text = _("As soon as the annual accounts are approved, the settlements can be worked out. They are to be paid until %(due)s.")
        return words % {"count": count, "day": day}, text % {"due": due}

    path = reverse("leaving:settlements", args=[cooperative.organisation.slug])
    _to_offices(cooperative, "leaving.settlements_wait", said, path, offices=DECIDING)


# ------------------------------------------------------------------------------------------------------------------ transfers


def _shares(found: Transfer) -> dict[str, str]:
    return {"cooperative": str(found.giver.cooperative), "shares": wording.shares_words(found.quantity)}


def taker_asked(found: Transfer) -> None:
    """Who is to take shares over is asked."""

    def said() -> tuple[str, str]:
        subject = _("Somebody wants to transfer shares to you: %(cooperative)s") % _shares(found)
        return subject, _("%(shares)s are to go to you. Have a look, and say whether you take them over.") % _shares(found)

    if found.taker:
        _to_member(found.taker, "leaving.transfer_asked", said, _transfer_path(found))


def board_asked(found: Transfer, *, by: Person | None) -> None:
    """Both have declared: the board agrees or not."""

    def said() -> tuple[str, str]:
        subject = _("A transfer of shares waits for the board: %(cooperative)s") % _shares(found)
        return subject, _("%(shares)s are to go from one member to another; both have declared it.") % _shares(found)

    _to_offices(found.giver.cooperative, "leaving.transfer_waits", said, _transfer_path(found), offices=DECIDING, but=by)


def transfer_done(found: Transfer) -> None:
    """Giver and taker get it in writing."""

    def said() -> tuple[str, str]:
        subject = _("Shares transferred: %(cooperative)s") % _shares(found)
        return subject, _("The board has agreed: %(shares)s have gone over. The letter lies with this mail.") % _shares(found)

    for side in (found.giver, found.taker):
        if side:
            _to_member(side, "leaving.transfer_done", said, _transfer_path(found), [(TRANSFER, papers.transfer(found, side))])


def transfer_off(found: Transfer, *, by: Person | None) -> None:
    """Giver and taker hear that nothing goes over, and why."""

    def said() -> tuple[str, str]:
        subject = _("The transfer of shares is off: %(cooperative)s") % _shares(found)
        return subject, found.closed_why or _("Nothing has changed.")

    for side in (found.giver, found.taker):
        if side and (by is None or side.person_id != by.pk):
            _to_member(side, "leaving.transfer_off", said, _transfer_path(found))
