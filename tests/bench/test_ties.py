"""Planted ties are found again in made-up attendance, and little else is."""

from bench.ties import total


def test_planted_ties_are_suggested_and_hardly_anybody_else() -> None:
    found = total(30)

    assert found.planted == 150
    assert found.precision >= 0.9
    assert found.recall >= 0.8
