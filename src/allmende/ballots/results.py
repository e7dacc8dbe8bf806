"""A result as people read it: sentences, bars, tables. From the stored count alone, so that it says the same for good."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from allmende.ballots import rules, wording
from allmende.ballots.counting.classes import INVESTING
from allmende.ballots.models import Ballot
from allmende.ground.money import euros

COLOURS = {
    "yes": "c-ja",
    "no": "c-nein",
    "abstain": "c-enth",
    "consent": "c-ja",
    "concern": "c-2",
    "objection": "c-nein",
    "aside": "c-enth",
}


@dataclass(frozen=True)
class Bar:
    """One bar: how long in percent, in which colour, what stands beside it, whether it was chosen."""

    label: str
    value: str
    width: str
    css: str = "fil"
    is_chosen: bool = False


@dataclass(frozen=True)
class Table:
    """The same as numbers."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass
class Shown:
    """Everything a page says of a result."""

    sentences: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    reasons: list[tuple[str, list[str]]] = field(default_factory=list)


def number(text: Any) -> str:
    """A fraction as it is read: whole, or with two places, marked when it is rounded."""
    value = Fraction(str(text))
    if value.denominator == 1:
        return str(value.numerator)
    return number_format(round(float(value), 2), 2)


def _bars(labels: Sequence[str], values: Sequence[Any], css: Sequence[str] | None = None, chosen: Sequence[int] = ()) -> list[Bar]:
    numbers = [Fraction(str(value or 0)) for value in values]
    most = max(numbers, default=Fraction(0)) or Fraction(1)
    return [
        Bar(
            label, number(value), f"{float(value / most) * 100:.2f}%", css[at] if css else ("c-ja" if at in chosen else "c-1"), at in chosen
        )
        for at, (label, value) in enumerate(zip(labels, numbers, strict=True))
    ]


def shown(ballot: Ballot, result: dict[str, Any]) -> Shown:
    """The words, bars and tables of a result."""
    counted, method = result["counted"], ballot.rule["method"]
    made = Shown(sentences=[_turnout(result["turnout"])])
    if method == rules.MAJORITY:
        _majority(made, counted)
    elif method == rules.CONSENT:
        _consent(made, counted)
    elif method == rules.BUDGET:
        _budget(made, ballot, counted)
    else:
        _chosen(made, ballot, counted, [one.label for one in ballot.options.all()])
    made.sentences += _apart(counted, [one.label for one in ballot.options.all()] if counted.get("investing") else [])
    if counted.get("cap") and ballot.rule.get("tenth"):
        words = _("Nobody counted with more than %(n)d votes: a tenth of those that took part (§ 43 III Nr. 2 GenG).")
        made.sentences.append(words % {"n": counted["cap"]})
    if result.get("hidden"):
        made.sentences.append(
            _(
                "Votes and groups do not stand on the published papers, because fewer than five people share them. "
                "Everybody finds the own paper there; the count with votes and groups cannot be made again from the file."
            )
        )
    if result.get("lot") and _lot_was_needed(counted.get("ties")):
        made.sentences.append(_("There was a tie. It was broken by the lot with the seed %(seed)s.") % {"seed": result["lot"]["seed"]})
    return made


def _lot_was_needed(ties: Any) -> bool:
    broken = ties.get("broken", []) if isinstance(ties, dict) else ties or []
    return any("lot" in (one.get("how"), one.get("by")) for one in broken)


def _turnout(turnout: dict[str, Any]) -> str:
    said = _("%(papers)d of %(voters)d took part.") % {"papers": turnout["papers"], "voters": turnout["voters"]}
    if Fraction(turnout["needed"]):
        reached = _("The quorum was reached.") if turnout["reached"] else _("The quorum of %(n)s was not reached.")
        said += " " + (reached % {"n": number(turnout["needed"])} if not turnout["reached"] else reached)
    return said


def _majority(made: Shown, counted: dict[str, Any]) -> None:
    keys = (rules.YES, rules.NO, rules.ABSTAIN)
    made.bars = _bars([str(wording.ANSWERS[key]) for key in keys], [counted[key] for key in keys], [COLOURS[key] for key in keys])
    facts = {name: number(counted[name]) for name in ("yes", "base", "needed")}
    words = _("%(yes)s yes of %(base)s counted votes; more than %(needed)s were needed.")
    if not counted["strict"]:
        words = _("%(yes)s yes of %(base)s counted votes; at least %(needed)s were needed.")
    made.sentences.append(words % facts)
    if counted["without"]:
        yes, base = number(counted["without"]["yes"]), number(counted["without"]["base"])
        words = _("Without investing members: %(yes)s yes of %(base)s. Where the two differ, the others decide (§ 8 II GenG).")
        made.sentences.append(words % {"yes": yes, "base": base})
    if counted.get("without_hidden"):
        made.sentences.append(
            _(
                "It was counted without investing members, too, and the others decide where that differs (§ 8 II GenG). "
                "The numbers are not shown: so few took part that they would tell how somebody voted."
            )
        )
    if counted.get("decided_by") == "without":
        made.sentences.append(_("Here it differs: the members who do not only invest have decided."))
    if counted.get("failing_few"):
        made.sentences.append(_("A group in which fewer than five voted has no majority of its own; it is not named."))
    if counted["failing"]:
        names = ", ".join(class_name(one) for one in counted["failing"])
        made.sentences.append(_("No majority of their own: %(names)s.") % {"names": names})
    if counted["classes"]:
        rows = [[" + ".join(class_name(name) for name in one["classes"]), *(str(one[key]) for key in keys)] for one in counted["classes"]]
        head = [_("Group"), *(str(wording.ANSWERS[key]) for key in keys)]
        made.tables.append(Table(_("By group (small ones together)"), head, rows))


def _apart(counted: dict[str, Any], labels: list[str]) -> list[str]:
    """What ways of counting without classes came to with and without investing members."""
    both = counted.get("investing")
    if not both:
        return []
    if both["without"] is None:
        return [_("Only investing members took part. They cannot decide alone (§ 8 II GenG).")]
    if not both["differs"]:
        return [_("Counted with and without investing members: the same (§ 8 II GenG).")]
    words = _("Counted without investing members, for with them it would be different (§ 8 II GenG): %(what)s")
    chosen = both["with"].get("elected") or both["with"].get("selected") or []
    named = ", ".join(labels[at] for at in chosen if isinstance(at, int) and at < len(labels))
    return [words % {"what": named or wording.outcome_in_words(both["with"]["outcome"])}]


def class_name(name: str) -> str:
    """How a group of voters is called."""
    return _("investing members") if name == INVESTING else name or _("without a group")


def _consent(made: Shown, counted: dict[str, Any]) -> None:
    answers = counted["answers"]
    keys = list(rules.CONSENTS)
    made.bars = _bars([str(wording.ANSWERS[key]) for key in keys], [answers[key] for key in keys], [COLOURS[key] for key in keys])
    for title, key in ((_("Objections"), "objections"), (_("Concerns"), "concerns")):
        if counted[key]:
            made.reasons.append((title, list(counted[key])))


def _values(method: str, counted: dict[str, Any]) -> tuple[str, list[Any]] | None:
    known = {rules.APPROVAL: (_("Approvals"), "approvals"), rules.SCORE: (_("Points"), "sums"), rules.DOTS: (_("Dots"), "totals")}
    if method in known:
        title, key = known[method]
        return title, counted[key]
    return None


def _chosen(made: Shown, ballot: Ballot, counted: dict[str, Any], labels: list[str]) -> None:
    method, elected = ballot.rule["method"], list(counted.get("elected") or [])
    made.chosen = [labels[at] for at in elected]
    values = _values(method, counted)
    if values:
        made.bars = _bars(labels, values[1], chosen=elected)
        made.tables.append(Table(values[0], [_("Option"), values[0]], [[bar.label, bar.value] for bar in made.bars]))
    elif method == rules.IRV:
        made.tables.append(_rounds(counted["rounds"], labels))
        last = counted["rounds"][-1]["votes"] if counted["rounds"] else []
        made.bars = _bars(labels, [vote or 0 for vote in last], chosen=elected) if last else []
    elif method == rules.STV:
        made.sentences.append(_("The quota was %(quota)s.") % {"quota": counted["quota"]})
        made.tables.append(_stages(counted["stages"], labels))
        first = counted["stages"][0]["votes"] if counted["stages"] else []
        made.bars = _bars(labels, first, chosen=elected) if first else []
    elif method == rules.SCHULZE:
        rows = [
            [label, *("–" if at == to else str(count) for to, count in enumerate(counted["pairs"][at]))] for at, label in enumerate(labels)
        ]
        made.tables.append(Table(_("How many prefer the row to the column"), ["", *labels], rows))
    elif method == rules.COMMITTEE:
        _committee(made, counted, labels)
    if tie := counted.get("tie"):
        names = ", ".join(labels[at] for at in tie["between"])
        made.sentences.append(_("A tie was left open between: %(names)s.") % {"names": names})


def _committee(made: Shown, counted: dict[str, Any], labels: list[str]) -> None:
    if counted["elected"] is None:
        for members in counted["committees"][:5]:
            made.sentences.append(_("Equally good: %(names)s.") % {"names": ", ".join(labels[at] for at in members)})
    steps = [one for one in counted["stages"] if one.get("taken") is not None]
    rows = [[str(at), labels[one["taken"]]] for at, one in enumerate(steps, 1) if isinstance(one["taken"], int)]
    if rows:
        made.tables.append(Table(_("Seats in the order in which they were filled"), [_("Step"), _("Name")], rows))


def _rounds(rounds: Sequence[dict[str, Any]], labels: list[str]) -> Table:
    head = [_("Option"), *(_("Round %(n)d") % {"n": one["round"]} for one in rounds)]
    rows = [[label, *("–" if one["votes"][at] is None else str(one["votes"][at]) for one in rounds)] for at, label in enumerate(labels)]
    rows.append([_("Exhausted"), *(str(one["exhausted"]) for one in rounds)])
    return Table(_("Round by round"), head, rows)


def _stages(stages: Sequence[dict[str, Any]], labels: list[str]) -> Table:
    head = [_("Name"), *(_("Stage %(n)d") % {"n": one["stage"] + 1} for one in stages)]
    rows = [[label, *(_stage_cell(one, at) for one in stages)] for at, label in enumerate(labels)]
    rows.append([_("Not transferable"), *(one["non_transferable"] for one in stages)])
    return Table(_("Stage by stage"), head, rows)


def _stage_cell(stage: dict[str, Any], at: int) -> str:
    word = " ✓" if at in stage["elected"] else ""
    return f"{stage['votes'][at]}{word}"


def _budget(made: Shown, ballot: Ballot, counted: dict[str, Any]) -> None:
    options = list(ballot.options.all())
    selected = set(counted["selected"])
    made.chosen = [options[at].label for at in counted["selected"]]
    spent, left = (Fraction(counted[key]) for key in ("spent", "left"))
    made.sentences.append(_("%(spent)s are spent, %(left)s stay.") % {"spent": euros(int(spent)), "left": euros(int(left))})
    lines = counted["projects"]
    made.bars = _bars([one.label for one in options], [line["votes"] for line in lines], chosen=sorted(selected))
    rows = [
        [one.label, euros(one.cost_cents or 0), str(line["votes"]), _paid(line) if at in selected else "–"]
        for at, (one, line) in enumerate(zip(options, lines, strict=True))
    ]
    made.tables.append(Table(_("Projects"), [_("Project"), _("Cost"), _("Supporters"), _("What supporters paid")], rows))


def _paid(line: dict[str, Any]) -> str:
    payments = [(one["voters"], euros(round(Fraction(one["amount"])))) for one in line.get("payments", [])]
    return "; ".join(_("%(n)d × about %(sum)s") % {"n": voters, "sum": amount} for voters, amount in payments[:4]) or "–"
