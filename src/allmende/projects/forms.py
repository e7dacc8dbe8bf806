"""The shape of what people say about projects."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from allmende.directory import queries as directory
from allmende.directory.audience import Audience
from allmende.directory.models import Organisation
from allmende.exchange.forms import ListingForm
from allmende.ground.text import clean, shorten
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.projects import access, queries, rules
from allmende.projects.models import Licence, PartKind, Project, Stage
from allmende.web.forms import HouseForm

LONGEST_ADDRESS = 500
LONGEST_LABEL = 120
_is_address = URLValidator(schemes=["http", "https"])


def area(rows: int) -> forms.Textarea:
    """Several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LinksField(forms.CharField):
    """One link a line: what it is called, then its address. Becomes `[{"label": ..., "url": ...}]`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=rules.MOST_LINKS * (LONGEST_ADDRESS + LONGEST_LABEL), widget=area(3), **options)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Lines without a full address, too many or too long ones are refused with the line."""
        lines = [line for line in clean(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > rules.MOST_LINKS:
            raise ValidationError(_("At most %(number)d links, please.") % {"number": rules.MOST_LINKS})
        return [self._link(line) for line in lines]

    def _link(self, line: str) -> dict[str, str]:
        *label, url = line.split()
        try:
            _is_address(url)
        except ValidationError as fault:
            raise ValidationError(
                _("“%(line)s” does not end with an address such as https://example.org.") % {"line": line[:80]}
            ) from fault
        if len(url) > LONGEST_ADDRESS or urlsplit(url).username is not None:
            raise ValidationError(_("This address cannot be used: %(line)s") % {"line": line[:80]})
        return {"label": shorten(" ".join(label), LONGEST_LABEL) or (urlsplit(url).hostname or url), "url": url}

    def prepare_value(self, value: Any) -> Any:
        """As lines again."""
        return "\n".join(f"{one['label']} {one['url']}" for one in value) if isinstance(value, list) else value


class OrganisationsField(forms.CharField):
    """Organisations by name or by the address of their entry, one a line. `viewer` is set by the form."""

    viewer: Viewer

    def __init__(self, *, many: bool = True, **options: Any) -> None:
        self.many = many
        super().__init__(max_length=20_000 if many else 300, widget=area(3) if many else forms.TextInput(), **options)

    def clean(self, value: Any) -> Any:
        """The organisations meant; a name that fits several or none is refused with what to do."""
        lines = [line.strip() for line in clean(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > 200:
            raise ValidationError(_("At most 200 organisations, please."))
        found = list({one.pk: one for one in (self._meant(line) for line in lines)}.values())
        return found if self.many else (found[0] if found else None)

    def _meant(self, line: str) -> Organisation:
        found = directory.called(self.viewer, line[:300], partly=True)
        if not found:
            raise ValidationError(
                _("There is no entry called “%(name)s”. Copy its name or its address from the map.") % {"name": line[:80]}
            )
        if len(found) > 1:
            names = ", ".join(f"{one.name} (/o/{one.slug}/)" for one in found[:5])
            raise ValidationError(
                _("Several entries fit “%(name)s”. Please take one of these addresses: %(names)s") % {"name": line[:80], "names": names}
            )
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        """As lines again: the short names, which fit only one."""
        if isinstance(value, Organisation):
            return value.slug
        return "\n".join(one.slug for one in value) if isinstance(value, (list, tuple)) else value


class GoalsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic while it runs
    """The Sustainable Development Goals with their numbers."""

    def label_from_instance(self, obj: Any) -> str:
        """`7. Affordable and clean energy`."""
        return f"{obj.key}. {obj.name}"


class WithViewer(HouseForm):
    """A form whose organisations are looked for as this viewer sees them."""

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, OrganisationsField):
                field.viewer = viewer


def mine_field(viewer: Viewer, label: Any, organisations: Iterable[Organisation] | None = None) -> "forms.ModelChoiceField[Organisation]":
    """A choice of organisations this viewer speaks for; hidden where there is only one."""
    found = access.organisations_to_carry_for(viewer).order_by("name")
    if organisations is not None:
        found = found.filter(pk__in=[one.pk for one in organisations])
    field = forms.ModelChoiceField(label=label, queryset=found, empty_label=None)
    few = list(found[:2])
    if few:
        field.initial = few[0].pk
    if len(few) == 1:
        field.widget = forms.HiddenInput()
    return field


class ProjectForm(WithViewer):
    """The texts of a project."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=140)
    summary = forms.CharField(
        label=gettext_lazy("In one sentence"),
        help_text=gettext_lazy("It stands in lists and under the title."),
        max_length=300,
        widget=area(2),
    )
    challenge = forms.CharField(label=gettext_lazy("Which problem does it solve?"), max_length=8_000, widget=area(6))
    audience_text = forms.CharField(label=gettext_lazy("For whom?"), max_length=300, required=False)
    text = forms.CharField(
        label=gettext_lazy("How it works"),
        help_text=gettext_lazy("Paragraphs, lists, **bold** and [links](https://example.org) are possible, here and in all longer texts."),
        max_length=20_000,
        required=False,
        widget=area(10),
    )
    funding = forms.CharField(
        label=gettext_lazy("Funding"),
        help_text=gettext_lazy("What it costs, who pays it, what is still missing."),
        max_length=2_000,
        required=False,
        widget=area(3),
    )
    results = forms.CharField(
        label=gettext_lazy("Results"),
        help_text=gettext_lazy("What came out of it, what did not work, what others can use."),
        max_length=8_000,
        required=False,
        widget=area(5),
    )
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence of texts and results"),
        help_text=gettext_lazy("With “All rights reserved”, or without a licence, others may read but not go on with it."),
        choices=[("", gettext_lazy("not decided yet")), *Licence.choices],
        required=False,
    )
    links = LinksField(
        label=gettext_lazy("Links"),
        help_text=gettext_lazy("One a line: what it is called, then the address. Example: Our plan https://example.org/plan"),
    )
    sdgs = GoalsField(
        label=gettext_lazy("Which Sustainable Development Goals does it serve?"),
        queryset=queries.goals(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who sees it"), choices=Audience.choices, initial=Audience.NETWORK)
    chosen = OrganisationsField(
        label=gettext_lazy("Which organisations?"),
        help_text=gettext_lazy("Only for chosen organisations: their names or addresses, one a line. Those that take part always see it."),
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the texts"), choices=[("de", "Deutsch"), ("en", "English")])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].initial = "en" if (get_language() or "de").startswith("en") else "de"

    def said(self) -> dict[str, Any]:
        """What the actions want; organisations are kept only where they are meant."""
        chosen = self.cleaned_data["chosen"] if self.cleaned_data["audience"] == Audience.CHOSEN else []
        return self.cleaned_data | {"chosen": chosen}

    @staticmethod
    def initial_from(project: Project) -> dict[str, Any]:
        """The form filled with a project."""
        plain = ("title", "summary", "challenge", "audience_text", "text", "funding", "results", "licence", "links", "audience", "language")
        many = {"sdgs": list(project.sdgs.all()), "chosen": list(project.chosen.all())}
        return {name: getattr(project, name) for name in plain} | many


class StepForm(HouseForm):
    """How far the project is since when."""

    stage = forms.ChoiceField(label=gettext_lazy("How far is it?"), choices=Stage.choices)
    on = forms.DateField(label=gettext_lazy("Since when"), widget=day())
    sentence = forms.CharField(label=gettext_lazy("What happened, in one sentence"), max_length=300, widget=area(2))


class NewProjectForm(ProjectForm, StepForm):
    """A new project: for which organisation, its texts, where it stands."""

    field_order = ("organisation", "title", "summary", "challenge", "audience_text", "text", "stage", "on", "sentence")

    def __init__(self, *args: Any, viewer: Person, **options: Any) -> None:
        super().__init__(*args, viewer=viewer, **options)
        self.fields["organisation"] = mine_field(viewer, gettext_lazy("Which organisation answers for it?"))
        self.fields["organisation"].widget.attrs.setdefault("class", "input")
        self.order_fields(self.field_order)


class AskForm(WithViewer):
    """Whom to ask to take part, as what."""

    organisation = OrganisationsField(
        many=False,
        label=gettext_lazy("Which organisation?"),
        help_text=gettext_lazy("Its name as on the map, or the address of its entry."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("As what?"), choices=PartKind.choices, initial=PartKind.PARTNER)
    contribution = forms.CharField(label=gettext_lazy("What could they bring in?"), max_length=300, required=False, widget=area(2))
    word = forms.CharField(label=gettext_lazy("A word to them"), max_length=300, required=False, widget=area(2))


class OfferForm(HouseForm):
    """An organisation offers itself."""

    kind = forms.ChoiceField(
        label=gettext_lazy("As what?"),
        choices=[(one, name) for one, name in PartKind.choices if one != PartKind.LEAD],
        initial=PartKind.PARTNER,
    )
    contribution = forms.CharField(label=gettext_lazy("What do you bring in?"), max_length=300, widget=area(2))
    word = forms.CharField(label=gettext_lazy("A word to the project"), max_length=300, required=False, widget=area(2))

    def __init__(self, *args: Any, viewer: Person, organisations: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = mine_field(viewer, gettext_lazy("Which of your organisations?"), organisations)
        self.fields["organisation"].widget.attrs.setdefault("class", "input")
        self.order_fields(("organisation", "kind", "contribution", "word"))


class AnswerForm(HouseForm):
    """Yes or no, with a word."""

    contribution = forms.CharField(label=gettext_lazy("What do you bring in?"), max_length=300, required=False, widget=area(2))
    word = forms.CharField(label=gettext_lazy("A word on it"), max_length=300, required=False, widget=area(2))


class PartForm(HouseForm):
    """What one's own organisation does in the project."""

    kind = forms.ChoiceField(label=gettext_lazy("As what?"), choices=PartKind.choices)
    contribution = forms.CharField(label=gettext_lazy("What do you bring in?"), max_length=300, required=False, widget=area(2))


class WordForm(HouseForm):
    """A word on ending something."""

    word = forms.CharField(label=gettext_lazy("A word on it"), max_length=300, required=False, widget=area(2))


class ReasonForm(HouseForm):
    """Why something is done to others' things."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("Those who lead the project read it."), max_length=300, widget=area(2)
    )


class UpdateForm(HouseForm):
    """News."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=140)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=8_000, widget=area(8))


class HandoverForm(WithViewer):
    """Who is asked to take over."""

    organisation = OrganisationsField(
        many=False,
        label=gettext_lazy("Which organisation?"),
        help_text=gettext_lazy("Its name as on the map, or the address of its entry."),
    )


class TakeOverForm(HouseForm):
    """For which organisation, and one sentence for the history."""

    sentence = forms.CharField(label=gettext_lazy("What happened, in one sentence"), max_length=300, widget=area(2))

    def __init__(self, *args: Any, viewer: Person, organisations: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = mine_field(viewer, gettext_lazy("Which of your organisations?"), organisations)
        self.fields["organisation"].widget.attrs.setdefault("class", "input")
        self.order_fields(("organisation", "sentence"))


class AdoptForm(HouseForm):
    """For which organisation, with or without the texts."""

    with_texts = forms.ChoiceField(
        label=gettext_lazy("How do you want to begin?"),
        choices=[
            ("copy", gettext_lazy("With a copy of the texts that we change")),
            ("own", gettext_lazy("With our own texts, only the line to this project is kept")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, viewer: Person, source: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        others = access.organisations_to_carry_for(viewer).exclude(pk=source.organisation_id)
        self.fields["organisation"] = mine_field(viewer, gettext_lazy("Which of your organisations?"), others)
        self.fields["organisation"].widget.attrs.setdefault("class", "input")
        if not rules.may_copy(source.licence):
            del self.fields["with_texts"]
        self.order_fields(("organisation", "with_texts"))


class WantedForm(ListingForm):
    """A wanted partner: a need, without whose it is and for whom; both are the project's."""

    def __init__(self, data: Any = None, *, viewer: Person, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, viewer=viewer, initial=initial)
        for name in ("direction", "writer", "person_name", "audience", "chosen"):
            del self.fields[name]
