"""Who knows nobody in the community, as far as is known."""

from collections.abc import Collection
from datetime import date

from milieu.database import DbSession
from milieu.queries.ties.bonds import DIRECTOR, bonds_of


def who_knows_nobody(db: DbSession, community_id: str, residents: Collection[str], today: date) -> frozenset[str]:
    """Those of the residents of a day who have no tie that does good to another of them. As a director may know it."""
    here = frozenset(residents)
    bonds = bonds_of(db, community_id, seen_by=DIRECTOR)
    close = (bond.pair for bond in bonds if bond.is_close and bond.holds_on(today) and bond.pair <= here)
    return here - frozenset[str]().union(*close)
