"""A week as its director sees it: the board, one session of it, how it shares itself out, what to look at."""

from web.director.week import balance, day, shown

__all__ = ["balance", "day", "shown"]
