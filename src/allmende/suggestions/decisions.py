"""The shape of decisions: on suggestions, missing organisations, reports and appeals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from allmende.suggestions import fields, rules
from allmende.suggestions.forms import MissingForm
from allmende.suggestions.inputs import LONG, REASON, Groups, Text, entry_field, grouped
from allmende.suggestions.models import Effect, Ground, Outcome
from allmende.suggestions.queries import About, Comparison, Unit

Data = MultiValueDict[str, str]


class Deciding(forms.Form):
    """What all decisions have in common: they are marked as faulty by us, not by the browser."""

    use_required_attribute = False

    def faults(self) -> Iterator[tuple[BoundField, str]]:
        """Every fault with its field, for the summary on top."""
        for name in self.fields:
            for sentence in self[name].errors:
                yield self[name], str(sentence)


class Decision(Deciding):
    """Field by field: accept (perhaps with another wording) or decline. Nothing is chosen beforehand."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)
    answer = Text(REASON, lines=3, label=_("A word to whoever suggested it"), help_text=_("Voluntary. It is not published."))

    def __init__(self, data: Data | None = None, *, proposed: fields.Values, now: fields.Values) -> None:
        super().__init__(data)
        self.units = rules.units(proposed)
        for unit, names in self.units.items():
            self.fields[f"take_{unit}"] = _choice(fields.LABELS[unit])
            for name in names:
                self.fields[name] = entry_field(name, proposed.get(name, now.get(name)))
                self.fields[name].help_text = ""
        if not self.units:
            self.fields["take_all"] = _choice(_("Decision"))
        if "name" in self.fields:
            self.fields["name"].required = True

    def clean(self) -> dict[str, Any]:
        """What is declined need not be right."""
        said = super().clean() or self.cleaned_data
        for unit, names in self.units.items():
            if said.get(f"take_{unit}") == "no":
                for name in names:
                    self.errors.pop(name, None)
        return said

    def taken(self) -> dict[str, Any]:
        """The values of what is accepted."""
        return {name: self.cleaned_data[name] for unit in self.accepted() for name in self.units[unit]}

    def accepted(self) -> list[str]:
        """The units that are accepted."""
        return [unit for unit in self.units if self.cleaned_data[f"take_{unit}"] == "yes"]

    def is_settled(self) -> bool:
        """Of a remark without fields: whether it was of use."""
        return self.cleaned_data.get("take_all") == "yes"

    def faults(self) -> Iterator[tuple[BoundField, str]]:
        """Every fault with its field, for the summary on top."""
        for name in self.fields:
            for sentence in self[name].errors:
                yield self[name], str(sentence)


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("yes", _("accept")), ("no", _("decline"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please accept or decline.")},
    )


class Admission(Deciding):
    """The caretakers' decision on a missing organisation: its fields once more, and yes or no with a word."""

    take_all = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Enter it and publish it")), ("no", _("Decline it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please enter or decline it.")},
    )
    answer = Text(REASON, lines=3, label=_("A word to whoever proposed it"), help_text=_("Needed if you decline it."))

    def __init__(self, data: Data | None = None, *, proposed: fields.Values) -> None:
        super().__init__(data)
        for name in MissingForm.NAMES:
            self.fields[name] = entry_field(name, proposed.get(name))
            self.fields[name].help_text = ""
        self.fields["name"].required = True

    def clean(self) -> dict[str, Any]:
        """Who declines says why; what is declined need not be right."""
        said = super().clean() or self.cleaned_data
        if said.get("take_all") == "no":
            for name in MissingForm.NAMES:
                self.errors.pop(name, None)
            if not said.get("answer") and "answer" not in self.errors:
                self.add_error("answer", _("Please say in a sentence why."))
        return said

    def said(self) -> dict[str, Any]:
        """The fields of the new entry."""
        return {name: value for name in MissingForm.NAMES if (value := self.cleaned_data.get(name)) not in (None, "")}

    def groups(self) -> Groups:
        """The fields of the new entry under headings."""
        return grouped(self, MissingForm.NAMES)


class Judging(Deciding):
    """The decision on a report with the reasons that Art. 17 (3) DSA asks for."""

    effect = forms.ChoiceField(
        label=_("What follows?"),
        choices=Effect.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what follows.")},
    )
    fields_gone = forms.MultipleChoiceField(label=_("Which fields?"), required=False, widget=forms.CheckboxSelectMultiple)
    ground = forms.ChoiceField(label=_("Why?"), choices=Ground.choices, required=False, widget=forms.RadioSelect)
    basis = Text(300, label=_("Law or rule"), help_text=_("For example: § 186 StGB, or the rule of this directory."))
    facts = Text(
        LONG, lines=6, label=_("Facts and reasons"), required=True, help_text=_("Both sides read this. Do not name who reported it.")
    )

    def __init__(self, data: Data | None = None, *, about: About | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["fields_gone"].choices = fields.removable()  # type: ignore[attr-defined]
        possible = [Effect.NONE, Effect.FIELDS, Effect.ARCHIVED]
        if about is not None:
            del self.fields["fields_gone"]
            possible = [Effect.NONE, *([Effect.HIDDEN] if about.can_be_hidden else [])]
        self.fields["effect"].choices = [(one.value, one.label) for one in possible]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A restriction has a ground, removing fields names them."""
        said = super().clean() or self.cleaned_data
        if said.get("effect") == Effect.FIELDS and not said.get("fields_gone"):
            self.add_error("fields_gone", _("Please choose at least one field."))
        if said.get("effect") in (Effect.FIELDS, Effect.ARCHIVED, Effect.HIDDEN):
            for name, sentence in (("ground", _("Please choose why.")), ("basis", _("Please name the law or the rule."))):
                if not said.get(name):
                    self.add_error(name, sentence)
        return said


class JudgingAppeal(Judging):
    """The decision on an appeal: it stands, or another one takes its place."""

    outcome = forms.ChoiceField(
        label=_("Decision on the appeal"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please decide on the appeal.")},
    )

    def __init__(self, data: Data | None = None, *, about: About | None = None, **more: Any) -> None:
        super().__init__(data, about=about, **more)
        self.fields["effect"].required = False
        self.fields["facts"].label = _("Reasons")
        self.order_fields(["outcome", "effect", "fields_gone", "ground", "basis", "facts"])

    def clean(self) -> dict[str, Any]:
        """Only a changed decision needs an effect."""
        if self.cleaned_data.get("outcome") != Outcome.CHANGED:
            return self.cleaned_data
        said = super().clean()
        if not said.get("effect"):
            self.add_error("effect", _("Please choose what follows."))
        return said


@dataclass(frozen=True)
class Row:
    """A unit as the page shows it: the comparison, the choice, the inputs."""

    unit: Unit
    choice: BoundField
    inputs: list[BoundField]


def rows(form: Decision, comparison: Comparison) -> list[Row]:
    """Every unit beside its part of the form."""
    return [Row(unit, form[f"take_{unit.name}"], [form[name] for name in form.units[unit.name]]) for unit in comparison.units]
