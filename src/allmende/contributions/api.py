"""The door for programs of a cooperative: enter contributions, read the sums of what one entered. By key, in JSON, never by cookie.

Errors are problem details (RFC 9457) in the language of `Accept-Language`; `described` is the same in OpenAPI.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from allmende.contributions import actions, described, queries, rules
from allmende.contributions.actions.keeping import PREFIX, digest_of
from allmende.contributions.models import ApiKey, Contribution
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.web import errors
from allmende.web.answers import answer, json
from allmende.web.limits import client_address, wait_by

CALLS_A_MINUTE = 3_000  # per key
GUESSES_A_MINUTE = 30  # wrong keys, per client
_BEARER = re.compile(r"Bearer ([\w-]{20,80})")
_ONCE = re.compile(r"[\x21-\x7e]{1,100}")

Door = Callable[[HttpRequest, str], HttpResponse]


def by_key(view: Callable[[HttpRequest, ApiKey], HttpResponse]) -> Door:
    """Let programs in by `Authorization: Bearer …`; cookies are not looked at, so that no other website can act for anybody."""

    @wraps(view)
    def door(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            key = _key(request, slug)
            response = _too_fast(f"key-{key.pk}", CALLS_A_MINUTE) if key else _unknown(request)
            response = response or view(request, key)  # type: ignore[arg-type]  # without a key there is a response
        except actions.BadRows as refusal:
            response = errors.problem(refusal.status, str(refusal.sentence), errors=refusal.errors)
        except Refused as refusal:
            response = errors.problem(refusal.status, str(refusal.sentence))
        response.headers["Cache-Control"] = "no-store"
        return response

    door.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is looked at: the key in the header is the permission
    return door


def _key(request: HttpRequest, slug: str) -> ApiKey | None:
    """The key of this cooperative that the request carries; None where it is none, revoked, or another cooperative's."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if not found or not found[1].startswith(PREFIX):
        return None
    digest = digest_of(found[1])
    key = ApiKey.objects.filter(digest=digest, revoked_at=None).select_related("cooperative__organisation").first()
    is_theirs = key is not None and constant_time_compare(key.digest, digest) and key.cooperative.organisation.slug == slug
    return key if is_theirs else None


def _unknown(request: HttpRequest) -> HttpResponse:
    slow = _too_fast(f"guess-{client_address(request)}", GUESSES_A_MINUTE)
    if slow:
        return slow
    refused = errors.problem(401, _("Send a key of this cooperative: Authorization: Bearer … The board makes keys."))
    refused.headers["WWW-Authenticate"] = "Bearer"
    return refused


def _too_fast(name: str, a_minute: int) -> HttpResponse | None:
    seconds = wait_by(name, "contributions", a_minute)
    if not seconds:
        return None
    slow = errors.problem(429, _("Please wait %(seconds)d seconds before you try again.") % {"seconds": seconds})
    slow.headers["Retry-After"] = str(seconds)
    return slow


@by_key
def contributions(request: HttpRequest, key: ApiKey) -> HttpResponse:
    """/api/v1/cooperatives/<slug>/contributions: POST enters one or up to a hundred, GET says the sums of what this program entered."""
    if request.method == "POST":
        return _post(request, key)
    if request.method in {"GET", "HEAD"}:
        return _sums(request, key)
    refused = errors.problem(405, _("This address takes GET and POST."))
    refused.headers["Allow"] = "GET, HEAD, POST"
    return refused


def _post(request: HttpRequest, key: ApiKey) -> HttpResponse:
    once = request.headers.get("Idempotency-Key", "")
    said = _("Send an Idempotency-Key: up to 100 visible characters, a new one for every new call. It makes a repeated call harmless.")
    require(_ONCE.fullmatch(once), said, BadInput)
    require(request.content_type == "application/json", _("Send JSON: Content-Type: application/json."), BadInput)
    answered = actions.post_contributions(key, _rows(request.body), once=once)
    return HttpResponse(json(answered), status=201, content_type="application/json")


def _rows(body: bytes) -> list[Any]:
    """One object is one contribution, `items` are many."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadInput(_("This is not JSON.")) from None
    require(isinstance(said, dict), _('Send an object: one contribution, or {"items": […]}.'), BadInput)
    if "items" not in said:
        return [said]
    require(isinstance(said["items"], list) and set(said) == {"items"}, _("items must be a list, and nothing else beside it."), BadInput)
    return list(said["items"])


def _sums(request: HttpRequest, key: ApiKey) -> HttpResponse:
    require(key.may_read, _("This key may not read sums."), NotAllowed)
    require(set(request.GET) <= {"year"}, _("This address takes only year."), BadInput)
    years = {str(one.ends_on.year): one for one in queries.years_of(key.cooperative)}
    asked = request.GET.get("year", "")
    year = years.get(asked) if asked else queries.year_of(key.cooperative)
    if year is None:
        raise BadInput(_("year: the year in which the fiscal year ends, one of %(years)s.") % {"years": ", ".join(sorted(years))})
    lines = queries.lines_in(key.cooperative, year)
    mine = lines.filter(posting__client=key.client) | lines.filter(reverses__posting__client=key.client)
    sums = queries.sums_by_type(Contribution.objects.filter(pk__in=mine.values("pk")))
    items = [
        {"type": one.key, "unit": one.unit, "sum": rules.write_exact(sums.get(one.pk, 0), one.unit)}
        for one in queries.types_of(key.cooperative)
    ]
    told = {"client": key.client, "starts_on": year.starts_on.isoformat(), "ends_on": year.ends_on.isoformat(), "items": items}
    return HttpResponse(json(told), content_type="application/json")


def openapi(request: HttpRequest) -> HttpResponse:
    """/api/v1/cooperatives/openapi.json: the description of this door (OpenAPI 3.1)."""
    return answer(request, json(described.description(f"{request.scheme}://{request.get_host()}")))
