"""How good the scorer is: its figures on labelled pairs, said with what they were used for."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from allmende.duplicates import labelled
from allmende.duplicates.assigning import assign
from allmende.duplicates.labelled import Pair
from allmende.duplicates.rarity import Rarity
from allmende.duplicates.scoring import compare
from allmende.duplicates.tally import Tally

Say = Callable[[str], object]
NO_FOLDER = "the entries themselves are not there, so only the columns of the file are compared: fewer facts, worse figures"


def figures(say: Say, pairs: Path | None, folder: Path | None) -> None:
    """Print the figures of one labelled file, or of all that lie in the folder."""
    if pairs is not None:
        (registers if is_register_file(pairs) else hard_pairs)(say, pairs, folder)
        return
    if folder is None:
        say("No labelled pairs here: --pairs FILE scores a file, --data DIR says where the data files lie.")
        return
    say("DEVELOPMENT DATA (the points and rules were chosen while looking at these):")
    hard_pairs(say, folder / "gold" / "gold_dach_pairs.csv", folder)
    registers(say, folder / "gold" / "gold_cuk_2017_2023.csv", folder)
    say("\nOTHER PEOPLE'S SETS (read once for misjudgements, no points fitted to them; sites and restaurants, not organisations):")
    _line(
        say, "Chicago, early childhood", labelled.chicago(folder / "gold" / "other_er" / "chicago_early_childhood_true_ids.csv"), Rarity()
    )
    _line(say, "Fodor's and Zagat's restaurants", labelled.restaurants(folder / "gold" / "other_er"), Rarity())
    say("A half kept aside by others was never seen here; `--pairs FILE` scores it. tools/train_duplicates.py check cross-validates.")


def is_register_file(path: Path) -> bool:
    """Whether a labelled file has the columns of the register of cooperatives, not those of pairs."""
    with path.open(encoding="utf-8-sig") as file:
        return file.readline().startswith("cuk_id")


# ------------------------------------------------------------------------------------------------------------ hard pairs


def hard_pairs(say: Say, path: Path, folder: Path | None) -> None:
    """Precision, recall and F1 for "same", accuracy for "branch", over all and per pair of sources."""
    entries = labelled.directories(folder) if folder else {}
    pairs = labelled.dach_pairs(path, entries)
    rarity = labelled.rarity_of(entries.values()) if entries else _rarity_of_columns(pairs)
    say(f"\n{path.name}: {len(pairs)} pairs" + ("" if entries else f" ({NO_FOLDER})"))
    counted = [pair for pair in pairs if pair.label != "unsure"]
    hard = [pair for pair in counted if not pair.is_verbatim]
    _line(say, "hard pairs", hard, rarity)
    _line(say, "with word-for-word re-imports", counted, rarity)
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in hard:
        by_source[pair.source].append(pair)
    for source, some in sorted(by_source.items()):
        _line(say, f"  {source}", some, rarity)
    unsure = [pair for pair in pairs if pair.label == "unsure"]
    if unsure:
        said: dict[str, int] = defaultdict(int)
        for pair in unsure:
            said[str(compare(pair.a, pair.b, rarity).judgement)] += 1
        say(f"  left out, labelled unsure: {len(unsure)}, judged " + ", ".join(f"{word} {number}" for word, number in sorted(said.items())))


def score(pairs: list[Pair], rarity: Rarity) -> Tally:
    """Judge these pairs and count."""
    tally = Tally()
    for pair in pairs:
        tally.add(pair.label, compare(pair.a, pair.b, rarity).judgement)
    return tally


def _line(say: Say, name: str, pairs: list[Pair], rarity: Rarity) -> None:
    say(f"{name:<34}{score(pairs, rarity)}")


def _rarity_of_columns(pairs: list[Pair]) -> Rarity:
    return labelled.rarity_of({repr(one): one for pair in pairs for one in (pair.a, pair.b)}.values())


# ------------------------------------------------------------------------------------------------ two editions of a register


def registers(say: Say, path: Path, folder: Path | None) -> None:
    """The register of 2017 laid over that of 2023, with the numbers in it and without."""
    say(f"\n{path.name}: Co-operatives UK 2017 laid over 2023 by name, address and number, without the CUK id")
    if folder is None:
        say("  the two registers are not there: --data DIR")
        return
    known = {row["cuk_id"] for row in labelled.rows(path)}
    for numbers in (True, False):
        say(f"  {'with register numbers' if numbers else 'without any number':<32}{successors(folder, known, numbers=numbers)}")


class Successors:
    """Hits and misses of a laying-over, as far as the truth is known: the identities of the file, and rows of one edition alone.

    The file may hold a part of the identities while all lonely rows are counted, so `precision` is stricter than over the
    whole registers; `in_proportion` weighs the lonely rows by that part.
    """

    def __init__(self, hits: int, false_known: int, false_lonely: int, known: int, part: float) -> None:
        self.hits, self.false_known, self.false_lonely, self.known, self.part = hits, false_known, false_lonely, known, part

    @property
    def recall(self) -> float:
        """Of the known identities, how many were found."""
        return self.hits / self.known if self.known else 0.0

    @property
    def precision(self) -> float:
        """Of the links whose truth is known, how many are right."""
        said = self.hits + self.false_known + self.false_lonely
        return self.hits / said if said else 0.0

    @property
    def in_proportion(self) -> float:
        """The same with lonely rows counted as often as known identities."""
        said = self.hits + self.false_known + self.false_lonely * self.part
        return self.hits / said if said else 0.0

    def __str__(self) -> str:
        return (
            f"recall {self.recall:.4f}  precision {self.in_proportion:.4f} (strict {self.precision:.4f})  "
            f"({self.known} identities, a part of {self.part:.2f}; {self.hits} found, "
            f"{self.false_known} to a wrong one, {self.false_lonely} from rows of 2017 alone)"
        )


def successors(folder: Path, known: set[str], *, numbers: bool = True) -> Successors:
    """Lay the editions over each other and count."""
    before, after = labelled.coops_uk_2017(folder, numbers=numbers), labelled.coops_uk_2023(folder, numbers=numbers)
    lonely = before.keys() - after.keys()
    both = before.keys() & after.keys()
    links = assign(before, after)
    hits = sum(1 for link in links if link.before in known and link.before == link.after)
    wrong = sum(1 for link in links if link.before in known and link.before != link.after)
    false = sum(1 for link in links if link.before in lonely)
    return Successors(hits, wrong, false, len(known & both), len(known & both) / len(both))
