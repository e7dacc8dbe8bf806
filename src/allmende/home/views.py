"""The door for people: the start page, the entries of the areas, and the pages every house owes its visitors."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.home import queries

FEW_SECTORS = 4  # as examples below the search


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """/: what this is, in numbers that each lead to what they count."""
    landscape = queries.landscape()
    context = {"area": "", "landscape": landscape, "examples": landscape.sectors[:FEW_SECTORS]}
    return render(request, "home/start.html", context)


@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """/austausch/: the entry of the area; what is there is shown by the rooms themselves."""
    return render(request, "home/exchange.html", {"area": "exchange"})


@require_safe
def codetermination(request: HttpRequest) -> HttpResponse:
    """/mitbestimmung/: what is planned and who decides today."""
    return render(request, "home/codetermination.html", {"area": "codetermination"})


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """/impressum/: who runs this house; says so plainly when nobody has filled it in."""
    return render(request, "home/imprint.html", {"area": ""})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """/datenschutz/: what this software does with data, sentence by sentence."""
    foreign_map = bool(settings.MAP_STYLE or settings.TILE_URL)
    foreign_sign_in = (settings.ENV.oidc_name or settings.ENV.oidc_issuer) if settings.ENV.oidc_is_on else ""
    context = {"area": "", "foreign_map": foreign_map, "foreign_sign_in": foreign_sign_in, "has_replicas": bool(settings.REPLICAS)}
    return render(request, "home/privacy.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """/barrierefreiheit/: the standard, what was checked, what was not, and how to report."""
    return render(request, "home/accessibility.html", {"area": ""})
