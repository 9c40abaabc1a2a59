"""The cells of an activity in one part of the day, on whatever day and at whatever start: a *strand*.

Who comes to a strand, and how far they walk there, is a *visit*, counted over the whole horizon. There are a fifth as
many visits as there are ways to come to cells, and most of what a bound must know is known of them.
"""

from dataclasses import dataclass

import numpy as np

from solver.bounds.linear.cells import Cells
from solver.documents.fields import PARTS
from solver.instance.problem import Ints, Problem


@dataclass(frozen=True)
class Strands:
    """Which strand each cell is of (`cell`) and which visit each of `comes` (`comes`); of each strand the activity and
    part; of each visit who comes, to which strand, and how many minutes they walk at least. Residents' visits to one
    activity stand together.
    """

    cell: Ints
    comes: Ints
    activity: Ints
    part: Ints
    who: Ints
    strand: Ints
    walk: Ints

    def __len__(self) -> int:
        return len(self.activity)


def cut_strands(problem: Problem, cells: Cells) -> Strands:
    kinds, of_cell = np.unique(cells.activity * len(PARTS) + cells.part, return_inverse=True)
    walk = shortest_ways(problem, cells)
    farthest = int(walk.max(initial=0)) + 1
    strand = of_cell[cells.choice_cell[cells.comes_choice]]
    found, of_comes = np.unique((cells.comes_who * max(1, len(kinds)) + strand) * farthest + walk, return_inverse=True)
    visited = found // farthest
    return Strands(
        cell=of_cell.astype(np.int64),
        comes=of_comes.astype(np.int64),
        activity=kinds // len(PARTS),
        part=kinds % len(PARTS),
        who=visited // max(1, len(kinds)),
        strand=visited % max(1, len(kinds)),
        walk=found % farthest,
    )


def shortest_ways(problem: Problem, cells: Cells) -> Ints:
    """(comes,): minutes to the nearest of the spaces that the resident can choose among."""
    table, kind = np.unique(problem.walk, axis=1, return_inverse=True)
    nearest = np.full((len(cells.choice_cell), table.shape[1]), np.iinfo(np.int64).max)
    np.minimum.at(nearest, cells.choice_of, table[cells.held_space[cells.choice_held]])
    result: Ints = nearest[cells.comes_choice, kind.ravel()[cells.comes_who]]
    return result
