"""Flat memory that is read by name: what lies where, and that what is forgotten or written twice is told."""

import numpy as np
import pytest

from solver.kernels.records import AddressBook, B, Column, M, P, Record, S, Writer, column, cube, grid, number, rows


class Shelf(Record):
    height: int
    depth: int
    books: Column


class Library(AddressBook):
    shelves = number(P)
    width = number(P)
    shelf = rows(P, Shelf, "shelves", tail="width")
    distance = grid(P, "shelves", "shelves")
    is_open = grid(B, "shelves", "width")
    lent = number(S)
    by_day = cube(S, "shelves", 7, "width")
    queue = column(S, "width")
    is_read = grid(M, "shelves", "width")


def written(**left_out: bool) -> Writer:
    w = Writer(Library)
    w.set("shelves", 2)
    w.set("width", 3)
    w.put("shelf", [Shelf.row(height=10, depth=20, tail=[1, 2, 3]), Shelf.row(height=11, depth=21, tail=[4, 5, 6])])
    w.put("distance", np.array([[0, 7], [8, 0]]))
    if not left_out:
        w.put("is_open", np.array([[True, False, True], [False, False, True]]))
    return w


def test_what_is_written_by_name_is_read_by_name() -> None:
    at = Library.empty(*written().joined())

    assert (at.shelves, at.width) == (2, 3)
    assert [(at.shelf[k].height, at.shelf[k].depth) for k in range(2)] == [(10, 20), (11, 21)]
    assert [at.shelf[1].books[k] for k in range(3)] == [4, 5, 6]
    assert [at.distance[j, k] for j in range(2) for k in range(2)] == [0, 7, 8, 0]
    assert [at.is_open[1, k] for k in range(3)] == [0, 0, 1]


def test_tables_of_the_state_are_as_large_as_declared_and_apart() -> None:
    at = Library.empty(*written().joined())
    at.lent = 5
    for k in range(2):
        for day in range(7):
            for j in range(3):
                at.by_day[k, day, j] = 100 * k + 10 * day + j
    for j in range(3):
        at.queue[j] = -j
        at.is_read[1, j] = 1

    assert at.lent == 5
    assert [at.by_day[1, 6, j] for j in range(3)] == [160, 161, 162]
    assert [at.by_day[0, 3][j] for j in range(3)] == [30, 31, 32]
    assert [at.queue[1:][j] for j in range(2)] == [-1, -2]
    assert [at.is_read[k, j] for k in range(2) for j in range(3)] == [0, 0, 0, 1, 1, 1]
    assert at.begin_of("queue") == at.begin_of("by_day") + 2 * 7 * 3 + 1


def test_a_name_that_is_not_written_is_told() -> None:
    with pytest.raises(ValueError, match="nothing is written for is_open"):
        written(left_out=True).joined()


def test_a_name_that_is_written_twice_is_told() -> None:
    with pytest.raises(ValueError, match="width is written twice"):
        written().set("width", 4)


def test_a_name_that_nobody_declared_is_told() -> None:
    with pytest.raises(KeyError):
        written().set("length", 4)


@pytest.mark.parametrize("columns", [{"height": 1}, {"height": 1, "depth": 2, "weight": 3}])
def test_a_row_has_each_column_and_no_other(columns: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Shelf has not the columns"):
        Shelf.row(**columns)
