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
        """No control characters, no stray blanks."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        return {name: clean(value) if isinstance(value, str) else value for name, value in data.items()}
