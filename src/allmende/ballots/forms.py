"""The shapes of what is entered while a ballot is prepared, and of the reasons the board gives."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.ballots import rules, wording
from allmende.ballots.models import Ballot, Box, Visibility
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.electorates import queries as electorates
from allmende.electorates.rolls import circles_of, law_on
from allmende.electorates.rules import MOST_PLACE, most_votes, problems
from allmende.networks.models import Measure
from allmende.web.forms import Day, Euros, HouseForm, require_near

SPARE = 3
OF_VOTES = ("scale", "measure", "table", "place")
SHARES = [
    ("1/2", _("more than half")),
    ("2/3", _("two thirds")),
    ("3/4", _("three quarters")),
    ("9/10", _("nine tenths")),
    ("1", _("all")),
]
QUORUMS = [
    ("0", _("no quorum")),
    ("1/10", _("a tenth of those on the roll")),
    ("1/4", _("a quarter")),
    ("1/3", _("a third")),
    ("1/2", _("half")),
    ("2/3", _("two thirds")),
    ("3/4", _("three quarters")),
]


class Moment(forms.DateTimeField):
    """A day and a time of the house's clock, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"], **options
        )

    def to_python(self, value: Any) -> Any:
        """A moment of our times; looked at before it is turned into the clock of the world, which knows no year 0."""
        found = super().to_python(value)
        if found is not None:
            require_near(found)
        return found


class AboutForm(HouseForm):
    """Step 1: what is asked, and how it is decided."""

    title = forms.CharField(label=_("Title"), help_text=_("As it stands in lists."), max_length=200)
    question = forms.CharField(label=_("Question"), help_text=_("One sentence that can be answered."), max_length=300)
    description = forms.CharField(
        label=_("What it is about"),
        help_text=_("Reasons, costs, what follows. Paragraphs, lists and links as in mails."),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    method = forms.ChoiceField(label=_("Way of deciding"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["method"]
        field.choices = [(key, f"{wording.METHODS[key]}: {wording.PURPOSES[key]}") for key in rules.METHODS]


class OptionsForm(HouseForm):
    """Step 2: what can be chosen. A few rows are spare; who needs more saves and finds further ones."""

    def __init__(self, *args: Any, ballot: Ballot, **options: Any) -> None:
        known = list(ballot.options.all())
        first: dict[str, Any] = {}
        for at, one in enumerate(known):
            first |= {f"label{at}": one.label, f"text{at}": one.text, f"cost{at}": one.cost_cents}
        self.count = min(len(known) + SPARE, rules.MOST_OPTIONS)
        self.has_costs = ballot.rule["method"] == rules.BUDGET
        super().__init__(*args, initial=first, **options)
        for at in range(self.count):
            self._row(at)

    def _row(self, at: int) -> None:
        number = {"n": at + 1}
        self.fields[f"label{at}"] = forms.CharField(label=gettext("Option %(n)d") % number, max_length=200, required=False)
        self.fields[f"label{at}"].is_expected = at < 2  # type: ignore[attr-defined]  # a ballot needs two, but not at the first saving
        self.fields[f"text{at}"] = forms.CharField(label=gettext("Details of option %(n)d") % number, max_length=4_000, required=False)
        if self.has_costs:
            self.fields[f"cost{at}"] = Euros(label=gettext("Cost of option %(n)d") % number, required=False)
        for name in (f"label{at}", f"text{at}", f"cost{at}"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "input"

    def chosen(self) -> list[dict[str, Any]]:
        """The options with a name, in their order."""
        data = self.cleaned_data
        rows = [
            {"label": data.get(f"label{at}", ""), "text": data.get(f"text{at}", ""), "cost_cents": data.get(f"cost{at}")}
            for at in range(self.count)
        ]
        return [row for row in rows if row["label"]]


class RuleForm(HouseForm):
    """Step 3: the rule, with the fields the way of deciding knows."""

    matter = forms.ChoiceField(
        label=_("What kind of decision?"),
        choices=[
            ("ordinary", _("an ordinary one")),
            ("statute", _("a change of the statute (§ 16 II GenG)")),
            ("duties", _("new duties for members (§ 16 III GenG)")),
        ],
    )
    threshold = forms.ChoiceField(label=_("Majority"), choices=SHARES)
    base = forms.ChoiceField(
        label=_("Compared with"),
        choices=[
            ("cast", _("votes cast: yes and no")),
            ("present", _("everybody who takes part, abstentions too")),
            ("all", _("everybody on the roll")),
        ],
    )
    classes = forms.BooleanField(label=_("Every stakeholder group has to reach this majority, too"), required=False)
    seats = forms.IntegerField(label=_("How many are chosen?"), min_value=1, max_value=rules.MOST_OPTIONS)
    highest = forms.IntegerField(label=_("Highest number of points"), min_value=1, max_value=rules.MOST_GRADE)
    dots = forms.IntegerField(label=_("Dots for everybody"), min_value=1, max_value=rules.MOST_DOTS)
    most = forms.IntegerField(label=_("Most dots for one option"), min_value=1, max_value=rules.MOST_DOTS)
    way = forms.ChoiceField(
        label=_("How the seats are filled"), choices=[("pav", _("sequential PAV")), ("mes", _("Method of Equal Shares"))]
    )
    budget = Euros(label=_("Money to be spent"))
    quorum = forms.ChoiceField(label=_("Quorum"), choices=QUORUMS)
    ties = forms.ChoiceField(
        label=_("In a tie"),
        choices=[("open", _("nothing is decided; the tie is stated")), ("lot", _("a lot that everybody can draw again"))],
    )

    def __init__(self, *args: Any, ballot: Ballot, **options: Any) -> None:
        rule = ballot.rule
        scale = rule.get("scale") or [0, 5]
        self.method = str(rule["method"])
        super().__init__(*args, initial={**rule, "highest": scale[1]}, **options)
        known = self._known()
        for name in [name for name in self.fields if name not in known]:
            del self.fields[name]

    def _known(self) -> set[str]:
        method = self.method
        by_method = {
            rules.MAJORITY: {"matter", "threshold", "base", "classes"},
            rules.SCORE: {"highest"},
            rules.DOTS: {"dots", "most"},
            rules.COMMITTEE: {"way"},
            rules.BUDGET: {"budget"},
        }
        known = {"quorum"} | by_method.get(method, set())
        known |= {"seats"} if method in rules.SEATED else set()
        return known | ({"ties"} if method not in rules.ANSWERED else set())

    def rule(self) -> dict[str, Any]:
        """As the action takes it."""
        made = {key: value for key, value in self.cleaned_data.items() if key != "highest"}
        if "highest" in self.cleaned_data:
            made["scale"] = [0, self.cleaned_data["highest"]]
        return made | {"method": self.method}


class RollForm(HouseForm):
    """Step 4: who votes, as of which day."""

    kind = forms.ChoiceField(
        label=_("Who votes?"),
        widget=forms.RadioSelect,
        choices=[
            ("everybody", _("all members")),
            ("groups", _("some stakeholder groups")),
            ("representatives", _("members that are organisations")),
            ("list", _("these member numbers")),
            ("offices", _("who holds an office")),
            ("circle", _("a working group")),
        ],
    )
    groups = forms.MultipleChoiceField(label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple)
    offices = forms.MultipleChoiceField(label=_("Offices"), required=False, widget=forms.CheckboxSelectMultiple, choices=OfficeKind.choices)
    circle = forms.ChoiceField(label=_("Working group"), required=False)
    members = forms.CharField(label=_("Member numbers"), help_text=_("Separated by commas."), max_length=20_000, required=False)
    barred = forms.CharField(
        label=_("Does not vote in this matter"),
        help_text=_("Member numbers of those it is about: discharge, release, a claim against them (§ 43 VI GenG)."),
        max_length=2_000,
        required=False,
    )
    scale = forms.ChoiceField(
        label=_("Votes"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            ("", _("one vote each")),
            ("groups", _("more votes for some groups, by the statute")),
            ("members", _("more votes for some members, by the statute")),
            ("size", _("by the size members declared, by the statute")),
        ],
    )
    measure = forms.ChoiceField(label=_("Size is measured by"), choices=Measure.choices, required=False)
    table = forms.CharField(
        label=_("Who has how many votes"),
        help_text=_(
            "One line each, votes after a colon. Groups: name of the group: 2. Members: member number: 3. Sizes: up to which size: votes, "
            "and in the last line “more: 5”. Whoever is not named has one vote. Nobody gets more than statute and law allow (§ 43 GenG)."
        ),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.CharField(label=_("Where the statute says so"), help_text=_("For example: § 30."), max_length=MOST_PLACE, required=False)
    without_investing = forms.BooleanField(
        label=_("Without investing members"),
        help_text=_(
            "They may never outvote the others (§ 8 II GenG). With this tick they have no vote here. Without it, it is counted with and "
            "without them, and where that differs, the others decide."
        ),
        required=False,
    )
    day = Day(label=_("Members as of"))

    def __init__(self, *args: Any, cooperative: Cooperative, basis: dict[str, Any], day: Any, **options: Any) -> None:
        self.old = basis
        groups = electorates.group_choices(cooperative, localdate())
        self.called = {name.casefold(): key for key, name in groups}
        first = {**basis, "day": day, "members": _numbers(basis.get("members")), "barred": _numbers(basis.get("barred"))}
        super().__init__(*args, initial=first | _said_of_votes(basis.get("votes") or {}, dict(groups)), **options)
        law = law_on(cooperative, day)
        if not law.investing_vote:
            del self.fields["without_investing"]  # by the statute they have no vote anyway
        if most_votes(law) == 1:  # one member, one vote
            for name in OF_VOTES:
                del self.fields[name]
        self._offer("groups", groups)
        self._offer("circle", circles_of(cooperative))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What there is none of is not offered."""
        field: Any = self.fields[name]
        field.choices = choices
        if not choices:
            del self.fields[name]
            kind: Any = self.fields["kind"]
            kind.choices = [one for one in kind.choices if one[0] != name]

    def clean_members(self) -> list[int]:
        """Numbers."""
        return _read_numbers(self.cleaned_data["members"])

    def clean_barred(self) -> list[int]:
        """Numbers."""
        return _read_numbers(self.cleaned_data["barred"])

    def clean(self) -> dict[str, Any]:
        """What was chosen needs its names."""
        data = super().clean()
        kind = data.get("kind", "")
        if kind in {"groups", "offices", "circle", "list"} and not data.get("members" if kind == "list" else kind):
            self.add_error("members" if kind == "list" else kind, gettext("Say which ones."))
        self.votes: dict[str, Any] = {}
        if data.get("scale"):
            self._read_votes(data)
        return data

    def _read_votes(self, data: dict[str, Any]) -> None:
        """The table as the roll takes it; each line that is none is named."""
        by, place = data["scale"], (data.get("place") or "").strip()
        if not place:
            self.add_error("place", gettext("More than one vote needs a place in the statute."))
        try:
            found = read_votes(by, data.get("table") or "", self.called)
        except forms.ValidationError as fault:
            self.add_error("table", fault)
            return
        self.votes = {"by": by, "place": place, **found} | ({"measure": data["measure"]} if by == "size" else {})
        if place and problems({"kind": "everybody", "votes": self.votes}):
            self.add_error(
                "table", gettext("Sizes rise from line to line, and the last line says how many votes there are above: “more: 5”.")
            )

    def basis(self) -> dict[str, Any]:
        """As the roll takes it; a scale of votes stays as it was where the form does not ask for it."""
        data = self.cleaned_data
        kind = data["kind"]
        made: dict[str, Any] = {"kind": kind}
        if kind in {"groups", "offices", "circle"}:
            made[kind] = data[kind]
        if kind == "list":
            made["members"] = data["members"]
        if data["barred"]:
            made["barred"] = data["barred"]
        if "without_investing" in data or "without_investing" in self.old:
            made["without_investing"] = data.get("without_investing", self.old.get("without_investing"))
        votes = self.votes if "scale" in self.fields else self.old.get("votes")
        return made | ({"votes": votes} if votes else {})


def read_votes(by: str, text: str, called: dict[str, str]) -> dict[str, Any]:
    """The lines of a table of votes; `called` gives keys to names of groups in small letters. ValidationError with the line at fault."""
    rows: list[tuple[str, int]] = []
    for line in (one.strip() for one in text.splitlines() if one.strip()):
        what, _colon, votes = (part.strip() for part in line.rpartition(":"))
        is_known = what.casefold() in called if by == "groups" else _is_number(what) if by == "members" else bool(what)
        if not is_known or not _is_number(votes):
            raise forms.ValidationError(gettext("This line is not understood: %(line)s") % {"line": line[:80]})
        rows.append((what, int(votes)))
    if not rows:
        raise forms.ValidationError(gettext("Say who has how many votes."))
    if by == "size":
        return {"steps": [[int(what) if _is_number(what, 12) else None, votes] for what, votes in rows]}
    return {by: {called[what.casefold()] if by == "groups" else str(int(what)): votes for what, votes in rows}}


def _is_number(word: str, digits: int = 9) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= digits


def _said_of_votes(votes: dict[str, Any], groups: dict[str, str]) -> dict[str, Any]:
    """A scale as it stands in the form."""
    by = votes.get("by", "")
    rows = votes.get("steps", []) if by == "size" else list(votes.get(by, {}).items())
    lines = (f"{gettext('more') if what is None else groups.get(what, what)}: {number}" for what, number in rows)
    return {"scale": by, "place": votes.get("place", ""), "measure": votes.get("measure", ""), "table": "\n".join(lines)}


def _numbers(numbers: Any) -> str:
    return ", ".join(str(one) for one in numbers or [])


def _read_numbers(text: str) -> list[int]:
    words = text.replace(";", ",").replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and 0 < int(word[:10]) < 2**31 and len(word) <= 10 for word in words):
        raise forms.ValidationError(gettext("Member numbers are whole numbers, separated by commas."))
    return sorted({int(word) for word in words})


class WindowForm(HouseForm):
    """Step 5: from when until when, into which box, who reads it."""

    opens_at = Moment(label=_("Voting begins"), help_text=_("Empty: when it is opened."), required=False)
    closes_at = Moment(label=_("Voting ends"), help_text=_("To the second, by the clock of the house."))
    box = forms.ChoiceField(label=_("Ballot box"), choices=Box.choices, widget=forms.RadioSelect)
    visibility = forms.ChoiceField(label=_("Who reads question and result?"), choices=Visibility.choices)
    shows_interim = forms.BooleanField(
        label=_("Show the state of the count while voting goes on"),
        help_text=_("Only in an open box. Without it only the number of those who took part is shown."),
        required=False,
    )

    def clean_closes_at(self) -> Any:
        """An end that has not come."""
        moment = self.cleaned_data["closes_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(gettext("This moment has passed. Choose a later one."))
        return moment


class ReasonForm(HouseForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), help_text=_("Everybody who sees the ballot reads it."), max_length=500)


class ProlongForm(ReasonForm):
    """Until when, and why."""

    closes_at = Moment(label=_("New end"))
    field_order = ("closes_at", "reason")


def first_end() -> Any:
    """A usual end: in two weeks, at six in the evening."""
    return (timezone.localtime() + timedelta(days=14)).replace(hour=18, minute=0, second=0, microsecond=0)
