"""The shape of a comment, and of a reason to hide one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.comments import rules
from allmende.directory.models import Organisation
from allmende.people.models import Person
from allmende.people.rules import NAME_LIMIT
from allmende.web.forms import HouseForm

OWN_NAME = "ich"


class CommentForm(HouseForm):
    """What is said and in whose name. Who has no name to be shown is asked for one, unless they speak for an organisation."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
        error_messages={"required": _("Please write something."), "max_length": _("At most 4,000 characters, please.")},
    )
    voice = forms.ChoiceField(label=_("In whose name"), initial=OWN_NAME, error_messages={"invalid_choice": _("Please choose again.")})
    name = forms.CharField(
        label=_("Your name, as it shall be shown"),
        required=False,
        max_length=NAME_LIMIT,
        help_text=_("It stands beside what you write, and from now on in your account."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input"}),
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, person: Person, voices: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.person, self.voices = person, {str(one.pk): one for one in voices}
        voice: Any = self.fields["voice"]
        voice.choices = [(OWN_NAME, person.name or _("in my own name")), *((pk, one.name) for pk, one in self.voices.items())]
        if not voices:
            del self.fields["voice"]
        if person.name:
            del self.fields["name"]
        elif not voices:
            self.fields["name"].required = True

    def clean(self) -> dict[str, Any]:
        """Somebody must have said it: a person with a name, or an organisation."""
        said = super().clean()
        if "name" in self.fields and said.get("voice") == OWN_NAME and not said.get("name"):
            self.add_error("name", _("Please say how you want to be called here."))
        return said

    def answer_nothing(self) -> None:
        """What it was to answer is not there any more: sent again, it is a comment of its own."""
        self.data = {**{name: self.data.get(name) for name in self.fields}, "parent": ""}

    @property
    def organisation(self) -> Organisation | None:
        """For which organisation it is said, if for one."""
        return self.voices.get(self.cleaned_data.get("voice", ""))


class ChangeForm(HouseForm):
    """Other words for the same comment."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "class": "input"}),
        error_messages={"required": _("Please write something."), "max_length": _("At most 4,000 characters, please.")},
    )
    use_required_attribute = False


class HideForm(HouseForm):
    """Why a comment is taken off the page."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Who wrote it reads this reason, and so does everybody who moderates here."),
        error_messages={"required": _("Please give the reason: who wrote it has a right to know.")},
    )
    use_required_attribute = False
