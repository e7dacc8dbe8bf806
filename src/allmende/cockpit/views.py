"""The door for people: all cooperatives of the house, and each at one glance. The rooms below fill the page by panels."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from allmende.cockpit import queries
from allmende.constitution.queries import cooperative_at
from allmende.ground.text import clean

AT_ONCE = 30


@require_safe
def cooperatives(request: HttpRequest) -> HttpResponse:
    """/genossenschaften/: where one can become a co-owner."""
    q = clean(request.GET.get("q", ""))[:100]
    pages = Paginator(queries.cooperatives(request.user, q), AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "cockpit/cooperatives.html", {"area": "codetermination", "page": "cooperatives", "pages": pages, "q": q})


@require_safe
def cooperative(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/: members, capital and work as this viewer may see them, and what waits."""
    found = cooperative_at(request.user, slug)
    today = localdate()
    context = {"area": "codetermination", "cooperative": found, "today": today, "glance": queries.glance(request.user, found, today)}
    return render(request, "cockpit/cooperative.html", context)
