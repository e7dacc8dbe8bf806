"""Putting a paper into the box, and finding it again. Nothing of a choice or a code is kept in a session, a message, a cache or a log."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from allmende.ballots import actions, booth, queries, rules, wording
from allmende.ballots.actions.closing import finish
from allmende.ballots.deciding import Voice
from allmende.ballots.models import Ballot, Box, Paper, State
from allmende.ballots.slips import slip_for
from allmende.ballots.views.reading import AREA
from allmende.electorates.models import Voter
from allmende.ground.refusals import Refused
from allmende.people.views import person_of
from allmende.web import errors
from allmende.web.limits import wait_by

A_MINUTE = 60  # by person, for whole halls vote from one address


@sensitive_post_parameters()
@sensitive_variables()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/stimme/: the booth, for whoever has a voice. What came of a paper is answered at once, for a detached box with the receipt, which
    is kept nowhere else; who sends the same form again gets the same answer."""
    if request.method != "POST":
        return _booth(request, slug, uuid)
    ballot, voters = queries.ballot_to_cast(request.user, slug, uuid)
    voter = next((one for one in voters if str(one.pk) == request.POST.get("voter")), None)
    if voter is None:
        raise Http404
    seconds = wait_by(str(person_of(request).pk), "ballots", A_MINUTE)
    if seconds:
        return errors.page(request, 429, _("Please wait %(seconds)d seconds before you try again.") % {"seconds": seconds})
    options = list(ballot.options.all()) if ballot.rule["method"] not in rules.ANSWERED else []
    slip = slip_for(ballot, options, request.POST, prefix=f"v{voter.pk}")
    typed = request.POST.get("code", "")
    code = rules.read_code(typed)
    if ballot.box == Box.DETACHED and code is None:
        slip.add_error(None, _("This is no receipt code. It has 20 letters and digits, in groups of four."))
    if not slip.is_valid():
        return _again(request, ballot, voters, Voice(voter, False, slip, typed))
    try:
        kept = actions.cast(ballot, voter, slip.choice, by=person_of(request), code=code)
    except Refused as refusal:
        if not queries.is_open(Ballot.objects.get(pk=ballot.pk), timezone.now()):
            raise  # there is nothing more to send
        slip.add_error(None, str(refusal.sentence))
        return _again(request, ballot, voters, Voice(voter, False, slip, typed), refusal.status)
    return HttpResponse(booth.receipt(request, ballot, voters, voter, kept))


def _booth(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    try:
        ballot, voters = queries.ballot_to_cast(request.user, slug, uuid)
    except Http404:
        ballot, voters = queries.ballot_at(request.user, slug, uuid), []
    if not voters or not queries.is_open(ballot, timezone.now()):
        return redirect("ballots:ballot", slug=ballot.slug, uuid=ballot.uuid)
    return HttpResponse(booth.draw(request, ballot, voters))


def _again(request: HttpRequest, ballot: Ballot, voters: list[Voter], wrong: Voice, status: int = 400) -> HttpResponse:
    """The booth once more, with what was typed and what is wrong."""
    return HttpResponse(booth.draw(request, ballot, voters, wrong), status=status)


@sensitive_post_parameters()
@sensitive_variables()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/quittung/: find the own paper by its code, after the end. The code goes to the server by this, and is not kept."""
    ballot = finish(queries.ballot_at(request.user, slug, uuid), timezone.now())
    if ballot.box != Box.DETACHED:
        raise Http404
    context: dict[str, Any] = {"cooperative": ballot.cooperative, "ballot": ballot, "is_counted": ballot.state == State.COUNTED}
    status = 200
    if request.method == "POST":
        code = rules.read_code(request.POST.get("code"))
        paper = Paper.objects.filter(ballot=ballot, code_hash=rules.code_hash(ballot.uuid, code)).first() if code else None
        status = 200 if paper else 400
        context |= _found(ballot, paper)
    return render(request, "ballots/find.html", AREA | context, status=status)


def _found(ballot: Ballot, paper: Paper | None) -> dict[str, Any]:
    if paper is None:
        return {"error": _("No paper with this code lies in the box. Compare the code letter by letter.")}
    labels = [one.label for one in ballot.options.all()]
    return {"mark": rules.mark(paper.code_hash), "choice": wording.choice_in_words(paper.choice, labels)}
