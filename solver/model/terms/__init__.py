"""The terms of the score, in the order of the exchange format. A new term: its file, a line here, its test."""

from solver.model.term import Term
from solver.model.terms.changes import cancel, drop, move, relead, relocate
from solver.model.terms.company import companion, crowd, group, tie
from solver.model.terms.programme import offer, session, usual
from solver.model.terms.residents import engagement, interest, left_out, shortfall, target, time, turn, walk

TERMS: tuple[Term, ...] = (
    interest.TERM,
    time.TERM,
    engagement.TERM,
    shortfall.TERM,
    left_out.TERM,
    target.TERM,
    group.TERM,
    tie.TERM,
    companion.TERM,
    crowd.TERM,
    walk.TERM,
    session.TERM,
    offer.TERM,
    usual.TERM,
    turn.TERM,
    cancel.TERM,
    move.TERM,
    relocate.TERM,
    drop.TERM,
    relead.TERM,
)
