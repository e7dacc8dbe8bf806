"""What this room writes. To applicants by mail only, without names or words that somebody typed in: anybody can type a foreign address.

To boards as notices, without saying who: the name stands on the desk alone, and goes with a refusal.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import outbox
from allmende.ground.models import Letter, LetterState
from allmende.ground.money import euros
from allmende.joining import papers
from allmende.joining.models import Application, Reason
from allmende.members.letters import language_of, write_to
from allmende.members.models import Membership
from allmende.money.models import Request
from allmende.people.actions import tell

LAST = ("joining.refused", "joining.withdrawn")
"""The last letters about a declaration whose data are gone: forgotten as soon as they are sent."""
TRIED_FOR = timedelta(days=7)


def application_path(application: Application) -> str:
    """Where an applicant sees the own declaration, without an account."""
    return reverse("joining:application", args=[application.cooperative.organisation.slug, application.token])


def desk_path(cooperative: Cooperative) -> str:
    """The board's desk of declarations."""
    return reverse("joining:desk", args=[cooperative.organisation.slug])


def _mail(application: Application, what: str, subject: str, text: str, files: list[tuple[str, bytes]] | None = None) -> bool:
    if not application.email:
        return False
    outbox.post(application.email, subject, text, language=application.language, kind=what, about=application, files=files or ())
    return True


def declared(application: Application) -> None:
    """The receipt, with the declaration as PDF: text form means that it can be kept (§ 126b BGB)."""
    with translation.override(application.language):
        subject = _("Your declaration of accession to %(name)s") % {"name": application.cooperative}
        text = _(
            "Hello,\n\nyour declaration has arrived. It is attached as you made it, with the moment and the version of the statute.\n\n"
            "The board decides on the admission. You become a member with the admission, not before; then you hear your member number and "
            "what is to be paid. Nothing is debited before.\n\nUntil then you can look at your declaration and take it back here:\n%(link)s"
        ) % {"link": outbox.link(application_path(application))}
        _mail(application, "joining.declared", subject, text, [(papers.file_name(), papers.document(application))])


def further_declared(application: Application) -> None:
    """The receipt for further shares, with the declaration as PDF."""
    with translation.override(application.language):
        subject = _("Your further shares in %(name)s") % {"name": application.cooperative}
        text = _(
            "Hello,\n\nyour declaration of further shares has arrived; it is attached. The board decides on the admission, then you hear "
            "what is to be paid. Until then you can take it back here:\n%(link)s"
        ) % {"link": outbox.link(application_path(application))}
        _mail(application, "joining.declared", subject, text, [(papers.file_name(), papers.document(application))])


def arrived(application: Application) -> None:
    """The board hears that a declaration waits."""
    for person in constitution.holders(application.cooperative, constitution.DECIDING):
        with translation.override(person.language):
            name = {"name": application.cooperative.organisation.name}
            if application.further_id:
                subject = _("%(name)s: a member wants to take further shares") % name
            else:
                subject = _("%(name)s: somebody wants to join") % name
            text = _("The declaration waits for the decision of the board.")
            tell(person, kind="joining.arrived", subject=subject, text=text, path=desk_path(application.cooperative))


def asked(application: Application) -> None:
    """The board has a question; it stands in the mail, an office has written it."""
    with translation.override(application.language):
        subject = _("A question about your declaration to %(name)s") % {"name": application.cooperative}
        text = _("Hello,\n\nthe board has a question about your declaration:\n\n%(question)s\n\nPlease answer here:\n%(link)s") % {
            "question": application.question,
            "link": outbox.link(application_path(application)),
        }
        _mail(application, "joining.asked", subject, text)


def answered(application: Application) -> None:
    """The board hears that its question was answered."""
    path = reverse("joining:desk_application", args=[application.cooperative.organisation.slug, application.uuid])
    for person in constitution.holders(application.cooperative, constitution.ADMINISTERING):
        with translation.override(person.language):
            subject = _("%(name)s: a question was answered") % {"name": application.cooperative.organisation.name}
            tell(person, kind="joining.arrived", subject=subject, text=_("The answer stands with the declaration."), path=path)


def refused(application: Application, reason: str, words: str) -> bool:
    """The last letter to somebody who is not admitted. It names nobody, and is forgotten when it is sent."""
    with translation.override(application.language):
        subject = _("Your declaration to %(name)s") % {"name": application.cooperative}
        parts = [
            _("Hello,\n\n%(name)s has decided not to admit your declaration of %(day)s.")
            % {"name": application.cooperative, "day": _day(application.declared_on)},
            _("Reason: %(reason)s.") % {"reason": Reason(reason).label} if reason != Reason.OTHER else "",
            words,
            _("Your declaration and all data you entered are deleted here. Nothing was debited. What is left is a line in the count."),
        ]
        return _mail(application, "joining.refused", subject, "\n\n".join(part for part in parts if part))


def withdrawn(application: Application) -> None:
    """The receipt for taking it back, and a word to the board."""
    with translation.override(application.language):
        subject = _("You have taken your declaration to %(name)s back") % {"name": application.cooperative}
        text = _("Hello,\n\nyour declaration of %(day)s is taken back. All data you entered are deleted here.") % {
            "day": _day(application.declared_on)
        }
        _mail(application, "joining.withdrawn", subject, text)
    for person in constitution.holders(application.cooperative, constitution.DECIDING):
        with translation.override(person.language):
            subject = _("%(name)s: a declaration was taken back") % {"name": application.cooperative.organisation.name}
            text = _("There is nothing to be done. The data are deleted.")
            tell(person, kind="joining.arrived", subject=subject, text=text, path=desk_path(application.cooperative))


def admitted(membership: Membership, requests: list[Request]) -> bool:
    """Welcome: the admission and the entry in the list (§ 15 II GenG), the member number, what is to be paid."""
    with translation.override(language_of(membership)):
        subject = _("Welcome to %(name)s") % {"name": membership.cooperative}
        text = _(
            "Hello,\n\nyou are a member of %(name)s from %(day)s on and entered in the list of members. Your member number is %(number)s."
        ) % {
            "name": membership.cooperative,
            "day": _day(membership.joined_on),
            "number": str(membership),
        }
        parts = [text, *_to_pay(requests)]
        return write_to(membership, "joining.admitted", subject, "\n\n".join(parts), path=_own_path(membership))


def further_admitted(membership: Membership, shares: int, held: int, requests: list[Request]) -> bool:
    """The further shares are entered (§ 15b GenG)."""
    with translation.override(language_of(membership)):
        subject = _("Your further shares in %(name)s") % {"name": membership.cooperative}
        text = ngettext(
            "%(count)d further share is admitted and entered. You now hold %(held)d.",
            "%(count)d further shares are admitted and entered. You now hold %(held)d.",
            shares,
        ) % {"count": shares, "held": held}
        parts = [text, *_to_pay(requests)]
        return write_to(membership, "joining.admitted", subject, "\n\n".join(parts), path=_own_path(membership))


def further_refused(membership: Membership, reason: str, words: str) -> bool:
    """Further shares are not admitted; the membership stays as it is."""
    with translation.override(language_of(membership)):
        subject = _("Your further shares in %(name)s") % {"name": membership.cooperative}
        parts = [
            _("The board has not admitted your declaration of further shares. Your membership stays as it is."),
            _("Reason: %(reason)s.") % {"reason": Reason(reason).label} if reason != Reason.OTHER else "",
            words,
        ]
        return write_to(membership, "joining.refused", subject, "\n\n".join(part for part in parts if part), path=_own_path(membership))


def _to_pay(requests: list[Request]) -> list[str]:
    if not requests:
        return []
    rows = [
        _("- %(sum)s until %(day)s, reference %(code)s") % {"sum": euros(one.cents), "day": _day(one.due_on), "code": one.code}
        for one in requests
    ]
    return [_("Please pay:") + "\n" + "\n".join(rows)]


def _own_path(membership: Membership) -> str:
    return reverse("members:own", args=[membership.cooperative.organisation.slug]) if membership.person_id else ""


def overdue(cooperative: Cooperative, number: int) -> None:
    """The board is reminded: admission and refusal are to be told without delay (§ 15 II GenG)."""
    for person in constitution.holders(cooperative, constitution.DECIDING):
        with translation.override(person.language):
            subject = ngettext(
                "%(name)s: %(count)d declaration has waited for two weeks",
                "%(name)s: %(count)d declarations have waited for two weeks",
                number,
            ) % {"name": cooperative.organisation.name, "count": number}
            text = _("Please admit or refuse: the law wants applicants to hear without delay (§ 15 GenG).")
            tell(person, kind="joining.overdue", subject=subject, text=text, path=desk_path(cooperative))


def forget(application: Application, *, but: tuple[str, ...] = ()) -> None:
    """Delete what was written about a declaration, with the files: nothing of it may outlive the declaration."""
    found = Letter.objects.filter(about_kind=application._meta.label_lower, about_id=str(application.pk))
    found.exclude(kind__in=but).delete()


def forget_last(now: datetime) -> int:
    """Delete last letters that are sent or came back, and those that could not be sent for a week; how many."""
    gone = Letter.objects.filter(kind__in=LAST, about_kind="joining.application")
    waits = Q(state=LetterState.QUEUED) | Q(state=LetterState.FAILED, created_at__gt=now - TRIED_FOR)
    return gone.exclude(waits).delete()[1].get("ground.Letter", 0)


def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")
