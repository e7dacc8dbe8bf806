"""Questions about contributions. What counts is asked in one place: `counted`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, statute_on
from allmende.contributions import access, rules, rulesets
from allmende.contributions.models import (
    ClosedYear,
    Contribution,
    ContributionType,
    Purpose,
    RuleChoice,
    Unit,
    Verdict,
)
from allmende.contributions.rules import Year
from allmende.members.models import Membership
from allmende.people.queries import Viewer

CALENDAR = 12


def come_in(viewer: Viewer, slug: str) -> Cooperative:
    """The cooperative for pages on contributions; Http404 for whoever may see nothing there."""
    cooperative = cooperative_at(viewer, slug)
    if not access.may_come_in(viewer, cooperative):
        raise Http404
    return cooperative


def counted(lines: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Those that count: at once, or because a second person confirmed them. Reversals count as what they reverse does."""
    return lines.filter(Q(counts_at_once=True) | Q(confirmation__verdict=Verdict.CONFIRMED))


def with_state(lines: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """With all that `state_of` and a row of a list need, in one question."""
    return lines.select_related("type", "confirmation", "reversed_by", "membership")


def state_of(line: Contribution) -> str:
    """reversal, reversed, confirmed, refused or waiting."""
    if line.reverses_id:
        return "reversal"
    if getattr(line, "reversed_by", None):
        return "reversed"
    if line.counts_at_once:
        return "confirmed"
    confirmation = getattr(line, "confirmation", None)
    return confirmation.verdict if confirmation else "waiting"


def state_name(state: str) -> str:
    """The state in words."""
    return {
        "waiting": _("waits for confirmation"),
        "confirmed": pgettext("contribution", "confirmed"),
        "refused": pgettext("contribution", "refused"),
        "reversed": pgettext("contribution", "taken back"),
        "reversal": pgettext("contribution", "reversal"),
    }[state]


# ------------------------------------------------------------------------------------------------------------------ kinds, years


def types_of(cooperative: Cooperative) -> list[ContributionType]:
    """All kinds of contributions here, also those that are not entered any more."""
    return list(ContributionType.objects.filter(cooperative=cooperative))


def type_name(one: ContributionType) -> str:
    """Its name in the reader's language."""
    return one.name_en if one.name_en and (get_language() or "").startswith("en") else one.name


def amount_of(one: ContributionType, amount: int) -> str:
    """An amount of this kind in words."""
    return rules.write_amount(amount, one.unit, one.unit_name)


def fiscal_month(cooperative: Cooperative, day: date) -> int:
    """The month with which fiscal years end by the statute of that day; December where there is none yet."""
    statute = statute_on(cooperative, day)
    return statute.fiscal_month if statute else CALENDAR


def year_of(cooperative: Cooperative, day: date | None = None) -> Year:
    """The fiscal year of this day (today)."""
    day = day or localdate()
    return rules.year_of(day, fiscal_month(cooperative, day))


def years_of(cooperative: Cooperative) -> list[Year]:
    """From the first contribution to this year, the latest first."""
    today = localdate()
    first = Contribution.objects.filter(cooperative=cooperative).aggregate(first=Min("done_on"))["first"]
    return rules.years_between(min(first or today, today), today, fiscal_month(cooperative, today))


def closed_until(cooperative: Cooperative) -> date | None:
    """The last day of the last year the board has closed."""
    found: date | None = ClosedYear.objects.filter(cooperative=cooperative).aggregate(last=Max("ends_on"))["last"]
    return found


# ------------------------------------------------------------------------------------------------------------------------- sums


def lines_in(cooperative: Cooperative, year: Year) -> QuerySet[Contribution]:
    """All lines of work done in this year, in no order."""
    return Contribution.objects.filter(cooperative=cooperative, done_on__gte=year.starts_on, done_on__lte=year.ends_on).order_by()


def sums_by_type(lines: QuerySet[Contribution]) -> dict[int, int]:
    """The sum of each kind."""
    return dict(lines.order_by().values_list("type").annotate(sum=Sum("amount")).values_list("type", "sum"))


def sums_by_group(cooperative: Cooperative, year: Year) -> dict[int, dict[str, int]]:
    """What counts in a year: kind -> key of the group the member belonged to on that day ("" for none) -> sum."""
    lines = counted(lines_in(cooperative, year))
    since, until = F("done_on"), Q(membership__group_times__until=None) | Q(membership__group_times__until__gte=F("done_on"))
    grouped = lines.filter(until, membership__group_times__since__lte=since)
    rows = grouped.values_list("type", "membership__group_times__group__key").annotate(sum=Sum("amount"))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for kind, key, amount in rows:
        found[kind][key] = amount
    for kind, whole in sums_by_type(lines).items():
        if rest := whole - sum(found[kind].values()):
            found[kind][""] = rest
    return dict(found)


def sums_by_member(lines: QuerySet[Contribution]) -> dict[int, int]:
    """The sum of each member, by membership."""
    return dict(lines.order_by().values_list("membership").annotate(sum=Sum("amount")).values_list("membership", "sum"))


# -------------------------------------------------------------------------------------------------------------------- rule sets


def choice_on(cooperative: Cooperative, purpose: str, day: date) -> RuleChoice | None:
    """The rule set that holds on this day for this purpose."""
    chosen = RuleChoice.objects.filter(cooperative=cooperative, purpose=purpose, valid_from__lte=day)
    return chosen.order_by("-valid_from", "-pk").first()


def turnover(cooperative: Cooperative, start: date, end: date) -> dict[int, int]:
    """What counts of each member's turnover for the refund between two days, in cents."""
    lines = counted(Contribution.objects.filter(cooperative=cooperative, done_on__gte=start, done_on__lte=end))
    return sums_by_member(lines.filter(type__unit=Unit.TURNOVER, type__counts_for_refund=True))


def refund_base(cooperative: Cooperative, start: date, end: date) -> dict[int, int]:
    """The base of the patronage refund (§ 22 KStG): cents by membership, by the rule set that holds on `end`.

    Without a choice of the board every counted turnover is the base.
    """
    choice = choice_on(cooperative, Purpose.REFUND, end)
    rule = rulesets.found(choice.key, choice.version) if choice else rulesets.of_purpose(Purpose.REFUND)[0]
    base: dict[int, int] = rule.rule(turnover(cooperative, start, end), choice.parameters if choice else rule.defaults)
    return base


def recognitions(cooperative: Cooperative, year: Year, choice: RuleChoice | None, only: Membership | None = None) -> dict[int, str]:
    """What members read as recognition in a year by this choice, by membership; nobody where nothing is chosen."""
    if choice is None:
        return {}
    rule = rulesets.found(choice.key, choice.version)
    lines = counted(lines_in(cooperative, year)).filter(type__unit=Unit.HOURS)
    if only:
        lines = lines.filter(membership=only)
    done: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for membership, day, amount in lines.values_list("membership", "done_on").annotate(sum=Sum("amount")):
        done[membership].append((day, amount))
    said = {pk: rule.rule(days, choice.parameters) for pk, days in done.items()}
    return {pk: words for pk, words in said.items() if words}


def recognition_of(membership: Membership, year: Year) -> str:
    """The sentence this member reads for a year; empty without."""
    choice = choice_on(membership.cooperative, Purpose.RECOGNITION, min(year.ends_on, localdate()))
    return recognitions(membership.cooperative, year, choice, membership).get(membership.pk, "")


# ------------------------------------------------------------------------------------------------------------------------ lists


def latest(cooperative: Cooperative, number: int = 6) -> list[Contribution]:
    """What was entered last of all that counts."""
    found = counted(Contribution.objects.filter(cooperative=cooperative, reverses=None, reversed_by=None))
    return list(found.select_related("type").order_by("-pk")[:number])


def groups_then(lines: Iterable[Contribution]) -> dict[int, str]:
    """The key of the group each line's member belonged to on its day, in one question; lines without are absent."""
    shown = list(lines)
    times = (
        Membership.objects.filter(pk__in={one.membership_id for one in shown}, group_times__isnull=False)
        .values_list("pk", "group_times__since", "group_times__until", "group_times__group__key")
        .order_by()
    )
    found: dict[int, str] = {}
    for pk, since, until, key in times:
        for one in shown:
            if one.membership_id == pk and since <= one.done_on <= (until or date.max):
                found[one.pk] = key
    return found
