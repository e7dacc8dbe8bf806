"""The bank account: files in, lines with what they may be, and what became of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.banking import actions, queries, suggestions, tables
from allmende.banking.camt import Entry
from allmende.banking.forms import ColumnsForm, FileForm, IgnoreForm
from allmende.banking.models import Item, Line, Run, Statement, Upload
from allmende.banking.views.base import A_PAGE, attempt, booked_by, page
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.ground.money import euros, read_euros
from allmende.ground.refusals import BadInput, Refused
from allmende.members.models import Membership
from allmende.members.queries import particulars_on
from allmende.money import queries as money
from allmende.money.models import Request
from allmende.people.views import SignedIn

STATES = ("open", "booked", "ignored", "all")
PREVIEW = 12


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: SignedIn, slug: str) -> HttpResponse:
    """bank/: take a file, see what came and went, and what it may be."""
    cooperative = booked_by(request, slug) if request.method == "POST" else read_by(request.user, slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = actions.take_file(cooperative, file.name, file.read(), by=request.user)
        except Refused as no:
            form.add_error("file", str(no.sentence))
        else:
            if isinstance(taken, Upload):
                return redirect("banking:upload", slug, taken.uuid)
            for statement in taken:
                messages.success(request, _said(statement))
            return redirect("banking:statements", slug)
    return _lines_page(request, cooperative, form)


def _said(statement: Statement) -> str:
    new = statement.lines_read - statement.lines_known
    said = ngettext("%(new)d new line", "%(new)d new lines", new) % {"new": new}
    return _("%(said)s taken over, %(known)d were known already.") % {"said": said, "known": statement.lines_known}


def _lines_page(request: SignedIn, cooperative: Cooperative, form: FileForm) -> HttpResponse:
    state = request.GET.get("stand", "open")
    if state not in STATES:
        raise Http404
    pages = Paginator(queries.lines_of(cooperative, state), A_PAGE).get_page(request.GET.get("page"))
    lines = list(pages.object_list)
    proposed = suggestions.suggestions_for(cooperative, lines)
    rows = [(line, proposed[line.pk]) for line in lines]
    context = {
        "form": form,
        "rows": rows,
        "pages": pages,
        "state": state,
        "states": (("open", _("open")), ("booked", _("booked")), ("ignored", _("ignored")), ("all", _("all"))),
        "certain": [line for line, found in rows if any(one.is_certain for one in found)],
        "last": Statement.objects.filter(cooperative=cooperative)[:5],
        "has_account": money.default_account(cooperative) is not None or cooperative.bank_accounts.exists(),
    }
    return page(request, cooperative, "statements", 422 if form.errors else 200, **context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """bank/datei/…/: which column of a table is what, with a look at what would be taken over."""
    cooperative = booked_by(request, slug)
    found = get_object_or_404(Upload, cooperative=cooperative, uuid=uuid)
    table = tables.read(bytes(found.content))
    form = ColumnsForm(request.POST or None, table=table, accounts=cooperative.bank_accounts.all())
    columns = form.columns() if form.is_bound and form.is_valid() else tables.guess(table)
    if form.is_bound and form.is_valid() and "import" in request.POST:
        try:
            made = actions.import_table(found, columns, form.cleaned_data["account"], by=request.user)
        except BadInput as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _said(made))
            return redirect("banking:statements", slug)
    entries, wrong = _previewed(table, columns)
    context = {"upload": found, "table": table, "form": form, "entries": entries[:PREVIEW], "number": len(entries), "wrong": wrong}
    return page(request, cooperative, "upload", 422 if form.errors else 200, **context)


def _previewed(table: tables.Table, columns: dict[str, int]) -> tuple[list[Entry], str]:
    try:
        return tables.entries(table, columns), ""
    except BadInput as no:
        return [], str(no.sentence)


@never_cache
@login_required
@require_POST
def discard(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """Do not take a table over."""
    cooperative = booked_by(request, slug)
    actions.discard_upload(get_object_or_404(Upload, cooperative=cooperative, uuid=uuid), by=request.user)
    messages.success(request, _("The file was not taken over."))
    return redirect("banking:statements", slug)


@never_cache
@login_required
@require_POST
def book_certain(request: SignedIn, slug: str) -> HttpResponse:
    """bank/sichere/: book all lines of the page whose code is exact and whose sum fits."""
    cooperative = booked_by(request, slug)
    uuids = [uuid for uuid in (_uuid(said) for said in request.POST.getlist("line")[:A_PAGE]) if uuid]
    lines = list(Line.objects.filter(cooperative=cooperative, uuid__in=uuids).order_by("booked_on", "pk"))

    def work() -> str:
        number = actions.book_certain(cooperative, lines, by=request.user)
        return ngettext("%(number)d line was booked.", "%(number)d lines were booked.", number) % {"number": number}

    return attempt(request, work, "banking:statements", slug)


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _line(request: SignedIn, slug: str, uuid: UUID, *, to_book: bool = True) -> tuple[Cooperative, Line]:
    cooperative = booked_by(request, slug) if to_book else read_by(request.user, slug)
    found = queries.with_rest(Line.objects.filter(cooperative=cooperative)).select_related("statement", "twin", "ignored_by")
    return cooperative, get_object_or_404(found, uuid=uuid)


@never_cache
@login_required
@require_safe
def line(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """bank/zeile/…/: one line, what it may be, and assigning it by hand."""
    cooperative, found = _line(request, slug, uuid, to_book=False)
    said = request.GET.get("mitglied", "").strip()[:80]
    members = suggestions.memberships_like(cooperative, said) if said else []
    asked = list(money.open_requests(cooperative).filter(membership__in=members).select_related("membership")[:50]) if members else []
    names = particulars_on(members, found.booked_on)
    parts = queries.live_parts(found).select_related(
        "booking__request__membership", "booking__member_credit", "booking__member_debit", "item__membership", "run", "payable__membership"
    )
    context: dict[str, Any] = {
        "line": found,
        "proposals": suggestions.suggestions_for(cooperative, [found])[found.pk],
        "parts": parts,
        "said": said,
        "members": [(one, names[one.pk].name) for one in members],
        "asked": [(one, names[one.membership_id].name) for one in asked],
        "ignore_form": IgnoreForm(),
    }
    return page(request, cooperative, "line", **context)


@never_cache
@login_required
@require_POST
def book(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """Book a line on requests: `request` uuids, and an amount for each under its uuid; without one as much as fits."""
    cooperative, found = _line(request, slug, uuid)

    def work() -> str:
        parts = _parts(request, cooperative, found)
        actions.book_line(found, parts, by=request.user)
        return _("%(sum)s booked.") % {"sum": euros(sum(cents for _request, cents in parts))}

    return attempt(request, work, "banking:line" if "stay" in request.POST else "banking:statements", *_back(request, slug, found))


def _back(request: SignedIn, slug: str, line: Line) -> tuple[object, ...]:
    return (slug, line.uuid) if "stay" in request.POST else (slug,)


def _parts(request: SignedIn, cooperative: Cooperative, line: Line) -> list[tuple[Request, int]]:
    """What was chosen, with what was typed for it; nothing typed means: as much as is left of the line and of the request."""
    chosen = [uuid for uuid in (_uuid(said) for said in request.POST.getlist("request")[:100]) if uuid]
    open_ones = {
        one.uuid: one for one in money.open_requests(cooperative).filter(uuid__in=chosen).select_related("membership__cooperative")
    }
    rest: int = line.rest  # type: ignore[attr-defined]
    parts = []
    for uuid in dict.fromkeys(chosen):
        one = open_ones.get(uuid)
        if one is None:
            raise Refused(_("One of these requests is paid or withdrawn by now. Look at the line once more."))
        left: int = one.left  # type: ignore[attr-defined]
        cents = _typed(request.POST.get(f"cents-{uuid}", ""), min(rest, left))
        parts.append((one, cents))
        rest -= cents
    return parts


def _typed(said: str, otherwise: int) -> int:
    try:
        return read_euros(said) if said.strip() else otherwise
    except ValueError as no:
        raise BadInput(_("“%(said)s” is no amount.") % {"said": said[:30]}) from no


@never_cache
@login_required
@require_POST
def settle(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """A line is an item (`item`) or the sum (`run`) of an order."""
    cooperative, found = _line(request, slug, uuid)

    def work() -> str:
        if run := _uuid(request.POST.get("run", "")):
            actions.settle_by_run(found, get_object_or_404(Run, cooperative=cooperative, uuid=run), by=request.user)
        else:
            item = get_object_or_404(Item, run__cooperative=cooperative, end_to_end=request.POST.get("item", "")[:35])
            actions.settle_by_item(found, item, by=request.user)
        return _("Assigned to the order.")

    return attempt(request, work, "banking:statements", slug)


@never_cache
@login_required
@require_POST
def ignore(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """What is open of a line does not belong to members."""
    _cooperative, found = _line(request, slug, uuid)

    def work() -> str:
        actions.ignore_line(found, request.POST.get("reason", "")[:200], by=request.user)
        return _("The line is ignored. It stays in the list with the reason.")

    return attempt(request, work, "banking:line", slug, uuid)


@never_cache
@login_required
@require_POST
def heed(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """It does matter after all."""
    _cooperative, found = _line(request, slug, uuid)
    actions.heed_line(found, by=request.user)
    messages.success(request, _("The line is open again."))
    return redirect("banking:line", slug, uuid)


@never_cache
@login_required
@require_POST
def undo(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """Take back what was booked from this line."""
    _cooperative, found = _line(request, slug, uuid)

    def work() -> str:
        actions.undo_line(found, by=request.user)
        return _("Taken back. The line is open again; the books show booking and reversal.")

    return attempt(request, work, "banking:line", slug, uuid)


@never_cache
@login_required
@require_POST
def owe_rest(request: SignedIn, slug: str, uuid: UUID) -> HttpResponse:
    """What was paid too much is owed back to this member."""
    cooperative, found = _line(request, slug, uuid)
    number = request.POST.get("number", "")
    membership = get_object_or_404(
        Membership, cooperative=cooperative, number=int(number) if number.isdecimal() and len(number) < 10 else -1
    )

    def work() -> str:
        part = actions.owe_rest(found, membership, by=request.user)
        return _("%(sum)s stand among the payouts now.") % {"sum": euros(part.cents)}

    return attempt(request, work, "banking:line", slug, uuid)
