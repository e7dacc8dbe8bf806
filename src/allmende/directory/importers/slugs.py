"""Addresses of new entries: the name, then name and town, then numbers. An entry keeps its address whatever becomes of its name."""

from collections.abc import Iterable

from allmende.directory.importers.base import Draft
from allmende.directory.models import Organisation
from allmende.ground.text import slug

LIMIT = 100
NUMBER_ROOM = 8  # letters kept free for `-1234567`


def give_slugs(drafts: Iterable[Draft]) -> dict[str, str]:
    """A free address for each draft, by remote id."""
    wishes = {draft.remote_id: _wishes(draft) for draft in drafts}
    taken = _taken(wish for wished in wishes.values() for wish in wished)
    given: dict[str, str] = {}
    for remote_id, wished in wishes.items():
        free = next((wish for wish in wished if wish not in taken), None) or _numbered(wished[-1], taken)
        taken.add(free)
        given[remote_id] = free
    return given


def _wishes(draft: Draft) -> list[str]:
    town = next((place["town"] for place in draft.places if place["town"]), "")
    name = slug(draft.data["name"])
    # Names without a Latin letter get a plain word; the number behind it makes them different.
    base = name or slug(town) or "eintrag"
    wished = [slug(draft.slug, LIMIT)] if draft.slug else []
    wished.append(base)
    if town and name and slug(town):
        wished.append(f"{base}-{slug(town)}"[: LIMIT - NUMBER_ROOM].strip("-"))
    return [wish for wish in dict.fromkeys(wished) if wish]


def _taken(wishes: Iterable[str]) -> set[str]:
    every = list(set(wishes))
    taken: set[str] = set()
    for start in range(0, len(every), 500):
        taken.update(Organisation.objects.filter(slug__in=every[start : start + 500]).values_list("slug", flat=True))
    return taken


def _numbered(base: str, taken: set[str]) -> str:
    """The lowest free number behind `base`, counted on from those in use."""
    used = {base, *taken, *Organisation.objects.filter(slug__startswith=f"{base}-").values_list("slug", flat=True)}
    number = 2
    while f"{base}-{number}" in used:
        number += 1
    return f"{base}-{number}"
