"""The door for programs: is the house well, what may be crawled, how is a flaw reported, how does the network look from afar."""

from datetime import datetime, timedelta
from math import ceil
from xml.sax.saxutils import escape

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.atlas import queries as atlas
from allmende.directory import minimap
from allmende.ground.refusals import BadInput, require
from allmende.home import queries

PER_PART = 10_000
MOST_PARTS = 50_000  # what the sitemap format allows; more is nobody's honest question
FIXED_PAGES = (
    "home:start", "atlas:map", "atlas:figures", "opendata:data", "opendata:interface", "atlas:embed_form", "home:exchange",
    "home:codetermination", "home:imprint", "home:privacy", "home:accessibility", "exchange:listings", "matching:how", "enquiries:figures",
    "projects:projects", "feedback:rounds", "circles:circles",
)  # fmt: skip
LASTS = timedelta(days=180)
HOUR = 3600
SIZES = {"": 720, "s": 480}  # pixels of the picture of the network


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` while the database answers, 503 otherwise: for load balancers and supervisors."""
    well = queries.database_answers()
    response = HttpResponse("ok" if well else "database", status=200 if well else 503, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be crawled but filtered lists, of which there are endlessly many; the dumps hold the same."""
    filtered = [
        f"Disallow: {prefix}{path}?"
        for prefix in ("", "/en")
        for path in ("/karte/", "/karte/rahmen/", "/zahlen/", "/boerse/", "/projekte/")
    ]
    lines = ["User-agent: *", *filtered, "Disallow: /verwaltung/", "", f"Sitemap: {_here(request, reverse('home-api:sitemap'))}", ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index: one file of fixed pages, and files of 10,000 entries each."""
    parts = range(ceil(queries.number_published() / PER_PART) + 1)
    locations = [_here(request, reverse("home-api:sitemap_part", args=[part])) for part in parts]
    return _xml("home/sitemap_index.xml", {"locations": locations})


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """Part 0 holds the fixed pages and what is open in the exchange, the others the entries in the order of their entry."""
    if part == 0:
        rows: list[tuple[str, str, datetime | None]] = [(_in("de", name), _in("en", name), None) for name in FIXED_PAGES]
        rows += [(path, f"/en{path}", changed) for path, changed in queries.in_the_exchange(PER_PART)]
    else:
        # One address is built, the others are filled in: ten thousand reversals would take a second.
        german, english = (_in(language, "directory:organisation", "SLUG") for language in ("de", "en"))
        found = queries.published(part, PER_PART) if part <= MOST_PARTS else []
        if not found:
            raise Http404
        rows = [(german.replace("SLUG", slug), english.replace("SLUG", slug), changed) for slug, changed in found]
    base = escape(_here(request, "/").rstrip("/"))
    return _xml("home/sitemap_part.xml", {"base": base, "rows": rows})


@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]})  # brings its own colours, nothing else
@require_safe
def network_map(request: HttpRequest) -> HttpResponse:
    """/netz.svg: where most of the network lies, drawn here; `size=s` for phones, `v` names the version so that it can be kept."""
    require(set(request.GET) <= {"v", "size"}, _("This address takes only v and size."), BadInput)
    require(request.GET.get("size", "") in SIZES, _("The size of the picture can only be s."), BadInput)
    width = SIZES[request.GET.get("size", "")]
    number = atlas.version()[0]
    picture = cache.get_or_set(f"home:netz:{number}:{width}", lambda: _picture(width), HOUR)
    response = HttpResponse(picture, content_type="image/svg+xml")
    kept = 30 * 24 * HOUR if request.GET.get("v") == str(number) else 300
    response.headers["Cache-Control"] = f"public, max-age={kept}"
    return response


def _picture(width: int) -> str:
    box = queries.heartland()
    points = queries.network(box, width) if box else []
    title = _("Where the entries of the map lie")
    corners = (box.west, box.south, box.east, box.north) if box else None
    return minimap.svg(points, width, width, title, corners, names=True)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a flaw (RFC 9116); only where the operator has named a contact."""
    contact = settings.CONTACT.strip()
    if not contact:
        raise Http404
    uri = contact if contact.startswith(("https://", "mailto:", "tel:")) else f"mailto:{contact}"
    lines = [
        f"Contact: {uri}",
        f"Expires: {(timezone.now() + LASTS).replace(microsecond=0).astimezone().isoformat()}",
        "Preferred-Languages: de, en",
        f"Canonical: {_here(request, reverse('home-api:security'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _here(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)


def _in(language: str, name: str, *args: str) -> str:
    with translation.override(language):
        return reverse(name, args=args)


def _xml(template: str, context: dict[str, object]) -> HttpResponse:
    return _kept(HttpResponse(render_to_string(template, context), content_type="application/xml; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response
