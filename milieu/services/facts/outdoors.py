"""It is too wet outside: what is held there goes to what takes its place in the wet, or is off."""

from collections.abc import Collection

from milieu.causes import CLOSURE_KINDS
from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import Space, SpaceClosure
from milieu.queries.facts.kinds import WEATHER
from milieu.services.facts.noting import away, find, note, said
from milieu.services.facts.stretch import Stretch
from milieu.services.teller import Teller


def tell_weather(db: DbSession, teller: Teller, space_ids: Collection[str], stretch: Stretch) -> str:
    """The weather closes some spaces; the id of the first closure. Raises Invalid."""
    if not space_ids:
        raise Invalid("Please choose what cannot be used.", at="spaces")
    closures = []
    for space_id in sorted(set(space_ids)):
        space: Space = find(db, teller, Space, space_id, "Please choose among the spaces.", at="spaces")
        closure = SpaceClosure(
            community_id=teller.community_id, space_id=space.id, kind=CLOSURE_KINDS[0], **away(stretch)
        )
        db.add(closure)
        db.flush()
        closures.append(closure)
    about = {
        "space_ids": [each.space_id for each in closures],
        "closures": [each.id for each in closures],
        **said(stretch),
    }
    return note(db, teller, WEATHER, closures[0].id, about)
