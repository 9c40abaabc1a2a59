"""The week in which facts are told, and who is invited to what of it by now."""

from collections.abc import Callable
from datetime import date, timedelta

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.solving.contents import read_published
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held

TODAY = NOW.date()  # a Wednesday
THURSDAY, FRIDAY = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
NEXT = MONDAY + timedelta(days=7)
CHOIRS = [
    Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref="monday"),
    Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday"),
]
NEXT_CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="next")


def tell(engines: Engines, what: Callable[[DbSession], object]) -> None:
    with unit_of_work(engines) as db:
        what(db)


def invited(engines: Engines, elm: CommunityBuilder, week: date = MONDAY) -> dict[str, set[str]]:
    """Who is invited to what by now, by the keys of tests."""
    keys = {row.id: key for key, row in elm.residents.items()}
    with reading(engines) as db:
        published = read_published(db, elm.id, week)
    assert published is not None
    return {each.ref: {keys[resident] for resident in each.residents} for each in published.sessions}
