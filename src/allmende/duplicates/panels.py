"""What this room shows further down: possible duplicates beside an entry and beside an import, and what waits for a person."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.directory.models import Organisation, RevisionSet
from allmende.duplicates import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("directory.organisation.side", order=5)
def possible_duplicates(request: HttpRequest, thing: Organisation) -> str:
    """For those who look after the entry: which other entries may be the same."""
    if not isinstance(request.user, Person) or not access.in_care_of(request.user).filter(pk=thing.pk).exists():
        return ""
    found = queries.pairs_of(request.user, thing)
    return render_to_string("duplicates/parts/beside_entry.html", {"found": found}, request) if found else ""


@panel("directory.import", order=20)
def pairs_of_import(request: HttpRequest, thing: RevisionSet) -> str:
    """On the page of an import: how many possible duplicates it brought."""
    count = queries.found_in(request.user, thing)
    return render_to_string("duplicates/parts/beside_import.html", {"count": count, "set": thing}, request) if count else ""


@panel("people.waiting", order=40)
def waiting(request: HttpRequest, thing: Person) -> str:
    """In "Mein Bereich": pairs that wait for this person's answer or decision."""
    count = queries.pairs_waiting(request.user).count()
    context = {"count": count, "oldest_at": queries.oldest_at(request.user) if count else None}
    return render_to_string("duplicates/parts/waiting.html", context, request) if count else ""
