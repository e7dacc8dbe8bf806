"""The shapes of the public data, once: the OpenAPI description, the JSON Schema of the dumps and the table on the page come from here.

Descriptions are English message ids; the page shows them in the reader's language.
"""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[\w.:+-]*$", max_length=100)]
Precision = Literal["exact", "postcode", "town", "country", ""]
Kind = Literal["cooperative", "company", "association", "initiative", "foundation", "public_body", "network"]


class Shape(BaseModel):
    """Every field is always there; what is not known is empty."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)


class Place(Shape):
    """Where an organisation is found."""

    label: str = Field(description=_("What the place is, if there are several"))
    street: str = Field(description=_("Street and number"))
    postcode: str = Field(description=_("Postcode"))
    town: str = Field(description=_("Town"))
    region: str = Field(description=_("State or region"))
    country: str = Field(description=_("Country, ISO 3166-1 alpha-2"), max_length=2)
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(description=_("Latitude, WGS 84"))
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(description=_("Longitude, WGS 84"))
    precision: Precision = Field(description=_("How exact the point is; never finer than its source"))
    is_seat: bool = Field(description=_("Whether this is the registered seat"))


class Origin(Shape):
    """Where an entry, or a part of it, came from."""

    source: str = Field(description=_("Key of the source"))
    name: str = Field(description=_("Name of the source"))
    remote_id: str = Field(description=_("Its identifier there"))
    licence: str = Field(description=_("Licence of this record, SPDX identifier"))
    attribution: str = Field(description=_("What has to be written beside it"))
    url: str = Field(description=_("Its address there"))
    retrieved_on: str = Field(description=_("When it was fetched"), json_schema_extra={"format": "date"})
    gone: bool = Field(description=_("Whether it has vanished from its source"))


class Organisation(Shape):
    """An organisation as guests may read it."""

    id: str = Field(description=_("Stable identifier (UUID)"), json_schema_extra={"format": "uuid"})
    slug: str = Field(description=_("Readable part of the address; may change, the id does not"))
    url: str = Field(description=_("Page of the entry"))
    name: str = Field(description=_("Name"), min_length=1)
    legal_name: str = Field(description=_("Registered name"))
    kind: Kind = Field(description=_("What it is, whatever its legal form"))
    legal_form: Key = Field(description=_("Legal form, key of the taxonomy"))
    sector: Key = Field(description=_("Main sector, key of the taxonomy"))
    sectors: list[str] = Field(description=_("All sectors, keys of the taxonomy"))
    activities: list[str] = Field(description=_("Activities, keys of the taxonomy"))
    cooperation: list[str] = Field(description=_("Forms of cooperation, keys of the taxonomy"))
    sdgs: list[Annotated[int, Field(ge=1, le=17)]] = Field(description=_("Sustainable Development Goals, numbers"))
    summary: str = Field(description=_("In one sentence, in German"))
    summary_en: str = Field(description=_("In one sentence, in English"))
    description: str = Field(description=_("Description in German"))
    description_en: str = Field(description=_("Description in English"))
    keywords: list[str] = Field(description=_("Free keywords"))
    languages: list[str] = Field(description=_("Languages spoken there, ISO 639-1"))
    founded: int | None = Field(description=_("Year of foundation"))
    ended: int | None = Field(description=_("Year in which it ended"))
    website: str = Field(description=_("Website"))
    email: str = Field(description=_("E-mail, only where the organisation made it public"))
    phone: str = Field(description=_("Phone, only where the organisation made it public"))
    register_number: str = Field(alias="register", description=_("Register and number"))
    same_as: list[str] = Field(description=_("The same organisation elsewhere"))
    places: list[Place] = Field(description=_("Places; none for those that work online only"))
    networks: list[str] = Field(description=_("Networks it belongs to, their slugs"))
    licence: str = Field(description=_("Licence under which the entry is passed on, SPDX identifier"))
    sources: list[Origin] = Field(description=_("Sources with licence and attribution"))
    confirmed_on: str | None = Field(
        description=_("When the organisation last confirmed the entry"),
        json_schema_extra={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
    )
    changed_at: str = Field(description=_("When the entry last changed"), json_schema_extra={"format": "date-time"})
    is_demo: bool = Field(description=_("Whether the entry, or a part of it, is made up for demonstration"))


class Listed(Organisation):
    """An organisation in a list: of many places the first."""

    places: list[Place] = Field(description=_("The first places, at most 20; the entry itself has all"))
    places_total: int = Field(ge=0, description=_("How many places there are"))
    whole: str = Field(description=_("Where the whole entry is"))


class Entry(Shape):
    """Just enough of an organisation for a line in a list and a pin on a map."""

    id: str = Field(description=_("Stable identifier (UUID)"), json_schema_extra={"format": "uuid"})
    slug: str = Field(description=_("Readable part of the address; may change, the id does not"))
    name: str = Field(description=_("Name"), min_length=1)
    town: str = Field(description=_("Town"))
    region: str = Field(description=_("State or region"))
    country: str = Field(description=_("Country, ISO 3166-1 alpha-2"), max_length=2)
    sector: Key = Field(description=_("Main sector, key of the taxonomy"))
    legal_form: Key = Field(description=_("Legal form, key of the taxonomy"))
    summary: str = Field(description=_("In one sentence, in the language asked for, or in the one there is"))
    fresh: int = Field(
        ge=0, le=4, description=_("How lately it was confirmed: 4 in the last 3 months, 3 in 6, 2 in 12, 1 longer ago, 0 never")
    )
    confirmed_on: str | None = Field(
        description=_("When the organisation last confirmed the entry"),
        json_schema_extra={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
    )
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(description=_("Latitude of its first place, WGS 84"))
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(description=_("Longitude of its first place, WGS 84"))
    distance_km: float | None = Field(description=_("How far its nearest place is from where was asked for; otherwise null"))
    is_demo: bool = Field(description=_("Whether the entry, or a part of it, is made up for demonstration"))


class Pages(Shape):
    """What every page of a list says of itself. `total` are all that match, `pages` those that can be turned."""

    total: int = Field(ge=0)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)
    per_page: int = Field(ge=1, le=100)
    next: str | None
    corrected: str | None


class Page(Pages):
    """A page of organisations."""

    items: list[Listed]


class Entries(Pages):
    """A page of entries."""

    items: list[Entry]


class Term(Shape):
    """A word of the common taxonomy."""

    tree: str
    key: str
    parent: str | None
    name_de: str
    name_en: str
    note_de: str
    note_en: str
    codes: dict[str, Any]


class Terms(Shape):
    """Words of the taxonomy."""

    items: list[Term]


class Suggestion(Shape):
    """Something to go on with while typing: an entry with its `url`, or a filter with its `query`."""

    type: str
    label: str
    detail: str


class Suggestions(Shape):
    """Suggestions, best first."""

    items: list[Suggestion]


class Source(Shape):
    """A source with its licence and the number of entries it backs."""

    key: str
    name: str
    url: str
    licence: str
    attribution: str
    share_alike: bool
    is_demo: bool
    count: int


class Sources(Shape):
    """All sources that back a public entry."""

    items: list[Source]


class Version(Shape):
    """The state of the data: whoever keeps a copy asks here whether it is still current."""

    api: str
    software: str
    number: int
    changed_at: str = Field(json_schema_extra={"format": "date-time"})


class Geometry(Shape):
    """A point, longitude first (RFC 7946)."""

    type: Literal["Point"]
    coordinates: Annotated[list[float], Field(min_length=2, max_length=2)]


class Feature(Shape):
    """A single entry (with `id`, `slug`, `name`, ...) or a pile of `count` places."""

    type: Literal["Feature"]
    geometry: Geometry
    properties: dict[str, Any]


class Points(Shape):
    """What a map draws."""

    type: Literal["FeatureCollection"]
    features: list[Feature]


class Problem(Shape):
    """Problem details (RFC 9457); `detail` is a sentence in the language asked for."""

    type: str
    title: str
    status: int
    detail: str
