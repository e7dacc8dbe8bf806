"""The files that go to the bank: pain.008.001.08 for direct debits, pain.001.001.09 for payouts, checked against their schemas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from allmende.ground.refusals import Refused

DEBITS = "pain.008.001.08"
PAYOUTS = "pain.001.001.09"
_GERMAN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS", "&": "+", "€": "EUR", "–": "-", "—": "-",
})  # fmt: skip
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


@dataclass(frozen=True)
class From:
    """Whose account it is: the cooperative."""

    name: str
    iban: str
    bic: str = ""
    creditor_id: str = ""


@dataclass(frozen=True)
class Order:
    """One debit or payout."""

    name: str
    iban: str
    cents: int
    text: str
    end_to_end: str
    bic: str = ""
    mandate: str = ""
    signed_on: date | None = None
    sequence: str = ""


def spelled(text: str, limit: int) -> str:
    """In the letters every bank takes (EPC217-08): umlauts as two letters, everything else as near as it gets."""
    from text_unidecode import unidecode  # type: ignore[import-untyped]

    near = unidecode(text.translate(_GERMAN))
    said = "".join(letter if letter in _ALLOWED else " " for letter in near)
    return " ".join(said.split())[:limit].strip() or "NOTPROVIDED"


def debit_file(message_id: str, creditor: From, due_on: date, orders: Sequence[Order]) -> bytes:
    """A file of direct debits to be collected on this day."""
    from sepaxml import SepaDD  # type: ignore[import-untyped]

    said = _config(creditor) | {"creditor_id": creditor.creditor_id, "instrument": "CORE"}
    made = SepaDD(said, schema=DEBITS, clean=True)
    for order in orders:
        payment = _payment(order) | {
            "type": order.sequence,
            "collection_date": due_on,
            "mandate_id": order.mandate,
            "mandate_date": order.signed_on,
        }
        made.add_payment(payment)
    return _written(made, message_id)


def payout_file(message_id: str, debtor: From, due_on: date, orders: Sequence[Order]) -> bytes:
    """A file of payouts on this day."""
    from sepaxml import SepaTransfer

    made = SepaTransfer(_config(debtor), schema=PAYOUTS, clean=True)
    for order in orders:
        made.add_payment(_payment(order) | {"execution_date": due_on})
    return _written(made, message_id)


def _config(side: From) -> dict[str, Any]:
    said: dict[str, Any] = {"name": spelled(side.name, 70), "IBAN": side.iban, "batch": True, "currency": "EUR"}
    return said | ({"BIC": side.bic} if side.bic else {})


def _payment(order: Order) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": spelled(order.name, 70),
        "IBAN": order.iban,
        "amount": order.cents,
        "description": spelled(order.text, 140),
        "endtoend_id": order.end_to_end,
    }
    return said | ({"BIC": order.bic} if order.bic else {})


def _written(made: Any, message_id: str) -> bytes:
    """The file with the number of the order as its own, so that statements can name it. Refused where the schema says no."""
    made.msg_id = message_id
    for element in made._xml.iter("MsgId"):
        element.text = message_id
    try:
        content: bytes = made.export(validate=False)
        _schema(made.schema).validate(content.decode())
    except ValueError as no:  # xmlschema's own are such
        raise Refused(_("The bank would refuse this file: names, IBANs or references do not fit the SEPA format. Please tell us.")) from no
    return content


@cache
def _schema(name: str) -> Any:
    """The schema of ISO 20022 as sepaxml brings it along, read once: that takes a second or two."""
    import sepaxml
    import xmlschema

    return xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / f"{name}.xsd")
