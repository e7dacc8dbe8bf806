"""The shape of what comes in."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.members import listing, rules
from allmende.members.actions import Named
from allmende.members.models import Group, Kind, Party
from allmende.web.forms import Day, HouseForm

EARLIEST, LATEST = date(1850, 1, 1), date(2200, 12, 31)


class AsOf(HouseForm):
    """What the list or the figures are asked for. A day may lie in the past and in the future."""

    on = Day(label=gettext_lazy("As of"), required=False)
    q = forms.CharField(label=gettext_lazy("Number or name"), max_length=100, required=False)
    group = forms.CharField(max_length=40, required=False)
    kind = forms.ChoiceField(choices=[("", ""), *Kind.choices], required=False)
    sort = forms.ChoiceField(choices=[(one, one) for one in ("", *listing.SORTS)], required=False)
    who = forms.ChoiceField(choices=[("", ""), ("left", "")], required=False)

    def clean_on(self) -> date:
        """Today where none is named; between 1850 and 2200."""
        day: date = self.cleaned_data["on"] or localdate()
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Please choose a day between 1850 and 2200."))
        return day

    def wanted(self) -> listing.Wanted:
        """As the list is asked; only for a valid form."""
        said = self.cleaned_data
        return listing.Wanted(said["on"], said["q"], said["group"], said["kind"], said["sort"] or "number", said["who"] == "left")


class Purpose(HouseForm):
    """What somebody wants to see names for."""

    purpose = forms.CharField(
        label=gettext_lazy("What for?"),
        min_length=rules.LEAST_PURPOSE,
        max_length=300,
        help_text=gettext_lazy("A few words are enough, for example: letter to all members. They stand in the log."),
    )


class Export(Purpose):
    """A list to take away."""

    on = Day(label=gettext_lazy("As of"))
    with_left = forms.BooleanField(label=gettext_lazy("with those who left in this year"), required=False)


class ThirdParty(Purpose):
    """Somebody who is no member and shows a legitimate interest (§ 31 GenG)."""

    inspector = forms.CharField(label=gettext_lazy("Name of who inspects"), max_length=200)
    purpose = forms.CharField(
        label=gettext_lazy("Legitimate interest"),
        min_length=rules.LEAST_PURPOSE,
        max_length=300,
        help_text=gettext_lazy("What was said and shown, for example: creditor with a court title. Use is bound to it."),
    )


class Data(HouseForm):
    """Name and address, as `Named`."""

    party = forms.ChoiceField(label=gettext_lazy("Person or organisation"), choices=Party.choices, widget=forms.RadioSelect)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=120, required=False)
    given_name = forms.CharField(label=gettext_lazy("Given names"), max_length=120, required=False)
    firm = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=250, required=False)
    register = forms.CharField(label=gettext_lazy("Register and number"), max_length=120, required=False)
    represented_by = forms.CharField(label=gettext_lazy("Represented by"), max_length=250, required=False)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=20, required=False)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=120, required=False)
    country = forms.RegexField(
        label=gettext_lazy("Country"), regex=r"^[A-Za-z]{2}$", help_text=gettext_lazy("Two letters, for example DE."),
        error_messages={"invalid": gettext_lazy("A country has two letters, for example DE.")},
    )  # fmt: skip
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=60, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), choices=settings.LANGUAGES)
    from_on = Day(label=gettext_lazy("Holds from"), help_text=gettext_lazy("The day of the move or the wedding; today at the latest."))

    FOR_NATURAL = ("given_name", "family_name")
    FOR_LEGAL = ("firm", "register", "represented_by")

    def __init__(self, *args: Any, party: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.FOR_NATURAL if party == Party.LEGAL else self.FOR_LEGAL:
            del self.fields[name]
        del self.fields["party"]
        self.of_party = party
        self.fields["firm" if party == Party.LEGAL else "family_name"].required = True

    def clean_from_on(self) -> date:
        """A change begins today at the latest."""
        day: date = self.cleaned_data["from_on"]
        if not EARLIEST <= day <= localdate():
            raise forms.ValidationError(_("A change of data can begin today at the latest."))
        return day

    def named(self) -> Named:
        """As the actions take it; only for a valid form."""
        said = {one.name: self.cleaned_data.get(one.name, "") for one in fields(Named)}
        return Named(**said | {"party": self.of_party, "country": said["country"].upper()})


class OfficeData(Data):
    """The same where the administration enters it, with what proves it."""

    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=300, required=False, help_text=gettext_lazy("For example: letter of 3 March.")
    )


class Move(HouseForm):
    """Into another group."""

    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    since = Day(label=gettext_lazy("From"))

    def __init__(self, *args: Any, groups: list[Group], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {one.key: one for one in groups}
        choices = [("", _("no group")), *((one.key, listing.name_of(one)) for one in groups)]
        self.fields["group"] = forms.ChoiceField(
            label=_("Group"), choices=choices, required=False, widget=forms.Select(attrs={"class": "input"})
        )

    def clean_since(self) -> date:
        """A day people can mean."""
        day: date = self.cleaned_data["since"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Please choose a day between 1850 and 2200."))
        return day

    def chosen(self) -> Group | None:
        """The group, or none."""
        return self.known.get(self.cleaned_data["group"])


class GroupForm(HouseForm):
    """A stakeholder group."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    note = forms.CharField(label=gettext_lazy("Who belongs to it"), max_length=200, required=False)
    is_open = forms.BooleanField(label=gettext_lazy("Can be chosen when joining"), required=False, initial=True)


class Reason(HouseForm):
    """Why a change is not entered."""

    reason = forms.CharField(label=gettext_lazy("Why not?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class Entry(HouseForm):
    """Which entry of the map a member is: its address here, or the name."""

    organisation = forms.CharField(
        label=gettext_lazy("Entry on the map"), max_length=250, required=False,
        help_text=gettext_lazy("Its name or the last part of its address. Empty: none."),
    )  # fmt: skip
