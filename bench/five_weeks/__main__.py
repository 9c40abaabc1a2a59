"""`python -m bench.five_weeks DATABASE …`: sixteen points of planned weeks, two columns a community."""

import argparse
import sys
from pathlib import Path

from bench.five_weeks import people, programme, repairs
from bench.five_weeks.finding import Point
from bench.five_weeks.reading import read_home

POINTS = (
    Point(1, "groups keep activity, day and time (85 %)", programme.skeleton),
    Point(2, "who is away on one day changes no other day's leaders", repairs.leaders_kept),
    Point(3, "what is scarce goes round", people.turns),
    Point(4, "groups are as large as they are meant, 19 times of 20 no larger", people.filled),
    Point(5, "what was declined twice rests", people.resting),
    Point(6, "by wish; a dislike is no invitation", people.wished),
    Point(7, "no living group 20 % below the others, something each day", people.units),
    Point(8, "each day and part of the day has its share", programme.days_and_parts),
    Point(9, "leaders by size, volunteers alone only where they may, no day over ten hours", programme.leaders_by_size),
    Point(10, "no more are fetched at once than can be", programme.fetched_at_once),
    Point(11, "nobody is asked to what they cannot; gardens in their months", programme.fitting),
    Point(12, "time for the way between two sessions", programme.ways_between),
    Point(13, "visits lie days apart", programme.visit_days),
    Point(14, "whose birthday it is, is at the birthday tea", people.birthdays),
    Point(15, "newcomers have a small group and a neighbour", people.newcomers),
    Point(16, "a repair changes nothing without a cause", repairs.caused),
)
_HOLDS = {True: "yes", False: "**no**", None: "–"}


def table(paths: list[Path]) -> str:
    """The points as a Markdown table."""
    homes = [read_home(path) for path in paths]
    lines = [
        "| point | " + " | ".join(f"{home.name}, {len(home.weeks)} weeks | holds" for home in homes) + " |",
        "| --- |" + " --- | --- |" * len(homes),
    ]
    for point in POINTS:
        found = [point.find(home) for home in homes]
        cells = " | ".join(f"{each.figure} | {_HOLDS[each.holds]}" for each in found)
        lines.append(f"| {point.number}. {point.demand} | {cells} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.five_weeks", description=__doc__)
    parser.add_argument("databases", type=Path, nargs="+", help="milieu.sqlite, or the folder that holds it")
    parser.add_argument("--befall", action="store_true", help="first publish the newest week and let things befall it")
    given = parser.parse_args(arguments)
    if given.befall:
        from bench.five_weeks.befalling import befall

        for folder in given.databases:
            print(f"{folder}: {'; '.join(befall(folder))}", file=sys.stderr)
    print(table(given.databases))
    return 0


if __name__ == "__main__":
    sys.exit(main())
