"""What changes about persons: telling them something, their consents, their account."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.ground import outbox, trail
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.ground.text import clean, shorten
from allmende.people import access, letters, personal, queries, rules
from allmende.people.models import Consent, MailChoice, Notice, Person, Purpose

SUBJECT_LIMIT = 200


@transaction.atomic
def tell(person: Person, *, kind: str, subject: str, text: str, path: str = "", mail: bool = True, in_mail: str = "") -> Notice:
    """Put a line into "Mitteilungen" and, unless the person chose otherwise for this area, send it as mail.

    `kind` is `room.what_happened`; `path` is an address of this house without host. Texts are already in the person's language.
    `in_mail` is a sentence about the mail itself: it stands there and not in the notice.
    """
    if path and not rules.is_own_path(path):
        raise ValueError(f"The path {path!r} leaves the house.")
    one_line = shorten(" ".join(clean(subject).split()), SUBJECT_LIMIT)
    notice = Notice.objects.create(person=person, kind=kind, subject=one_line, text=clean(text), path=path)
    area = rules.area_of(kind)
    chosen = MailChoice.objects.filter(person=person, area=area).values_list("by_mail", flat=True).first()
    if person.is_active and not person.is_service and rules.goes_by_mail(area, chosen, mail):
        _mail(notice, area, clean(in_mail))
    return notice


def _mail(notice: Notice, area: str, more: str) -> None:
    person = notice.person
    body = "\n\n".join(part for part in (notice.text, more, outbox.link(notice.path) if notice.path else "") if part)
    with translation.override(person.language):
        stop = "" if area == rules.ALWAYS_BY_MAIL else reverse("people:no_mail", args=[letters.sign_off(person.pk, area)])
    outbox.post(
        to=person.email,
        subject=notice.subject,
        text=body,
        language=person.language,
        kind=notice.kind,
        about=notice,
        person=person,
        unsubscribe=stop,
    )


def read_notices(notices: Iterable[int] | None, *, by: Person) -> int:
    """Mark these of one's own notices as read, or all of them; how many were new."""
    new = access.notices_visible_to(by).filter(read_at=None)
    return (new if notices is None else new.filter(pk__in=notices)).update(read_at=timezone.now())


@transaction.atomic
def choose_mail(choices: Mapping[str, bool], *, by: Person) -> None:
    """Note of which areas a person wants notices as mail. Mails about the account's safety cannot be switched off."""
    for area, by_mail in choices.items():
        if area != rules.ALWAYS_BY_MAIL:
            MailChoice.objects.update_or_create(person=by, area=area, defaults={"by_mail": by_mail})
    trail.record("people.mail_chosen", by=by, about=by, areas=len(choices))


@transaction.atomic
def welcome(person: Person, *, name: str, language: str) -> None:
    """Note how a new person wants to be called and in which language they signed up."""
    person.name, person.language = rules.clean_name(name), language
    person.save(update_fields=["name", "language"])
    trail.record("people.signed_up", by=person, about=person)


@transaction.atomic
def correct(person: Person, *, name: str, language: str, by: Person) -> None:
    """Change the name shown and the language of one's mails."""
    require(access.may_change(by, person), _("Only you can change your account."), NotAllowed)
    person.name, person.language = rules.clean_name(name), language
    person.save(update_fields=["name", "language"])
    trail.record("people.corrected", by=by, about=person, fields=["name", "language"])


@transaction.atomic
def give_consent(person: Person, purpose: str = Purpose.ACCOUNT, *, by: Person, version: str = rules.AGREEMENT) -> Consent:
    """Note that a person agreed to this version of a text; agreeing twice is agreeing once."""
    require(access.may_change(by, person), _("Only you can agree for yourself."), NotAllowed)
    consent, is_new = Consent.objects.get_or_create(person=person, purpose=purpose, version=version, withdrawn_at=None)
    if is_new:
        trail.record("people.consent_given", by=by, about=person, purpose=purpose, version=version)
    return consent


@transaction.atomic
def withdraw_consent(person: Person, pk: int, *, by: Person) -> None:
    """Note that a person no longer agrees. What was done until then stays lawful; the row stays as proof of both moments."""
    require(access.may_change(by, person), _("Only you can withdraw your consent."), NotAllowed)
    consent = queries.consents_of(person).select_for_update().filter(pk=pk, withdrawn_at=None).first()
    require(consent, _("This consent is not there or was withdrawn before."))
    assert consent is not None  # noqa: S101 - said for mypy, required above
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
    trail.record("people.consent_withdrawn", by=by, about=person, purpose=consent.purpose, version=consent.version)


@transaction.atomic
def erase(person: Person, *, by: Person) -> list[personal.Kept]:
    """Forget a person: every room lets go of them, sessions end, a last mail goes out. All of it happens or nothing.

    Returns what stays and why. Raises Refused with every sentence that stands in the way, before anything is written.
    """
    require(access.may_change(by, person), _("Only you can delete your account."), NotAllowed)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if sentences := personal.blockers(person):
        raise Refused(" ".join(sentences))
    email, language = person.email, person.language
    trail.record("people.leaving", by=person, about=person)
    kept = [one for forget in personal.forgetting() for one in forget(person) or []]
    end_sessions(person)
    person.delete()
    trail.record("people.erased")
    letters.goodbye(email, language)
    return kept


def forget_unconfirmed(now: datetime) -> int:
    """Forget accounts whose address nobody confirmed in time: perhaps it belongs to somebody else. How many there were."""
    return sum(_forget_unconfirmed(pk) for pk in list(queries.unconfirmed(now - rules.CONFIRM_WITHIN).values_list("pk", flat=True)))


@transaction.atomic
def _forget_unconfirmed(pk: int) -> bool:
    person = Person.objects.select_for_update().get(pk=pk)
    if personal.blockers(person):
        return False
    for forget in personal.forgetting():
        forget(person)
    end_sessions(person)
    person.delete()
    trail.record("people.unconfirmed_forgotten")
    return True


def forget_ended_sessions(now: datetime) -> int:
    """Delete sessions whose time is over, and what we kept about them."""
    ended = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return ended


def end_sessions(person: Person) -> None:
    """End every session of this person, wherever it is open, half-finished sign-ins too: these hold the address."""
    known = set(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    half = {one.session_key for one in Session.objects.exclude(pk__in=known).iterator() if _names(one.get_decoded(), person)}
    Session.objects.filter(session_key__in=known | half).delete()
    UserSession.objects.filter(user=person).delete()


def _names(session: Mapping[str, object], person: Person) -> bool:
    text = str(dict(session))
    return session.get("_auth_user_id") == str(person.pk) or person.email in text or f"'user_pk': '{person.pk}'" in text
