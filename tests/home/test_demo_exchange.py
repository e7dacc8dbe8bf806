"""The demo of the exchange: everything in every state, marked, by invented organisations only, loaded once, and nobody gets mail of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from allmende.circles.models import Circle, CircleMember, Note
from allmende.comments.models import Comment, Mention
from allmende.directory.demo import load as network
from allmende.enquiries.models import Block, Enquiry, Word
from allmende.enquiries.models import State as EnquiryState
from allmende.exchange.models import Listing
from allmende.exchange.models import State as ListingState
from allmende.feedback.models import Review, Round
from allmende.files.models import Attachment
from allmende.ground.models import Letter
from allmende.home.demo import exchange, people
from allmende.matching.queries import matches
from allmende.people.models import MailChoice, Notice, Person
from allmende.projects.models import Part, PartState, Project, Stage

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Loads:
    """What the first two loadings returned: before the demo people were there, and after."""

    early: int
    first: int


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loads]:
    """The story in one transaction around all tests of this file: it takes longer than they do."""
    media = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=media), django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        network.load()
        early = exchange.load()
        people.load()
        yield Loads(early, exchange.load())
        transaction.set_rollback(True)
    cache.clear()


@pytest.fixture
def _django_db_helper() -> None:
    """Takes the place of pytest-django's own: it would give every test a transaction of its own."""


def test_without_the_demo_people_nothing_is_put_up(loaded: Loads) -> None:
    assert loaded == Loads(0, 42)


def test_loading_twice_changes_nothing(loaded: Loads) -> None:
    tables = (Listing, Enquiry, Project, Part, Round, Review, Circle, Note, Comment, Attachment, Notice)
    before = [table._default_manager.count() for table in tables]
    assert exchange.load() == 0
    assert [table._default_manager.count() for table in tables] == before


def test_everything_is_marked_and_said_by_invented_organisations_only(loaded: Loads) -> None:
    for table in (Listing, Project, Circle, Round):
        assert not table._default_manager.exclude(is_demo=True).exists()
        assert not table._default_manager.exclude(organisation__slug__startswith="demo-").exists()
    assert not Part.objects.exclude(organisation__slug__startswith="demo-").exists()
    assert not Enquiry.objects.exclude(asker__slug__startswith="demo-").exists()
    assert not Review.objects.exclude(organisation=None).exclude(organisation__slug__startswith="demo-").exists()
    assert all(one.person and one.person.email.endswith("@demo.example") for one in Comment.objects.select_related("person"))


def test_offers_and_needs_stand_in_every_state_and_in_every_group(loaded: Loads) -> None:
    states = set(Listing.objects.values_list("state", flat=True))
    assert states == set(ListingState.values) - {ListingState.HIDDEN}
    groups = Counter(one.category.parent.key for one in Listing.objects.select_related("category__parent") if one.category.parent)
    assert len(groups) == 10
    assert set(Listing.objects.values_list("terms", flat=True)) == {"gift", "exchange", "paid", "commons"}
    assert set(Listing.objects.values_list("audience", flat=True)) == {"public", "network", "chosen"}
    assert Listing.objects.filter(person__isnull=False).count() == 3
    soon = timezone.localdate() + timedelta(days=7)
    assert Listing.objects.filter(state="open", until__lte=soon).count() == 2


def test_many_needs_have_a_good_match_also_under_another_category(loaded: Loads) -> None:
    dora = Person.objects.get(email="dora@demo.example")
    needs = Listing.objects.filter(state="open", direction="need").exclude(organisation__slug="demo-hausgemeinschaft-kranichbogen")
    found = {need.title: matches(need, dora).good for need in needs}
    assert sum(bool(good and good[0].score.is_good) for good in found.values()) >= 10
    cargo = next(good for title, good in found.items() if title.startswith("Lastenrad gesucht"))[0]
    assert (cargo.listing.title, cargo.score.category) == ("Verleih von Cargobikes am Standort Freiburg", 0)


def test_conversations_stand_in_every_state(loaded: Loads) -> None:
    states = Counter(Enquiry.objects.values_list("state", flat=True))
    assert states == {
        EnquiryState.OPEN: 1, EnquiryState.ANSWERED: 4, EnquiryState.AGREED: 2, EnquiryState.NOT_AGREED: 1, EnquiryState.WITHDRAWN: 1,
    }  # fmt: skip
    agreed = Enquiry.objects.filter(state=EnquiryState.AGREED)
    assert all(Word.objects.filter(enquiry=one).exclude(note="").count() == 2 for one in agreed)
    assert Block.objects.count() == 1
    assert not Enquiry.objects.filter(first_answer_at__lt=timezone.now() - timedelta(days=400)).exists()
    assert all(
        one.opened_at <= (one.first_answer_at or one.opened_at) <= (one.closed_at or timezone.now()) for one in Enquiry.objects.all()
    )


def test_projects_stand_in_every_stage_and_parts_in_every_state(loaded: Loads) -> None:
    assert Counter(Project.objects.filter(is_draft=False).values_list("stage", flat=True)) == Counter(Stage.values)
    assert set(Part.objects.values_list("state", flat=True)) == set(PartState.values)
    assert Project.objects.exclude(adopted_from=None).get().adopted_from.title == "Schichtplan, der den Fahrenden gehört"  # type: ignore[union-attr]
    assert Project.objects.filter(is_draft=True).count() == 1
    assert Attachment.objects.count() == 3


def test_rounds_and_circles_have_what_they_need_to_be_looked_at(loaded: Loads) -> None:
    now = timezone.now()
    assert Counter(Round.objects.values_list("state", flat=True)) == {"open": 2, "closed": 1}
    assert Round.objects.filter(state="open", deadline__lt=now + timedelta(days=3)).count() == 1
    assert not Review.objects.filter(round__state="closed", thanks="").exists()
    assert set(CircleMember.objects.values_list("state", flat=True)) == {"in", "invited", "asked"}
    assert max(note.versions.count() for note in Note.objects.all()) == 3
    assert Mention.objects.get().word == "demo-lieferkollektiv-windschatten"


def test_nobody_gets_mail_and_what_is_old_is_read(loaded: Loads) -> None:
    assert not Letter.objects.exists()
    assert not MailChoice.objects.exists()
    week = timezone.now() - timedelta(days=8)
    assert not Notice.objects.filter(created_at__lt=week, read_at=None).exists()
    anna = Person.objects.get(email="anna@demo.example")
    assert 0 < Notice.objects.filter(person=anna, read_at=None).count() <= 12


def test_its_pages_open(loaded: Loads, client: Client) -> None:
    anna = Person.objects.get(email="anna@demo.example")
    client.force_login(anna)
    project = Project.objects.get(title__startswith="Gemüse")
    pages = ["/austausch/", "/boerse/", "/projekte/", "/rueckmeldungen/", "/arbeitskreise/", "/gespraeche/", project.get_absolute_url()]
    pages += [one.get_absolute_url() for one in (Listing.objects.filter(person=None)[0], Round.objects.all()[0], Circle.objects.all()[0])]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
