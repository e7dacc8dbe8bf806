"""Telling many people takes longer than a page may; both tasks can run twice and tell everybody once."""

from django_tasks import task

from allmende.comments import letters
from allmende.comments.models import Comment


@task()
def tell_of_comment(pk: int) -> int:
    """Everybody whom a new comment concerns hears of it; returns how many were told now."""
    comment = Comment.objects.select_related("parent", "parent__organisation", "person", "organisation").filter(pk=pk).first()
    return letters.tell_of(comment) if comment else 0


@task()
def tell_of_mentions(pk: int) -> int:
    """Who is newly named in a changed comment hears of it."""
    comment = Comment.objects.select_related("person", "organisation").filter(pk=pk).first()
    return letters.tell_of(comment, only_mentioned=True) if comment else 0
