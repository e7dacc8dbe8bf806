"""Every change of declarations, under the lock of the cooperative: a double click and two board members at once change things once."""

from allmende.joining.actions.deciding import admit, admit_all, ask, refuse
from allmende.joining.actions.declaring import Declaring, answer, declare, declare_further, enter_paper, withdraw
from allmende.joining.actions.forgetting import forget_last_letters, forget_old, remind_boards

__all__ = [
    "Declaring",
    "admit",
    "admit_all",
    "answer",
    "ask",
    "declare",
    "declare_further",
    "enter_paper",
    "forget_last_letters",
    "forget_old",
    "refuse",
    "remind_boards",
    "withdraw",
]
