"""The shape of what is entered about money: amounts as people write them, days, accounts."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.constitution.models import Cooperative
from allmende.members.models import Group
from allmende.money.export import number_of
from allmende.money.models import Account, Bookkeeping
from allmende.money.rules import DAYS_TO_PAY, first_due_on
from allmende.web.forms import Day, Euros, HouseForm

EARLIEST = date(1950, 1, 1)


class BookingDay(Day):
    """A day on which money can have moved or can be due."""

    def clean(self, value: Any) -> date | None:
        """A day since 1950 and not in ten years."""
        day: date | None = super().clean(value)
        if day and not EARLIEST <= day <= localdate().replace(year=localdate().year + 10, day=1):
            raise ValidationError(_("Please check the year."))
        return day


class PaymentForm(HouseForm):
    """Money that came in or went out, written down by hand. `seen` is what was open when the page was opened."""

    amount = Euros(label=gettext_lazy("Amount in euros"))
    booked_on = BookingDay(label=gettext_lazy("Day on the bank statement"))
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=80, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def opened(cls, left: int) -> "PaymentForm":
        """The form as it is shown first."""
        return cls(initial={"amount": left, "booked_on": localdate(), "seen": left})

    def clean_booked_on(self) -> date:
        """What is on a bank statement has happened."""
        day: date = self.cleaned_data["booked_on"]
        if day > localdate():
            raise ValidationError(_("This day is still to come."))
        return day


class ReasonForm(HouseForm):
    """Why something is done."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class FeeForm(HouseForm):
    """A fee for one member, a group or everybody."""

    label = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("For example “Beitrag 2026”. Nobody is asked twice under the same name."),
    )
    amount = Euros(label=gettext_lazy("Amount in euros for each"))
    due_on = BookingDay(label=gettext_lazy("To be paid by"))
    group = forms.ModelChoiceField(
        Group.objects.none(), label=gettext_lazy("Stakeholder group"), required=False, empty_label=gettext_lazy("all members")
    )
    number = forms.IntegerField(
        label=gettext_lazy("Only member number"), required=False, min_value=1, max_value=2**31 - 1, widget=forms.TextInput
    )

    def __init__(self, cooperative: Cooperative, *args: Any, **options: Any) -> None:
        today = localdate()
        options.setdefault("initial", {"due_on": first_due_on(today, today)})
        super().__init__(*args, **options)
        self.fields["group"].queryset = Group.objects.filter(cooperative=cooperative)  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        """Nobody is asked to have paid already."""
        day: date = self.cleaned_data["due_on"]
        if day < localdate():
            raise ValidationError(_("This day has passed already. Members should have about %(days)d days.") % {"days": DAYS_TO_PAY})
        return day

    def clean_amount(self) -> int:
        """More than nothing."""
        cents: int = self.cleaned_data["amount"]
        if not cents:
            raise ValidationError(_("An amount above zero is needed."))
        return cents


class AccountForm(HouseForm):
    """A bank account of the cooperative."""

    holder = forms.CharField(label=gettext_lazy("Account holder"), max_length=70)
    iban = forms.CharField(label="IBAN", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    bic = forms.CharField(label="BIC", max_length=15, required=False, help_text=gettext_lazy("For German banks it is found by the IBAN."))

    def clean_iban(self) -> str:
        """Without blanks; a sentence that says what is wrong otherwise."""
        from schwifty import IBAN  # its registry of banks is read when it is first needed
        from schwifty.exceptions import SchwiftyException

        said = "".join(self.cleaned_data["iban"].split()).upper()
        if said.startswith("DE") and len(said) != 22:
            raise ValidationError(_("A German IBAN has 22 characters, here are %(count)d.") % {"count": len(said)})
        try:
            self.found = IBAN(said, validate_bban=False)
        except (SchwiftyException, ValueError):
            raise ValidationError(_("There is a typing error in this IBAN: its check digits do not fit.")) from None
        return str(self.found)

    def clean(self) -> dict[str, Any]:
        """The BIC and the bank by the IBAN, where they are known."""
        data = super().clean()
        found = getattr(self, "found", None)
        known = found.bic if found else None
        data["bic"] = "".join((data.get("bic") or "").split()).upper() or (str(known) if known else "")
        if data["bic"] and len(data["bic"]) not in {8, 11}:
            self.add_error("bic", _("A BIC has 8 or 11 characters."))
        names = [name for name in (known.bank_names if known else []) if name]
        data["bank"] = names[0][:120] if names else ""
        return data


class NumbersForm(HouseForm):
    """The numbers of the bookkeeping outside."""

    consultant = forms.IntegerField(label=gettext_lazy("Number of the tax adviser (Berater)"), min_value=1001, max_value=9_999_999)
    client = forms.IntegerField(label=gettext_lazy("Number of the client (Mandant)"), min_value=1, max_value=99_999)
    length = forms.IntegerField(label=gettext_lazy("Digits of an account number"), min_value=4, max_value=8)
    reminder_fee = Euros(
        label=gettext_lazy("Costs of a second or third reminder in euros"),
        required=False,
        empty_is_zero=True,
        help_text=gettext_lazy("0 is usual. More than what a letter costs is not allowed."),
    )

    def __init__(self, books: Bookkeeping, *args: Any, **options: Any) -> None:
        initial = {
            "consultant": books.consultant, "client": books.client, "length": books.length, "reminder_fee": books.reminder_fee_cents,
            **{f"account_{account}": number_of(books, account) for account in Account.values},
        }  # fmt: skip
        super().__init__(*args, initial=initial, **options)
        for account, label in Account.choices:
            self.fields[f"account_{account}"] = forms.RegexField(
                r"^\d{1,8}$", label=label, max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input"}),
                error_messages={"invalid": _("An account number consists of digits only.")},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """No account number longer than was agreed; every account its own."""
        data = super().clean()
        numbers = [data.get(f"account_{account}", "") for account in Account.values]
        for account, number in zip(Account.values, numbers, strict=True):
            if number and len(number) > (data.get("length") or 8):
                self.add_error(f"account_{account}", _("This number has more digits than were agreed."))
        given = [number for number in numbers if number]
        if len(set(given)) < len(given):
            raise ValidationError(_("Two accounts have the same number; then nobody could tell their bookings apart."))
        return data

    def accounts(self) -> dict[str, str]:
        """The numbers by account."""
        return {account: self.cleaned_data[f"account_{account}"] for account in Account.values}

    def account_fields(self) -> list[forms.BoundField]:
        """The fields of the accounts, for the page."""
        return [self[f"account_{account}"] for account in Account.values]


class PeriodForm(HouseForm):
    """From one day to another within one fiscal year."""

    first = BookingDay(label=gettext_lazy("From"))
    last = BookingDay(label=gettext_lazy("Until"))

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        data = super().clean()
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("The end is before the beginning."))
        return data


class DayForm(HouseForm):
    """As of which day."""

    on = BookingDay(label=gettext_lazy("As of"))

    @classmethod
    def read(cls, data: Any) -> tuple["DayForm", date]:
        """The form and the day it names; today where it names none that can be read."""
        form = cls(data if "on" in data else {"on": localdate().isoformat()})
        day: date = form.cleaned_data["on"] if form.is_valid() else localdate()
        return form, day


class LedgerForm(HouseForm):
    """What of the ledger is shown."""

    account = forms.ChoiceField(label=gettext_lazy("Account"), required=False, choices=[("", gettext_lazy("all")), *Account.choices])
    number = forms.IntegerField(
        label=gettext_lazy("Member number"), required=False, min_value=1, max_value=2**31 - 1, widget=forms.TextInput
    )
    first = BookingDay(label=gettext_lazy("From"), required=False)
    last = BookingDay(label=gettext_lazy("Until"), required=False)

    def wanted(self) -> dict[str, Any]:
        """What was asked for; whatever cannot be read is not asked for."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return {name: said.get(name) or None for name in ("account", "number", "first", "last")}
