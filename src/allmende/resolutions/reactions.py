"""What the register answers to counts: a draft that waits for its outcome statement."""

from allmende.ballots.models import Ballot
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.resolutions import actions


@on("ballots.ballot_counted")
def counted(entry: Entry) -> None:
    """Every outcome but objections leads to a resolution, also one that was not adopted."""
    actions.draft_from_ballot(Ballot.objects.select_related("cooperative__organisation", "electorate").get(pk=entry.about))
