"""The shape of a process: its name, its phases with moments of the clock in Berlin, and a reason."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.processes import rules
from allmende.processes.models import Door, Kind, Template
from allmende.web.forms import HouseForm

MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeField):
    """A day and a time of the clock in Berlin. What is on no calendar is a slip of the keys and not a fault of the house."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"], **options)
        self.error_messages["invalid"] = _("Please give day and time, for example 2026-11-30T18:00.")

    def to_python(self, value: Any) -> datetime | None:
        """None for nothing; a ValidationError for what is no moment on our calendars."""
        try:
            found = super().to_python(value)
        except (OverflowError, ValueError) as fault:
            raise forms.ValidationError(self.error_messages["invalid"]) from fault
        if found is not None and not 2000 <= found.year <= 2200:
            raise forms.ValidationError(self.error_messages["invalid"])
        return found


class TemplateForm(HouseForm):
    """Which kind of process, and when it begins."""

    template = forms.ChoiceField(label=_("Template"), choices=Template.choices, widget=forms.RadioSelect)
    begins = Moment(label=_("Begins"))


class PhaseForm(HouseForm):
    """One phase. `number` says which one it is of those that are there."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What it is for"), choices=Kind.choices, initial=Kind.OTHER)
    title = forms.CharField(label=_("Another name"), max_length=rules.LONGEST_PHASE, required=False)
    starts_at = Moment(label=_("Begins"))
    ends_at = Moment(label=_("Ends"))
    doors = forms.MultipleChoiceField(label=_("What is open"), choices=Door.choices, required=False, widget=forms.CheckboxSelectMultiple)
    is_dropped = forms.BooleanField(label=_("Leave this phase out"), required=False)
    use_required_attribute = False

    def span(self) -> rules.Span:
        """What was typed, as the rules see it."""
        said = self.cleaned_data
        return rules.Span(said["number"], said["starts_at"], said["ends_at"], said["kind"], said["title"], tuple(said["doors"]))


PhaseForms = forms.formset_factory(PhaseForm, extra=1, max_num=rules.MOST_PHASES + 1, absolute_max=rules.MOST_PHASES + 2)


class ProcessForm(HouseForm):
    """The name of a process; where it has begun the reason for the change as well."""

    title = forms.CharField(label=_("Name"), max_length=rules.LONGEST_TITLE)
    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=rules.LONGEST_REASON,
        help_text=_("All participants read it here and are told."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False

    def __init__(self, *args: Any, is_started: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_started:
            del self.fields["reason"]


class MoveForm(HouseForm):
    """Another end for the phase that runs."""

    ends_at = Moment(label=_("New end"), help_text=_("Later phases move along by as much."))
    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=rules.LONGEST_REASON,
        help_text=_("All participants read it here and are told."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False


class EndForm(HouseForm):
    """Why a process is closed early."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=rules.LONGEST_REASON,
        help_text=_("All participants read it here and are told."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False
