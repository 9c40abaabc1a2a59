"""Passwords: one normal form wherever one is set or checked, and their hashes.

A letter with an accent has two spellings in Unicode, and which one a keyboard sends depends on the machine: both are
the same password here.
"""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from milieu.errors import Invalid

# OWASP's second choice for argon2id: 19 MiB, two passes, one lane; about 40 ms a check on one core.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
# Compared where there is nothing to compare with, so that an unknown name takes as long as a known one.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$c29tZWJvZHkgZWxzZQ$Y5v8pBxrnJYDFjkSgaS1oxlJnUkHGH1kFm0/yGEgEPA"


def normal_password(typed: str) -> str:
    """The one form of a password, NFKC: whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", typed)


def is_too_long(typed: str) -> bool:
    """Whether this can be nobody's password, before anything is computed of it."""
    return len(typed) > LONGEST_PASSWORD or len(normal_password(typed)) > LONGEST_PASSWORD


def hash_password(typed: str) -> str:
    """The hash to store of a new password. Raises Invalid for one that is too short, too long or not typable."""
    check_new(typed)
    return _hasher.hash(normal_password(typed))


def check_new(typed: str) -> None:
    """Raises Invalid, with the sentence to show, for what cannot become a password."""
    if is_too_long(typed):
        raise Invalid(f"A password has at most {LONGEST_PASSWORD} characters.")
    if len(normal_password(typed)) < SHORTEST_PASSWORD:
        raise Invalid(f"A password has at least {SHORTEST_PASSWORD} characters.")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in typed):
        raise Invalid("A password holds no line ends and no other keys that leave no letter.")


def is_right(stored: str | None, typed: str) -> bool:
    """Whether a password is the one of a stored hash; as slow where there is none (None), and then never right."""
    try:
        matches = _hasher.verify(stored or _NOBODYS, normal_password(typed))
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return matches and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)
