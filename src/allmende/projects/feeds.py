"""The public projects for feed readers."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from allmende.projects import queries

LENGTH = 50


@require_safe
@cache_control(public=True, max_age=300)
def feed(request: HttpRequest) -> HttpResponse:
    """/projekte/feed.atom (RFC 4287): what guests see, the latest changes first; identifiers are the UUIDs and never change."""
    atom = Atom1Feed(
        title=f"{settings.SITE_NAME} · {_('Projects')}",
        link=request.build_absolute_uri(reverse("projects:projects")),
        feed_url=request.build_absolute_uri(),
        description=_("Projects of cooperatives: new ones and how far they are"),
        author_name=settings.OPERATOR or settings.SITE_NAME,  # RFC 4287 wants one
        language=get_language(),
    )
    for one in queries.newest_changes(AnonymousUser(), LENGTH):
        atom.add_item(
            title=one.title,
            link=request.build_absolute_uri(one.get_absolute_url()),
            description=one.summary,
            unique_id=f"urn:uuid:{one.uuid}",
            author_name=one.organisation.name,
            pubdate=one.published_at,
            updateddate=one.changed_at,
            categories=[one.get_stage_display()],
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
