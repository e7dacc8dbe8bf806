"""The shape of what is chosen and typed at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.desk import queries
from allmende.places.queries import country_name
from allmende.web.forms import HouseForm


class CaretakerForm(HouseForm):
    """Who takes care of which region or sector; nothing chosen is the whole house."""

    email = forms.EmailField(label=_("E-mail of the account"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    where = forms.ChoiceField(label=_("Region"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)

    def __init__(self, *args: Any, language: str = "de", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["where"].choices = [("", _("everywhere")), *places(language)]  # type: ignore[attr-defined]
        self.fields["sector"].choices = [("", _("all sectors")), *((term.key, term.name) for term in queries.sectors())]  # type: ignore[attr-defined]


def places(language: str) -> list[tuple[str, str]]:
    """`DE` and `DE:Bayern` with their names, countries before their regions."""
    found: dict[str, str] = {}
    for country, region in queries.regions():
        name = country_name(country, language)
        found.setdefault(country, name)
        if region:
            found[f"{country}:{region}"] = f"{name}, {region}"
    return sorted(found.items(), key=lambda one: one[1])
