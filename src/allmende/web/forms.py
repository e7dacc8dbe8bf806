"""How the house's forms look and clean up: one base for all rooms."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from allmende.ground.text import clean

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
