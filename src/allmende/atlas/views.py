"""The map and its list, the embedded map, the feed. Everything works as a plain page; JavaScript only shortens the way."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from time import time
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from allmende import __version__
from allmende.atlas import forms, queries, tiles
from allmende.atlas.models import Entry
from allmende.atlas.rules import REACH, SYMBOLS, Filters, page_window
from allmende.directory.models import Term, Tree
from allmende.ground.refusals import BadInput, require
from allmende.places import queries as places
from allmende.web import jinja
from allmende.web.answers import tag
from allmende.web.middleware import is_known

PER_PAGE = 25
LAST_PAGE = REACH // PER_PAGE
FEED_LENGTH = 50
PAGE_PARAMETERS = ("page", "view", "map", "select")
EMBED_PARAMETERS = ("show", "height", "map", "page", "view", "select")
DUMPS = {kind: f"/daten/organisationen.{kind}" for kind in ("csv", "geojson")}  # doors one floor up: addresses, not names
EMBED_SHOWS = ("both", "map", "list")
HEIGHTS = (400, 560, 720)
RADII = (5.0, 10.0, 25.0, 50.0, 100.0)


@dataclass(frozen=True)
class Choice:
    """One select of the filter form with its options."""

    name: str
    label: str
    anything: str
    options: list[queries.Facet]
    chosen: tuple[str, ...]


def page_number(params: QueryDict) -> int:
    """The page asked for, from 1."""
    text = params.get("page", "1") or "1"
    good = text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= LAST_PAGE
    require(good, _("page must be a number from 1 to %(n)d. Please use filters to see less.") % {"n": LAST_PAGE}, BadInput)
    return int(text)


def page_tag(request: HttpRequest) -> str | None:
    """What a guest's page goes by: address, index, language, day; and for ten minutes only, as long as counts are kept (`remembered`).

    None for those the house knows: their pages are never answered by "not modified".
    """
    if is_known(request):
        return None
    number, moment = queries.version()
    return tag(repr((__version__, request.get_full_path(), number, moment, get_language(), int(time() // queries.COUNTS_KEPT))).encode())


@require_safe
@condition(etag_func=page_tag)
@cache_control(no_cache=True)
def explorer(request: HttpRequest) -> HttpResponse:
    """List and map side by side; on phones one or the other."""
    filters = forms.parse(request.GET, also=PAGE_PARAMETERS)
    context = listing(request, filters) | {
        "area": "map",
        "page": "map",
        "selects": selects(filters),
        "sorts": _sorts(filters),
        "kept": _kept(filters),
        "radii": _radii(filters),
        "view": "karte" if request.GET.get("view") == "map" else "liste",
        "dumps": DUMPS,
    }
    return render(request, "atlas/map.html", context)


def listing(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """What the list and the map element need, on the page and in the frame alike."""
    found = queries.search(filters, page=page_number(request.GET), per_page=PER_PAGE)
    names = queries.remembered("names", Filters(), _names)
    _complete(found.entries, names)
    leads_to = reverse("directory:organisation", kwargs={"slug": "SLUG"})
    return {
        "filters": filters,
        "found": found,
        "window": page_window(found.page, found.pages),
        "chips": forms.describe(filters),
        "query": forms.to_query(filters),
        "figures_query": forms.to_query(_without_box(filters)),
        "selected": request.GET.get("select", "")[:100],
        "select_by": _select_by(request.GET),
        "page_of": leads_to.split("SLUG"),
        "so_many_pages": ngettext("There is only one page.", "There are only %(n)s pages.", found.pages) % {"n": found.pages},
        "map": _map(filters, found) | {"entry": leads_to},
        "legend": [(SYMBOLS[key], name) for (tree, key), name in names.items() if tree == Tree.SECTOR and key in SYMBOLS],
    }


def _names() -> dict[tuple[str, str], str]:
    """What sectors and legal forms are called, by tree and key."""
    return {(term.tree, term.key): term.name for term in Term.objects.filter(tree__in=(Tree.SECTOR, Tree.LEGAL_FORM))}


def _complete(entries: list[Entry], names: dict[tuple[str, str], str]) -> None:
    """Words for keys, and where the pins are."""
    points = queries.points_of(entries, most=5)
    for entry in entries:
        entry.sector_name = names.get((Tree.SECTOR, entry.sector), "")
        entry.legal_form_name = names.get((Tree.LEGAL_FORM, entry.legal_form), "")
        entry.points_json = json.dumps(points.get(entry.pk, []))


def _select_by(params: QueryDict) -> str:
    """The address of this page with one entry shown on the map, up to where its slug is to stand."""
    left = params.copy()
    for name in ("select", "view"):
        left.pop(name, None)
    return f"?{left.urlencode()}{'&' if left else ''}select="


def _without_box(filters: Filters) -> Filters:
    return filters.but(bbox=None, sort="")


def _map(filters: Filters, found: queries.Found) -> dict[str, Any]:
    """The map element's settings. What it draws is not cut to a box, so with one nobody knows yet how much that is."""
    drawn = _without_box(filters.but(q=found.corrected or filters.q))
    box = queries.extent(drawn) if found.total and not filters.is_empty else None
    return {
        "query": forms.to_query(drawn),
        "total": "" if filters.bbox else found.total,
        "little": tiles.LITTLE,
        "version": tiles.version(),
        "tiles": places.tile_template(),
        "style": settings.MAP_STYLE,
        "tile_url": settings.TILE_URL,
        "tile_credit": settings.TILE_CREDIT,
        "extent": f"{box.west:.5f},{box.south:.5f},{box.east:.5f},{box.north:.5f}" if box else "",
        "sectors": json.dumps(SYMBOLS),
    }


def selects(filters: Filters) -> SafeString:
    """The selects of the filter form; with some hundred options they are kept as they are counted."""
    filters = _without_box(filters)

    def made() -> SafeString:
        fresh = [(key, label, key == filters.fresh) for key, label in forms.FRESH.items()]
        return jinja.render("atlas/selects.jinja.html", {"choices": choices(filters), "fresh_choices": fresh})

    return queries.remembered("selects", filters, made)


def choices(filters: Filters) -> list[Choice]:
    """The selects of the filter form; each option says how many entries it would leave."""
    facets = queries.facets(filters)
    wanted = (
        ("sector", _("All sectors")),
        ("legal_form", _("All legal forms")),
        ("cooperation", _("All forms")),
        ("sdg", _("All 17 goals")),
        ("country", _("All countries")),
        ("source", _("All sources")),
        ("licence", _("All licences")),
    )
    return [Choice(name, str(forms.LABELS[name]), anything, facets[name], getattr(filters, name)) for name, anything in wanted]


def _radii(filters: Filters) -> list[tuple[str, bool]]:
    """Radii to choose from, in kilometres as the address writes them; one that came with the address stays."""
    return [(f"{km:g}", km == filters.radius) for km in sorted({*RADII, filters.radius})]


def _sorts(filters: Filters) -> list[tuple[str, str, bool]]:
    sorts = [("", _("best first")), ("name", _("by name")), ("new", _("newest changes first"))]
    sorts += [("near", _("nearest first"))] if filters.near else []
    return [(key, label, key == filters.sort) for key, label in sorts]


def _kept(filters: Filters) -> list[tuple[str, str]]:
    """Filters that have no field of their own in the form but must survive it."""
    kept = [(name, ",".join(getattr(filters, name))) for name in ("network", "activity") if getattr(filters, name)]
    kept += [("online", "1")] if filters.online else []
    return kept + ([("share_alike", "0")] if not filters.share_alike else [])


@require_safe
def embed_form(request: HttpRequest) -> HttpResponse:
    """A map of one's own: choose, look, copy the code."""
    filters = forms.parse(request.GET, also=EMBED_PARAMETERS)
    show, height = _frame(request.GET)
    query = forms.to_query(filters, show=show if show != "both" else "")
    address = request.build_absolute_uri(reverse("atlas:embed")) + ("?" + query if query else "")
    plain = forms.to_query(filters)
    context = {
        "area": "map",
        "page": "embed",
        "filters": filters,
        "selects": selects(filters),
        "radii": _radii(filters),
        "kept": _kept(filters),
        "shows": [(key, label, key == show) for key, label in zip(EMBED_SHOWS, (_("Map and list"), _("Map"), _("List")), strict=True)],
        "heights": [(pixels, pixels == height) for pixels in HEIGHTS],
        "height": height,
        "address": address,
        "total": queries.search(filters, per_page=1).total,
        "feed": request.build_absolute_uri(reverse("atlas:feed")) + ("?" + plain if plain else ""),
        "geojson": request.build_absolute_uri(DUMPS["geojson"]) + ("?" + plain if plain else ""),
        "site": request.build_absolute_uri(reverse("atlas:map")) + ("?" + plain if plain else ""),
    }
    return render(request, "atlas/embed_form.html", context)


def _frame(params: QueryDict) -> tuple[str, int]:
    show, height = params.get("show", "both") or "both", params.get("height", "") or str(HEIGHTS[1])
    require(show in EMBED_SHOWS, _("show must be both, map or list."), BadInput)
    require(height in {str(pixels) for pixels in HEIGHTS}, _("height must be 400, 560 or 720."), BadInput)
    return show, int(height)


def _embeddable(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """May stand in a frame of other sites; also where the answer is only "not modified"."""

    @wraps(view)
    def handle(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.embeddable = True  # type: ignore[attr-defined]  # read by web.middleware.headers
        return response

    return handle


@require_safe
@csp_replace({"frame-ancestors": settings.EMBED_HOSTS})
@_embeddable
@condition(etag_func=page_tag)
@cache_control(no_cache=True)
def embed(request: HttpRequest) -> HttpResponse:
    """The map in a frame of another site: no cookie, no menu, a link back."""
    filters = forms.parse(request.GET, also=EMBED_PARAMETERS)
    show, _height = _frame(request.GET)
    context = listing(request, filters) | {
        "show": show,
        "only_list": show == "list",
        "view": "liste" if show == "list" or request.GET.get("view") == "list" else "karte",
    }
    return render(request, "atlas/embed.html", context)


def _feed_tag(request: HttpRequest) -> str:
    """Index, language and day: what counts as fresh changes by the day."""
    number, _moment = queries.version()
    return f'W/"{number}-{get_language()}-{localdate():%j}"'


@require_safe
@condition(etag_func=_feed_tag, last_modified_func=lambda request: queries.version()[1])
def feed(request: HttpRequest) -> HttpResponse:
    """Atom (RFC 4287): the newest changes among what matches; identifiers are the entries' UUIDs and never change."""
    filters = forms.parse(request.GET).but(sort="new")
    found = queries.search(filters, per_page=FEED_LENGTH)
    query = forms.to_query(filters.but(sort=""))
    title = settings.SITE_NAME + "".join(f" · {value}" for _label, value, _rest in forms.describe(filters))
    atom = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(reverse("atlas:map") + ("?" + query if query else "")),
        feed_url=request.build_absolute_uri(),
        description=_("New and changed entries of the map"),
        author_name=settings.OPERATOR or settings.SITE_NAME,  # RFC 4287 wants one
        language=get_language(),
    )
    for entry in found.entries:
        atom.add_item(
            title=entry.name,
            link=request.build_absolute_uri(reverse("directory:organisation", kwargs={"slug": entry.slug})),
            description=entry.shown_summary or entry.town,
            unique_id=f"urn:uuid:{entry.uuid}",
            updateddate=entry.changed_at,
            pubdate=entry.changed_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
