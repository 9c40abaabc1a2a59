"""Passwords of tests are hashed with next to no work: a true hash takes as long as two pages.

Which hashes the product makes is tried with `true_hashes`; commands that run as processes of their own make true ones.
"""

import pytest
from argon2 import PasswordHasher

from milieu.services.access import passwords

_TRUE = {"_hasher": passwords._hasher, "_NOBODYS": passwords._NOBODYS}
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

passwords._hasher = _QUICK
passwords._NOBODYS = _QUICK.hash("somebody else")


@pytest.fixture
def true_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own hashes; ask for it before what makes accounts."""
    for name, value in _TRUE.items():
        monkeypatch.setattr(passwords, name, value)
