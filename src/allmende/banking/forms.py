"""The shape of what is typed about bank accounts."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from allmende.banking import camt, rules, tables
from allmende.ground.refusals import BadInput
from allmende.money.models import BankAccount
from allmende.web.forms import Day, HouseForm


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


class FileForm(HouseForm):
    """A file from the bank."""

    file = forms.FileField(
        label=_("File from the bank"),
        help_text=_("camt.053 (XML) or CSV, up to 20 MB. The same lines a second time change nothing."),
        widget=forms.FileInput(attrs={"accept": ".xml,.csv,.txt"}),
        error_messages={"empty": _("This file is empty.")},
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Small enough."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > camt.MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 20 MB. Export a shorter time."))
        return file


class ColumnsForm(HouseForm):
    """Which column of a table is what; guessed by the names."""

    account = forms.ModelChoiceField(label=_("Account of the cooperative"), queryset=BankAccount.objects.none(), empty_label=None)

    def __init__(self, *args: Any, table: tables.Table, accounts: QuerySet[BankAccount], **options: Any) -> None:
        super().__init__(*args, **options)
        guessed = tables.guess(table)
        choices = [("", "–"), *((str(at), name or str(at + 1)) for at, name in enumerate(table.columns))]
        for field, label in tables.FIELDS.items():
            self.fields[field] = forms.ChoiceField(label=label, choices=choices, required=False, initial=str(guessed.get(field, "")))
            self.fields[field].widget.attrs.setdefault("class", "input")
        account = self.fields["account"]
        assert isinstance(account, forms.ModelChoiceField)  # noqa: S101 - it is, six lines above
        account.queryset = accounts
        account.initial = accounts.first()

    def columns(self) -> dict[str, int]:
        """What was chosen."""
        return {field: int(self.cleaned_data[field]) for field in tables.FIELDS if self.cleaned_data.get(field)}

    def column_fields(self) -> list[forms.BoundField]:
        """The fields for columns, for the page."""
        return [self[field] for field in tables.FIELDS]


class IgnoreForm(HouseForm):
    """Why a line does not matter."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: bank charges, rent, between own accounts."))


class DayForm(HouseForm):
    """A day for an order."""

    day = Day(label=_("Day"))


class ExecuteForm(HouseForm):
    """When the bank did it."""

    day = Day(label=_("Booked by the bank on"))


class CancelForm(HouseForm):
    """Why an order is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ReturnForm(HouseForm):
    """An item that came back."""

    code = forms.ChoiceField(label=_("Reason"), choices=[])
    day = Day(label=_("Booked by the bank on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)  # noqa: S101 - it is
        code.choices = [(one, f"{rules.return_reason(one)} ({one})") for one in rules.RETURN_CODES]


class MemberAccountForm(AccountForm):
    """An account of a member that an office enters from a signed paper: for debits, or for payouts."""

    use = forms.ChoiceField(
        label=_("What for"),
        choices=[("mandate", _("Direct debits")), ("payouts", _("Payouts"))],
        widget=forms.RadioSelect,
        initial="mandate",
    )
    signed_on = Day(label=_("Signed on"))

    def clean_signed_on(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["signed_on"]
        if day > localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day
