"""The rules of a schedule, in the order of the exchange format. A new rule: its file, a line here, its test."""

from solver.model.rule import Rule
from solver.model.rules.demands import frozen, pin, required
from solver.model.rules.residents import apart, calm, cohort, escort, familiar, person, refusal
from solver.model.rules.sessions import bleed, count, group, place, seats, space, staff, support

RULES: tuple[Rule, ...] = (
    place.RULE,
    seats.RULE,
    space.RULE,
    staff.RULE,
    group.RULE,
    count.RULE,
    person.RULE,
    refusal.RULE,
    calm.RULE,
    apart.RULE,
    support.RULE,
    escort.RULE,
    cohort.RULE,
    required.RULE,
    familiar.RULE,
    bleed.RULE,
    frozen.RULE,
    pin.RULE,
)
