"""The door to possible duplicates: the work list, two entries side by side, what was merged; and the check while somebody types."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from allmende.directory.queries import newest_revision
from allmende.duplicates import access, actions, comparison, forms, letters, queries, rules
from allmende.duplicates.models import WAITING, Answer, Merge, Pair, Saying
from allmende.ground.refusals import BadInput, Refused, require
from allmende.people.rules import is_own_path
from allmende.people.views import SignedIn, person_of
from allmende.web import errors, limits

PAGE = 25
MERGES_PAGE = 25


@login_required
@require_safe
def pairs(request: SignedIn) -> HttpResponse:
    """/dubletten/: what waits, the most likely first."""
    if not access.may_see_pairs(request.user):
        raise Http404
    form = forms.FilterForm(request.GET, regions=queries.regions_of_pairs(request.user), sectors=queries.sectors())
    wanted = form.wanted()
    page = Paginator(queries.pairs(request.user, wanted), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "pages": page, "rows": queries.rows(request.user, page.object_list), "words": forms.JUDGEMENTS}
    return render(request, "duplicates/pairs.html", {"area": "care", "tab": "pairs", "wanted": urlencode(wanted), **context})


@login_required
@require_safe
def merges(request: SignedIn) -> HttpResponse:
    """/dubletten/zusammengefuehrt/: what was merged, and the way back."""
    if not access.may_see_pairs(request.user):
        raise Http404
    page = Paginator(queries.merges(request.user), MERGES_PAGE).get_page(request.GET.get("page"))
    rows = [(one, _may_undo(request, one), comparison.left_words(one.left)) for one in page.object_list]
    return render(request, "duplicates/merges.html", {"area": "care", "tab": "merges", "pages": page, "rows": rows})


def _may_undo(request: SignedIn, found: Merge) -> bool:
    return found.undone_at is None and access.may_undo(request.user, found)


@login_required
@require_safe
def pair(request: SignedIn, pk: int) -> HttpResponse:
    """/dubletten/<number>/: two entries side by side, and what can be said about them."""
    found = queries.pair(request.user, pk)
    if found is None:
        if queries.merge_of(request.user, pk):
            return redirect("duplicates:merges")
        raise Http404
    return render(request, "duplicates/pair.html", _context(request, found))


def _context(request: SignedIn, found: Pair, form: forms.MergeForm | None = None) -> dict[str, Any]:
    viewer = request.user
    one, other = queries.sides(viewer, found)
    sees_all = access.sees_all(viewer, found.one, found.other)
    said = queries.verdict(found, one, other, sees_all=sees_all)
    stays = rules.stays(*comparison.standing((one, other)))
    filters = request.GET.urlencode()
    names = {"one": one.name, "other": other.name}
    return {
        "area": "care",
        "pair": found,
        "one": one,
        "other": other,
        "entries": [_entry(letter, entry) for letter, entry in zip(comparison.LETTERS, (one, other), strict=True)],
        "judgement": forms.JUDGEMENTS[said.judgement],
        "verdict": said,
        "lines": comparison.lines(one, other, stays),
        "apart_km": comparison.apart_km(one, other),
        "picture": mark_safe(comparison.picture(one, other)),  # noqa: S308 - drawn by minimap, which escapes names
        "stays": stays,
        "bases": [(entry.pk, newest_revision(entry.pk)) for entry in (one, other)],
        "is_waiting": found.state in WAITING,
        "may_decide": access.may_decide(viewer, found.one, found.other),
        "may_answer": found.state in WAITING and bool(access.side_of(viewer, found)),
        "answers": [letters.what(answer.saying, **names) for answer in Answer.objects.filter(pair=found)],
        "history": queries.history(found),
        "filters": filters,
        "next": queries.next_pair(viewer, forms.WantedForm(request.GET).wanted(), found),
        "form": form,
    }


def _entry(letter: str, entry: Any) -> dict[str, Any]:
    return {
        "letter": letter,
        "item": entry,
        "places": comparison.addresses(entry),
        "history": comparison.history_address(entry),
        "stewards": queries.stewards(entry)[entry.pk],
        "origins": [(record.source.name, record.licence, record.retrieved_at) for record in entry.records.all()],
    }


@login_required
@require_POST
def say(request: SignedIn, pk: int) -> HttpResponse:
    """Decide, for who may: different, or one a branch of the other."""
    found = _pair(request, pk)
    form = forms.SayingForm(request.POST)
    require(form.is_valid(), _("Please go back and check what you entered."), BadInput)
    saying, note = form.cleaned_data["saying"], form.cleaned_data["note"]
    one, other = found.one, found.other
    if saying == Saying.DIFFERENT:
        done = _try(request, lambda: actions.mark_different(one, other, by=person_of(request), note=note))
    else:
        branch, head = (one, other) if saying == Saying.ONE else (other, one)
        done = _try(request, lambda: actions.mark_branch(branch, head, by=person_of(request), note=note))
    if done is None:
        return _back(request, pk)
    messages.success(request, _("Noted: %(saying)s.") % {"saying": letters.what(saying, one=one.name, other=other.name)})
    return _on(request, found)


@login_required
@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Answer for the entry one answers for."""
    found = _pair(request, pk)
    form = forms.AnswerForm(request.POST)
    require(form.is_valid(), _("Please go back and check what you entered."), BadInput)
    after = _try(request, lambda: actions.answer_pair(found, form.cleaned_data["saying"], by=person_of(request)))
    if after is not None:
        is_over = after.state not in WAITING
        messages.success(request, _("Both sides said the same, so it is decided.") if is_over else _("Your answer is noted."))
    return _back(request, pk)


@login_required
@require_POST
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """Ask those who answer for the two entries."""
    found = _pair(request, pk)
    told = _try(request, lambda: actions.ask_owners(found, by=person_of(request)))
    if told is not None:
        sentence = ngettext("%(n)d person was asked.", "%(n)d people were asked.", told) % {"n": told}
        messages.success(request, sentence)
    return _back(request, pk)


@login_required
@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Take a decision back."""
    found = _pair(request, pk)
    if _try(request, lambda: actions.reopen_pair(found, by=person_of(request))):
        messages.success(request, _("The pair is open again."))
    return _back(request, pk)


@login_required
@require_POST
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """Merge the two entries as chosen."""
    found = _pair(request, pk)
    form = forms.MergeForm(request.POST, numbers=(found.one_id, found.other_id))
    if not form.is_valid():
        return render(request, "duplicates/pair.html", _context(request, found, form))
    held = {found.one_id: found.one, found.other_id: found.other}
    winner, loser = (held[number] for number in form.winner_and_loser())
    options = {"theirs": form.theirs(), "reason": form.cleaned_data["reason"], "bases": form.bases()}
    done = _try(request, lambda: actions.merge_organisations(winner, loser, by=person_of(request), **options))
    if done is None:
        return _back(request, pk)
    names = {"winner": winner.name, "loser": loser.name}
    messages.success(request, _("“%(loser)s” is part of “%(winner)s” now. The old address leads there.") % names)
    return _on(request, found)


@login_required
@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    """Take a merge back."""
    found = queries.merge(request.user, pk)
    if found is None:
        raise Http404
    done = _try(request, lambda: actions.undo_merge(found, by=person_of(request)))
    if done is not None:
        names = {"winner": found.winner.name, "loser": found.loser.name}
        messages.success(request, _("“%(loser)s” and “%(winner)s” are two entries again.") % names)
        if done.left:
            messages.warning(request, _("Some things had been changed since and stayed where they are. They are named in the list."))
    return redirect("duplicates:merges")


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """/dubletten/pruefen.json: published entries that may be the one somebody is about to enter. For everybody alike."""
    if seconds := limits.wait(request):
        slower: HttpResponse = errors.page(request, 429, _("Please wait %(seconds)d seconds before you try again.") % {"seconds": seconds})
        slower.headers["Retry-After"] = str(seconds)
        return slower
    form = forms.TypingForm(request.GET)
    require(form.is_valid(), _("Please go back and check what you entered."), BadInput)
    found = [vars(one) for one in queries.look_alikes(**form.cleaned_data)]
    response = JsonResponse({"candidates": found}, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response


# --------------------------------------------------------------------------------------------------------------- parts


def _pair(request: SignedIn, pk: int) -> Pair:
    found = queries.pair(request.user, pk)
    if found is None:
        raise Http404
    return found


def _try(request: SignedIn, act: Any) -> Any:
    """What the action gives; where the rule says no, its sentence as a message and None. Not being allowed stays a 403."""
    try:
        return act()
    except Refused as no:
        if type(no) is not Refused:
            raise
        messages.error(request, str(no.sentence))
        return None


def _back(request: SignedIn, pk: int) -> HttpResponse:
    return _to(request, reverse("duplicates:pair", args=[pk]))


def _on(request: SignedIn, done: Pair) -> HttpResponse:
    """To the next pair under the same filters; to the list when there is none."""
    on = queries.next_pair(request.user, forms.WantedForm(request.GET).wanted(), done)
    return _back(request, on) if on is not None else _to(request, reverse("duplicates:pairs"))


def _to(request: SignedIn, path: str) -> HttpResponse:
    """There with the filters of the list; or where the form wants to come back to, such as the caretakers' desk."""
    wanted, filters = request.POST.get("next", ""), request.GET.urlencode()
    if wanted and is_own_path(wanted):
        return redirect(wanted)
    return redirect(f"{path}?{filters}" if filters else path)
