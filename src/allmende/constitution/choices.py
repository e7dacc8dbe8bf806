"""All that a statute settles, as the assistant asks for it: in which step, in two sentences what it means, where the law speaks of it.

The names are those of the columns of `Statute`; labels are theirs. Limits stand in `rules`, sentences about faults in `wording`.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Statute

Kind = Literal["euros", "count", "months", "month", "days", "percent", "yes", "choice", "day", "line", "text"]


@dataclass(frozen=True)
class Choice:
    """One number of a statute: its column, how it is typed, the paragraph, what it means in two sentences."""

    name: str
    kind: Kind
    paragraph: str
    means: str | Promise
    is_needed: bool = True


@dataclass(frozen=True)
class Step:
    """A page of the assistant with what belongs together."""

    key: str
    title: str | Promise
    lead: str | Promise
    choices: tuple[Choice, ...]


SHARES = Step(
    "anteile",
    _("Shares and payment"),
    _("What a member takes over and pays in, and what the cooperative can rely on."),
    (
        Choice(
            "share_cents",
            "euros",
            "§ 7a GenG",
            _(
                "Every share has the same amount, and every member holds at least one. A low amount opens the door, a "
                "high one brings capital."
            ),
        ),
        Choice(
            "mandatory_shares",
            "count",
            "§ 7a Abs. 2 GenG",
            _("So many shares everybody takes over when joining. Leave it at one unless the statute asks for more."),
        ),
        Choice(
            "max_shares",
            "count",
            "§ 7a Abs. 1 GenG",
            _("More shares than this nobody can hold. Leave it empty where the statute sets no limit."),
            is_needed=False,
        ),
        Choice(
            "paid_in_cents",
            "euros",
            "§ 7 Nr. 1 GenG",
            _("This much of each share is paid when joining. By law it is at least a tenth of the share, and at most all of it."),
        ),
        Choice(
            "instalment_cents",
            "euros",
            "§§ 7, 50 GenG",
            _(
                "The rest of each share is paid in instalments of this amount. Leave it at 0 where everything is paid "
                "at once or the assembly calls for the rest."
            ),
            is_needed=False,
        ),
        Choice(
            "instalment_months",
            "months",
            "§ 50 GenG",
            _("So many months lie between two instalments. 1 means every month, 12 once a year."),
        ),
        Choice(
            "entry_fee_cents",
            "euros",
            "§ 7 GenG",
            _("A fee paid once when joining and not paid back. It is no part of the share and does not count as capital."),
            is_needed=False,
        ),
        Choice(
            "minimum_capital_cents",
            "euros",
            "§ 8a GenG",
            _(
                "The capital of all members may not fall below this amount by payouts. If it would, settlements wait; "
                "leave it at 0 without such a rule."
            ),
            is_needed=False,
        ),
        Choice(
            "minimum_capital_permille",
            "percent",
            "§ 8a GenG",
            _("The same limit as a part of the capital at the end of the last fiscal year. Choose the amount or the part, not both."),
            is_needed=False,
        ),
        Choice(
            "liability",
            "choice",
            "§ 6 Nr. 3 GenG",
            _("Says whether members pay more than their shares should the cooperative become insolvent. Most statutes exclude it."),
        ),
        Choice(
            "liability_cents",
            "euros",
            "§ 119 GenG",
            _("Only with limited liability: up to this amount a member pays for each share. It is never lower than the share itself."),
            is_needed=False,
        ),
    ),
)
TIME = Step(
    "fristen",
    _("Time"),
    _("Fiscal year, notice, payout and invitations: every date of this house is counted by these numbers."),
    (
        Choice(
            "fiscal_month",
            "month",
            "§ 65 GenG",
            _("The fiscal year ends with the last day of this month. Members leave only at the end of a fiscal year."),
        ),
        Choice(
            "is_mostly_entrepreneurs",
            "yes",
            "§ 65 Abs. 2 GenG",
            _(
                "Tick this if more than three quarters of the members are entrepreneurs and joined as such. Then the "
                "law allows longer notice and more votes."
            ),
            is_needed=False,
        ),
        Choice(
            "notice_months",
            "months",
            "§ 65 Abs. 2 GenG",
            _(
                "So long before the end of a fiscal year notice must come in. By law at least 3 months and at most 60; "
                "up to 120 among entrepreneurs."
            ),
        ),
        Choice(
            "payout_months",
            "months",
            "§ 73 Abs. 2 GenG",
            _("So many months after leaving the capital is paid back. The law says 6; another time must stand in the statute."),
        ),
        Choice(
            "convocation_days",
            "days",
            "§ 46 Abs. 1 GenG",
            _("So many full days lie between the invitation and the general assembly. By law at least 14."),
        ),
        Choice(
            "agenda_days",
            "days",
            "§ 46 Abs. 2 GenG",
            _(
                "So many days before the assembly the last items are announced. By law at least 7; later ones can be "
                "discussed and not decided."
            ),
        ),
    ),
)
FORM = Step(
    "form",
    _("Form"),
    _("Whether an e-mail or a form on a page is enough, or paper with a signature is needed."),
    (
        Choice(
            "joining_form",
            "choice",
            "§ 15 Abs. 1 GenG",
            _(
                "Since 2025 text form is enough for joining: a form on this page, an e-mail. Choose “in writing” only "
                "if your statute says so."
            ),
        ),
        Choice(
            "exit_form",
            "choice",
            "§ 65 Abs. 2 GenG",
            _("Text form is enough for giving notice. Choose “in writing” only if your statute says so."),
        ),
        Choice(
            "proxy_form",
            "choice",
            "§ 43 Abs. 5 GenG",
            _("Text form is enough to let somebody else vote. Choose “in writing” only if your statute says so."),
        ),
        Choice(
            "text_form_since",
            "day",
            "§ 177 GenG",
            _(
                "Does the statute still say “in writing”, the board may allow text form until 31 December 2029, with "
                "the consent of the supervisory board. Give the day of that resolution."
            ),
            is_needed=False,
        ),
        Choice(
            "text_form_evidence",
            "line",
            "§ 177 GenG",
            _("Which resolution was it, and where does it lie? Auditors ask for it."),
            is_needed=False,
        ),
    ),
)
PEOPLE = Step(
    "menschen",
    _("People"),
    _("Who can be a member, who leads, and when somebody has to go."),
    (
        Choice(
            "has_investing",
            "yes",
            "§ 8 Abs. 2 GenG",
            _(
                "Investing members give capital and do not use the cooperative. They exist only if the statute allows "
                "them, and the assembly or the supervisory board admits them."
            ),
            is_needed=False,
        ),
        Choice(
            "investing_vote",
            "choice",
            "§ 8 Abs. 2 GenG",
            _(
                "Without a vote is the safe choice. With one, they may never outvote the others nor block what needs "
                "three quarters: results are then counted with and without them."
            ),
        ),
        Choice(
            "board_size",
            "count",
            "§ 24 Abs. 2 GenG",
            _("So many members the board has at least. By law two; one is enough by statute as long as there are at most 20 members."),
        ),
        Choice(
            "has_supervisory",
            "yes",
            "§ 9 Abs. 1 GenG",
            _(
                "The supervisory board oversees the board and has at least three members. With at most 20 members the "
                "statute may go without."
            ),
            is_needed=False,
        ),
        Choice(
            "heirs_continue_months",
            "months",
            "§ 77 GenG",
            _(
                "When a member dies, the membership ends with the fiscal year. A statute may let heirs continue; give "
                "the months they have to decide, 0 without such a rule."
            ),
            is_needed=False,
        ),
        Choice(
            "is_tied_to_district",
            "yes",
            "§ 67 GenG",
            _(
                "Tick this if only who lives in a certain area can be a member. Whoever moves away may then leave at "
                "the end of the fiscal year without notice period."
            ),
            is_needed=False,
        ),
        Choice(
            "exclusion_reasons",
            "text",
            "§ 68 GenG",
            _("A member can only be excluded for reasons that stand in the statute. Copy them here, one per line."),
            is_needed=False,
        ),
    ),
)
DECISIONS = Step(
    "beschluesse",
    _("Decisions"),
    _("Majorities and votes. One member, one vote is the rule; the law sets what is least."),
    (
        Choice(
            "change_permille",
            "percent",
            "§ 16 Abs. 2 GenG",
            _("This part of the votes cast a change of the statute needs. By law at least three quarters."),
        ),
        Choice(
            "duties_permille",
            "percent",
            "§ 16 Abs. 3 GenG",
            _("New duties to use the cooperative or to deliver to it weigh more. By law they need at least nine tenths of the votes cast."),
        ),
        Choice(
            "petition_permille",
            "percent",
            "§ 45 GenG",
            _(
                "This part of the members can demand an assembly or an item on its agenda. By law a tenth is enough; a "
                "statute may ask for fewer."
            ),
        ),
        Choice(
            "most_votes",
            "count",
            "§ 43 Abs. 3 GenG",
            _("One member has one vote. A statute may give single members up to three, but never where the law asks for three quarters."),
        ),
    ),
)
SURPLUS = Step(
    "ueberschuss",
    _("Surplus"),
    _("What happens to what is left at the end of a year."),
    (
        Choice(
            "pays_out_surplus", "yes", "§§ 19, 20 GenG",
            _("By law profit is shared out by capital unless the statute says otherwise. Leave this out if your statute rules it out."),
            is_needed=False,
        ),
        Choice(
            "reserve_permille", "percent", "§ 7 Nr. 2 GenG",
            _("This part of each year’s surplus goes into the legal reserve, which covers losses. Every statute has to say how much."),
        ),
        Choice(
            "interest_permille", "percent", "§ 21a GenG",
            _(
                "A statute may allow interest on the capital, at most at this rate. None is paid while a loss is "
                "uncovered; 0 means no interest."
            ),
            is_needed=False,
        ),
        Choice(
            "has_refund", "yes", "§ 22 KStG",
            _(
                "Members get back a part of what they turned over with the cooperative, all by the same percentage. It "
                "lowers the tax only for business with members."
            ),
            is_needed=False,
        ),
    ),
)  # fmt: skip

STEPS = (SHARES, TIME, FORM, PEOPLE, DECISIONS, SURPLUS)
BY_KEY = {step.key: step for step in STEPS}
CHOICES = {choice.name: choice for step in STEPS for choice in step.choices}
STEP_OF = {choice.name: step for step in STEPS for choice in step.choices}
COLUMNS = tuple(CHOICES)

FIRST_SHARE_CENTS = 100_00
BEGINNING: dict[str, Any] = {name: Statute._meta.get_field(name).get_default() for name in COLUMNS} | {  # type: ignore[union-attr]
    "share_cents": FIRST_SHARE_CENTS,
    "paid_in_cents": FIRST_SHARE_CENTS,
}
"""What a first draft says: the law where it says something, otherwise what is usual."""
