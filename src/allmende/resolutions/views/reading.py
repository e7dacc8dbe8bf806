"""The register and the page of a resolution."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.ballots.models import Visibility as BallotVisibility
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.electorates.access import takes_part
from allmende.resolutions import access, export, forms, queries, rules, wording
from allmende.resolutions.models import Body, MeasureState, Resolution, State
from allmende.resolutions.queries import Wanted

PER_PAGE = 30
MOST_PRINTED = 2_000
AREA = {"area": "codetermination", "tab": "deciding"}


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    year = asked.get("jahr", "")
    return Wanted(
        search=asked.get("q", "")[:100],
        standing=asked.get("stand", "") if asked.get("stand") in (*rules.SHOWN, rules.REVIEW) else "",
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        body=asked.get("organ", "") if asked.get("organ") in Body.values else "",
        order="due" if asked.get("folge") == "frist" else "",
    )


def shown(row: Resolution) -> dict[str, Any]:
    """A line as the register shows it."""
    standing = getattr(row, "standing", row.state)
    return {
        "one": row,
        "body": wording.body_of(row),
        "votes": wording.votes_shown(row),
        "standing": wording.standing_label(standing),
        "mark": wording.standing_class(standing),
    }


@require_safe
def resolutions(request: HttpRequest, slug: str) -> HttpResponse:
    """/beschluesse/: the whole register, for guests what is public."""
    cooperative = cooperative_at(request.user, slug)
    wanted, counts = _wanted(request), queries.counts(request.user, cooperative)
    prints = request.GET.get("druck") == "1"
    found = queries.chosen(request.user, cooperative, wanted)
    pages = Paginator(found, MOST_PRINTED if prints else PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cooperative": cooperative,
        "wanted": wanted,
        "pages": pages,
        "rows": [shown(row) for row in pages],
        "total": counts.total(),
        "bars": _bars(counts),
        "stands": _stands(counts, wanted.standing),
        "years": queries.years(request.user, cooperative),
        "bodies": queries.bodies(request.user, cooperative),
        "prints": prints,
        "asked": _asked(request),
        "takes_part": takes_part(request.user, cooperative),
        "may_write": access.may_write(request.user, cooperative),
        "drafts": list(queries.drafts(request.user, cooperative)),
    }
    return render(request, "resolutions/resolutions.html", AREA | context)


def _stands(counts: Any, asked: str) -> list[tuple[str, str]]:
    """What can be chosen: each standing there is, and what is to be looked at again when somebody came for that."""
    found = [(one, wording.standing_label(one)) for one in rules.SHOWN if counts[one]]
    return [*found, (rules.REVIEW, _("to be looked at again"))] if asked == rules.REVIEW else found


def _asked(request: HttpRequest) -> str:
    """What is looked for, as the end of an address."""
    asked = request.GET.copy()
    for name in ("page", "druck"):
        asked.pop(name, None)
    return f"?{asked.urlencode()}" if asked else ""


def _bars(counts: Any) -> list[dict[str, Any]]:
    made = rules.parts(dict(counts))
    return [
        {"label": wording.standing_label(what), "number": number, "x": str(x), "width": str(width), "look": wording.BARS[what]}
        for what, number, x, width in made
    ]


@require_safe
def table(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """/beschluesse/tabelle.csv: what is chosen on the page, as a file."""
    cooperative = cooperative_at(request.user, slug)
    rows = queries.chosen(request.user, cooperative, _wanted(request))
    answer = StreamingHttpResponse(export.csv_parts(rows.iterator(chunk_size=500)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{_('resolutions')}-{slug}-{localdate():%Y-%m-%d}.csv") or ""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def resolution(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """/beschluesse/2026/7/: wording, votes, what follows, measures, reports, history."""
    cooperative = cooperative_at(request.user, slug)
    return page(request, cooperative, queries.resolution_at(request.user, cooperative, year, serial))


def page(request: HttpRequest, cooperative: Cooperative, one: Resolution, **shown_forms: Any) -> HttpResponse:
    """The page of a resolution, with a form that showed an error as it was typed."""
    measures, viewer = queries.measures_of(one), request.user
    standing = queries.standing_of(one, measures)
    may_add = access.may_add_measure(viewer, one) and one.state == State.IN_WORK
    may_report, may_write = access.may_report(viewer, one), access.may_write(viewer, cooperative)
    inside = takes_part(viewer, cooperative)
    shows_ballot = one.ballot is not None and (inside or one.ballot.visibility == BallotVisibility.PUBLIC)
    today = localdate()
    context = {
        "cooperative": cooperative,
        "one": one,
        "body": wording.body_of(one),
        "votes": wording.votes_shown(one),
        "rule": wording.rule_shown(one),
        "is_as_written": wording.is_as_written(one),
        "standing": standing,
        "standing_label": wording.standing_label(standing),
        "mark": wording.standing_class(standing),
        "takes_part": inside,
        "ballot": one.ballot if shows_ballot else None,
        "measures": [
            {
                "one": measure,
                "is_late": measure.state == MeasureState.OPEN and measure.due_on is not None and measure.due_on < today,
                "may_settle": one.state == State.IN_WORK and access.may_settle(viewer, measure),
                "may_move": one.state == State.IN_WORK and measure.state == MeasureState.OPEN and may_add,
            }
            for measure in measures
        ],
        "reports": queries.reports_of(one),
        "history": queries.history_of(one) if inside else [],
        "replaces": list(queries.register(viewer, cooperative).filter(replaced_by=one)),
        "replaced_by": queries.register(viewer, cooperative).filter(pk=one.replaced_by_id or 0).first(),
        "may_write": may_write,
        "may_finish": may_add,
        "may_revoke": may_write and one.state in {State.IN_WORK, State.DONE},
        "measure_form": shown_forms.get("measure_form") or (forms.NewMeasure(cooperative, prefix="m") if may_add else None),
        "report_form": shown_forms.get("report_form") or (forms.Reporting(one, prefix="b") if may_report else None),
        "finish_form": shown_forms.get("finish_form") or (forms.Words(prefix="f") if may_add else None),
        "has_open": any(measure.state == MeasureState.OPEN for measure in measures),
    }
    bad = any(form.errors for form in shown_forms.values())
    return render(request, "resolutions/resolution.html", AREA | context, status=400 if bad else 200)
