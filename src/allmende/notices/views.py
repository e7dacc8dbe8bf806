"""The doors of following: begin, list, change, end, the feed, the one click."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.directory import queries as directory
from allmende.notices import access, actions, letters, queries
from allmende.notices.models import FeedKey, Follow, Frequency
from allmende.people.models import Person
from allmende.people.views import person_of

AREA = {"area": "mine"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """/folgen/?organisation=x or /folgen/?sector=energy&country=DE: what it is, how often, and a button."""
    said = request.POST.get("query", "")[:2_000] if request.method == "POST" else request.GET.urlencode()[:2_000]
    slug = request.POST.get("organisation", "") or request.GET.get("organisation", "")
    item = directory.organisation(request.user, slug[:100]) if slug else None
    if slug and item is None:
        raise Http404
    query = "" if item else queries.canonical(said)
    if request.method == "POST":
        frequency = request.POST.get("frequency", "")
        if item:
            actions.follow_organisation(item, by=person_of(request), frequency=frequency)
        else:
            actions.follow_search(query, by=person_of(request), frequency=frequency)
        messages.success(request, _("You follow it from now on."))
        return redirect("notices:follows")
    context = {"item": item, "query": query, "words": queries.words_of(query), "frequencies": Frequency.choices, "chosen": Frequency.WEEKLY}
    return render(request, "notices/follow.html", AREA | context)


@login_required
@require_safe
def follows(request: HttpRequest) -> HttpResponse:
    """/mein/abos/: everything one follows, and the own feed."""
    rows = [(one, _name(one), _address(one)) for one in queries.follows(request.user)]
    feed = request.build_absolute_uri(reverse("notices-api:feed", args=[actions.feed_key(person_of(request)).word]))
    return render(request, "notices/follows.html", AREA | {"rows": rows, "frequencies": Frequency.choices, "feed": feed})


def _name(one: Follow) -> str:
    if one.organisation is None:
        return queries.words_of(one.query)
    return one.organisation.name if queries.is_shown(one) else _("An entry that is not on the map at the moment")


def _address(one: Follow) -> str:
    if one.organisation is None:
        return f"{reverse('atlas:map')}?{one.query}"
    return reverse("directory:organisation", args=[one.organisation.slug]) if queries.is_shown(one) else reverse("atlas:map")


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """How often, or not any more."""
    one = get_object_or_404(access.follows_visible_to(request.user), pk=pk)
    if "end" in request.POST:
        actions.end_follow(one, by=person_of(request))
        messages.success(request, _("You do not follow “%(name)s” any more.") % {"name": _name(one)})
    else:
        actions.change_follow(one, request.POST.get("frequency", ""), by=person_of(request))
        messages.success(request, _("Saved."))
    return redirect("notices:follows")


@login_required
@require_POST
def renew_feed(request: HttpRequest) -> HttpResponse:
    """A new address for one's own feed; the old one shows nothing any more."""
    actions.feed_key(person_of(request), renew=True)
    messages.success(request, _("Your feed has a new address. The old one no longer works."))
    return redirect("notices:follows")


@csrf_exempt  # mail programs press the button themselves (RFC 8058); the signed word is the permission
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, word: str) -> HttpResponse:
    """/abo/<word>/: one click ends the mail, without signing in."""
    try:
        pk = signing.loads(word, salt=letters.SALT)
    except signing.BadSignature as fault:
        raise Http404 from fault
    person = get_object_or_404(Person, pk=pk)
    done = request.method == "POST"
    if done:
        actions.stop_mail(person)
    response = render(request, "notices/unsubscribe.html", AREA | {"done": done})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def feed(request: HttpRequest, word: str) -> HttpResponse:
    """/abo/<word>.atom: one's own news for a feed reader. The word is the permission; only what everybody can see is told."""
    person = get_object_or_404(FeedKey.objects.select_related("person"), word=word, person__is_active=True).person
    options: dict[str, Any] = {"author_name": settings.OPERATOR or settings.SITE_NAME, "language": get_language()}
    atom = Atom1Feed(
        title=_("%(site)s: what I follow") % {"site": settings.SITE_NAME},
        link=request.build_absolute_uri(reverse("notices:follows")),
        feed_url=request.build_absolute_uri(),
        description="",
        **options,
    )
    for item in queries.news(person):
        one, at = item.happening, item.happening.at
        link = request.build_absolute_uri(reverse("directory:organisation", args=[one.organisation.slug]))
        title = f"{one.organisation.name}: {letters.WORDS[one.news]}"
        atom.add_item(title, link, one.organisation.summary, unique_id=f"{link}#{one.pk}", updateddate=at, pubdate=at)
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
