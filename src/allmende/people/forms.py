"""The shape of input: what signing up asks besides an address, one's own data, deleting the account."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.people import rules
from allmende.people.models import Person, Purpose
from allmende.web.forms import HouseForm


class SignUp(forms.Form):
    """What we ask besides address and password; allauth mixes it into its own forms."""

    name = forms.CharField(
        label=_("Name shown"),
        required=False,
        max_length=rules.NAME_LIMIT,
        help_text=_("How others see you when you look after an entry with them. It need not be your passport’s name."),
    )
    agreed = forms.BooleanField(
        label=_("I have read the privacy notice and agree that this account is kept as it says."),
        error_messages={"required": _("Without your consent we cannot keep an account for you.")},
    )

    def clean_name(self) -> str:
        """One line without invisible letters."""
        return rules.clean_name(self.cleaned_data["name"])

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person is there."""
        from allmende.people import actions  # allauth imports this file while the models of the house are still loading

        actions.welcome(user, name=self.cleaned_data["name"], language=(get_language() or "de")[:2])
        actions.give_consent(user, Purpose.ACCOUNT, by=user)


class OwnData(HouseForm):
    """What a person may correct at once. The address has its own page, because it must be confirmed."""

    name = forms.CharField(
        label=_("Name shown"),
        required=False,
        max_length=rules.NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Without a name others see your e-mail address only where you work together on an entry."),
    )
    language = forms.ChoiceField(label=_("Language of our mails"), choices=settings.LANGUAGES)

    def clean_name(self) -> str:
        """One line without invisible letters."""
        return rules.clean_name(self.cleaned_data["name"])


class MailChoices(forms.Form):
    """One box for each area of notices: as mail or not."""

    def __init__(self, *args: Any, areas: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        for one in areas:
            self.fields[one.area] = forms.BooleanField(label=one.label, required=False, initial=one.by_mail)


class Erase(HouseForm):
    """The last question: one's own address, typed by hand."""

    email = forms.CharField(
        label=_("Type your e-mail address to confirm"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_email(self) -> str:
        """The address of this account and no other."""
        typed = rules.clean_email(self.cleaned_data["email"])
        if typed != self.person.email:
            raise forms.ValidationError(_("This is not the address of this account."))
        return typed
