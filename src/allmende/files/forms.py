"""The shape of an upload."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.files import checking, rules
from allmende.web.forms import HouseForm


class Upload(HouseForm):
    """One file. What it is, is found out by looking into it (`checking`), not here."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Pictures, PDF, OpenDocument, Office without macros, text. At most 10 MB. What the camera noted (place, device) is removed."
        ),
        max_length=1_000,
        allow_empty_file=True,  # the room's own sentence says what to do
        widget=forms.FileInput({"accept": checking.ALLOWED, "class": "input"}),
        error_messages=dict.fromkeys(("required", "invalid", "missing"), _("Please choose a file first.")),
    )

    use_required_attribute = False

    def given(self) -> tuple[bytes, str]:
        """The bytes and the name somebody gave them; of what is too large, just so much that it is noticed."""
        found = self.cleaned_data["file"]
        return found.read(rules.LARGEST + 1), str(found.name)
