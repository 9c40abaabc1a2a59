"""What is well formed in a problem and makes no sense: demands that nobody can meet, pins that cannot matter.

A warning stops nothing; the solver still says whether there is a schedule.
"""

from solver.documents.problem import ProblemDocument
from solver.model.warnings.activities import of_activities
from solver.model.warnings.doubts import Doubt
from solver.model.warnings.offers import of_offers, of_usual
from solver.model.warnings.pins import of_pins, of_previous
from solver.model.warnings.places import of_facilitators, of_spaces
from solver.model.warnings.residents import of_groups, of_residents
from solver.model.warnings.settings import of_horizon, of_settings

__all__ = ["Doubt", "find_warnings"]


def find_warnings(problem: ProblemDocument) -> list[Doubt]:
    """By the order of the document's lists."""
    return [
        *of_horizon(problem),
        *of_spaces(problem),
        *of_facilitators(problem),
        *of_activities(problem),
        *of_residents(problem),
        *of_groups(problem),
        *of_settings(problem),
        *of_offers(problem),
        *of_usual(problem),
        *of_previous(problem),
        *of_pins(problem),
    ]
