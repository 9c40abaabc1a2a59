"""How many communities' weeks are ready in time, on how many cores, and what it costs.

    python -m bench.nights                          made nights of 200, 1,000 and 5,000 communities on 2 to 64 cores
    python -m bench.nights real [--communities 12]  two real nights on this machine, each beside its forecast; minutes
    python -m bench.nights cluster --communities 200    a night on PostgreSQL and a cluster that dies; half an hour
    python -m bench.nights pages --communities 200      pages of a community alone and among so many others; minutes

`docs/scale.md` says what came of it.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.nights.simulation import Done, Night, mornings

CORES_A_SOLVE = 2
QUARTERS = (0.0, 0.25, 0.5, 0.75)
ZONES = {
    "24 zones": (1,) * 24,
    "one continent": (*((0,) * 11), 45, 20, 10, 25, *((0,) * 9)),
    "one zone": (*((0,) * 5), 1, *((0,) * 18)),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.nights", description="Nights of many communities.")
    parser.add_argument("which", nargs="?", choices=("made", "real", "cluster", "pages"), default="made")
    parser.add_argument("--communities", type=int, default=12)
    parser.add_argument("--places", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument(
        "--servers", type=int, default=2, help="how many servers' pages are read in a night of a cluster"
    )
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is opened")
    parser.add_argument("--news", type=float, default=0.7, help="the share of mornings on which a search is needed")
    parser.add_argument("--deaths", type=float, default=0.0, help="how often a place dies in an hour of work")
    given = parser.parse_args(arguments)
    if given.which == "real":
        real(given.communities, given.places, given.seconds)
    elif given.which == "cluster":
        cluster(given.communities, given.seconds, given.servers)
    elif given.which == "pages":
        pages(given.communities, given.rounds)
    else:
        made(given.news, given.deaths)


def made(news: float, deaths: float) -> None:
    """A table of made nights."""
    print("| communities | zones | cores | ready in time | shortened | search, median | longest wait | core-hours |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in (200, 1_000, 5_000):
        for name, zones in ZONES.items():
            for cores in (2, 4, 8, 16, 32, 64):
                night = Night(max(1, cores // CORES_A_SOLVE), deaths)
                print(_line(count, name, cores, night, night.run(list(mornings(count, zones, news=news, seed=7)))))


def _line(count: int, zones: str, cores: int, night: Night, done: Sequence[Done]) -> str:
    ready = sum(each.is_ready for each in done) / len(done)
    short = sum(each.is_short for each in done) / len(done)
    search = statistics.median(each.seconds for each in done if each.morning.has_news)
    longest = max(each.at - each.morning.due for each in done) / 60
    hours = night.busy_seconds * CORES_A_SOLVE / 3600
    cells = (f"{count:,}", zones, cores, f"{ready:.1%}", f"{short:.0%}", f"{search:g} s", f"{longest:.0f} min")
    return f"| {' | '.join(map(str, cells))} | {hours:.1f} |"


def real(communities: int, places: int, seconds: int) -> None:
    """Real nights beside their forecasts."""
    from bench.nights.real import nights

    with tempfile.TemporaryDirectory() as folder:
        told = nights(Path(folder), communities=communities, places=places, seconds=seconds)
    for number, night in enumerate(told, 1):
        print(
            f"night {number}: all done after {night.real:.1f} s, forecast {night.forecast:.1f} s "
            f"({night.real / night.forecast - 1:+.0%}); {night.states}; "
            f"search {night.search:.1f} s, beside {night.beside:.1f} s"
        )


def cluster(communities: int, seconds: int, servers: int) -> None:
    """A night of processes that die."""
    from bench.nights.cluster import night

    with tempfile.TemporaryDirectory(prefix="night-") as folder:
        told = night(Path(folder), communities=communities, seconds=seconds, servers=servers, tell=_say)
    shown = {name: value for name, value in asdict(told).items() if name not in ("reads", "memory")}
    print(json.dumps(shown, indent=2, ensure_ascii=False))
    reads = told.reads
    print(f"pages: {len(reads.seconds)} read, {dict(reads.statuses)}")
    for name, first, last in (("first", 0.0, 0.25), ("last", 0.75, 1.0)):
        print(f"  median of the {name} quarter {1000 * reads.middle(first, last):.0f} ms")
    for number, sizes in enumerate(zip(*told.memory, strict=False), 1):
        quarters = [
            statistics.median(sizes[int(at * len(sizes)) : int((at + 0.25) * len(sizes)) + 1]) for at in QUARTERS
        ]
        print(f"server {number}: {', '.join(f'{size:.0f}' for size in quarters)} MB in the quarters of the night")


def pages(communities: int, rounds: int) -> None:
    """Pages of one community, alone and among others."""
    from bench.nights.pages import compare

    with tempfile.TemporaryDirectory(prefix="night-") as folder:
        for line in compare(Path(folder), communities=communities, rounds=rounds, tell=_say):
            print(line)


def _say(sentence: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
