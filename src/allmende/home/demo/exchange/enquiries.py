"""Conversations in every state, and what became of them."""

from datetime import datetime

from allmende.enquiries import actions
from allmende.enquiries.models import Block, Contact, Enquiry, Message, Word
from allmende.enquiries.rules import ASKER, OWNER
from allmende.exchange.models import Listing
from allmende.home.demo.exchange.cast import READ_AFTER, Cast, Row, story


def talk(cast: Cast) -> None:
    """All conversations of the story, one after the other."""
    for row in story("enquiries"):
        enquiry = _open(cast, row)
        for name, days, text in row["said"][1:]:
            with cast.told(days):
                message = actions.write_message(enquiry, text, by=cast.people[name], side=_side(row, name))
            Message.objects.filter(pk=message.pk).update(at=cast.ago(days))
            cast.knows(name, enquiry.get_absolute_url(), days)
        _agree(cast, enquiry, row)
        _guard(cast, enquiry, row)
        _set_back(cast, enquiry, row)
        _read(cast, enquiry, row)


def _side(row: Row, name: str) -> str:
    return ASKER if name == row["by"] else OWNER


def _open(cast: Cast, row: Row) -> Enquiry:
    name, days, text = row["said"][0]
    own = cast.listings[row["own"]] if "own" in row else None
    facts = {"by": cast.people[name], "organisation": cast.home(name), "alone": row.get("alone", False), "own_listing": own}
    with cast.told(days):
        enquiry = actions.open_enquiry(cast.listings[row["about"]], text, **facts)
    Message.objects.filter(enquiry=enquiry).update(at=cast.ago(days))
    return enquiry


def _agree(cast: Cast, enquiry: Enquiry, row: Row) -> None:
    for name, days, outcome, note in row.get("outcomes", []):
        side = _side(row, name)
        with cast.told(days):
            actions.say_outcome(enquiry, outcome, note, by=cast.people[name], side=side)
        Word.objects.filter(enquiry=enquiry, side=side).update(at=cast.ago(days))
    if "settled" in row:
        owner, days = row["outcomes"][0][:2]
        actions.settle_listing(enquiry, row["settled"], by=cast.people[owner])
        Listing.objects.filter(pk=cast.listings[row["about"]].pk).update(closed_at=cast.ago(days), changed_at=cast.ago(days))
    if "withdrawn" in row:
        with cast.told(row["withdrawn"]):
            actions.withdraw_enquiry(enquiry, by=cast.people[row["by"]])


def _guard(cast: Cast, enquiry: Enquiry, row: Row) -> None:
    for name, text in row.get("contacts", []):
        actions.show_contact(enquiry, text, by=cast.people[name], side=_side(row, name))
        Contact.objects.filter(enquiry=enquiry, side=_side(row, name)).update(at=_last(cast, row))
    if "block" in row:
        block, other = row["block"], cast.people[row["by"]]
        by = cast.people[block["by"]]
        made = actions.block(enquiry, by=by, side=_side(row, block["by"]), person=other, reason=block["reason"])
        Block.objects.filter(pk=made.pk).update(since=cast.ago(block["days_ago"]))


def _last(cast: Cast, row: Row) -> datetime:
    return cast.ago(row["said"][-1][1])


def _set_back(cast: Cast, enquiry: Enquiry, row: Row) -> None:
    """The moments of the conversation itself follow from what was said when."""
    enquiry.refresh_from_db()
    answers = [days for name, days, _text in row["said"] if _side(row, name) == OWNER]
    enquiry.opened_at = cast.ago(row["said"][0][1])
    enquiry.first_answer_at = cast.ago(answers[0]) if answers else None
    if enquiry.closed_at:
        enquiry.closed_at = cast.ago(row["withdrawn"] if "withdrawn" in row else row["outcomes"][-1][1])
    enquiry.save(update_fields=["opened_at", "first_answer_at", "closed_at"])


def _read(cast: Cast, enquiry: Enquiry, row: Row) -> None:
    """Who wrote has read what stood there; where the last word is old, everybody has."""
    if cast.now - _last(cast, row) > READ_AFTER:
        for name in {name for name, _days, _text in row["said"]}:
            actions.look_at(enquiry, by=cast.people[name])
