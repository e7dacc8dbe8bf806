"""The newest offers and needs for feed readers: what guests see, with the filters of the list."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from allmende.exchange import forms, queries
from allmende.ground.text import shorten
from allmende.people.queries import GUEST
from allmende.web.markdown import plain

LENGTH = 50


@require_safe
@cache_control(public=True, max_age=300)
def feed(request: HttpRequest) -> HttpResponse:
    """/boerse/feed.atom (RFC 4287); identifiers are the listings' UUIDs and never change."""
    filters = queries.read(request.GET).but(sort="", past=False)
    query = filters.to_query()
    title = " · ".join([settings.SITE_NAME, _("Offers and needs"), *(label for label, _rest in forms.chips(filters))])
    atom = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(reverse("exchange:listings") + ("?" + query if query else "")),
        feed_url=request.build_absolute_uri(),
        description=_("What is offered and needed"),
        author_name=settings.OPERATOR or settings.SITE_NAME,  # RFC 4287 wants one
        language=get_language(),
    )
    for one in queries.shown(queries.listings(GUEST, filters))[:LENGTH]:
        atom.add_item(
            title=f"{one.get_direction_display()}: {one.title}",
            link=request.build_absolute_uri(one.get_absolute_url()),
            description=shorten(plain(one.text), 500) or one.title,
            unique_id=f"urn:uuid:{one.uuid}",
            author_name=one.organisation.name,
            pubdate=one.opened_at,
            updateddate=one.changed_at,
            categories=[one.category.name, *one.tags],
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
