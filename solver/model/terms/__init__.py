"""The terms of the score, in the order of the exchange format. A new term: its file, a line here, its test."""

from solver.model.term import Term
from solver.model.terms import (
    cancel,
    crowd,
    drop,
    engagement,
    group,
    interest,
    left_out,
    move,
    relocate,
    session,
    shortfall,
    target,
    thin_day,
    tie,
    time,
    walk,
    warm,
)

TERMS: tuple[Term, ...] = (
    interest.TERM,
    time.TERM,
    engagement.TERM,
    shortfall.TERM,
    left_out.TERM,
    target.TERM,
    group.TERM,
    tie.TERM,
    warm.TERM,
    crowd.TERM,
    walk.TERM,
    session.TERM,
    thin_day.TERM,
    cancel.TERM,
    move.TERM,
    relocate.TERM,
    drop.TERM,
)
