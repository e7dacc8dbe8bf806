"""What this room writes to people, in their language."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation, State
from allmende.editing.rules import INVITATION_DAYS
from allmende.ground import outbox
from allmende.people.actions import tell
from allmende.people.models import Person


def invite(email: str, path: str, *, by: Person, greeting: str) -> None:
    """The invitation to enter an organisation, in the language of who invites."""
    with translation.override(by.language):
        parts = [
            _("%(name)s invites you to enter your organisation on the map of cooperatives.")
            % {"name": by.name or _("Somebody from the network")},
            "\n".join(f"> {line}" for line in greeting.splitlines()) if greeting else "",
            _("This link leads to the form. It takes about three minutes and can be used once within %(days)d days:")
            % {"days": INVITATION_DAYS},
            outbox.link(path),
            _("You need an account for it, so that you can look after the entry later. If you do not want to, you need not do anything."),
        ]
        text = "\n\n".join(part for part in parts if part)
        outbox.post(email, _("Invitation to the map of cooperatives"), text, language=by.language, kind="editing.invited")


def looked_at(person: Person, organisation: Organisation, reason: str) -> None:
    """What became of an entry that waited."""
    with translation.override(person.language):
        name = {"name": organisation.name}
        if organisation.state == State.PUBLISHED:
            subject = _("“%(name)s” is on the map") % name
            text = _("A caretaker has looked at your entry “%(name)s”. Everybody can see it now.") % name
        else:
            subject = _("“%(name)s” was not put on the map") % name
            text = _("A caretaker has looked at your entry “%(name)s” and did not put it on the map.") % name
        if reason:
            text += "\n\n" + _("They wrote:") + f"\n> {reason}"
        path = reverse("directory:organisation", args=[organisation.slug])
        tell(person, kind="editing.looked_at", subject=subject, text=text, path=path)
