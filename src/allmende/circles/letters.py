"""What this room writes to people: notices for those with an account, one letter to addresses that are invited.

Each in the language of who reads it. Nobody's address stands in a text to somebody else; names only where both are inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from allmende.circles import access, rules
from allmende.circles.models import Circle, CircleMember, MailInvitation, Task
from allmende.directory import access as directory
from allmende.ground import outbox
from allmende.ground.text import shorten
from allmende.people.actions import tell
from allmende.people.models import Person
from allmende.web.markdown import plain

SALT = "allmende.circles.invitation"


def called(person: Person | None) -> str:
    """How somebody calls themselves; never their address."""
    return person.name if person and person.name else _("somebody without a name shown")


def quoted(text: str) -> str:
    """Foreign words as they are marked in mails, so that nobody takes them for ours."""
    return "\n".join(f"> {line}" if line else ">" for line in text.strip().splitlines())


def _word(text: str) -> str:
    return f"\n\n{quoted(text)}" if text else ""


def _purpose(circle: Circle) -> str:
    return quoted(shorten(plain(circle.purpose), 400))


def _tell(person: Person, what: str, subject: str, text: str, path: str) -> None:
    tell(person, kind=f"circles.{what}", subject=subject, text=text, path=path)


# ------------------------------------------------------------------------------------------------------- coming and going


def invited(member: CircleMember) -> None:
    """Somebody is invited through their organisation."""
    with translation.override(member.person.language):
        circle = member.circle
        text = _("You are invited to the circle “%(circle)s”. What it is for:\n\n%(purpose)s%(word)s") % {
            "circle": circle.name, "purpose": _purpose(circle), "word": _word(member.word),
        }  # fmt: skip
        _tell(member.person, "invited", _("Invitation: circle “%s”") % circle.name, text, circle.get_absolute_url())


def link_word(invitation: MailInvitation) -> str:
    """The word in the link of the letter; it is good for this one invitation and for nothing else."""
    return signing.dumps(invitation.pk, salt=SALT)


def read_link(word: str) -> int | None:
    """Which invitation a link is for; None for an invented or an old one."""
    try:
        return int(signing.loads(word, salt=SALT, max_age=timedelta(days=rules.INVITATION_DAYS)))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def mail_invited(invitation: MailInvitation, *, by: Person, language: str) -> None:
    """The letter with the link; whoever opens it needs no account yet."""
    with translation.override(language):
        until = date_format(localtime(invitation.sent_at) + timedelta(days=rules.INVITATION_DAYS), "DATE_FORMAT")
        circle = invitation.circle
        text = _(
            "%(who)s invites you to the circle “%(circle)s”. What it is for:\n\n%(purpose)s%(word)s\n\n"
            "Accept or decline here, until %(until)s:\n\n%(link)s\n\n"
            "You can sign up there if you have no account yet. If you do nothing, the invitation expires and we forget your address."
        ) % {
            "who": called(by), "circle": circle.name, "purpose": _purpose(circle), "word": _word(invitation.word),
            "until": until, "link": outbox.link(reverse("circles:mail_invitation", args=[link_word(invitation)])),
        }  # fmt: skip
        subject = _("Invitation: circle “%s”") % circle.name
    outbox.post(invitation.email, subject, text, language=language, kind="circles.mail_invited", about=invitation)


def asked(member: CircleMember) -> None:
    """The coordinators learn that somebody wants to join."""
    for person in access.coordinators_of(member.circle):
        with translation.override(person.language):
            said = {"who": called(member.person), "circle": member.circle.name, "word": _word(member.word)}
            path = reverse("circles:member", args=[member.circle_id, member.pk])
            subject = _("%(who)s wants to join the circle “%(circle)s”") % said
            _tell(person, "asked", subject, _("%(who)s wants to join “%(circle)s”. You decide.%(word)s") % said, path)


def accepted(member: CircleMember) -> None:
    """Who asked learns that they are in."""
    with translation.override(member.person.language):
        subject = _("You are now a member of the circle “%s”") % member.circle.name
        text = _("On its page you find the notes, dates, links and tasks of the circle, and who else is in it.")
        _tell(member.person, "accepted", subject, text, member.circle.get_absolute_url())


def refused(member: CircleMember) -> None:
    """Who asked learns of the no and its word."""
    with translation.override(member.person.language):
        subject = _("The circle “%s” did not take up your request") % member.circle.name
        text = _("The coordinators have declined your request. You can ask again after %(days)d days.%(word)s") % {
            "days": rules.ASK_AGAIN_DAYS, "word": _word(member.answer),
        }  # fmt: skip
        _tell(member.person, "refused", subject, text, reverse("circles:circles"))


def removed(member: CircleMember) -> None:
    """Who is no longer a member learns why."""
    with translation.override(member.person.language):
        subject = _("You are no longer a member of the circle “%s”") % member.circle.name
        text = _("The coordinators have ended your membership. The reason:%(word)s") % {"word": _word(member.answer)}
        _tell(member.person, "removed", subject, text, reverse("circles:circles"))


def answered(person: Person | None, circle: Circle, said_yes: bool, who: Person | None) -> None:
    """Who invited learns of the answer; the name only of those who came in."""
    if person is None or not access.is_member(person, circle):
        return
    with translation.override(person.language):
        if said_yes:
            subject = _("%(who)s has joined the circle “%(circle)s”") % {"who": called(who), "circle": circle.name}
            text = _("Your invitation was accepted.")
        else:
            subject = _("Invitation to the circle “%s” declined") % circle.name
            text = _("An invitation of yours was declined.")
        path = reverse("circles:members", args=[circle.pk])
        _tell(person, "invitation_accepted" if said_yes else "invitation_declined", subject, text, path)


def coordinates(member: CircleMember) -> None:
    """Somebody learns that they now coordinate."""
    with translation.override(member.person.language):
        subject = _("You now coordinate the circle “%s”") % member.circle.name
        text = _("You invite people, decide on requests and change the settings.")
        _tell(member.person, "coordinates", subject, text, member.circle.get_absolute_url())


def without_coordinator(circle: Circle) -> None:
    """Those who can name somebody learn that nobody coordinates a circle any more."""
    host = circle.organisation
    people = list(directory.keepers_of(host)) or list(directory.caretakers_of(host)) if host else []
    for person in people or Person.objects.filter(is_caretaker=True, is_active=True):
        with translation.override(person.language):
            subject = _("Nobody coordinates the circle “%s” any more") % circle.name
            text = _("Please name somebody of its members, or archive it together with them.")
            _tell(person, "without_coordinator", subject, text, reverse("circles:name_coordinator", args=[circle.pk]))


# ---------------------------------------------------------------------------------------------------------------- working


def task_given(task: Task, *, by: Person) -> None:
    """Who is to do it learns of it, unless they took it themselves."""
    if task.owner is None or task.owner_id == by.pk:
        return
    with translation.override(task.owner.language):
        subject = _("Task for you: %s") % task.title
        lines = [_("In the circle “%(circle)s”, from %(who)s.") % {"circle": task.circle.name, "who": called(by)}]
        if task.due:
            lines.append(_("Until %s.") % date_format(task.due, "DATE_FORMAT"))
        _tell(task.owner, "task_given", subject, " ".join(lines), f"{task.circle.get_absolute_url()}?tasks=mine")


def task_due(owner: Person, tasks: Sequence[Task]) -> None:
    """The evening before: everything of one person that is due tomorrow, in one notice."""
    with translation.override(owner.language):
        subject = _("Due tomorrow: %s") % tasks[0].title if len(tasks) == 1 else _("%d tasks are due tomorrow") % len(tasks)
        text = "\n".join(f"- {task.title} ({task.circle.name})" for task in tasks)
        path = f"{tasks[0].circle.get_absolute_url()}?tasks=mine" if len(tasks) == 1 else reverse("people:mine")
        _tell(owner, "task_due", subject, text, path)


@dataclass(frozen=True)
class News:
    """What changed in one circle since a person was told: one line each, already in their language."""

    circle: Circle
    lines: tuple[str, ...]


def digest(person: Person, told: Sequence[News]) -> None:
    """Everything new in somebody's circles, in one notice a day."""
    with translation.override(person.language):
        subject = _("News from the circle “%s”") % told[0].circle.name if len(told) == 1 else _("News from %d circles") % len(told)
        parts = [f"{one.circle.name}\n" + "\n".join(f"- {line}" for line in one.lines) for one in told]
        parts.append(_("On the page of each circle you choose whether you want to hear of it daily."))
        path = told[0].circle.get_absolute_url() if len(told) == 1 else reverse("circles:circles")
        _tell(person, "digest", subject, "\n\n".join(parts), path)
