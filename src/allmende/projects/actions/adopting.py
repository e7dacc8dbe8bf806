"""Adopting: another organisation does the same, and the line between both projects is kept."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.directory.audience import Audience
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.ground.text import shorten
from allmende.people.models import Person
from allmende.projects import access, rules
from allmende.projects.actions.writing import fill, lead, require_room
from allmende.projects.models import Project, Step

COPIED = ("title", "summary", "challenge", "audience_text", "text", "language", "licence")


@transaction.atomic
def adopt_project(source: Project, organisation: Organisation, *, with_texts: bool, by: Person, today: date) -> Project:
    """A draft of another organisation that continues this project; with its texts where its licence allows going on with them."""
    require(access.may_carry_for(by, organisation), _("Only who looks after an organisation may write projects for it."), NotAllowed)
    may_see = access.projects_visible_to(by).filter(pk=source.pk, is_draft=False, hidden_at=None).exists()
    require(may_see, _("This project cannot be adopted."), NotAllowed)
    require(organisation.pk != source.organisation_id, _("This is your own project already. Choose another organisation."))
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require_room(organisation)
    require(rules.may_copy(source.licence) or not with_texts, _("The texts are not free to copy. Adopt the project without them, or ask."))
    said = {name: getattr(source, name) for name in (COPIED if with_texts else ("title", "summary", "language"))}
    project = Project(organisation=organisation, created_by=by, stage=rules.IDEA, adopted_from=source, audience=Audience.NETWORK)
    project.is_demo = organisation.is_demo
    fill(project, said | {"sdgs": list(source.sdgs.all())})
    with override(source.language):
        sentence = shorten(_("Adopted from “%(title)s”") % {"title": source.title}, 300)
    Step.objects.create(project=project, stage=rules.IDEA, on=today, sentence=sentence, by=by)
    lead(project, organisation, by)
    facts = {"source": source.pk, "organisation": organisation.pk, "with_texts": with_texts}
    trail.record("projects.project_adopted", by=by, about=project, **facts)
    return project
