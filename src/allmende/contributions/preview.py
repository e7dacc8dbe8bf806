"""What a rule set would give with these parameters, worked out from the ledger as it is; nothing is stored."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allmende.constitution.models import Cooperative
from allmende.contributions import queries
from allmende.contributions.models import RuleChoice
from allmende.contributions.rules import Year
from allmende.contributions.rulesets import RECOGNITION, RuleSet
from allmende.ground.money import euros


@dataclass(frozen=True)
class Preview:
    """For one fiscal year: how many members read which sentence, or how many members have which base."""

    year: Year
    lines: list[tuple[str, int]]
    members: int
    base: str


def preview(cooperative: Cooperative, one: RuleSet, parameters: Mapping[str, Any]) -> list[Preview]:
    """This fiscal year and the one before."""
    years = queries.years_of(cooperative)[:2]
    return [_of(cooperative, year, one, parameters) for year in years]


def _of(cooperative: Cooperative, year: Year, one: RuleSet, parameters: Mapping[str, Any]) -> Preview:
    if one.purpose == RECOGNITION:
        choice = RuleChoice(cooperative=cooperative, purpose=one.purpose, key=one.key, version=one.version, parameters=dict(parameters))
        said = queries.recognitions(cooperative, year, choice)
        return Preview(year, sorted(Counter(said.values()).items()), len(said), "")
    base = one.rule(queries.turnover(cooperative, year.starts_on, year.ends_on), parameters)
    return Preview(year, [], len(base), euros(sum(base.values())))
