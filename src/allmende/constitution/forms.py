"""The shape of what people send here: the steps of the statute assistant, adopting, documents, offices, settings."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.constitution import queries, rules, wording
from allmende.constitution.choices import Choice, Step
from allmende.constitution.models import Cooperative, OfficeKind, Statute
from allmende.files import rules as files
from allmende.ground.text import reads_english
from allmende.web.forms import Day, Euros, HouseForm

MOST = 2**31 - 1


class PercentField(forms.Field):
    """A part of a whole in per cent, with one decimal: 75, 7,5 %. Gives thousandths, 0 where nothing was typed and nothing is needed."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.update(inputmode="decimal", maxlength=10, autocomplete="off")

    def prepare_value(self, value: Any) -> Any:
        """Thousandths as per cent."""
        if not isinstance(value, int):
            return value
        said = f"{value // 10}.{value % 10}".removesuffix(".0")
        return said if reads_english() else said.replace(".", ",")

    def to_python(self, value: Any) -> int | None:
        """Thousandths."""
        said = re.sub(r"[%\s]", "", str(value or "")).replace(",", ".")
        if not said:
            return None if self.required else 0
        if not re.fullmatch(r"\d{1,3}(\.\d)?", said):
            raise ValidationError(_("Please give a number of per cent with at most one decimal, for example 75 or 7.5."))
        whole, _dot, tenth = said.partition(".")
        permille = int(whole) * 10 + int(tenth or 0)
        if permille > 1000:
            raise ValidationError(_("Please give a number between 0 and 100."))
        return permille


def day_field(label: Any, *, help_text: Any = "", required: bool = True) -> Day:
    """A day of the calendar."""
    errors = {"invalid": gettext_lazy("Please give a day, for example 2026-11-30.")}
    return Day(label=label, help_text=help_text, required=required, error_messages=errors)


def _months() -> list[tuple[int, str]]:
    return [(month, wording.value("fiscal_month", month)) for month in range(1, 13)]


def _field(choice: Choice) -> forms.Field:
    """The field for a number of the statute; its hint says what it means and which paragraph it is about."""
    said: dict[str, Any] = {
        "label": wording.label(choice.name) + {"euros": " (€)", "percent": " (%)"}.get(choice.kind, ""),
        "help_text": format_html("{} <span class='nowrap'>({})</span>", choice.means, choice.paragraph),
        "required": choice.is_needed,
    }
    match choice.kind:
        case "euros":
            return Euros(empty_is_zero=not choice.is_needed, **said)
        case "percent":
            return PercentField(**said)
        case "month":
            return forms.TypedChoiceField(choices=_months, coerce=int, **said)
        case "yes":
            return forms.BooleanField(**said)
        case "choice":
            options = Statute._meta.get_field(choice.name).flatchoices  # type: ignore[union-attr]
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **said)
        case "day":
            return day_field(said["label"], help_text=said["help_text"], required=choice.is_needed)
        case "line":
            return forms.CharField(max_length=300, **said)
        case "text":
            return forms.CharField(max_length=4_000, widget=forms.Textarea(attrs={"rows": 5}), **said)
    most = 32_767 if choice.kind in {"months", "days"} or choice.name in {"board_size", "most_votes"} else MOST
    errors = {"invalid": _("Please give a whole number.")}
    return forms.IntegerField(
        min_value=0, max_value=most, error_messages=errors, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **said
    )


class StepForm(HouseForm):
    """One step of the assistant: its numbers, and where in the statute each of them stands."""

    def __init__(self, *args: Any, step: Step, statute: Statute, today: date, **options: Any) -> None:
        self.step, self.statute, self.today = step, statute, today
        initial = {one.name: getattr(statute, one.name) for one in step.choices}
        initial |= {f"place_{one.name}": statute.places.get(one.name, "") for one in step.choices}
        super().__init__(*args, initial=initial, **options)
        for one in step.choices:
            self.fields[one.name] = _field(one)
            self.fields[f"place_{one.name}"] = forms.CharField(
                label=_("Where “%(field)s” stands in your statute") % {"field": wording.label(one.name)}, max_length=80, required=False
            )
        for field in self.fields.values():
            if not isinstance(field.widget, (forms.CheckboxInput, forms.RadioSelect)):
                field.widget.attrs.setdefault("class", "input")
            field.error_messages["required"] = _("This is needed.")

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each number with its place."""
        return [(self[one.name], self[f"place_{one.name}"]) for one in self.step.choices]

    def clean(self) -> dict[str, Any]:
        """Empty amounts are 0; then the law is asked about everything that belongs to this step."""
        data = super().clean()
        for one in self.step.choices:
            if data.get(one.name, "") is None and one.kind in {"euros", "percent", "count", "months"} and one.name != "max_shares":
                data[one.name] = 0
        names = [one.name for one in self.step.choices]
        if all(name in data for name in names):
            said = queries.says(self.statute) | {name: data[name] for name in names}
            for fault in rules.check_statute(said, self.today):
                if fault.field in names:
                    self.add_error(fault.field, wording.sentence(fault))
        return data

    def values(self) -> dict[str, Any]:
        """What was chosen, by the names of the columns."""
        return {one.name: self.cleaned_data[one.name] for one in self.step.choices}

    def places(self) -> dict[str, str]:
        """Where in the statute it stands."""
        return {one.name: self.cleaned_data.get(f"place_{one.name}", "") for one in self.step.choices}


class DocumentForm(HouseForm):
    """The statute as people read it: a PDF, its text, or both."""

    file = forms.FileField(
        label=gettext_lazy("Statute as PDF"),
        help_text=gettext_lazy("At most 10 MB. Its SHA-256 is kept, so that everybody can check later that it is the same document."),
        max_length=1_000,
        allow_empty_file=True,
        required=False,
        widget=forms.FileInput({"accept": ".pdf", "class": "input"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text of the statute"),
        help_text=gettext_lazy("Instead of a PDF or besides: easier to read on a phone and for screen readers."),
        max_length=200_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def clean(self) -> dict[str, Any]:
        """Line breaks and indents of the text stay."""
        text = self.cleaned_data.get("text", "")
        return super().clean() | ({"text": text.replace("\r\n", "\n").replace("\x00", "").strip("\n")} if text else {})

    def given(self) -> tuple[bytes, str]:
        """The bytes and the name somebody gave them; of what is too large, just so much that it is noticed."""
        found = self.cleaned_data.get("file")
        return (found.read(files.LARGEST + 1), str(found.name)) if found else (b"", "")


class AdoptForm(HouseForm):
    """When a version was resolved, entered and begins to hold."""

    adopted_on = day_field(gettext_lazy("Resolved on"), help_text=gettext_lazy("The day of the general assembly, or of the founding."))
    registered_on = day_field(
        gettext_lazy("Entered in the register on"),
        help_text=gettext_lazy("A change of the statute holds only from its entry in the register of cooperatives (§ 16 Abs. 6 GenG)."),
        required=False,
    )
    valid_from = day_field(gettext_lazy("Holds from"), help_text=gettext_lazy("From this day on everything is counted by this version."))


class SetUpForm(HouseForm):
    """Who sets up, with the first office."""

    holder = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As it stands in the minutes; everybody sees who is on the board."),
        max_length=200,
    )
    since = day_field(gettext_lazy("On the board since"))
    elected_by = forms.CharField(
        label=gettext_lazy("Elected or named by"),
        help_text=gettext_lazy("For example: founding assembly of 12 March 2024."),
        max_length=200,
        required=False,
    )
    is_on_board = forms.BooleanField(
        label=gettext_lazy("I am on the board, or the board has asked me to set this up in its name"),
        error_messages={
            "required": gettext_lazy("The board decides about members and money. Please let somebody from the board set this up.")
        },
    )


class OfficeForm(HouseForm):
    """Giving an office."""

    kind = forms.ChoiceField(label=gettext_lazy("Office"), choices=OfficeKind.choices, widget=forms.RadioSelect)
    holder = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As it stands in the minutes. Names of the board and the supervisory board are public."),
        max_length=200,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the account"),
        help_text=gettext_lazy("Only who has an account can act here. Leave it empty to enter the name alone; it can be added later."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("For example: chair, deputy, clerk."), max_length=120, required=False
    )
    since = day_field(gettext_lazy("From"))
    until = day_field(
        gettext_lazy("Until"), help_text=gettext_lazy("The last day, where the term is known. It can be entered later."), required=False
    )
    elected_by = forms.CharField(
        label=gettext_lazy("Elected or named by"),
        help_text=gettext_lazy("For example: general assembly of 17 June 2026; the supervisory board."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, only_board: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if only_board:
            field = self.fields["kind"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(OfficeKind.BOARD.value, OfficeKind.BOARD.label)]

    def clean(self) -> dict[str, Any]:
        """A term has its days in order, in years that people live to see."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        for name in ("since", "until"):
            if data.get(name) and not 1900 <= data[name].year <= 2100:
                self.add_error(name, _("Please check the year."))
        if since and until and until < since:
            self.add_error("until", _("An office ends on the day it began or later."))
        return data


class DayForm(HouseForm):
    """One day: the last of an office, or that of a discharge."""

    on = day_field(gettext_lazy("Day"))

    def clean_on(self) -> date:
        """A year far off is a slip of the keys."""
        on: date = self.cleaned_data["on"]
        if not 1900 <= on.year <= 2100:
            raise ValidationError(_("Please check the year."))
        return on


class AccountForm(HouseForm):
    """The account for an office that was entered by name."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the account"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class SettingsForm(HouseForm):
    """Letters and the joining page."""

    letter_address = forms.CharField(
        label=gettext_lazy("Address on letters"),
        help_text=gettext_lazy("In one line, as it stands above the window of an envelope: street and number, postcode and town."),
        max_length=300,
        required=False,
    )
    letter_email = forms.EmailField(
        label=gettext_lazy("E-mail for members"), help_text=gettext_lazy("Where members write to; it stands in letters."), required=False
    )
    audit_association = forms.CharField(
        label=gettext_lazy("Auditing association"),
        help_text=gettext_lazy("Name and seat. An eG has to name it on its website (§ 54 GenG); here it stands on your overview."),
        max_length=200,
        required=False,
    )
    welcome = forms.CharField(
        label=gettext_lazy("Words of welcome"),
        help_text=gettext_lazy("They stand above the joining page: what you do, and what members have of it."),
        max_length=4_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    privacy = forms.CharField(
        label=gettext_lazy("Data protection notice"),
        help_text=gettext_lazy(
            "Shown before joining (Art. 13 GDPR): who is responsible, what is kept, why, how long, which rights there are."
        ),
        max_length=20_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    is_joinable = forms.BooleanField(
        label=gettext_lazy("Declarations of accession can be made here"),
        help_text=gettext_lazy("Needs a statute in force with document or text, and the data protection notice."),
        required=False,
    )
    is_embeddable = forms.BooleanField(
        label=gettext_lazy("The joining page may stand on other websites"),
        help_text=gettext_lazy("So that you can show it on your own website."),
        required=False,
    )

    def __init__(self, *args: Any, cooperative: Cooperative, **options: Any) -> None:
        super().__init__(
            *args, initial={name: getattr(cooperative, name) for name in self.base_fields} | options.pop("filled", {}), **options
        )

    def clean(self) -> dict[str, Any]:
        """Paragraphs of the longer texts stay."""
        kept = {name: self.cleaned_data.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip() for name in ("welcome", "privacy")}
        return super().clean() | kept
