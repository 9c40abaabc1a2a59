"""Where one goes on from a form that was saved: on the way to a first week to its next step, later to what was made."""

from flask import url_for

from milieu.database import DbSession
from milieu.services.house.readiness import is_published
from web.guards.principal import principal


def onward(db: DbSession, usual: str, *, until_then: str = "") -> str:
    """`usual`; while nothing was ever published `until_then`, or the way to a first week."""
    if is_published(db, principal().community_id):
        return usual
    return until_then or url_for("director.first_week")
