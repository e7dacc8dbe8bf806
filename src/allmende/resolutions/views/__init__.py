"""The doors of this room: the register and its pages; drafts; what becomes of a resolution; the register for programs."""
