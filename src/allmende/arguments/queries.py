"""Questions about arguments: the columns beside a thing, the pages of one side, what is similar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allmende.arguments import access, rules
from allmende.arguments.models import Argument, Share, Side
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

HEADINGS = {Side.FOR: gettext_lazy("In favour"), Side.AGAINST: gettext_lazy("Opposed"), Side.QUESTION: gettext_lazy("Questions")}
"""What stands over the columns."""


@dataclass(frozen=True)
class Reader:
    """What is asked once for all arguments of a page: who reads, and what they may do here."""

    viewer: Viewer
    thing: Any
    now: datetime
    may_write: bool
    may_answer: bool
    is_moderator: bool
    sees_names: bool


@dataclass(frozen=True)
class Line:
    """One argument as one viewer sees it."""

    argument: Argument
    name: str
    shares: int
    is_shared: bool
    is_own: bool
    may_share: bool
    may_change: bool


@dataclass(frozen=True)
class Column:
    """One side: the first lines, how many there are, and how many more."""

    side: str
    heading: str
    lines: list[Line]
    count: int

    @property
    def more(self) -> int:
        """How many stand only on the page of this side."""
        return self.count - len(self.lines)

    @property
    def more_said(self) -> str:
        """The words of the link to all of them."""
        return _more(self.side)(self.more) % {"n": self.more}


def _more(side: str) -> Callable[[int], str]:
    if side == Side.FOR:
        return lambda n: ngettext("%(n)d more argument in favour", "%(n)d more arguments in favour", n)
    if side == Side.AGAINST:
        return lambda n: ngettext("%(n)d more argument against", "%(n)d more arguments against", n)
    return lambda n: ngettext("%(n)d more question", "%(n)d more questions", n)


def reader(viewer: Viewer, thing: Any, now: datetime) -> Reader:
    """Who reads the arguments about a thing."""
    return Reader(
        viewer,
        thing,
        now,
        may_write=access.may_write(viewer, thing),
        may_answer=access.may_answer(viewer, thing),
        is_moderator=access.may_moderate_thing(viewer, thing),
        sees_names=subjects.reads_talk(thing, viewer),
    )


def columns(who: Reader) -> list[Column]:
    """The three sides with their first lines: five questions to the database, however many arguments there are."""
    counts = _seen(who).order_by().values_list("side").annotate(n=Count("pk"))
    by_side = dict(counts)
    found = []
    for side in Side.values:
        rows = _ranked(who, side)[: rules.SHOWN_FIRST] if by_side.get(side) else []
        lines = [line(who, one) for one in rows]
        found.append(Column(side, str(HEADINGS[Side(side)]), lines, by_side.get(side, 0)))
    return found


def page(who: Reader, side: str, number: str | int | None) -> tuple[Page[Argument], list[Line]]:
    """One page of one side, the most shared first, then the earlier ones."""
    found = Paginator(_ranked(who, side), rules.A_PAGE).get_page(number)
    return found, [line(who, one) for one in found.object_list]


def line(who: Reader, argument: Argument) -> Line:
    """One argument with what this reader may do about it."""
    is_own = is_person(who.viewer) and argument.author_id == who.viewer.pk
    shares: int = getattr(argument, "n_shares", 0)
    return Line(
        argument,
        called(argument.author if who.sees_names or is_own else None),
        shares,
        is_shared=bool(getattr(argument, "is_mine", False)),
        is_own=is_own,
        may_share=who.may_write and not is_own and argument.hidden_at is None,
        may_change=is_own and not shares and argument.hidden_at is None and rules.may_change(argument.created_at, who.now),
    )


def called(person: Person | None) -> str:
    """The name that stands beside what somebody wrote."""
    return person.name if person is not None and person.name else _("A member")


def address_of(who: Reader, argument: Argument) -> str:
    """Where an argument stands: the page of its side, its anchor."""
    ranked = list(_ranked(who, argument.side).values_list("pk", flat=True))
    number = ranked.index(argument.pk) // rules.A_PAGE + 1 if argument.pk in ranked else 1
    url = reverse("arguments:arguments", args=[argument.about_kind, argument.about_id])
    step = f"&page={number}" if number > 1 else ""
    return f"{url}?side={argument.side}{step}#argument-{argument.pk}"


def similar(thing: Any, side: str, text: str) -> list[Argument]:
    """What was said on this side already and says much the same, the most alike first."""
    there = Argument.objects.filter(about_kind=subjects.of(thing).kind, about_id=thing.pk, side=side, withdrawn_at=None, hidden_at=None)
    found = rules.similar(text, there.order_by("-created_at").values_list("pk", "text")[: rules.MOST_COMPARED])
    by_pk = there.in_bulk(found)
    return [by_pk[pk] for pk in found]


def lines_of(who: Reader, arguments: list[Argument]) -> list[Line]:
    """These arguments in this order, as this reader sees them."""
    by_pk = {one.pk: one for one in _with_shares(who, _seen(who).filter(pk__in=[one.pk for one in arguments]))}
    return [line(who, by_pk[one.pk]) for one in arguments if one.pk in by_pk]


def written_lately(person: Person, now: datetime) -> QuerySet[Argument]:
    """What somebody wrote within the last hour, withdrawn ones too."""
    return Argument.objects.filter(author=person, created_at__gt=now - rules.AN_HOUR)


def count(thing: Any) -> int:
    """How many arguments and questions there are to read."""
    return Argument.objects.filter(about_kind=subjects.of(thing).kind, about_id=thing.pk, withdrawn_at=None, hidden_at=None).count()


def _seen(who: Reader) -> QuerySet[Argument]:
    return access.about(who.viewer, who.thing, is_moderator=who.is_moderator)


def _ranked(who: Reader, side: str) -> QuerySet[Argument]:
    return _with_shares(who, _seen(who).filter(side=side))


def _with_shares(who: Reader, found: QuerySet[Argument]) -> QuerySet[Argument]:
    mine: Exists | Value = Value(False, output_field=BooleanField())
    if is_person(who.viewer):
        mine = Exists(Share.objects.filter(Q(person=who.viewer), argument=OuterRef("pk")))
    return (
        found.select_related("author", "answered_by")
        .annotate(n_shares=Count("shares"), is_mine=mine)
        .order_by("-n_shares", "created_at", "pk")
    )
