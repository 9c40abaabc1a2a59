"""Public ids: 128 random bits as 26 lower-case letters and digits, so that none can be guessed or counted."""

import base64
import re
import secrets

LENGTH = 26
_FORM = re.compile(r"[a-z2-7]{26}")


def new_id() -> str:
    """A fresh random id (RFC 4648 base32 without padding, lower case)."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def is_id(text: str) -> bool:
    """Whether a text has the form of an id; says nothing of whether a row has it."""
    return _FORM.fullmatch(text) is not None
