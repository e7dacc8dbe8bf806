"""Every change of ideas: writing and supporting, answering, merging."""

from allmende.ideas.actions.answering import answer_idea, hide_idea, show_to, unhide_idea
from allmende.ideas.actions.merging import agree_to_merge, decline_merge, merge_ideas, separate_ideas, wish_merge
from allmende.ideas.actions.writing import Words, bring_back, edit_idea, publish_idea, support_idea, withdraw_idea

__all__ = [
    "Words",
    "agree_to_merge",
    "answer_idea",
    "bring_back",
    "decline_merge",
    "edit_idea",
    "hide_idea",
    "merge_ideas",
    "publish_idea",
    "separate_ideas",
    "show_to",
    "support_idea",
    "unhide_idea",
    "wish_merge",
    "withdraw_idea",
]
