"""What the pages of this room share: the entry one may edit, the form with all that stands beside its fields, where an address lies."""

from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.directory import access as directory_access
from allmende.directory import queries as directory
from allmende.directory.models import Organisation
from allmende.editing import forms, sheets
from allmende.editing.rules import SHOWN_PLACES
from allmende.ground.refusals import NotAllowed
from allmende.people.views import SignedIn
from allmende.places import queries as places

SHOW_AGAIN = {"check", "add"}  # buttons that only show the form again: look the address up, one more place


def own(request: SignedIn, slug: str) -> Organisation:
    """The entry with all its fields, for those who may edit it; 404 for what one may not see, 403 for what one may not edit."""
    item = directory.organisation_as_it_is(request.user, slug)
    if item is None:
        if not directory_access.organisations_visible_to(request.user).filter(slug=slug).exists():
            raise Http404
        raise NotAllowed(_("Only those who look after an entry may do this."))
    return item


def number(word: Any) -> int:
    """A whole number from an address or a form; 0 for anything else."""
    text = str(word or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def sheet_context(form: sheets.Filled, step: str) -> dict[str, Any]:
    """What both forms show beside their fields."""
    rules = directory.rules_in_force()
    wants_check = step in SHOW_AGAIN
    return {
        "area": "map",
        "form": form,
        "sheet": form.sheet,
        "places": [(place, found(place) if wants_check or form.is_old else None) for place in form.places],
        "pages": range(-(-len(form.state["places"]) // SHOWN_PLACES)) if len(form.state["places"]) > SHOWN_PLACES else (),
        "activity_groups": _by_parent(form.sheet),
        "countries": forms.countries(),
        "rules": rules,
        "licence": rules.licence if rules else "CC0-1.0",
        "check_url": _duplicates_address(),
    }


def _by_parent(sheet: forms.Sheet) -> list[tuple[str, list[Any]]]:
    """The activities under the sectors they belong to."""
    above = {term.key: term.parent.name if term.parent else "" for term in directory.terms(forms.TREES["activities"])}
    groups: dict[str, list[Any]] = {}
    for box in sheet["activities"].subwidgets:
        groups.setdefault(above.get(str(box.data["value"]), ""), []).append(box)
    return list(groups.items())


def _duplicates_address() -> str:
    try:
        return reverse("duplicates-api:check")
    except NoReverseMatch:
        return ""


def found(place: forms.PlaceSheet) -> dict[str, Any] | None:
    """What is known of the address typed here."""
    names = ("street", "postcode", "town", "country")
    street, postcode, town, country = (str(place[name].value() or "") for name in names)
    return located(street, postcode, town, country)


def located(street: str, postcode: str, town: str, country: str) -> dict[str, Any] | None:
    """What the local data know of an address, in a sentence; None where nothing was typed."""
    if not (postcode.strip() or town.strip()):
        return None
    guess = places.locate(street, postcode[:20], town[:120], country[:80])
    if guess is None:
        return {"sentence": _("This place is not known here. Check the spelling, or give a point yourself."), "map": ""}
    where = ", ".join(
        part for part in (f"{postcode} {guess.town}".strip(), places.country_name(guess.country, get_language() or "de")) if part
    )
    told = (
        _("Found: centre of the postcode area, %(where)s") if guess.precision == "postcode" else _("Found: centre of the town, %(where)s")
    )
    picture = reverse("editing-api:place_map") + f"?lat={guess.lat:.4f}&lon={guess.lon:.4f}"
    return {"sentence": told % {"where": where}, "map": picture}
