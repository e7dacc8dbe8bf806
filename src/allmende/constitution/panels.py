"""What this room shows elsewhere: its link over a cooperative's pages, what waits for offices, the statute in a few facts, the way in."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access, queries, rules, wording
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.constitution.tabs import link
from allmende.directory.models import Organisation
from allmende.web.panels import panel


@panel("cooperative.tabs", order=20)
def tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """Statute."""
    return link(request, cooperative, "constitution:statute", _("Statute"), current=("constitution",))


@panel("directory.organisation.side", order=30)
def on_entry(request: HttpRequest, item: Organisation) -> str:
    """On an entry: the statute of a cooperative, or for whoever answers for it the way to set one up."""
    cooperative = queries.of_entry(request.user, item)
    if cooperative is None and not access.may_set_up(request.user, item):
        return ""
    return render_to_string("constitution/parts/organisation.html", {"item": item, "cooperative": cooperative}, request)


@panel("cooperative.side", order=20)
def facts(request: HttpRequest, cooperative: Cooperative) -> str:
    """What a share costs, how long notice is, who is on the board."""
    today = localdate()
    statute = queries.statute_on(cooperative, today)
    said = {name: wording.value(f"{name}_{unit}", getattr(statute, f"{name}_{unit}")) for name, unit in _FACTS} if statute else {}
    board = access.offices_on(today).filter(cooperative=cooperative, kind=OfficeKind.BOARD).order_by("since", "pk")
    context = {"cooperative": cooperative, "statute": statute, "facts": said, "board": board}
    return render_to_string("constitution/parts/side.html", context, request)


_FACTS = (("share", "cents"), ("notice", "months"))


@panel("cooperative.waiting", order=10)
def waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """A missing statute, a draft, the end of the permission for text form, empty seats, terms that end."""
    if not access.may_read(request.user, cooperative):
        return ""
    today = localdate()
    statute = queries.statute_on(cooperative, today)
    may_decide = access.may_decide(request.user, cooperative)
    context = {
        "cooperative": cooperative,
        "statute": statute,
        "may_decide": may_decide,
        "draft": queries.draft_of(cooperative) if may_decide else None,
        "expires": rules.WRITTEN_BY_TEXT_UNTIL if statute and statute.text_form_since and today <= rules.WRITTEN_BY_TEXT_UNTIL else None,
        "missing": max(0, statute.board_size - queries.board_on(cooperative, today)) if statute else 0,
        "ending": queries.terms_ending(cooperative, today),
        "lacks_association": may_decide and not cooperative.audit_association and queries.is_by_geng(cooperative),
    }
    return render_to_string("constitution/parts/waiting.html", context, request)
