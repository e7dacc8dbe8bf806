"""Who may answer, confirm, end and look. The link of a letter stands for a sign-in, as long as it is still theirs."""

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from allmende.directory import access as entries
from allmende.directory.models import Organisation, State
from allmende.freshness.models import Gone, LinkCheck, Question, Whom
from allmende.people.queries import Viewer


def fingerprint(address: str) -> str:
    """An e-mail address as a keyed hash: enough to know it again, too little to write to."""
    return salted_hmac("allmende.freshness.address", address.strip().lower(), algorithm="sha256").hexdigest()


def may_answer(question: Question) -> bool:
    """Whether the link still belongs to whom it was sent: the same address, and still somebody who looks after the entry."""
    if question.whom == Whom.ORGANISATION:
        address = question.organisation.email
    elif question.person and question.person.is_active and entries.role_of(question.person, question.organisation) in entries.KEEPERS:
        address = question.person.email
    else:
        return False
    return bool(address) and constant_time_compare(question.address, fingerprint(address))


def may_confirm(viewer: Viewer, organisation: Organisation) -> bool:
    """Those who look after a published entry, and its caretakers."""
    return organisation.state == State.PUBLISHED and entries.may_edit(viewer, organisation)


def may_end(viewer: Viewer, organisation: Organisation) -> bool:
    """Who answers for the entry may say that the organisation is no more and take it off the map; its caretakers may, too."""
    return organisation.state == State.PUBLISHED and entries.may_own(viewer, organisation)


def may_look(viewer: Viewer, organisation: Organisation) -> bool:
    """Caretakers ask again, settle what waits and leave entries as they are."""
    return entries.may_caretake_entry(viewer, organisation)


def questions_visible_to(viewer: Viewer) -> QuerySet[Question]:
    """Questions about entries this person takes care of for the network."""
    return Question.objects.filter(organisation__in=entries.caretaken_by(viewer))


def farewells_visible_to(viewer: Viewer) -> QuerySet[Gone]:
    """What was said about the end of entries this person takes care of for the network."""
    return Gone.objects.filter(organisation__in=entries.caretaken_by(viewer))


def link_checks_visible_to(viewer: Viewer) -> QuerySet[LinkCheck]:
    """Looks at the websites of entries this person takes care of for the network."""
    return LinkCheck.objects.filter(organisation__in=entries.caretaken_by(viewer))
