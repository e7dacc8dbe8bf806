"""The cooperative these tests leave: a board, three members with accounts, money in the books."""

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from allmende.constitution.models import OfficeKind
from allmende.leaving import actions, queries
from allmende.leaving.models import Reason, Scope, Termination
from allmende.leaving.queries import Wanted
from allmende.members.models import Membership
from allmende.money import actions as money
from allmende.money.actions import Line
from allmende.money.models import Account, BookingKind
from allmende.people.models import Person
from tests import coops

START = date(2025, 1, 1)
ORDINARY = Wanted()


class House:
    """A cooperative by the law's own numbers, unless said otherwise."""

    def __init__(self, **statute: Any) -> None:
        self.of = coops.cooperative()
        self.slug = self.of.organisation.slug
        self.statute = coops.statute(self.of, **statute)
        self.board = coops.office(self.of)
        self.second = coops.office(self.of)
        self.administration = coops.office(self.of, OfficeKind.ADMINISTRATION)
        self.books = coops.office(self.of, OfficeKind.BOOKKEEPING)
        self.anna, self.ben = coops.person("anna"), coops.person("ben")
        self.member = self.join(shares=4, person=self.anna, family_name="Acker")
        self.other = self.join(shares=2, person=self.ben, family_name="Beet")

    def join(self, **fields: Any) -> Membership:
        """Another member."""
        return coops.member(self.of, self.board, joined_on=START, is_opening=True, **fields)

    def pay(self, member: Membership, cents: int, on: date = START) -> None:
        """Capital that was there before."""
        line = Line(BookingKind.OPENING, Account.OPENING, Account.CAPITAL, cents, on, member)
        money.book(self.of, [line], by=self.board)

    def notice(self, wanted: Wanted = ORDINARY, member: Membership | None = None, by: Person | None = None) -> Termination:
        """A member gives notice by the page."""
        member = member or self.member
        member.refresh_from_db()
        shown = queries.foresee(member, wanted, localdate()).text
        return actions.give_notice(member, wanted, shown=shown, by=by or self.anna)[0]

    def single(self, quantity: int) -> Termination:
        """Single shares."""
        return self.notice(Wanted(Scope.SINGLE, quantity, Reason.NOTICE))

    def confirmed(self, found: Termination, **more: Any) -> Termination:
        """The board confirms."""
        actions.confirm_exit(found, by=self.board, **more)
        found.refresh_from_db()
        return found

    def url(self, name: str, *args: Any) -> str:
        """An address of this room."""
        return reverse(f"leaving:{name}", args=[self.slug, *args])


def inside(person: Person) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(person)
    return client
