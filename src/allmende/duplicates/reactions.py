"""What the search for duplicates answers to the trail."""

from allmende.duplicates import indexing, tasks
from allmende.ground.models import Entry
from allmende.ground.trail import on


@on("directory.organisations_changed")
def follow(entry: Entry) -> None:
    """Changed entries are found as they now are, from the same transaction on."""
    indexing.index(entry.facts["organisations"])


@on("directory.file_imported")
def look_for_duplicates(entry: Entry) -> None:
    """What an import has brought is compared with everybody, in the background."""
    if entry.about and entry.facts.get("new"):
        tasks.scan_import.enqueue(int(entry.about))
