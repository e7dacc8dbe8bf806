"""What this room answers to what happens to entries: rounds, invitations and feedback follow them through a merge and back.

Where the winner was invited to the same round, or has answered it, the other one's row stays behind and is unseen with its entry.
"""

from allmende.duplicates.actions import follows_merges
from allmende.feedback.models import Invitation, Review, Round

follows_merges(Round)
follows_merges(Invitation, apart_from=("round",))
follows_merges(Review, apart_from=("round",))
