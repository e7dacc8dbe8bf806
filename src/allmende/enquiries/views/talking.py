"""The inbox, and one conversation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.enquiries import access, actions, forms, queries, rules
from allmende.enquiries.models import Enquiry
from allmende.enquiries.views.asking import AREA
from allmende.ground.refusals import Refused
from allmende.people.views import person_of
from allmende.web.forms import HouseForm

PER_PAGE = 30
SETTLE_ID = "settle_%s"  # two forms of the page have a note
Forms = dict[str, HouseForm]


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """/gespraeche/: what is open, what waits for us, what is done; of all one's organisations or of one."""
    box = request.GET.get("box", queries.OPEN)
    if box not in queries.BOXES:
        raise Http404
    organisations = list(queries.organisations_in(request.user))
    slug = request.GET.get("organisation", "")
    chosen = next((one for one in organisations if one.slug == slug), None)
    if slug and chosen is None:
        raise Http404
    found = Paginator(queries.inbox(request.user, box, chosen), PER_PAGE).get_page(request.GET.get("page"))
    numbers = {"waiting": queries.waiting(request.user), "unread_done": queries.unread(request.user, (rules.AGREED,))}
    context = {"found": found, "box": box, "organisations": organisations, "chosen": chosen, **numbers}
    rows = queries.lines(request.user, found)
    has_blocks = queries.blocks_of(request.user).exists()
    return render(request, "enquiries/inbox.html", AREA | context | {"rows": rows, "has_blocks": has_blocks})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/gespraeche/<uuid>/: a conversation, and the next message in it."""
    enquiry, side = _found(request, uuid)
    if request.method != "POST":
        return _page(request, enquiry, side, {})
    form = forms.MessageForm(request.POST)
    if form.is_valid() and _done(form, lambda: actions.write_message(enquiry, form.cleaned_data["text"], by=person_of(request), side=side)):
        messages.success(request, _("Sent."))
        return _back(request, enquiry, side)
    return _page(request, enquiry, side, {"form": form})


@never_cache
@login_required
@require_POST
def outcome(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what became of it."""
    enquiry, side = _found(request, uuid)
    form = forms.OutcomeForm(request.POST)
    if form.is_valid() and _done(form, lambda: actions.say_outcome(enquiry, **form.cleaned_data, by=person_of(request), side=side)):
        messages.success(request, _("Noted."))
        return _back(request, enquiry, side)
    return _page(request, enquiry, side, {"outcome_form": form})


@never_cache
@login_required
@require_POST
def contact(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the other side how to reach this one, or stop showing it."""
    enquiry, side = _found(request, uuid)
    if "hide" in request.POST:
        actions.hide_contact(enquiry, by=person_of(request), side=side)
        return _back(request, enquiry, side)
    form = forms.ContactForm(request.POST)
    if form.is_valid() and _done(
        form, lambda: actions.show_contact(enquiry, form.cleaned_data["contact"], by=person_of(request), side=side)
    ):
        messages.success(request, _("The other side now sees how you can be reached."))
        return _back(request, enquiry, side)
    return _page(request, enquiry, side, {"contact_form": form})


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an enquiry back."""
    enquiry, side = _found(request, uuid)
    actions.withdraw_enquiry(enquiry, by=person_of(request))
    messages.success(request, _("Withdrawn. The other side has been told."))
    return _back(request, enquiry, side)


@never_cache
@login_required
@require_POST
def settle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The offer or need itself is agreed, too."""
    enquiry, side = _found(request, uuid)
    form = forms.SettleForm(request.POST, auto_id=SETTLE_ID)
    if form.is_valid() and _done(form, lambda: actions.settle_listing(enquiry, form.cleaned_data["note"], by=person_of(request))):
        messages.success(request, _("It now says that it is agreed, and no longer takes enquiries."))
        return _back(request, enquiry, side)
    return _page(request, enquiry, side, {"settle_form": form})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/gespraeche/<uuid>/blockieren/: take nothing any more from the other side, or from one person there."""
    enquiry, side = _found(request, uuid)
    there = enquiry.organisation_of(rules.other(side))
    options: dict[str, Any] = {"name": there.name, "people": queries.writers_across(enquiry, side)}
    form = forms.BlockForm(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        said = {"person": form.person, "reason": form.cleaned_data["reason"]}
        if _done(form, lambda: actions.block(enquiry, by=person_of(request), side=side, **said)):
            messages.success(request, _("Blocked. You can lift it here at any time."))
            return redirect("enquiries:blocks")
    context = {"enquiry": enquiry, "form": form, "side": side, "there": there, "alone": queries.speaks_alone(request.user, enquiry, side)}
    return render(request, "enquiries/block.html", AREA | context)


@never_cache
@login_required
@require_safe
def blocks(request: HttpRequest) -> HttpResponse:
    """/gespraeche/blockiert/: from whom nothing comes, and how to take that back."""
    return render(request, "enquiries/blocks.html", AREA | {"blocks": queries.blocks_of(request.user)})


@never_cache
@login_required
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a block back."""
    made = get_object_or_404(access.blocks_changed_by(request.user), pk=pk)
    actions.lift_block(made, by=person_of(request))
    messages.success(request, _("The block is lifted."))
    return redirect("enquiries:blocks")


def _found(request: HttpRequest, uuid: UUID) -> tuple[Enquiry, str]:
    """The conversation, and for which side the viewer speaks here; who looks after both says it by `side`."""
    enquiry = queries.thread(request.user, uuid)
    sides = access.sides_of(request.user, enquiry) if enquiry else []
    if enquiry is None or not sides:
        raise Http404
    wanted = request.POST.get("side") or request.GET.get("side") or sides[0]
    if wanted not in sides:
        raise Http404
    return enquiry, wanted


def _done(form: HouseForm, act: Any) -> bool:
    """Whether the action went through; a refusal becomes a sentence of the form."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def _back(request: HttpRequest, enquiry: Enquiry, side: str) -> HttpResponse:
    both = len(access.sides_of(request.user, enquiry)) > 1
    return redirect(f"{enquiry.get_absolute_url()}{f'?side={side}' if both else ''}#ende")


def _page(request: HttpRequest, enquiry: Enquiry, side: str, sent: Forms) -> HttpResponse:
    """The whole conversation. `sent` are forms that were not right; the others begin as things stand."""
    shown = queries.shown_thread(request.user, enquiry, side)
    own = shown["words"].get(side)
    standing: Forms = {
        "form": forms.MessageForm(),
        "outcome_form": forms.OutcomeForm(initial={"outcome": own.outcome, "note": own.note} if own else None),
        "contact_form": forms.ContactForm(initial={"contact": queries.contact_of_entry(enquiry, side)}),
        "settle_form": forms.SettleForm(auto_id=SETTLE_ID),
    }
    read = actions.look_at(enquiry, by=person_of(request)) if request.method == "GET" else 0
    more = {
        "read": read,
        "has_errors": any(form.errors for form in sent.values()),
        "why_not": actions.why_not_writable(enquiry, side, by=person_of(request)),
    }
    return render(request, "enquiries/thread.html", AREA | shown | standing | sent | more)
