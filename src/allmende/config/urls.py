"""Which doors are open. German addresses stand without a prefix, English ones under /en/; programs go in by /api/."""

import re
from importlib.util import find_spec
from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.utils.functional import cached_property

from allmende.ground.rooms import ROOMS
from allmende.people import views
from allmende.web.limits import slow_down

TRIES_A_MINUTE = 10

Doors = list[URLPattern | URLResolver]


class Corridor(URLResolver):
    """The addresses of one room. One look says whether any of them can be meant: there are hundreds, and every page asks for one."""

    @cached_property
    def sign(self) -> re.Pattern[str]:
        """What matches whenever one of the room's addresses does; the names of its parts are left out, as they stand there often."""
        ways = (one.pattern.regex.pattern for one in self.url_patterns)
        return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", way) for way in ways))

    def resolve(self, path: str) -> ResolverMatch:
        """As Django does, where the sign matches."""
        if not self.sign.match(path):
            raise Resolver404({"tried": [], "path": path})
        return super().resolve(path)


def _doors(kind: str) -> Doors:
    """Every room's `urls.py` (for people) or `api_urls.py` (for programs, one language), found by file name."""
    modules = [f"allmende.{room}.{kind}" for room in ROOMS if find_spec(f"allmende.{room}.{kind}")]
    return [_corridor(*include(module)) for module in modules]


def _corridor(module: Any, app_name: str | None, namespace: str | None) -> Corridor:
    return Corridor(RoutePattern(""), module, None, app_name, namespace)


# The libraries' own tables (second factors, sessions, tasks) are nobody's to browse; ours are registered by the rooms.
for _model in [model for model in admin.site._registry if not model.__module__.startswith("allmende.")]:
    admin.site.unregister(_model)

# The caretakers' door (ADR 0007) has an address that says so in German; it is no room, so it is mounted here.
# Signing in is allauth's (ADR 0009): its names have no namespace, so it is mounted here too.
_CARETAKERS: Doors = [
    path("verwaltung/login/", slow_down(views.to_sign_in, "login", TRIES_A_MINUTE)),
    path("verwaltung/", admin.site.urls),
]
_ACCOUNTS: Doors = [path("konto/", include("allmende.people.account_urls"))]

urlpatterns: Doors = [*_doors("api_urls"), *i18n_patterns(*_doors("urls"), *_ACCOUNTS, *_CARETAKERS, prefix_default_language=False)]

handler400 = "allmende.web.errors.bad_request"
handler403 = "allmende.web.errors.not_allowed"
handler404 = "allmende.web.errors.not_found"
handler429 = "allmende.web.errors.too_fast"  # Django does not know it; allauth asks for it
handler500 = "allmende.web.errors.fault"
