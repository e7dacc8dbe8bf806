"""What this room knows of a person, and how it lets go of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows
from allmende.proposals.models import Author, Proposal, State, Support, Version

announces("proposals", label=gettext_lazy("Proposals you write or support"))


@knows("proposals", label=gettext_lazy("Proposals you write or support"))
def data(person: Person) -> list[dict[str, Any]]:
    """Which, as what, since when; supporting is told to nobody else."""
    wrote = Author.objects.filter(person=person).select_related("proposal__cooperative__organisation").order_by("pk")
    rows = [_row(one.proposal, "author" if one.accepted_at else "invited", one.accepted_at or one.invited_at) for one in wrote]
    supported = Support.objects.filter(person=person).select_related("proposal__cooperative__organisation").order_by("pk")
    return rows + [_row(one.proposal, "supporter", one.at) for one in supported]


def _row(proposal: Proposal, role: str, since: Any) -> dict[str, Any]:
    return {"cooperative": str(proposal.cooperative), "number": proposal.number, "title": proposal.title, "role": role, "since": since}


@knows("proposal-versions", label=gettext_lazy("What you wrote in proposals"))
def written(person: Person) -> list[dict[str, Any]]:
    """Versions saved by this person, with their text."""
    versions = Version.objects.filter(by=person).select_related("proposal").prefetch_related("paragraphs").order_by("pk")
    return [
        {
            "number": one.proposal.number,
            "version": one.number,
            "title": one.title,
            "summary": one.summary,
            "text": "\n\n".join(part.text for part in one.paragraphs.all()),
            "rationale": one.rationale,
            "why": one.why,
            "at": one.at,
        }
        for one in versions
    ]


@keeps("proposals")
def kept(person: Person) -> list[Kept]:
    """What was brought in belongs to all who deliberated about it."""
    if not Version.objects.filter(by=person).exclude(proposal__brought_in_at=None).exists():
        return []
    why = _("Others have deliberated and decided about them. Your name is taken away.")
    return [Kept(_("Proposals you brought in, and their versions"), why)]


@forgets("proposals", order=40)
def forget(person: Person) -> None:
    """Drafts nobody else writes go; the rest stays without the name. Authorship and support go with the account."""
    mine = Author.objects.filter(person=person).exclude(accepted_at=None).values("proposal")
    others = Author.objects.exclude(person=person).exclude(accepted_at=None).values("proposal")
    Proposal.objects.filter(pk__in=mine, brought_in_at=None, state__in=(State.DRAFT, State.WITHDRAWN)).exclude(pk__in=others).delete()
    Author.objects.filter(person=person).delete()
    Support.objects.filter(person=person).delete()
