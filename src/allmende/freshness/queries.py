"""Whom to ask, what waits, what a link leads to. Ages are compared in the database, decided in `rules`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Case, DateTimeField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from allmende.directory import access as entries
from allmende.directory.models import Confirmation, Organisation, Record, Revision, State, Stewardship
from allmende.freshness import access, rules
from allmende.freshness.models import Gone, LinkCheck, Look, Question, Whom
from allmende.people.models import MailChoice, Person
from allmende.people.queries import Viewer

AREA = "freshness"
KIND = "freshness.question"
UNCLAIMED_A_DAY = 200

_SIGNER = signing.Signer(salt="allmende.freshness.answer", sep=".")


# ------------------------------------------------------------------------------------------------------------- links


def link_of(question: Question) -> str:
    """The signed word that stands in a letter's addresses."""
    return _SIGNER.sign(question.token)


def question_of(link: str) -> Question | None:
    """The question a link belongs to; None where it was tampered with or its entry is gone."""
    try:
        token = _SIGNER.unsign(link)
    except signing.BadSignature:
        return None
    return Question.objects.select_related("organisation", "person").filter(token=token).first()


def standing(question: Question, now: datetime) -> rules.Standing:
    """How the link of this question stands today."""
    return rules.standing(
        question.answer,
        question.asked_at,
        confirmed_at(question.organisation),
        now,
        is_theirs=access.may_answer(question),
        is_published=question.organisation.state == State.PUBLISHED,
    )


def confirmed_at(organisation: Organisation) -> datetime | None:
    """When an entry was last confirmed."""
    return Confirmation.objects.filter(organisation=organisation).order_by("-at").values_list("at", flat=True).first()


# ------------------------------------------------------------------------------------------------------ whom to ask


def _keepers() -> QuerySet[Stewardship]:
    """Stewardships of people who can be asked: owners and editors of today."""
    return Stewardship.objects.filter(until=None, role__in=entries.KEEPERS, person__is_active=True, person__is_service=False)


def _team_edits() -> QuerySet[Revision]:
    """Edits of the entry at hand by somebody who looks after it today."""
    mine = {"set__by__stewardships__organisation": OuterRef("pk"), "set__by__stewardships__until": None}
    return Revision.objects.filter(organisation=OuterRef("pk"), set__by__stewardships__role__in=entries.KEEPERS, **mine)


def quiet(silence: timedelta, now: datetime) -> QuerySet[Organisation]:
    """Published entries with people who look after them, of which nobody has given a sign of life for so long (rules.quiet_since)."""
    edge = now - silence
    here = {"organisation": OuterRef("pk")}
    confirmed = Confirmation.objects.filter(**here)
    return Organisation.objects.filter(
        Exists(_keepers().filter(**here)),
        Exists(confirmed) | Exists(_keepers().filter(since__lte=edge, **here)),
        ~Exists(confirmed.filter(at__gt=edge)),
        ~Exists(_team_edits().filter(set__at__gt=edge)),
        ~Exists(Look.objects.filter(at__gt=edge, **here)),
        state=State.PUBLISHED,
    )


def due(now: datetime) -> list[int]:
    """The entries of which nobody has given a sign of life for twelve months; whom to write to now is decided one by one."""
    return list(quiet(rules.ASK_AFTER, now).order_by("pk").values_list("pk", flat=True))


@dataclass
class Facts:
    """All that decides whether and whom to ask about one entry."""

    organisation: Organisation
    quiet_since: datetime
    keepers: list[Stewardship]
    questions: list[Question] = field(default_factory=list)

    def to(self, person: Person) -> list[Question]:
        """The newest round of letters to this person at the address they have now, after the last sign of life."""
        mine = [one for one in self.questions if one.person_id == person.pk and one.address == access.fingerprint(person.email)]
        newest = max((one.round_on for one in mine), default=None)
        return [one for one in mine if one.round_on == newest]

    def last_to(self, person: Person) -> datetime | None:
        """When this person was last written to, at whatever address: who has a new one begins a round of its own."""
        return max((one.asked_at for one in self.questions if one.person_id == person.pk), default=None)

    @property
    def has_bounces(self) -> bool:
        """Whether a letter about this entry came back."""
        return any(one.bounced_at for one in self.questions)


def facts(pks: Sequence[int]) -> list[Facts]:
    """What is known of these entries, in a fixed number of queries, in the order of their numbers. Without a sign of life: left out."""
    found = {one.pk: one for one in _with_signs(Organisation.objects.filter(pk__in=pks, state=State.PUBLISHED))}
    keepers: dict[int, list[Stewardship]] = defaultdict(list)
    for steward in _keepers().filter(organisation__in=found).select_related("person").order_by("since", "pk"):
        keepers[steward.organisation_id].append(steward)
    asked: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(organisation__in=found, whom=Whom.PERSON).order_by("asked_at"):
        asked[question.organisation_id].append(question)
    return [made for pk in sorted(found) if (made := _facts(found[pk], keepers[pk], asked[pk]))]


def _with_signs(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    here = {"organisation": OuterRef("pk")}
    return organisations.annotate(
        sign_confirmed=Subquery(Confirmation.objects.filter(**here).order_by("-at").values("at")[:1]),
        sign_edited=Subquery(_team_edits().order_by("-set__at").values("set__at")[:1]),
        sign_looked=Subquery(Look.objects.filter(**here).order_by("-at").values("at")[:1]),
    )


def _facts(organisation: Organisation, keepers: list[Stewardship], asked: list[Question]) -> Facts | None:
    signs = [getattr(organisation, name) for name in ("sign_edited", "sign_looked")]
    since = min((one.since for one in keepers), default=None)
    last = rules.quiet_since(organisation.sign_confirmed, max((one for one in signs if one), default=None), since)  # type: ignore[attr-defined]
    if last is None or not keepers:
        return None
    return Facts(organisation, last, keepers, [one for one in asked if one.asked_at > last])


def without_letters(people: Iterable[Person]) -> set[int]:
    """Those of them who want no letters about freshness."""
    return set(MailChoice.objects.filter(person__in=list(people), area=AREA, by_mail=False).values_list("person_id", flat=True))


def letters_since(people: Iterable[Person], moment: datetime) -> dict[int, int]:
    """How many of our letters each of them got since then."""
    counts: dict[int, int] = defaultdict(int)
    for pk in Question.objects.filter(person__in=list(people), asked_at__gt=moment).values_list("person_id", flat=True):
        counts[pk or 0] += 1
    return counts


def unclaimed(now: datetime, limit: int = UNCLAIMED_A_DAY) -> list[Organisation]:
    """Entries with an e-mail address that nobody looks after and nobody confirmed or asked about for a year, the oldest first."""
    edge, here = now - rules.ASK_AFTER, {"organisation": OuterRef("pk")}
    asked = Question.objects.filter(whom=Whom.ORGANISATION, **here)
    found = Organisation.objects.filter(
        ~Exists(Stewardship.objects.filter(until=None, role__in=entries.KEEPERS, **here)),
        ~Exists(Confirmation.objects.filter(at__gt=edge, **here)),
        ~Exists(asked.filter(asked_at__gt=edge)),
        ~Exists(asked.filter(answer__in=("optout", "gone"))),
        state=State.PUBLISHED,
        is_demo=False,
        created_at__lte=edge,
    )
    return list(found.exclude(email="").order_by("created_at", "pk")[:limit])


def may_be_asked(address: str, now: datetime) -> bool:
    """Whether an organisation's own address was not asked for a year, by whatever entry, and never said that it does not want to be."""
    before = Question.objects.filter(whom=Whom.ORGANISATION, address=access.fingerprint(address))
    return not before.filter(Q(answer="optout") | Q(asked_at__gt=now - rules.ASK_AFTER)).exists()


# --------------------------------------------------------------------------------------------------- what waits for me


def due_for(person: Viewer, now: datetime) -> QuerySet[Organisation]:
    """The entries this person looks after that were last confirmed more than a year ago, or never; those silent longest first."""
    newest = Subquery(Confirmation.objects.filter(organisation=OuterRef("pk")).order_by("-at").values("at")[:1])
    mine = entries.stewarded_by(person).filter(state=State.PUBLISHED).annotate(last_confirmed=newest)
    old = mine.filter(Q(last_confirmed=None) | Q(last_confirmed__lte=now - rules.ASK_AFTER))
    return old.order_by(F("last_confirmed").asc(nulls_first=True), "name")


def bounced_for(person: Viewer) -> bool:
    """Whether a letter of ours to the address this person has now came back."""
    if not isinstance(person, Person):
        return False
    mine = Question.objects.filter(person=person, address=access.fingerprint(person.email))
    return mine.filter(bounced_at__isnull=False, settled_at=None).exists()


# -------------------------------------------------------------------------------------------------- what waits for care


def _after(moment: Combinable, pause: timedelta) -> Combinable:
    return ExpressionWrapper(moment + Value(pause), output_field=DateTimeField())


def due_for_caretakers(viewer: Viewer, now: datetime) -> QuerySet[Organisation]:
    """Entries nobody confirms, for the caretakers of their area: two letters unanswered or nobody to write to (rules.is_for_caretakers),
    or without anybody who looks after them and silent for a year. `since`: from when they wait, the longest waiting first.
    """
    here = {"organisation": OuterRef("pk")}
    open_ = Question.objects.filter(whom=Whom.PERSON, answer="", bounced_at=None, **here)
    in_time = Q(number=1, asked_at__gt=now - rules.AGAIN_AFTER - rules.CARE_AFTER) | Q(number=2, asked_at__gt=now - rules.CARE_AFTER)
    silent = quiet(rules.ASK_AFTER + rules.AGAIN_AFTER + rules.CARE_AFTER, now)
    unanswered = quiet(rules.ASK_AFTER, now).filter(Exists(open_) | Q(pk__in=silent.values("pk"))).exclude(Exists(open_.filter(in_time)))
    waiting = Q(pk__in=unanswered.values("pk")) | Q(pk__in=_unkept(now).values("pk"))
    newest = Subquery(open_.order_by("-asked_at").values("asked_at")[:1])
    confirmed = Subquery(Confirmation.objects.filter(**here).order_by("-at").values("at")[:1])
    kept = Subquery(_keepers().filter(**here).order_by().values("organisation").annotate(at=Min("since")).values("at")[:1])
    since = Case(
        When(Exists(open_), then=_after(newest, rules.CARE_AFTER)),
        default=_after(Coalesce(confirmed, kept, F("changed_at")), rules.ASK_AFTER),
        output_field=DateTimeField(),
    )
    return entries.caretaken_by(viewer).filter(waiting).annotate(since=since).order_by("since", "pk")


def _unkept(now: datetime) -> QuerySet[Organisation]:
    """Published entries nobody looks after, unchanged, unconfirmed, unseen in their sources and by caretakers for a year."""
    edge, here = now - rules.ASK_AFTER, {"organisation": OuterRef("pk")}
    return Organisation.objects.filter(
        ~Exists(_keepers().filter(**here)),
        ~Exists(Confirmation.objects.filter(at__gt=edge, **here)),
        ~Exists(Record.objects.filter(seen_at__gt=edge, **here)),
        ~Exists(Look.objects.filter(at__gt=edge, **here)),
        state=State.PUBLISHED,
        changed_at__lte=edge,
    )


def bounces_waiting(viewer: Viewer) -> QuerySet[Question]:
    """Letters that came back from people who still have that address and look after that entry; `since`: when they came back."""
    still = Q(whom=Whom.ORGANISATION) | Exists(_keepers().filter(organisation=OuterRef("organisation"), person=OuterRef("person")))
    same = Q(letter=None) | Q(whom=Whom.ORGANISATION) | Q(letter__to=F("person__email"))
    found = access.questions_visible_to(viewer).filter(still, same, bounced_at__isnull=False, settled_at=None, answer="")
    return found.select_related("organisation", "person").annotate(since=F("bounced_at")).order_by("since", "pk")


def farewells_waiting(viewer: Viewer) -> QuerySet[Gone]:
    """What was said about ends, not yet looked at; `since`: when it was said."""
    found = access.farewells_visible_to(viewer).filter(settled_at=None)
    return found.select_related("organisation", "person").annotate(since=F("said_at")).order_by("since", "pk")


def links_waiting(viewer: Viewer) -> QuerySet[LinkCheck]:
    """Websites that are gone or moved, as long as the entry still names them; `since`: when the question was raised."""
    found = raised(access.link_checks_visible_to(viewer)).filter(organisation__state=State.PUBLISHED)
    return found.select_related("organisation").annotate(since=F("raised_at")).order_by("since", "pk")


def raised(checks: QuerySet[LinkCheck]) -> QuerySet[LinkCheck]:
    """Those that are a question to somebody: raised, not settled, and about the website the entry names today."""
    return checks.filter(raised_at__isnull=False, settled_at=None, url=F("organisation__website"))


def link_question(organisation: Organisation) -> LinkCheck | None:
    """What there is to ask about the website of an entry."""
    return raised(LinkCheck.objects.filter(organisation=organisation)).first()


# ------------------------------------------------------------------------------------------------------------ websites


def links_to_check(now: datetime, most: int) -> list[Organisation]:
    """Whose websites to look at today: first those that failed a week ago, then the never looked at, then the longest not looked at.

    One of each host, so that nobody is asked twice a day; the next one of that host is looked at another day.
    """
    from allmende.freshness.fetching import host_of

    with_site = Organisation.objects.filter(state=State.PUBLISHED, is_demo=False).exclude(website="")
    resting = now - rules.CHECK_EVERY
    again = with_site.filter(link_check__checked_at__lte=resting)
    ways = (
        again.filter(link_check__failures__gt=0).order_by("link_check__checked_at"),
        with_site.filter(link_check=None).order_by("pk"),
        again.filter(link_check__failures=0).order_by("link_check__checked_at"),
    )
    chosen: dict[str, Organisation] = {}
    for way in ways:
        for one in way[: 4 * most] if len(chosen) < most else ():
            if len(chosen) < most:
                chosen.setdefault(host_of(one.website), one)
    return sorted(chosen.values(), key=lambda one: one.pk)
