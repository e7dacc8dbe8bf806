"""Ideas are written, changed, withdrawn and supported."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.ideas import access, queries, rules, tasks
from allmende.ideas.models import Edition, Idea, State, Support, Topic
from allmende.people.models import Person


@dataclass(frozen=True)
class Words:
    """What an author writes. The user story is an option: who wants what, and what for."""

    title: str
    text: str
    topic: str = Topic.PRODUCT
    persona: str = ""
    story_role: str = ""
    story_wish: str = ""
    story_benefit: str = ""


_LIMITS = {
    "title": rules.LONGEST_TITLE,
    "text": rules.LONGEST,
    "persona": rules.LONGEST_PERSONA,
    "story_role": rules.LONGEST_ROLE,
    "story_wish": rules.LONGEST_WISH,
    "story_benefit": rules.LONGEST_WISH,
}


@transaction.atomic
def publish_idea(cooperative: Cooperative, words: Words, *, by: Person) -> Idea:
    """Put an idea up for the members. Refused: too many within a day. BadInput: no words, too many, a story without who or what."""
    require(access.may_write(by, cooperative), _("Members write ideas."), NotAllowed)
    by = Person.objects.select_for_update().get(pk=by.pk)  # one after the other, so that counting them counts
    said = _read(words)
    lately = queries.written_lately(by, timezone.now() - timedelta(days=1))
    require(lately < rules.MOST_A_DAY, _("That is a lot for one day. Please go on tomorrow."))
    idea = Idea(cooperative=cooperative, author=by, **said)
    idea.found_by = queries.searchable(idea)
    idea.save()
    trail.record("ideas.idea_published", by=by, about=idea, topic=idea.topic)
    return idea


def _read(words: Words) -> dict[str, str]:
    said = {name: clean(value) if name == "text" else " ".join(clean(value).split()) for name, value in asdict(words).items()}
    require(said["title"] and said["text"], _("Please write a line that says what it is, and the idea itself."), BadInput)
    require(said["topic"] in Topic.values, _("Please say what it is about."), BadInput)
    for name, most in _LIMITS.items():
        require(len(said[name]) <= most, _("At most %(most)d characters, please.") % {"most": most}, BadInput)
    is_half = rules.story_fault(said["story_role"], said["story_wish"], said["story_benefit"], said["persona"])
    require(not is_half, _("A user story needs who it is for and what they want."), BadInput)
    return said


@transaction.atomic
def edit_idea(idea: Idea, words: Words, *, by: Person) -> Idea:
    """Other words, by its author while it is open. From the first supporter on the former words stay readable."""
    idea = _locked(idea)
    require(access.may_edit(by, idea), _("Ideas are changed by who wrote them, while they are open."), NotAllowed)
    said, before = _read(words), queries.written(idea)
    if said == before:
        return idea
    if queries.is_supported_by_others(idea) or idea.editions.exists():
        Edition.objects.create(idea=idea, number=idea.editions.count() + 1, words=before)
    for name, value in said.items():
        setattr(idea, name, value)
    idea.edited_at, idea.found_by = timezone.now(), queries.searchable(idea)
    idea.save(update_fields=[*said, "edited_at", "found_by"])
    trail.record("ideas.idea_changed", by=by, about=idea)
    return idea


@transaction.atomic
def withdraw_idea(idea: Idea, *, by: Person) -> Idea:
    """Take an own idea off the page, while it is open; its author can bring it back. Supporters are told."""
    idea = _locked(idea)
    require(access.is_author(by, idea), _("Ideas are withdrawn by who wrote them."), NotAllowed)
    require(idea.state == State.OPEN, _("It is no longer only yours: it is planned or answered. Ask the administration to decline it."))
    idea.state = State.WITHDRAWN
    idea.save(update_fields=["state"])
    trail.record("ideas.idea_withdrawn", by=by, about=idea)
    tasks.tell_of_withdrawal.enqueue(idea.pk)
    return idea


@transaction.atomic
def bring_back(idea: Idea, *, by: Person) -> Idea:
    """A withdrawn idea stands open again, with those who supported it."""
    idea = _locked(idea)
    require(access.is_author(by, idea), _("Ideas are brought back by who wrote them."), NotAllowed)
    require(idea.state == State.WITHDRAWN, _("This idea was not withdrawn."))
    idea.state = State.OPEN
    idea.save(update_fields=["state"])
    trail.record("ideas.idea_brought_back", by=by, about=idea)
    return idea


@transaction.atomic
def support_idea(idea: Idea, *, by: Person, is_supported: bool) -> Idea:
    """Support an idea, or not any more. Each person once, for whomever they act; twice is once."""
    idea = _locked(idea)
    require(idea.author_id != by.pk, _("This is your own idea: it counts already."))
    require(access.may_support(by, idea), _("This idea cannot be supported now, or not by you."), NotAllowed)
    if is_supported:
        _row, is_changed = Support.objects.get_or_create(idea=idea, person=by)
    else:
        is_changed = Support.objects.filter(idea=idea, person=by).delete()[0] > 0
    if is_changed:
        trail.record("ideas.idea_supported" if is_supported else "ideas.idea_left", by=by, about=idea)
    return idea


def _locked(idea: Idea) -> Idea:
    return Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=idea.pk)
