"""The facts of a comparison as sentences: name first, then contacts, then place. Values of e-mail and phone never appear."""

from collections.abc import Iterator
from typing import Any

from allmende.duplicates.evidence import Evidence
from allmende.duplicates.names import Overlay, as_written
from allmende.duplicates.portraits import Portrait, Site, own_host, postcode_of
from allmende.duplicates.reasons import Reason

FREQUENT = 0.55  # words that say less than this together are frequent ones


def reasons(evidence: Evidence, a: Portrait, b: Portrait) -> tuple[Reason, ...]:
    """All reasons, those of the name first."""
    return (*_of_names(evidence, a, b), *_of_contacts(evidence, a, b), *_of_place(evidence))


def _of_names(evidence: Evidence, a: Portrait, b: Portrait) -> Iterator[Reason]:
    name, facts = evidence.name, evidence.facts
    if name.is_equal:
        yield Reason(_equality(name, a, b), speaks_for=1)
    else:
        yield from _of_likeness(name, a, b)
    if "numbers_differ" in facts:
        yield Reason("numbers_differ", {"one": name.left_numbers[0], "other": name.right_numbers[0]}, -1)
    if "forms_differ" in facts:
        yield Reason("forms_differ", {}, -1)


def _equality(name: Overlay, a: Portrait, b: Portrait) -> str:
    if {a.name.casefold(), a.legal_name.casefold()} & {b.name.casefold(), b.legal_name.casefold()} - {""}:
        return "name_same"
    return "name_same_but_form" if name.is_in_order and name.forms_differ else "name_order"


def _of_likeness(name: Overlay, a: Portrait, b: Portrait) -> Iterator[Reason]:
    shared = as_written(name.shared, a.name, a.legal_name)
    left, right = as_written(name.left, a.name, a.legal_name), as_written(name.right, b.name, b.legal_name)
    if not shared:
        yield Reason("name_different", {}, -1)
    elif name.left_places and name.right_places and not (name.left_other and name.right_other):
        yield Reason("towns_differ", {"one": left, "other": right}, -1)
    elif not name.left or not name.right:
        yield Reason("name_contained", {"shared": shared}, 1)
    elif name.shared_weight < FREQUENT:
        yield Reason("name_common", {"shared": shared}, -1)
    else:
        yield Reason("name_similar", {"shared": shared}, 1)
        yield Reason("words_differ", {"one": left, "other": right}, -1)


def _of_contacts(evidence: Evidence, a: Portrait, b: Portrait) -> Iterator[Reason]:
    facts = evidence.facts
    if "register_same" in facts:
        yield Reason("register_same", {"number": a.register}, 1)
    if "register_differs" in facts:
        yield Reason("register_differs", {"one": a.register, "other": b.register}, -1)
    yield from _of_websites(evidence, a, b)
    for fact, direction in (("phone_same", 1), ("email_same", 1), ("phone_differs", 0), ("email_differs", 0)):
        if fact in facts:
            yield Reason(fact, {}, direction)


def _of_websites(evidence: Evidence, a: Portrait, b: Portrait) -> Iterator[Reason]:
    facts = evidence.facts
    one, other = own_host(a.website), own_host(b.website)
    if one and one == other:
        values: dict[str, Any] = {"host": one}
        if facts.get("website_shared", 0.0) > 0.5:
            yield Reason("website_shared", values, 0)
        elif "website_pages" in facts:
            yield Reason("website_pages", values, 0)
        elif facts.get("far") and evidence.km is not None:
            yield Reason("website_same_far", values | {"km": _rounded(evidence.km)}, 0)
        else:
            yield Reason("website_same", values, 1)
    elif "website_family" in facts:
        yield Reason("website_family", {"one": one, "other": other}, 0)
    elif "website_differs" in facts:
        yield Reason("website_differs", {"one": one, "other": other}, -1)


def _of_place(evidence: Evidence) -> Iterator[Reason]:
    facts, km = evidence.facts, evidence.km
    if evidence.here is None:
        return
    one, other = evidence.here
    if "here" in facts:
        yield Reason("address_same", {"address": _address(one)}, 1) if one.street and other.street else Reason("place_same", {}, 1)
        return
    if "country_differs" in facts:
        yield Reason("country_differs", {}, -1)
    if "address_differs" in facts:
        yield Reason("street_differs", {"one": _address(one), "other": _address(other)}, -1)
    if km is not None and km >= 1 and _says_km(facts, km):
        return
    if km is not None and km >= 1:
        yield Reason("far", {"km": _rounded(km)}, -1)
    elif km is not None:
        yield Reason("near", {"metres": max(10, round(km * 100) * 10)}, 0)
    elif one.postcode and postcode_of(one.postcode) == postcode_of(other.postcode):
        yield Reason("postcode_same", {"postcode": one.postcode}, 1)
    elif facts.get("far"):
        yield Reason("places_apart", {"one": one.town, "other": other.town}, -1)


def _says_km(facts: dict[str, float], km: float) -> bool:
    """Whether the sentence about the website said the distance already."""
    return "website_same" in facts and facts.get("website_shared", 0.0) <= 0.5 and "website_pages" not in facts and bool(facts.get("far"))


def _address(site: Site) -> str:
    return ", ".join(part for part in (site.street, f"{site.postcode} {site.town}".strip()) if part)


def _rounded(km: float) -> float | int:
    return round(km, 1) if km < 10 else round(km)
