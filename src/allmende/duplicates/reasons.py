"""Why two entries may be one organisation, in sentences. A reason is a key and its values, so that it can be kept and said in any language.

Reasons never carry the value of a phone number, an e-mail address or any other field that not everybody may see.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from allmende.ground.refusals import Sentence

SENTENCES: dict[str, Sentence] = {
    "name_same": _("The same name"),
    "name_same_but_form": _("The same name except for the legal form"),
    "name_order": _("The same words in the name, written differently"),
    "name_similar": _("Similar names: “%(shared)s” appears in both"),
    "name_common": _("The names share only frequent words: “%(shared)s”"),
    "name_different": _("The names have nothing in common"),
    "name_contained": _("One name is contained in the other: “%(shared)s”"),
    "towns_differ": _("The names differ in the place: “%(one)s” and “%(other)s”"),
    "numbers_differ": _("The names carry different numbers: “%(one)s” and “%(other)s”"),
    "words_differ": _("The names differ: “%(one)s” and “%(other)s”"),
    "forms_differ": _("Different legal forms in the names"),
    "register_same": _("The same number in the register: %(number)s"),
    "register_differs": _("Different numbers in the register: %(one)s and %(other)s"),
    "website_same": _("The same website %(host)s"),
    "website_shared": _("The same website %(host)s, which many entries have"),
    "website_pages": _("Different pages of the same website %(host)s"),
    "website_family": _("Different websites of one family: %(one)s and %(other)s"),
    "website_differs": _("Different websites: %(one)s and %(other)s"),
    "website_same_far": _("The same website %(host)s, but %(km)s km apart"),
    "phone_same": _("The same phone number"),
    "phone_differs": _("Different phone numbers"),
    "email_same": _("The same e-mail address"),
    "email_differs": _("Different e-mail addresses"),
    "address_same": _("The same address: %(address)s"),
    "street_differs": _("Different addresses: %(one)s and %(other)s"),
    "place_same": _("At the same spot on the map"),
    "postcode_same": _("The same postcode %(postcode)s"),
    "near": _("Only %(metres)s m apart"),
    "far": _("%(km)s km apart"),
    "places_apart": _("In different places: %(one)s and %(other)s"),
    "country_differs": _("In different countries"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `str(reason)` is its sentence in the reader's language. `speaks_for`: 1 for the same, -1 against, 0 neither."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    speaks_for: int = 0

    def __str__(self) -> str:
        shown = {name: number_format(value) if isinstance(value, float | int) else value for name, value in self.values.items()}
        return str(SENTENCES[self.key]) % defaultdict(lambda: "?", shown)

    def as_json(self) -> list[Any]:
        """To keep: `[key, values, speaks_for]`; `Reason.from_json` reads it."""
        return [self.key, dict(self.values), self.speaks_for]

    @classmethod
    def from_json(cls, kept: list[Any]) -> "Reason":
        """The kept reason; one whose sentence no longer exists says nothing wrong, it says only that names are similar."""
        key, values, speaks_for = (*kept, 0)[:3]
        return cls(key, values, speaks_for) if key in SENTENCES else cls("near", {"metres": 0}, speaks_for)
