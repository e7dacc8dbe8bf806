"""What projects answer to the trail: entries that become one, entries that go."""

from allmende.directory.access import keepers_of
from allmende.directory.models import Organisation, State
from allmende.duplicates.actions import follows_merges
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.projects import letters
from allmende.projects.models import Part, Project

MOST_AT_ONCE = 500  # an import of a hundred thousand entries archives none by hand

follows_merges(Project)
follows_merges(Project, "handover_to")
follows_merges(Part, apart_from=("project",))
follows_merges(Project.chosen.through, apart_from=("project_id",))


@on("directory.organisations_changed")
def lead_is_gone(entry: Entry) -> None:
    """Where an entry was archived, those who could go on with its projects are told. The projects stay as they are."""
    numbers = entry.facts["organisations"]
    if entry.facts.get("what") != State.ARCHIVED or len(numbers) > MOST_AT_ONCE:
        return
    gone = Organisation.objects.filter(pk__in=numbers, state=State.ARCHIVED)
    for project in Project.objects.filter(organisation__in=gone, is_draft=False).select_related("organisation").order_by("pk"):
        letters.without_lead(project)


@on("stewards.stewardship_ended")
def nobody_is_left(entry: Entry) -> None:
    """Where the last person stopped looking after an entry, the partners of its projects are told."""
    organisation = Organisation.objects.filter(pk=int(entry.about)).first()
    if organisation is None or keepers_of(organisation).exists():
        return
    for project in Project.objects.filter(organisation=organisation, is_draft=False).select_related("organisation").order_by("pk"):
        letters.without_lead(project)
