"""Every change of feedback: asking, giving, answering, taking off, forgetting."""

from allmende.feedback.actions.answering import answer_review
from allmende.feedback.actions.giving import decline_invitation, drop_draft, give_review, keep_draft, take_back_review
from allmende.feedback.actions.moderating import hide, unhide
from allmende.feedback.actions.personal import erase_person
from allmende.feedback.actions.rounds import (
    close_overdue,
    close_round,
    correct_round,
    extend_round,
    invite_organisations,
    open_round,
    remind,
    reopen_round,
    tell_news,
    write_word,
)

__all__ = [
    "answer_review",
    "close_overdue",
    "close_round",
    "correct_round",
    "decline_invitation",
    "drop_draft",
    "erase_person",
    "extend_round",
    "give_review",
    "hide",
    "invite_organisations",
    "keep_draft",
    "open_round",
    "remind",
    "reopen_round",
    "take_back_review",
    "tell_news",
    "unhide",
    "write_word",
]
