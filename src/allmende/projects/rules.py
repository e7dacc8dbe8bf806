"""What is right for projects. Plain Python; `today` is passed in."""

IDEA, CONCEPT, PILOT, RUNNING, DONE, PAUSED, TRANSFERRED = "idea", "concept", "pilot", "running", "done", "paused", "transferred"
LEAD, PARTNER, SUPPORTER = "lead", "partner", "supporter"
ASKED, CONFIRMED, DECLINED, LEFT = "asked", "confirmed", "declined", "left"

WAY = (IDEA, CONCEPT, PILOT, RUNNING, DONE)
"""The usual way; a step back is allowed, because honest projects take them."""
