"""Which requests may be answered by a replica: those that only read, from people who have not written lately (ADR 0019)."""

from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from allmende.ground import replicas

Handler = Callable[[HttpRequest], HttpResponseBase]
WROTE = "allmende_schrieb"
"""The cookie of whoever wrote a moment ago. It holds the moment and a signature, nothing about anybody, and is gone in seconds."""

READING = {"GET", "HEAD", "OPTIONS"}
AT_THE_PRIMARY = ("/verwaltung/", "/en/verwaltung/", "/healthz")  # who works on the data itself; whether the house can do all it should
_signer = signing.TimestampSigner(salt="web.replicas")


def lasts() -> int:
    """Seconds that a writer reads from the primary. A replica that is still asked then has followed: see MARGIN."""
    return int(settings.REPLICA_LAG) + replicas.MARGIN


def wrote_lately(request: HttpRequest) -> bool:
    """Whether this client says, by our own signature, that it has just written."""
    value = request.COOKIES.get(WROTE)
    if not value:
        return False
    try:
        _signer.unsign(value, max_age=lasts())
    except signing.BadSignature:
        return False
    return True


class Replicas:
    """Answers reading requests from a replica; those that turn out to write are answered again, from the beginning, by the primary."""

    def __init__(self, get_response: Handler) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in READING or request.path_info.startswith(AT_THE_PRIMARY) or wrote_lately(request):
            return self.answer(request)
        as_it_came = dict(vars(request))

        def answer() -> HttpResponseBase:
            vars(request).clear()
            vars(request).update(as_it_came)
            return self.answer(request)

        return replicas.read(answer)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, which tells a writer's browser that it wrote. Guests who only looked get no cookie, whatever was counted."""
        with replicas.noting_writes() as noted:
            response = self.get_response(request)
        is_known = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        if request.method not in READING or (noted.wrote and is_known):
            response.set_cookie(WROTE, _signer.sign(""), lasts(), httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What a replica refused is no fault: nobody is to be told, and the answer is thrown away."""
        return HttpResponse(status=503) if replicas.is_lost() else None


def sessions(get_response: Handler) -> Handler:
    """Stands inside the sessions. Saving one is writing, which is better known before it fails loudly; and no replica may say that a
    session has ended, for it may only not know it yet.
    """
    if not settings.REPLICAS:
        raise MiddlewareNotUsed

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_unknown = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
        if replicas.is_reading() and (request.session.modified or is_unknown):
            replicas.give_up()
            request.session.modified = False
        return response

    return handle
