"""The shape of input: signing up and in."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.people import actions, rules
from allmende.people.models import Person, Purpose


class SignUp(forms.Form):
    """What we ask besides address and password; allauth mixes it into its own form."""

    name = forms.CharField(label=_("Name shown"), required=False, max_length=rules.NAME_LIMIT)
    agreed = forms.BooleanField(label=_("I have read the privacy notice and agree to it."))

    def clean_name(self) -> str:
        """One line without invisible letters."""
        return rules.clean_name(self.cleaned_data["name"])

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person is there."""
        actions.welcome(user, name=self.cleaned_data["name"], language=get_language() or "de")
        actions.give_consent(user, Purpose.ACCOUNT, by=user)
