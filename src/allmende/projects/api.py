"""The door for programs: one public project as JSON."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from allmende.projects import access, export


@require_safe
@cache_control(public=True, max_age=300)
def project_json(request: HttpRequest, pk: int) -> JsonResponse:
    """/projekte/7.json: as everybody sees it, whoever asks."""
    found = access.projects_visible_to(AnonymousUser()).filter(is_draft=False, hidden_at=None).select_related("organisation")
    response = JsonResponse(export.project(get_object_or_404(found, pk=pk)), json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
