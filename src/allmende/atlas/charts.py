"""Charts as plain values: bars with a number, a share and a way to draw them. The direction of the hatch says more than the colour."""

from dataclasses import dataclass, field, replace

FULL, OPEN, UNKNOWN = "fil", "c-4", "c-enth"  # classes of the design language: solid, lying strips, falling strips
AGES = ("c-enth", "c-4", "c-3", "c-2", "c-ja")  # freshness 0 (never) to 4 (up to three months)
WIDEST = 100.0


@dataclass(frozen=True)
class Bar:
    """One row of a chart: what, how many, and under which filter the map shows the same ones (None: no such filter)."""

    key: str
    label: str
    count: int
    query: str | None = None
    css: str = FULL
    width: float = 0.0
    share: float = 0.0
    column: "Column | None" = None
    symbol: str = ""


@dataclass(frozen=True)
class Column:
    """Where a standing bar is drawn: left edge, middle and breadth in percent of the chart, top and height in pixels."""

    left: float
    middle: float
    breadth: float
    top: float
    height: float


@dataclass(frozen=True)
class Figure:
    """A chart with its table twin. `bars` are drawn; `rows` hold all, also those that are drawn as one."""

    name: str
    title: str
    sentence: str
    bars: list[Bar]
    rows: list[Bar] = field(default_factory=list)
    note: str = ""
    is_columns: bool = False


def measured(bars: list[Bar], total: int) -> list[Bar]:
    """The bars with their share of `total` in percent and their width against the longest."""
    longest = max((bar.count for bar in bars), default=0) or 1
    return [
        replace(bar, width=round(WIDEST * bar.count / longest, 2), share=round(100 * bar.count / total, 1) if total else 0.0)
        for bar in bars
    ]


def shortened(bars: list[Bar], most: int, rest: str) -> list[Bar]:
    """At most `most` bars; what is beyond becomes one, named `rest` with the number of those behind it (`%d`).

    The bar for the unknown stays by itself, at the end.
    """
    known, unknown = [bar for bar in bars if bar.css != UNKNOWN], [bar for bar in bars if bar.css == UNKNOWN]
    if len(known) <= most:
        return bars
    behind = known[most - 1 :]
    return [*known[: most - 1], Bar("", rest % len(behind), sum(bar.count for bar in behind), css=OPEN), *unknown]


def spread(bars: list[Bar], height: int, gap: float = 0.18) -> list[Bar]:
    """Bars as columns side by side, `height` pixels for the longest, `gap` of each step left free."""
    step = 100 / max(1, len(bars))
    return [
        replace(
            bar,
            column=Column(
                left=round(step * (at + gap / 2), 3),
                middle=round(step * (at + 0.5), 3),
                breadth=round(step * (1 - gap), 3),
                top=round(height * (1 - bar.width / WIDEST), 1),
                height=round(height * bar.width / WIDEST, 1),
            ),
        )
        for at, bar in enumerate(bars)
    ]


def decades(years: dict[int, int], first: int, last: int) -> list[tuple[int, int]]:
    """(decade, number) without gaps from the earliest, all before `first` gathered in the decade before it."""
    gathered: dict[int, int] = {}
    for decade, count in years.items():
        known = max(decade, first - 10)
        gathered[known] = gathered.get(known, 0) + count
    if not gathered:
        return []
    return [(decade, gathered.get(decade, 0)) for decade in range(min(gathered), max(last, *gathered) + 1, 10)]
