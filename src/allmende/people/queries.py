"""Questions about persons."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from allmende.people import personal, rules
from allmende.people.models import Consent, MailChoice, Notice, Person, Purpose

Viewer = Person | AnonymousUser
GUEST = AnonymousUser()


def is_person(viewer: Viewer) -> TypeGuard[Person]:
    """Whether somebody of their own looks: a guest, a blocked account and a service hand see what everybody sees."""
    return isinstance(viewer, Person) and viewer.is_active and not viewer.is_service


def service(name: str) -> Person:
    """The house's own hand of that name, e.g. `import`: made on first use, can never sign in."""
    person, _ = Person.objects.get_or_create(
        email=f"{name}@service.invalid", defaults={"name": name, "is_service": True, "is_active": False, "password": "!"}
    )
    return person


def notices_of(person: Viewer) -> QuerySet[Notice]:
    """What a person was told, newest first; a guest was told nothing."""
    return Notice.objects.filter(person=person) if isinstance(person, Person) else Notice.objects.none()


def unread(person: Viewer) -> int:
    """How many notices wait to be read."""
    return notices_of(person).filter(read_at=None).count()


def by_email(address: str) -> Person | None:
    """Whose address this is, confirmed or not; for letters, never for saying so on a page."""
    return Person.objects.filter(email=address.lower()).first()


def unconfirmed(before: datetime) -> QuerySet[Person]:
    """Who registered before this moment, never confirmed an address and never was in. Made by hand (no address row) is confirmed."""
    new = Person.objects.filter(joined_at__lt=before, last_login=None, is_service=False, is_caretaker=False, emailaddress__isnull=False)
    return new.exclude(emailaddress__verified=True).distinct()


def consents_of(person: Person) -> QuerySet[Consent]:
    """What a person agreed to, newest first, withdrawn ones too."""
    return Consent.objects.filter(person=person)


def agreed(person: Person, purpose: str = Purpose.ACCOUNT) -> bool:
    """Whether this person agreed to the present version and did not withdraw."""
    return consents_of(person).filter(purpose=purpose, version=rules.AGREEMENT, withdrawn_at=None).exists()


@dataclass(frozen=True)
class MailArea:
    """One area of notices, what people call it and whether it also comes as mail."""

    area: str
    label: str
    by_mail: bool


def mail_areas(person: Person) -> list[MailArea]:
    """Everything this person can choose mail for: what rooms announce, and whatever they were told before."""
    chosen = dict(MailChoice.objects.filter(person=person).values_list("area", "by_mail"))
    told = {rules.area_of(kind) for kind in notices_of(person).order_by().values_list("kind", flat=True).distinct()}
    areas = sorted((told | set(personal.ANNOUNCED) | set(chosen)) - {rules.ALWAYS_BY_MAIL})
    return [MailArea(area, label(area), chosen.get(area, True)) for area in areas]


def label(area: str) -> str:
    """What people call the notices of an area."""
    known = personal.AREAS.get(area)
    return str(personal.ANNOUNCED.get(area) or (known.label if known else area.capitalize()))


def confirmed_addresses(person: Person) -> list[str]:
    """The e-mail addresses this person has shown to be theirs, in lower case."""
    return [email.lower() for email in EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)]
