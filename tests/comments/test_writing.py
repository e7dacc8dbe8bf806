"""Writing, answering, changing, deleting: who may, what comes of it, what is refused."""

import pytest
from django.utils import timezone

from allmende.comments import actions, rules
from allmende.comments.models import Comment, Following
from allmende.directory.models import Organisation
from allmende.exchange.models import Listing
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.people.models import Person
from tests.comments.conftest import as_, chosen_only, keeper, listing, page_of, person, says


def test_a_comment_is_sent_by_its_page_and_stands_there(offer: Listing, ben: Person) -> None:
    answer = as_(ben).post(page_of(offer), {"text": "Ist es noch *da*?"})
    said = Comment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{page_of(offer)}#kommentar-{said.pk}")
    assert (said.person, said.organisation, said.parent, said.text) == (ben, None, None, "Ist es noch *da*?")
    page = as_(None).get(page_of(offer)).content.decode()
    assert "Kommentare (1)" in page or "Comments (1)" in page
    assert "<em>da</em>" in page
