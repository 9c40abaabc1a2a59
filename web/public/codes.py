"""Short addresses: eight letters and figures for a television's remote control, instead of a wall's long address.

A code follows from the wall's id and the installation's key, as the long address does, so that none is kept anywhere
and both end together: with the wall, or with the key.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from flask import current_app

from milieu.errors import NotFound
from milieu.services.access.tries import Allowance

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # none that looks like another, and no vowel to make a word of
LENGTH = 8
OF_A_NETWORK = Allowance(20, timedelta(minutes=1))
"""Codes that open nothing: 28 to the power of 8 are not found at one a minute."""


def code_of(wall_id: str) -> str:
    """ "BCDF-2345"."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    rest = int.from_bytes(hmac.new(key, b"wall code " + wall_id.encode(), hashlib.sha256).digest())
    letters = ""
    for _place in range(LENGTH):
        rest, letter = divmod(rest, len(LETTERS))
        letters += LETTERS[letter]
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def wall_of(typed: str, wall_ids: Iterable[str]) -> str:
    """The wall whose code was typed: in capitals or not, with a hyphen, a blank or neither. Raises NotFound."""
    wanted = _plain(typed).encode()
    found = [each for each in wall_ids if hmac.compare_digest(_plain(code_of(each)).encode(), wanted)]
    if len(found) != 1:
        raise NotFound("There is no such programme.")
    return found[0]


def _plain(typed: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())
