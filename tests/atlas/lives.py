"""Random houses and what happens in them: up to forty organisations that come, move, hide, go and come back, and questions about them."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.atlas import questions, vocabulary
from allmende.atlas.rules import Box, Filters, Near
from allmende.directory.models import Belonging, Confirmation, DataRules, Organisation, Place, Record, RulesState
from tests import cast

MOST = 40
ODD_WORDS = ("T1", "CDE", "o", "ЗЕМЛЯ", "Ω", "1a", "½")
WORDS = ("Solar", "Genossenschaft", "Wohnungsgenossenschaft", "Genossenschaften", "Bürgerenergie", "Mühle", "Straße", "Hosting", "bicycles",
         "Ökostrom", "Strom", "Zürich", "Hof", "Bauernhof", "Energie", *ODD_WORDS)  # fmt: skip
ASKED = (*WORDS, "Host", "Buergerenergie", "STRASSE", "bicycle", "Mühlen", "Deutschland", "France", "Wohnen", "food", "Solr",
         "Genosenschaft", "øde", "t:1", "c:de", "🦊", "20095", "Altona", "hof straße")  # fmt: skip
TYPED = (*ASKED, "Gen", "b", "Solar Gen", "mueh", "ze", "Netz", "Solar-", "1")
TERMS = {
    "sector": (("food", "Ernährung", "Food", None, ["Essen"]), ("farm", "Landwirtschaft", "Farming", "food", ["Bauernhof"]),
               ("orchard", "Obstbau", "Orchards", "farm", []), ("energy", "Energie", "Energy", None, ["Strom", "erneuerbare Wärme"])),
    "activity": (("retail", "Handel", "Retail", None, []), ("housing", "Wohnen", "Housing", None, ["Wohnungsbau"])),
    "legal_form": (("eg", "eingetragene Genossenschaft", "registered cooperative", None, ["eG"]),),
    "cooperation": (("worker", "Arbeitergenossenschaft", "worker cooperative", None, []), ("multi", "Mehrere", "Multi", None, [])),
    "sdg": (("7", "Saubere Energie", "Clean energy", None, []), ("11", "Städte", "Cities", None, [])),
}  # fmt: skip
KEYS = {tree: [term[0] for term in terms] for tree, terms in TERMS.items()}
# Where things happen: one spot that many share, next door to it, cities, the corners of tiles, both sides of the date line, poles.
SPOTS: tuple[tuple[str, str, str, str, float | None, float | None], ...] = (
    *(("Berlin", "10115", "Berlin", "DE", 52.52, 13.405),) * 4,
    ("Berlin", "", "Berlin", "DE", 52.52005, 13.40505), ("Berlin", "", "", "DE", 52.5204, 13.4059),
    ("Hamburg", "20095", "Hamburg", "DE", 53.5511, 9.9937), ("Altona", "", "Hamburg", "DE", 53.55, 9.935),
    ("Wien", "1010", "Wien", "AT", 48.2082, 16.3738), ("Zürich", "8001", "", "CH", 47.37, 8.54), ("Lyon", "69001", "", "FR", 45.76, 4.8357),
    ("", "", "", "", 0.0, 0.0), ("", "", "", "", 0.0, 90.0), ("Suva", "", "", "FJ", -18.1, 178.4), ("Apia", "", "", "WS", -13.8, -171.8),
    ("Taveuni", "", "", "FJ", -16.8, 180.0), ("Taveuni", "", "", "FJ", -16.8, -180.0), ("", "", "", "", 90.0, 12.0),
    ("", "", "", "AQ", -90.0, 0.0), ("Alert", "", "", "CA", 82.5, -62.3), ("Ulm", "", "", "DE", None, None),
)  # fmt: skip
POINTS = [(spot[4], spot[5]) for spot in SPOTS if spot[4] is not None and spot[5] is not None]
EDGES = ((-90.0, -30.0, 0.0, 45.5, 52.5, 53.6, 90.0), (-180.0, -171.0, -10.0, 0.0, 9.96, 13.40501, 16.0, 90.0, 177.0, 180.0))
WHOLE_WORLD = Box(-180, -90, 180, 90)
PARTS = ("words", "places", "terms", "flags", "confirmed", "source", "network")


class Life:
    """A house and all that happens in it, by the throw of dice that can be thrown again."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.items: list[Organisation] = []
        self.told: list[str] = []  # what happened, for whoever looks for the fault
        vocabulary.forget()
        questions.forget()
        for tree, terms in TERMS.items():
            for key, de, en, parent, synonyms in terms:
                cast.term(tree, key, de, en, synonyms=synonyms, parent=cast.term(tree, parent) if parent else None)
        self.networks = [cast.organisation(f"Netz {number}") for number in (0, 1)]
        self.items += self.networks

    # ----------------------------------------------------------------------------------------------------- what happens

    def happen(self) -> None:
        """One thing, any."""
        if len(self.items) < 10:
            return self.enter()
        what = self._one((self.enter, self.edit, self.edit, self.edit, self.delete, self.change_many, self.new_rules))
        return what() if len(self.items) < MOST or what != self.enter else self.edit()

    def housework(self) -> None:
        """What is done for the index itself, outside of any transaction: nothing, in a small house."""

    def enter(self) -> None:
        """Several come at once, as imports bring them."""
        number = Organisation.objects.count()
        new = [
            Organisation.objects.create(name=self._text(1), slug=f"o{number + one}-{self.dice.random()}")
            for one in range(self._up_to(12, 1))
        ]
        for item in new:
            self._rewrite(item, PARTS)
        self.items += new
        self._told("entered", *new)

    def edit(self) -> None:
        """One is edited, moved, hidden, archived, brought back, confirmed ..."""
        item, parts = self._one(self.items), self._some(PARTS, 3, 1)
        self._rewrite(item, parts)
        self._told(f"changed {' '.join(parts)} of", item, *self._members(item))

    def delete(self) -> None:
        """One is gone for good."""
        item = self._one(self.items)
        if item not in self.networks:
            self.items.remove(item)
            pk = item.pk
            item.delete()
            item.pk = pk
            self._told("deleted", item)

    def change_many(self) -> None:
        """An import goes over many at once."""
        items, parts = self._some(self.items, 15, 1), self._some(PARTS, 2, 1)
        for item in items:
            self._rewrite(item, parts)
        self._told(f"changed {' '.join(parts)} of", *items, *(one for item in items for one in self._members(item)))

    def new_rules(self) -> None:
        """The network decides who sees addresses, descriptions and years."""
        DataRules.objects.all().delete()
        defaults = {field: self._one(("public", "network")) for field in ("address", "description", "founded", "register")}
        DataRules.objects.create(version=1, state=RulesState.ADOPTED, text_de="…", defaults=defaults)
        self._told(f"rules {defaults} for", *self.items)

    def _told(self, what: str, *items: Organisation) -> None:
        cast.changed(*items)
        vocabulary.forget()
        self.told.append(f"{what} {[item.pk for item in items]}")

    def _members(self, network: Organisation) -> list[Organisation]:
        return [one.member for one in Belonging.objects.filter(network=network).select_related("member")]

    def _rewrite(self, item: Organisation, parts: Sequence[str]) -> None:
        for part in parts:
            getattr(self, f"_{part}")(item)
        item.save()
        moment = timezone.now().replace(microsecond=0) - timedelta(days=self._up_to(3))
        Organisation.objects.filter(pk=item.pk).update(changed_at=moment)

    def _words(self, item: Organisation) -> None:
        item.name, item.keywords = self._text(1), self._some(WORDS, 2)
        item.legal_name = self._text() if self._seldom() else ""
        item.summary, item.summary_en, item.description = (self._text() if self._seldom() else "" for _ in range(3))

    def _places(self, item: Organisation) -> None:
        item.places.all().delete()
        places = [self._place() for _ in range(self._one((0, 1, 1, 1, 2, 4)))]
        seat = self._one((None, *range(len(places))))
        Place.objects.bulk_create(
            Place(
                organisation=item, town=town, postcode=postcode, region=region, country=country, lat=lat, lon=lon,
                precision="exact" if lat is not None else "", position=number, is_seat=number == seat,
            )
            for number, (town, postcode, region, country, lat, lon) in enumerate(places)
        )  # fmt: skip

    def _place(self) -> tuple[str, str, str, str, float | None, float | None]:
        if self.dice.random() < 0.7:
            return self._one(SPOTS)
        country = self._one(("DE", "FR", ""))
        return "Irgendwo", "", "Region", country, round(self.dice.uniform(-90, 90), 5), round(self.dice.uniform(-180, 180), 5)

    def _terms(self, item: Organisation) -> None:
        item.sector = cast.term("sector", self._one(KEYS["sector"])) if self._often() else None
        item.legal_form = cast.term("legal_form", "eg") if self._seldom() else None
        item.terms.set(cast.term(tree, self._one(KEYS[tree])) for tree in self._some(("sector", "activity", "cooperation", "sdg"), 3))

    def _flags(self, item: Organisation) -> None:
        item.state = self._one(("published",) * 6 + ("draft", "archived"))
        item.visibility = self._one(({}, {}, {}, {"address": "stewards"}, {"description": "members"}, {"register": "network"}))
        item.is_demo, item.founded = self._seldom(), self._one((None, 1889, 1999, 2011))
        item.licence = self._one(("CC0-1.0", "CC0-1.0", "CC-BY-4.0", "ODbL-1.0", ""))

    def _confirmed(self, item: Organisation) -> None:
        item.confirmations.all().delete()
        if days := self._one((None, 5, 100, 200, 500)):
            Confirmation.objects.create(organisation=item, at=timezone.now() - timedelta(days=days))

    def _source(self, item: Organisation) -> None:
        item.records.all().delete()
        for key in self._some(("frei", "osm"), 2):
            now, origin = timezone.now(), cast.source(key, "ODbL-1.0" if key == "osm" else "CC0-1.0")
            Record.objects.create(
                source=origin, remote_id=item.slug, organisation=item, licence=origin.licence, digest="", retrieved_at=now, seen_at=now
            )

    def _network(self, item: Organisation) -> None:
        Belonging.objects.filter(member=item).delete()
        if item not in self.networks:
            Belonging.objects.bulk_create(Belonging(network=one, member=item) for one in self._some(self.networks, 2))

    # ---------------------------------------------------------------------------------------------------- what is asked

    def question(self) -> Filters:
        """Any question, rather of few parts than of many."""
        parts = dict(self._part() for _ in range(self._one((0, 1, 1, 1, 2, 2, 3))))
        if self._seldom():
            parts["sort"] = self._one(("name", "new", "near"))
        return Filters(**parts)

    def _part(self) -> tuple[str, Any]:
        name = self._one(
            ("q", "q", "q", *KEYS, "country", "source", "licence", "network", "fresh", "near", "near", "bbox", "bbox", "free", "online")
        )
        if name in KEYS:
            return name, tuple(self._some(KEYS[name], 2, 1))
        if name in {"free", "online"}:
            return ("share_alike", False) if name == "free" else (name, True)
        many = {"country": ("DE", "AT", "FJ", "XX"), "source": ("frei", "osm"), "licence": ("CC0-1.0", "ODbL-1.0")}
        many["network"] = ("netz-0", "netz-1")
        if name in many:
            return name, tuple(self._some(many[name], 2, 1))
        one: dict[str, Any] = {
            "q": " ".join(self._some(ASKED, self._one((1, 1, 1, 2)), 1)),
            "fresh": self._one(("3", "6", "12", "older", "never")),
            "near": self.near(),
            "bbox": self.box(),
        }
        return name, one[name]

    def box(self) -> Box:
        """A section of the map; often across the date line."""
        (south, north), west, east = sorted(self._some(EDGES[0], 2, 2)), self._one(EDGES[1]), self._one(EDGES[1])
        return Box(west, south, east, north)

    def point(self) -> tuple[float, float]:
        """Where somebody may look: mostly where something is."""
        return self._one(POINTS) if self._often() else (round(self.dice.uniform(-90, 90), 3), round(self.dice.uniform(-180, 180), 3))

    def near(self) -> Near:
        """A circle, a little beside the middle of what is there: nothing is equally far on two sides."""
        lat, lon = self.point()
        west = lon - 0.00071
        return Near(max(-90.0, lat - 0.00037), west + 360 if west < -180 else west, self._one((0.1, 4.0, 25.0, 300.0, 1000.0)))

    def typed(self) -> str:
        """What somebody has typed so far."""
        return self._one(TYPED)

    # ------------------------------------------------------------------------------------------------------------ dice

    def _one(self, options: Sequence[Any]) -> Any:
        return options[self.dice.randrange(len(options))]

    def _some(self, options: Sequence[Any], most: int, least: int = 0) -> list[Any]:
        number = min(len(options), self._up_to(most, least))
        return self.dice.sample(list(options), number)

    def _up_to(self, most: int, least: int = 0) -> int:
        return self.dice.randint(least, most)

    def _text(self, least: int = 0) -> str:
        return " ".join(self._some(WORDS, 3, least))

    def _seldom(self) -> bool:
        return self.dice.random() < 0.25

    def _often(self) -> bool:
        return self.dice.random() < 0.8


class rolled_back(transaction.Atomic):
    """All that happens in here never happened; the index in memory must bear that."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *fault: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*fault)
