"""The shapes of what is handed in: a decision, its plan, measures, reports, a revocation."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.people.models import Person
from allmende.resolutions import access, queries, rules
from allmende.resolutions.actions import Planned, Wording
from allmende.resolutions.actions.entering import OF_THE_BALLOT
from allmende.resolutions.models import Body, Resolution, Visibility
from allmende.web.forms import Day, HouseForm

PLAN = ("responsible", "person", "due_on", "review_on", "effective_on", "visibility")
SHOWN = (*PLAN[:2], "member", *PLAN[2:])
"""The same as fields: a member may be named by number."""


def _long(label: Any, most: int, *, rows: int = 4, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=forms.Textarea({"rows": rows}))


class _Responsible(HouseForm):
    """Who carries something out: in words, and where there is an account, who is reminded."""

    responsible = forms.CharField(
        label=gettext_lazy("Responsible"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A body, a circle or a person, as everybody reads it."),
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Who is reminded"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("board and administration only"),
        help_text=gettext_lazy("Somebody who holds an office; board and administration are reminded in any case."),
    )

    member = forms.IntegerField(
        label=gettext_lazy("Member number"),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=gettext_lazy("For a member without an office: the account of this member is reminded."),
    )

    def __init__(self, cooperative: Any, *args: Any, person: Person | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cooperative = cooperative
        chosen = access.people_to_choose(cooperative)
        if person is not None:
            chosen = Person.objects.filter(pk__in=[*chosen.values_list("pk", flat=True), person.pk]).order_by("name", "pk")
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = chosen

    def clean(self) -> dict[str, Any]:
        """The account behind a member number, where there is one."""
        data = super().clean()
        if data.get("member"):
            found = access.member_to_choose(self.cooperative, data["member"])
            if found is None:
                self.add_error("member", _("No member of today with this number has an account."))
            else:
                data["person"] = found
        return data


class _Plan(_Responsible):
    due_on = Day(label=gettext_lazy("Carried out by"), required=False)
    review_on = Day(
        label=gettext_lazy("Look at it again on"),
        required=False,
        help_text=gettext_lazy("On this day board, administration and whoever is responsible are asked whether it is still right."),
    )
    effective_on = Day(
        label=gettext_lazy("Holds from"),
        required=False,
        help_text=gettext_lazy("Changes of the statute hold from their entry in the register (§ 16 VI GenG). Empty: from the decision on."),
    )
    visibility = forms.ChoiceField(label=gettext_lazy("Who can read it"), choices=Visibility.choices, widget=forms.RadioSelect)

    def _days(self, data: dict[str, Any]) -> None:
        for name in ("due_on", "review_on", "effective_on"):
            day = data.get(name)
            if isinstance(day, date) and not rules.EARLIEST <= day <= date(localdate().year + 100, 12, 31):
                self.add_error(name, _("This day is too far away."))

    def clean(self) -> dict[str, Any]:
        """Days within reach."""
        data = super().clean()
        self._days(data)
        return data


class Draft(_Plan):
    """A decision as it goes into the register. What was counted here cannot be written differently."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, help_text=gettext_lazy("A few words, as people will cite it."))
    wording = _long(gettext_lazy("Wording"), 50_000, rows=8, hint=gettext_lazy("The decision as it was made, word for word."))
    body = forms.ChoiceField(label=gettext_lazy("Who decided"), choices=Body.choices)
    body_label = forms.CharField(label=gettext_lazy("Name of the circle or body"), max_length=120, required=False)
    decided_on = Day(label=gettext_lazy("Decided on"))
    rule_words = forms.CharField(
        label=gettext_lazy("By which rule"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For example: simple majority of the votes cast (§ 43 II GenG)."),
    )
    votes_words = forms.CharField(
        label=gettext_lazy("Votes"), max_length=500, required=False, help_text=gettext_lazy("For example: 88 yes : 14 no : 6 abstentions.")
    )
    is_adopted = forms.BooleanField(label=gettext_lazy("The motion was adopted"), required=False, initial=True)
    outcome = _long(
        gettext_lazy("What follows from it"),
        10_000,
        required=False,
        hint=gettext_lazy(
            "In plain words: what holds now, what happens next, what was weighed. It is needed before the resolution is entered."
        ),
    )
    field_order = (
        "title", "wording", "body", "body_label", "decided_on", "rule_words", "votes_words", "is_adopted", "outcome", *SHOWN
    )  # fmt: skip

    def __init__(self, cooperative: Any, *args: Any, draft: Resolution | None = None, **options: Any) -> None:
        if draft is not None:
            options["initial"] = {name: getattr(draft, name) for name in self.base_fields if name != "member"}
        else:
            usual = {"decided_on": localdate(), "visibility": queries.usual_visibility(cooperative), "body": Body.MEMBERS}
            options["initial"] = usual | (options.get("initial") or {})
        super().__init__(cooperative, *args, person=draft.person if draft else None, **options)
        if draft is not None and draft.ballot_id is not None:
            for name in OF_THE_BALLOT:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Nothing from the future; a body of its own has a name."""
        data = super().clean()
        decided_on = data.get("decided_on")
        if decided_on and not rules.may_be_decided_on(decided_on, localdate()):
            self.add_error("decided_on", _("The register holds what was decided already. Choose a day that is not in the future."))
        if data.get("body") in {Body.CIRCLE, Body.OTHER} and "body_label" in data and not data["body_label"]:
            self.add_error("body_label", _("Say which circle or body it was."))
        return data

    def said(self, draft: Resolution | None = None) -> Wording:
        """What was handed in; of a counted draft what was counted."""
        kept = {name: getattr(draft, name) for name in OF_THE_BALLOT if name not in self.fields} if draft else {}
        return Wording(**{**kept, **{name: self.cleaned_data[name] for name in self.fields if name != "member"}})


class Plan(_Plan):
    """A new plan for what is entered, with its reason."""

    reason = _long(gettext_lazy("Why does it change?"), 2_000, hint=gettext_lazy("Everybody who reads the resolution reads it, too."))
    field_order = (*SHOWN, "reason")

    def __init__(self, resolution: Resolution, *args: Any, **options: Any) -> None:
        options["initial"] = {name: getattr(resolution, name) for name in PLAN}
        super().__init__(resolution.cooperative, *args, person=resolution.person, **options)

    def said(self) -> Planned:
        """What was handed in."""
        return Planned(**{name: self.cleaned_data[name] for name in PLAN})


class NewMeasure(_Responsible):
    """Something that has to be done."""

    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=500)
    due_on = Day(label=gettext_lazy("Until"), required=False)
    field_order = ("text", "responsible", "person", "member", "due_on")


class Settle(HouseForm):
    """How a measure was done, why it was dropped, or until when it is to be done now."""

    note = forms.CharField(max_length=1_000, required=False)
    due_on = Day(required=False)


class Words(HouseForm):
    """A report, or a reason."""

    text = _long(
        gettext_lazy("What became of it"),
        10_000,
        hint=gettext_lazy("What was done, what came of it, what is missing. Markdown is possible."),
    )


class Reporting(Words):
    """A report, on a measure where it concerns one."""

    measure = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    field_order = ("measure", "text")

    def __init__(self, resolution: Resolution, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        measures = [(str(one.uuid), one.text[:80]) for one in resolution.measures.all()]
        field = self.fields["measure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("the whole resolution")), *measures]
        if not measures:
            del self.fields["measure"]


class _Numbered(forms.ModelChoiceField[Resolution]):
    def label_from_instance(self, obj: Resolution) -> str:
        """Number and title."""
        return f"{obj.number} {obj.title}"


class Revoke(HouseForm):
    """It holds no more: since when, why, and what stands in its place."""

    on = Day(label=gettext_lazy("Revoked on"))
    replaced_by = _Numbered(
        label=gettext_lazy("Replaced by"),
        queryset=Resolution.objects.none(),
        required=False,
        empty_label=gettext_lazy("nothing stands in its place"),
    )
    text = _long(gettext_lazy("Why, and by whom?"), 2_000)

    def __init__(self, choices: Any, *args: Any, **options: Any) -> None:
        options["initial"] = {"on": localdate()}
        super().__init__(*args, **options)
        field = self.fields["replaced_by"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = choices
