"""Joining, step by step: read, say who, say what, check and declare. For everybody, without an account and without JavaScript."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allmende.banking import queries as banking
from allmende.banking.rules import masked, spaced
from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import Refused
from allmende.joining import access, actions, declaration, drafts, forms, papers, queries
from allmende.joining.actions import Declaring
from allmende.joining.models import State
from allmende.members.models import Party
from allmende.money import rules as money
from allmende.web.paper import answer as paper_answer


def _context(cooperative: Cooperative, statute: Statute, step: int, **more: Any) -> dict[str, Any]:
    steps = [(1, _("Read first")), (2, _("Who")), (3, _("Shares")), (4, _("Check and declare"))]
    return {
        "cooperative": cooperative,
        "statute": statute,
        "area": "codetermination",
        "steps": [(name, number < step, number == step) for number, name in steps],
        "is_by_text": queries.is_by_text(statute),
        **more,
    }


@require_GET
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """What one gets, puts in, and how one leaves: before anything is asked."""
    cooperative, statute = queries.joinable_at(request.user, slug)
    context = _about(cooperative, statute) | {
        "member": queries.membership_here(request.user, cooperative),
        "declared": queries.declared_by(request.user, cooperative),
        "has_draft": bool(drafts.of(request, cooperative).who),
    }
    return render(request, "joining/join.html", _context(cooperative, statute, 1, **context))


def _about(cooperative: Cooperative, statute: Statute) -> dict[str, Any]:
    fees = queries.has_fees(cooperative)
    return {
        "paying": declaration.paying_for_reader(statute),
        "duties": declaration.duties_of(statute, has_fees=fees),
        "groups": forms.open_groups(cooperative),
        "year_end": declaration.year_end(statute),
        "mandatory_cents": statute.mandatory_shares * statute.share_cents,
    }


@csp_replace({"frame-ancestors": settings.EMBED_HOSTS})  # type: ignore[arg-type]
@require_GET
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """For the cooperative's own website: what joining means, and the way here. Declared is never in a foreign frame, where others could
    lay something over the button.
    """
    cooperative, statute = queries.joinable_at(request.user, slug)
    if not cooperative.is_embeddable:
        raise Http404
    response = render(request, "joining/embed.html", _context(cooperative, statute, 1, **_about(cooperative, statute)))
    response.embeddable = True  # type: ignore[attr-defined]  # read by web.middleware.headers
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def particulars(request: HttpRequest, slug: str) -> HttpResponse:
    """Who joins: a person or, with `?als=organisation`, an organisation."""
    cooperative, statute = queries.joinable_at(request.user, slug)
    draft = drafts.of(request, cooperative)
    party = _party(request, draft)
    same = draft.who.get("party") == party
    initial = {**_known(request, party), **(draft.who if same else {})}
    organisations = list(access.may_join_for(request.user).order_by("name")) if party == Party.LEGAL else []
    form = forms.ParticularsForm(
        request.POST if request.method == "POST" else None, party=party, organisations=organisations, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        draft.who = form.who()
        drafts.keep(request, cooperative, draft)
        return redirect("joining:join_shares", slug)
    return render(request, "joining/particulars.html", _context(cooperative, statute, 2, form=form, party=party))


def _party(request: HttpRequest, draft: drafts.Draft) -> str:
    said = request.GET.get("als", "")
    if said:
        return Party.LEGAL if said == "organisation" else Party.NATURAL
    return str(draft.who.get("party", Party.NATURAL))


def _known(request: HttpRequest, party: str) -> dict[str, str]:
    if not request.user.is_authenticated:
        return {}
    return {"email": request.user.email} | ({"represented_by": request.user.name} if party == Party.LEGAL else {})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def shares(request: HttpRequest, slug: str) -> HttpResponse:
    """In which group, with how many shares, how they are paid."""
    cooperative, statute = queries.joinable_at(request.user, slug)
    draft = drafts.of(request, cooperative)
    if not draft.who:
        return redirect("joining:join_particulars", slug)
    data = request.POST if request.method == "POST" else None
    form = forms.SharesForm(data, statute=statute, groups=forms.open_groups(cooperative), initial=draft.what)
    if request.method == "POST" and form.is_valid():
        draft.what = form.what()
        drafts.keep(request, cooperative, draft)
        return redirect("joining:join_review", slug)
    context = _about(cooperative, statute) | {"form": form, "mandate_text": banking.mandate_text(cooperative)}
    return render(request, "joining/shares.html", _context(cooperative, statute, 3, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The declaration word by word, each duty for itself, the button that binds; or the same on paper, to be signed."""
    cooperative, statute = queries.joinable_at(request.user, slug)
    draft = drafts.of(request, cooperative)
    if request.method == "POST" and not draft.who and (token := drafts.done(request, cooperative)):
        return redirect("joining:application", slug, token)  # the second of two clicks
    if not draft.who or not draft.what:
        return redirect("joining:join_shares" if draft.who else "joining:join_particulars", slug)
    fees, wish = queries.has_fees(cooperative), draft.wish(cooperative, get_language() or "de")
    if not queries.is_by_text(statute):
        return _on_paper(request, cooperative, statute, draft, fees)
    duties = declaration.duties_of(statute, has_fees=fees, for_shares=bool(wish.shares))
    text = declaration.joining(cooperative, statute, wish, has_fees=fees)
    form = forms.ReviewForm(
        request.POST if request.method == "POST" else None, duties=duties, initial={"seen": declaration.fingerprint(text)}
    )
    changed = request.method == "POST" and request.POST.get("seen") != declaration.fingerprint(text)
    if changed:  # shown again, with nothing ticked: what was read is not what would be declared
        form = forms.ReviewForm(duties=duties, initial={"seen": declaration.fingerprint(text)})
    elif request.method == "POST" and form.is_valid():
        application = actions.declare(cooperative, _declaring(request, cooperative, draft, text, form.ticked()), by=request.user)
        drafts.drop(request, cooperative, done=application.token)
        return redirect("joining:application", slug, application.token)
    context = {
        "form": form,
        "text": text.split("\n\n"),
        "wish": wish,
        "draft": draft,
        "changed": changed,
        "iban": masked(draft.what.get("iban", "")),
        "holder": _holder(draft),
        "mandate_text": banking.mandate_text(cooperative),
        "plan": _plan(statute, wish.shares),
        "sum_cents": wish.shares * statute.share_cents,
    }
    return render(request, "joining/review.html", _context(cooperative, statute, 4, **context))


def _plan(statute: Statute, number: int) -> list[money.Rate]:
    first = money.first_due_on(localdate(), localdate())
    return money.rates(number, statute.share_cents, statute.paid_in_cents, statute.instalment_cents, statute.instalment_months, first)


def _holder(draft: drafts.Draft) -> str:
    return str(draft.what.get("holder") or declaration.spoken(draft.named("de")))


def _declaring(request: HttpRequest, cooperative: Cooperative, draft: drafts.Draft, text: str, ticked: tuple[str, ...]) -> Declaring:
    iban = draft.what.get("iban", "")
    return Declaring(
        uuid=draft.uuid,
        wish=draft.wish(cooperative, get_language() or "de"),
        text_shown=text,
        ticked=ticked,
        iban=iban,
        holder=_holder(draft) if iban else "",
        mandate_text=banking.mandate_text(cooperative) if iban else "",
        note=draft.what.get("note", ""),
        organisation=draft.organisation(request),
    )


def _on_paper(request: HttpRequest, cooperative: Cooperative, statute: Statute, draft: drafts.Draft, fees: bool) -> HttpResponse:
    if request.method == "POST":
        wish = draft.wish(cooperative, get_language() or "de")
        iban = draft.what.get("iban", "")
        mandate = (banking.mandate_text(cooperative), f"{_holder(draft)}, IBAN {spaced(iban)}") if iban else ()
        return paper_answer(papers.form_to_sign(cooperative, statute, wish, has_fees=fees, mandate=mandate), papers.file_name())
    return render(request, "joining/on_paper.html", _context(cooperative, statute, 4))


@require_POST
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget what was typed."""
    cooperative = cooperative_at(request.user, slug)
    drafts.drop(request, cooperative)
    messages.success(request, _("What you typed is forgotten."))
    return redirect("joining:join", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def application(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What I declared, what happens next, the board's question; by the link in the mail."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.by_token(cooperative, token)
    if found is None:
        return render(request, "joining/gone.html", {"cooperative": cooperative, "area": "codetermination"}, status=404)
    form = forms.AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.answer(found, form.cleaned_data["answer"])
        messages.success(request, _("Your answer has gone to the board."))
        return redirect("joining:application", slug, token)
    context = {
        "cooperative": cooperative,
        "area": "codetermination",
        "one": found,
        "text": found.text_shown.split("\n\n"),
        "form": form,
        "is_waiting": found.state == State.DECLARED,
        "iban": masked(found.iban),
    }
    response = render(request, "joining/application.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
def document(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The declaration as PDF."""
    found = queries.by_token(cooperative_at(request.user, slug), token)
    if found is None or found.is_paper:
        raise Http404
    return paper_answer(papers.document(found), papers.file_name())


@require_POST
def withdraw(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Take it back, until it is admitted."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.by_token(cooperative, token)
    if found is None:
        return redirect("joining:application", slug, token)
    try:
        actions.withdraw(found)
    except Refused as no:
        messages.error(request, str(no.sentence))
        return redirect("joining:application", slug, token)
    messages.success(request, _("Your declaration is taken back. All you entered is deleted."))
    return redirect(_home(request, cooperative))


def _home(request: HttpRequest, cooperative: Cooperative) -> str:
    if cooperative.is_joinable:
        return reverse("joining:join", args=[cooperative.organisation.slug])
    return reverse("constitution:statute", args=[cooperative.organisation.slug])
