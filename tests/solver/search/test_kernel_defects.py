"""A defect in the search's reading of any rule, any term and any move is noticed by the other readings.

Whoever adds a rule or a term plants a defect for it in `kernel_defects`.
"""

from collections.abc import Iterator

import pytest

from solver.model.rules import RULES
from solver.model.terms import TERMS
from tests.solver.search.kernel_defects import DEFECTS, DENSE, SHORTSIGHTED, TRADING
from tests.solver.search.test_moves import Telling

pytestmark = pytest.mark.slow(0.1)  # what is planted is noticed in one process, for all of them


@pytest.fixture(scope="module")
def noticed() -> Iterator[Telling]:
    telling = Telling("tell_defects")
    yield telling
    telling.end()


def test_without_a_defect_nothing_is_noticed(noticed: Telling) -> None:
    assert noticed[""] is None
    assert noticed["trades"] is None


@pytest.mark.parametrize("name", [rule.code for rule in RULES] + [term.name for term in TERMS])
def test_a_defect_in_the_search_is_noticed(name: str, noticed: Telling) -> None:
    told = noticed[name]

    assert told is not None
    assert any(line.startswith((name, "score") if name[0] == "R" else "score") or "lacking" in line for line in told[1])


@pytest.mark.parametrize("name", [name for name in (*DEFECTS, *SHORTSIGHTED, *DENSE, *TRADING) if " " in name])
def test_a_defect_in_what_moves_do_is_noticed(name: str, noticed: Telling) -> None:
    assert noticed[name] is not None
