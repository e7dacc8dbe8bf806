"""Who may ask for feedback, give it, read it and answer it. Guests are viewers too.

Those who may change a project ask for feedback on it and answer what comes; nobody gives feedback on what is their own. A round is
seen by whoever sees its project, what was given by whom the round says; whoever gave something always sees that.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.directory import access as directory
from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Role, State
from allmende.feedback import rules
from allmende.feedback.models import Invitation, Review, Round
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.projects import access as projects
from allmende.projects import rules as project_rules
from allmende.projects.models import Part, Project

EVERY_ROLE = (*directory.KEEPERS, Role.MEMBER)


def person(viewer: Viewer) -> Person | None:
    """The viewer as somebody who may act; a guest, a blocked account and a service hand are nobody."""
    return viewer if is_person(viewer) else None


# ------------------------------------------------------------------------------------------------------------- asking


def askers_of(project: Project) -> QuerySet[Organisation]:
    """The organisations that can ask about a project: the one that answers for it and those that confirmed to lead it."""
    leads = Part.objects.filter(project=project, kind=project_rules.LEAD, state=project_rules.CONFIRMED)
    return Organisation.objects.filter(Q(pk=project.organisation_id) | Q(pk__in=leads.values("organisation")), state=State.PUBLISHED)


def may_ask_as(viewer: Viewer, project: Project) -> QuerySet[Organisation]:
    """In whose name this viewer may ask about the project."""
    return askers_of(project).filter(pk__in=directory.stewarded_by(viewer).values("pk")).order_by("name", "pk")


def may_run(viewer: Viewer, found: Round) -> bool:
    """Whether the viewer is one of those who asked: may extend, close, answer and thank."""
    return rounds_run_by(viewer).filter(pk=found.pk).exists()


def rounds_run_by(viewer: Viewer) -> QuerySet[Round]:
    """The rounds of projects this viewer may change."""
    if person(viewer) is None:
        return Round.objects.none()
    return Round.objects.filter(project__in=projects.projects_of(viewer).values("pk"))


def organisations_that_see(project: Project) -> QuerySet[Organisation]:
    """Whose people see the project: only they can be invited, because an invitation to a closed door helps nobody."""
    everybody = Organisation.objects.filter(state=State.PUBLISHED)
    if project.audience == Audience.PUBLIC:
        return everybody
    parts = Part.objects.filter(project=project, state__in=projects.TAKING_PART).values("organisation")
    seen = Q(pk=project.organisation_id) | Q(pk__in=parts)
    if project.audience == Audience.NETWORK:
        return everybody.filter(seen | Q(belongs_to__isnull=False) | Q(belongings__isnull=False)).distinct()
    return everybody.filter(seen | Q(pk__in=project.chosen.values("pk")))


# ------------------------------------------------------------------------------------------------------------- seeing


def rounds_visible_to(viewer: Viewer) -> QuerySet[Round]:
    """Rounds of shown projects the viewer sees, and those they gave something to; rounds taken off only for askers and caretakers."""
    shown = Round.objects.filter(project__is_draft=False, project__hidden_at=None)
    seen = Q(project__in=projects.projects_visible_to(viewer).values("pk"))
    somebody = person(viewer)
    if somebody is None:
        return shown.filter(seen, hidden_at=None)
    gave = Q(Exists(own_reviews(somebody).filter(round=OuterRef("pk"))))
    mine = Q(pk__in=rounds_run_by(somebody).values("pk"))
    if directory.may_caretake_somewhere(somebody):
        mine |= Q(organisation__in=directory.caretaken_by(somebody).values("pk"))
    return shown.filter(gave | (seen & (Q(hidden_at=None) | mine)))


def own_reviews(viewer: Viewer) -> QuerySet[Review]:
    """What this viewer gave or is writing: in their own name, or of organisations they look after; members see what was given."""
    somebody = person(viewer)
    if somebody is None:
        return Review.objects.none()
    kept = Q(organisation__in=directory.stewarded_by(somebody).values("pk"))
    belongs = Q(organisation__in=directory.stewarded_by(somebody, EVERY_ROLE).values("pk"), state=rules.GIVEN)
    return Review.objects.filter(Q(person=somebody) | kept | belongs)


def reviews_visible_to(viewer: Viewer) -> QuerySet[Review]:
    """What the viewer may read. Drafts are their writers'; what was taken off is seen by writers, askers and caretakers.

    Caretakers read only what everybody reads, and what was taken off: to a round among a few they are strangers.
    """
    given = Q(state=rules.GIVEN, round__in=rounds_visible_to(viewer).values("pk"))
    shown = Q(hidden_at=None, round__readers=rules.EVERYBODY)
    somebody = person(viewer)
    unmerged = Review.objects.filter(Q(organisation=None) | ~Q(organisation__state=State.MERGED))
    if somebody is None:
        return unmerged.filter(given, shown)
    asked = Q(round__in=rounds_run_by(somebody).values("pk"))
    invited = Invitation.objects.filter(round=OuterRef("round"), organisation__in=directory.stewarded_by(somebody, EVERY_ROLE).values("pk"))
    among = Q(Exists(invited), hidden_at=None, round__readers=rules.INVITED)
    seen = given & (shown | asked | among)
    if directory.may_caretake_somewhere(somebody):
        seen |= given & Q(hidden_at__isnull=False, round__organisation__in=directory.caretaken_by(somebody).values("pk"))
    return unmerged.filter(seen | Q(pk__in=own_reviews(somebody).values("pk")))


def sees_who_was_asked(viewer: Viewer, found: Round) -> bool:
    """Who was asked and who answered: those who asked, those who were asked, and everybody where everybody reads the answers."""
    if found.readers == rules.EVERYBODY:
        return True
    mine = directory.stewarded_by(viewer, EVERY_ROLE).values("pk")
    return may_run(viewer, found) or found.invitations.filter(organisation__in=mine).exists()


# ------------------------------------------------------------------------------------------------------------- giving


def organisations_that_may_give(viewer: Viewer, found: Round) -> QuerySet[Organisation]:
    """In whose name this viewer may answer: organisations they look after that were invited, or all of the network where that is said.

    Who asks does not answer, in nobody's name.
    """
    if may_run(viewer, found) or not rounds_visible_to(viewer).filter(pk=found.pk).exists():
        return Organisation.objects.none()
    invited = Q(pk__in=Invitation.objects.filter(round=found).values("organisation"))
    others = Q(belongs_to__isnull=False) | Q(belongings__isnull=False) if found.is_open_to_all else Q(pk__in=())
    mine = directory.stewarded_by(viewer).filter(state=State.PUBLISHED).exclude(pk__in=askers_of(found.project).values("pk"))
    return mine.exclude(pk=found.organisation_id).filter(invited | others).distinct().order_by("name", "pk")


def may_give_as(viewer: Viewer, found: Round, organisation: Organisation | None) -> bool:
    """As this organisation; None is in one's own name, which only rounds for all allow."""
    if organisation is not None:
        return organisations_that_may_give(viewer, found).filter(pk=organisation.pk).exists()
    if person(viewer) is None or not found.is_open_to_all or may_run(viewer, found):
        return False
    return rounds_visible_to(viewer).filter(pk=found.pk).exists()


def may_write(viewer: Viewer, review: Review) -> bool:
    """Whose feedback it is."""
    somebody = person(viewer)
    if somebody is None:
        return False
    if review.organisation_id is None:
        return review.person_id == somebody.pk
    return directory.stewarded_by(somebody).filter(pk=review.organisation_id).exists()


def invitations_of(viewer: Viewer) -> QuerySet[Invitation]:
    """Invitations to organisations this viewer looks after, in rounds they see."""
    mine = directory.stewarded_by(viewer).filter(state=State.PUBLISHED).values("pk")
    return Invitation.objects.filter(organisation__in=mine, round__in=rounds_visible_to(viewer).filter(hidden_at=None).values("pk"))


def may_answer_invitation(viewer: Viewer, invitation: Invitation) -> bool:
    """Who looks after the organisation that was invited."""
    return invitations_of(viewer).filter(pk=invitation.pk).exists()


# ---------------------------------------------------------------------------------------------------------- moderating


def may_moderate(viewer: Viewer, thing: Round | Review) -> bool:
    """The caretakers of the entry that asked: that is the page on which it stands."""
    asked_by = thing.organisation if isinstance(thing, Round) else thing.round.organisation
    return directory.may_caretake_entry(viewer, asked_by)


def keepers_of(found: Round) -> QuerySet[Person]:
    """Whom news about a round concern: those who look after its project."""
    return projects.keepers_of(found.project)


def givers_of(review: Review) -> QuerySet[Person]:
    """Whom answers to a review concern: the person, or those who look after the organisation."""
    if review.organisation is not None:
        return directory.keepers_of(review.organisation)
    return Person.objects.filter(feedback_given=review, is_active=True, is_service=False)
