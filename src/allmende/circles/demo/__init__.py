"""Circles of the demo network: one at work, one everybody may join, one that has ended. Marked as examples like their hosts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from allmende.circles import actions
from allmende.circles.models import Circle, CircleDate
from allmende.directory.models import Organisation
from allmende.people.models import Person

HOSTS = {"anna": "demo-hofladen-ackerglueck", "clara": "demo-datengarten", "dora": "demo-hausgemeinschaft-kranichbogen"}
ROUTES = """Wir legen Touren zusammen, damit Lastenräder und Lieferwagen seltener leer fahren.

- Wer fährt wann wohin?
- Welche Daten brauchen wir dafür?

Wir treffen uns **alle zwei Wochen** in einer Videokonferenz."""
AGREED = """# Worauf wir uns geeinigt haben

- Touren stehen bis Freitag im Plan.
- Jede Genossenschaft nennt eine Person.

Offen ist, wer die Kosten trägt."""
TOOLS = "Welche freie Software tragen wir gemeinsam? Wir vergleichen, testen und teilen Anleitungen."


@transaction.atomic
def load(people: Mapping[str, Person]) -> int:
    """Three circles of these demo people; how many. Nothing where somebody is missing or a demo circle is there already."""
    hosts = {name: Organisation.objects.filter(slug=slug, is_demo=True).first() for name, slug in HOSTS.items()}
    if Circle.objects.filter(is_demo=True).exists() or not {*HOSTS, "ben"} <= set(people):
        return 0
    farm, data, house = hosts["anna"], hosts["clara"], hosts["dora"]
    if farm is None or data is None or house is None:
        return 0
    with translation.override("de"):
        _at_work(farm, data, house, people)
        _open_to_all(data, people)
        _ended(house, people)
    return 3


def _at_work(farm: Organisation, data: Organisation, house: Organisation, people: Mapping[str, Person]) -> None:
    anna, ben, clara, dora = (people[name] for name in ("anna", "ben", "clara", "dora"))
    circle = actions.found_circle(farm, name="Gemeinsame Lieferwege", purpose=ROUTES, joining="request", audience="network", by=anna)
    actions.accept_invitation(circle, by=ben)
    actions.invite_organisation(circle, data, word="Ihr kennt euch mit Tourdaten aus.", by=anna)
    actions.accept_invitation(circle, by=clara)
    actions.ask_to_join(circle, organisation=house, word="Wir haben ein Lastenrad, das vormittags frei ist.", by=dora)
    note = actions.write_note(circle, title="Ergebnisse vom ersten Treffen", text=AGREED, by=anna)
    better = AGREED.replace("bis Freitag", "bis Donnerstag um 12 Uhr").replace("eine Person.", "eine Person.\n- Absagen bis zum Vorabend.")
    actions.save_note(note, title=note.title, text=better, base=1, by=clara)
    actions.add_link(circle, label="Chat des Netzwerks", url="https://chat.example/lieferwege", about="für alles, was eilt", by=anna)
    actions.add_link(circle, label="Tourenplan", url="https://wolke.example/touren", about="gemeinsame Tabelle", by=clara)
    _dates(circle, anna)
    today = timezone.localdate()
    actions.add_task(circle, title="Tourdaten der letzten vier Wochen zusammenstellen", owner=clara, due=today + timedelta(days=5), by=anna)
    actions.add_task(circle, title="Versicherung fragen: Dürfen fremde Waren mit?", owner=anna, due=today - timedelta(days=2), by=ben)
    actions.add_task(circle, title="Logo für die Kisten", by=ben)
    done = actions.add_task(circle, title="Alle Genossenschaften in der Stadt anschreiben", owner=anna, by=anna)
    actions.tick_task(done, is_done=True, by=anna)


def _dates(circle: Circle, by: Person) -> None:
    evening = timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0)
    first = evening - timedelta(days=12)
    CircleDate.objects.create(circle=circle, title="Erstes Treffen", starts=first, ends=first + timedelta(hours=2), by=by)
    second = evening + timedelta(days=9)
    said = {"place": "https://video.example/lieferwege", "text": "Bitte Tourenpläne mitbringen."}
    actions.add_date(circle, title="Zweites Treffen", starts=second, ends=second + timedelta(hours=2), by=by, **said)
    called_off = actions.add_date(circle, title="Besuch im Umschlaglager", starts=evening + timedelta(days=20), by=by)
    actions.call_off_date(called_off, by=by)


def _open_to_all(data: Organisation, people: Mapping[str, Person]) -> None:
    said: dict[str, Any] = {"name": "Offene Werkzeuge für Genossenschaften", "purpose": TOOLS, "joining": "open", "audience": "public"}
    circle = actions.found_circle(data, **said, notes_open=True, by=people["clara"])
    text = "- gemeinsame Dateien\n- Videokonferenzen\n- Mitgliederverwaltung"
    actions.write_note(circle, title="Was wir verglichen haben", text=text, by=people["clara"])


def _ended(house: Organisation, people: Mapping[str, Person]) -> None:
    said: dict[str, Any] = {
        "name": "Satzungen für kleine Häuser",
        "purpose": "Ein Entwurf, den fünf Häuser nutzen.",
        "joining": "invitation",
    }
    circle = actions.found_circle(house, **said, audience="network", by=people["dora"])
    actions.archive_circle(circle, by=people["dora"])
