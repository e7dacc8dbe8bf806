"""Who sees and does what with opinion landscapes. Whoever takes part answers; board and administration run them; answers are one's own."""

from django.db.models import Q, QuerySet

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.electorates import access as electorates
from allmende.opinions.models import Answer, Landscape, State, Statement
from allmende.people.queries import Viewer, is_person


def landscapes_visible_to(viewer: Viewer) -> QuerySet[Landscape]:
    """Those of the own cooperatives once they are open, drafts for who runs them, published reports for everybody."""
    seen = Q(published_at__isnull=False, cooperative__in=constitution.cooperatives_visible_to(viewer))
    if is_person(viewer):
        running = constitution.held_by(viewer, constitution.ADMINISTERING).values("cooperative")
        seen |= Q(cooperative__in=electorates.cooperatives_of(viewer)) & (~Q(state=State.DRAFT) | Q(cooperative__in=running))
    return Landscape.objects.filter(seen).select_related("cooperative__organisation")


def talk_visible_to(viewer: Viewer) -> QuerySet[Landscape]:
    """Whose conversation is read: that of one's own cooperatives. A published report is read without it."""
    return landscapes_visible_to(viewer).filter(cooperative__in=electorates.cooperatives_of(viewer))


def statements_visible_to(viewer: Viewer) -> QuerySet[Statement]:
    """The statements of visible landscapes; hidden ones for who may bring them back."""
    running = constitution.held_by(viewer, constitution.ADMINISTERING).values("cooperative")
    shown = Q(hidden_at=None) | Q(landscape__cooperative__in=running)
    return Statement.objects.filter(shown, landscape__in=landscapes_visible_to(viewer)).select_related(
        "landscape__cooperative__organisation"
    )


def answers_of(viewer: Viewer) -> QuerySet[Answer]:
    """One's own answers. There is no way to those of anybody else."""
    return Answer.objects.filter(person=viewer) if is_person(viewer) else Answer.objects.none()


def may_run(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Board and member administration: start, change, hide statements, close."""
    return constitution.may_administer(viewer, cooperative)


def may_publish(viewer: Viewer, landscape: Landscape) -> bool:
    """The board shows the final report to everybody."""
    return constitution.may_decide(viewer, landscape.cooperative)


def may_answer(viewer: Viewer, landscape: Landscape) -> bool:
    """Whoever takes part in what the cooperative decides."""
    return electorates.takes_part(viewer, landscape.cooperative)


def may_add(viewer: Viewer, landscape: Landscape) -> bool:
    """Whoever runs it; with `members_add` whoever takes part."""
    return may_run(viewer, landscape.cooperative) or (landscape.members_add and may_answer(viewer, landscape))


def may_moderate(viewer: Viewer, statement: Statement) -> bool:
    """Whoever runs the landscape."""
    return may_run(viewer, statement.landscape.cooperative)
