"""What follows when two entries become one, and when that is taken back. The rows themselves go along by `follows_merges`."""

from django.db.models import F, Q
from django.utils import timezone

from allmende.enquiries import letters, rules
from allmende.enquiries.models import Enquiry, State
from allmende.ground import trail


def follow_merge(winner: int) -> int:
    """Conversations whose two sides are one organisation now have ended; how many."""
    joined = Enquiry.objects.filter(asker=winner, organisation=winner, state__in=rules.RUNNING).order_by("pk")
    found = list(joined.select_for_update())
    for enquiry in found:
        enquiry.state, enquiry.closed_at = State.ENDED, timezone.now()
        enquiry.save(update_fields=["state", "closed_at"])
        trail.record("enquiries.enquiry_ended", about=enquiry, organisation=winner)
        letters.joined(enquiry)
    return len(found)


def undo_follow(loser: int, winner: int) -> int:
    """Those that have two sides again go on where they stood; how many."""
    of_both = Q(asker=loser, organisation=winner) | Q(asker=winner, organisation=loser)
    found = list(Enquiry.objects.filter(of_both, state=State.ENDED).exclude(asker=F("organisation")).select_for_update())
    for enquiry in found:
        enquiry.state, enquiry.closed_at = State.ANSWERED if enquiry.first_answer_at else State.OPEN, None
        enquiry.save(update_fields=["state", "closed_at"])
        trail.record("enquiries.enquiry_resumed", about=enquiry)
    return len(found)
