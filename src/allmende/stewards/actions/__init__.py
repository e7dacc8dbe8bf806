"""Every change of who looks after entries."""

from allmende.stewards.actions.granting import grant

__all__ = ["grant"]
