"""The books examined by themselves: what has to add up, worked out anew from the lines of the ledgers. Nothing is repaired here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from allmende.constitution import keeping
from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_on
from allmende.ground.money import euros
from allmende.members import queries as members
from allmende.members.access import active_on
from allmende.members.models import Kind, Membership, ShareEntry
from allmende.money import queries as money
from allmende.money.models import Account
from allmende.money.statements import trial_balance


@dataclass(frozen=True)
class Check:
    """One thing that was examined: what, whether it holds, and the numbers behind it."""

    name: str
    holds: bool
    detail: str


Examining = Callable[[Cooperative, date], Check]


def examine(cooperative: Cooperative, on: date) -> list[Check]:
    """Everything that must add up on this day."""
    return [one(cooperative, on) for one in CHECKS]


def _shares(cooperative: Cooperative, on: date) -> Check:
    """The list and the ledger say the same number of shares."""
    ledger = members.totals_on(cooperative, on).shares
    listed = members.register_on(cooperative, on).aggregate(sum=Sum("shares"))["sum"] or 0
    words = _("List %(listed)d, share ledger %(ledger)d") % {"listed": listed, "ledger": ledger}
    return Check(_("Shares of the list equal those of the ledger"), listed == ledger, words)


def _mandatory(cooperative: Cooperative, on: date) -> Check:
    """Every active member has what the statute asks for; nobody who left has any."""
    statute = statute_on(cooperative, on)
    held = Coalesce(members.shares_on(on), 0)
    all_of_them = Membership.objects.filter(cooperative=cooperative).annotate(held=held)
    active = all_of_them.filter(active_on(on)).exclude(kind=Kind.SUPPORTING)
    few = active.filter(held__lt=statute.mandatory_shares if statute else 1).count()
    left = all_of_them.exclude(active_on(on)).exclude(held=0).count()
    words = _("%(few)d members with too few shares, %(left)d with shares without being members") % {"few": few, "left": left}
    return Check(_("Every member holds the mandatory shares, nobody else holds any"), not few and not left, words)


def _transfers(cooperative: Cooperative, on: date) -> Check:
    """What one gave, another took."""
    moved = ShareEntry.objects.filter(membership__cooperative=cooperative, effective_on__lte=on, kind__startswith="transfer")
    rest = moved.aggregate(sum=Sum("quantity"))["sum"] or 0
    return Check(_("Transferred shares were taken over by others"), rest == 0, _("Difference %(rest)d") % {"rest": rest})


def _balanced(cooperative: Cooperative, on: date) -> Check:
    """Debits equal credits."""
    rows = trial_balance(cooperative, on)
    debits, credits = sum(row.debits for row in rows), sum(row.credits for row in rows)
    words = _("Debits %(debits)s, credits %(credits)s") % {"debits": euros(debits), "credits": euros(credits)}
    return Check(_("Debits equal credits"), debits == credits, words)


def _capital(cooperative: Cooperative, on: date) -> Check:
    """Members' balances add up to the account; nobody is below zero."""
    balances = money.balances(cooperative, Account.CAPITAL, on)
    total, below = money.account_total(cooperative, Account.CAPITAL, on), sum(1 for cents in balances.values() if cents < 0)
    words = _("Members %(sum)s, account %(total)s, %(below)d below zero")
    said = words % {"sum": euros(sum(balances.values())), "total": euros(total), "below": below}
    return Check(_("The members’ capital adds up to its account"), sum(balances.values()) == total and not below, said)


def _not_too_much(cooperative: Cooperative, on: date) -> Check:
    """Nobody has more capital than shares are worth; more is a payment that belongs elsewhere."""
    worth = dict(
        ShareEntry.objects.filter(membership__cooperative=cooperative)
        .filter(Q(effective_on__lte=on))
        .order_by()
        .values_list("membership")
        .annotate(worth=Sum(F("quantity") * F("share_cents")))
    )
    gone = set(Membership.objects.filter(cooperative=cooperative, ends_on__lt=on).values_list("pk", flat=True))
    balances = money.balances(cooperative, Account.CAPITAL, on)
    over = sum(1 for pk, cents in balances.items() if cents > worth.get(pk, 0) and pk not in gone)
    return Check(_("Nobody has more capital than shares"), not over, _("%(over)d members with more") % {"over": over})


def _documents(cooperative: Cooperative, on: date) -> Check:
    """The documents of the statutes are the ones whose SHA-256 was kept."""
    known = Statute.objects.filter(cooperative=cooperative).exclude(document="")
    broken = [one.version for one in known if not _is_whole(one)]
    words = _("%(count)d documents") % {"count": known.count()}
    return Check(_("Documents of the statutes are unchanged"), not broken, words)


def _is_whole(statute: Statute) -> bool:
    path = keeping.path_of(statute.sha256)
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == statute.sha256


CHECKS: tuple[Examining, ...] = (_shares, _mandatory, _transfers, _balanced, _capital, _not_too_much, _documents)
