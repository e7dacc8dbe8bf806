"""The shape of an argument, of other words for it, of an answer, and of a reason to hide one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.arguments import rules
from allmende.arguments.models import Side
from allmende.web.forms import HouseForm

_TOO_LONG = _("At most %(limit_value)d characters, please.")


def _words(rows: int = 4, most: int = rules.LONGEST) -> dict[str, Any]:
    return {
        "max_length": most,
        "widget": forms.Textarea(attrs={"rows": rows}),
        "error_messages": {"required": _("Please write something."), "max_length": _TOO_LONG},
    }


class ArgumentForm(HouseForm):
    """What speaks for or against a thing, or a question about it."""

    side = forms.ChoiceField(
        label=_("What is it"),
        choices=[(Side.FOR, _("It speaks in favour")), (Side.AGAINST, _("It speaks against")), (Side.QUESTION, _("A question"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )
    text = forms.CharField(
        label=_("In your words"), help_text=_("One argument at a time: then others can share exactly this one."), **_words()
    )
    use_required_attribute = False


class ChangeForm(HouseForm):
    """Other words for the same argument."""

    text = forms.CharField(label=_("In your words"), **_words())
    use_required_attribute = False


class AnswerForm(HouseForm):
    """The answer of the authors; nothing takes an answer away."""

    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        help_text=_("It stands under the question. Leave it empty to take an answer away."),
        **_words(5, rules.LONGEST_ANSWER),
    )
    use_required_attribute = False


class HideForm(HouseForm):
    """Why an argument is taken off the page."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=rules.LONGEST_REASON,
        help_text=_("Who wrote it reads this reason, and so does everybody who moderates here."),
        error_messages={"required": _("Please give the reason: who wrote it has a right to know.")},
    )
    use_required_attribute = False
