"""What two portraits have in common and in what they differ: a handful of plain facts, each between 0 and 1."""

from dataclasses import dataclass, field
from math import cos, log10, radians, sqrt

from rapidfuzz.fuzz import ratio, token_set_ratio

from allmende.duplicates.names import Overlay, overlay, read
from allmende.duplicates.portraits import (
    COUNTRY,
    EXACT,
    Portrait,
    Site,
    domain,
    house_number,
    is_platform,
    own_host,
    page,
    postcode_of,
    register_number,
    street_words,
)  # fmt: skip
from allmende.duplicates.rarity import Rarity

_HELPING = {"shared", "apart"}  # says nothing by itself
SPOT_KM = 0.15  # two geocoders rarely agree better
NEAR_KM = 1.0
VAGUE_KM = 50.0  # so far a point without a street may be off
_FORMS = (
    {"eg", "egmbh", "gen", "genossenschaft", "genmbh", "sce"},
    {"ev", "verein", "asbl", "vzw"},
    {"gmbh", "ggmbh", "ug", "mbh", "gug"},
    {"ag", "gag"},
    {"kg", "ohg", "og", "gbr", "gesbr"},
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts of a comparison. `facts` holds those that are not 0."""

    name: Overlay
    km: float | None
    here: tuple[Site, Site] | None
    host: str = ""
    facts: dict[str, float] = field(default_factory=dict)


def gather(a: Portrait, b: Portrait, rarity: Rarity) -> Evidence:
    """All facts about two entries; symmetric."""
    name = _best_overlay(a, b, rarity)
    km, here = _closest(a, b)
    facts = _of_names(name, a, b) | _of_sites(km, here, a, b) | _of_contacts(a, b, rarity)
    facts |= _together(facts)
    return Evidence(name, km, here, own_host(a.website), {key: value for key, value in facts.items() if value and key not in _HELPING})


def _best_overlay(a: Portrait, b: Portrait, rarity: Rarity) -> Overlay:
    """The closest of short and registered names."""
    best: Overlay | None = None
    for one in dict.fromkeys(filter(None, (a.name, a.legal_name))):
        for other in dict.fromkeys(filter(None, (b.name, b.legal_name))):
            found = overlay(read(one), read(other), rarity)
            if best is None or (found.is_equal, found.overlap + found.spelling) > (best.is_equal, best.overlap + best.spelling):
                best = found
    return best or overlay(read(a.name), read(b.name), rarity)


def _of_names(name: Overlay, a: Portrait, b: Portrait) -> dict[str, float]:
    left, right = (tuple(word for word in rest if word not in places) for rest, places in _rests(name))
    less = min(name.left_other, name.right_other) if left and right else 0.0
    apart = min(1.0, 1.5 * less / (name.shared_weight + less)) if less else 0.0
    differ = float(bool(name.left_places and name.right_places))
    numbers = float(bool(name.left_numbers and name.right_numbers))
    close = 1.0 if name.is_equal else max(name.overlap, (name.overlap + name.contained) / 2) * (1 - apart) * (1 - differ) * (1 - numbers)
    return {
        "name_close": close,
        "name_equal": float(name.is_equal),
        "name_rare": close * min(name.shared_weight, 1.5) / 1.5,
        "name_family": name.family * (1 - close) * min(name.shared_weight, 1.0),
        "shared": min(1.0, name.shared_weight),
        "names_go_apart": apart,
        "places_differ": differ,
        "numbers_differ": numbers,
        "forms_differ": float(_forms_differ(a, b)),
    }


def _rests(name: Overlay) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return (name.left, name.left_places), (name.right, name.right_places)


def _forms_differ(a: Portrait, b: Portrait) -> bool:
    """An association and its company may share a name; they are two all the same."""
    one, other = ({number for number, form in enumerate(_FORMS) if form & {*read(x.name).form, *read(x.legal_name).form}} for x in (a, b))
    return bool(one and other and not one & other)


def _closest(a: Portrait, b: Portrait) -> tuple[float | None, tuple[Site, Site] | None]:
    """(km between the closest two sites that have points, the two sites that lie closest or whose address is most alike)."""
    best: tuple[float, Site, Site] | None = None
    for one in a.sites:
        for other in b.sites:
            apart = distance(one, other)
            rank = (apart if apart is not None else 9e3) - (1e4 if addresses_agree(one, other) else 0)
            if best is None or rank < best[0]:
                best = (rank, one, other)
    if best is None:
        return None, None
    return distance(best[1], best[2]), (best[1], best[2])


def distance(one: Site, other: Site) -> float | None:
    """Kilometres between two sites as the crow flies, None where a point is missing or only stands for a country."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None or COUNTRY in (one.precision, other.precision):
        return None
    north = (one.lat - other.lat) * 111.2
    east = (one.lon - other.lon) * 111.3 * cos(radians((one.lat + other.lat) / 2))
    return sqrt(north * north + east * east)


def addresses_agree(one: Site, other: Site) -> bool:
    """The same street and number, and nothing against it in postcode and town."""
    left, right = street_words(one.street), street_words(other.street)
    if not left or not right or (house_number(one.street) != house_number(other.street)):
        return False
    if postcode_of(one.postcode) != postcode_of(other.postcode) and one.postcode and other.postcode and not _same_town(one, other):
        return False
    return left == right or token_set_ratio(" ".join(left), " ".join(right)) >= 88


def addresses_differ(one: Site, other: Site) -> float:
    """How sure it is that two streets are two: 1 with two names or two numbers, less where it may be spelling or a corner house."""
    left, right = " ".join(street_words(one.street)), " ".join(street_words(other.street))
    if not left or not right or addresses_agree(one, other):
        return 0.0
    numbers = house_number(one.street), house_number(other.street)
    if all(numbers):
        return 1.0 if numbers[0] != numbers[1] else 0.5
    return 0.6 if ratio(left, right) < 75 else 0.0


def _same_town(one: Site, other: Site) -> bool:
    return bool(one.town and other.town) and token_set_ratio(" ".join(read(one.town).core), " ".join(read(other.town).core)) >= 90


def _of_sites(km: float | None, here: tuple[Site, Site] | None, a: Portrait, b: Portrait) -> dict[str, float]:
    if here is None:
        return {}
    one, other = here
    rough = not (one.precision == other.precision == EXACT)
    agree = addresses_agree(one, other)
    codes = postcode_of(one.postcode), postcode_of(other.postcode)
    spot = km is not None and km <= SPOT_KM and not rough
    return {
        "here": float(agree or spot),
        "address_differs": 0.0 if agree or spot else addresses_differ(one, other),
        "far": _far(km, one, other),
        "apart": float(km is not None and km > SPOT_KM and not agree),
        "postcode_same": float(bool(codes[0]) and codes[0] == codes[1] and not agree and not spot),
        "country_differs": float(bool(one.country and other.country and one.country != other.country)),
    }


def _far(km: float | None, one: Site, other: Site) -> float:
    """0 up to 1 km, 1 from 100 km on; less where a point may be off, and half for another town where there are no points."""
    if km is None:
        codes = postcode_of(one.postcode), postcode_of(other.postcode)
        return 0.5 if one.town and other.town and not _same_town(one, other) and (codes[0] != codes[1] or not codes[0]) else 0.0
    return 0.0 if km <= NEAR_KM else min(1.0, log10(km / NEAR_KM) / 2) * (_firmness(one, other) if km < VAGUE_KM else 1.0)


def _firmness(one: Site, other: Site) -> float:
    """How much a distance says: a point without a street beside one with a street is often the middle of something."""
    if not one.precision == other.precision == EXACT:
        return 0.4
    return 0.4 if bool(one.street) != bool(other.street) else 1.0 if one.street else 0.7


def _of_contacts(a: Portrait, b: Portrait, rarity: Rarity) -> dict[str, float]:
    numbers = register_number(a.register), register_number(b.register)
    facts = {
        "register_same": _certainty(numbers[0]) if numbers[0] == numbers[1] else 0.0,
        "register_differs": float(bool(numbers[0] and numbers[1]) and numbers[0] != numbers[1]),
        "phone_same": float(bool(a.phone) and a.phone == b.phone),
        "phone_differs": float(bool(a.phone and b.phone) and a.phone != b.phone),
        "email_same": float(bool(a.email) and a.email == b.email),
        "email_differs": float(bool(a.email and b.email) and a.email != b.email),
    } | _of_websites(a, b, rarity)
    same = max(facts["phone_same"], facts["email_same"], facts.get("website_same", 0.0))
    facts["contact_same"] = same * (1 - facts.get("website_shared", 0.0))  # many under one roof share its telephone, too
    return facts


def _certainty(number: str) -> float:
    """A long number is one of a kind; `GnR 12` exists at every court."""
    return min(1.0, sum(letter.isdigit() for letter in number) / 6)


def _of_websites(a: Portrait, b: Portrait, rarity: Rarity) -> dict[str, float]:
    one, other = own_host(a.website), own_host(b.website)
    if not one or not other:
        return {}
    if one != other:
        is_family = domain(one) == domain(other) and not is_platform(one)
        return {"website_family": float(is_family), "website_differs": float(not is_family)}
    left, right = page(a.website), page(b.website)
    shared = min(1.0, max(0, rarity.hosts.get(one, 0) - 2) / 4)  # two may be the same one twice, six are many under one roof
    return {"website_same": 1.0 - shared, "website_shared": shared, "website_pages": float(left != right and bool(left or right))}


def _together(facts: dict[str, float]) -> dict[str, float]:
    """What two facts mean only together: a name like another is a branch elsewhere, and a neighbour if only the address agrees."""
    close = facts["name_close"]
    elsewhere = max(facts.get("address_differs", 0.0), facts.get("far", 0.0), facts.get("website_shared", 0.0) * facts.get("apart", 0.0))
    return {
        "close_here": close * facts.get("here", 0.0),
        "close_contact": close * facts["contact_same"],
        "close_elsewhere": max(close, facts["name_family"]) * elsewhere,
        "stranger_here": (1 - close) * facts.get("here", 0.0),
        "same_door": facts.get("here", 0.0) * facts["contact_same"] * (1 - close),
        "one_house": facts.get("here", 0.0) * facts["contact_same"] * (1 - close) * facts["shared"],
    }
