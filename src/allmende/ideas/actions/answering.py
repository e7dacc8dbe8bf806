"""The administration answers, makes public, hides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.ideas import access, letters, rules, tasks
from allmende.ideas.models import Answer, Idea, Visibility
from allmende.people.models import Person


@transaction.atomic
def answer_idea(idea: Idea, state: str, text: str, *, by: Person) -> Answer:
    """Say how far an idea has come, with an answer that its author and all supporters read and are told.

    Refused: a state that cannot follow. BadInput: no answer, or one that is too long.
    """
    idea = Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=idea.pk)
    require(access.may_moderate(by, idea), _("Board and administration answer ideas."), NotAllowed)
    require(rules.may_follow(idea.state, state), _("This cannot follow on the present state. Please look at the idea again."))
    words = clean(text)
    require(words, _("Please write an answer: all supporters read it."), BadInput)
    require(len(words) <= rules.LONGEST_ANSWER, _("At most %(most)d characters, please.") % {"most": rules.LONGEST_ANSWER}, BadInput)
    answer = Answer.objects.create(idea=idea, state=state, text=words, by=by)
    before, idea.state = idea.state, state
    idea.save(update_fields=["state"])
    trail.record("ideas.idea_answered", by=by, about=idea, before=before, state=state)
    tasks.tell_of_answer.enqueue(answer.pk)
    return answer


@transaction.atomic
def show_to(idea: Idea, visibility: str, *, by: Person) -> Idea:
    """Make an idea public, or for members only again."""
    idea = Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=idea.pk)
    require(access.may_moderate(by, idea), _("Board and administration make ideas public."), NotAllowed)
    require(visibility in Visibility.values, _("Please choose who may read it."), BadInput)
    if idea.visibility != visibility:
        idea.visibility = visibility
        idea.save(update_fields=["visibility"])
        trail.record("ideas.idea_shown", by=by, about=idea, visibility=visibility)
    return idea


@transaction.atomic
def hide_idea(idea: Idea, *, by: Person, reason: str, is_told: bool = True) -> Idea:
    """Take an idea off all pages; its author reads why. Hiding twice is hiding once.

    `is_told`: not where a report was decided on; that decision goes to the author with its reasons and the way to appeal.
    """
    idea = Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=idea.pk)
    require(access.may_moderate(by, idea) or access.judges(by, idea), _("Board and administration hide ideas."), NotAllowed)
    why = " ".join(clean(reason).split())[: rules.LONGEST_REASON]
    require(why, _("Please give the reason: who wrote it has a right to know."), BadInput)
    if idea.hidden_at is None:
        idea.hidden_at, idea.hidden_by, idea.hidden_reason = timezone.now(), by, why
        idea.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        trail.record("ideas.idea_hidden", by=by, about=idea)
        if is_told:
            letters.hidden(idea)
    return idea


@transaction.atomic
def unhide_idea(idea: Idea, *, by: Person, is_told: bool = True) -> Idea:
    """Show it again; its author is told, unless the decision on a report says so already."""
    idea = Idea.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=idea.pk)
    require(access.may_moderate(by, idea) or access.judges(by, idea), _("Board and administration show ideas again."), NotAllowed)
    if idea.hidden_at is not None:
        idea.hidden_at, idea.hidden_by, idea.hidden_reason = None, None, ""
        idea.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        trail.record("ideas.idea_unhidden", by=by, about=idea)
        if is_told:
            letters.shown_again(idea)
    return idea
