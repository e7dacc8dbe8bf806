"""The declaration of accession, word by word. It is always in German, which binds; pages explain it in the reader's language.

The words are those of §§ 15, 15a, 15b GenG; numbers come from the version of the statute the declaration is made by.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.constitution.models import Cooperative, Liability, Statute
from allmende.constitution.rules import fiscal_year_end
from allmende.ground.money import euros
from allmende.joining import rules
from allmende.members.actions import Named
from allmende.members.models import Group, Kind, Party

KINDS = {Kind.ORDINARY: "", Kind.INVESTING: " als investierendes Mitglied (§ 8 Absatz 2 GenG)", Kind.SUPPORTING: " als förderndes Mitglied"}


@dataclass(frozen=True)
class Duty:
    """One acknowledgement: its key, the German words that bind, what they mean in the reader's language."""

    key: str
    text: str
    meaning: str


@dataclass(frozen=True)
class Wish:
    """What is declared: who, as what, with how many shares, in which group."""

    named: Named
    kind: str
    shares: int
    group: Group | None = None


def fingerprint(text: str) -> str:
    """SHA-256 of a text, so that everybody can check that nothing was changed."""
    return sha256(text.encode()).hexdigest()


def duties_of(statute: Statute, *, has_fees: bool = False, for_shares: bool = True) -> list[Duty]:
    """The acknowledgements this version of the statute asks for (§ 15a GenG)."""
    keys = rules.duties(
        liability=statute.liability,
        entry_fee_cents=statute.entry_fee_cents,
        has_fees=has_fees,
        notice_months=statute.notice_months,
    )
    return [Duty(key, _binding(key, statute, has_fees), _meaning(key, statute)) for key in keys if for_shares or key != "payment"]


def duties_of_further(statute: Statute) -> list[Duty]:
    """What is acknowledged again with further shares: they are to be paid, and are liable."""
    return [duty for duty in duties_of(statute) if duty.key in {"payment", "liability"}]


def _binding(key: str, statute: Statute, has_fees: bool) -> str:
    with translation.override("de"):
        if key == "payment":
            return (
                "Das Mitglied verpflichtet sich, die nach Gesetz und Satzung geschuldeten Einzahlungen auf den Geschäftsanteil zu leisten "
                f"(§ 15a Satz 1 GenG). {paying(statute)}"
            )
        if key == "liability":
            limit = (
                f"bis zur Haftsumme von {euros(statute.liability_cents)} je Geschäftsanteil"
                if statute.liability == Liability.LIMITED
                else "ohne Beschränkung auf eine Haftsumme"
            )
            return (
                "Das Mitglied verpflichtet sich, die zur Befriedigung der Gläubiger erforderlichen Nachschüsse zur Insolvenzmasse "
                f"{limit} zu zahlen (§ 15a Satz 1 GenG)."
            )
        if key == "notice":
            return (
                "Das Mitglied nimmt zur Kenntnis, dass die Satzung eine Kündigungsfrist von mehr als einem Jahr bestimmt: "
                f"{statute.notice_months} Monate zum Schluss eines Geschäftsjahres (§ 15a Satz 2 GenG)."
            )
        fee = f"ein Eintrittsgeld von {euros(statute.entry_fee_cents)}" if statute.entry_fee_cents else ""
        parts = [part for part in (fee, "die laufenden Mitgliedsbeiträge nach Satzung und Beschluss" if has_fees else "") if part]
        return f"Das Mitglied nimmt zur Kenntnis, dass weitere Zahlungspflichten bestehen: {' und '.join(parts)} (§ 15a Satz 2 GenG)."


def _meaning(key: str, statute: Statute) -> str:
    if key == "liability":
        return _("If the cooperative becomes insolvent, more may have to be paid than the shares.")
    if key == "notice":
        return _("Whoever gives notice stays a member for a long time yet: the notice period is %(count)d months.") % {
            "count": statute.notice_months
        }
    if key == "further":
        return _("Besides the shares there are further payments.")
    return _("The shares taken have to be paid, also in bad times, and they are liable for losses.")


def paying(statute: Statute) -> str:
    """In German: what is paid when, per share."""
    with translation.override("de"):
        whole, at_once = euros(statute.share_cents), euros(statute.paid_in_cents)
        if statute.paid_in_cents == statute.share_cents:
            return f"Je Geschäftsanteil sind {whole} sofort nach der Zulassung einzuzahlen."
        number = rules.instalments(statute.share_cents, statute.paid_in_cents, statute.instalment_cents)
        if not number:
            return f"Je Geschäftsanteil von {whole} sind {at_once} sofort nach der Zulassung einzuzahlen, der Rest auf Anforderung."
        every = "jeden Monat" if statute.instalment_months == 1 else f"alle {statute.instalment_months} Monate"
        rates = f"in {number} Raten von höchstens {euros(statute.instalment_cents)}, {every} eine"
        return f"Je Geschäftsanteil von {whole} sind {at_once} sofort nach der Zulassung einzuzahlen, der Rest {rates}."


def address(named: Named) -> str:
    """On one line."""
    place = " ".join(part for part in (named.postcode, named.town) if part)
    return ", ".join(part for part in (named.street, place, "" if named.country == "DE" else named.country) if part)


def spoken(named: Named) -> str:
    """As in a letter."""
    return named.firm if named.party == Party.LEGAL else f"{named.given_name} {named.family_name}".strip()


def _who(named: Named) -> str:
    name = f"{named.firm} ({named.register})" if named.party == Party.LEGAL and named.register else spoken(named)
    by = f", vertreten durch {named.represented_by}" if named.party == Party.LEGAL else ""
    return f"{', '.join(part for part in (name, address(named)) if part)}{by}"


def _version(statute: Statute) -> str:
    said = f"Fassung {statute.version}, gültig ab {date_format(statute.valid_from, 'd.m.Y')}"
    return f"{said}, SHA-256 {statute.sha256}" if statute.sha256 else said


def _count(shares: int, statute: Statute) -> str:
    if not shares:
        return ""
    worth = f"zu {euros(statute.share_cents)}"
    if shares == 1:
        return f"einem Geschäftsanteil {worth}"
    return f"{shares} Geschäftsanteilen zu je {euros(statute.share_cents)}, zusammen {euros(shares * statute.share_cents)}"


def joining(cooperative: Cooperative, statute: Statute, wish: Wish, *, has_fees: bool = False) -> str:
    """The declaration of accession (§ 15 I GenG): unconditional, with every duty in words of its own (§ 15a GenG)."""
    with translation.override("de"):
        shares = _count(wish.shares, statute)
        takes = f" und beteiligt sich mit {shares}" if shares else ""
        lines = [
            f"{_who(wish.named)} (im Folgenden: das Mitglied), erklärt gegenüber {cooperative}:",
            f"Das Mitglied erklärt unbedingt seinen Beitritt zu {cooperative}{KINDS[Kind(wish.kind)]}{takes} (§ 15 Absatz 1 GenG).",
            *(duty.text for duty in duties_of(statute, has_fees=has_fees, for_shares=bool(wish.shares))),
            f"Die Satzung ({_version(statute)}) stand dem Mitglied vor dieser Erklärung zum Abruf und zum Ausdruck zur Verfügung.",
        ]
        if wish.group:
            lines.append(f"Das Mitglied ordnet sich der Gruppe „{wish.group.name}“ zu.")
        if wish.named.party == Party.LEGAL:
            lines.append(
                f"{wish.named.represented_by} versichert in Textform, zur Vertretung des Mitglieds bei dieser Erklärung befugt zu sein."
            )
    return "\n\n".join(lines)


def further(cooperative: Cooperative, statute: Statute, who: str, number: int, held: int, shares: int) -> str:
    """The declaration to take further shares (§ 15b I GenG), by a member with this name and number."""
    with translation.override("de"):
        lines = [
            f"{who}, Mitglied Nummer {number}, erklärt gegenüber {cooperative}:",
            f"Das Mitglied erklärt unbedingt seine Beteiligung mit {'einem weiteren' if shares == 1 else f'{shares} weiteren'} "
            f"Geschäftsanteil{'' if shares == 1 else 'en'} zu {'' if shares == 1 else 'je '}{euros(statute.share_cents)}, "
            f"zusammen {euros(shares * statute.share_cents)} (§ 15b Absatz 1 GenG). Bisher hält es {held}, danach {held + shares}.",
            *(duty.text for duty in duties_of_further(statute)),
            f"Die Satzung ({_version(statute)}) stand dem Mitglied vor dieser Erklärung zum Abruf und zum Ausdruck zur Verfügung.",
        ]
    return "\n\n".join(lines)


def paying_for_reader(statute: Statute) -> str:
    """The same in the reader's language, for the page."""
    whole, at_once = euros(statute.share_cents, exact=False), euros(statute.paid_in_cents, exact=False)
    if statute.paid_in_cents == statute.share_cents:
        return _("A share costs %(whole)s, to be paid after the admission.") % {"whole": whole}
    number = rules.instalments(statute.share_cents, statute.paid_in_cents, statute.instalment_cents)
    said = {"whole": whole, "at_once": at_once, "rate": euros(statute.instalment_cents, exact=False), "months": statute.instalment_months}
    if not number:
        return _("A share costs %(whole)s: %(at_once)s after the admission, the rest when the cooperative asks for it.") % said
    return (
        ngettext(
            "A share costs %(whole)s: %(at_once)s after the admission, then %(count)d instalment of at most %(rate)s.",
            "A share costs %(whole)s: %(at_once)s after the admission, then %(count)d instalments of at most %(rate)s each.",
            number,
        )
        % (said | {"count": number})
        + " "
        + (
            ngettext("An instalment is due every month.", "An instalment is due every %(months)d months.", statute.instalment_months) % said
            if number > 1
            else ""
        )
    ).strip()


def year_end(statute: Statute) -> str:
    """When a fiscal year ends, as a day: 31 December."""
    return date_format(fiscal_year_end(statute.valid_from, statute.fiscal_month), "MONTH_DAY_FORMAT")
