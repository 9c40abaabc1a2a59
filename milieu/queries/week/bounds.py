"""How far a week can be from the best there is: told where score and bound speak of the same thing, else not at all.

Once a week is published, the score of a new one pays for each change that people are told of. The proved bound knows of
changes only what keeps it true, so that the distance between the two says little about the week: after a repair "31 %
below the best" was mostly the price of the repair.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from milieu.models import Publication, Run
from solver.documents.exchange import OF_CHANGES


def comparable(bound: int | None, terms: Mapping[str, Any] | None) -> int | None:
    """The bound of a week's score, None where the score pays for changes."""
    return None if terms is None or any(terms.get(name) for name in OF_CHANGES) else bound


def below_best(objective: int | None, bound: int | None) -> float | None:
    """How many per cent at most a week is below the best that could be; None where no bound is known."""
    if objective is None or bound is None or bound <= 0:
        return None
    return max(0.0, 100 * (bound - objective) / bound)


def has_changes_to_pay() -> ColumnElement[bool]:
    """Whether a run was asked for when its week was published already."""
    return (
        select(Publication.id)
        .where(
            Publication.community_id == Run.community_id,
            Publication.week_start == Run.week_start,
            Publication.published_at <= Run.requested_at,
        )
        .correlate(Run)
        .exists()
    )
