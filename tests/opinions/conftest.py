"""A cooperative with a landscape, a board and members who have accounts."""

from dataclasses import dataclass, field
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from allmende.constitution.models import Cooperative
from allmende.opinions import actions
from allmende.opinions.actions import Wording
from allmende.opinions.models import Answer, Landscape, Statement
from allmende.people.models import Person
from tests import coops

TEXTS = [f"Die Aussage Nummer {word} gilt bei uns." for word in "eins zwei drei vier fünf sechs sieben acht".split()]
_names = count(1)


@dataclass
class Scene:
    """Who and what there is."""

    cooperative: Cooperative
    board: Person
    landscape: Landscape
    members: list[Person] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.cooperative.organisation.slug

    def more(self, many: int) -> list[Person]:
        """So many more members."""
        made = []
        for _one in range(many):
            person = coops.person(f"stimme{next(_names)}")
            coops.member(self.cooperative, self.board, person=person)
            made.append(person)
        self.members += made
        return made

    def at(self, page: str, *args: object) -> str:
        return reverse(f"opinions:{page}", args=[self.slug, self.landscape.uuid, *args])

    def statement(self, number: int) -> Statement:
        return Statement.objects.select_related("landscape").get(landscape=self.landscape, number=number)

    def all_answer(self, people: list[Person], first: int, second: int) -> None:
        """The first half of the statements is answered one way, the second another; written at once, as the action would."""
        now, statements = timezone.now(), list(self.landscape.statements.filter(number__lte=8))
        for person in people:
            Answer.objects.filter(person=person).delete()
            Answer.objects.bulk_create(
                Answer(
                    landscape=self.landscape,
                    statement=one,
                    person=person,
                    value=first if one.number <= 4 else second,
                    answered_at=now,
                )
                for one in statements
            )


@pytest.fixture
def draft(db: None) -> Scene:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    made = actions.create_landscape(of, Wording("Wie wollen wir liefern?", "Was uns **wichtig** ist."), by=board)
    for text in TEXTS:
        actions.add_statement(made, text, by=board)
    return Scene(of, board, made)


@pytest.fixture
def scene(draft: Scene) -> Scene:
    draft.landscape = actions.open_landscape(draft.landscape, by=draft.board)
    draft.more(1)
    return draft
