"""How a peer's own process tells what it has found, and reads what it is asked."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from solver.documents.exchange import Session


def tell(sessions: Iterable[Session]) -> None:
    """Write a schedule as a line."""
    _say({"sessions": [json.loads(row.model_dump_json()) for row in sessions]})


def tell_bound(bound: int) -> None:
    _say({"bound": bound})


def _say(tree: dict[str, object]) -> None:
    sys.stdout.write("\n" + json.dumps(tree) + "\n")  # after a library's half line
    sys.stdout.flush()


def asked(name: str) -> argparse.Namespace:
    """`problem`, `seconds`, `workers` and `seed` from the command line of a peer."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()
