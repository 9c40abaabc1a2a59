"""What HiGHS says while it works: the lines of its log that tell an incumbent and a bound."""

import re

from bench.adapters.peer import Tree

# " T  1234   56   789  12.3%   1234.5   1200   2.87% …": source, nodes, …, explored, bound, incumbent, gap
_LINE = re.compile(r"^ (?P<source>[A-Z ]) .*?\d+(?:\.\d+)?%\s+(?P<bound>-?\S+)\s+(?P<score>-?\S+)\s+\S+")


def hear_highs(line: str) -> Tree | None:
    """The statement in a line of the log of a maximisation; None where it tells none."""
    found = _LINE.match(line)
    if found is None:
        return None
    try:
        score = float(found["score"])
    except ValueError:
        return None
    return {"objective": round(score)} if abs(score) < 1e15 else None
