"""The shape of what people send here: notices, transfers, what came by paper, settlements."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.constitution.models import Statute
from allmende.leaving import queries, rules
from allmende.leaving.actions import Entered
from allmende.leaving.models import NOTICES, Reason, Scope
from allmende.members.models import Membership
from allmende.web.forms import Day, Euros, HouseForm

SCOPES = [(Scope.ALL, gettext_lazy("the whole membership")), (Scope.SINGLE, gettext_lazy("single shares"))]
MAX_NUMBER = 2**31 - 1


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _Ending(HouseForm):
    """What every notice says."""

    scope = forms.ChoiceField(label=gettext_lazy("What ends"), choices=SCOPES, widget=forms.RadioSelect)
    quantity = forms.IntegerField(
        label=gettext_lazy("How many shares"), required=False, min_value=1, max_value=MAX_NUMBER,
        help_text=gettext_lazy("Only for single shares."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    event_on = Day(
        label=gettext_lazy("Day of the event"), required=False,
        help_text=gettext_lazy("Of moving away, or the day on which the change of the statute was known."),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("Reasons in your words"), required=False, max_length=4_000, widget=_words())

    def clean(self) -> dict[str, Any]:
        """What belongs together."""
        data = super().clean()
        if data.get("scope") == Scope.SINGLE and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Say how many shares."))
        if data.get("scope") == Scope.ALL:
            data["quantity"] = None
        reason = data.get("reason")
        if reason in {Reason.MOVED, Reason.STATUTE_CHANGE}:
            if not data.get("event_on") and "event_on" not in self.errors:
                self.add_error("event_on", _("Say on which day it happened."))
            if data.get("scope") == Scope.SINGLE:
                self.add_error("reason", _("Single shares end by ordinary notice or in hardship."))
        else:
            data["event_on"] = None
        if reason == Reason.HARDSHIP and not data.get("words"):
            self.add_error("words", _("Say why staying longer cannot be expected of you."))
        return data


class Leave(_Ending):
    """A member's own notice. Only the reasons that the statute and the time as a member allow can be chosen."""

    def __init__(self, membership: Membership, statute: Statute, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        terms, today = queries.terms_of(statute), localdate()
        self.most = queries.most_to_give_up(membership, statute, today)
        reasons = [(Reason.NOTICE, _("ordinary notice, no reason needed"))]
        if rules.may_plead_hardship(today, terms, membership.joined_on):
            reasons.append((Reason.HARDSHIP, _("hardship: staying longer cannot be expected of me (§ 65 Abs. 3 GenG)")))
        if terms.is_tied_to_district:
            reasons.append((Reason.MOVED, _("I moved out of the district (§ 67 GenG)")))
        reasons.append((Reason.STATUTE_CHANGE, _("a change of the statute gives me a special right (§ 67a GenG)")))
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        self.fields["reason"].initial = Reason.NOTICE
        if not self.most:
            self.fields["scope"].choices = SCOPES[:1]  # type: ignore[attr-defined]
            self.fields["scope"].initial = Scope.ALL
            del self.fields["quantity"]
        else:
            self.fields["quantity"].help_text = _("Only for single shares: at most %(count)d.") % {"count": self.most}

    @property
    def wanted(self) -> queries.Wanted:
        """What the member wants; only of a form that is right."""
        data = self.cleaned_data
        return queries.Wanted(data["scope"], data.get("quantity"), data["reason"], data["event_on"], data["words"])


class _Number(HouseForm):
    """Which member is meant."""

    number = forms.IntegerField(label=gettext_lazy("Member number"), min_value=1, max_value=MAX_NUMBER)

    def __init__(self, cooperative_pk: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cooperative_pk = cooperative_pk
        self.membership: Membership | None = None

    def clean_number(self) -> int:
        """A member of this cooperative."""
        number: int = self.cleaned_data["number"]
        found = Membership.objects.filter(cooperative=self.cooperative_pk, number=number)
        self.membership = found.select_related("cooperative__organisation").first()
        if self.membership is None:
            raise forms.ValidationError(_("There is no member with this number."))
        return number


class _Paper(_Number):
    received_on = Day(label=gettext_lazy("Received on"))
    evidence = forms.CharField(
        label=gettext_lazy("Proof"), max_length=300, required=False,
        help_text=gettext_lazy("Which letter it is and where it lies: “letter of 12 March, file 4”."),
    )  # fmt: skip
    reason_of_all = ""

    @property
    def entered(self) -> Entered:
        """What came in; only of a form that is right."""
        data = self.cleaned_data
        return Entered(
            reason=data.get("reason") or self.reason_of_all,
            received_on=data["received_on"],
            scope=data.get("scope") or Scope.ALL,
            quantity=data.get("quantity"),
            event_on=data.get("event_on"),
            words=data.get("words") or "",
            hearing=data.get("hearing") or "",
            contact=data.get("contact") or "",
            evidence=data["evidence"],
        )


class PaperNotice(_Paper, _Ending):
    """A notice that came by letter."""

    field_order = ("number", "received_on", "scope", "quantity", "reason", "event_on", "words", "evidence")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = [(one.value, one.label) for one in NOTICES]  # type: ignore[attr-defined]
        self.fields["reason"].initial = Reason.NOTICE
        self.fields["scope"].initial = Scope.ALL
        self.fields["words"].label = _("Reasons, as the letter gives them")


class Exclude(_Paper):
    """The board excludes a member."""

    reason_of_all = Reason.EXCLUSION
    words = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=4_000, widget=_words(5),
        help_text=gettext_lazy("They stand in the letter. Name the reason of the statute and what happened."),
    )  # fmt: skip
    hearing = forms.CharField(
        label=gettext_lazy("Hearing"), max_length=4_000, widget=_words(),
        help_text=gettext_lazy("When and how the member was heard, and what they said."),
    )  # fmt: skip
    field_order = ("number", "received_on", "words", "hearing", "evidence")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["received_on"].label = _("Decided on")


class Death(_Paper):
    """A member has died."""

    reason_of_all = Reason.DEATH
    event_on = Day(label=gettext_lazy("Died on"))
    contact = forms.CharField(
        label=gettext_lazy("Contact of the heirs"), max_length=500, required=False, widget=_words(2),
        help_text=gettext_lazy("One name and address is enough; it is deleted after the settlement."),
    )  # fmt: skip
    field_order = ("number", "event_on", "received_on", "contact", "evidence")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["received_on"].label = _("Heard of on")


class Dissolution(_Paper):
    """A member that is an organisation has ended."""

    reason_of_all = Reason.DISSOLUTION
    event_on = Day(label=gettext_lazy("Ended on"))
    field_order = ("number", "event_on", "received_on", "evidence")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["received_on"].label = _("Heard of on")


PAPERS: dict[str, type[_Paper]] = {
    "notice": PaperNotice,
    Reason.EXCLUSION: Exclude,
    Reason.DEATH: Death,
    Reason.DISSOLUTION: Dissolution,
}


class Confirm(HouseForm):
    """The board confirms an exit."""

    as_notice = forms.BooleanField(label=gettext_lazy("The special reason is not accepted: count it as an ordinary notice"), required=False)


class ConfirmExclusion(HouseForm):
    """The letter is out."""

    dispatched_on = Day(
        label=gettext_lazy("Letter sent on"),
        help_text=gettext_lazy("From this day on the member has no vote, takes part in no assembly and holds no office (§ 68 GenG)."),
    )  # fmt: skip


class Why(HouseForm):
    """A sentence that the other side reads."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("The member reads it."))


class Settle(HouseForm):
    """What the board knows when it settles the exits of a fiscal year end."""

    accounts_on = Day(label=gettext_lazy("Annual accounts approved on"), help_text=gettext_lazy("By the general assembly (§ 48 GenG)."))
    loss = Euros(
        label=gettext_lazy("Uncovered loss of the year in euros"), required=False, empty_is_zero=True,
        help_text=gettext_lazy(
            "What the reserves do not cover. It is shared out among all members by their capital; here only the share of those who leave "
            "is taken."
        ),
    )  # fmt: skip


class Dissolved(HouseForm):
    """§ 75: the cooperative is dissolved."""

    dissolved_on = Day(label=gettext_lazy("Dissolved on"))
    resolution = forms.CharField(label=gettext_lazy("Resolution"), max_length=200)
    is_sure = forms.BooleanField(label=gettext_lazy("The exits named above are undone"))


class _Giving(HouseForm):
    quantity = forms.IntegerField(label=gettext_lazy("How many shares"), min_value=1, max_value=MAX_NUMBER)
    taker_number = forms.IntegerField(
        label=gettext_lazy("Member number of who takes them"), min_value=1, max_value=MAX_NUMBER, required=False,
        help_text=gettext_lazy("Ask the person for it. Leave it empty if they are not a member yet."),
    )  # fmt: skip
    taker_name = forms.CharField(
        label=gettext_lazy("Family name, or name of the organisation"), max_length=250,
        help_text=gettext_lazy("As it stands in the list of members."),
    )  # fmt: skip


class Transferring(_Giving):
    """A member wants to transfer shares."""


class PaperTransfer(_Number, _Giving):
    """A transfer both sides have declared on paper."""

    declared_on = Day(label=gettext_lazy("Declared on"))
    evidence = forms.CharField(label=gettext_lazy("Proof"), max_length=300, help_text=gettext_lazy("Which letter it is and where it lies."))
    field_order = ("number", "quantity", "taker_number", "taker_name", "declared_on", "evidence")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].label = _("Member number of who gives them")
        self.fields["taker_number"].help_text = _("Empty if they are not a member yet.")


class Taker(HouseForm):
    """Who took the shares over by paper."""

    taker_number = forms.IntegerField(
        label=gettext_lazy("Member number of who takes them"), min_value=1, max_value=MAX_NUMBER, required=False
    )
    taken_on = Day(label=gettext_lazy("Declared on"))
    evidence = forms.CharField(label=gettext_lazy("Proof"), max_length=300, help_text=gettext_lazy("Which letter it is and where it lies."))


class Agree(HouseForm):
    """The board agrees to a transfer."""

    effective_on = Day(label=gettext_lazy("Counts from"))
