"""What this room knows of a person: the processes they planned and changed."""

from django.utils.translation import gettext_lazy

from allmende.people.models import Person
from allmende.people.personal import Kept, Rows, announces, forgets, knows
from allmende.processes.models import Change, Process

announces("processes", label=gettext_lazy("Processes: phases that open, end or change"))


@knows("processes", label=gettext_lazy("Processes you planned"))
def planned(person: Person) -> Rows:
    """What one planned for one's cooperative."""
    return list(
        Process.objects.filter(created_by=person).order_by("pk").values("title", "template", "about_kind", "about_id", "created_at")
    )


@knows("processes-changed", label=gettext_lazy("Changes of processes, with your reasons"))
def changed(person: Person) -> Rows:
    """What one changed, and why."""
    return list(Change.objects.filter(by=person).order_by("pk").values("process__title", "at", "reason"))


@forgets("processes", order=40)
def forget(person: Person) -> list[Kept]:
    """Processes and reasons are the cooperative's and stay, without who wrote them."""
    Process.objects.filter(created_by=person).update(created_by=None)
    Change.objects.filter(by=person).update(by=None)
    return []
