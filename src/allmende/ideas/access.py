"""Who sees ideas and does what with them. Who takes part in the cooperative reads, writes, supports; others see what is public."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.directory.access import may_caretake_entry
from allmende.electorates.access import cooperatives_of, takes_part
from allmende.ideas import rules
from allmende.ideas.models import Idea, State, Visibility
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.processes.queries import is_open


def ideas_visible_to(viewer: Viewer) -> QuerySet[Idea]:
    """Those of one's cooperatives, and public ones. Withdrawn ones only for their author; hidden ones for them and the administration."""
    shown = Q(hidden_at=None) & ~Q(state=State.WITHDRAWN)
    public = Q(visibility=Visibility.PUBLIC, cooperative__in=constitution.cooperatives_visible_to(viewer))
    found = shown & public
    if is_person(viewer):
        administered = constitution.held_by(viewer, constitution.ADMINISTERING).values("cooperative")
        mine = Q(cooperative__in=cooperatives_of(viewer))
        found |= (mine & shown) | (mine & Q(author=viewer)) | (Q(cooperative__in=administered) & ~Q(state=State.WITHDRAWN))
    return Idea.objects.filter(found).select_related("cooperative__organisation", "author")


def talk_visible_to(viewer: Viewer) -> QuerySet[Idea]:
    """Whose conversation and names are read: those of one's own cooperatives. Guests of a public idea read its words only."""
    return ideas_visible_to(viewer).filter(cooperative__in=cooperatives_of(viewer))


def idea_at(viewer: Viewer, cooperative: Cooperative, uuid: UUID) -> Idea | None:
    """One idea of this cooperative, if the viewer may see it."""
    return ideas_visible_to(viewer).select_related("merged_into").filter(cooperative=cooperative, uuid=uuid).first()


def may_come_in(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whoever takes part; everybody where at least one idea is public."""
    return takes_part(viewer, cooperative) or ideas_visible_to(viewer).filter(cooperative=cooperative).exists()


def may_read_editions(viewer: Viewer, idea: Idea) -> bool:
    """Former words stay among those who take part: they may be of a time when the idea was not public."""
    return takes_part(viewer, idea.cooperative)


def may_write(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whoever takes part."""
    return takes_part(viewer, cooperative)


def may_administer(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Board and administration: answer, merge, make public, hide."""
    return constitution.may_administer(viewer, cooperative)


def is_author(viewer: Viewer, idea: Idea) -> bool:
    """Whose idea it is, while they take part."""
    return is_person(viewer) and idea.author_id == viewer.pk and takes_part(viewer, idea.cooperative)


def may_support(viewer: Viewer, idea: Idea) -> bool:
    """Whoever takes part, not the author; while it is on its way and its process, if it has one, is open for it."""
    can = idea.state in rules.LIVE and idea.hidden_at is None
    return can and is_person(viewer) and idea.author_id != viewer.pk and takes_part(viewer, idea.cooperative) and _open_for(idea)


def _open_for(idea: Idea) -> bool:
    return is_open(idea, "support", timezone.now())


def may_edit(viewer: Viewer, idea: Idea) -> bool:
    """Its author, while it is open."""
    return idea.state == State.OPEN and idea.hidden_at is None and is_author(viewer, idea)


def may_discuss(viewer: Viewer, idea: Idea) -> bool:
    """Whoever takes part, as long as it was not withdrawn or merged."""
    return idea.state not in (State.WITHDRAWN, State.MERGED) and takes_part(viewer, idea.cooperative)


def may_moderate(viewer: Viewer, idea: Idea) -> bool:
    """Board and administration of its cooperative."""
    return constitution.may_administer(viewer, idea.cooperative)


def may_merge(viewer: Viewer, idea: Idea, into: Idea) -> bool:
    """Administration; and who wrote both."""
    return may_moderate(viewer, idea) or (is_author(viewer, idea) and is_author(viewer, into))


def may_wish(viewer: Viewer, idea: Idea) -> bool:
    """Who looks for another idea to make one of both: its author, administration."""
    return idea.state in rules.LIVE and idea.hidden_at is None and (is_author(viewer, idea) or may_moderate(viewer, idea))


def may_separate(viewer: Viewer, idea: Idea) -> bool:
    """Undo a merge: administration, and whose idea it was."""
    return idea.state == State.MERGED and (may_moderate(viewer, idea) or is_author(viewer, idea))


def concerned(idea: Idea) -> QuerySet[Person]:
    """Its author and everybody who supports it."""
    return Person.objects.filter(Q(pk=idea.author_id or 0) | Q(pk__in=idea.supports.values("person")), is_active=True)


def judges(viewer: Viewer, idea: Idea) -> bool:
    """Who decides on reports about things of this entry."""
    return may_caretake_entry(viewer, idea.cooperative.organisation)
