"""What this room answers to the trail: a cooperative goes along when its entry is merged, and back when that is undone."""

from allmende.constitution.models import Cooperative
from allmende.duplicates.actions import follows_merges

# One per organisation: where both have one, the one of the entry that goes stays with it and can still be reached by those in office.
follows_merges(Cooperative, once=True)
