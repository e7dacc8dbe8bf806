"""The shape of what others point out: changes, problems, duplicates, illegal content, missing organisations, appeals."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.forms import BoundField
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation
from allmende.suggestions import fields, rules
from allmende.suggestions.inputs import LONG, MAIL, REASON, REMARK, Groups, Text, Year, entry_field, grouped

SALT = "suggestions.form"
Data = MultiValueDict[str, str]


def new_key(purpose: str) -> str:
    """A signed word for one filled-in form: what it is for, its number, and when it was handed out."""
    return signing.dumps({"for": purpose, "id": uuid4().hex, "at": timezone.now().timestamp()}, salt=SALT)


class Guarded(forms.Form):
    """A form for everybody: it remembers when it was handed out, and has a field that people leave empty.

    Its number becomes the number of what it makes, so that sending it twice makes one thing.
    """

    use_required_attribute = False
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    homepage2 = forms.CharField(label=_("Please leave this field empty"), required=False)

    def __init__(self, data: Data | None = None, *, purpose: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.purpose = purpose
        self.uuid: UUID | None = None

    def clean(self) -> dict[str, Any]:
        """Whether a person has filled it in, and this form."""
        said = super().clean() or self.cleaned_data
        found = self._opened()
        if found is None:
            raise forms.ValidationError(_("The form was open for too long. What you entered is still here; please send it again."))
        if said.get("homepage2"):
            raise forms.ValidationError(_("One field is there only for machines and must stay empty. Please empty it and send again."))
        made_at = datetime.fromtimestamp(found["at"], timezone.get_current_timezone())
        if rules.is_too_fast(made_at, timezone.now()):
            raise forms.ValidationError(_("That was very fast. Please check what you entered and send it again in a moment."))
        self.uuid = UUID(found["id"])
        return said

    def key_to_send(self) -> str:
        """The key of this form, or a new one where it has expired or was changed."""
        return str(self.data.get("key")) if self.is_bound and self._opened() else new_key(self.purpose)

    def _opened(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = signing.loads(str(self.data.get("key", "")), salt=SALT, max_age=rules.FORM_LIVES)
        except signing.BadSignature:
            return None
        return found if found.get("for") == self.purpose else None

    def faults(self) -> Iterator[tuple[BoundField, str]]:
        """Every fault with its field, for the summary on top."""
        for name in self.fields:
            for sentence in self[name].errors:
                yield self[name], str(sentence)


class Contacted(Guarded):
    """Adds where the answer goes; somebody signed in is told there."""

    contact = forms.EmailField(
        label=_("Your e-mail, if you want an answer"),
        required=False,
        max_length=254,
        help_text=_(
            "We tell you what became of it and then delete the address here. The note that a mail was sent disappears after 90 days."
        ),
        widget=forms.EmailInput({"class": "input", "autocomplete": "email"}),
        error_messages={"invalid": MAIL},
    )

    def __init__(self, data: Data | None = None, *, purpose: str, is_signed_in: bool = False, **more: Any) -> None:
        super().__init__(data, purpose=purpose, **more)
        if is_signed_in:
            del self.fields["contact"]


class ChangeForm(Contacted):
    """A change of an entry: its fields as this viewer sees them, what else is to be said, and how somebody knows."""

    remark = Text(REMARK, lines=4, label=_("Anything else"), help_text=_("What does not fit into a field above."))
    reason = Text(
        REASON,
        lines=2,
        label=_("How do you know?"),
        help_text=_("A website, a notice, own experience: it helps those who decide."),
    )

    def __init__(
        self,
        data: Data | None = None,
        *,
        shown: fields.Values,
        concealed: frozenset[str],
        purpose: str,
        is_signed_in: bool = False,
    ) -> None:
        super().__init__(data, purpose=purpose, is_signed_in=is_signed_in)
        self.shown = {name: fields.blank(name) if name in concealed else shown[name] for name in fields.names()}
        for name, value in self.shown.items():
            self.fields[name] = entry_field(name, value, is_concealed=name in concealed)
        self.fields["name"].required = True

    def clean(self) -> dict[str, Any]:
        """Something must have been said."""
        said = super().clean()
        if not self.errors and not self.proposed() and not said.get("remark"):
            raise forms.ValidationError(_("Nothing is different yet. Please change a field or write under “Anything else” what is wrong."))
        return said

    def proposed(self) -> dict[str, Any]:
        """The fields that differ from what was shown."""
        return rules.difference(self.shown, {name: self.cleaned_data[name] for name in self.shown if name in self.cleaned_data})

    def groups(self) -> Groups:
        """The fields of the entry under headings."""
        return grouped(self, self.shown)


class ProblemForm(Contacted):
    """What is the matter with an entry, in words."""

    remark = Text(REMARK, lines=5, label=_("What is the matter?"), required=True)
    reason = Text(REASON, lines=2, label=_("How do you know?"), help_text=_("A website, a notice, own experience."))


class GoneForm(Contacted):
    """That an organisation does not exist any more."""

    ended = Year(label=_("Since which year?"), help_text=_("Leave it empty if you do not know."))
    remark = Text(REMARK, lines=3, label=_("What do you know about it?"))
    reason = Text(
        REASON, lines=2, label=_("How do you know?"), help_text=_("A notice, a register, a website, own experience."), required=True
    )


class TwinForm(Guarded):
    """Which other entry means the same organisation: its address here, or its name."""

    other = Text(500, label=_("The other entry"), help_text=_("Its address on this map, or its name."), required=True)
    chosen = forms.ChoiceField(label=_("Which one is it?"), required=False, widget=forms.RadioSelect)

    def offer(self, found: list[tuple[str, str]]) -> None:
        """Let people choose among entries found by name."""
        self.fields["chosen"].choices = found  # type: ignore[attr-defined]

    def meant(self, found: list[Organisation]) -> Organisation | None:
        """The one that is meant: the only one found, or the chosen one. Otherwise the form says what is missing."""
        if len(found) == 1:
            return found[0]
        chosen = next((one for one in found if str(one.pk) == self.cleaned_data["chosen"]), None)
        if not found:
            self.add_error("other", _("No entry of this name or address is here. Please look at the map for it."))
        elif chosen is None:
            self.add_error("chosen", _("Several entries are called like that. Please choose one."))
        return chosen


class NoticeForm(Guarded):
    """A notice of illegal content with all that Art. 16 (2) DSA asks for."""

    place = Text(1_000, label=_("Where exactly?"), required=True, help_text=_("The address of the page, and where on it."))
    reason = Text(
        LONG,
        lines=7,
        label=_("Why is it illegal?"),
        required=True,
        help_text=_("Which words or data, and which law or right they violate."),
    )
    name = Text(120, label=_("Your name"))
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"class": "input", "autocomplete": "email"}),
        error_messages={"invalid": MAIL},
        help_text=_("You get a receipt at once, later the decision and how to appeal. We delete it when that time is over."),
    )
    is_nameless = forms.BooleanField(
        label=_("It is about sexual abuse of children: I need not give my name"),
        required=False,
        help_text=_("Only these notices (Articles 3 to 7 of Directive 2011/93/EU) may come without name and e-mail."),
    )
    good_faith = forms.BooleanField(label=_("I believe in good faith that what I say here is accurate and complete."))

    def clean(self) -> dict[str, Any]:
        """Name and address, unless the law lets somebody stay nameless."""
        said = super().clean()
        if not said.get("is_nameless"):
            for name, sentence in (("name", _("Please give your name.")), ("email", _("Please give an e-mail address for the decision."))):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return said

    def said(self) -> dict[str, Any]:
        """What a report keeps."""
        return {name: self.cleaned_data[name] for name in ("place", "reason", "name", "email", "is_nameless")}


class ConductForm(Guarded):
    """A report of rudeness: what happened, and where the answer goes. Who is signed in is told there."""

    reason = Text(
        LONG,
        lines=6,
        label=_("What happened?"),
        required=True,
        help_text=_("Which words or deeds, and whom they hit. Whoever is responsible for it does not learn who you are."),
    )
    email = forms.EmailField(
        label=_("Your e-mail, if you want an answer"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"class": "input", "autocomplete": "email"}),
        error_messages={"invalid": MAIL},
        help_text=_("You get a receipt at once, later the decision and how to appeal. We delete it when that time is over."),
    )

    def __init__(self, data: Data | None = None, *, purpose: str, is_signed_in: bool = False) -> None:
        super().__init__(data, purpose=purpose)
        if is_signed_in:
            del self.fields["email"]

    def said(self) -> dict[str, Any]:
        """What a report keeps."""
        return {"reason": self.cleaned_data["reason"], "email": self.cleaned_data.get("email", "")}


class MissingForm(Contacted):
    """An organisation that is not on the map yet."""

    NAMES = ("name", "town", "country", "website", "summary", "street", "postcode", "sector", "legal_form", "founded", "email", "phone")
    FIRST = ("name", "town", "country", "website")

    remark = Text(
        REMARK,
        lines=3,
        label=_("Why does it belong here?"),
        required=True,
        help_text=_("What it does and how people own or run it together."),
    )
    is_new = forms.BooleanField(label=_("None of these is it"), required=False)

    def __init__(self, data: Data | None = None, *, purpose: str, is_signed_in: bool = False) -> None:
        super().__init__(data, purpose=purpose, is_signed_in=is_signed_in)
        for name in self.NAMES:
            self.fields[name] = entry_field(name, {"country": "DE"}.get(name))
        self.fields["name"].required = True
        self.fields["town"].help_text = str(_("Leave it empty if it works online only."))

    def proposed(self) -> dict[str, Any]:
        """The fields that say something; a country alone says nothing."""
        said = {name: value for name in self.NAMES if (value := self.cleaned_data.get(name)) not in (None, "")}
        if not said.keys() & {"town", "street", "postcode"}:
            said.pop("country", None)
        return said

    def first(self) -> list[BoundField]:
        """The fields everybody fills in."""
        return [self[name] for name in self.FIRST]

    def groups(self) -> Groups:
        """The fields for those who know more."""
        return grouped(self, set(self.NAMES) - set(self.FIRST))


class AppealForm(forms.Form):
    """An objection to a decision."""

    text = Text(REMARK, lines=5, label=_("Why is the decision wrong?"), required=True)

    use_required_attribute = False

    def faults(self) -> Iterator[tuple[BoundField, str]]:
        """Every fault with its field, for the summary on top."""
        for sentence in self["text"].errors:
            yield self["text"], str(sentence)
