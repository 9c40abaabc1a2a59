"""Where a record begins: the one address that everything in the search needs."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers
from solver.search.memory.layout import MOST_TEAM, SES, SES_FIXED


@kernel
def ses_at(p: Numbers, s: Numbers, x: int) -> int:
    """Where the row of session x begins in s."""
    return int(s[SES] + x * (SES_FIXED + p[MOST_TEAM]))
