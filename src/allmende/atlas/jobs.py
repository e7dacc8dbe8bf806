"""What the map does by itself: a large house gets a new base when much has changed, and the log of changes is kept short."""

from datetime import timedelta

from django.db.models import Count, Min, Sum
from django.db.models.functions import Length
from django.utils import timezone

from allmende.atlas.engine import base, rows
from allmende.atlas.models import Change, Version
from allmende.ground.jobs import every

MOST_CHANGED = 20_000  # entries since the base
MOST_CHANGED_PART = 0.05
CALM = timedelta(minutes=10)  # between two bases, while less than that part has changed
KEPT = 1_000  # steps, and those of a day: who reads the index or builds it again finds what happened since
KEPT_IN_SMALL_HOUSES = 10_000


@every("atlas.settle", minutes=1)
def settle() -> str:
    """Write the base anew where that is due, and forget old steps."""
    entries = rows.number()
    if entries < base.BASE_FROM:
        return f"steps forgotten {_forget(_newest() - KEPT_IN_SMALL_HOUSES)}"
    written = base.write() if is_due(entries) else 0
    learned = base.learn()
    known = base.current()
    until = min(known.number if known else 0, _newest() - KEPT)
    forgotten = _forget(until, older_than=timedelta(days=1))
    return f"entries in a new base {written}, stems kept with it {learned}, steps forgotten {forgotten}"


def write_base_if_missing() -> bool:
    """What a large house does before it opens, so that no visitor waits for it."""
    entries = rows.number()
    known = base.current()
    if entries < base.BASE_FROM or (known and _changed_since(known) is not None):
        return False
    return base.write() > 0


def is_due(entries: int) -> bool:
    """Whether a house of this size needs a new base: there is none that the log leads on from, or too much has changed since."""
    known = base.current()
    if known is None:
        return True
    changed = _changed_since(known)
    if changed is None or changed > entries * MOST_CHANGED_PART:
        return True
    return changed > MOST_CHANGED and _age(known) > CALM


def _changed_since(known: base.Base) -> int | None:
    """How many entries the steps after a base changed, some more than once; None where the log does not lead on from it."""
    if not Change.objects.filter(number=known.number, nonce=known.nonce).exists():
        return None
    steps = Change.objects.filter(number__gt=known.number).annotate(size=Length("entries"))
    told = steps.aggregate(steps=Count("pk"), bytes=Sum("size"), least=Min("size"))
    if told["steps"] != _newest() - known.number or told["least"] == 0:
        return None
    return (told["bytes"] or 0) // 8


def _age(known: base.Base) -> timedelta:
    at = Change.objects.filter(number=known.number).values_list("at", flat=True).first()
    return timezone.now() - at if at else timedelta.max


def _newest() -> int:
    return Version.objects.values_list("number", flat=True).first() or 0


def _forget(until: int, older_than: timedelta = timedelta()) -> int:
    """Delete the steps before `until`; returns how many."""
    forgotten, _ = Change.objects.filter(number__lt=until, at__lt=timezone.now() - older_than).delete()
    return forgotten
