"""The shape of what people type about an organisation. Texts are judged as those of an import are; nothing is mended silently."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.directory import queries
from allmende.directory.importers import values
from allmende.directory.importers.checking import LIMITS, PLACE_LIMITS, WORDS
from allmende.directory.models import Kind, Term, Tree, Visibility
from allmende.directory.portrait import language_name
from allmende.directory.rules import HIDEABLE, level
from allmende.ground.text import clean
from allmende.places.queries import country_code, country_name

LANGUAGES = ("de", "en", "fr", "it", "es", "nl", "pl", "cs", "da", "pt", "tr", "ar", "ru", "uk")
LABELS: dict[str, Any] = {
    "name": _("Name"),
    "legal_name": _("Registered name"),
    "kind": _("Kind"),
    "state": _("State"),
    "legal_form": _("Legal form"),
    "sector": _("Sector"),
    "sectors": _("Further sectors"),
    "activities": _("Activities"),
    "cooperation": _("Form of cooperation"),
    "sdgs": _("Sustainable Development Goals (SDG)"),
    "summary": _("In one sentence"),
    "summary_en": _("In one sentence, in English"),
    "description": _("Description"),
    "description_en": _("Description in English"),
    "keywords": _("Keywords"),
    "languages": _("Languages"),
    "founded": _("Founded"),
    "ended": _("Ended"),
    "website": _("Website"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "register": _("Register and number"),
    "same_as": _("The same entry elsewhere"),
    "visibility": _("Who sees what"),
    "places": _("Places"),
    "seat": _("Seat"),
    "address": _("Address"),
}
TREES = {"sector": Tree.SECTOR, "sectors": Tree.SECTOR, "legal_form": Tree.LEGAL_FORM, "activities": Tree.ACTIVITY,
         "cooperation": Tree.COOPERATION, "sdgs": Tree.SDG}  # fmt: skip
NO_HTML = _("Plain text only, please: HTML is not shown here. Take out what stands between < and >.")
CHOOSE = _("Please choose one of them.")
TOO_LONG = _("At most %(limit)d characters; these are %(length)d.")


class Line(forms.CharField):
    """One line of plain text: single blanks, no control characters; HTML is refused, not removed."""

    has_lines = False

    def __init__(self, *, limit: int, judge: Callable[[str], Any] | None = None, wrong: Any = "", **options: Any) -> None:
        super().__init__(**{"strip": False, **options})
        self.limit, self.judge, self.wrong = limit, judge, wrong

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Looks like the inputs of the house; no `maxlength`, which would cut off silently what somebody pastes."""
        return {} if isinstance(widget, forms.Textarea) or widget.is_hidden else {"class": "input"}

    def to_python(self, value: Any) -> str:
        """The text as people meant it."""
        text = clean(str(value)) if value not in self.empty_values else ""
        return text if self.has_lines else text.replace("\n", " ")

    def validate(self, value: str) -> None:
        """Within the limit, without tags, and as the judge of the imports wants it."""
        super().validate(value)
        if values.has_html(value):
            raise ValidationError(NO_HTML)
        if len(value) > self.limit:
            raise ValidationError(TOO_LONG, params={"limit": self.limit, "length": len(value)})
        if value and self.judge and self.judge(value) is None:
            raise ValidationError(self.wrong)

    def clean(self, value: Any) -> Any:
        """The value as the entry keeps it."""
        text = super().clean(value)
        return self.judge(text) if text and self.judge else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """What differs by blanks alone is the same."""
        return not self.disabled and self.to_python(initial) != self.to_python(data)


class Text(Line):
    """Several lines."""

    widget = forms.Textarea
    has_lines = True


class Lines(Text):
    """Several words or addresses, as a list."""

    def __init__(self, name: str, *, right: Callable[[str], Any] = bool, **options: Any) -> None:
        super().__init__(limit=10_000, **options)
        self.longest, self.most = WORDS[name]
        self.right = right

    def clean(self, value: Any) -> list[str]:
        """The list; too long words and too many are refused by name."""
        text = super().clean(value)
        found = values.words(text, ";\n" if ";" in text or isinstance(self.widget, forms.Textarea) else ",")
        wrong = next((one for one in found if len(one) > self.longest or not self.right(one)), "")
        if wrong:
            raise ValidationError(_("This cannot be: “%(word)s”."), params={"word": wrong[:60]})
        if len(found) > self.most:
            raise ValidationError(_("At most %(most)d, please."), params={"most": self.most})
        return found


def website(value: str) -> str | None:
    """A web address; whoever leaves the scheme out means https."""
    return None if " " in value else values.url(value if "://" in value else f"https://{value}")


def one_email(value: str) -> str | None:
    """Exactly one address."""
    return value if values.email(value) == value else None


def one_phone(value: str) -> str | None:
    """Exactly one number, without letters."""
    return value if values.phone(value) == value and not any(letter.isalpha() for letter in value) else None


def year(value: str) -> int | None:
    """A year up to the next one."""
    return values.year(value, date.today().year + 1) if len(value) <= 10 else None  # noqa: DTZ011 - the year of the server is near enough


class Sheet(forms.Form):
    """All that is said of an organisation but its places. `state` is what the entry says at the revision the form was opened on."""

    name = Line(limit=200, help_text=_("As you call yourselves. The registered name can stand further below."))
    kind = forms.ChoiceField(choices=Kind.choices)
    legal_form = forms.ChoiceField(required=False)
    sector = forms.ChoiceField()
    summary = Line(
        limit=LIMITS["summary"], widget=forms.Textarea, help_text=_("What do you do, and for whom? One sentence for the map and the list.")
    )
    description = Text(
        limit=LIMITS["description"], required=False, help_text=_("What makes you special, who can take part, what you offer.")
    )
    website = Line(
        limit=500, required=False, judge=website, wrong=_("A web address looks like https://www.example.org."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )  # fmt: skip
    email = Line(
        limit=254, required=False, judge=one_email, wrong=_("An e-mail address looks like name@example.org. One address, please."),
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )  # fmt: skip
    phone = Line(
        limit=60, required=False, judge=one_phone, wrong=_("A phone number has digits, blanks and + only. One number, please."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    online_only = forms.BooleanField(required=False, label=_("We work online only; there is no place one could visit"))
    sectors = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    activities = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    cooperation = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    sdgs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text=_("In which languages can one talk to you?")
    )
    founded = Line(
        limit=60, required=False, judge=year, wrong=_("A year has four digits, such as 1998, and is not in the future."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    legal_name = Line(limit=LIMITS["legal_name"], required=False, help_text=_("As the register has it, if it is another one."))
    register = Line(limit=LIMITS["register"], required=False, help_text=_("For example: GnR 1007, Hamburg"))
    keywords = Lines("keywords", required=False, widget=forms.TextInput, help_text=_("Separated by commas; one finds you by them, too."))
    same_as = Lines("same_as", required=False, right=values.url, help_text=_("One web address a line, such as a page in Wikidata."))
    summary_en = Line(limit=LIMITS["summary_en"], required=False, widget=forms.Textarea)
    description_en = Text(limit=LIMITS["description_en"], required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], ruled: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        words = {tree: list(queries.terms(tree)) for tree in dict.fromkeys(TREES.values())}
        for name, tree in TREES.items():
            self._choices(name, words[tree])
        known = dict.fromkeys([*LANGUAGES, *initial.get("languages", ())])
        self.fields["languages"].choices = [(code, language_name(code)) for code in known]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            if name != "consent":
                field.error_messages["required"] = _("This is needed.")
        for name in HIDEABLE:
            self.fields[f"show_{name}"] = _circles(name, ruled)
        for name, rows in (("summary", 2), ("summary_en", 2), ("same_as", 3), ("description", 6), ("description_en", 6)):
            self.fields[name].widget.attrs["rows"] = rows

    def _choices(self, name: str, words: list[Term]) -> None:
        choices: list[Any] = [(term.key, term.name) for term in words]
        if not isinstance(self.fields[name], forms.MultipleChoiceField):
            choices = [("", _("Please choose") if name == "sector" else _("not stated")), *choices]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def forget_errors(self, *names: str) -> None:
        """What nobody has touched is not judged: an entry can be edited though an import once brought something odd."""
        for name in names:
            self.errors.pop(name, None)

    def quiet(self) -> "Sheet":
        """Only shown again, not judged yet."""
        self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
        return self


class NewSheet(Sheet):
    """For an organisation that is not here yet: whoever enters it agrees to the rules of the data."""

    consent = forms.BooleanField(error_messages={"required": _("Without this agreement the entry cannot be shown.")})


def _circles(name: str, ruled: dict[str, str] | None) -> forms.ChoiceField:
    held = Visibility(level(name, {}, ruled))
    choices: list[Any] = [("", _("as in the data rules: %(circle)s") % {"circle": held.label}), *Visibility.choices]
    label = _("Who sees this: %(field)s") % {"field": LABELS[name]}
    return forms.ChoiceField(choices=choices, required=False, label=label)


class PlaceSheet(forms.Form):
    """One place. `was` says which of the entry's places it is; empty for a new one."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    label = Line(limit=PLACE_LIMITS["label"], required=False, label=_("What is there?"), help_text=_("For example: shop, workshop, office"))
    street = Line(limit=PLACE_LIMITS["street"], required=False, label=_("Street and number"))
    postcode = Line(limit=PLACE_LIMITS["postcode"], required=False, label=_("Postcode"))
    town = Line(
        limit=PLACE_LIMITS["town"], required=False, label=_("Town"), widget=forms.TextInput(attrs={"list": "towns", "autocomplete": "off"})
    )
    country = Line(limit=80, required=False, label=_("Country"), widget=forms.TextInput(attrs={"list": "countries"}))
    lat = Line(
        limit=30, required=False, label=_("Latitude"), judge=values.degrees, wrong=_("A number of degrees, such as 53.5511"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    lon = Line(
        limit=30, required=False, label=_("Longitude"), judge=values.degrees, wrong=_("A number of degrees, such as 9.9937"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    remove = forms.BooleanField(required=False, label=_("Remove this place"))

    def __init__(self, data: Any = None, *, prefix: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=prefix, initial=initial, label_suffix="")

    def clean_country(self) -> str:
        """The country's code."""
        said = self.cleaned_data["country"]
        code = country_code(said)
        if said and not code:
            raise ValidationError(_("This country is not known here. Write it as Germany or DE."))
        return code

    def clean(self) -> dict[str, Any]:
        """A point is two numbers, and on earth."""
        data = self.cleaned_data
        lat, lon = (data.get(name) if data.get(name) != "" else None for name in ("lat", "lon"))
        if not {"lat", "lon"} & self.errors.keys():
            if (lat is None) != (lon is None):
                self.add_error("lon" if lon is None else "lat", _("A point needs both latitude and longitude."))
            elif lat is not None and lon is not None and (abs(lat) > 90 or abs(lon) > 180 or not (lat or lon)):
                self.add_error("lat", _("This point is not on earth. Are latitude and longitude swapped?"))
        return data

    def quiet(self) -> "PlaceSheet":
        """Only shown again, not judged yet."""
        self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
        return self

    @property
    def said_anything(self) -> bool:
        """Whether there is more than a country in it."""
        return any(str(self[name].value() or "").strip() for name in ("label", "street", "postcode", "town", "lat", "lon"))

    def changed(self, before: dict[str, Any]) -> set[str]:
        """The fields that differ from what the form showed before."""
        names = self.fields.keys() - {"was", "remove"}
        return {name for name in names if self.fields[name].has_changed(before.get(name, ""), self[name].value())}


class Restore(forms.Form):
    """Why somebody goes back."""

    reason = Line(limit=200, required=False, label=_("Why?"), help_text=_("Everybody can read this in the history."))


class Off(Restore):
    """Why an entry leaves the map."""

    why = forms.ChoiceField(
        label=_("What happened?"),
        widget=forms.RadioSelect,
        choices=[("ended", _("We no longer exist")), ("off", _("We do not want to be on the map"))],
    )
    ended = Line(
        limit=10,
        required=False,
        judge=year,
        wrong=_("A year has four digits, such as 1998, and is not in the future."),
        label=_("Since which year?"),
    )
    sure = forms.BooleanField(label=_("Yes, take the entry off the map"))

    field_order = ("why", "ended", "reason", "sure")


class Look(Restore):
    """What a caretaker decides on an entry that waits."""

    decision = forms.ChoiceField(choices=[("publish", ""), ("decline", "")])

    def clean(self) -> dict[str, Any]:
        """Who declines says why: it is what the other side gets to read."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("decision") == "decline" and not data.get("reason"):
            self.add_error("reason", _("Please say why; whoever entered it gets to read it."))
        return data


class Invite(forms.Form):
    """To whom a link goes; without an address the link is only shown."""

    email = Line(
        limit=254, required=False, judge=one_email, wrong=_("An e-mail address looks like name@example.org. One address, please."),
        label=_("E-mail"), help_text=_("Empty: you get the link and pass it on yourself."),
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )  # fmt: skip
    greeting = Text(limit=1_000, required=False, label=_("A few words of your own"), widget=forms.Textarea(attrs={"rows": 3}))


def countries(codes: Iterable[str] = ("DE", "AT", "CH", "LI", "LU", "FR", "IT", "NL", "BE", "DK", "PL", "CZ", "ES", "GB")) -> list[str]:
    """Names of countries around here, to choose from while typing."""
    return [country_name(code, get_language() or "de") for code in codes]
