"""What the score is made of: points, and what each of them belongs to."""

from typing import NamedTuple


class About(NamedTuple):
    """What an amount of the score belongs to.

    `residents` is whose it is: one, both of a tied pair in the order of their ids, or nobody's where it is a living
    group's, a session's or a day's. What it speaks of besides is "" or None where there is none.
    """

    residents: tuple[str, ...] = ()
    group: str = ""
    domain: str = ""
    session: str = ""
    day: int | None = None


class Amount(NamedTuple):
    """So many points does one part of a term add to the score (below 0: take from it), weight included."""

    about: About
    n: int
