"""The shape of what caretakers type. What no import would let in, a form does not either: a single control character breaks the feed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext as _

from allmende.directory.importers import values
from allmende.directory.importers.checking import WORDS
from allmende.ground.text import clean

if TYPE_CHECKING:
    _Form = forms.ModelForm[Any]
else:
    _Form = forms.ModelForm


class Words(forms.JSONField):
    """A list of words as JSON. An emptied field is an empty list, and nesting too deep to be read is no fault of ours."""

    def to_python(self, value: Any) -> Any:
        """The list, each word cleaned."""
        try:
            given = super().to_python(value)
        except RecursionError:
            given = value
        given = [] if given is None else given
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise self._wrong(given)
        return [word for one in given if (word := clean(one).replace("\n", " "))]

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, to be shown again."""
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)

    def _wrong(self, value: Any) -> ValidationError:
        return ValidationError(_("%(name)s has a value that cannot be: %(key)s.") % {"name": self.label, "key": str(value)[:60]})


class Codes(Words):
    """Lists of words by vocabulary, as JSON."""

    def to_python(self, value: Any) -> Any:
        """The lists, each word cleaned."""
        try:
            given = forms.JSONField.to_python(self, value)
        except RecursionError:
            given = value
        given = {} if given is None else given
        if not isinstance(given, dict):
            raise self._wrong(given)
        return {clean(name): super(Codes, self).to_python(codes) for name, codes in given.items()}


class Tidy(_Form):
    """A form whose texts are cleaned as those of an import are."""

    def clean(self) -> dict[str, Any]:
        """No control characters, no stray blanks."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        return {name: clean(value) if isinstance(value, str) else value for name, value in data.items()}


class OrganisationForm(Tidy):
    """An entry: its lists have the limits of the import, and what leads elsewhere is a web address."""

    def _list(self, name: str, right: Callable[[str], Any]) -> list[str]:
        longest, most = WORDS[name]
        found: list[str] = self.cleaned_data[name]
        wrong = [one for one in found if len(one) > longest or not right(one)] or found[most:]
        if wrong:
            raise ValidationError(
                _("%(name)s has a value that cannot be: %(key)s.") % {"name": self.fields[name].label, "key": wrong[0][:60]}
            )
        return found

    def clean_keywords(self) -> list[str]:
        """At most forty, none as long as a sentence."""
        return self._list("keywords", bool)

    def clean_languages(self) -> list[str]:
        """Codes such as de."""
        return self._list("languages", bool)

    def clean_same_as(self) -> list[str]:
        """Addresses that begin with http or https."""
        return self._list("same_as", values.url)
