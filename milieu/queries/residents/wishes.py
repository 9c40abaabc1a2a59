"""Which of somebody's wishes counts: their own word before others', the newest of each."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

_WHOSE_WORD = ("resident", "relative", "observed", "staff")
_NOT_SAID = date.min


class WishRow(Protocol):
    """A wish, as a row or as much of it as says which counts."""

    if TYPE_CHECKING:

        @property
        def id(self) -> str: ...
        @property
        def activity_id(self) -> str: ...
        @property
        def said_by(self) -> str: ...
        @property
        def said_on(self) -> date | None: ...


Row = TypeVar("Row", bound=WishRow)


def holding_wishes(wishes: Sequence[Row]) -> dict[str, Row]:
    """The one of somebody's wishes that counts for each activity."""
    holding: dict[str, Row] = {}
    for wish in sorted(wishes, key=_standing):
        holding.setdefault(wish.activity_id, wish)
    return holding


def _standing(wish: WishRow) -> tuple[int, int, str]:
    whose = _WHOSE_WORD.index(wish.said_by) if wish.said_by in _WHOSE_WORD else len(_WHOSE_WORD)
    return whose, -(wish.said_on or _NOT_SAID).toordinal(), wish.id
