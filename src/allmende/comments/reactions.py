"""What follows an entry into a merge and back: in whose name something was said, and whom comments name."""

from allmende.comments.models import Comment, Mention
from allmende.duplicates.actions import follows_merges

follows_merges(Comment)
follows_merges(Mention)
