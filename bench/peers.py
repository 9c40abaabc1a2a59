"""The peers, one adapter each, in the order in which they stand in tables and pictures."""

import sys

from bench.adapters import timefold
from bench.adapters.highs.log import hear_highs
from bench.adapters.peer import Ask, Peer


def _module(name: str, ask: Ask) -> list[str]:
    return [
        sys.executable,
        "-m",
        name,
        str(ask.problem),
        "--seconds",
        str(ask.seconds),
        "--workers",
        str(ask.workers),
        "--seed",
        str(ask.seed),
    ]


def _solver(ask: Ask) -> list[str]:
    return [
        *_module("solver", ask)[:3],
        "solve",
        str(ask.problem),
        "-o",
        str(ask.schedule),
        "--progress",
        *_module("solver", ask)[4:],
    ]


PEERS = {
    peer.name: peer
    for peer in (
        Peer("solver", "this solver", _solver),
        Peer("hand", "by hand", lambda ask: _module("bench.adapters.by_hand", ask)),
        Peer("timefold", "Timefold", timefold.command, missing=timefold.missing, mend=timefold.mend),
        Peer("cpsat", "plain CP-SAT", lambda ask: _module("bench.adapters.plain_cpsat", ask)),
        Peer("highs", "HiGHS alone", lambda ask: _module("bench.adapters.highs.alone", ask), hear=hear_highs),
        Peer("exchanges", "plain exchanges", lambda ask: _module("bench.adapters.exchanging", ask)),
    )
}
ON_HOMES = ("solver", "hand", "timefold", "cpsat", "highs")
ON_GROUPING = ("solver", "exchanges")
