"""The shape of an idea, of what the list is narrowed to, of an answer, of a merge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.ideas import queries, rules
from allmende.ideas.actions import Words
from allmende.ideas.models import Idea, State, Topic, Visibility
from allmende.web.forms import HouseForm


class IdeaForm(HouseForm):
    """An idea; the user story is an option."""

    title = forms.CharField(
        label=_("In one line"), max_length=rules.LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off", "data-similar": ""})
    )
    text = forms.CharField(
        label=_("The idea"),
        max_length=rules.LONGEST,
        help_text=_("What should be different, and why? A few sentences are enough."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    topic = forms.ChoiceField(label=_("What it is about"), choices=Topic.choices, widget=forms.RadioSelect, initial=Topic.PRODUCT)
    story_role = forms.CharField(label=_("As …"), max_length=rules.LONGEST_ROLE, required=False, help_text=_("Who is it for?"))
    story_wish = forms.CharField(label=_("I want …"), max_length=rules.LONGEST_WISH, required=False)
    story_benefit = forms.CharField(label=_("so that …"), max_length=rules.LONGEST_WISH, required=False)
    persona = forms.CharField(
        label=_("Persona"),
        max_length=rules.LONGEST_PERSONA,
        required=False,
        help_text=_("If you think of somebody typical: a name you made up and what matters to them."),
    )
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """A story that is begun says who and what."""
        said = super().clean()
        story = [said.get(one, "") for one in ("story_role", "story_wish", "story_benefit", "persona")]
        if rules.story_fault(*story):
            missing = "story_role" if not story[0] else "story_wish"
            self.add_error(missing, _("A user story needs who it is for and what they want."))
        return said

    @property
    def has_story(self) -> bool:
        """Whether the part with the user story is opened."""
        return any(self[one].value() for one in ("story_role", "story_wish", "story_benefit", "persona"))

    def words(self) -> Words:
        """What was written."""
        return Words(**{one: self.cleaned_data[one] for one in queries.WORDS})


class FilterForm(HouseForm):
    """What the list is narrowed to; whatever is unknown does not narrow it."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    topic = forms.ChoiceField(label=_("What it is about"), required=False, choices=[("", _("everything")), *Topic.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *[one for one in State.choices if one[0] != State.WITHDRAWN]]
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("newest", _("newest first")), ("most", _("most supported first"))]
    )
    mine = forms.BooleanField(label=_("only mine and those I support"), required=False)

    def filters(self) -> queries.Filters:
        """As the query wants it."""
        said = self.cleaned_data if self.is_valid() else {**dict.fromkeys(self.fields, ""), **self.cleaned_data}
        return queries.Filters(
            topic=said.get("topic", ""),
            state=said.get("state", ""),
            order=said.get("order") or "newest",
            q=said.get("q", ""),
            is_mine=bool(said.get("mine")),
        )


class AnswerForm(HouseForm):
    """How far an idea has come, and what is said about it."""

    state = forms.ChoiceField(label=_("State"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Answer"),
        max_length=rules.LONGEST_ANSWER,
        help_text=_("The author and all supporters read it and are told."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    use_required_attribute = False

    def __init__(self, *args: Any, idea: Idea, **options: Any) -> None:
        super().__init__(*args, **options)
        states: Any = self.fields["state"]
        states.choices = [one for one in State.choices if rules.may_follow(idea.state, one[0])]


class MergeForm(HouseForm):
    """Into which idea; chosen among those that are shown."""

    into = forms.UUIDField(label=_("Into which idea"), error_messages={"required": _("Please choose an idea.")})
    use_required_attribute = False


class VisibilityForm(HouseForm):
    """Who may read an idea."""

    visibility = forms.ChoiceField(choices=Visibility.choices)


class HideForm(HouseForm):
    """Why an idea is taken off the pages."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=rules.LONGEST_REASON,
        help_text=_("Who wrote it reads this reason, and so does everybody who moderates here."),
        error_messages={"required": _("Please give the reason: who wrote it has a right to know.")},
    )
    use_required_attribute = False
