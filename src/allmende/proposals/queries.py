"""Questions about proposals; each begins at what the viewer may see."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.processes import queries as processes
from allmende.proposals import access, rules
from allmende.proposals.models import Admission, Author, Paragraph, Proposal, Round, State, Support, Version

MAX_NUMBER = 2**31 - 1
A_PAGE = 30
OPEN = (State.COLLECTING, State.DELIBERATION, State.DECISION)


def proposal_at(viewer: Viewer, cooperative: Cooperative, year: int, serial: int) -> Proposal:
    """The proposal with this number, as far as the viewer may see it; Http404 otherwise."""
    found = None
    if year <= 9_999 and serial <= MAX_NUMBER:
        found = access.proposals_visible_to(viewer).filter(cooperative=cooperative, year=year, serial=serial).first()
    if found is None:
        raise Http404
    found.cooperative = cooperative
    return found


def listed(viewer: Viewer, cooperative: Cooperative, *, state: str = "", words: str = "") -> QuerySet[Proposal]:
    """Proposals of a cooperative, those that moved last first; `state` is one state, "open" or nothing; `words` all must occur."""
    found = access.proposals_visible_to(viewer).filter(cooperative=cooperative)
    if state == "open":
        found = found.filter(state__in=OPEN)
    elif state in State.values:
        found = found.filter(state=state)
    for word in words.split()[:8]:
        if word.upper() != "V":  # of a number as it is written: V 2026-14
            found = found.filter(_says(word))
    return found.annotate(supporters=Count("supports")).order_by("-changed_at", "-pk")


def _says(word: str) -> Q:
    there = Q(title__icontains=word) | Q(summary__icontains=word)
    number = word.upper().removeprefix("V").strip()
    year, dash, serial = number.partition("-")
    if dash and year.isdecimal() and serial.isdecimal() and len(number) < 15:
        there |= Q(year=int(year) if len(year) < 5 else 0, serial=min(int(serial), MAX_NUMBER))
    return there


def counted_by_state(viewer: Viewer, cooperative: Cooperative) -> dict[str, int]:
    """How many there are in each state, for the filter."""
    rows = access.proposals_visible_to(viewer).filter(cooperative=cooperative).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def version_of(proposal: Proposal, number: int | None = None) -> Version:
    """One version, the newest where none is named; Http404 where there is none."""
    wanted = proposal.newest if number is None else min(number, MAX_NUMBER)
    found = proposal.versions.filter(number=wanted).select_related("by").first()
    if found is None:
        raise Http404
    return found


def parts_of(version: Version) -> list[rules.Part]:
    """The paragraphs of a version in their order."""
    rows = Paragraph.objects.filter(version=version).order_by("position").values_list("text", "key", "origin")
    return [rules.Part(text, key, origin) for text, key, origin in rows]


def text_of(version: Version) -> str:
    """The paragraphs as one text, as the form shows it."""
    return rules.joined([one.text for one in parts_of(version)])


def versions_of(proposal: Proposal) -> QuerySet[Version]:
    """All versions, the newest first."""
    return proposal.versions.select_related("by").defer("rationale", "summary").order_by("-number")


def authors_of(proposal: Proposal) -> list[Author]:
    """Those who write and those who are invited, in the order they came."""
    return list(proposal.authors.select_related("person").order_by("pk"))


def called(person: Person | None) -> str:
    """How somebody is spoken of among members."""
    return (person.name or _("somebody without a name")) if person is not None and person.is_active else _("somebody whose account is gone")


def admission_of(cooperative: Cooperative) -> Admission:
    """How proposals are admitted; nothing asked where the board set nothing."""
    return Admission.objects.filter(cooperative=cooperative).first() or Admission(cooperative=cooperative)


def supporters(proposal: Proposal) -> int:
    """How many support it."""
    return proposal.supports.count()


def supports(viewer: Viewer, proposal: Proposal) -> bool:
    """Whether this person supports it."""
    return is_person(viewer) and Support.objects.filter(proposal=proposal, person=viewer).exists()


def rounds_of(proposal: Proposal) -> list[Round]:
    """What was decided about it so far, the latest first."""
    return list(proposal.rounds.all())


def newest_objections(proposal: Proposal) -> Round | None:
    """The round whose objections are still to be integrated: the last one, while it is deliberated again."""
    if proposal.state != State.DELIBERATION:
        return None
    last = proposal.rounds.first()
    return last if last is not None and last.outcome == "objections" else None


def invitations_of(person: Person) -> QuerySet[Author]:
    """Proposals this person is asked to write along with and still takes part in."""
    seen = access.proposals_visible_to(person).values("pk")
    open_ones = Author.objects.filter(person=person, accepted_at=None, proposal__in=seen)
    return open_ones.select_related("proposal__cooperative__organisation", "invited_by").order_by("pk")


def to_admit(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Proposal]:
    """Brought in, with enough supporters, waiting for board or administration."""
    waiting = access.proposals_visible_to(viewer).filter(cooperative=cooperative, state=State.COLLECTING, needs_office=True)
    counted = waiting.annotate(supporters=Count("supports"))
    ready = [one.pk for one in counted if rules.has_enough(one.supporters, one.supporters_needed)]
    return Proposal.objects.filter(pk__in=ready).select_related("cooperative__organisation").order_by("brought_in_at")


def is_open(proposal: Proposal, door: str, now: datetime | None = None) -> bool:
    """Whether the phase of its process lets this be done now; without a process its own state decides."""
    return processes.is_open(proposal, door, now or timezone.now())
