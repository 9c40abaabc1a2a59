"""Which of somebody's wishes counts: their own word before others', the newest of each."""

from collections.abc import Sequence
from datetime import date

from milieu.models import Wish

_WHOSE_WORD = ("resident", "relative", "observed", "staff")
_NOT_SAID = date.min


def holding_wishes(wishes: Sequence[Wish]) -> dict[str, Wish]:
    """The one of somebody's wishes that counts for each activity."""
    holding: dict[str, Wish] = {}
    for wish in sorted(wishes, key=_standing):
        holding.setdefault(wish.activity_id, wish)
    return holding


def _standing(wish: Wish) -> tuple[int, int, str]:
    whose = _WHOSE_WORD.index(wish.said_by) if wish.said_by in _WHOSE_WORD else len(_WHOSE_WORD)
    return whose, -(wish.said_on or _NOT_SAID).toordinal(), wish.id
