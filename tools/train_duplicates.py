"""How the numbers of the duplicate scorer were made: `words.tsv` counted, `weights.json` fitted. For development only.

    PYTHONPATH=src .venv/bin/python tools/train_duplicates.py words|weights|check [--data ../shared/data/directories]

`words` counts words in the names of the open directory files. `weights` writes the table of points (`PRIOR` below): what each fact is
worth, in log-odds, reasoned first and then adjusted while looking at the development pairs. `check` asks whether a softmax regression
(same, branch, different; ridge towards that table; plain Python) does better on pairs it has not seen: with 28 pairs of "same" and
"branch" it does not, the less it may move the better, so the table is used as it is (ADR 0010).
"""

import argparse
import json
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
os.environ.setdefault("ALLMENDE_TESTING", "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import django  # noqa: E402

django.setup()

from allmende.directory import taxonomy  # noqa: E402
from allmende.duplicates import labelled, names  # noqa: E402
from allmende.duplicates.data import HERE  # noqa: E402
from allmende.duplicates.evidence import gather  # noqa: E402
from allmende.duplicates.rarity import Rarity  # noqa: E402
from allmende.duplicates.scoring import judge, probabilities  # noqa: E402
from allmende.duplicates.tally import Tally  # noqa: E402

RARE = 3  # words in fewer names are left out: not knowing them is what makes them rare
TRADE = 0.002  # the share of a word of the trade, where the files show less


def count_words(folder: Path) -> None:
    """The share of names that have a word, in the language where it is most frequent."""
    totals: Counter[str] = Counter()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for group, name in {*labelled.names(folder)}:
        totals[group] += 1
        found[group].update(set(names.read(name).core))
    shares: dict[str, float] = {}
    for group, words in found.items():
        for word, number in words.items():
            if number >= RARE and not word.isdigit():
                shares[word] = max(shares.get(word, 0.0), (number - 1) / totals[group])
    for word in _words_of_the_trade():
        shares[word] = max(shares.get(word, 0.0), TRADE)
    head = "# Share of names with this word, where it is most frequent. Counted by tools/train_duplicates.py in open directory files.\n"
    lines = [f"{word}\t{share:.5f}\n" for word, share in sorted(shares.items(), key=lambda one: (-one[1], one[0]))]
    (HERE / "words.tsv").write_text(head + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} words from {sum(totals.values())} names: {dict(totals)}")


def _words_of_the_trade() -> set[str]:
    """What sectors and activities are called: frequent in names of cooperatives, also where the files at hand do not show it."""
    terms = [term for term in json.loads(taxonomy.FILE.read_text(encoding="utf-8")) if term["tree"] in {"sector", "activity"}]
    texts = [text for term in terms for text in (term["name_de"], term["name_en"], *term.get("synonyms", ()))]
    return {word for text in texts for word in names.read(text).core if len(word) > 2}


@dataclass(frozen=True)
class Example:
    """A pair as numbers, what it is, how much it counts, and who must stay together in a cross-validation."""

    facts: dict[str, float]
    label: str
    weight: float
    groups: tuple[str, str]
    is_tuned_for: bool = False  # one of the hard pairs that the figures are about


def examples(folder: Path) -> list[Example]:
    """All labelled pairs. The hard ones count most; beside each stand poorer copies of it, so that missing fields are learned too."""
    chance = random.Random(2026)  # noqa: S311  # repeatable on purpose
    whole = labelled.directories(folder)
    rarity = labelled.rarity_of(whole.values())
    gold = folder / "gold"
    found = []
    for pairs, is_whole in (
        (labelled.dach_pairs(gold / "gold_dach_pairs.csv", whole), True),
        (labelled.dach_pairs(gold / "gold_dach_pairs.csv", {}), False),
    ):
        for pair in pairs:
            if pair.label == "unsure":
                continue
            weight = (0.15 if pair.is_verbatim else 1.0) * (1.0 if is_whole else 0.4)
            found.append(_example(pair, weight, rarity, is_tuned_for=is_whole and not pair.is_verbatim))
            if is_whole:
                found += [_example(poorer, 0.25 * weight, rarity) for poorer in _poorer(pair)]
    other = gold / "other_er"
    found += [_example(pair, 0.06, rarity) for pair in _some(labelled.chicago(other / "chicago_early_childhood_true_ids.csv"), 500, chance)]
    found += [_example(pair, 0.06, rarity) for pair in _some(labelled.restaurants(other), 300, chance)]
    found += [_example(pair, 0.06, rarity) for pair in _some(labelled.coops_uk_pairs(folder), 500, chance)]
    return found


def _some(pairs: list[labelled.Pair], number: int, chance: random.Random) -> list[labelled.Pair]:
    return chance.sample(pairs, min(number, len(pairs)))


def _example(pair: labelled.Pair, weight: float, rarity: Rarity, *, is_tuned_for: bool = False) -> Example:
    return Example(gather(pair.a, pair.b, rarity).facts, pair.label, weight, pair.group, is_tuned_for)


def _poorer(pair: labelled.Pair) -> Iterator[labelled.Pair]:
    """The same pair without website, without contacts, without street."""
    for gone in ({"website": ""}, {"email": "", "phone": ""}):
        yield replace(pair, a=replace(pair.a, **gone), b=replace(pair.b, **gone))
    bare = [replace(one, sites=tuple(replace(site, street="") for site in one.sites)) for one in (pair.a, pair.b)]
    yield replace(pair, a=bare[0], b=bare[1])


Weights = dict[str, dict[str, float]]

# What each fact is believed to be worth before any pair was seen; the fit moves away from it only as far as pairs insist.
PRIOR: Weights = {
    "same": {
        "": -4.6, "name_close": 3.0, "name_equal": 1.0, "name_rare": 2.0, "close_here": 2.0, "close_contact": 1.5,
        "contact_same": 1.0, "phone_same": 0.5, "email_same": 1.0, "register_same": 10.0, "here": 0.5, "postcode_same": 0.5,
        "address_differs": -1.5, "far": -2.0, "names_go_apart": -1.5, "places_differ": -2.0, "numbers_differ": -2.0,
        "forms_differ": -1.5, "register_differs": -4.0, "website_differs": -2.0, "website_pages": -0.5, "website_family": -1.0,
        "website_shared": -0.5,
        "email_differs": -0.3, "phone_differs": -0.4, "country_differs": -1.0, "stranger_here": -0.5, "close_elsewhere": -0.5,
        "one_house": 2.5, "same_door": 2.0,
    },
    "branch": {
        "": -4.5, "name_close": 2.0, "name_equal": 1.0, "name_rare": 1.0, "name_family": 3.0, "close_elsewhere": 2.5,
        "contact_same": 1.0, "website_family": 2.0, "website_shared": 0.5, "address_differs": 0.5, "far": 0.5, "here": -1.0,
        "close_here": -2.0,
        "places_differ": 0.8, "names_go_apart": -1.0, "website_differs": -1.0, "register_differs": -1.0, "country_differs": -0.5,
        "stranger_here": -0.5,
    },
}  # fmt: skip


def fit(data: list[Example], ridge: float, rounds: int = 300) -> Weights:
    """Softmax regression by Rprop: steps that grow while the direction holds. `different` is the zero."""
    names_ = sorted({name for one in data for name in one.facts} | (PRIOR["same"].keys() | PRIOR["branch"].keys()) - {""})
    number = {name: at + 1 for at, name in enumerate(names_)}
    rows = [
        (
            [(0, 1.0), *((number[name], value) for name, value in one.facts.items())],
            ("same", "branch", "different").index(one.label),
            one.weight,
        )
        for one in data
    ]
    size = len(names_) + 1
    prior = [[PRIOR[kind].get(name, 0.0) for name in ("", *names_)] for kind in ("same", "branch")]
    weights = [list(row) for row in prior]
    steps = [[0.05] * size for _ in range(2)]
    before = [[0.0] * size for _ in range(2)]
    for _round in range(rounds):
        slopes = [
            [ridge * (value - believed) for value, believed in zip(row, said, strict=True)]
            for row, said in zip(weights, prior, strict=True)
        ]
        for facts, label, weight in rows:
            sums = [sum(row[at] * value for at, value in facts) for row in weights]
            top = max(0.0, *sums)
            powers = [exp(one - top) for one in sums]
            total = sum(powers) + exp(-top)
            for kind in range(2):
                error = weight * (powers[kind] / total - (label == kind))
                slope = slopes[kind]
                for at, value in facts:
                    slope[at] += error * value
        for kind in range(2):
            for at in range(size):
                now, then = slopes[kind][at], before[kind][at]
                if now * then > 0:
                    steps[kind][at] = min(0.5, steps[kind][at] * 1.2)
                elif now * then < 0:
                    steps[kind][at] = max(1e-5, steps[kind][at] * 0.5)
                weights[kind][at] -= steps[kind][at] * ((now > 0) - (now < 0))
                before[kind][at] = now
    return {
        kind: {"": weights[at][0], **{name: weights[at][number[name]] for name in names_}} for at, kind in enumerate(("same", "branch"))
    }


def folds(data: list[Example], number: int, seed: int) -> Iterator[tuple[list[Example], list[Example]]]:
    """(train, test) such that whoever appears in one pair of the test appears in no pair of the training."""
    leader: dict[str, str] = {}

    def lead(one: str) -> str:
        while leader.setdefault(one, one) != one:
            one = leader[one]
        return one

    for example in data:
        leader[lead(example.groups[0])] = lead(example.groups[1])
    clusters = sorted({lead(one.groups[0]) for one in data})
    random.Random(seed).shuffle(clusters)  # noqa: S311
    part = {cluster: at % number for at, cluster in enumerate(clusters)}
    for fold in range(number):
        test = [one for one in data if one.is_tuned_for and part[lead(one.groups[0])] == fold]
        yield [one for one in data if part[lead(one.groups[0])] != fold], test


def check(folder: Path, ridge: float) -> None:
    """Cross-validate fits on the hard pairs, from free to nearly bound to the table."""
    data = examples(folder)
    tally = Tally()
    for one in data:
        if one.is_tuned_for:
            tally.add(one.label, judge(*probabilities(one.facts, PRIOR)))
    print(f"the table as it is: {tally}")
    for pull in (0.1, 1.0, 10.0, 100.0) if ridge is None else (ridge,):
        print(f"fitted, ridge {pull}:")
        _cross_validate(data, pull)


def _cross_validate(data: list[Example], ridge: float) -> None:
    for seed in range(3):
        tally = Tally()
        for train, test in folds(data, 5, seed):
            weights = fit(train, ridge, 150)
            for one in test:
                same, branch = probabilities(one.facts, weights)
                tally.add(one.label, judge(same, branch))
        print(f"  seed {seed}: {tally}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["words", "weights", "check"])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "directories")
    parser.add_argument("--ridge", type=float)
    parser.add_argument("--fitted", action="store_true", help="write fitted weights instead of the reasoned ones")
    asked = parser.parse_args()
    if asked.what == "words":
        count_words(asked.data)
    elif asked.what == "check":
        check(asked.data, asked.ridge)
    else:
        weights = fit(examples(asked.data), asked.ridge or 10.0) if asked.fitted else PRIOR
        kept = {kind: {name: round(value, 2) for name, value in row.items()} for kind, row in weights.items()}
        (HERE / "weights.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(kept, indent=1))
