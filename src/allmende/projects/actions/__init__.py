"""Every change of projects, one verb each: lock, may, rule, write, trail."""

from allmende.projects.actions.adopting import adopt_project
from allmende.projects.actions.handing import offer_handover, refuse_handover, take_over_project
from allmende.projects.actions.moderating import hide_project, unhide_project
from allmende.projects.actions.news import add_update, edit_update
from allmende.projects.actions.parts import answer_part, ask_part, change_part, leave_part, offer_part, withdraw_part
from allmende.projects.actions.steps import add_step, take_back_step
from allmende.projects.actions.wanting import want_partner
from allmende.projects.actions.writing import discard_draft, edit_project, publish_project, unpublish_project, write_project

__all__ = [
    "add_step",
    "add_update",
    "adopt_project",
    "answer_part",
    "ask_part",
    "change_part",
    "discard_draft",
    "edit_project",
    "edit_update",
    "hide_project",
    "leave_part",
    "offer_handover",
    "offer_part",
    "publish_project",
    "refuse_handover",
    "take_back_step",
    "take_over_project",
    "unhide_project",
    "unpublish_project",
    "want_partner",
    "withdraw_part",
    "write_project",
]
