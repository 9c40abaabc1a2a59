"""What is well formed in a problem and makes no sense: demands that nobody can meet, pins that cannot matter.

A warning stops nothing; the solver still says whether there is a schedule.
"""

from solver.documents import ProblemDocument
from solver.warnings.activities import of_activities
from solver.warnings.doubts import Doubt
from solver.warnings.pins import of_pins, of_previous
from solver.warnings.places import of_facilitators, of_spaces
from solver.warnings.residents import of_groups, of_residents
from solver.warnings.settings import of_horizon, of_settings

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
        *of_previous(problem),
        *of_pins(problem),
    ]
