"""What changes about persons: telling them something, their consents, their account."""

from django.db import transaction
from django.utils import timezone

from allmende.ground import trail
from allmende.ground.text import clean, shorten
from allmende.people import rules
from allmende.people.models import Consent, MailChoice, Notice, Person

SUBJECT_LIMIT = 200


@transaction.atomic
def tell(person: Person, *, kind: str, subject: str, text: str, path: str = "", mail: bool = True) -> Notice:
    """Put a line into "Mitteilungen" and, unless the person chose otherwise for this area, send it as mail.

    `kind` is `room.what_happened`; `path` is an address of this house without host. Texts are already in the person's language.
    """
    from allmende.ground import outbox

    if path and not rules.is_own_path(path):
        raise ValueError(f"The path {path!r} leaves the house.")
    one_line = shorten(" ".join(clean(subject).split()), SUBJECT_LIMIT)
    notice = Notice.objects.create(person=person, kind=kind, subject=one_line, text=clean(text), path=path, created_at=timezone.now())
    area = rules.area_of(kind)
    chosen = MailChoice.objects.filter(person=person, area=area).values_list("by_mail", flat=True).first()
    if not person.is_service and person.is_active and rules.goes_by_mail(area, chosen, mail):
        body = f"{notice.text}\n\n{outbox.link(path)}" if path else notice.text
        outbox.post(to=person.email, subject=one_line, text=body, language=person.language, kind=kind, about=notice, person=person)
    return notice


@transaction.atomic
def welcome(person: Person, *, name: str, language: str) -> None:
    """Note how a new person wants to be called and in which language they signed up."""
    person.name, person.language = rules.clean_name(name), language
    person.save(update_fields=["name", "language"])
    trail.record("people.signed_up", by=person, about=person)


@transaction.atomic
def give_consent(person: Person, purpose: str, *, by: Person, version: str = rules.AGREEMENT) -> Consent:
    """Note that a person agreed to this version of a text; agreeing twice is agreeing once."""
    consent, is_new = Consent.objects.get_or_create(person=person, purpose=purpose, version=version, withdrawn_at=None)
    if is_new:
        trail.record("people.consent_given", by=by, about=person, purpose=purpose, version=version)
    return consent
