"""A house in which everything is kept that not everybody may see: entries at every level, and all that waits around one of them."""

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from allmende.directory.actions import create_organisation, edit_organisation
from allmende.directory.models import Belonging, Caretaking, DataRules, Organisation, Record, RulesState, State, Stewardship
from allmende.directory.queries import newest_revision
from allmende.people.models import Person
from tests.cast import changed, organisation, source, term
from tests.leaks import deciding, owning, secrets, together, waiting
from tests.leaks.secrets import (
    CARETAKER,
    EDITOR,
    ELSEWHERE,
    EVERYBODY,
    FORMER,
    GUEST,
    HOUSE,
    MEMBER,
    NEIGHBOUR,
    NETWORK,
    OF_FIELD,
    OUTSIDER,
    OWNER,
    OWNERS,
    REGION,
    SEES,
    STEWARDS,
    TEAM,
    VIEWERS,
    Secrets,
)
from tests.people.ways import person

LEVELS = ("public", "network", "members", "stewards")
BY_RULES = "members"  # what the data rules in force say of every field
NOW = timezone.now()


@dataclass
class Scene:
    """The people, the entries, the links of letters, and what is secret."""

    people: dict[str, Person] = field(default_factory=dict, repr=False)
    entries: dict[str, Organisation] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    addresses: dict[bool, list[Any]] = field(default_factory=dict, repr=False)  # found by `doors`, once: some hold the time

    @property
    def offen(self) -> Organisation:
        """The entry around which most of it happens: every field is for its stewards."""
        return self.entries["offen-stewards"]

    def pk(self, name: str) -> int:
        """The number of a thing."""
        return int(self.things[name].pk)

    def uuid(self, name: str) -> UUID:
        """The public number of a thing."""
        found: UUID = self.things[name].uuid
        return found


def build() -> Scene:
    """Everything, as it came about: through the actions of the directory, and beside them what other rooms keep."""
    scene = Scene()
    _people(scene)
    _rules(scene)
    _entries(scene)
    _keepers(scene)
    _hidden_entries(scene)
    waiting.fill(scene)
    together.fill(scene)
    owning.fill(scene)
    deciding.fill(scene)
    Organisation.objects.update(created_at=NOW - datetime.timedelta(days=400))  # what happens to them from now on is no birth
    changed(*Organisation.objects.all())
    return scene


def somebody(scene: Scene, key: str, sees: secrets.Circle, name_too: secrets.Circle | None = None) -> Person:
    """A person whose address is for these, and whose name is for those."""
    keep, own = scene.secrets.keep, {key} & EVERYBODY
    address = keep(f"winterpost{key}", f"the e-mail address of {key}", sees | own)
    name = keep(f"herbstlaub{key}", f"the name of {key}", (sees if name_too is None else name_too) | own, f"name of {key}")
    scene.people[key] = person(f"{address}@personen.example", name=name.capitalize())
    return scene.people[key]


def _people(scene: Scene) -> None:
    # who acts on an entry, who vouches, and who answers members
    names = {OWNER: TEAM | deciding.PART, EDITOR: TEAM, MEMBER: TEAM, CARETAKER: STEWARDS, NEIGHBOUR: OWNERS}
    for key in VIEWERS:
        if key != GUEST:
            somebody(scene, key, OWNERS if key in {OWNER, EDITOR, MEMBER} else HOUSE, names.get(key, HOUSE))
    Caretaking.objects.create(person=scene.people[REGION], country="DE", region="Bayern")
    Caretaking.objects.create(person=scene.people[ELSEWHERE], country="DE", region="Sachsen")
    Person.objects.filter(pk=scene.people[CARETAKER].pk).update(is_caretaker=True)
    scene.people[CARETAKER].refresh_from_db()


def _rules(scene: Scene) -> None:
    every = dict.fromkeys(("description", "website", "email", "phone", "address", "founded", "register"), BY_RULES)
    held = {"version": 1, "state": RulesState.ADOPTED, "text_de": "Unsere Regeln.", "defaults": every, "decided_at": NOW}
    scene.things["rules"] = DataRules.objects.create(**held)
    draft = scene.secrets.keep("regelentwurf", "a draft of the data rules", {NEIGHBOUR, NETWORK, OWNER, CARETAKER})
    scene.things["draft rules"] = DataRules.objects.create(version=2, text_de=draft, reason=draft, defaults=every)


def said(number: int, ending: str = "", **more: Any) -> dict[str, Any]:
    """What somebody writes into the form of an entry."""
    word = secrets.values(number, ending)
    place: dict[str, Any] = {
        "label": word["label"].capitalize(),
        "street": f"{word['street'].capitalize()} 3",
        "postcode": word["postcode"],
    }
    place |= {"town": "München", "region": "Bayern", "country": "DE", "is_seat": True}
    place |= {"lat": float(word["lat"]), "lon": float(word["lon"]), "precision": "exact"}
    return {
        "description": f"Text mit {word['description']} darin.",
        "description_en": f"Text with {word['description_en']} in it.",
        "website": f"https://{word['website']}.example/",
        "email": f"{word['email']}@post.example",
        "phone": f"+49 {word['phone']}",
        "founded": int(word["founded"]),
        "register": f"GnR {word['register']}",
        "legal_name": f"{word['legal_name']} eG",
        "sector": "food",
        "sectors": ["food"],
        "places": [place],
    } | more


def _keep(scene: Scene, number: int, whose: str, sees: secrets.Circle, ending: str = "", hidden: secrets.Circle | None = None) -> None:
    """Note every field of an entry as seen by these; old addresses of mail and telephone only by `hidden`."""
    for name, word in secrets.values(number, ending).items():
        mine = hidden if hidden is not None and name in {"email", "phone"} else sees
        scene.secrets.keep(word, f"{'the old' if ending else 'the'} {OF_FIELD.get(name, name)} of {whose}", mine)


def _entries(scene: Scene) -> None:
    """One entry at each level, and one that leaves it to the rules; each was edited once, so that there are old values."""
    term("sector", "food", "Ernährung", "Food")
    scene.entries["bund"] = organisation("Bund eG", "Berlin", kind="network", from_source=source("register"))
    for number, level in enumerate((*LEVELS, "ruled"), start=1):
        name = f"offen-{level}"
        own = (
            {} if level == "ruled" else dict.fromkeys(("description", "website", "email", "phone", "address", "founded", "register"), level)
        )
        sees = SEES[BY_RULES if level == "ruled" else level]
        _keep(scene, number, name, sees)
        _keep(scene, number, name, sees, "alt", hidden=STEWARDS)
        first = said(number, "alt", name=f"Offen {level} eG", visibility=own)
        _edited(scene, name, first, said(number))
    _turned(scene)


def _edited(scene: Scene, slug: str, first: dict[str, Any], then: dict[str, Any]) -> None:
    owner = scene.people[OWNER]
    entry = create_organisation(first, by=owner, state=State.PUBLISHED)
    _keeps(owner, entry, "owner")
    edit_organisation(entry, then, by=owner, base=newest_revision(entry.pk))
    Belonging.objects.create(network=scene.entries["bund"], member=entry)
    Organisation.objects.filter(pk=entry.pk).update(slug=slug)
    entry.refresh_from_db()
    scene.entries[slug] = entry


def _turned(scene: Scene) -> None:
    """What was for the stewards when it was written stays theirs, even if the field is open today; and the other way round."""
    keep = scene.secrets.keep
    for name, now, then in (("jetzt-offen", "public", "stewards"), ("jetzt-zu", "stewards", "public")):
        old = keep(f"fruehertext{then}", f"what {name} said of itself earlier", STEWARDS)
        new = keep(f"heutetext{now}", f"what {name} says of itself today", SEES[now])
        first = {"name": f"{name.title()} eG", "description": old, "visibility": {"description": then}}
        _edited(scene, name, first, {"description": new, "visibility": {"description": now}})


def _keeps(who: Person, entry: Organisation, role: str, until: datetime.datetime | None = None) -> None:
    since = NOW - datetime.timedelta(days=400)
    Stewardship.objects.create(organisation=entry, person=who, role=role, proof="granted", since=since, until=until)


def _keepers(scene: Scene) -> None:
    people = scene.people
    for name, entry in scene.entries.items():
        if name != "bund":
            _keeps(people[EDITOR], entry, "editor")
            _keeps(people[MEMBER], entry, "member")
            _keeps(people[FORMER], entry, "owner", until=NOW - datetime.timedelta(days=30))
    scene.entries["fern"] = organisation("Fern eG", "Wien", country="AT")
    scene.entries["nachbar"] = organisation("Nachbar eG", "Hamburg")
    Belonging.objects.create(network=scene.entries["bund"], member=scene.entries["nachbar"])
    for key, name in ((OUTSIDER, "fern"), (NEIGHBOUR, "nachbar"), (NETWORK, "bund")):
        _keeps(people[key], scene.entries[name], "owner")


def _hidden_entries(scene: Scene) -> None:
    """A draft, an archived and a merged entry: their names are secret, too."""
    keep = scene.secrets.keep
    for state, sees in ((State.DRAFT, STEWARDS | {MEMBER}), (State.ARCHIVED, STEWARDS | {MEMBER}), (State.MERGED, STEWARDS)):
        name = keep(f"tarnname{state}", f"the name of a {state} entry", sees - {MEMBER})
        text = keep(f"tarntext{state}", f"the content of a {state} entry", HOUSE if state == State.MERGED else sees - {MEMBER})
        more: dict[str, Any] = {"merged_into": scene.entries["offen-public"]} if state == State.MERGED else {}
        about = source(
            f"quelle-{state}",
            name=keep(f"geheimquelle{state}", f"the source of a {state} entry", HOUSE if state == State.MERGED else STEWARDS),
        )
        entry = organisation(
            f"{name.capitalize()} eG", "München", (48.13, 11.57), slug=f"tarn-{state}", description=text, summary=text, state=state,
            from_source=about, **more,
        )  # fmt: skip
        entry.places.update(region="Bayern")
        Record.objects.filter(organisation=entry).update(raw={"note": keep(f"rohzeile{state}", "a row of a source as it came", HOUSE)})
        scene.entries[f"tarn-{state}"] = entry
        if state != State.MERGED:
            _keeps(scene.people[OWNER], entry, "owner")
            _keeps(scene.people[EDITOR], entry, "editor")
