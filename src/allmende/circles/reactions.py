"""What hangs on an entry here goes along when it is merged, and comes back when that is undone."""

from allmende.circles.models import Circle, CircleMember
from allmende.duplicates.actions import follows_merges

follows_merges(Circle)
follows_merges(CircleMember)
