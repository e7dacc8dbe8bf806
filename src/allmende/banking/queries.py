"""Questions about bank accounts, mandates, statements and orders."""

from datetime import date

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _

from allmende.banking import rules
from allmende.banking.models import Creditor, Item, Line, Mandate, Part, PayoutAccount, Run, RunState
from allmende.constitution.models import Cooperative
from allmende.ground.refusals import Refused
from allmende.members.models import Membership
from allmende.money import queries as money
from allmende.money.models import BankAccount, Payable
from allmende.people.models import Person


def creditor_of(cooperative: Cooperative) -> Creditor:
    """As whom it collects; an unsaved empty one where nothing was said yet."""
    return Creditor.objects.filter(cooperative=cooperative).first() or Creditor(cooperative=cooperative)


def mandate_of(membership: Membership) -> Mandate | None:
    """The mandate that holds, or is halted."""
    return Mandate.objects.filter(membership=membership, revoked_at=None).first()


def payout_account_of(membership: Membership) -> PayoutAccount | None:
    """Where payouts go, if the member has said so."""
    return PayoutAccount.objects.filter(membership=membership).first()


def mandate_text(cooperative: Cooperative) -> str:
    """What a member agrees to, word by word (the text of the EPC for the core scheme), in the language of the page."""
    creditor = creditor_of(cooperative)
    return _(
        "I authorise %(creditor)s (creditor identifier %(id)s) to collect payments from my account by direct debit. At the same time I "
        "instruct my bank to honour the direct debits drawn by %(creditor)s on my account. I can demand a refund of the amount debited "
        "within eight weeks from the date of the debit; the terms agreed with my bank apply. %(creditor)s tells me amount and date at "
        "least %(days)d days before a debit. The mandate reference is sent to me with the confirmation."
    ) % {"creditor": str(cooperative), "id": creditor.creditor_id or _("to be announced"), "days": creditor.notice_days}


def is_valid(mandate: Mandate, day: date) -> bool:
    """Whether money may be collected with it on this day."""
    return rules.is_valid_mandate(mandate.signed_on, mandate.last_used_on, bool(mandate.revoked_at), bool(mandate.suspended_at), day)


def account_of(cooperative: Cooperative) -> BankAccount:
    """The account of the cooperative that orders are made for; Refused with a sentence where there is none."""
    found = BankAccount.objects.filter(cooperative=cooperative).order_by("-is_default", "pk").first()
    if found is None:
        raise Refused(_("Enter the account of the cooperative first, under “Money”."))
    return found


# ------------------------------------------------------------------------------------------------------------ lines


def counting(parts: QuerySet[Part]) -> QuerySet[Part]:
    """Parts that count: neither taken back here, nor their booking reversed elsewhere."""
    return parts.filter(Q(booking=None) | Q(booking__reversed_by=None), undone_at=None)


def live_parts(line: Line) -> QuerySet[Part]:
    """What this line was, as far as it is known."""
    return counting(Part.objects.filter(line=line))


def rest_of(line: Line) -> int:
    """What of the line is neither booked nor known from an order, in cents above zero."""
    booked: int = live_parts(line).aggregate(sum=Sum("cents"))["sum"] or 0
    return abs(line.cents) - booked


def is_open(line: Line) -> bool:
    """Whether somebody still has to say what it was."""
    return line.ignored_at is None and rest_of(line) > 0


def with_rest(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Lines, each with `booked` and `rest` in cents."""
    mine = counting(Part.objects.filter(line=OuterRef("pk"))).order_by().values("line").annotate(sum=Sum("cents")).values("sum")
    booked = Coalesce(Subquery(mine, output_field=IntegerField()), 0)
    return lines.annotate(booked=booked, rest=Abs("cents") - F("booked"))


def lines_of(cooperative: Cooperative, state: str = "open") -> QuerySet[Line]:
    """The lines of the bank account, latest first: `open`, `booked`, `ignored` or all."""
    found = with_rest(Line.objects.filter(cooperative=cooperative)).select_related("statement", "twin")
    if state == "open":
        return found.filter(ignored_at=None, rest__gt=0)  # type: ignore[misc]
    if state == "booked":
        return found.filter(booked__gt=0)  # type: ignore[misc]
    return found.filter(ignored_at__isnull=False) if state == "ignored" else found


# ------------------------------------------------------------------------------------------------------------ orders


def items_of(run: Run) -> QuerySet[Item]:
    """What stands in the order, also what was left out of its file."""
    named = "membership", "request", "payable", "mandate", "booking", "return_booking"
    return Item.objects.filter(run=run).select_related(*named).order_by("membership__number", "pk")


def total_of(run: Run) -> int:
    """What the bank moves for this order, in cents."""
    return Item.objects.filter(run=run, dropped_reason="").aggregate(sum=Sum("cents"))["sum"] or 0


def runs_of(cooperative: Cooperative, kind: str) -> QuerySet[Run]:
    """Orders of a kind, latest first, with `total` and `number` of what is in their files."""
    mine = Item.objects.filter(run=OuterRef("pk"), dropped_reason="").order_by().values("run")
    total = Subquery(mine.annotate(sum=Sum("cents")).values("sum"), output_field=IntegerField())
    number = Subquery(mine.annotate(number=Sum(1)).values("number"), output_field=IntegerField())
    return Run.objects.filter(cooperative=cooperative, kind=kind).annotate(total=Coalesce(total, 0), number=Coalesce(number, 0))


def in_an_order(column: str) -> Exists:
    """As a filter of requests or payables: whether they stand in an order that waits."""
    return Exists(Item.objects.filter(**{column: OuterRef("pk")}, is_open=True))


def runs_waiting(cooperative: Cooperative, day: date) -> QuerySet[Run]:
    """Orders whose day has come and that nobody has marked as done."""
    waiting = (RunState.ANNOUNCED, RunState.FILED)
    return Run.objects.filter(cooperative=cooperative, state__in=waiting, due_on__lte=day).order_by("due_on")


def owed_to(person: Person) -> QuerySet[Payable]:
    """What is still to be paid out to this person."""
    owed = money.payables_with_paid(Payable.objects.filter(membership__person=person, withdrawn_at=None))
    return owed.filter(left__gt=0)  # type: ignore[misc]


def without_account(cooperative: Cooperative, day: date) -> int:
    """How many members are owed something due until this day and have not said to which account."""
    due = money.open_payables(cooperative).filter(due_on__lte=day, membership__payout_account=None)
    return due.order_by().values("membership").distinct().count()
