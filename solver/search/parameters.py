"""What steers the search, in one place: each number with its unit, what it does, and how it was chosen.

Temperatures are in points of the score; most are given as a part of one that is measured on the problem itself
(`cooling.measure_temperature`), so that another weight, size or tie asks for no other setting. "By hand": tried on made
homes of 30 to 300 residents in equal processor time, without a curve that was kept; `docs/solver.md` tells what was
tried beside it. How many moves are of which kind stands in the kernels that draw them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    # ---- the cooling schedule: where it begins and ends
    hot_acceptance: float = 0.33
    """A cooling begins where this part of the moves is accepted that is accepted at most. By hand: hotter only takes
    longer, since all is melted there already."""
    cold_acceptance: float = 0.005
    """It ends where this part of them is. Homes of 60 and 300 gained 3 to 5 % by cooling as deep."""
    narrowest: float = 4.0
    widest: float = 50.0
    """How many times hotter it begins than it ends, at least and at most, whatever was measured. By hand: a guard
    against problems in which hardly anything or nearly everything is accepted."""
    measured_from: float = 2.0
    """The measuring begins at this many times what one attendance is worth at most, where everything is accepted."""
    measured_ratio: float = 0.8
    """The next temperature that is measured, as a part of the last."""
    measured_moves: tuple[int, int] = (500, 30)
    """Moves at each of them, and more for each resident: enough to tell an acceptance of half a per cent."""

    # ---- the cooling schedule: how long, and how often
    counted_moves: int = 2000
    """Moves a resident of the first cooling, which no clock measures, so that it is the same on any machine."""
    counted_pieces: int = 64
    """Pieces in which it is made; between two of them a searcher hears the others."""
    first_cooling: float = 0.5
    """Seconds of the first cooling by the clock, where there are `usual_people` or fewer."""
    usual_people: int = 75
    """Residents; where there are more, that cooling is longer in proportion: large homes' short solves need all their
    time for one."""
    growth: float = 3.0
    """How many times longer than the last each cooling is that melts everything. One long cooling beat a doubling
    series by 0.7 % in equal time (120 and 300 residents), so that the last takes most of the time."""
    reheat_growth: float = 1.5
    """The same of a cooling that returns to the best known, in a repair. By hand."""
    last_share: float = 0.15
    """The part of the time at the end in which every searcher works on the best of all. By hand."""
    look: float = 0.04
    """Seconds between two looks at the clock and the messages: an interrupt is heard in hundredths of a second."""

    # ---- reheats, as parts of the temperature at which a cooling begins
    reheat: float = 0.5
    """Of the counted cooling of a repair, and of those after the bound has had its turn. By hand."""
    last_reheat: float = 0.3
    """In the last part of the time. By hand: what is good already is not melted."""
    repair_reheats: tuple[float, ...] = (0.3, 1.0, 0.5)
    """From the best that is known, in a repair, in turn: some faults are mended by little, some only by much."""
    melt: float = 2.0
    """Of the searcher that melts a repair: what is cancelled or moved weighs as much as many invitations. Half or three
    times as hot session moves brought nothing."""
    melt_length: float = 3.0
    """How many times longer that one's first cooling by the clock is."""
    knee: float = 0.2
    """Down to here a repair is cooled slowly, since what is published moves only above it, then quickly to the end.
    Worth 2 % at 120 residents with a leader away, and less spread."""
    knee_time: float = 0.8
    """The part of a repair's cooling that goes down to the knee."""

    # ---- what session moves are given, as a part of all work
    first_session_share: float = 0.05
    """The share of moves that move sessions, before it is known what they cost."""
    session_work: float = 0.55
    """Of the counted work. By hand: half to two thirds are alike, fewer moves of sessions lose 2 to 3 %."""
    mending_work: float = 0.85
    """Of the work while a repair is above its knee: 0.9 % at 120 residents with a leader away, in 5 s."""
    least_work: float = 0.05
    """Of the work where they bring nothing …"""
    idle: int = 10_000
    """… which is where fewer than one of so many is accepted."""
    known_after: int = 2000
    """Session moves before that is said; fifty of each kind before shares are set at all."""

    # ---- first schedules
    attempts: int = 12
    """At a first schedule that lacks nothing. Of 75 tight homes of 30 to 120 all had one by then, in 0.14 s at most; an
    attempt costs far less than mending."""
    early_attempts: int = 3
    """Of them before it is asked whether there is one at all."""
    insertions: int = 6
    """Tries at a new session for each activity, once nothing is lacking. By hand: annealing does the rest better."""
    lack_price: int = 40
    """What a lacking demand costs, as a multiple of what an attendance, a tie or a cancelled invitation is worth: more
    than meeting it is likely to cost, yet no wall to moves. By hand."""
    retry_seconds: float = 3.0
    """Of a cooling while none is found that lacks nothing; then the price of a lacking demand is doubled."""
    retry: float = 2.0
    """How many times hotter than usual that one begins."""
    most_price: int = 1 << 40
    """Points: no demand is dearer, so that sums stay within 64 bits."""

    # ---- a repair's timetable of what is published, and its first schedules
    timetable_share: float = 0.15
    """The most of the time for it."""
    placings: int = 5_000
    """Tries for each published session, where the time allows. Four times as many gained nothing beyond noise."""
    timetable_pieces: int = 64
    """Pieces in which it is made, each colder than the last."""
    first_piece: int = 500
    """Tries in the first of them, before their speed is known."""
    timetable_hot: float = 1.5
    """The temperature at first, as a part of what cancelling costs for one who was invited and an attendance brings."""
    timetable_cold: float = 0.05
    """The temperature at last, as a part of that at first."""
    beginnings: int = 10
    """First schedules of a repair, half of them on that timetable; the search goes on from the best. At 120 residents
    weeks were 0.9 % below what a minute gives after 5 s, where they had been 1.5 %."""
    beginnings_share: float = 0.05
    """The most of the time for them."""


PARAMETERS = Parameters()
