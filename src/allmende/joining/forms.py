"""The shape of a declaration: who, what, what is acknowledged; and of what the board decides."""

import re
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from allmende.banking.rules import check_iban
from allmende.constitution.models import Cooperative, Statute
from allmende.directory.models import Organisation
from allmende.ground.refusals import Refused
from allmende.joining import rules
from allmende.joining.declaration import Duty
from allmende.joining.models import Reason
from allmende.members.models import Group, Kind, Particulars, Party
from allmende.places.queries import country_code, country_name
from allmende.web.forms import Day, HouseForm
from allmende.web.guests import GuestForm

_LINK = re.compile(r"https?:|www\.|://|[<>@\r\n]", re.I)
_NATURAL, _LEGAL = ("given_name", "family_name"), ("firm", "register", "represented_by")


def _line(name: str, *, required: bool = True, **more: Any) -> forms.CharField:
    column = cast("models.CharField[str, str]", Particulars._meta.get_field(name))
    widget = forms.TextInput(attrs={"autocomplete": more.pop("autocomplete", "off")})
    return forms.CharField(
        label=more.pop("label", column.verbose_name), max_length=column.max_length, required=required, widget=widget, **more
    )


class ParticularsForm(HouseForm):
    """Name and address of a person, or of an organisation with whoever represents it."""

    given_name = _line("given_name", autocomplete="given-name")
    family_name = _line("family_name", autocomplete="family-name")
    organisation = forms.ChoiceField(label=gettext_lazy("Entry on the map"), required=False)
    firm = _line("firm", autocomplete="organization", help_text=gettext_lazy("As the register has it, with the legal form."))
    register = _line("register", required=False, help_text=gettext_lazy("For example: GnR 123, Amtsgericht Jena"))
    represented_by = _line(
        "represented_by", help_text=gettext_lazy("Who may declare for the organisation by law or power of attorney: name and function.")
    )
    street = _line("street", autocomplete="street-address")
    postcode = _line("postcode", autocomplete="postal-code")
    town = _line("town", autocomplete="address-level2")
    country = forms.CharField(label=gettext_lazy("Country"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "country-name"}))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Your declaration is sent there, and later the news of the admission."),
    )
    phone = _line("phone", required=False, autocomplete="tel")

    def __init__(self, *args: Any, party: str, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.party = party
        for name in _NATURAL if party == Party.LEGAL else _LEGAL:
            del self.fields[name]
        if party == Party.LEGAL and organisations:
            choices = [("", _("no entry")), *((one.slug, one.legal_name or one.name) for one in organisations)]
            self.fields["organisation"].choices = choices  # type: ignore[attr-defined]
            self.fields["organisation"].help_text = _("Then the membership stands with the entry you look after.")
        else:
            del self.fields["organisation"]
        self.initial["country"] = country_name(self.initial.get("country") or "DE", get_language() or "de")

    def clean(self) -> dict[str, Any]:
        """Names and addresses are names and addresses: nobody sends advertisements by us."""
        data = super().clean()
        for name in set(data) - {"email", "organisation"}:
            if _LINK.search(str(data[name] or "")):
                self.add_error(name, _("Please write this without links, brackets and @."))
        return data

    def clean_country(self) -> str:
        """The country's code."""
        code = country_code(self.cleaned_data["country"])
        if not code:
            raise forms.ValidationError(_("This country is not known here. Write it as Germany or DE."))
        return code

    def who(self) -> dict[str, Any]:
        """What the draft keeps."""
        return {**self.cleaned_data, "party": self.party}


class PaperParticularsForm(ParticularsForm):
    """The same as it was written on paper: not everybody has an e-mail address."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].required = False
        self.fields["email"].help_text = _("Without one, you write by post.")


class SharesForm(HouseForm):
    """As what, in which group, with how many shares; a mandate and a message if wanted."""

    kind = forms.ChoiceField(label=gettext_lazy("How do you want to take part?"), widget=forms.RadioSelect)
    group = forms.ChoiceField(label=gettext_lazy("In which group do you join?"), widget=forms.RadioSelect)
    shares = forms.IntegerField(
        label=gettext_lazy("How many shares do you take?"), widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input w-short"})
    )
    iban = forms.CharField(
        label=gettext_lazy("IBAN for direct debits"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Only if you want payments to be collected. Nothing is debited before the board has admitted you."),
    )
    holder = forms.CharField(
        label=gettext_lazy("Account holder"),
        max_length=140,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy("If it is somebody else."),
    )
    note = forms.CharField(
        label=gettext_lazy("Do you want to tell the board something?"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It goes beside the declaration and is no part of it: one joins without conditions (§ 15 GenG)."),
    )

    def __init__(self, *args: Any, statute: Statute, groups: list[Group], is_desk: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.statute = statute
        self._offer_kinds(is_desk)
        if groups:
            language = get_language() or "de"
            named = [(one.key, (one.name_en if language == "en" and one.name_en else one.name), one.note) for one in groups]
            self.fields["group"].choices = [(key, f"{name}: {note}" if note else name) for key, name, note in named]  # type: ignore[attr-defined]
            self.fields["group"].required = (self.data or {}).get("kind", Kind.ORDINARY) == Kind.ORDINARY
        else:
            del self.fields["group"]
        if is_desk:
            del self.fields["note"]
        self.initial.setdefault("shares", statute.mandatory_shares)

    def _offer_kinds(self, is_desk: bool) -> None:
        kinds = [(Kind.ORDINARY, _("as an ordinary member: you use and shape what the cooperative does, with one vote"))]
        if self.statute.has_investing:
            kinds.append(
                (Kind.INVESTING, _("as an investing member: you give capital without using the offers; the statute says whether you vote"))
            )
        if is_desk:
            kinds.append((Kind.SUPPORTING, _("as a supporting member")))
        if len(kinds) == 1:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
            self.initial.setdefault("kind", Kind.ORDINARY)

    def clean_shares(self) -> int:
        """Between the mandatory and the most shares."""
        shares: int = self.cleaned_data["shares"]
        least = 0 if self.data.get("kind") == Kind.SUPPORTING and "kind" in self.fields else self.statute.mandatory_shares
        most = self.statute.max_shares or rules.MOST_SHARES
        if shares < least:
            raise forms.ValidationError(_("Please take at least %(count)d.") % {"count": least})
        if shares > most:
            raise forms.ValidationError(_("At most %(count)d shares are possible.") % {"count": most})
        return shares

    def clean_iban(self) -> str:
        """Without blanks, checked; a sentence for every typing error."""
        said: str = self.cleaned_data["iban"]
        try:
            return check_iban(said) if said.strip() else ""
        except Refused as no:
            raise forms.ValidationError(str(no.sentence)) from no

    def what(self) -> dict[str, Any]:
        """What the draft keeps."""
        return {"kind": Kind.ORDINARY, "group": "", "note": "", **self.cleaned_data}


class ReviewForm(GuestForm):
    """Each duty acknowledged for itself, none of them beforehand (§ 15a GenG). `seen` is the fingerprint of the text on the page."""

    seen = forms.CharField(widget=forms.HiddenInput)
    prefix_duty = "duty_"

    def __init__(self, *args: Any, duties: list[Duty], **options: Any) -> None:
        super().__init__(*args, **options)
        self.duties = duties
        for duty in duties:
            needed = {"required": _("This duty has to be acknowledged: %(text)s") % {"text": duty.text.split(" (§")[0]}}
            self.fields[self.prefix_duty + duty.key] = forms.BooleanField(label=duty.text, help_text=duty.meaning, error_messages=needed)
        self.fields["information"] = forms.BooleanField(
            label=_("I could read, save and print the statute and the data protection notice before."),
            error_messages={"required": _("Please read the statute and the data protection notice first.")},
        )

    def ticks(self) -> list[forms.BoundField]:
        """The fields of the duties."""
        return [self[self.prefix_duty + duty.key] for duty in self.duties]

    def ticked(self) -> tuple[str, ...]:
        """The keys of what was acknowledged."""
        return tuple(duty.key for duty in self.duties if self.cleaned_data.get(self.prefix_duty + duty.key))


class FurtherForm(HouseForm):
    """How many further shares."""

    anteile = forms.IntegerField(
        label=gettext_lazy("How many further shares do you take?"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input w-short"}),
    )

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.most = most

    def clean_anteile(self) -> int:
        """Not more than § 15b allows now."""
        said: int = self.cleaned_data["anteile"]
        if said > self.most:
            raise forms.ValidationError(_("At present at most %(count)d further shares can be taken.") % {"count": self.most})
        return said


class AnswerForm(HouseForm):
    """An applicant's answer."""

    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))


class AdmitForm(HouseForm):
    """From when, by which resolution."""

    admitted_on = Day(label=gettext_lazy("Admitted on"))
    basis = forms.CharField(label=gettext_lazy("Resolution"), max_length=300, required=False)

    def __init__(self, *args: Any, needs_basis: bool = False, **options: Any) -> None:
        options.setdefault("initial", {"admitted_on": localdate()})
        super().__init__(*args, **options)
        self.fields["basis"].required = needs_basis
        self.fields["basis"].help_text = (
            _("Investing members are admitted by the assembly or the supervisory board: which resolution, of which day (§ 8 II GenG)?")
            if needs_basis
            else _("For example: board, 12 May, item 3")
        )


class RefuseForm(HouseForm):
    """Why not; the words go to the applicant and are kept nowhere."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[(one.value, one.label) for one in Reason if one != Reason.NONE], widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("A word to the applicant"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It stands in the mail and is deleted with everything else when the mail is sent."),
    )


class AskForm(HouseForm):
    """A question by mail."""

    question = forms.CharField(label=gettext_lazy("Your question"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))


class PaperForm(HouseForm):
    """What is particular about a declaration on paper."""

    received_on = Day(label=gettext_lazy("Came in on"))
    evidence = forms.CharField(
        label=gettext_lazy("Where the paper lies"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: folder Joining 2026"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), choices=settings.LANGUAGES)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_received_on(self) -> Any:
        """Not in the future."""
        said = self.cleaned_data["received_on"]
        if said > localdate():
            raise forms.ValidationError(_("It cannot have come in the future."))
        return said


def open_groups(cooperative: Cooperative) -> list[Group]:
    """The groups one can choose when joining."""
    return list(Group.objects.filter(cooperative=cooperative, is_open=True))
