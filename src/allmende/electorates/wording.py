"""Bases and reasons in sentences, for members and for those who run a vote."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.constitution.models import OfficeKind
from allmende.electorates.rules import OF_PERSONS, Casting, Law, Reason, has_one_vote_each, most_votes


def basis_in_words(basis: Mapping[str, Any], groups: Mapping[str, str], circles: Mapping[str, str]) -> str:
    """Who votes, in one sentence; `groups` and `circles` give names to keys."""
    kind = basis.get("kind")
    if kind == "groups":
        return _("Members of these groups: %(names)s.") % {"names": ", ".join(groups.get(key, key) for key in basis["groups"])}
    if kind == "representatives":
        return _("Members that are organisations, by whoever represents them.")
    if kind == "list":
        number = len(basis["members"])
        return ngettext("%(n)d named member.", "%(n)d named members.", number) % {"n": number}
    if kind == "offices":
        names = dict(OfficeKind.choices)
        return _("Whoever holds one of these offices: %(names)s.") % {"names": ", ".join(str(names.get(k, k)) for k in basis["offices"])}
    if kind == "circle":
        return _("The circle %(name)s.") % {"name": circles.get(basis["circle"], "")}
    return _("All members.")


def votes_in_words(basis: Mapping[str, Any], law: Law) -> str:
    """How many votes a member has here, and by which rule."""
    scale = basis.get("votes")
    if not scale:
        return _("Everybody has one vote (§ 43 III GenG).") if law.is_by_geng else _("Everybody has one vote.")
    if has_one_vote_each(basis, law):
        return _("Everybody has one vote: the matter needs three quarters or more (§ 43 III Nr. 1 GenG).")
    place = scale["place"]
    if law.is_by_geng and law.is_mostly_cooperatives:
        return _("Votes by the scale of the statute (%(place)s; § 43 III Nr. 3 GenG).") % {"place": place}
    if law.is_by_geng and law.is_mostly_entrepreneurs:
        return _(
            "Votes by the statute (%(place)s); nobody can cast more than a tenth of the votes that take part (§ 43 III Nr. 2 GenG)."
        ) % {"place": place}
    if law.is_by_geng:
        said = {"place": place, "most": most_votes(law)}
        return _("Votes by the statute (%(place)s), at most %(most)d for one member (§ 43 III Nr. 1 GenG).") % said
    return _("Votes by the statute (%(place)s).") % {"place": place}


def investing_in_words(basis: Mapping[str, Any], law: Law) -> str:
    """Whether members who only invest vote here; empty where the statute gives them no vote anyway, or nobody asks memberships."""
    if not law.investing_vote or basis.get("kind") in OF_PERSONS:
        return ""
    if basis.get("without_investing"):
        return _("Without investing members: they never outvote the others (§ 8 II GenG).")
    return _("With investing members. It is counted with and without them; where that differs, the others decide (§ 8 II GenG).")


def reason_label(reason: str) -> str:
    """A few words for a table of figures."""
    return {
        Reason.MEMBER: _("members"),
        Reason.INVESTING: _("investing members, counted apart"),
        Reason.OFFICE: _("office"),
        Reason.CIRCLE: _("circle"),
        Reason.JOINED_LATER: _("joined after the day"),
        Reason.ENDED: _("left before the day"),
        Reason.SUPPORTING: _("supporting members"),
        Reason.INVESTING_NONE: _("investing members without a vote"),
        Reason.INVESTING_LEFT_OUT: _("investing members, left out of this roll"),
        Reason.OWN_INTEREST: _("decide about themselves"),
        Reason.OTHER_GROUP: _("in another group"),
        Reason.NOT_LISTED: _("not named for this vote"),
        Reason.NO_ORGANISATION: _("no organisation"),
        Reason.NOT_MEANT: _("not asked in this vote"),
        Reason.NO_MEMBER: _("no member"),
    }.get(reason, reason)


def reason_in_words(reason: str, facts: Mapping[str, str]) -> str:
    """The reason for one person, as a sentence. `facts` holds the days already written out, and the group."""
    return {
        Reason.MEMBER: _("Member on the day of the roll (since %(from)s)."),
        Reason.INVESTING: _(
            "Investing member. The statute gives a vote that is counted apart and never outvotes the others (§ 8 II GenG)."
        ),
        Reason.OFFICE: _("Holds an office that decides here."),
        Reason.CIRCLE: _("Belongs to the circle that decides here."),
        Reason.JOINED_LATER: _("Joined after the day of the roll: on %(from)s."),
        Reason.ENDED: _("The membership ended on %(until)s, before the day of the roll."),
        Reason.SUPPORTING: _("Supporting member, without a vote."),
        Reason.INVESTING_NONE: _("Investing member. The statute gives investing members no vote (§ 8 II GenG)."),
        Reason.INVESTING_LEFT_OUT: _(
            "Investing member. This roll is without investing members, so that they never outvote the others (§ 8 II GenG)."
        ),
        Reason.OWN_INTEREST: _("Decides about own matters and has no vote here (§ 43 VI GenG)."),
        Reason.OTHER_GROUP: _("Belongs to another group (%(group)s) than those that vote here."),
        Reason.NOT_LISTED: _("Not among those named for this vote."),
        Reason.NO_ORGANISATION: _("No organisation: member organisations vote here."),
        Reason.NOT_MEANT: _("This vote does not ask all members."),
        Reason.NO_MEMBER: _("No member on the day of the roll."),
    }.get(reason, reason) % facts


def casting_in_words(casting: str) -> str:
    """How an electronic ballot reaches somebody, or why it does not."""
    return {
        Casting.ACCOUNT: _("Votes with the own account."),
        Casting.REPRESENTATIVE: _("The organisation votes by the person named to represent it."),
        Casting.NO_ACCOUNT: _("Has no account: gets no electronic ballot. A letter with an invitation, or a paper ballot, is needed."),
        Casting.NO_REPRESENTATIVE: _("Nobody with an account is confirmed to vote for the organisation: it gets no electronic ballot yet."),
        Casting.TOO_MANY: _("The representative votes for two members already; the law allows no more (§ 43 V GenG). Name somebody else."),
        Casting.OWN_INTEREST: _(
            "Whoever would cast this vote decides about own matters here and casts for nobody (§ 43 VI GenG). Name somebody else."
        ),
        Casting.HEIRS: _("The member died. The heirs vote by one person they name together (§ 77 GenG), on paper."),
    }.get(casting, "")


def casting_label(casting: str) -> str:
    """A few words for a table of figures."""
    return {
        Casting.NO_ACCOUNT: _("have no account"),
        Casting.NO_REPRESENTATIVE: _("organisations nobody represents"),
        Casting.TOO_MANY: _("represented by somebody who represents two already"),
        Casting.OWN_INTEREST: _("represented by somebody who decides about own matters"),
        Casting.HEIRS: _("died, heirs vote"),
    }.get(casting, "")
