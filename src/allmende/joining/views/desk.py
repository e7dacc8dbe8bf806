"""The desk of declarations: what waits, one of them, admitting, refusing, asking back, entering what came on paper."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allmende.banking import queries as banking
from allmende.banking.rules import masked
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import statute_on
from allmende.ground.refusals import Refused
from allmende.joining import access, actions, forms, papers, queries, rules
from allmende.joining.actions import Declaring
from allmende.joining.declaration import Wish, spoken
from allmende.joining.models import Application, State
from allmende.members.actions import NAMED, Named
from allmende.members.models import Group, Kind, Party
from allmende.web.paper import answer as paper_answer

PER_PAGE = 50


def _context(request: HttpRequest, cooperative: Cooperative, **more: Any) -> dict[str, Any]:
    return {
        "cooperative": cooperative,
        "area": "codetermination",
        "tab": "members",
        "may_admit": access.may_admit(request.user, cooperative),
        "may_prepare": access.may_prepare(request.user, cooperative),
        **more,
    }


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, the oldest first; what was decided lately."""
    cooperative = queries.desk_at(request.user, slug)
    pages = Paginator(queries.waiting(request.user, cooperative), PER_PAGE).get_page(request.GET.get("page"))
    today = localdate()
    rows = [(one, (today - one.declared_on).days, rules.is_overdue(one.declared_on, today)) for one in pages]
    context = _context(
        request,
        cooperative,
        pages=pages,
        rows=rows,
        admitted=list(queries.admitted(request.user, cooperative)),
        closed=queries.closed_in(cooperative, today.year),
        year=today.year,
        form=forms.AdmitForm(),
        is_open=cooperative.is_joinable,
        has_statute=statute_on(cooperative, today) is not None,
        address=request.build_absolute_uri(reverse("joining:join", args=[slug])),
        frame=request.build_absolute_uri(reverse("joining:join_embed", args=[slug])) if cooperative.is_embeddable else "",
    )
    return render(request, "joining/desk.html", context)


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def application(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """One declaration: who, what, who it may be already; the decision."""
    return _page(request, slug, uuid)


def _page(request: HttpRequest, slug: str, uuid: UUID, **faulty: Any) -> HttpResponse:
    cooperative = queries.desk_at(request.user, slug)
    one = queries.of_desk(request.user, cooperative, uuid)
    today = localdate()
    context = _context(
        request,
        cooperative,
        one=one,
        text=one.text_shown.split("\n\n") if one.text_shown else [],
        is_waiting=one.state == State.DECLARED,
        age=(today - one.declared_on).days,
        is_overdue=rules.is_overdue(one.declared_on, today),
        doubles=queries.doubles(one) if one.state == State.DECLARED and not one.further_id else [],
        room=queries.room_for_further(one.further) if one.further and one.state == State.DECLARED else None,
        other_statute=_newer(cooperative, one),
        iban=masked(one.iban),
        admit=forms.AdmitForm(needs_basis=_needs_basis(one)),
        refuse=forms.RefuseForm(),
        ask=forms.AskForm(),
    )
    return render(request, "joining/desk_application.html", context | faulty, status=400 if faulty else 200)


def _needs_basis(one: Application) -> bool:
    return one.kind == Kind.INVESTING and one.further_id is None


def _newer(cooperative: Cooperative, one: Application) -> Any:
    present = statute_on(cooperative, localdate())
    return present if present and present.pk != one.statute_id and one.state == State.DECLARED else None


@login_required
@require_POST
@cache_control(private=True, no_store=True)
def admit(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Admit: entered, told, asked to pay."""
    one = queries.of_desk(request.user, queries.desk_at(request.user, slug), uuid)
    form = forms.AdmitForm(request.POST, needs_basis=_needs_basis(one))
    if not form.is_valid() and one.state == State.DECLARED:
        return _page(request, slug, uuid, admit=form)
    if one.state != State.DECLARED:
        messages.info(request, _("This declaration is admitted already, as member number %(number)s.") % {"number": one.membership})
        return redirect("joining:desk_application", slug, uuid)
    membership = actions.admit(one, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
    if one.further_id:
        messages.success(request, _("The further shares of member %(number)s are entered.") % {"number": membership})
    else:
        messages.success(request, _("Admitted and entered as member number %(number)s. The member is told.") % {"number": membership})
    return redirect("joining:desk", slug)


@login_required
@require_POST
def batch(request: HttpRequest, slug: str) -> HttpResponse:
    """Admit those that are ticked, all or none."""
    cooperative = queries.desk_at(request.user, slug)
    form = forms.AdmitForm(request.POST)
    uuids = _uuids(request.POST.getlist("antrag"))
    if not uuids:
        messages.error(request, _("Tick the declarations first."))
    elif not form.is_valid():
        messages.error(request, _("Enter the day of the admission."))
    else:
        number = actions.admit_all(cooperative, uuids, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        said = ngettext("%(count)d declaration is admitted.", "%(count)d declarations are admitted.", number) % {"count": number}
        messages.success(request, said if number else _("They were admitted already."))
    return redirect("joining:desk", slug)


def _uuids(said: list[str]) -> list[UUID]:
    found = []
    for one in said[:PER_PAGE]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


@login_required
@require_POST
@cache_control(private=True, no_store=True)
def refuse(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Refuse: told, then forgotten."""
    one = queries.of_desk(request.user, queries.desk_at(request.user, slug), uuid)
    form = forms.RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, uuid, refuse=form)
    has_mail = bool(one.email)
    actions.refuse(one, form.cleaned_data["reason"], words=form.cleaned_data["words"], by=request.user)  # type: ignore[arg-type]
    if has_mail:
        messages.success(request, _("Refused. The applicant is told by mail, the data are deleted."))
    else:
        messages.warning(request, _("Refused, the data are deleted. There was no e-mail address: please tell the applicant by post."))
    return redirect("joining:desk", slug)


@login_required
@require_POST
@cache_control(private=True, no_store=True)
def ask(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Ask back by mail."""
    one = queries.of_desk(request.user, queries.desk_at(request.user, slug), uuid)
    form = forms.AskForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, uuid, ask=form)
    actions.ask(one, form.cleaned_data["question"], by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Your question is on its way. The answer will stand here."))
    return redirect("joining:desk_application", slug, uuid)


@login_required
@require_GET
def document(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The declaration as PDF, for the file."""
    one = queries.of_desk(request.user, queries.desk_at(request.user, slug), uuid)
    if one.is_paper:
        raise Http404
    return paper_answer(papers.document(one), papers.file_name())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a declaration that came on paper: who, what, when it came in."""
    cooperative = queries.desk_at(request.user, slug)
    statute = statute_on(cooperative, localdate())
    if not access.may_prepare(request.user, cooperative):
        raise Http404
    if statute is None:
        raise Refused(_("There is no statute in force on this day yet. The board has to enter it first."))
    party = Party.LEGAL if request.GET.get("als") == "organisation" else Party.NATURAL
    data = request.POST if request.method == "POST" else None
    who = forms.PaperParticularsForm(data, party=party, organisations=[])
    what = forms.SharesForm(data, statute=statute, groups=forms.open_groups(cooperative), is_desk=True)
    when = forms.PaperForm(data, initial={"received_on": localdate().isoformat(), "key": uuid4(), "language": "de"})
    if request.method == "POST" and all([who.is_valid(), what.is_valid(), when.is_valid()]):
        try:
            one = _enter(request, cooperative, party, who, what, when)
        except Refused as no:
            when.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Entered. It waits for the decision of the board."))
            return redirect("joining:desk_application", slug, one.uuid)
    return render(
        request, "joining/paper.html", _context(request, cooperative, who=who, what=what, when=when, party=party, statute=statute)
    )


def _enter(
    request: HttpRequest, cooperative: Cooperative, party: str, who: forms.ParticularsForm, what: forms.SharesForm, when: forms.PaperForm
) -> Application:
    said, wanted = who.cleaned_data, what.what()
    named = Named(**{name: said[name] for name in NAMED if name in said}, party=party, language=when.cleaned_data["language"])
    group = Group.objects.filter(cooperative=cooperative, key=wanted["group"]).first() if wanted["group"] else None
    iban = wanted.get("iban", "")
    declaring = Declaring(
        uuid=when.cleaned_data["key"],
        wish=Wish(named, wanted["kind"], wanted["shares"], group),
        text_shown="",
        ticked=(),
        iban=iban,
        holder=(wanted.get("holder") or spoken(named)) if iban else "",
        mandate_text=banking.mandate_text(cooperative) if iban else "",
    )
    received: date = when.cleaned_data["received_on"]
    return actions.enter_paper(
        cooperative,
        declaring,
        received_on=received,
        evidence=when.cleaned_data["evidence"],
        by=request.user,  # type: ignore[arg-type]
    )
