"""Foreign data comes in here: profiles read files, checking.py judges values, batches.py writes. The door is actions.import_drafts."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from allmende.directory.importers.base import Profile
from allmende.directory.importers.chicommons import ChiCommons
from allmende.directory.importers.openfairdb import OpenFairDb, OpenFairDbCsv
from allmende.directory.importers.osm import OsmGeoJson, TransforMapCsv
from allmende.directory.importers.own import AllmendeCsv, AllmendeGeoJson
from allmende.directory.importers.standard import CoopsUk2017, CoopsUkOutlets, SeaStandard, WorkersCoop
from allmende.directory.importers.swiss import SwissBuildings, SwissHousing
from allmende.ground.refusals import BadInput, require

PROFILES: dict[str, type[Profile]] = {
    profile.key: profile
    for profile in (
        SeaStandard,
        WorkersCoop,
        CoopsUk2017,
        CoopsUkOutlets,
        OsmGeoJson,
        TransforMapCsv,
        OpenFairDb,
        OpenFairDbCsv,
        SwissHousing,
        SwissBuildings,
        ChiCommons,
        AllmendeCsv,
        AllmendeGeoJson,
    )
}


class DataSet(NamedTuple):
    """A file of the collected open data sets with its profile and source."""

    file: str
    profile: str
    source: str


# In an order in which later files of a source update earlier ones, and owners come before their places.
DATA_SETS = (
    DataSet("coops_uk_2017_organisations.csv", "coops-uk-2017", "coops-uk"),
    DataSet("coops_uk_2017_outlets.csv", "coops-uk-2017-outlets", "coops-uk-outlets"),
    DataSet("coops_uk_2022_standard.csv", "sea-standard", "coops-uk"),
    DataSet("coops_uk_2023_standard.csv", "sea-standard", "coops-uk"),
    DataSet("workers_coop_uk_2023.csv", "workers-coop", "workers-coop"),
    DataSet("susy_europe_sse.geojson", "osm-geojson", "susy"),
    DataSet("transformap_inkota_de_2016.geojson", "osm-geojson", "transformap-inkota"),
    DataSet("transformap_greenmap_muenchen_2015.geojson", "osm-geojson", "transformap-greenmap"),
    DataSet("transformap_wandelwoche_berlin_2015.csv", "transformap-csv", "transformap-wandelwoche"),
    DataSet("swiss_housing_coops_owners_2026.json", "swiss-housing", "swiss-housing"),
    DataSet("swiss_housing_coops_buildings_2026.geojson", "swiss-housing-buildings", "swiss-housing-buildings"),
    DataSet("openfairdb_search_sample_100.json", "openfairdb", "kartevonmorgen"),
    DataSet("chicommons_chicago_coops.csv", "chicommons", "chicommons"),
)


def profile(key: str) -> Profile:
    """The profile of that name. Raises BadInput with the names there are."""
    require(key in PROFILES, _("There is no profile %(key)s. There are: %(keys)s.") % {"key": key, "keys": ", ".join(PROFILES)}, BadInput)
    return PROFILES[key]()
