"""What this room answers to the trail: a cooperative goes along when its entry is merged, and back when that is undone."""

from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.duplicates.actions import follows_merges
from allmende.ground.models import Entry
from allmende.ground.refusals import Refused, require
from allmende.ground.trail import on

follows_merges(Cooperative, once=True)


@on("duplicates.organisations_merged")
def keep_registers_apart(entry: Entry) -> None:
    """Two entries that both run a membership are not made one: whose list would it be? Raises Refused, then nothing was merged."""
    both = Cooperative.objects.filter(organisation__in=(entry.facts["winner"], entry.facts["loser"])).count() > 1
    require(not both, _("Both entries run their membership here. Lists of members are never merged; their boards decide first."), Refused)
