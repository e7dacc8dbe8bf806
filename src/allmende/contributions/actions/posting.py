"""A program of the cooperative enters contributions: all of a call or none, and the same call once."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.contributions import checking, rules
from allmende.contributions.checking import Book
from allmende.contributions.models import ApiKey, Contribution, ContributionType, Posting, Source
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.models import Membership

FIELDS = frozenset({"member", "type", "amount", "done_on", "text"})
REQUIRED = ("member", "type", "amount", "done_on")
LONGEST_KEY = 100

Row = Mapping[str, Any]


class BadRows(BadInput):
    """Some rows of a call cannot be entered, so none was: which, and why."""

    status = 422

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(_("Nothing was entered: %(n)d of the contributions cannot be.") % {"n": len(errors)})
        self.errors = errors


@transaction.atomic
def post_contributions(key: ApiKey, rows: Sequence[Row], *, once: str = "") -> dict[str, Any]:
    """Enter these contributions; they count at once. Answers with the id of each in their order.

    `once` is the caller's idempotency key: the same key with the same rows gives the answer of the first time, with other rows Refused.
    Without one every call is a new one.
    """
    cooperative = locked(key.cooperative)
    key = ApiKey.objects.get(pk=key.pk)
    require(key.revoked_at is None and key.may_post, _("This key may not enter contributions."), NotAllowed)
    require(0 < len(rows) <= rules.MOST_AT_ONCE, _("Send between one and %(n)d contributions.") % {"n": rules.MOST_AT_ONCE}, BadInput)
    require(len(once) <= LONGEST_KEY, _("The idempotency key can have at most %(n)d characters.") % {"n": LONGEST_KEY}, BadInput)
    digest = sha256(json.dumps(list(rows), sort_keys=True, default=str).encode()).hexdigest()
    if once and (earlier := Posting.objects.filter(cooperative=cooperative, client=key.client, idempotency_key=once).first()):
        said = _("This idempotency key was used for other contributions. Use a new one for new contributions.")
        require(earlier.sha256 == digest, said, Refused)
        return dict(earlier.answer)
    return _enter(cooperative, key, rows, once or str(uuid4()), digest)


def _enter(cooperative: Cooperative, key: ApiKey, rows: Sequence[Row], once: str, digest: str) -> dict[str, Any]:
    lines = read_rows(cooperative, rows)
    answer = {"items": [{"id": str(line.uuid)} for line in lines]}
    posting = Posting.objects.create(
        cooperative=cooperative, key=key, client=key.client, idempotency_key=once, sha256=digest, answer=answer
    )
    for line in lines:
        line.posting = posting
    Contribution.objects.bulk_create(lines)
    if key.used_on != localdate():
        ApiKey.objects.filter(pk=key.pk).update(used_on=localdate())
    trail.record("contributions.contributions_posted", about=posting, cooperative=cooperative.pk, count=len(lines))
    return answer


def read_rows(cooperative: Cooperative, rows: Sequence[Row]) -> list[Contribution]:
    """Lines out of what a program sent, not written yet; BadRows where one of them cannot be."""
    book = checking.open_book(cooperative)
    types = {one.key: one for one in ContributionType.objects.filter(cooperative=cooperative)}
    numbers = {row["member"] for row in rows if isinstance(row, Mapping) and _is_number(row.get("member"))}
    members = {one.number: one for one in Membership.objects.filter(cooperative=cooperative, number__in=numbers)}
    lines, errors = [], []
    for at, row in enumerate(rows):
        try:
            lines.append(_read(cooperative, row, book, types, members))
        except Refused as refusal:
            errors.append({"index": at, "detail": str(refusal.sentence)})
    if errors:
        raise BadRows(errors)
    return lines


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _read(
    cooperative: Cooperative, row: Any, book: Book, types: Mapping[str, ContributionType], members: Mapping[int, Membership]
) -> Contribution:
    require(isinstance(row, Mapping), _("A contribution is an object."), BadInput)
    missing = [name for name in REQUIRED if name not in row]
    require(not missing, _("Missing: %(names)s.") % {"names": ", ".join(missing)}, BadInput)
    unknown = sorted(str(name)[:40] for name in row if name not in FIELDS)
    require(not unknown, _("Unknown: %(names)s.") % {"names": ", ".join(unknown[:5])}, BadInput)
    membership = members.get(row["member"]) if _is_number(row["member"]) else None
    if membership is None:
        raise BadInput(_("member: there is no member with this number."))
    kind = types.get(row["type"]) if isinstance(row["type"], str) else None
    if kind is None:
        raise BadInput(_("type: must be one of %(keys)s.") % {"keys": ", ".join(types) or "–"})
    amount, done_on, text = _amount(row["amount"], kind), _day(row["done_on"]), _text(row.get("text", ""))
    said = checking.fault(book, membership, kind, amount, done_on, text, Source.API)
    require(not said, said, BadInput)
    return Contribution(
        cooperative=cooperative, membership=membership, type=kind, amount=amount, done_on=done_on, text=text, source=Source.API,
        counts_at_once=True,
    )  # fmt: skip


def _amount(said: Any, kind: ContributionType) -> int:
    try:
        return rules.read_exact(said if isinstance(said, str) else "", kind.unit)
    except ValueError:
        example = "12.30" if kind.unit == rules.TURNOVER else "1.5"
        raise BadInput(_('amount: a text with a decimal point, such as "%(example)s".') % {"example": example}) from None


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(said if isinstance(said, str) and len(said) == 10 else "")
    except ValueError:
        raise BadInput(_('done_on: a day such as "2026-03-31".')) from None


def _text(said: Any) -> str:
    require(isinstance(said, str), _("text: must be a text."), BadInput)
    return clean(said[: 10 * checking.LONGEST]).replace("\n", " ")
