"""Addresses that nobody can guess: the id of a row, signed with the installation's key; the row alone can end them."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from milieu.errors import NotFound


def sign_wall(wall_id: str) -> str:
    """The last part of a wall's address."""
    signed = _signer().dumps(wall_id)
    return signed if isinstance(signed, str) else signed.decode()


def read_wall(token: str) -> str:
    """The wall that an address names. Raises NotFound where this installation did not make it."""
    try:
        named = _signer().loads(token)
    except BadSignature:
        named = None
    if not isinstance(named, str):
        raise NotFound("There is no such programme.")
    return named


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="milieu-wall")
