"""The shape of what people send here: claims, vouches, decisions, invitations, changes of the team."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory.models import Organisation, Role
from allmende.web.forms import HouseForm

ROLE_CHOICES = [
    (Role.EDITOR, gettext_lazy("edits the entry and confirms it")),
    (Role.OWNER, gettext_lazy("answers for the entry and decides who else looks after it")),
    (Role.MEMBER, gettext_lazy("belongs to the organisation: sees what is for members, changes nothing")),
]
KEEPER_CHOICES = ROLE_CHOICES[:2]


class DomainClaim(HouseForm):
    """Proof by an address at the organisation's own domain."""

    address = forms.EmailField(
        label=gettext_lazy("Your address at the organisation"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class VouchedClaim(HouseForm):
    """Proof by two people who look after other organisations."""

    message = forms.CharField(
        label=gettext_lazy("How do you belong to the organisation?"),
        help_text=gettext_lazy("Those who vouch for you read this."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GrantedClaim(HouseForm):
    """Asking network management."""

    message = forms.CharField(
        label=gettext_lazy("How do you belong to the organisation?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = forms.CharField(
        label=gettext_lazy("Where can that be looked up?"),
        help_text=gettext_lazy("For example an imprint or a register that names you, or a phone number of the office."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VouchForm(HouseForm):
    """In whose name somebody vouches, and a word why."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("In the name of"),
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Please choose one of your entries.")},
    )
    why = forms.CharField(label=gettext_lazy("How do you know this person?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, entries: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = entries


class DecisionForm(HouseForm):
    """Yes or no to a claim; a no needs a reason."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[("yes", gettext_lazy("Yes, they may look after the entry")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("If yes: what may they do?"), choices=KEEPER_CHOICES, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("If no: why?"),
        help_text=gettext_lazy("The person is told the reason."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A no without a reason helps nobody."""
        data = super().clean()
        if data.get("answer") == "no" and not data.get("reason"):
            self.add_error("reason", _("Please say why: the person is told the reason."))
        return data


class InvitationForm(HouseForm):
    """Whom to invite, as what, with which words."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=gettext_lazy("What may they do?"), choices=ROLE_CHOICES, initial=Role.EDITOR, widget=forms.RadioSelect)
    message = forms.CharField(
        label=gettext_lazy("A word with it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RoleForm(HouseForm):
    """Another role for somebody of the team."""

    role = forms.ChoiceField(label=gettext_lazy("What may they do?"), choices=ROLE_CHOICES, widget=forms.RadioSelect)


class TypedConfirmation(HouseForm):
    """Typing the name of the entry: nobody does that by accident. Asked only where an entry would be left without an owner."""

    name = forms.CharField(max_length=250, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, entry: Organisation, is_needed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.entry, self.is_needed = entry, is_needed
        self.fields["name"].label = _("Type the name of the entry to leave it without a successor")
        self.fields["name"].help_text = ""
        if not is_needed:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """The name as it stands in the heading; case and blanks are forgiven."""
        data = super().clean()
        if self.is_needed and "name" in data and _plain(data["name"]) != _plain(self.entry.name):
            self.add_error("name", _("That is not the name of the entry: %(name)s") % {"name": self.entry.name})
        return data


class EndForm(TypedConfirmation):
    """Ending somebody's stewardship, with a reason if one likes."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The person is told the reason."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
