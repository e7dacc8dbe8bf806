"""What this room knows of a person: which files they put up."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.files.models import Attachment
from allmende.people.models import Person
from allmende.people.personal import Kept, forgets, keeps, knows


@knows("files", label=gettext_lazy("Files you attached"))
def attached(person: Person) -> list[dict[str, Any]]:
    """The list; the files themselves are fetched from the pages they belong to."""
    columns = ("uuid", "kind", "number", "name", "content_type", "size", "uploaded_at", "removed_at", "hidden_at", "hidden_reason")
    rows = Attachment.objects.filter(uploaded_by=person).order_by("pk").values(*columns)
    return [{**row, "uuid": str(row["uuid"])} for row in rows]


@keeps("files")
def what_stays(person: Person) -> list[Kept]:
    """Files belong to what they are attached to."""
    if not Attachment.objects.filter(uploaded_by=person, removed_at=None).exists():
        return []
    return [
        Kept(
            _("Files you attached, without your name"),
            _("They belong to what your organisation put up. If one should go, please remove it before you delete your account."),
        )
    ]


@forgets("files", order=40)
def forget(person: Person) -> list[Kept]:
    """The files stay with their thing; nobody learns who put them up."""
    kept = what_stays(person)
    Attachment.objects.filter(uploaded_by=person).update(uploaded_by=None)
    return kept
