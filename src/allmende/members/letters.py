"""What the house writes to members: to the address in the register, and as a notice where an account belongs to it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.ground import outbox
from allmende.members import queries
from allmende.members.models import DataChange, Membership, Particulars
from allmende.people.actions import tell
from allmende.people.models import Person


def language_of(membership: Membership) -> str:
    """The language this member is written to in."""
    return membership.person.language if membership.person else queries.particulars_of(membership).language


def frame(membership: Membership, title: str, *, day: date, footer: str) -> dict[str, Any]:
    """Sender, address and date of a letter on paper, as the templates of `web/data/paper.typ` take them."""
    cooperative, who = membership.cooperative, queries.particulars_of(membership)
    country = "" if who.country == "DE" else who.country
    lines = [who.spoken, who.represented_by, who.street, f"{who.postcode} {who.town}".strip(), country]
    return {
        "title": title,
        "author": str(cooperative),
        "language": translation.get_language() or "de",
        "sender": " · ".join(part for part in (str(cooperative), *cooperative.letter_address.splitlines()) if part),
        "address": [line for line in lines if line],
        "place_and_date": date_format(day, "DATE_FORMAT"),
        "footer": footer,
    }


def write_to(
    membership: Membership, what: str, subject: str, text: str, *, path: str = "", files: Sequence[tuple[str, bytes]] = ()
) -> bool:
    """Tell a member something: `what` is `room.what`. One mail goes to the register's address (otherwise the account's), with these
    files (name, content); an account has the same words as a notice. Says whether a mail could be written. Texts are in the member's
    language already.
    """
    person = membership.person
    address = queries.particulars_of(membership).email or (person.email if person and person.is_active else "")
    if person and person.is_active:
        tell(person, kind=what, subject=subject, text=text, path=path, mail=False)
    if not address:
        return False
    body = "\n\n".join(part for part in (text, outbox.link(path) if path and person else "") if part)
    language = language_of(membership)
    outbox.post(address, subject, body, language=language, kind=what, about=membership, person=person, files=files)
    return True


def _at(name: str, membership: Membership, *more: object) -> str:
    return reverse(f"members:{name}", args=[membership.cooperative.organisation.slug, *more])


def change_asked(change: DataChange) -> None:
    """Those who keep the register learn that a member wants data changed; what, they see on the page."""
    membership = change.membership
    for person in constitution.holders(membership.cooperative, constitution.ADMINISTERING):
        with translation.override(person.language):
            subject = _("%(cooperative)s: a member asks for a change of data") % {"cooperative": membership.cooperative}
            text = _("Member %(number)s has handed in other data. Please enter them or say why not.") % {"number": membership}
            tell(person, kind="members.change_asked", subject=subject, text=text, path=_at("change", membership, membership.number))


def change_accepted(made: Particulars) -> None:
    """The member reads that the register says it now."""
    membership = made.membership
    with translation.override(language_of(membership)):
        subject = _("%(cooperative)s: your data are changed") % {"cooperative": membership.cooperative}
        text = _("The list of members now says what you handed in.")
        write_to(membership, "members.change_accepted", subject, text, path=_at("own", membership))


def change_refused(membership: Membership, reason: str) -> None:
    """The member reads why not."""
    with translation.override(language_of(membership)):
        subject = _("%(cooperative)s: your data were not changed") % {"cooperative": membership.cooperative}
        text = _("The change you handed in was not entered. The reason:") + f"\n\n{reason}"
        write_to(membership, "members.change_refused", subject, text, path=_at("own_data", membership))


def account_invited(membership: Membership, token: str, address: str) -> None:
    """The link by which whoever reads the register's address joins their account."""
    language = queries.particulars_of(membership).language
    with translation.override(language):
        subject = _("%(cooperative)s: see your membership online") % {"cooperative": membership.cooperative}
        text = _(
            "You are member %(number)s of %(cooperative)s. With this link you join your account here to your membership; then you see your "
            "shares and your data at any time. Sign in or make an account first. The link works once and for two weeks. "
            "If you do not want this, you need not do anything."
        ) % {"number": membership, "cooperative": membership.cooperative}
        body = f"{text}\n\n{outbox.link(_at('link', membership, token))}"
        outbox.post(address, subject, body, language=language, kind="members.account_invited", about=membership)


def account_unlinked(membership: Membership, person: Person) -> None:
    """Whose account no longer belongs to the membership learns of it."""
    with translation.override(person.language):
        subject = _("%(cooperative)s: your account no longer belongs to membership %(number)s") % {
            "cooperative": membership.cooperative, "number": membership,
        }  # fmt: skip
        text = _("The membership itself stays as it is. If this is a mistake, ask the cooperative.")
        tell(person, kind="members.account_unlinked", subject=subject, text=text)
