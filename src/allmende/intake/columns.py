"""Which column holds what: guessed by the words headings of member lists use, in German and English."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from allmende.ground.text import fold

# What a column can hold, with the words that headings say for it (folded, without signs). The first that fits counts.
FIELDS = {
    "number": (
        _("Member number"),
        "mitgliedsnummer mitgliednummer mitgliedsnr mitgliednr mitglnr mgnr nr nummer no number membernumber memberid id",
    ),
    "name": (
        _("Full name"),
        "name vollername mitglied member fullname nameundvorname namevorname nachnamevorname vornamename vorundnachname",
    ),
    "family_name": (
        _("Family name"),
        "nachname familienname zuname lastname surname familyname",
    ),
    "given_name": (
        _("Given names"),
        "vorname vornamen rufname firstname givenname givennames forename",
    ),
    "firm": (
        _("Name of the organisation"),
        "firma organisation unternehmen verein firmenname korperschaft company organization institution",
    ),
    "register": (
        _("Register and number"),
        "register registernummer handelsregister hrb registergericht vereinsregister registernumber",
    ),
    "represented_by": (
        _("Represented by"),
        "vertreten vertretendurch vertretung vertreter ansprechpartner ansprechperson representedby contact",
    ),
    "entry": (
        _("Address of the entry on the map"),
        "eintrag karteneintrag allmende slug entry",
    ),
    "street": (
        _("Street and number"),
        "strasse strassehausnummer strassehausnr strasseundhausnummer strassenr anschrift adresse street address",
    ),
    "house_number": (
        _("House number"),
        "hausnummer hausnr hnr housenumber",
    ),
    "postcode": (
        _("Postcode"),
        "plz postleitzahl postcode zip zipcode postalcode",
    ),
    "town": (
        _("Town"),
        "ort wohnort stadt city town gemeinde sitz",
    ),
    "postcode_town": (
        _("Postcode and town"),
        "plzort plzundort plzwohnort ortplz",
    ),
    "country": (
        _("Country"),
        "land staat country",
    ),
    "email": (
        _("E-mail"),
        "email emailadresse mail mailadresse emailaddress epost",
    ),
    "phone": (
        _("Phone"),
        "telefon tel telefonnummer mobil mobiltelefon handy phone telephone mobile",
    ),
    "born_on": (
        _("Date of birth (only to find duplicates, not kept)"),
        "geburtsdatum geboren geb gebdatum geborenam birthdate dateofbirth dob birthday",
    ),
    "joined_on": (
        _("Member from"),
        "eintritt eintrittsdatum beitritt beitrittsdatum mitgliedseit beginn aufnahme zulassung eintrittam "
        "beitrittam aufgenommenam joined joinedon membersince entry date startdate joindate datum",
    ),
    "declared_on": (
        _("Declared on"),
        "beitrittserklarung erklarung erklartam antragvom antragsdatum unterschriftam declared declaredon application",
    ),
    "ends_on": (
        _("Member until"),
        "austritt austrittsdatum ausgeschieden ausgeschiedenam ende mitgliedbis austrittzum austrittam "
        "ausscheiden left leftdate enddate until exit exitdate",
    ),
    "end_reason": (
        _("Reason of the end"),
        "austrittsgrund grund grunddesausscheidens reason endreason",
    ),
    "shares": (
        _("Shares"),
        "anteile anzahlanteile geschaftsanteile anteil zahlderanteile anzahlgeschaftsanteile anzahl shares numberofshares units",
    ),
    "paid": (
        _("Paid-in capital"),
        "geschaftsguthaben guthaben eingezahlt eingezahltesguthaben einzahlung einlage einlagen kapital "
        "betrag paid paidin paidincapital capital balance amount",
    ),
    "group": (
        _("Stakeholder group"),
        "gruppe mitgliedergruppe mitgliedsgruppe kategorie statusgruppe group stakeholdergroup category",
    ),
    "kind": (
        _("Kind of membership"),
        "art mitgliedsart artdermitgliedschaft mitgliedschaft mitgliedstyp typ status kind membershiptype type",
    ),
    "language": (
        _("Language"),
        "sprache language",
    ),
    "iban": (
        _("IBAN"),
        "iban kontonummer bankverbindung konto",
    ),
    "holder": (
        _("Account holder"),
        "kontoinhaber kontoinhaberin inhaber zahler accountholder",
    ),
    "mandate_reference": (
        _("Mandate reference"),
        "mandatsreferenz mandatsref mandatsnummer mandatreferenz mandatereference mandateid",
    ),
    "mandate_on": (
        _("Direct debit mandate of"),
        "mandat mandatvom mandatsdatum sepamandat sepamandatvom mandatsdatumvom lastschriftmandat mandate mandatedate",
    ),
}
LABELS = {key: label for key, (label, _words) in FIELDS.items()}
_WORDS = {word: key for key, (_label, words) in reversed(FIELDS.items()) for word in words.split()}
_ENDINGS = re.compile(r"(ineuro|ineur|eur|euro)$")


def plain(heading: str) -> str:
    """A heading by its letters: `Mitglieds-Nr.` is `mitgliedsnr`."""
    return re.sub(r"[^a-z0-9]", "", fold(re.sub(r"\(.*?\)|€|\*", "", heading)))


@cache
def _labels() -> dict[str, str]:
    """Our own words for the fields, in all languages of the house: the headings of the template."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.update({plain(str(label)): key for key, label in LABELS.items()})
    return found


def guess(heading: str) -> str:
    """Which field a column with this heading holds; an empty string where nobody knows."""
    word = plain(heading)
    return _labels().get(word) or _WORDS.get(word) or _WORDS.get(_ENDINGS.sub("", word), "")


def guess_all(headings: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """A field for each column, as remembered from the last list, otherwise guessed; no field is given to two columns.

    With family and given names, a column `Name` is the family name.
    """
    known = {plain(one) for one in headings}
    found: list[str] = []
    for heading in headings:
        word = plain(heading)
        field = remembered[word] if word in remembered else guess(heading)
        if field == "name" and word == "name" and any(_WORDS.get(one) == "given_name" for one in known):
            field = "family_name"
        found.append("" if field in found or field not in FIELDS else field)
    return found
