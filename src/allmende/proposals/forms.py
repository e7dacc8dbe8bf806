"""The shape of input: a proposal, a reason, an invitation, the rule of admission, the filter of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.proposals import rules
from allmende.proposals.models import State, Visibility
from allmende.web.forms import HouseForm


class ProposalForm(HouseForm):
    """A version. `base` is the number of the version that was read: who saves on top of another one is told."""

    title = forms.CharField(label=_("Title"), max_length=rules.TITLE_LIMIT, help_text=_("What shall hold, in one line."))
    summary = forms.CharField(
        label=_("Summary"),
        max_length=rules.SUMMARY_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences that stand over the text."),
    )
    text = forms.CharField(
        label=_("What is proposed"),
        max_length=rules.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("An empty line ends a paragraph. Paragraphs get numbers by themselves, so do not write any."),
    )
    rationale = forms.CharField(
        label=_("Reasons and costs"),
        max_length=rules.RATIONALE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Why, what it costs, what changes. It is not decided about."),
    )
    why = forms.CharField(
        label=_("What did you change, and why?"), max_length=500, required=False, help_text=_("Stands beside the version, for everybody.")
    )
    base = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            del self.fields["why"]


class ReasonForm(HouseForm):
    """A reason others will read."""

    reason = forms.CharField(label=_("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))


class InviteForm(HouseForm):
    """Who shall write along."""

    who = forms.CharField(
        label=_("Name or e-mail address"), max_length=254, help_text=_("Somebody who takes part in this cooperative and has an account.")
    )


class AdmissionForm(HouseForm):
    """What a proposal needs before it is deliberated."""

    supporters_needed = forms.IntegerField(
        label=_("Supporters needed"),
        min_value=0,
        max_value=rules.MOST_SUPPORTERS,
        help_text=_("0: a proposal is deliberated as soon as it is brought in. Its authors count as supporters."),
    )
    needs_office = forms.BooleanField(
        label=_("Board or administration admit each proposal"),
        required=False,
        help_text=_("They can also admit proposals that have fewer supporters, and send them back with a reason."),
    )


class VisibilityForm(HouseForm):
    """Who reads a proposal."""

    visibility = forms.ChoiceField(label=_("Who may read it"), choices=Visibility.choices, widget=forms.RadioSelect)


class FilterForm(HouseForm):
    """Which proposals of the list."""

    state = forms.ChoiceField(
        label=pgettext_lazy("proposal", "State"),
        required=False,
        choices=[("", _("All")), ("open", _("Not decided yet")), *State.choices],
    )
    q = forms.CharField(label=_("Words or number"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
