"""What projects know of a person: what they wrote and answered for their organisations."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows
from allmende.projects.models import Part, Project, Step, Update

announces("projects", label=gettext_lazy("Projects"))


@knows("projects", label=gettext_lazy("Projects: what you wrote and answered for your organisations"))
def data(person: Person) -> list[dict[str, Any]]:
    """One row per project begun, step, news, and part asked for or answered."""
    begun = Project.objects.filter(created_by=person).select_related("organisation").order_by("pk")
    steps = Step.objects.filter(by=person).select_related("project").order_by("pk")
    news = Update.objects.filter(by=person).select_related("project").order_by("pk")
    parts = Part.objects.filter(Q(asked_by=person) | Q(answered_by=person)).select_related("project", "organisation").order_by("pk")
    return [
        *(_row("project", one, one.organisation.name, one.summary, one.created_at) for one in begun),
        *(_row("step", one.project, one.stage, one.sentence, one.at) for one in steps),
        *(_row("news", one.project, one.title, one.text, one.at) for one in news),
        *(
            _row("part asked for", one.project, one.organisation.name, one.contribution, one.asked_at)
            for one in parts
            if one.asked_by_id == person.pk
        ),
        *(
            _row("part answered", one.project, one.organisation.name, one.state, one.answered_at)
            for one in parts
            if one.answered_by_id == person.pk
        ),
    ]


def _row(what: str, project: Project, about: str, said: str, at: Any) -> dict[str, Any]:
    return {"what": what, "project": project.title, "about": about, "said": said, "at": at.isoformat() if at else ""}


@keeps("projects")
def kept(person: Person) -> list[Kept]:
    """Projects are their organisations', and stay without the name of who wrote them."""
    if not data(person):
        return []
    return [
        Kept(
            _("Projects, their steps, news and participants, without your name"),
            _("They belong to the organisations; others take part in them and rely on them."),
        )
    ]


@forgets("projects", order=30)
def forget(person: Person) -> list[Kept]:
    """Takes the name off everything; the texts stay with the organisations."""
    remaining = kept(person)
    Project.objects.filter(created_by=person).update(created_by=None)
    Step.objects.filter(by=person).update(by=None)
    Update.objects.filter(by=person).update(by=None)
    Part.objects.filter(asked_by=person).update(asked_by=None)
    Part.objects.filter(answered_by=person).update(answered_by=None)
    return remaining
