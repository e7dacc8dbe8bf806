"""How far a project is: steps with a day and one sentence."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import require
from allmende.people.models import Person
from allmende.projects import letters, rules
from allmende.projects.actions.writing import taken
from allmende.projects.models import Project, Stage, Step


@transaction.atomic
def add_step(project: Project, *, stage: str, on: date, sentence: str, by: Person, today: date) -> Step:
    """Note that the project came to a stage, today or earlier, and tell those who take part."""
    project = taken(project, by)
    require(stage in Stage.values, _("Please choose how far the project is."))
    require(rules.is_good_day(on, today), _("Please choose a day that is not in the future."))
    require(sentence.strip(), _("Please say in one sentence what happened."))
    known = steps_of(project)
    sentence_same = _("On that day the project was at this stage already. Write news instead.")
    require(rules.stage_at(known, on) != stage, sentence_same)
    step = Step.objects.create(project=project, stage=stage, on=on, sentence=sentence, by=by)
    come_to(project)
    trail.record("projects.step_added", by=by, about=project, step=step.pk, stage=stage)
    if not project.is_draft and project.hidden_at is None:
        letters.step_added(step, by)
    return step


@transaction.atomic
def take_back_step(step: Step, *, by: Person, now: datetime) -> None:
    """Undo the step noted last, within a day: a slip of the pen is no history."""
    project = taken(step.project, by)
    newest = project.steps.order_by("-pk").first()
    require(newest is not None and newest.pk == step.pk, _("Only the step noted last can be taken back."))
    require(rules.may_be_corrected(step.at, now), _("After a day a step stays. Add the step that is true now."))
    require(project.steps.count() > 1, _("The first step stays: it says where the project began."))
    require(step.stage != rules.TRANSFERRED, _("A handover is taken back by another handover."))
    facts = {"step": step.pk, "stage": step.stage}
    step.delete()
    come_to(project)
    trail.record("projects.project_changed", by=by, about=project, what="step_taken_back", **facts)


def steps_of(project: Project) -> list[tuple[date, int, str]]:
    """Day, number and stage of all its steps."""
    return list(project.steps.order_by("on", "pk").values_list("on", "pk", "stage"))


def come_to(project: Project) -> None:
    """The project's stage is that of its latest day, also where an earlier one was noted afterwards."""
    project.stage = rules.stage_at(steps_of(project), date.max) or project.stage
    project.save(update_fields=["stage", "changed_at"])
