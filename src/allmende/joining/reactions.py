"""What follows from changes of other rooms."""

from allmende.duplicates.actions import follows_merges
from allmende.joining.models import Application

follows_merges(Application)
