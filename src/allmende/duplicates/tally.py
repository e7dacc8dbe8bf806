"""Counting hits and misses: precision, recall and F1 for "same", and how often branches and same ones are told apart."""

from collections import Counter


class Tally:
    """What was said of pairs whose label is known. "Unsure" is never a hit."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, label: str, judged: str) -> None:
        """One pair: what it is, what was said."""
        self.counts[label, str(judged)] += 1

    def of(self, label: str) -> int:
        """How many have this label."""
        return sum(number for (one, _judged), number in self.counts.items() if one == label)

    @property
    def said(self) -> int:
        """How many were called the same."""
        return sum(number for (_label, judged), number in self.counts.items() if judged == "same")

    @property
    def precision(self) -> float:
        """Of those called the same, how many are."""
        return self.counts["same", "same"] / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Of those that are the same, how many were called so."""
        return self.counts["same", "same"] / self.of("same") if self.of("same") else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def told_apart(self) -> float:
        """Of the same ones and the branches, how many got their own label."""
        every = self.of("same") + self.of("branch")
        return (self.counts["same", "same"] + self.counts["branch", "branch"]) / every if every else 0.0

    def __str__(self) -> str:
        same, either = bool(self.of("same") or self.said), bool(self.of("same") + self.of("branch"))
        shown = [f"{name} {value:.3f}" if known else f"{name}   -  " for name, value, known in (
            ("precision", self.precision, bool(self.said)),
            ("recall", self.recall, bool(self.of("same"))),
            ("F1", self.f1, same),
            ("branch/same", self.told_apart, either),
        )]  # fmt: skip
        return f"{'  '.join(shown)}  ({self.of('same')} same, {self.of('branch')} branch, {self.of('different')} different)"
