"""Every question about feedback; each begins at what its viewer may see. Names are given only of organisations that are shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from allmende.directory import access as directory
from allmende.directory.models import Belonging, Organisation, Role, State, Stewardship
from allmende.feedback import access, rules
from allmende.feedback.models import Invitation, Review, Round, Suggestion
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.projects.models import Project

NEAR = 40
"""As many organisations of the own networks are offered for inviting; others are named."""


def questions(found: Round) -> list[str]:
    """The questions of those who asked, in their order."""
    return [text for text in (found.question_1, found.question_2, found.question_3) if text]


def answers(review: Review) -> list[str]:
    """What a review answers to them; as many as there are fields."""
    return [review.answer_1, review.answer_2, review.answer_3]


def name_of(organisation: Organisation | None) -> str:
    """How an organisation is called on pages: those that are no longer listed have no name here."""
    if organisation is None or organisation.state != State.PUBLISHED:
        return _("an organisation that is no longer listed")
    return organisation.name


def giver_of(review: Review) -> str:
    """Who gave it: an organisation, a person in their own name, or somebody who has left."""
    if review.organisation_id:
        return name_of(review.organisation)
    return review.person_name or _("somebody who has left this house")


# ------------------------------------------------------------------------------------------------------------- rounds


def with_numbers(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with their project, who asks, and how many were asked and gave something."""
    given = Count("reviews", filter=Q(reviews__state=rules.GIVEN) & _unmerged("reviews__"), distinct=True)
    return rounds.select_related("project", "organisation").annotate(given=given, asked=Count("invitations", distinct=True))


def _unmerged(before: str = "") -> Q:
    return Q(**{f"{before}organisation": None}) | ~Q(**{f"{before}organisation__state": State.MERGED})


def rounds_of(project: Project, viewer: Viewer) -> list[Round]:
    """The rounds of a project this viewer sees, newest first."""
    return list(with_numbers(access.rounds_visible_to(viewer).filter(project=project)))


def asked_since(project: Project, organisation: Organisation, moment: datetime) -> int:
    """How many rounds were opened about this project, or by this organisation, since."""
    return Round.objects.filter(Q(project=project) | Q(organisation=organisation), opened_at__gt=moment).count()


def invitations_waiting(viewer: Viewer, now: datetime) -> list[Invitation]:
    """What the viewer's organisations were asked and have not answered yet, the nearest deadline first."""
    if access.person(viewer) is None:
        return []
    given = Review.objects.filter(round=OuterRef("round"), organisation=OuterRef("organisation"), state=rules.GIVEN)
    found = access.invitations_of(viewer).filter(~Exists(given), declined_at=None, round__state=rules.OPEN, round__deadline__gt=now)
    return list(found.select_related("round__project", "round__organisation", "organisation").order_by("round__deadline", "pk"))


def reviews_waiting(viewer: Viewer) -> list[Review]:
    """Feedback those who asked have not yet answered: a suggestion without a word; where nothing is suggested, no word at all."""
    if access.person(viewer) is None:
        return []
    suggestions = Suggestion.objects.filter(review=OuterRef("pk"))
    unanswered = Q(Exists(suggestions.filter(verdict="")))
    no_word = Q(~Exists(suggestions), thanked_at=None, replied_at=None)
    mine = access.reviews_visible_to(viewer).filter(round__in=access.rounds_run_by(viewer).values("pk"), state=rules.GIVEN, hidden_at=None)
    found = mine.filter(unanswered | no_word).select_related("round__project", "round__organisation", "organisation")
    return list(found.order_by("given_at", "pk"))


def drafts_of(viewer: Viewer, now: datetime) -> list[Review]:
    """What the viewer has begun to write in rounds that still take answers."""
    found = access.own_reviews(viewer).filter(state=rules.DRAFT, round__state=rules.OPEN, round__deadline__gt=now)
    return list(found.select_related("round__project", "organisation").order_by("round__deadline", "pk"))


def open_to(viewer: Viewer, now: datetime) -> list[Round]:
    """Open rounds that everybody who sees the project may answer; without the viewer's own ones and those already answered."""
    found = _open_to_all(viewer, now)
    somebody = access.person(viewer)
    if somebody is not None:
        found = found.exclude(pk__in=access.rounds_run_by(somebody).values("pk"))
        found = found.exclude(pk__in=access.own_reviews(somebody).filter(state=rules.GIVEN).values("round"))
    return list(with_numbers(found).order_by("deadline", "pk")[:50])


def is_any_open(viewer: Viewer, now: datetime) -> bool:
    """Whether any round is open to everybody, the viewer's own ones and those already answered too."""
    return _open_to_all(viewer, now).exists()


def _open_to_all(viewer: Viewer, now: datetime) -> QuerySet[Round]:
    return access.rounds_visible_to(viewer).filter(hidden_at=None, is_open_to_all=True, state=rules.OPEN, deadline__gt=now)


def run_by(viewer: Viewer) -> list[Round]:
    """The rounds the viewer's organisations asked for; open ones first."""
    found = access.rounds_visible_to(viewer).filter(pk__in=access.rounds_run_by(viewer).values("pk"))
    return list(with_numbers(found).order_by("-state", "-opened_at", "-pk")[:50])


def given_by(viewer: Viewer) -> list["Given"]:
    """What the viewer or their organisations gave, newest first, with what became of the suggestions."""
    found = access.own_reviews(viewer).filter(state=rules.GIVEN).filter(_unmerged(), round__project__is_draft=False)
    found = found.filter(round__project__hidden_at=None).select_related("round__project", "round__organisation", "organisation")
    return [Given(one) for one in found.prefetch_related("suggestions").order_by("-given_at", "-pk")[:50]]


# ------------------------------------------------------------------------------------------------------------ reviews


@dataclass(frozen=True)
class Given:
    """A review as a page shows it."""

    review: Review
    asked: Sequence[str] = ()

    @property
    def giver(self) -> str:
        """Who gave it."""
        return giver_of(self.review)

    @property
    def suggestions(self) -> list[Suggestion]:
        """Its suggestions, with what became of them."""
        return list(self.review.suggestions.all())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The questions of those who asked with their answers, as far as there are any."""
        return [(question, answer) for question, answer in zip(self.asked, answers(self.review), strict=False) if answer]

    @property
    def is_answered(self) -> bool:
        """Whether those who asked have begun to answer: then it stands as it is."""
        return bool(self.review.thanked_at or self.review.replied_at or any(one.verdict for one in self.suggestions))

    @property
    def unanswered(self) -> int:
        """How many suggestions wait for a word."""
        return sum(not one.verdict for one in self.suggestions)

    @property
    def became(self) -> Counter[str]:
        """How many suggestions were taken up, put off, not taken up, and wait (an empty word)."""
        return Counter(one.verdict for one in self.suggestions)


def given_in(found: Round, viewer: Viewer) -> list[Given]:
    """The feedback of a round this viewer may read, in the order in which it came."""
    reviews = access.reviews_visible_to(viewer).filter(round=found, state=rules.GIVEN)
    asked = questions(found)
    return [Given(one, asked) for one in reviews.select_related("organisation", "person").prefetch_related("suggestions")]


def number_given(found: Round) -> int:
    """How many gave something, whoever may read it."""
    return Review.objects.filter(_unmerged(), round=found, state=rules.GIVEN).count()


def is_answered(review: Review) -> bool:
    """Whether those who asked have begun to answer this review."""
    return bool(review.thanked_at or review.replied_at) or review.suggestions.exclude(verdict="").exists()


def became_of(found: Round) -> Counter[str]:
    """What became of all suggestions of a round, as numbers by verdict; empty for those that wait."""
    rows = Suggestion.objects.filter(review__round=found, review__state=rules.GIVEN, review__hidden_at=None).filter(_unmerged("review__"))
    return Counter(dict(rows.order_by().values_list("verdict").annotate(n=Count("pk"))))


@dataclass(frozen=True)
class Asked:
    """An organisation that was invited, and how far it is."""

    invitation: Invitation
    has_given: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return name_of(self.invitation.organisation)


def asked_in(found: Round) -> list[Asked]:
    """Who was asked, by name; entries that were merged away have gone with their invitation."""
    given = set(Review.objects.filter(round=found, state=rules.GIVEN).values_list("organisation_id", flat=True))
    rows = found.invitations.select_related("organisation").exclude(organisation__state=State.MERGED).order_by("organisation__name", "pk")
    return [Asked(one, one.organisation_id in given) for one in rows]


def words_of_round(found: Round) -> str:
    """All that those who asked wrote into a round, for those who judge a report."""
    return "\n\n".join(text for text in (found.text, *questions(found), found.word) if text)


def words_of_review(review: Review) -> str:
    """All that stands in a review, answers to it included, for those who judge a report."""
    answered = [f"{one.text}\n→ {one.because}" if one.because else one.text for one in review.suggestions.all()]
    texts = (review.person_name, review.strengths, review.open_questions, *answers(review), *answered, review.reply, review.thanks)
    return "\n\n".join(text for text in texts if text)


# ------------------------------------------------------------------------------------------------------------- voices


@dataclass(frozen=True)
class Voice:
    """In whose name somebody can answer a round: an organisation, or their own (`organisation` is None)."""

    organisation: Organisation | None
    review: Review | None = None

    @property
    def key(self) -> str:
        """How an address names it."""
        return str(self.organisation.pk) if self.organisation else "selbst"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.organisation.name if self.organisation else _("In your own name")


def voices(viewer: Viewer, found: Round) -> list[Voice]:
    """Every voice this viewer has in the round, organisations first; with what is written already."""
    mine = {one.organisation_id: one for one in access.own_reviews(viewer).filter(round=found).select_related("organisation")}
    organisations: list[Organisation | None] = [*access.organisations_that_may_give(viewer, found)]
    if access.may_give_as(viewer, found, None):
        organisations.append(None)
    return [Voice(one, mine.get(one.pk if one else None)) for one in organisations]


# ----------------------------------------------------------------------------------------------- giving and getting


@dataclass
class Balance:
    """How much feedback an organisation gave and got."""

    organisation: Organisation
    given: int = 0
    received: int = 0
    seen: list[Review] = field(default_factory=list)


def balances(viewer: Viewer) -> list[Balance]:
    """Giving and getting of every organisation, alphabetically: a network lives from both, and this is no ranking.

    Counted is what was given in rounds the viewer sees; who may not read a review learns only that there is one.
    """
    counted = Review.objects.filter(state=rules.GIVEN, hidden_at=None, round__in=access.rounds_visible_to(viewer).values("pk"))
    given = Counter(dict(counted.exclude(organisation=None).order_by().values_list("organisation").annotate(n=Count("pk"))))
    received = Counter(dict(counted.order_by().values_list("round__organisation").annotate(n=Count("pk"))))
    known = Organisation.objects.filter(pk__in={*given, *received}, state=State.PUBLISHED).order_by("name", "pk")
    return [Balance(one, given[one.pk], received[one.pk]) for one in known]


def balance_of(organisation: Organisation, viewer: Viewer) -> Balance | None:
    """The same for one organisation, with what the viewer may read of it; None where there is nothing."""
    either = Q(organisation=organisation) | Q(round__organisation=organisation)
    if not Review.objects.filter(either, state=rules.GIVEN).exists():
        return None
    counted = Review.objects.filter(either, state=rules.GIVEN, hidden_at=None, round__in=access.rounds_visible_to(viewer).values("pk"))
    rows = list(counted.filter(_unmerged()).values_list("pk", "organisation"))
    given = sum(by == organisation.pk for _pk, by in rows)
    if not rows:
        return None
    readable = access.reviews_visible_to(viewer).filter(pk__in=[pk for pk, by in rows if by == organisation.pk])
    seen = list(readable.select_related("round__project").order_by("-given_at", "-pk")[:5])
    return Balance(organisation, given, len(rows) - given, seen)


# ---------------------------------------------------------------------------------------------------------- inviting


def near(found_by: Organisation, project: Project) -> list[Organisation]:
    """Whom one may want to ask: organisations of the same networks that see the project and have people who could answer."""
    networks = Belonging.objects.filter(member=found_by).values("network")
    same = Q(belongs_to__network__in=networks) | Q(pk__in=networks) | Q(belongs_to__network=found_by.pk)
    parts = Q(project_parts__project=project)
    held = Stewardship.objects.filter(organisation=OuterRef("pk"), until=None, role__in=directory.KEEPERS)
    seen = access.organisations_that_see(project).values("pk")
    asking = access.askers_of(project).values("pk")
    found = Organisation.objects.filter(Exists(held), same | parts, pk__in=seen).exclude(pk__in=asking)
    return list(found.distinct().order_by("name", "pk")[:NEAR])


# ---------------------------------------------------------------------------------------------------------- for jobs


def overdue(now: datetime) -> QuerySet[Round]:
    """Open rounds whose deadline has passed."""
    return Round.objects.filter(state=rules.OPEN, deadline__lte=now)


def to_remind(now: datetime) -> list[Invitation]:
    """Invitations nobody has answered, shortly before the deadline, that have not been reminded of."""
    given = Review.objects.filter(round=OuterRef("round"), organisation=OuterRef("organisation"), state=rules.GIVEN)
    waiting = Invitation.objects.filter(~Exists(given), reminded_on=None, declined_at=None, organisation__state=State.PUBLISHED)
    waiting = waiting.filter(round__state=rules.OPEN, round__deadline__gt=now, round__deadline__lte=now + rules.REMIND_BEFORE)
    waiting = waiting.filter(round__hidden_at=None, round__project__is_draft=False, round__project__hidden_at=None)
    found = waiting.select_related("round__project", "organisation").order_by("pk")
    return [one for one in found if rules.is_reminder_due(one.round.deadline, one.invited_at, now)]


def with_news(now: datetime) -> list[Round]:
    """Rounds in which something was given that those who asked have not been told of, and that may write again."""
    fresh = Review.objects.filter(round=OuterRef("pk"), state=rules.GIVEN, hidden_at=None)
    untold = fresh.filter(given_at__gt=OuterRef("told_at"))
    found = Round.objects.filter(Exists(untold), told_at__lte=now - rules.NEWS_EVERY, project__is_draft=False, project__hidden_at=None)
    return list(found.order_by("pk"))


def untold(found: Round) -> int:
    """How many reviews came in since those who asked were told."""
    fresh = Review.objects.filter(round=found, state=rules.GIVEN, hidden_at=None)
    return (fresh.filter(given_at__gt=found.told_at) if found.told_at else fresh).count()


def people_of(found: Round) -> QuerySet[Person]:
    """Everybody who gave something, each once: they hear how it ends."""
    reviews = Review.objects.filter(round=found, state=rules.GIVEN)
    held = Stewardship.objects.filter(organisation__in=reviews.values("organisation"), until=None, role__in=(Role.OWNER, Role.EDITOR))
    active = Person.objects.filter(is_active=True, is_service=False)
    return active.filter(Q(pk__in=reviews.values("person")) | Q(pk__in=held.values("person")))


def answerable(rounds: Sequence[Round], viewer: Viewer, now: datetime) -> Round | None:
    """The first of these rounds the viewer can still answer in some name and has not yet."""
    for one in rounds:
        is_open = one.hidden_at is None and rules.is_taking(one.state, one.deadline, now)
        if is_open and any(voice.review is None or voice.review.state == rules.DRAFT for voice in voices(viewer, one)):
            return one
    return None
