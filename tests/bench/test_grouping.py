"""Maximally diverse grouping as a problem document: the same task, the same value."""

import numpy as np
import pytest

from bench.asked.grouping import Instance, make_instance, read_instance
from bench.exchanging import search
from solver.documents.exchange import read_problem
from solver.model.check import broken, objective

SMALL = Instance(
    "four in two groups", np.array([[0, 9, 1, 2], [9, 0, 3, 0], [1, 3, 0, 5], [2, 0, 5, 0]]), ((1, 3), (1, 2))
)


def test_a_grouping_is_worth_its_distances() -> None:
    problem = read_problem(SMALL.document())

    for group in ([0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 1, 0]):
        sessions = SMALL.sessions(group)
        assert broken(problem, sessions) == []
        assert objective(problem, sessions) == SMALL.total(group)
    assert SMALL.total([0, 0, 1, 1]) == 9 + 5
    assert SMALL.total([0, 0, 0, 1]) == 9 + 1 + 3


def test_no_distance_is_no_tie_and_the_document_gives_the_instance_back() -> None:
    problem = read_problem(SMALL.document())

    again = Instance.of(problem)

    assert len(problem.ties) == 5
    assert (again.distances == SMALL.distances).all()
    assert again.sizes == SMALL.sizes


@pytest.mark.parametrize("group", [[0, 0, 0, 0], [1, 1, 1, 0]])
def test_a_group_of_a_wrong_size_is_no_grouping(group: list[int]) -> None:
    assert {each.rule for each in broken(read_problem(SMALL.document()), SMALL.sessions(group))} & {"R5", "R2"}
    with pytest.raises(ValueError, match="not"):
        SMALL.total(group)


def test_whoever_attends_none_goes_where_there_is_room() -> None:
    sessions = SMALL.sessions([0, 0, 1, -1])

    assert SMALL.grouped(sessions) == [0, 0, 1, 0]


def test_the_shape_is_the_published_one() -> None:
    different, same = make_instance(120, "different", 1), make_instance(120, "same", 1)

    assert different.sizes == ((8, 16),) * 10
    assert same.sizes == ((12, 12),) * 10
    assert int(different.distances.max()) == 100
    assert int(different.distances.min()) == 0
    assert 49 < different.distances.sum() / (120 * 119) < 51
    assert (make_instance(120, "same", 1).distances == same.distances).all()


def test_a_published_file_is_read() -> None:
    instance = read_instance("3 2 ds 1 2 1 2\n0 1 7.0\n0 2 0\n1 2 100\n", "tiny")

    assert instance.sizes == ((1, 2), (1, 2))
    assert instance.total([0, 1, 1]) == 100
    with pytest.raises(ValueError, match=r"0\.5"):
        read_instance("2 1 ss 2 2\n0 1 0.5\n", "real")


@pytest.mark.slow(5)
def test_exchanging_finds_the_best_of_a_small_instance() -> None:
    shapes = [[a, b, c, d] for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)]
    best = max(SMALL.total(group) for group in shapes if 2 <= group.count(0) <= 3)

    found = search(SMALL, 0.2, 1)

    assert found.total == best == SMALL.total(found.group)
