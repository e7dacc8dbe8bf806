"""The shapes of what is handed in: what a landscape asks, a statement, a reason, another end."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.opinions import rules
from allmende.opinions.actions import Wording
from allmende.opinions.models import Landscape
from allmende.web.forms import HouseForm

MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeField):
    """A day and a time of the clock. Years far off are a slip of the keys."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"], **options)
        self.error_messages["invalid"] = gettext_lazy("Please give day and time, for example 2026-11-30T18:00.")

    def to_python(self, value: Any) -> datetime | None:
        """None for nothing; a ValidationError for what is no moment on our calendars."""
        try:
            found: datetime | None = super().to_python(value)
        except (OverflowError, ValueError) as fault:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault
        if found and not 2000 <= found.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class Asking(HouseForm):
    """What is asked, when, and who adds statements."""

    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=140, help_text=gettext_lazy("What it is about, in a few words: How do we want to deliver?")
    )
    question = forms.CharField(
        label=gettext_lazy("What it is about"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("What people should know before they answer, and what will be done with it."),
    )  # fmt: skip
    members_add = forms.BooleanField(
        label=gettext_lazy("Members may add statements"), required=False, initial=True,
        help_text=gettext_lazy("Otherwise only board and member administration do."),
    )  # fmt: skip
    starts_at = Moment(label=gettext_lazy("Open from"), required=False, help_text=gettext_lazy("Left empty: as soon as you open it."))
    ends_at = Moment(label=gettext_lazy("Open until"), required=False, help_text=gettext_lazy("Left empty: until you close it."))

    def __init__(self, landscape: Landscape | None, *args: Any, **options: Any) -> None:
        if landscape is not None:
            options["initial"] = {name: getattr(landscape, name) for name in self.base_fields}
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        """The end lies after the beginning."""
        data = super().clean()
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The end lies before the beginning."))
        return data

    def wording(self) -> Wording:
        """What was said, for the actions."""
        said: dict[str, Any] = {name: self.cleaned_data.get(name) for name in self.base_fields}
        return Wording(**said)


class Saying(HouseForm):
    """One statement. `sure` is sent along once nearly the same ones were shown."""

    use_required_attribute = False
    text = forms.CharField(
        label=gettext_lazy("Your statement"), max_length=rules.LONGEST, min_length=rules.SHORTEST,
        widget=forms.Textarea({"rows": 2, "maxlength": rules.LONGEST}),
        help_text=gettext_lazy("One thought in one sentence that others can agree or disagree with. At most 200 characters."),
    )  # fmt: skip
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class Reason(HouseForm):
    """Why a statement is hidden."""

    use_required_attribute = False
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class NewEnd(HouseForm):
    """Another end, with the reason all read."""

    use_required_attribute = False
    ends_at = Moment(label=gettext_lazy("Open until"), required=False, help_text=gettext_lazy("Left empty: until you close it."))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Everybody who takes part reads it."),
    )  # fmt: skip
