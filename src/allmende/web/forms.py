"""How the house's forms look and clean up: one base for all rooms."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from allmende.ground.money import plain, read_euros
from allmende.ground.text import clean, reads_english

_PLAIN = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput, forms.FileInput)


class HouseForm(forms.Form):
    """A form whose fields carry the classes of the design and whose texts are cleaned as those of an import are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if not isinstance(field.widget, _PLAIN):
                field.widget.attrs.setdefault("class", "input")
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("This is needed.")  # Django's own sounds like an office

    def clean(self) -> dict[str, Any]:
        """No control characters, no stray blanks. What is needed and consists of nothing else is missing."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data = {name: clean(value) if isinstance(value, str) else value for name, value in data.items()}
        for name in [name for name, value in data.items() if value == "" and self.fields[name].required]:
            self.add_error(name, self.fields[name].error_messages["required"])
            del data[name]
        return data


def require_near(day: date) -> None:
    """A typing error in the year is said at once; next to the first and the last day there is, nothing can be computed."""
    if not 1800 <= day.year < 2200:
        raise forms.ValidationError(_("Please check the year."))


class Day(forms.DateField):
    """A day by the browser's own calendar. It needs the day as ISO 8601 whatever the language, or it shows nothing."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"])  # written by hand where there is no calendar
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)

    def to_python(self, value: Any) -> date | None:
        """A day of our times."""
        day = super().to_python(value)
        if day is not None:
            require_near(day)
        return day


def read_day(text: str) -> date | None:
    """A day from an address, as `2026-12-31`; None where it is none, also the last one there is: no day follows it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return None if day == date.max else day


class Euros(forms.Field):
    """An amount in euros as people write it (`1.234,50`, `250 €`); gives cents, for an empty field None or, with `empty_is_zero`, 0."""

    widget = forms.TextInput
    MOST = 10**13  # cents: a hundred billion euros; more is a typing error

    def __init__(self, *, below_zero: bool = False, empty_is_zero: bool = False, **options: Any) -> None:
        self.below_zero, self.empty = below_zero, 0 if empty_is_zero else None
        super().__init__(**options)
        self.widget.attrs.update(inputmode="decimal", maxlength=30)

    def to_python(self, value: Any) -> int | None:
        """Cents."""
        text = str(value or "").strip()
        if not text:
            return self.empty
        try:
            cents = read_euros(text)
        except ValueError:
            raise forms.ValidationError(_("Please write an amount like 1,234.50.")) from None
        if cents < 0 and not self.below_zero:
            raise forms.ValidationError(_("This amount cannot be below zero."))
        if abs(cents) > self.MOST:
            raise forms.ValidationError(_("This amount is too large."))
        return cents

    def prepare_value(self, value: Any) -> Any:
        """Cents as they are written in the reader's language; what was typed stays as it is."""
        if not isinstance(value, int):
            return value
        if value == 0 and self.empty == 0:
            return ""
        return plain(value) if reads_english() else plain(value).replace(".", ",")
