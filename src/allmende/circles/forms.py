"""The shape of what people send here."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.circles import rules
from allmende.circles.models import Audience, Duty, Joining
from allmende.directory.models import Organisation
from allmende.people.models import Person
from allmende.web.forms import HouseForm

MOMENT = "%Y-%m-%dT%H:%M"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Written(forms.CharField):
    """Text with marks: indents and empty lines belong to it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        """As written, without what no reader sees."""
        return rules.as_written(str(super().to_python(value)))


class Moment(forms.DateTimeField):
    """A day and a time of the clock in Berlin. Years far off are a slip of the keys and not a fault of the house."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"], **options)
        self.error_messages["invalid"] = gettext_lazy("Please give day and time, for example 2026-11-30T18:00.")

    def to_python(self, value: Any) -> datetime | None:
        """None for nothing; a ValidationError for what is no moment on our calendars."""
        try:
            return super().to_python(value)
        except (OverflowError, ValueError) as fault:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault


class OrganisationField(forms.ModelChoiceField[Organisation]):
    """One of one's own organisations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Organisation.objects.none(), **options)
        self.error_messages["invalid_choice"] = gettext_lazy("Please choose one of your organisations.")


class _Written(HouseForm):
    """A form with marked text: what the field made of it stays, the cleaning of single lines would take its indents."""

    marked: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """All other texts are cleaned as everywhere."""
        kept = {name: self.cleaned_data[name] for name in self.marked if name in self.cleaned_data}
        return super().clean() | kept


class CircleForm(_Written):
    """Founding a circle and changing its settings."""

    marked = ("purpose",)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    purpose = Written(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("What do you want to reach together, for whom, how often do you meet? Whoever sees the circle reads this."),
        max_length=4_000,
        widget=_area(6),
    )
    organisation = OrganisationField(
        label=gettext_lazy("Host"),
        help_text=gettext_lazy("Who looks after this organisation names somebody should nobody coordinate the circle any more."),
    )
    joining = forms.ChoiceField(
        label=gettext_lazy("How does one join?"), choices=Joining.choices, initial=Joining.REQUEST, widget=forms.RadioSelect
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who sees that it exists?"),
        help_text=gettext_lazy("Name, purpose, host and the number of organisations. Names of members stay inside."),
        choices=Audience.choices,
        initial=Audience.NETWORK,
        widget=forms.RadioSelect,
    )
    notes_open = forms.BooleanField(
        label=gettext_lazy("The network may read the notes"),
        help_text=gettext_lazy("Everything else stays inside, and so does who wrote what."),
        required=False,
    )

    def __init__(self, *args: Any, hosts: QuerySet[Organisation], is_needed: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset, field.required = hosts.order_by("name", "pk"), is_needed
        field.empty_label = None if is_needed and hosts.count() == 1 else field.empty_label

    def clean(self) -> dict[str, Any]:
        """Open notes of a circle nobody knows of would be read by nobody."""
        data = super().clean()
        if data.get("notes_open") and data.get("audience") == Audience.MEMBERS:
            self.add_error("notes_open", _("Only members know of this circle. Choose another circle of readers above, or leave this out."))
        return data


class JoinForm(HouseForm):
    """With which organisation one comes, and a word to those who decide."""

    organisation = OrganisationField(label=gettext_lazy("With which organisation?"), required=False)
    word = forms.CharField(label=gettext_lazy("A word to those who decide"), max_length=500, required=False, widget=_area(3))

    def __init__(self, *args: Any, backgrounds: QuerySet[Organisation], is_needed: bool, with_word: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset, field.required = backgrounds.order_by("name", "pk"), is_needed
        field.empty_label = None if is_needed else gettext_lazy("with none")
        if not with_word:
            del self.fields["word"]


class OwnForm(HouseForm):
    """What one settles for oneself."""

    organisation = OrganisationField(label=gettext_lazy("With which organisation?"), required=False)
    wants_digest = forms.BooleanField(label=gettext_lazy("Tell me once a day what is new here"), required=False)

    def __init__(self, *args: Any, backgrounds: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset, field.empty_label = backgrounds.order_by("name", "pk"), gettext_lazy("with none")


class AnswerForm(HouseForm):
    """A no, or an end, with its reason."""

    answer = forms.CharField(
        label=gettext_lazy("Why?"), help_text=gettext_lazy("The person is told the reason."), max_length=500, widget=_area(2)
    )


class RoleForm(HouseForm):
    """What somebody does in the circle."""

    role = forms.ChoiceField(label=gettext_lazy("What do they do in the circle?"), choices=Duty.choices, widget=forms.RadioSelect)


class MailForm(HouseForm):
    """One address and a word."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    word = forms.CharField(label=gettext_lazy("A word with it"), max_length=500, required=False, widget=_area(2))


class NoteForm(_Written):
    """A note; `base` is the number of the version it was written on top of."""

    marked = ("text",)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=140)
    text = Written(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("An empty line begins a paragraph, - a list, # a heading; **strong**, [words](https://address)."),
        max_length=rules.TEXT_LIMIT,
        required=False,
        widget=_area(18),
    )
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)


class DateForm(HouseForm):
    """A date; times are those of the clock in Berlin."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=140)
    starts = Moment(label=gettext_lazy("Begins"), help_text=gettext_lazy("Time of Berlin."))
    ends = Moment(label=gettext_lazy("Ends"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Place or link"),
        help_text=gettext_lazy("An address, or the link to your video room."),
        max_length=500,
        required=False,
    )
    text = forms.CharField(label=gettext_lazy("More about it"), max_length=2_000, required=False, widget=_area(4))


class LinkForm(HouseForm):
    """A way out to another tool."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=1_000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        error_messages={"invalid": gettext_lazy("The address begins with https:// or http://.")},
    )
    about = forms.CharField(
        label=gettext_lazy("What is it?"), help_text=gettext_lazy("For example: our chat, shared files, video room."), max_length=200,
        required=False,
    )  # fmt: skip

    def clean_url(self) -> str:
        """Django's field lets ftp through; what leads out of here is the web."""
        url = str(self.cleaned_data["url"])
        if not url.startswith(("https://", "http://")):
            raise ValidationError(_("The address begins with https:// or http://."))
        return url


class TaskForm(HouseForm):
    """What is to be done, by whom, until when."""

    title = forms.CharField(label=gettext_lazy("What is to be done?"), max_length=200)
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Who does it?"),
        required=False,
        empty_label=gettext_lazy("nobody yet"),
        error_messages={"invalid_choice": gettext_lazy("Choose a member of the circle, or nobody yet.")},
    )
    due = forms.DateField(
        label=gettext_lazy("Until when?"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"invalid": gettext_lazy("Please give a day, for example 2026-11-30.")},
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = people.order_by("name", "pk")

    def clean_due(self) -> Any:
        """A year far off is a slip of the keys."""
        due = self.cleaned_data["due"]
        if due and not 2000 <= due.year <= 2100:
            raise ValidationError(_("Please check the year."))
        return due
