"""A cooperative with a board, three members and somebody from outside, who all have accounts."""

from dataclasses import dataclass

from allmende.constitution.models import Cooperative
from allmende.ideas import actions
from allmende.ideas.models import Idea
from allmende.people.models import Person
from tests import coops


@dataclass
class Scene:
    """Who is who."""

    cooperative: Cooperative
    board: Person
    anna: Person
    ben: Person
    clara: Person
    stranger: Person

    def idea(self, title: str = "Liefertage im Netz ändern", by: Person | None = None, **words: str) -> Idea:
        """An idea of Anna's, unless said otherwise."""
        said = actions.Words(title=title, text=words.pop("text", "Damit niemand vor der Tür steht."), **words)
        return actions.publish_idea(self.cooperative, said, by=by or self.anna)


def scene() -> Scene:
    """Everybody in place."""
    cooperative = coops.cooperative()
    coops.statute(cooperative)
    board = coops.office(cooperative)
    people = [coops.person(name) for name in ("anna", "ben", "clara", "fremd")]
    for one in people[:3]:
        coops.member(cooperative, board, person=one)
    return Scene(cooperative, board, *people)
