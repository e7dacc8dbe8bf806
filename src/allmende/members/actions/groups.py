"""Stakeholder groups of a cooperative."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import Refused, require
from allmende.ground.text import clean, slug
from allmende.members import rules
from allmende.members.actions.base import locked, require_administration
from allmende.members.models import Group, GroupTime
from allmende.people.models import Person

MOST_GROUPS = 20


def make_usual_groups(cooperative: Cooperative) -> None:
    """The groups that most multi-stakeholder cooperatives have; those that are there already stay as they are."""
    for position, (key, name) in enumerate(rules.USUAL_GROUPS.items(), 1):
        with override("de"):
            german = str(name)
        with override("en"):
            english = str(name)
        Group.objects.get_or_create(cooperative=cooperative, key=key, defaults={"name": german, "name_en": english, "position": position})


@transaction.atomic
def write_group(
    cooperative: Cooperative, group: Group | None, *, name: str, name_en: str = "", note: str = "", is_open: bool = True, by: Person
) -> Group:
    """Add a group, or change what one is called and who belongs to it; its key stays."""
    cooperative = locked(cooperative)
    require_administration(by, cooperative)
    name, name_en, note = clean(name), clean(name_en), clean(note)
    others = Group.objects.filter(cooperative=cooperative).exclude(pk=group.pk if group else 0)
    require(not others.filter(name__iexact=name).exists(), _("There is a group with this name already."), Refused)
    if group is None:
        require(others.count() < MOST_GROUPS, _("More than %(count)d groups are not possible.") % {"count": MOST_GROUPS}, Refused)
        last = others.order_by("-position").values_list("position", flat=True).first() or 0
        group = Group(cooperative=cooperative, key=_key(cooperative, name), position=last + 1)
    group.name, group.name_en, group.note, group.is_open = name, name_en, note, is_open
    group.save()
    trail.record("members.group_written", by=by, about=group, cooperative=cooperative.pk)
    return group


def _key(cooperative: Cooperative, name: str) -> str:
    word = (slug(name) or "gruppe")[:34]
    taken = set(Group.objects.filter(cooperative=cooperative, key__startswith=word).values_list("key", flat=True))
    return next(key for key in (word, *(f"{word}-{number}" for number in range(2, 99))) if key not in taken)


@transaction.atomic
def remove_group(group: Group, *, by: Person) -> None:
    """Take a group away that nobody ever belonged to; one with a history stays, closed for new members."""
    locked(group.cooperative)
    require_administration(by, group.cooperative)
    used = GroupTime.objects.filter(group=group).exists()
    require(not used, _("Members belong or belonged to this group. Close it for new members instead."), Refused)
    trail.record("members.group_removed", by=by, about=group, cooperative=group.cooperative_id)
    group.delete()
