"""Public ids: 128 random bits as 26 lower-case letters and digits, so that none can be guessed or counted."""

import base64
import secrets

LENGTH = 26


def new_id() -> str:
    """A fresh random id (RFC 4648 base32 without padding, lower case)."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()
