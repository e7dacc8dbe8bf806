"""What the house writes to members: to the address in the register, and as a notice where an account belongs to it."""

from collections.abc import Sequence

from allmende.ground import outbox
from allmende.members import queries
from allmende.members.models import Membership
from allmende.people.actions import tell


def language_of(membership: Membership) -> str:
    """The language this member is written to in."""
    return membership.person.language if membership.person else queries.particulars_of(membership).language


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
