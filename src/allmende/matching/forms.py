"""The shape of what people say about a match."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation
from allmende.matching import access
from allmende.matching.models import Why
from allmende.people.queries import Viewer
from allmende.web.forms import HouseForm


class NotFitting(HouseForm):
    """Why two do not fit."""

    why = forms.ChoiceField(label=_("Why does it not fit?"), choices=Why.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your own words"), required=False, max_length=300, help_text=_("Only those who look after your listing read this.")
    )


class Recommending(HouseForm):
    """In whose name somebody recommends."""

    organisation = forms.ModelChoiceField(label=_("In the name of"), queryset=Organisation.objects.none(), empty_label=None)

    def __init__(self, *args: object, viewer: Viewer, but: tuple[int, int], **options: object) -> None:
        super().__init__(*args, **options)
        found = access.recommending(viewer).exclude(pk__in=but).order_by("name").distinct()
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
