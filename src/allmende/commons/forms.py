"""The shape of a proposed version of the rules, of a request for data, of a decision."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.commons import rules
from allmende.directory.importers.checking import LICENCES
from allmende.directory.models import Bulk, DataRules, Visibility
from allmende.directory.rules import HIDEABLE
from allmende.web.forms import HouseForm
from allmende.web.guests import GuestForm

FIELD_NAMES = {
    "description": _("Description"),
    "website": _("Website"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "address": _("Exact address"),
    "founded": _("Founded"),
    "register": _("Register and number"),
}


class RulesForm(HouseForm):
    """A version of the rules: the text, and the settings that follow from it."""

    text_de = forms.CharField(label=_("The rules in German"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 16}))
    text_en = forms.CharField(label=_("The rules in English"), max_length=50_000, required=False, widget=forms.Textarea(attrs={"rows": 10}))
    reason = forms.CharField(label=_("What changes, and why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    licence = forms.ChoiceField(label=_("Licence of new entries"), choices=[(one, one) for one in sorted(LICENCES)])
    bulk = forms.ChoiceField(label=_("Who may take away all public data at once"), choices=Bulk.choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field, name in FIELD_NAMES.items():
            self.fields[f"see_{field}"] = forms.ChoiceField(
                label=name, choices=Visibility.choices, widget=forms.Select(attrs={"class": "input"})
            )

    def levels(self) -> list[Any]:
        """The bound fields of "who sees what"."""
        return [self[f"see_{field}"] for field in HIDEABLE]

    def said(self) -> dict[str, Any]:
        """What the action wants."""
        data = self.cleaned_data
        defaults = {field: data[f"see_{field}"] for field in HIDEABLE}
        return {name: data[name] for name in ("text_de", "text_en", "reason", "licence", "bulk")} | {"defaults": defaults}

    @staticmethod
    def initial_from(known: DataRules | None) -> dict[str, Any]:
        """The form filled with a version, or with what holds without any."""
        if known is None:
            return {"licence": "CC0-1.0", "bulk": Bulk.EVERYBODY} | {f"see_{field}": level for field, level in HIDEABLE.items()}
        plain = {name: getattr(known, name) for name in ("text_de", "text_en", "licence", "bulk")}
        return plain | {f"see_{field}": known.defaults.get(field, level) for field, level in HIDEABLE.items()}


class OpenForm(HouseForm):
    """Until when a version is open for decision."""

    closes_on = forms.DateField(label=_("Last day of the vote"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def closes_at(self) -> datetime:
        """The end of that day."""
        end = datetime.combine(self.cleaned_data["closes_on"], time(23, 59))  # midnight would be told as the next day
        return timezone.make_aware(end)


class RequestForm(GuestForm):
    """Who wants which data for what, until when."""

    who = forms.CharField(label=_("Who are you?"), help_text=_("Person and organisation. This is public."), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("For our answer. It is not published."), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    purpose = forms.CharField(
        label=_("What do you need the data for?"),
        help_text=_("Purpose, what becomes of the data, who sees them. This is public."),
        min_length=40,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    wanted = forms.MultipleChoiceField(
        label=_("Which fields beyond the public ones?"),
        help_text=_("Fields that are not public are only given for organisations that agree."),
        choices=list(FIELD_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    until = forms.DateField(
        label=_("Until when?"), help_text=_("At most one year."), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_until(self) -> Any:
        """Between tomorrow and a year from now."""
        until, today = self.cleaned_data["until"], timezone.localdate()
        if not today < until <= today + rules.LONGEST_USE:
            raise forms.ValidationError(_("Please choose a day between tomorrow and one year from now."))
        return until

    def said(self) -> dict[str, Any]:
        """What the action wants."""
        data = self.cleaned_data
        return {name: data[name] for name in ("who", "email", "purpose", "until")} | {"fields": data["wanted"]}


class DecisionForm(HouseForm):
    """A decision with its reason, which everybody can read."""

    why = forms.CharField(
        label=_("Reason"), help_text=_("Everybody can read it."), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
