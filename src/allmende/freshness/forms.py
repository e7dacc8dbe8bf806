"""The shape of what is said about an end."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.web.forms import HouseForm

OLDEST_YEAR = 1800


class EndForm(HouseForm):
    """Since when an organisation is no more, and a word about it; both may stay empty."""

    year = forms.IntegerField(
        label=_("In which year did it end?"),
        required=False,
        min_value=OLDEST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input w-short"}),
    )
    word = forms.CharField(
        label=_("A word about it"),
        help_text=_("For example: merged with another cooperative, or gone on under a new name. Only stewards and caretakers read it."),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_year(self) -> int | None:
        """No year that has not begun."""
        year: int | None = self.cleaned_data["year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("This year has not begun yet."))
        return year


class EndHereForm(EndForm):
    """The same from somebody signed in, whose word takes the entry off the map at once."""

    sure = forms.BooleanField(
        label=_("Take the entry off the map"), help_text=_("Its address and history stay. A caretaker can bring it back."), required=True
    )
