"""Makes src/allmende/places/data/outline.json: two small outlines for maps the server draws as plain SVG, without JavaScript.

Run after build.sh (it uses the Natural Earth files and lake.json in the working folder):

    python tools/basemap/outline.py [working folder]

Needs ogr2ogr (gdal-bin) and shapely. Coordinates are web mercator on a square of 2**20 units, so a place is put on the
map with the two formulas in "projection" and nothing else.
"""

import json
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from shapely import make_valid, transform
from shapely.geometry import LineString, Polygon, box, shape
from shapely.ops import linemerge, unary_union

HERE = Path(__file__).resolve().parent
WORK = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "w"
OUT = HERE.parents[1] / "src/allmende/places/data/outline.json"
SIZE = 2**20
MARGIN = 0.02  # shapes reach this share of the width beyond the view, so that the cut edge is never seen


def x_of(lon):
    return (lon + 180) / 360 * SIZE


def y_of(lat):
    return (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * SIZE


def project(geometry):
    return transform(geometry, lambda points: [(x_of(lon), y_of(lat)) for lon, lat in points])


def read(path, where=None, box_=None):
    command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(WORK / path)]
    command += ["-where", where] if where else []
    command += ["-spat", *map(str, box_)] if box_ else []
    features = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["features"]
    return [(shape(f["geometry"]), f["properties"]) for f in features if f["geometry"]]


def parts(geometry, kind):
    if isinstance(geometry, kind):
        return [geometry] if not geometry.is_empty else []
    return [p for g in getattr(geometry, "geoms", []) for p in parts(g, kind)]


def path(points, close):
    """Absolute start, then relative steps; points that round to the same place are dropped."""
    whole = [(round(x), round(y)) for x, y in points]
    whole = [p for i, p in enumerate(whole) if i == 0 or p != whole[i - 1]]
    if close and len(whole) > 1 and whole[0] == whole[-1]:
        whole.pop()
    if len(whole) < (3 if close else 2):
        return ""
    steps = " ".join(f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(whole))
    return f"M{whole[0][0]} {whole[0][1]}l{steps}".replace(" -", "-") + ("z" if close else "")


class View:
    def __init__(self, west, south, east, north, tolerance, least):
        self.degrees = (west - 2, south - 2, east + 2, north + 2)
        self.x, self.y = round(x_of(west)), round(y_of(north))
        self.width, self.height = round(x_of(east)) - self.x, round(y_of(south)) - self.y
        m = self.width * MARGIN
        self.frame = box(self.x - m, self.y - m, self.x + self.width + m, self.y + self.height + m)
        self.tolerance, self.least = tolerance, least  # in units; islands and lakes below `least` square units go

    def areas(self, geometries):
        whole = unary_union([make_valid(project(g)).intersection(self.frame) for g in geometries])
        found = []
        for p in sorted(parts(whole, Polygon), key=lambda p: -p.area):
            if p.area < self.least:
                continue
            p = p.simplify(self.tolerance)
            rings = [p.exterior, *(r for r in p.interiors if Polygon(r).area >= self.least)]
            d = "".join(path(r.coords, True) for r in rings)
            if d:
                found.append(d)
        return found

    def lines(self, geometries, shortest=0):
        cut = unary_union([project(g).intersection(self.frame) for g in geometries])
        merged = linemerge(parts(cut, LineString)) if not isinstance(cut, LineString) else cut
        found = [path(p.simplify(self.tolerance).coords, False) for p in parts(merged, LineString) if p.length > shortest]
        return [d for d in found if d]

    def head(self):
        return {"viewbox": f"{self.x} {self.y} {self.width} {self.height}"}


def main():
    ne50, ne10 = "ne/usr/share/magics/50m/ne_50m_", "ne/usr/share/magics/10m/ne_10m_"
    europe = View(-12, 34, 32, 72, tolerance=110, least=110_000)
    near = View(5, 45, 18, 56, tolerance=28, least=9_000)
    d = near.degrees
    lakes = json.loads((WORK / "lake.json").read_text())["features"]
    result = {
        "projection": "web mercator on a square of 2^20 units: x = round((lon + 180) / 360 * 2**20), "
        "y = round((1 - asinh(tan(lat * pi / 180)) / pi) / 2 * 2**20); viewbox = 'x y width height'",
        "source": "Natural Earth (public domain); lakes (detail): © OpenStreetMap contributors, ODbL 1.0",
        **europe.head(),
        "land": europe.areas(g for g, _ in read(ne50 + "land.shp")),
        "borders": europe.lines(g for g, _ in read(ne50 + "admin_0_boundary_lines_land.shp", box_=europe.degrees)),
        "detail": {
            **near.head(),
            "land": near.areas(g for g, _ in read(ne10 + "land.shp", box_=d)),
            "borders": near.lines((g for g, _ in read(ne10 + "admin_0_boundary_lines_land.shp", box_=d)), 60),
            "states": near.lines(
                (g for g, _ in read(ne10 + "admin_1_states_provinces_lines.shp", "adm0_a3 in ('DEU','AUT','CHE')", d)), 60
            ),
            "rivers": near.lines((g for g, p in read(ne10 + "rivers_lake_centerlines.shp", box_=d) if p["scalerank"] <= 5), 700),
            "lakes": near.areas(shape(f["geometry"]) for f in lakes if f["properties"]["km2"] >= 45),
        },
    }
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n"
    OUT.write_text(text, encoding="utf-8")
    detail = len(json.dumps(result["detail"], separators=(",", ":")))
    print(f"outline.json: {len(text)} bytes, of which detail {detail}")


if __name__ == "__main__":
    main()
