"""The shape of what is written in conversations."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.enquiries import rules
from allmende.enquiries.models import Outcome
from allmende.enquiries.queries import Asking
from allmende.exchange.models import Listing
from allmende.people.models import Person
from allmende.web.forms import HouseForm

Label = str | Promise
FORMATTED = gettext_lazy("Blank lines make paragraphs; *emphasis*, lists with - and web addresses work.")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AskForm(HouseForm):
    """The first message: in whose name, with which own offer or need, and what."""

    who = forms.ChoiceField(label=gettext_lazy("In whose name do you ask?"), widget=forms.RadioSelect)
    own_listing = forms.ChoiceField(label=gettext_lazy("What goes along"), required=False)
    text = forms.CharField(label=gettext_lazy("Your message"), max_length=rules.LONGEST, widget=_area(8))

    def __init__(self, *args: Any, askings: list[Asking], own: list[Listing], listing: Listing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.askings = {one.key: one for one in askings}
        self.own = {str(one.pk): one for one in own}
        self._choices(self.fields["who"], [(key, asking_label(one)) for key, one in self.askings.items()])
        if len(self.askings) == 1:
            self.fields["who"].initial = next(iter(self.askings))
        attach = _("Your own offer or need is shown beside the message, so you need not repeat it.")
        self.fields["own_listing"].help_text = attach
        nothing = ("", _("Nothing"))
        own_choices = [(key, f"{one.get_direction_display()}: {one.title} ({one.organisation.name})") for key, one in self.own.items()]
        self._choices(self.fields["own_listing"], [nothing, *own_choices])
        hint = _("“%(title)s” is attached by itself, so you need not repeat it. Name a next step, for example a day to talk.")
        self.fields["text"].help_text = hint % {"title": listing.title}

    def _choices(self, field: forms.Field, choices: list[tuple[str, str]]) -> None:
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - both are; said for mypy
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """What goes along must be of those in whose name one asks."""
        data = super().clean()
        asking, own = self.askings.get(data.get("who", "")), self.own.get(data.get("own_listing", ""))
        if asking and own and (own.organisation_id, own.person_id is not None) != (asking.organisation.pk, asking.alone):
            sentence = _("This belongs to somebody else than those in whose name you ask. Choose both alike, or nothing.")
            self.add_error("own_listing", sentence)
        return data

    def said(self) -> dict[str, Any]:
        """What the action needs."""
        asking = self.askings[self.cleaned_data["who"]]
        own = self.own.get(self.cleaned_data.get("own_listing", ""))
        return {"text": self.cleaned_data["text"], "organisation": asking.organisation, "alone": asking.alone, "own_listing": own}


def asking_label(asking: Asking) -> str:
    """How a choice reads."""
    name = asking.organisation.name
    return _("I alone, as a member of %(name)s") % {"name": name} if asking.alone else name


class MessageForm(HouseForm):
    """One more message."""

    text = forms.CharField(label=gettext_lazy("Message"), max_length=rules.LONGEST, widget=_area(6), help_text=FORMATTED)


class OutcomeForm(HouseForm):
    """What became of it."""

    outcome = forms.ChoiceField(label=gettext_lazy("What became of it?"), choices=Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("What came of it"),
        required=False,
        max_length=1_000,
        widget=_area(3),
        help_text=gettext_lazy("One or two sentences. Both sides read them, nobody else."),
    )


class ContactForm(HouseForm):
    """How one can be reached."""

    contact = forms.CharField(
        label=gettext_lazy("How can you be reached?"),
        max_length=500,
        widget=_area(3),
        help_text=gettext_lazy("The other side sees exactly what stands here. Change it as you like."),
    )


class BlockForm(HouseForm):
    """From whom nothing more shall come."""

    whom = forms.ChoiceField(label=gettext_lazy("From whom do you take nothing any more?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For you and your colleagues; the other side does not see it."),
    )

    def __init__(self, *args: Any, name: str, people: list[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {f"p-{one.pk}": one for one in people}
        whom = self.fields["whom"]
        assert isinstance(whom, forms.ChoiceField)  # noqa: S101 - said for mypy
        all_of_it = ("all", _("%(name)s as a whole") % {"name": name})
        whom.choices = [all_of_it, *((key, _("only %(name)s") % {"name": one}) for key, one in self.people.items())]

    @property
    def person(self) -> Person | None:
        """The one person, if not all of them."""
        return self.people.get(self.cleaned_data["whom"])


class SettleForm(HouseForm):
    """A sentence for the page of what is settled now."""

    note = forms.CharField(
        label=gettext_lazy("A sentence on its page"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Everybody who sees the offer or need reads it. It may stay empty."),
    )
