"""The component page: every part of the design language in use, as a living example."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """/bausteine/: for those who build; not for search engines."""
    return render(request, "web/components.html")
