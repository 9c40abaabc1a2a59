"""A small community in one unit of work, on each database."""

from collections.abc import Iterator

import pytest

from milieu.database import DbSession, Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder, small_community


@pytest.fixture
def db(engines: Engines) -> Iterator[DbSession]:
    with unit_of_work(engines) as session:
        yield session


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    return small_community(db)
