"""The door to "Mein Bereich"."""

from typing import TypeAlias

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from allmende.people import queries

SignedIn: TypeAlias = HttpRequest


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Caretakers sign in where everybody does, so that their second factor is asked for too."""
    target = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """/mein/: what waits, what one looks after, what one was told."""
    notices = queries.notices_of(request.user)[:5]
    return render(request, "people/mine.html", {"area": "mine", "person": request.user, "notices": notices})
