"""Telling all supporters takes longer than a page may. Each can run twice and tells everybody once."""

from django_tasks import task

from allmende.ideas import letters
from allmende.ideas.models import Answer, Idea


@task()
def tell_of_answer(pk: int) -> int:
    """Author and supporters read the answer; how many were told now."""
    answer = Answer.objects.select_related("idea__cooperative__organisation").filter(pk=pk).first()
    return letters.answered(answer) if answer else 0


@task()
def tell_of_withdrawal(pk: int) -> int:
    """Supporters hear that an idea was withdrawn; how many were told now."""
    idea = Idea.objects.select_related("cooperative__organisation").filter(pk=pk).first()
    return letters.withdrawn(idea) if idea else 0


@task()
def tell_of_merge(pk: int) -> int:
    """Author and supporters hear where their idea went; how many were told now."""
    idea = Idea.objects.select_related("cooperative__organisation", "merged_into__cooperative__organisation").filter(pk=pk).first()
    return letters.merged(idea) if idea else 0
