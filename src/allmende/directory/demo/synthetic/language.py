"""Words for invented texts: some thousand forms a language, put together from stems and endings, drawn as often as in life.

Little words come first, then all forms in an order that is always the same. How often a word comes follows its rank (Zipf 1949):
the first in most texts, the middling ones in every hundredth, the last in few out of a million.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

FLATTER = 3.0  # added to the rank, so that the first word does not make up half of a text
STEEP = 1.02


@dataclass(frozen=True)
class Language:
    """What a text in this language is made of: `words` and how far each reaches on a line from 0 to 1; parts of names; sentences."""

    code: str
    words: NDArray[np.object_]
    reach: NDArray[np.float64]
    adjectives: tuple[str, ...]
    trades: tuple[str, ...]
    name: str
    there: str


_LITTLE = {
    "de": "und die der für in mit von wir den eine das im ist auf gemeinsam alle auch sich aus bei nach unser durch als zum ihre",
    "en": "and the of for in with we our to a is are all by from together on as their at more that into who local own",
    "fr": "et la de les des pour en avec dans une nous sur par le aux tous ensemble est sont notre qui plus ses chez leurs",
    "es": "y la de los para en con una las por el nos del más todos juntos es son nuestra que su entre desde sus cada",
}

# Stems with the endings they take, per language: every stem with every ending of its row.
_ROWS = {
    "de": (
        (
            "Wohnungs Bürger Energie Dorf Solar Garten Markt Handwerks Pflege Bildungs Kultur Nachbarschafts Quartiers Wald Wasser Wärme "
            "Strom Molkerei Obst Wein Stadt Land Kinder Senioren Medien Daten Netz Technik Verkehrs Rad Bau Holz Textil Druck Bücher "
            "Theater Musik Film Kunst Sport Gesundheits Familien Jugend Arbeits Gründungs Kredit Spar Versicherungs Handels Einkaufs "
            "Liefer Reise Forst Fischerei Imker Saatgut Milch Getreide Mühlen Back Brau Kaffee Werkzeug Boden Klima Umwelt Wind Speicher "
            "Lebensmittel Beschäftigten Mieter Erzeuger Verbraucher Software Plattform Mobilitäts Assistenz",
            "genossenschaft genossenschaften gemeinschaft gemeinschaften werk werke laden läden haus häuser verein vereine verbund "
            "netzwerk netzwerke dienst dienste schule werkstatt werkstätten projekt projekte fonds stiftung gruppe gruppen "
            "initiative initiativen zentrum rat räte beratung versorgung planung förderung wirtschaft arbeit kreis kreise "
            "markt märkte tag tage",
        ),
        (
            "gut neu frei offen klein groß schön stark fair bunt jung alt sozial regional solidarisch demokratisch nachhaltig ökologisch "
            "handwerklich städtisch ländlich kulturell wirtschaftlich gemeinnützig zuverlässig lebendig vielfältig barrierearm transparent",
            "e en er es em ere eren",
        ),
        (
            "bau lern teil sorg lieb leb plan nutz förder pfleg verkauf kauf liefer reis frag träum lach helf stärk öffn wechsel sammel "
            "wohn koch back brau dreh mal näh zimmer druck repar verwalt gestalt beraten begleit vermiet erzeug",
            "en t te ten end ende enden st",
        ),
    ),
    "en": (
        (
            "member worker housing energy food market garden village community school craft water forest media data network learning care "
            "bread coffee wool timber bicycle music theatre film culture finance credit insurance retail transport travel fishing farm "
            "seed dairy grain mill brew tool soil climate river wind storage tenant producer consumer software platform neighbour family",
            "s ship ships hood work works shop shops land lands house houses hub hubs union unions group groups trust trusts circle "
            "circles society societies centre centres share shares keeper keepers maker makers yard yards",
        ),
        (
            "build learn share plant grow bake brew repair support serve weave print sell deliver teach paint carve mend harvest cook "
            "gather listen travel lend borrow invest govern vote manage design develop connect strengthen welcome help own rent",
            "s ed ing er ers able ings",
        ),
        (
            "fair green bright open calm strong kind warm bold free wise quick quiet rural urban social mutual local global vivid modest "
            "steady honest lively simple",
            "er est ly ness ish",
        ),
    ),
    "fr": (
        (
            "coopér product install réparat format particip innov organis cultiv anim prépar créat transform rénov valoris administr "
            "communic éduc particul fabric distribut consomm plant récolt gest associ mutual partag habit solidar particip navig "
            "fédér invent dessin imprim soign accompagn transport aliment finance assur commerc épargn aménag",
            "ation ations ateur ateurs atrice atrices er é ée és ées ant ants able ables ement ements if ive ifs ives ons ez",
        ),
        (
            "jardin marché village quartier maison atelier école forêt rivière énergie terre pain café vin fromage livre musique théâtre "
            "vélo outil semence moulin ferme laine bois chant danse image port pont",
            "s ier iers ière ières et ets ette ettes age ages",
        ),
        (
            "local social rural mutuel vert libre ouvert fort grand petit nouveau commun durable sobre proche humain citoyen populaire",
            "e es s ment",
        ),
    ),
    "es": (
        (
            "cooper produc constru repar form particip innov organiz cultiv anim prepar cre transform renov valor administr comunic educ "
            "fabric distribu consum plant cosech gest asoci mutual compart habit solidar naveg feder invent dibuj imprim cuid acompañ "
            "transport aliment financi asegur comerci ahorr recicl",
            "ación aciones ador adora adores adoras ar ado ada ados adas ando able ables amiento amientos amos an ativo ativa",
        ),
        (
            "huert mercad puebl barri cas taller escuel bosqu energí tierr caf vin ques libr músic teatr biciclet herramient semill molin "
            "granj lan mader canto danz imag puert puent",
            "o a os as ero eros era eras ito itos ita itas al ales",
        ),
        (
            "local social rural mutu verd abiert fuert grand pequeñ nuev comun durader cercan human ciudadan popular",
            "o a os as e es mente",
        ),
    ),
}

_ADJECTIVES = {
    "de": "Neue Grüne Freie Offene Gemeinsame Vereinte Junge Helle Weite Bunte Solidarische Erste Faire Lebendige",
    "en": "New Green Free Open Common United Young Bright Wide First Fair Living Northern Riverside",
    "fr": "Nouvelle Verte Libre Ouverte Commune Unie Jeune Claire Première Juste Vivante Belle",
    "es": "Nueva Verde Libre Abierta Común Unida Joven Clara Primera Justa Viva Bella",
}
_TRADES = {
    "de": "Energie Wohnen Hosting Bäckerei Solar Nahwärme Dorfladen Kaffeerösterei Brauerei Pflege Werkstatt Verlag Druckerei Molkerei "
    "Weingut Schule Theater Kino Hebammen Carsharing Baugruppe Imkerei Mosterei Gärtnerei Tischlerei Lastenrad Quartier Wohnprojekt",
    "en": "Energy Housing Hosting Bakery Solar Heat Grocery Coffee Brewery Care Workshop Press Printing Dairy Vineyard School Theatre "
    "Cinema Midwives Carshare Builders Beekeepers Orchard Nursery Joinery Cycles Neighbourhood Credit",
    "fr": "Énergie Habitat Hébergement Boulangerie Solaire Chaleur Épicerie Torréfaction Brasserie Soins Atelier Édition Imprimerie "
    "Laiterie Vignoble École Théâtre Cinéma Autopartage Bâtisseurs Ruchers Verger Pépinière Menuiserie Cycles Quartier",
    "es": "Energía Vivienda Alojamiento Panadería Solar Calor Almacén Tostadero Cervecería Cuidados Taller Editorial Imprenta Lechería "
    "Viñedo Escuela Teatro Cine Transporte Constructora Apicultores Huerta Vivero Carpintería Ciclos Barrio",
}
_NAMES = {
    "de": ("{adjective} {trade} {coined}", "in {town}"),
    "en": ("{adjective} {trade} {coined}", "in {town}"),
    "fr": ("{trade} {adjective} {coined}", "à {town}"),
    "es": ("{trade} {adjective} {coined}", "en {town}"),
}


@cache
def language(code: str) -> Language:
    """The words of a language; put together at the first question."""
    words = _in_order(code)
    weights = 1 / (np.arange(len(words)) + FLATTER) ** STEEP
    every = np.empty(len(words), object)
    every[:] = words
    name, there = _NAMES[code]
    return Language(
        code,
        every,
        np.cumsum(weights) / weights.sum(),
        tuple(_ADJECTIVES[code].split()),
        tuple(_TRADES[code].split()),
        name,
        there,
    )


def _in_order(code: str) -> list[str]:
    little = _LITTLE[code].split()
    forms = list(dict.fromkeys(_forms(code)))
    random.Random(code).shuffle(forms)  # noqa: S311  # repeatable on purpose, no secret
    return [*little, *(form for form in forms if form not in little)]


def _forms(code: str) -> Iterator[str]:
    for stems, endings in _ROWS[code]:
        yield from (stem + ending for stem in stems.split() for ending in endings.split())


@cache
def coined() -> NDArray[np.object_]:
    """Some thirty thousand invented proper names of two or three syllables, for the words that are rare."""
    first = (
        "Al An Ar Ba Be Bri Ca Co Da De Do El Em Fa Fi Ga Ge Ha Hel In Ja Ka Ko La Le Li Lo Ma Me Mo Na Ne No Or Pa Pe Ra Re Ro Sa".split()
    )
    middle = "ba ca de do fa ga la le li lo ma me mi na ne no pa ra re ri ro sa se ta te ti va ve vi zo".split()
    last = "bra da dis go la len lia mar na nis no ra rin ro sa sol ta tor via vo ya zan zia".split()
    names = [a + b + c for a in first for b in middle for c in last]
    random.Random("names").shuffle(names)  # noqa: S311  # repeatable on purpose, no secret
    every = np.empty(len(names), object)
    every[:] = names
    return every
