"""Whether successive weeks favour the same people: who is worst off in each, and how much the weeks agree on it.

Among equal schedules the solver's seed decides. Whoever makes a schedule every week gives each a seed of its own and
records it; these figures say whether that has spread the luck.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean


@dataclass(frozen=True)
class Favoured:
    """Of residents who are in every week. `worst` are each week's worst off: those with the least, where that is fewer
    than all. `times` is in how many weeks each resident was among them, who never was left out.

    `overlap` is the mean share that two weeks' worst off have in common (of the smaller set), `by_chance` what it would
    be where luck is drawn afresh, `agreement` the mean rank correlation of two weeks (1 the same order, 0 none, -1
    reversed); None where no two weeks tell people apart.
    """

    residents: int
    worst: tuple[frozenset[str], ...]
    times: dict[str, int]
    overlap: float | None
    by_chance: float | None
    agreement: float | None

    @property
    def always_worst(self) -> frozenset[str]:
        """Those who were among the worst off in every week that has any."""
        weeks = [row for row in self.worst if row]
        return frozenset.intersection(*weeks) if weeks else frozenset()


def favoured(weeks: Sequence[Mapping[str, tuple[int, ...] | int]]) -> Favoured:
    """`weeks` say for each resident how well off they were: a number, or several of which the first counts most
    (`fairness.liked_counts`)."""
    names = [name for name in weeks[0] if all(name in week for week in weeks)] if weeks else []
    worst = [_worst(week, names) for week in weeks]
    pairs = [(a, b) for a, b in combinations(worst, 2) if a and b]
    many = len(names)
    overlaps = [len(a & b) / min(len(a), len(b)) for a, b in pairs]
    expected = [max(len(a), len(b)) / many for a, b in pairs]
    ranked = [_ranks(week, names) for week in weeks]
    agreements = [found for a, b in combinations(ranked, 2) if (found := _correlation(a, b)) is not None]
    times = Counter(name for week in worst for name in week)
    return Favoured(
        many, tuple(worst), dict(sorted(times.items())), _mean(overlaps), _mean(expected), _mean(agreements)
    )


def _worst(week: Mapping[str, tuple[int, ...] | int], names: Sequence[str]) -> frozenset[str]:
    values = {name: _value(week[name]) for name in names}
    least = min(values.values(), default=())
    found = frozenset(name for name, value in values.items() if value == least)
    return found if len(found) < len(names) else frozenset()


def _value(standing: tuple[int, ...] | int) -> tuple[int, ...]:
    return (standing,) if isinstance(standing, int) else standing


def _ranks(week: Mapping[str, tuple[int, ...] | int], names: Sequence[str]) -> list[float]:
    """Of each resident, the mean place among all of who stands equally well."""
    ordered = sorted(_value(week[name]) for name in names)
    first = {value: ordered.index(value) for value in set(ordered)}
    count = Counter(ordered)
    return [first[value] + (count[value] - 1) / 2 for value in (_value(week[name]) for name in names)]


def _correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's of the ranks, which is Spearman's; None where one of them is flat."""
    if not a:
        return None
    mean = (len(a) - 1) / 2
    above = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    below = sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)
    return above / below**0.5 if below else None


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), 4) if values else None
