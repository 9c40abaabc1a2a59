"""For whoever watches over the installation: is the process alive, is it ready."""

from dataclasses import asdict

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from milieu.queries.health import readiness
from web.binding import bound, now, reader

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether pages can be served as promised: the database's revision, and how long ago the clock last beat."""
    found = readiness(reader(), now=now(), lease_seconds=bound().settings.lease_seconds)
    return jsonify(asdict(found)), 200 if found.ok else 503
