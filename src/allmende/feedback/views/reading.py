"""The pages that show: all rounds, one round, its summary."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from allmende.feedback import access, letters, queries, rules
from allmende.feedback.views import AREA, about, the_round
from allmende.projects.access import projects_visible_to

PER_PAGE = 50


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """/rueckmeldungen/: what waits for the viewer, what is open, what they gave and got; giving and getting of all."""
    now, viewer = timezone.now(), request.user
    invitations = queries.invitations_waiting(viewer, now)
    asked = {one.round_id for one in invitations}
    context = {
        "invitations": invitations,
        "drafts": queries.drafts_of(viewer, now),
        "waiting": [queries.Given(one) for one in queries.reviews_waiting(viewer)],
        "open": [one for one in queries.open_to(viewer, now) if one.pk not in asked],
        "is_any_open": queries.is_any_open(viewer, now),
        "ours": queries.run_by(viewer),
        "given": queries.given_by(viewer),
        "balances": Paginator(queries.balances(viewer), PER_PAGE).get_page(request.GET.get("page")),
        "is_somebody": access.person(viewer) is not None,
    }
    return render(request, "feedback/rounds.html", AREA | context)


@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/: the questions, who was asked, what was given and what became of it."""
    found, now, viewer = the_round(request, pk), timezone.now(), request.user
    runs = access.may_run(viewer, found)
    is_taking = rules.is_taking(found.state, found.deadline, now)
    sees_names = access.sees_who_was_asked(viewer, found)
    given = queries.given_in(found, viewer)
    mine = set(access.own_reviews(viewer).filter(round=found).values_list("pk", flat=True))
    context = {
        "asked": queries.questions(found),
        "asker": queries.name_of(found.organisation),
        "invitations": queries.asked_in(found) if sees_names else [],
        "number_asked": found.invitations.count(),
        "number_given": queries.number_given(found),
        "became": letters.became_sentence(queries.became_of(found)) if given else "",
        "given": given,
        "mine": mine,
        "runs": runs,
        "caretakes": access.may_moderate(viewer, found),
        "is_taking": is_taking,
        "can_reopen": runs and not is_taking and rules.can_reopen(rules.CLOSED, found.closed_at or found.deadline, now),
        "voices": queries.voices(viewer, found) if is_taking and not found.hidden_at else [],
        "declinable": [one for one in queries.invitations_waiting(viewer, now) if one.round_id == found.pk],
        "sees_project": projects_visible_to(viewer).filter(pk=found.project_id).exists(),
    }
    return render(request, "feedback/round.html", about(found, **context))


@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """/rueckmeldungen/7/auswertung/: question by question, as a sheet for a meeting; only what the viewer may read."""
    found, viewer = the_round(request, pk), request.user
    given = [one for one in queries.given_in(found, viewer) if one.review.hidden_at is None]
    asked = queries.questions(found)
    by_question = [
        (question, [(one.giver, text) for one in given if (text := queries.answers(one.review)[number])])
        for number, question in enumerate(asked)
    ]
    suggestions = [(one.giver, suggestion) for one in given for suggestion in one.suggestions]
    number_given = queries.number_given(found)
    context = {
        "asker": queries.name_of(found.organisation),
        "asked": asked,
        "given": given,
        "by_question": by_question,
        "suggestions": suggestions,
        "number_asked": found.invitations.count(),
        "number_given": number_given,
        "unread": number_given - len(given),
        "became": letters.became_sentence(queries.became_of(found)) if given else "",
        "runs": access.may_run(viewer, found),
        "is_taking": rules.is_taking(found.state, found.deadline, timezone.now()),
    }
    return render(request, "feedback/summary.html", about(found, **context))
