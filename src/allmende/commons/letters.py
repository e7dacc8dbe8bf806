"""What the data cooperative writes to people outside and inside."""

from django.core import signing
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from allmende.commons.models import DataRequest, RequestState
from allmende.directory.models import DataRules
from allmende.ground import outbox
from allmende.people.actions import tell
from allmende.people.models import Person

SALT = "allmende.commons.request"
A_YEAR = 400 * 86_400  # seconds: as long as the longest use, and some weeks


def key_of(asked: DataRequest) -> str:
    """The word in the link by which whoever asked is known; signed, so that nobody can guess another's."""
    return signing.dumps(str(asked.uuid), salt=SALT)


def please_confirm(asked: DataRequest) -> None:
    """First letter: is this your address, and did you ask? Without their words: nobody can use us to send theirs to others."""
    with translation.override(asked.language):
        text = _(
            "You asked for data of this network. Please confirm that this is your address. "
            "Only then do the participants see your request:\n%(link)s\n\n"
            "If you did not ask, do nothing: the request is deleted after a week."
        ) % {"link": _own_link(asked)}
        outbox.post(
            asked.email, _("Please confirm your request for data"), text, language=asked.language, kind="commons.confirm", about=asked
        )


def decided(asked: DataRequest) -> None:
    """Granted, refused or ended early, with the reason."""
    if not asked.email:
        return
    with translation.override(asked.language):
        lines = [f"{asked.get_state_display()}.", _("Reason: %(why)s") % {"why": asked.answer}]
        if asked.state == RequestState.GRANTED:
            until = formats.date_format(asked.until)
            lines.append(_("You may use the data until %(until)s. Here you get the key to them, it is shown once:") % {"until": until})
        lines.append(_own_link(asked))
        subject = _("Your request for data: %(state)s") % {"state": asked.get_state_display()}
        outbox.post(asked.email, subject, "\n\n".join(lines), language=asked.language, kind="commons.decided", about=asked)


def tell_of_rules(person: Person, proposed: DataRules) -> None:
    """A vote on the data rules is open."""
    with translation.override(person.language):
        closes = formats.date_format(proposed.closes_at, "DATETIME_FORMAT") if proposed.closes_at else ""
        tell(
            person,
            kind="commons.rules_opened",
            subject=_("Vote on the data rules, version %(version)d") % {"version": proposed.version},
            text=_("A new version of the data rules is open for decision until %(closes)s. Your organisation has one vote.")
            % {"closes": closes},
            path=reverse("commons:version", args=[proposed.version]),
        )


def tell_of_request(person: Person, asked: DataRequest) -> None:
    """Somebody asks for data: agree or object."""
    with translation.override(person.language):
        tell(
            person,
            kind="commons.request_opened",
            subject=_("%(who)s asks for data of this network") % {"who": asked.who},
            text=_("Purpose: %(purpose)s\n\nFor your organisation you can agree or object.") % {"purpose": asked.purpose},
            path=reverse("commons:request", args=[asked.uuid]),
        )


def _own_link(asked: DataRequest) -> str:
    return outbox.link(reverse("commons:own_request", args=[key_of(asked)]))
