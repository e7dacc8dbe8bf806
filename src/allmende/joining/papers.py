"""The declaration as a document: what was declared on the screen, or a form to be signed and sent."""

from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.banking.rules import spaced
from allmende.constitution.models import Cooperative, Statute
from allmende.joining import declaration
from allmende.joining.declaration import Wish
from allmende.joining.models import Application
from allmende.web.paper import pdf


def document(application: Application) -> bytes:
    """What was declared, word by word, with moment and fingerprint. German, as the declaration is; not to be told from the mailed one."""
    local = timezone.localtime(application.declared_at)
    with translation.override("de"):
        facts = [
            ("An", _addressee(application.cooperative)),
            ("Erklärt am", f"{date_format(local, 'd.m.Y, H:i:s')} Uhr ({'MESZ' if local.dst() else 'MEZ'})"),
            ("Satzung", f"Fassung {application.statute.version}, gültig ab {date_format(application.statute.valid_from, 'd.m.Y')}"),
        ]
        mandate = [application.mandate_text, f"{application.holder}, IBAN {spaced(application.iban)}"] if application.iban else []
        proof = (
            f"In Textform erklärt (§ 126b BGB). Vorgangsnummer {application.uuid}. SHA-256 des Wortlauts: {application.sha256}. "
            "Der Wortlaut sind die Absätze oberhalb der Bestätigungen, durch je eine Leerzeile getrennt, in UTF-8."
        )
        title = "Erklärung über weitere Geschäftsanteile" if application.further_id else "Beitrittserklärung"
        data = _data(title, application.cooperative, facts, application.text_shown, [one["text"] for one in application.acknowledgements])
        data |= {"mandate": mandate, "proof": proof}
    return pdf("joining", "declaration", data, at=application.declared_at)


def form_to_sign(cooperative: Cooperative, statute: Statute, wish: Wish, *, has_fees: bool, mandate: tuple[str, ...] = ()) -> bytes:
    """The same words on paper, where the statute asks for a signature: to be printed, signed and sent. Nothing of it is stored.

    `mandate`: the words of a direct debit mandate that is wished for, and the account.
    """
    with translation.override("de"):
        facts = [("An", _addressee(cooperative))]
        text = declaration.joining(cooperative, statute, wish, has_fees=has_fees)
        duties = [duty.text for duty in declaration.duties_of(statute, has_fees=has_fees, for_shares=bool(wish.shares))]
        data = _data("Beitrittserklärung", cooperative, facts, text, duties)
        data |= {
            "signature": "Bitte die Bestätigungen einzeln ankreuzen, unterschreiben und an die Genossenschaft senden. "
            "Die Mitgliedschaft beginnt mit der Zulassung.",
            "tick": "☐",
            "duties_title": "Ausdrücklich zu bestätigen (§ 15a GenG)",
            "mandate": list(mandate),
        }
    return pdf("joining", "declaration", data)


def _data(title: str, cooperative: Cooperative, facts: list[tuple[str, str]], text: str, duties: list[str]) -> dict[str, Any]:
    return {
        "title": title,
        "author": str(cooperative),
        "language": "de",
        "facts": facts,
        "text": text.split("\n\n"),
        "duties": duties,
        "duties_title": "Ausdrücklich bestätigt (§ 15a GenG)",
        "tick": "☑",
        "mandate": [],
        "mandate_title": "SEPA-Lastschriftmandat",
        "signature": "",
        "lines": ["Ort, Datum", "Unterschrift"],
        "proof": "",
    }


def _addressee(cooperative: Cooperative) -> str:
    lines = [str(cooperative), *cooperative.letter_address.splitlines()]
    return ", ".join(line.strip() for line in lines if line.strip())


def file_name() -> str:
    """Without anybody's name: it lies in inboxes and download folders."""
    return _("declaration-of-accession") + ".pdf"
