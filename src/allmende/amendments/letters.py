"""What authors and supporters of a proposal are told of its amendments, and who proposed one of what became of it."""

from functools import partial

from django.utils.translation import gettext as _

from allmende.amendments import access
from allmende.amendments.models import Amendment
from allmende.ground.models import Entry
from allmende.people.models import Person
from allmende.proposals import access as proposals
from allmende.proposals.letters import tell_all
from allmende.proposals.models import Proposal

TO_AUTHORS = ("amendments.amendment_changed", "amendments.amendment_withdrawn")
TO_ITS_AUTHOR = ("amendments.amendment_overtaken",)
TOLD = (
    *TO_AUTHORS, *TO_ITS_AUTHOR, "amendments.amendment_proposed", "amendments.amendment_rejected", "amendments.vote_opened",
    "amendments.vote_without_result", "amendments.vote_not_merged", "amendments.acceptance_undone",
)  # fmt: skip
"""Which lines of the trail are told. An adopted one is told by the version it makes."""


def tell_of(entry: Entry) -> int:
    """Tell everybody whom this line concerns, each once however often this runs; how many were told now."""
    amendment = Amendment.objects.filter(pk=int(entry.about), hidden_at=None).select_related("proposal__cooperative__organisation").first()
    if amendment is None or entry.verb not in TOLD or amendment.proposal.hidden_at is not None:
        return 0
    own = access.author_of(amendment)
    people = own
    if entry.verb in TO_AUTHORS:
        people = proposals.authors_of(amendment.proposal)
    elif entry.verb not in TO_ITS_AUTHOR:
        people = Person.objects.filter(pk__in=proposals.audience(amendment.proposal).values("pk")) | Person.objects.filter(
            pk__in=own.values("pk")
        )
    words = partial(_words, amendment)
    return tell_all(people.exclude(pk=entry.by_id or 0), amendment.proposal, entry, words, amendment.get_absolute_url())


def _words(amendment: Amendment, proposal: Proposal, entry: Entry) -> tuple[str, str]:
    facts = {"ae": amendment.number, "number": proposal.number, "title": amendment.title, "proposal": proposal.title}
    about = _("Amendment %(ae)s “%(title)s” to proposal %(number)s “%(proposal)s”.") % facts
    subject, more = {
        "amendments.amendment_proposed": (_("%(ae)s to %(number)s: %(title)s"), ""),
        "amendments.amendment_changed": (_("%(ae)s to %(number)s was changed"), ""),
        "amendments.amendment_withdrawn": (_("%(ae)s to %(number)s was withdrawn"), ""),
        "amendments.amendment_rejected": (_("%(ae)s to %(number)s is rejected"), amendment.answer),
        "amendments.vote_opened": (_("%(ae)s to %(number)s is being voted on"), ""),
        "amendments.vote_without_result": (_("%(ae)s to %(number)s: the vote brought no result"), ""),
        "amendments.vote_not_merged": (_("%(ae)s to %(number)s was adopted, the text could not take it up"), amendment.answer),
        "amendments.acceptance_undone": (_("%(ae)s to %(number)s is taken out again"), ""),
        "amendments.amendment_overtaken": (
            _("%(ae)s to %(number)s was overtaken"),
            _("A paragraph it changes says something else meanwhile. Please look at it and fit it to the present text."),
        ),
    }[entry.verb]
    return subject % facts, "\n\n".join(part for part in (about, more) if part)
