"""What the tests spare themselves, which would be half of their time and is not what they are about.

Passwords are hashed with next to no work: a true hash takes as long as two pages. Databases are not waited for until
they are on the disk: nobody needs them after a power cut. And Python looks seldom for unreachable objects: the product
and all tests are loaded, they stay until the end, and its own measure goes through them again and again.

What the product does is tried with `true_hashes` and `true_saving`; processes with a Python of their own make true
hashes and wait for the disk. Commands out of the nursery spare it, too.
"""

import gc

import pytest
from argon2 import PasswordHasher

from milieu import database
from milieu.services.access import passwords

_TRUE = {"_hasher": passwords._hasher, "_NOBODYS": passwords._NOBODYS}
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_TRUE_SAVING = database._SYNCHRONOUS
_SELDOM = 50_000, 20, 20  # as for `gc.set_threshold`; Python's own measure is 700, 10, 10

passwords._hasher = _QUICK
passwords._NOBODYS = _QUICK.hash("somebody else")
database._SYNCHRONOUS = "OFF"
gc.set_threshold(*_SELDOM)


@pytest.fixture
def true_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own hashes; ask for it before what makes accounts."""
    for name, value in _TRUE.items():
        monkeypatch.setattr(passwords, name, value)


@pytest.fixture
def true_saving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own way to the disk; ask for it before anything is connected."""
    monkeypatch.setattr(database, "_SYNCHRONOUS", _TRUE_SAVING)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave out of every later look what is loaded now."""
    gc.collect()
    gc.freeze()
