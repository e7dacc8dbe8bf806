"""Setting up a cooperative, and what its board settles about letters and joining."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.constitution import actions, forms, queries
from allmende.constitution.actions.founding import Settings
from allmende.constitution.models import Cooperative
from allmende.constitution.views import SHOW, frame, sent
from allmende.ground.refusals import Refused
from allmende.people.views import SignedIn

DATA = Path(__file__).parents[1] / "data"


@login_required
@require_http_methods(SHOW)
def set_up(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/einrichten/: what it means, and the first office."""
    organisation = queries.may_be_set_up(request.user, slug)
    if Cooperative.objects.filter(organisation=organisation).exists():
        messages.info(request, _("This is set up already."))
        return redirect("constitution:statute", slug)
    form = forms.SetUpForm(sent(request), initial={"holder": request.user.name, "since": localdate()})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("holder", "since", "elected_by")}
        try:
            actions.set_up(organisation, **said, by=request.user)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("It is set up, and you are entered on the board. Next comes the statute."))
            return redirect("constitution:statute", slug)
    context = {"area": "codetermination", "organisation": organisation, "form": form}
    return render(request, "constitution/set_up.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(SHOW)
def settings(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/einstellungen/: letters and the joining page."""
    cooperative = queries.board_at(request.user, slug)
    is_template = request.method != "POST" and "template" in request.GET and not cooperative.privacy
    filled = {"privacy": privacy_template(cooperative)} if is_template else {}
    form = forms.SettingsForm(sent(request), cooperative=cooperative, filled=filled)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_settings(cooperative, Settings(**form.cleaned_data), by=request.user)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("constitution:settings", slug)
    context = {"form": form, "is_template": is_template, "statute": queries.statute_on(cooperative, localdate())}
    return render(request, "constitution/settings.html", frame(request, cooperative) | context, status=422 if form.errors else 200)


def privacy_template(cooperative: Cooperative) -> str:
    """A data protection notice to begin with, in the language of the page; what only the board knows stands in brackets."""
    language = "en" if (get_language() or "").startswith("en") else "de"
    text = (DATA / f"privacy.{language}.txt").read_text(encoding="utf-8")
    brackets = _("[street, postcode, town]"), _("[e-mail]")
    said = {
        "name": str(cooperative),
        "address": cooperative.letter_address or brackets[0],
        "email": cooperative.letter_email or brackets[1],
    }
    for word, what in said.items():
        text = text.replace("{" + word + "}", what)
    return text
