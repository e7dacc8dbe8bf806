"""What the data cooperative shows on pages further down."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.commons import access, queries
from allmende.commons.models import RequestState
from allmende.directory.models import DataRules, RulesState
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("people.waiting", order=60)
def waiting(request: HttpRequest, person: Person) -> str:
    """An open vote one has not cast, requests one has not answered."""
    proposed = DataRules.objects.filter(state=RulesState.OPEN).first()
    votes = [one for one, cast in queries.my_votes(person, proposed) if not cast] if proposed else []
    mine = list(access.answers_for(person).values_list("pk", flat=True))
    asked = queries.requests(person).filter(state=RequestState.OPEN).exclude(answers__organisation__in=mine)[:10] if mine else []
    if not votes and not asked:
        return ""
    return render_to_string("commons/parts/waiting.html", {"proposed": proposed, "votes": votes, "asked": asked}, request)
