"""Who takes part: asked or offering itself, confirmed only by the organisation itself, declined with a word, left later."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation, State
from allmende.ground import trail
from allmende.ground.models import Entry
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person
from allmende.projects import access, letters, rules
from allmende.projects.actions.writing import taken
from allmende.projects.models import Part, PartKind, Project


@transaction.atomic
def ask_part(project: Project, organisation: Organisation, *, kind: str, contribution: str = "", word: str = "", by: Person) -> Part:
    """Ask an organisation to take part. It is not shown until its own people have confirmed it."""
    project = taken(project, by)
    require(organisation.state == State.PUBLISHED, _("This organisation's entry is not published."))
    part = _begin(project, organisation, rules.ASKED, kind, contribution, word, by)
    trail.record("projects.part_asked", by=by, about=project, part=part.pk, organisation=organisation.pk, state=str(part.state))
    letters.part_asked(part, by)
    return part


@transaction.atomic
def offer_part(project: Project, organisation: Organisation, *, kind: str, contribution: str, word: str = "", by: Person) -> Part:
    """An organisation offers itself; those who lead the project say yes or no."""
    require(access.may_carry_for(by, organisation), _("Only who looks after an organisation may answer for it."), NotAllowed)
    project = Project.objects.select_for_update().get(pk=project.pk)
    seen = access.projects_visible_to(by).filter(pk=project.pk, hidden_at=None).exists()
    require(seen, _("This project cannot be joined at the moment."), NotAllowed)
    part = _begin(project, organisation, rules.OFFERED, kind, contribution, word, by)
    trail.record("projects.part_asked", by=by, about=project, part=part.pk, organisation=organisation.pk, state=str(part.state))
    letters.part_offered(part, by)
    return part


def _begin(project: Project, organisation: Organisation, state: str, kind: str, contribution: str, word: str, by: Person) -> Part:
    require(
        not project.is_draft, _("Publish the project first, if need be only for chosen organisations. Others take part in what they read.")
    )
    require(kind in PartKind.values, _("Please choose what the organisation does in the project."))
    require(organisation.pk != project.organisation_id, _("Your own organisation leads this project already."))
    known = Part.objects.select_for_update().filter(project=project, organisation=organisation).first()
    require(known is None or rules.may_ask_again(known.state), _("This organisation takes part already, or has not answered yet."))
    require(project.parts.count() < rules.MOST_PARTS, _("This project has too many participants to ask another one."))
    _require_enough_quiet(project, organisation, state)
    facts = {"kind": kind, "contribution": contribution, "word": word, "state": state, "asked_by": by, "asked_at": timezone.now()}
    facts |= {"answered_at": None, "answered_by": None, "left_at": None}
    part, _new = Part.objects.update_or_create(project=project, organisation=organisation, defaults=facts)
    return part


def _require_enough_quiet(project: Project, organisation: Organisation, state: str) -> None:
    """Each question and each offer writes letters, those taken back at once too: the trail knows how many there were within a day."""
    since = timezone.now() - timedelta(days=1)
    asked = Entry.objects.filter(kind=Project._meta.label_lower, about=str(project.pk), verb="projects.part_asked", at__gt=since)
    facts = list(asked.values_list("facts", flat=True))
    of_one = sum(one["organisation"] == organisation.pk for one in facts)
    sentence = _("Between %(name)s and this project that is enough for one day. Please go on tomorrow.")
    require(of_one < rules.MOST_ASKED_OF_ONE_A_DAY, sentence % {"name": organisation.name})
    is_full = state == rules.ASKED and sum(one["state"] == rules.ASKED for one in facts) >= rules.MOST_ASKED_A_DAY
    require(not is_full, _("Enough organisations have been asked for one day. Please go on tomorrow."))


@transaction.atomic
def answer_part(part: Part, *, confirm: bool, word: str = "", contribution: str | None = None, by: Person) -> Part:
    """Say yes or no: the organisation that was asked for itself, or the project to one that offered itself."""
    part = _locked(part)
    require(access.may_answer(by, part), _("Only the organisation itself can say whether it takes part."), NotAllowed)
    require(rules.may_answer(part.state), _("This has been answered already."))
    is_seen = not part.project.is_draft and part.project.hidden_at is None
    require(is_seen or not confirm, _("This project is not shown at the moment, so nobody can join it."))
    was_offered = part.state == rules.OFFERED
    part.state = rules.CONFIRMED if confirm else rules.DECLINED
    part.answered_at, part.answered_by, part.word = timezone.now(), by, word
    if contribution is not None and not was_offered:
        part.contribution = contribution
    part.save()
    _touch(part.project)
    trail.record(
        "projects.part_answered", by=by, about=part.project, part=part.pk, organisation=part.organisation_id, state=str(part.state)
    )
    letters.part_answered(part, by, was_offered=was_offered)
    return part


@transaction.atomic
def change_part(part: Part, *, kind: str, contribution: str, by: Person) -> Part:
    """Change what one's own organisation does in a project. To lead it, it has to be asked."""
    part = _locked(part)
    require(access.may_carry_for(by, part.organisation), _("Only the organisation itself can change its part."), NotAllowed)
    require(part.state == rules.CONFIRMED, _("Only a confirmed part can be changed."))
    require(kind in PartKind.values, _("Please choose what the organisation does in the project."))
    require(kind != rules.LEAD or part.kind == rules.LEAD, _("To lead a project, your organisation has to be asked by those who lead it."))
    is_first = part.organisation_id == part.project.organisation_id
    require(not is_first or kind == rules.LEAD, _("Your organisation answers for this project. Hand it over first."))
    part.kind, part.contribution = kind, contribution
    part.save(update_fields=["kind", "contribution"])
    trail.record("projects.project_changed", by=by, about=part.project, what="part", part=part.pk, kind=kind)
    return part


@transaction.atomic
def leave_part(part: Part, *, word: str = "", by: Person) -> Part:
    """An organisation ends its part. It stays in the history as one that left."""
    part = _locked(part)
    may = access.may_leave(by, part)
    require(may, _("Only the organisation itself can leave. Who answers for a project hands it over first."), NotAllowed)
    require(part.state == rules.CONFIRMED, _("This organisation does not take part."))
    part.state, part.left_at, part.word = rules.LEFT, timezone.now(), word
    part.save(update_fields=["state", "left_at", "word"])
    _touch(part.project)
    trail.record("projects.partner_left", by=by, about=part.project, part=part.pk, organisation=part.organisation_id)
    letters.partner_left(part, by)
    return part


@transaction.atomic
def withdraw_part(part: Part, *, by: Person) -> None:
    """Take a question or an offer back before it is answered."""
    part = _locked(part)
    is_asker = access.may_change(by, part.project) if part.state == rules.ASKED else access.may_leave(by, part)
    require(is_asker, _("Only who asked can take it back."), NotAllowed)
    require(rules.may_answer(part.state), _("This has been answered already."))
    facts = {"organisation": part.organisation_id, "state": str(part.state)}
    part.delete()
    trail.record("projects.project_changed", by=by, about=part.project, what="part_withdrawn", **facts)


def _locked(part: Part) -> Part:
    """The project first, then its part, so that two answers at once wait for each other."""
    project = Project.objects.select_for_update().get(pk=part.project_id)
    part = Part.objects.select_for_update().select_related("organisation").get(pk=part.pk)
    part.project = project
    return part


def _touch(project: Project) -> None:
    project.save(update_fields=["changed_at"])
