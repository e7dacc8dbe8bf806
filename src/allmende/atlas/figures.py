"""The landscape in figures: how many organisations of which kind, under the same filters as map and list.

All numbers come from the index in memory, whatever is asked; the tables of the directory give only the names.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.atlas import forms, queries
from allmende.atlas.charts import AGES, UNKNOWN, Bar, Figure, decades, measured, shortened, spread
from allmende.atlas.rules import Filters
from allmende.directory.models import Source, Term, Tree
from allmende.directory.rules import Freshness
from allmende.places.queries import country_name

MOST_BARS = 16
FIRST_DECADE = 1900
COLUMN_HEIGHT = 150
TREES = (Tree.SECTOR, Tree.LEGAL_FORM, Tree.COOPERATION)  # that have figures
MONTHS = ("3", "6", "12")


@dataclass
class Counts:
    """Everything counted, before it has names."""

    total: int
    ages: dict[int, int]
    tags: dict[str, Counter[str]]
    tagged: dict[str, int]
    founded: dict[int, int]
    licences: Counter[str]
    terms: dict[str, list[Term]]
    sources: dict[str, str]
    counted_at: datetime


def counted(filters: Filters) -> Counts:
    """As `count`, from memory where that is recent enough."""
    return queries.remembered("figures", filters, lambda: count(filters))


def count(filters: Filters) -> Counts:
    """All numbers of the page."""
    total, tags = queries.count(filters), defaultdict(Counter, queries.tag_counts(filters))
    terms: dict[str, list[Term]] = defaultdict(list)
    for term in Term.objects.all():
        terms[term.tree].append(term)
    marks = {tree: [term.key for term in terms[tree] if term.parent_id is None and tags[tree][term.key]] for tree in TREES}
    return Counts(
        total=total,
        ages=_ages(filters),
        tags=tags,
        tagged={kind: _with_any(filters, kind, keys, total) for kind, keys in (marks | {"source": list(tags["source"])}).items()},
        founded={int(decade): number for decade, number in tags["decade"].items()},
        licences=+(tags["licence"] + Counter({"": total - tags["licence"].total()})),
        terms=terms,
        sources=dict(Source.objects.values_list("key", "name")),
        counted_at=timezone.now(),
    )


def _ages(filters: Filters) -> dict[int, int]:
    """How many were confirmed how long ago. Each number of months holds the smaller ones; under a choice only what lies in it is left."""
    chosen = filters.fresh
    asked = MONTHS[: MONTHS.index(chosen) + 1] if chosen in MONTHS else (chosen,) if chosen else (*MONTHS, "older", "never")
    found = {choice: queries.count(filters.but(fresh=choice)) for choice in asked}
    three = found.get("3", 0)
    six = found.get("6", three)
    return {
        int(Freshness.THREE_MONTHS): three,
        int(Freshness.SIX_MONTHS): six - three,
        int(Freshness.TWELVE_MONTHS): found.get("12", six) - six,
        int(Freshness.OLDER): found.get("older", 0),
        int(Freshness.NEVER): found.get("never", 0),
    }


def _with_any(filters: Filters, kind: str, keys: list[str], total: int) -> int:
    """How many carry any of these; who asked for some of their kind got no others."""
    if getattr(filters, kind):
        return total
    return queries.count(filters.but(**{kind: tuple(keys)})) if keys else 0


# ------------------------------------------------------------------------------------------------------------ figures


def all_figures(counts: Counts, filters: Filters) -> list[Figure]:
    """The figures in the order of the page; those without a single number are left out."""
    made = [build(counts, filters) for build in (_sectors, _forms, _cooperation, _countries, _regions, _freshness)]
    made += [_founded(counts, counts.counted_at.year), _sources(counts, filters), _licences(counts, filters)]
    return [figure for figure in made if figure.bars]


def _tree(tree: str, counts: Counts, filters: Filters) -> list[Bar]:
    """The uppermost words of a tree, most used first, and how many entries carry none."""
    found = counts.tags[tree]
    bars = [
        Bar(term.key, term.name, found[term.key], forms.to_query(filters.but(**{tree: (term.key,)})))
        for term in counts.terms[tree]
        if found[term.key] and term.parent_id is None
    ]
    bars.sort(key=lambda bar: -bar.count)
    missing = counts.total - counts.tagged.get(tree, 0)
    return [*bars, Bar("", _("not stated"), missing, css=UNKNOWN)] if bars and missing else bars


def _sectors(counts: Counts, filters: Filters) -> Figure:
    sentence = _most(_("Most are in the sector %(name)s: %(n)s of %(total)s."))
    return _made("sector", _("Sector"), sentence, _tree(Tree.SECTOR, counts, filters), counts, note=_several())


def _forms(counts: Counts, filters: Filters) -> Figure:
    sentence = _most(_("The most frequent legal form is %(name)s: %(n)s of %(total)s."))
    return _made("legal_form", _("Legal form"), sentence, _tree(Tree.LEGAL_FORM, counts, filters), counts)


def _cooperation(counts: Counts, filters: Filters) -> Figure:
    sentence = _most(_("The most frequent form of cooperation is %(name)s: %(n)s of %(total)s."))
    return _made("cooperation", _("Form of cooperation"), sentence, _tree(Tree.COOPERATION, counts, filters), counts, note=_several())


def _countries(counts: Counts, filters: Filters) -> Figure:
    language = get_language() or "de"
    bars = [
        Bar(key, country_name(key, language), number, forms.to_query(filters.but(country=(key,))))
        for key, number in counts.tags["country"].most_common()
    ]
    sentence = _most(_("Most are in this country: %(name)s, %(n)s of %(total)s."))
    note = _("Whoever works in several countries is counted in each. Without a country: those that work online only.")
    return _made("country", _("Country"), sentence, bars, counts, note=note)


def _regions(counts: Counts, filters: Filters) -> Figure:
    """The states of one country: the one asked for, otherwise Germany, otherwise the one with most entries."""
    known = Counter({key.partition(":")[0]: number for key, number in counts.tags["region"].items()})
    asked = filters.country[0] if len(filters.country) == 1 else "DE"
    country = asked if known[asked] or not known else known.most_common(1)[0][0]
    found = [(key.partition(":")[2], number) for key, number in counts.tags["region"].most_common() if key.startswith(f"{country}:")]
    bars = [Bar(name, name, number) for name, number in found]
    title = _("State or region: %(country)s") % {"country": country_name(country, get_language() or "de")}
    return _made("region", title, _most(_("Most are in %(name)s: %(n)s.")), bars, counts)


def _founded(counts: Counts, year: int) -> Figure:
    found = decades(counts.founded, FIRST_DECADE, year // 10 * 10)
    bars = [
        Bar(
            str(decade),
            _decade(decade),
            number,
            css=UNKNOWN if decade < FIRST_DECADE else "fil",
            symbol=f"{decade}" if decade >= FIRST_DECADE else f"< {FIRST_DECADE}",
        )
        for decade, number in found
    ]
    known = sum(counts.founded.values())
    sentence = _most(_("Most were founded in this decade: %(name)s, %(n)s of %(known)s with a known year."), known=known)
    figure = _made(
        "founded",
        _("Founded in the decade"),
        sentence,
        bars,
        counts,
        most=0,
        note=_("The year is known of %(n)s entries.") % {"n": _n(known)},
    )
    return replace(figure, bars=spread(figure.bars, COLUMN_HEIGHT), is_columns=True)


def _decade(decade: int) -> str:
    if decade < FIRST_DECADE:
        return _("before %(year)d") % {"year": FIRST_DECADE}
    return _("%(first)d to %(last)d") % {"first": decade, "last": decade + 9}


def _freshness(counts: Counts, filters: Filters) -> Figure:
    names = {
        Freshness.THREE_MONTHS: (_("in the last 3 months"), "3"),
        Freshness.SIX_MONTHS: (_("3 to 6 months ago"), None),
        Freshness.TWELVE_MONTHS: (_("6 to 12 months ago"), None),
        Freshness.OLDER: (_("longer ago"), "older"),
        Freshness.NEVER: (_("never confirmed by the organisation"), "never"),
    }
    bars = [
        Bar(
            str(int(level)),
            name,
            counts.ages[level],
            forms.to_query(filters.but(fresh=key)) if key else None,
            css=AGES[level],
            symbol=f"fresh-{int(level)}",
        )
        for level, (name, key) in names.items()
    ]
    confirmed = sum(counts.ages[level] for level in (Freshness.THREE_MONTHS, Freshness.SIX_MONTHS, Freshness.TWELVE_MONTHS))
    sentence = _("%(n)s of %(total)s entries were confirmed within a year by the organisation itself.") % {
        "n": _n(confirmed),
        "total": _n(counts.total),
    }
    return _made("freshness", _("Last confirmed"), lambda *_: sentence, bars if counts.total else [], counts)


def _sources(counts: Counts, filters: Filters) -> Figure:
    bars = [
        Bar(key, counts.sources.get(key, key), number, forms.to_query(filters.but(source=(key,))))
        for key, number in counts.tags["source"].most_common()
    ]
    missing = counts.total - counts.tagged.get("source", 0)
    bars += [Bar("", _("entered here"), missing)] if missing else []
    sentence = _most(_("Most come from %(name)s: %(n)s of %(total)s."))
    return _made("source", _("Source"), sentence, bars if counts.total else [], counts, note=_("An entry may rest on several sources."))


def _licences(counts: Counts, filters: Filters) -> Figure:
    bars = [
        Bar(
            key, key or _("not stated"), number, forms.to_query(filters.but(licence=(key,))) if key else None, css="fil" if key else UNKNOWN
        )
        for key, number in counts.licences.most_common()
    ]
    return _made("licence", _("Licence"), _most(_("Most are under %(name)s: %(n)s of %(total)s.")), bars, counts)


# --------------------------------------------------------------------------------------------------------------- words

Sentence = Callable[[list[Bar], int], str]


def _several() -> str:
    return _("An entry may carry several, so that the sum is larger than the number of entries.")


def _n(number: int) -> str:
    """A number as people of this language write it: 12.345 or 12,345."""
    return number_format(number, decimal_pos=0, force_grouping=True, use_l10n=True)


def _most(words: str, known: int = 0) -> Sentence:
    """A sentence about the longest bar that is not the one for the unknown."""

    def say(bars: list[Bar], total: int) -> str:
        best = max((bar for bar in bars if bar.css != UNKNOWN), key=lambda bar: bar.count, default=None)
        return words % {"name": best.label, "n": _n(best.count), "total": _n(total), "known": _n(known)} if best else ""

    return say


def _made(name: str, title: str, sentence: Sentence, bars: list[Bar], counts: Counts, *, note: str = "", most: int = MOST_BARS) -> Figure:
    """A figure with its bars measured; more than `most` are drawn as one, the table holds them all."""
    drawn = shortened(bars, most, _("%d more")) if most else bars
    return Figure(name, title, sentence(bars, counts.total), measured(drawn, counts.total), measured(bars, counts.total), note)


# --------------------------------------------------------------------------------------------------------------- doors


def _map(filters: Filters) -> str:
    """The map with the same filters."""
    query = forms.to_query(filters)
    return reverse("atlas:map") + (f"?{query}" if query else "")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """/zahlen/: sentence first, then the chart, then the table."""
    filters = forms.parse(request.GET)
    counts = counted(filters)
    confirmed = sum(counts.ages[level] for level in (Freshness.THREE_MONTHS, Freshness.SIX_MONTHS, Freshness.TWELVE_MONTHS))
    context = {
        "area": "map",
        "page": "figures",
        "total": counts.total,
        "countries": len(counts.tags["country"]),
        "confirmed": confirmed,
        "counted_at": counts.counted_at,
        "figures": all_figures(counts, filters),
        "chips": forms.describe(filters),
        "query": forms.to_query(filters),
        "map": _map(filters),
        "fresh_map": _map(filters.but(fresh="12")),
    }
    return render(request, "atlas/figures.html", context)


@require_safe
def figure_csv(request: HttpRequest, name: str) -> HttpResponse:
    """/zahlen/<name>.csv: the table of one figure."""
    filters = forms.parse(request.GET)
    figure = next((one for one in all_figures(counted(filters), filters) if one.name == name), None)
    if figure is None and name not in NAMES:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(("key", "name", "organisations", "percent"))
    writer.writerows((bar.key, bar.label, bar.count, bar.share) for bar in (figure.rows if figure else []))
    return response


NAMES = frozenset({"sector", "legal_form", "cooperation", "country", "region", "founded", "freshness", "source", "licence"})
