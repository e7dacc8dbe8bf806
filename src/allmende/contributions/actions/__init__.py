"""Every change of contributions: entered, confirmed, taken back, posted by programs, read from files; and how they are counted."""

from allmende.contributions.actions.confirming import decide_contributions
from allmende.contributions.actions.entering import Entering, enter_contribution, reverse_contribution
from allmende.contributions.actions.importing import discard_import, enter_import, prune_imports, rehearse_import
from allmende.contributions.actions.keeping import (
    Kind,
    add_type,
    add_usual_types,
    change_type,
    choose_rules,
    close_year,
    create_key,
    end_confirmer,
    name_confirmer,
    revoke_key,
    set_visibility,
)
from allmende.contributions.actions.posting import BadRows, post_contributions

__all__ = [
    "BadRows",
    "Entering",
    "Kind",
    "add_type",
    "add_usual_types",
    "change_type",
    "choose_rules",
    "close_year",
    "create_key",
    "decide_contributions",
    "discard_import",
    "end_confirmer",
    "enter_contribution",
    "enter_import",
    "name_confirmer",
    "post_contributions",
    "prune_imports",
    "rehearse_import",
    "reverse_contribution",
    "revoke_key",
    "set_visibility",
]
