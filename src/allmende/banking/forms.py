"""The shape of what is typed about bank accounts."""

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from allmende.banking import rules
from allmende.ground.refusals import BadInput
from allmende.web.forms import HouseForm


class IbanField(forms.CharField):
    """An IBAN as people type it; blanks are fine."""

    def __init__(self, **options: object) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
        super().__init__(label=_("IBAN"), max_length=60, widget=forms.TextInput(attrs=attrs), **options)  # type: ignore[arg-type]

    def clean(self, value: object) -> str:
        """Without blanks and in capitals, or the sentence that says what to look at."""
        said = super().clean(value)
        try:
            return rules.check_iban(said) if said else ""
        except BadInput as no:
            raise forms.ValidationError(str(no.sentence), code="iban") from no


class AccountForm(HouseForm):
    """An account: number and holder."""

    iban = IbanField()
    holder = forms.CharField(label=_("Account holder"), max_length=140)


class MandateForm(AccountForm):
    """A mandate for direct debits, agreed to word by word."""

    agreed = forms.BooleanField(label=_("I give this mandate"))


class PaperMandateForm(AccountForm):
    """A mandate on paper that an office enters."""

    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_signed_on(self) -> object:
        """Not in the future."""
        if self.cleaned_data["signed_on"] > localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["signed_on"]


class CreditorForm(HouseForm):
    """As whom the cooperative collects."""

    creditor_id = forms.CharField(
        label=_("Creditor identifier"),
        max_length=60,
        required=False,
        help_text=_("Given by the Bundesbank, for example DE98ZZZ09999999999."),
    )
    notice_days = forms.IntegerField(
        label=_("Days of notice before a direct debit"),
        min_value=1,
        max_value=rules.NOTICE_DAYS,
        help_text=_("14 by the rules of the scheme; less only if that stands in the text of the mandate or in the statute."),
    )

    def clean_creditor_id(self) -> str:
        """With fitting check digits."""
        said: str = self.cleaned_data["creditor_id"]
        try:
            return rules.check_creditor_id(said) if said.strip() else ""
        except BadInput as no:
            raise forms.ValidationError(str(no.sentence)) from no
