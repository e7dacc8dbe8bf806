"""What the annual accounts and the tax adviser need: balances of a day, the capital of every member, files of a period."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by, statute_on
from allmende.constitution.rules import fiscal_year_end, fiscal_year_start
from allmende.ground.money import plain as plain_euros
from allmende.ground.refusals import BadInput, require
from allmende.ground.sheets import csv_parts
from allmende.money import export as files
from allmende.money import queries, statements
from allmende.money.export import Period
from allmende.money.forms import DayForm, PeriodForm
from allmende.money.views.base import AT_ONCE, frame


@login_required
@require_safe
def balance(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/salden/: all accounts as of a day."""
    cooperative = read_by(request.user, slug)
    form, day = DayForm.read(request.GET)
    rows = statements.trial_balance(cooperative, day)
    sums = {
        "debits": sum(row.debits for row in rows),
        "credits": sum(row.credits for row in rows),
        "below": sum(row.below for row in rows),
        "above": sum(max(0, row.balance) for row in rows),
    }
    context = {"form": form, "day": day, "rows": rows, **sums}
    return render(request, "money/balance.html", frame(request, cooperative) | context)


@login_required
@require_safe
def capitals(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/guthaben/: what every member has paid in, as of a day."""
    cooperative = read_by(request.user, slug)
    form, day = DayForm.read(request.GET)
    pages = Paginator(statements.capital_list(cooperative, day), AT_ONCE).get_page(request.GET.get("page"))
    context = {"form": form, "day": day, "pages": pages, "sums": statements.capitals_on(cooperative, day)}
    return render(request, "money/capitals.html", frame(request, cooperative) | context)


@login_required
@require_safe
def capitals_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same as a file, by member number."""
    cooperative = read_by(request.user, slug)
    _form, day = DayForm.read(request.GET)
    return _file(csv_parts(_capital_rows(cooperative, day)), f"guthaben-{day.isoformat()}.csv", "text/csv; charset=utf-8")


def _capital_rows(cooperative: Cooperative, day: date) -> Iterator[Sequence[str]]:
    yield "number", "since", "until", "shares", "capital"
    for one in statements.capital_list(cooperative, day).iterator(chunk_size=files.CHUNK):
        until = one.ends_on.isoformat() if one.ends_on else ""
        yield f"{one.number:04d}", one.joined_on.isoformat(), until, str(one.shares), plain_euros(one.capital)  # type: ignore[attr-defined]


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """kasse/export/: choose a period; how many lines and what sum the files have."""
    cooperative = read_by(request.user, slug)
    year = _year(cooperative, localdate())
    asked = {"first", "last"} <= request.GET.keys()
    form = PeriodForm(request.GET if asked else {"first": year.first.isoformat(), "last": year.last.isoformat()})
    books = queries.bookkeeping(cooperative)
    context = {"form": form, "books": books, "is_set": books.pk is not None}
    if form.is_valid():
        period = _period(cooperative, form)
        if period is None:
            form.add_error("last", _("One file is for one fiscal year. Choose days of the same year."))
        else:
            context |= {"period": period, "sums": files.checked(books, period)}
    return render(request, "money/export.html", frame(request, cooperative) | context)


@login_required
@require_safe
def datev(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The file for DATEV."""
    cooperative = read_by(request.user, slug)
    period = _asked(request, cooperative)
    parts = files.datev(queries.bookkeeping(cooperative), period, timezone.localtime())
    return _file(parts, files.datev_name(period), "text/csv; charset=windows-1252")


@login_required
@require_safe
def plain(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The file for everybody else."""
    cooperative = read_by(request.user, slug)
    period = _asked(request, cooperative)
    name = f"buchungen-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    return _file(files.plain_csv(queries.bookkeeping(cooperative), period), name, "text/csv; charset=utf-8")


def _asked(request: HttpRequest, cooperative: Cooperative) -> Period:
    form = PeriodForm(request.GET)
    period = _period(cooperative, form) if form.is_valid() else None
    require(period, _("Choose two days of the same fiscal year."), BadInput)
    assert period  # noqa: S101 - for the types; require has said so
    return period


def _period(cooperative: Cooperative, form: PeriodForm) -> Period | None:
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    year = _year(cooperative, first)
    return Period(first, last, year.first) if last <= year.last else None


def _year(cooperative: Cooperative, day: date) -> Period:
    statute = statute_on(cooperative, day)
    month = statute.fiscal_month if statute else 12
    start = fiscal_year_start(day, month)
    return Period(start, fiscal_year_end(day, month), start)


def _file(parts: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
