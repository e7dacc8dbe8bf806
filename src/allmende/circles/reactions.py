"""What hangs on an entry here goes along when it is merged, and comes back when that is undone; circles of a cooperative can decide."""

from allmende.circles import queries
from allmende.circles.models import Circle, CircleMember
from allmende.duplicates.actions import follows_merges
from allmende.electorates.rolls import circles_come_from

follows_merges(Circle)
follows_merges(CircleMember)
circles_come_from(choices=queries.deciding_circles, members=queries.seats)
