"""The shape of input: as of which day, from when, what for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.web.forms import Day, HouseForm


class FolderForm(HouseForm):
    """Which folder is wanted."""

    on = Day(label=gettext_lazy("As of"))
    since = Day(label=gettext_lazy("Bookings and changes from"))
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=300,
        help_text=gettext_lazy("Stands in the log of who took data away, for instance: audit for 2025."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        """A period, and none in the future."""
        data = super().clean()
        on, since = data.get("on"), data.get("since")
        if on and on > self.today:
            self.add_error("on", _("The day lies in the future; what was not booked yet cannot be audited."))
        if on and since and since > on:
            self.add_error("since", _("The beginning lies after the end."))
        return data
