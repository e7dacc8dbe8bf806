"""The sources we know: where they are, their licence and how they want to be named. Others are entered with --licence."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from allmende.directory.importers.checking import LICENCES
from allmende.directory.models import Source
from allmende.directory.rules import is_share_alike
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import slug


class Known(NamedTuple):
    """What is written of a source when its first file arrives."""

    name: str
    licence: str
    url: str = ""
    attribution: str = ""


_COOPS_UK = "Contains information from Co-operatives UK, made available under the ODC Attribution License"
_OSM = "© OpenStreetMap contributors, ODbL 1.0"

KNOWN = {
    "coops-uk": Known("Co-operatives UK", "ODC-By-1.0", "https://www.uk.coop", _COOPS_UK),
    "coops-uk-outlets": Known("Co-operatives UK, outlets 2017", "ODC-By-1.0", "https://www.uk.coop", _COOPS_UK),
    "workers-coop": Known("workers.coop", "ODC-By-1.0", "https://www.workers.coop", _COOPS_UK),
    "susy": Known("SUSY / SSEDAS", "Public-Domain", "https://data.transformap.co", "SUSY map, data.transformap.co"),
    "transformap-inkota": Known("INKOTA (TransforMap)", "CC0-1.0", "https://github.com/TransforMap/import-data"),
    "transformap-greenmap": Known("Green Map München (TransforMap)", "CC0-1.0", "https://github.com/TransforMap/import-data"),
    "transformap-wandelwoche": Known("Wandelwoche Berlin (TransforMap)", "CC0-1.0", "https://github.com/TransforMap/import-data"),
    "kartevonmorgen": Known("Karte von morgen", "ODbL-1.0", "https://kartevonmorgen.org", "© Karte von morgen, ODbL 1.0"),
    "swiss-housing": Known(
        "Swiss Housing Cooperative Map", "ODbL-1.0", "https://github.com/imagoiq/swiss-housing-cooperative-map", f"{_OSM}; Wikidata, CC0"
    ),
    "swiss-housing-buildings": Known(
        "OpenStreetMap, buildings of housing co-operatives", "ODbL-1.0", "https://www.openstreetmap.org", _OSM
    ),
    "chicommons": Known("ChiCommons", "MIT", "https://github.com/chicommons/maps", "ChiCommons"),
    "allmende": Known("Allmende", "CC0-1.0", "", ""),
}


def source_of(key: str, licence: str = "") -> Source:
    """The source of that key, entered if it is new. A source nobody knows needs a licence."""
    require(key, _("This profile serves many sources; please name yours with --source."), BadInput)
    require(slug(key, 60) == key, _("The name of a source has small letters, digits and hyphens only."), BadInput)
    require(not licence or licence in LICENCES, _("The licence %(licence)s is not known here.") % {"licence": licence}, BadInput)
    found = Source.objects.filter(key=key).first()
    if found:
        return found
    known = KNOWN.get(key) or Known(key, licence)
    require(known.licence, _("The source %(key)s is new; please state its licence with --licence.") % {"key": key}, BadInput)
    held = licence or known.licence
    return Source.objects.create(
        key=key, name=known.name, url=known.url, licence=held, attribution=known.attribution, share_alike=is_share_alike(held)
    )
