"""Looking at the websites of entries: what was found is written down, and a website that stays silent becomes a question to somebody."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.directory.access import keepers_of
from allmende.directory.models import Organisation, State
from allmende.freshness import fetching, rules
from allmende.freshness.fetching import Found
from allmende.freshness.models import LinkCheck
from allmende.ground import outbox, trail
from allmende.people.actions import tell

AT_THE_SAME_TIME = 8


def agent() -> str:
    """Who asks, and where to complain."""
    contact = settings.CONTACT or outbox.link("/")
    return f"AllmendeLinkCheck/1.0 (+{outbox.link('/zahlen/frische/')}; {contact})".encode("ascii", "ignore").decode().replace("\n", " ")


def check(pks: Sequence[int], now: datetime) -> int:
    """Look at the websites of these entries and write down what was found; how many. A second run on the same day looks at none."""
    fresh = LinkCheck.objects.filter(organisation__in=pks, checked_at__gt=now - rules.CHECK_EVERY).values("organisation")
    chosen = list(Organisation.objects.filter(pk__in=pks, state=State.PUBLISHED).exclude(website="").exclude(pk__in=fresh))
    asked_as = agent()
    with ThreadPoolExecutor(AT_THE_SAME_TIME) as pool:  # these threads touch no database
        found = list(pool.map(lambda one: fetching.look(one.website, asked_as), chosen))
    if rules.is_our_own_net(one.result for one in found):
        trail.record("freshness.net_down", websites=len(found))
        return 0
    for organisation, one in zip(chosen, found, strict=True):
        note(organisation, one, now)
    return len(found)


@transaction.atomic
def note(organisation: Organisation, found: Found, now: datetime) -> LinkCheck:
    """Write down one look. A website the entry does not name any more begins anew."""
    check = LinkCheck.objects.select_for_update().filter(organisation=organisation).first()
    if check is None or check.url != organisation.website:
        check = LinkCheck(pk=check.pk if check else None, organisation=organisation, url=organisation.website)
    check.checked_at, check.result, check.status = now, found.result, found.status
    _count_failures(check, found, now)
    _count_moves(check, found)
    is_question = rules.is_gone(check.failures, check.first_failed_at, now) or rules.is_moved(check.moved_times)
    if not is_question:
        check.raised_at = check.settled_at = check.settled_by = None
    is_new = is_question and check.raised_at is None
    check.raised_at = now if is_new else check.raised_at
    check.save()
    if is_new:
        trail.record("freshness.link_raised", about=organisation, result=check.result, failures=check.failures)
        _tell(check)
    return check


def _count_failures(check: LinkCheck, found: Found, now: datetime) -> None:
    if found.result in rules.ANSWERING:
        check.failures, check.first_failed_at = 0, None
    else:
        check.failures, check.first_failed_at = check.failures + 1, check.first_failed_at or now


def _count_moves(check: LinkCheck, found: Found) -> None:
    target = found.moved_to[:500]
    same = bool(target) and fetching.host_of(target) == fetching.host_of(check.moved_to)
    check.moved_times = (check.moved_times + 1 if same else 1) if target else 0
    check.moved_to = target


def sentence(check: LinkCheck) -> str:
    """What there is to say about a website, in one sentence."""
    if check.moved_times and not check.failures:
        return _("The website has moved to %(where)s.") % {"where": check.moved_to}
    why = {
        rules.Result.NO_HOST: _("its name is not known any more"),
        rules.Result.NO_ANSWER: _("no server answers"),
        rules.Result.MISSING: _("the page is not there"),
        rules.Result.FAULT: _("the server reports a fault"),
        rules.Result.CERTIFICATE: _("its certificate is not valid"),
        rules.Result.CIRCLE: _("it sends visitors round in circles"),
        rules.Result.PRIVATE: _("it leads to an address that is not on the public net"),
    }.get(rules.Result(check.result), "")
    return _("The website has not answered well at %(n)d checks in a row: %(why)s.") % {"n": check.failures, "why": why}


def _tell(check: LinkCheck) -> None:
    """A question to everybody who looks after the entry; who wants no mail finds it under "Mein Bereich"."""
    organisation = check.organisation
    for person in keepers_of(organisation):
        with translation.override(person.language):
            tell(
                person,
                kind="freshness.website",
                subject=_("Is the website of “%(name)s” still right?") % {"name": organisation.name},
                text=f"{check.url}\n\n{sentence(check)} "
                + _("Please look whether the entry names the right address. Nothing has been changed."),
                path=f"/o/{organisation.slug}/",
            )
