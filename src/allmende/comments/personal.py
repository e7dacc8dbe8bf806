"""What this room knows of a person: what they wrote, where they are named, what they follow.

What somebody wrote in their own name is theirs and goes with them: its words are deleted, and its place says "deleted" only where
others answered. What was said for an organisation is the organisation's and stays, without the person.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.comments import letters, rules
from allmende.comments.models import Comment, Following, Mention
from allmende.people.models import Person
from allmende.people.personal import Kept, Rows, announces, forgets, keeps, knows

announces("comments", label=gettext_lazy("Comments"))


@knows("comments", label=gettext_lazy("Your comments"))
def written(person: Person) -> Rows:
    """What one wrote, about what, and what became of it."""
    columns = ("kind", "number", "text", "organisation__name", "created_at", "edited_at", "deleted_at", "hidden_at", "hidden_reason")
    return list(Comment.objects.filter(person=person).order_by("pk").values(*columns))


@knows("comments-mentions", label=gettext_lazy("Comments that name you"))
def named(person: Person) -> Rows:
    """Where one is named, and when."""
    columns = ("comment__kind", "comment__number", "word", "comment__created_at")
    return list(Mention.objects.filter(person=person).order_by("pk").values(*columns))


@knows("comments-followed", label=gettext_lazy("Discussions you follow"))
def followed(person: Person) -> Rows:
    """Of what one wants to hear, and when the last mail went out that was not looked at."""
    return list(Following.objects.filter(person=person).order_by("pk").values("kind", "number", "is_wanted", "mailed_at"))


@keeps("comments")
def kept(person: Person) -> list[Kept]:
    """What was said for organisations; and the empty places."""
    stays = []
    if Comment.objects.filter(person=person, is_official=True, deleted_at=None).exists():
        what = _("Comments that you wrote for an organisation, without your name")
        stays.append(Kept(what, _("They are the organisation's words. Those who look after it can delete them; you can do so now.")))
    if Comment.objects.filter(person=person, is_official=False, answers__deleted_at=None, answers__isnull=False).exists():
        what = _("The places of your comments that were answered, without your words and your name")
        stays.append(Kept(what, _("So that the answers of others can be understood. There it says: deleted.")))
    return stays


@forgets("comments", order=40)
def forget(person: Person) -> list[Kept]:
    """Own words and follows go; a name after an @ becomes dots; what was said for organisations stays without the person."""
    stays = kept(person)
    for one in Mention.objects.filter(person=person).select_related("comment"):
        Comment.objects.filter(pk=one.comment_id).update(text=rules.pattern([one.word]).sub("@…", one.comment.text))
    mine = Comment.objects.filter(person=person)
    own = mine.filter(is_official=False)
    letters.forget(own)
    Mention.objects.filter(comment__in=own).delete()
    own.exclude(parent=None).delete()
    own.exclude(pk__in=Comment.objects.exclude(parent=None).values("parent")).delete()
    own.filter(deleted_at=None).update(deleted_at=timezone.now())
    own.update(text="", hidden_reason="", hidden_at=None, person=None)
    mine.update(person=None)
    Comment.objects.filter(hidden_by=person).update(hidden_by=None)
    Mention.objects.filter(person=person).delete()
    Following.objects.filter(person=person).delete()
    return stays
