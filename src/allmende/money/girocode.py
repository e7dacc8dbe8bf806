"""The QR code that fills in a transfer in a banking app: EPC069-12, known as GiroCode."""

import io

import segno

from allmende.ground.text import clean
from allmende.money.models import BankAccount, Request


def payload(account: BankAccount, cents: int, text: str) -> str:
    """The twelve lines of the standard, version 002 (the BIC may be missing), in UTF-8. The text is what the transfer says."""
    amount = f"EUR{cents // 100}.{cents % 100:02d}"
    lines = ["BCD", "002", "1", "SCT", account.bic, clean(account.holder)[:70], account.iban, amount, "", "", clean(text)[:140]]
    return "\n".join(" ".join(line.split()) for line in lines)


def svg(account: BankAccount, cents: int, text: str) -> bytes:
    """The code as a picture without any style, so that it stands under the strictest rules of a page; dark on white in every theme."""
    out = io.BytesIO()
    code = segno.make(payload(account, cents, text), error="m", micro=False, boost_error=False)  # M is what the standard asks for
    code.save(out, kind="svg", scale=4, border=4, dark="#16231c", light="#ffffff", xmldecl=True, svgclass=None, lineclass=None)
    return out.getvalue()


def transfer_text(request: Request) -> str:
    """What the member writes into the transfer: the code by which the money is recognised."""
    return request.code
