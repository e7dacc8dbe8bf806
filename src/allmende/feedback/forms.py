"""The shape of what people write here: questions, invitations, feedback, answers."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory import queries as directory
from allmende.directory.models import Organisation
from allmende.feedback import queries, rules
from allmende.feedback.actions.answering import Answer
from allmende.feedback.actions.giving import Said
from allmende.feedback.models import Readers, Review, Round, Suggestion, Verdict
from allmende.people.queries import Viewer
from allmende.people.rules import NAME_LIMIT
from allmende.web.forms import HouseForm

LINES = rules.INVITATIONS * 220


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DeadlineForm(HouseForm):
    """Until when, with the time."""

    deadline = forms.DateTimeField(
        label=gettext_lazy("Until when?"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": gettext_lazy("Give a day and a time, for example 2026-12-24 18:00.")},
    )

    @staticmethod
    def in_days(days: int) -> dict[str, Any]:
        """Filled with the evening some days from now."""
        then = timezone.localtime() + timedelta(days=days)
        return {"deadline": then.replace(hour=18, minute=0, second=0, microsecond=0)}


class InvitingForm(HouseForm):
    """Whom to ask: organisations near by, and others by name or address."""

    near = forms.ModelMultipleChoiceField(
        label=gettext_lazy("From your networks and this project"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.CharField(
        label=gettext_lazy("Others"),
        required=False,
        max_length=LINES,
        widget=_area(3),
        help_text=gettext_lazy("One in each line: the name of the entry, or its address here."),
    )

    def __init__(self, *args: Any, near: Sequence[Organisation], viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        field = self.fields["near"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in near]).order_by("name", "pk")  # type: ignore[attr-defined]
        if not near:
            del self.fields["near"]

    def clean_others(self) -> list[Organisation]:
        """The entries that are meant; a line nobody is found for is named."""
        lines = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        if len(lines) > rules.INVITATIONS:
            raise forms.ValidationError(_("A round invites at most 60 organisations."))
        return [self._named(line) for line in dict.fromkeys(lines)]

    def _named(self, line: str) -> Organisation:
        found = directory.called(self.viewer, line)
        if len(found) == 1:
            return found[0]
        said = _("More than one entry is called “%(line)s”. Use its address here.") if found else _("No entry is called “%(line)s”.")
        raise forms.ValidationError(said % {"line": line[:120]})

    def invited(self) -> list[Organisation]:
        """Everybody who was chosen in one way or the other."""
        return [*self.cleaned_data.get("near", ()), *self.cleaned_data["others"]]


class QuestionsForm(HouseForm):
    """What is asked, and who reads the answers."""

    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        required=False,
        max_length=rules.TEXT_LENGTH,
        widget=_area(4),
        help_text=gettext_lazy("Two or three sentences for those who do not know the project yet."),
    )
    question_1 = forms.CharField(label=gettext_lazy("First question"), max_length=rules.QUESTION_LENGTH)
    question_2 = forms.CharField(label=gettext_lazy("Second question"), max_length=rules.QUESTION_LENGTH, required=False)
    question_3 = forms.CharField(label=gettext_lazy("Third question"), max_length=rules.QUESTION_LENGTH, required=False)
    readers = forms.ChoiceField(label=gettext_lazy("Who reads the answers?"), choices=Readers.choices, widget=forms.RadioSelect)
    is_open_to_all = forms.BooleanField(
        label=gettext_lazy("Others who see the project may answer, too"),
        required=False,
        help_text=gettext_lazy("Other organisations of the network, and people in their own name."),
    )

    def __init__(self, *args: Any, is_frozen: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("question_1", "question_2", "question_3", "readers") if is_frozen else ():
            self.fields[name].disabled = True  # somebody has answered under them

    def said(self) -> dict[str, Any]:
        """What the action wants."""
        data = self.cleaned_data
        asked = [data["question_1"], data["question_2"], data["question_3"]]
        return {"asked": asked, **{name: data[name] for name in ("text", "readers", "is_open_to_all")}}

    @staticmethod
    def initial_from(found: Round) -> dict[str, Any]:
        """The form filled with a round."""
        return {name: getattr(found, name) for name in ("text", "question_1", "question_2", "question_3", "readers", "is_open_to_all")}


class AskForm(QuestionsForm, DeadlineForm, InvitingForm):
    """A new round."""

    field_order = (
        "organisation", "text", "question_1", "question_2", "question_3", "deadline", "near", "others", "is_open_to_all", "readers",
    )  # fmt: skip

    def __init__(self, *args: Any, askers: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.askers = list(askers)
        if len(self.askers) > 1:
            choices = [(str(one.pk), one.name) for one in self.askers]
            self.fields["organisation"] = forms.ChoiceField(label=_("Who asks?"), choices=choices, widget=forms.RadioSelect)
            self.order_fields(self.field_order)

    def asker(self) -> Organisation:
        """In whose name it is asked."""
        chosen = self.cleaned_data.get("organisation")
        return next((one for one in self.askers if str(one.pk) == chosen), self.askers[0])

    def clean(self) -> dict[str, Any]:
        """Somebody must be able to answer."""
        data = super().clean()
        if not self.errors and not self.invited() and not data["is_open_to_all"]:
            self.add_error(None, _("Invite somebody, or let everybody answer who sees the project."))
        return data


class WordForm(HouseForm):
    """What came out of a round."""

    word = forms.CharField(
        label=gettext_lazy("What came out of it"),
        required=False,
        max_length=rules.TEXT_LENGTH,
        widget=_area(5),
        help_text=gettext_lazy("A few sentences. Everybody who gave something reads them."),
    )


class DeclineForm(HouseForm):
    """No, with a word if one likes."""

    word = forms.CharField(label=gettext_lazy("A word to those who asked"), required=False, max_length=300)


class GiveForm(HouseForm):
    """Feedback in its parts. Five fields for suggestions, because each is answered on its own."""

    strengths = forms.CharField(
        label=gettext_lazy("What convinces"), required=False, max_length=rules.TEXT_LENGTH, widget=_area(4),
        help_text=gettext_lazy("What should stay as it is?"),
    )  # fmt: skip
    open_questions = forms.CharField(
        label=gettext_lazy("What is still open"), required=False, max_length=rules.TEXT_LENGTH, widget=_area(4),
        help_text=gettext_lazy("What did you not understand, what is missing?"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, asked: Sequence[str], in_own_name: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if in_own_name:
            self.fields["person_name"] = _name_field()
        for number in range(1, rules.SUGGESTIONS + 1):
            self.fields[f"suggestion_{number}"] = _text_field(_("Suggestion %(number)d") % {"number": number}, rules.SUGGESTION_LENGTH, 2)
        for number, question in enumerate(asked, 1):
            self.fields[f"answer_{number}"] = _text_field(question, rules.TEXT_LENGTH, 4)

    def suggestions(self) -> list[Any]:
        """The bound fields of suggestions."""
        return [self[name] for name in self.fields if name.startswith("suggestion_")]

    def answers(self) -> list[Any]:
        """The bound fields of answers to the questions asked."""
        return [self[name] for name in self.fields if name.startswith("answer_")]

    def said(self) -> Said:
        """What the actions want."""
        data = self.cleaned_data
        return Said(
            strengths=data["strengths"],
            open_questions=data["open_questions"],
            suggestions=[data[one.name] for one in self.suggestions()],
            answers=[data[one.name] for one in self.answers()],
            person_name=data.get("person_name", ""),
            version=data["version"],
        )

    @staticmethod
    def initial_from(review: Review | None, name: str) -> dict[str, Any]:
        """The form filled with what is written already."""
        if review is None:
            return {"version": 0, "person_name": name}
        texts = {f"suggestion_{number}": one.text for number, one in enumerate(review.suggestions.all(), 1)}
        answers = {f"answer_{number}": text for number, text in enumerate(queries.answers(review), 1)}
        plain = {column: getattr(review, column) for column in ("strengths", "open_questions", "version")}
        return plain | texts | answers | {"person_name": review.person_name or name}


def _text_field(label: str, length: int, rows: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, widget=forms.Textarea(attrs={"rows": rows, "class": "input"}))


def _name_field() -> forms.CharField:
    field = forms.CharField(label=_("Your name as it shall be shown"), max_length=NAME_LIMIT, widget=forms.TextInput({"class": "input"}))
    field.error_messages["required"] = _("This is needed.")
    return field


class ReplyForm(HouseForm):
    """What becomes of each suggestion, a reply to the questions, thanks."""

    reply = forms.CharField(
        label=gettext_lazy("Your answer to their questions"), required=False, max_length=rules.TEXT_LENGTH, widget=_area(4)
    )
    thanks = forms.CharField(label=gettext_lazy("Your thanks, in one sentence"), required=False, max_length=300)

    def __init__(self, *args: Any, suggestions: Iterable[Suggestion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.suggestions = list(suggestions)
        for one in self.suggestions:
            self.fields[f"verdict_{one.pk}"] = _verdict_field(one)
            self.fields[f"because_{one.pk}"] = _text_field(_("Because"), rules.BECAUSE_LENGTH, 2)

    def rows(self) -> list[tuple[Suggestion, Any, Any]]:
        """Each suggestion with its two bound fields."""
        return [(one, self[f"verdict_{one.pk}"], self[f"because_{one.pk}"]) for one in self.suggestions]

    def clean(self) -> dict[str, Any]:
        """Later and no need a reason; a reason needs an answer."""
        data = super().clean()
        for one in self.suggestions:
            verdict, because = data.get(f"verdict_{one.pk}", ""), data.get(f"because_{one.pk}", "")
            if rules.needs_reason(verdict) and not because:
                self.add_error(f"because_{one.pk}", _("Say why: a no with a reason helps, one without does not."))
            if because and not verdict:
                self.add_error(f"verdict_{one.pk}", _("Say what becomes of each suggestion."))
        return data

    def answers(self) -> dict[int, Answer]:
        """What the action wants."""
        data = self.cleaned_data
        return {one.pk: Answer(data[f"verdict_{one.pk}"], data[f"because_{one.pk}"]) for one in self.suggestions}

    @staticmethod
    def initial_from(review: Review, suggestions: Iterable[Suggestion]) -> dict[str, Any]:
        """The form filled with what was answered already."""
        filled: dict[str, Any] = {"reply": review.reply, "thanks": review.thanks}
        for one in suggestions:
            filled |= {f"verdict_{one.pk}": one.verdict, f"because_{one.pk}": one.because}
        return filled


def _verdict_field(one: Suggestion) -> forms.ChoiceField:
    open_still = [] if one.verdict else [("", _("Not decided yet"))]
    label = _("What becomes of it?")
    return forms.ChoiceField(label=label, choices=[*Verdict.choices, *open_still], widget=forms.RadioSelect, required=bool(one.verdict))
