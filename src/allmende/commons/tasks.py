"""Telling many people takes longer than a page may; both tasks can run twice and tell everybody once."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from allmende.commons import letters, queries
from allmende.commons.models import DataRequest
from allmende.directory.models import DataRules, Stewardship
from allmende.people.models import Notice, Person


@task()
def tell_of_rules(pk: int) -> int:
    """Everybody who may vote hears of an open vote; returns how many were told now."""
    proposed = DataRules.objects.get(pk=pk)
    with translation.override("de"):
        path = reverse("commons:version", args=[proposed.version])
    told = 0
    for person in Person.objects.filter(pk__in=list(queries.recipients_of_rules(proposed))):
        with transaction.atomic():
            if not _knows(person, "commons.rules_opened", path):
                letters.tell_of_rules(person, proposed)
                told += 1
    return told


@task()
def tell_of_request(pk: int) -> int:
    """Network management and everybody who answers for a published entry hear of a request for data."""
    asked = DataRequest.objects.get(pk=pk)
    with translation.override("de"):
        path = reverse("commons:request", args=[asked.uuid])
    owners = Stewardship.objects.filter(until=None, role="owner", organisation__state="published").values("person")
    told = 0
    for person in Person.objects.filter(Q(is_caretaker=True) | Q(pk__in=owners), is_active=True, is_service=False).order_by("pk"):
        with transaction.atomic():
            if not _knows(person, "commons.request_opened", path):
                letters.tell_of_request(person, asked)
                told += 1
    return told


def _knows(person: Person, kind: str, path: str) -> bool:
    """Whether this person has been told, in whatever language."""
    return Notice.objects.filter(person=person, kind=kind, path__endswith=path).exists()
