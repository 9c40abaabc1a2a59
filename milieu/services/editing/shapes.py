"""What shape a column's field has: which values it takes, so that a page can offer them."""

from collections.abc import Sequence
from dataclasses import dataclass

from milieu.abilities import ABILITIES
from milieu.imports.tables import cells
from milieu.imports.tables.description import Column
from milieu.preferences import BY_ACTIVITY

TEXT, LONG, NUMBER, DATE, TIME, CHOICE, BOXES, BOX = "text", "long", "number", "date", "time", "choice", "boxes", "box"
WORDS, RANKED = "words", "ranked"
"""Words of a community's own, as a list; and a list of known values of which the first counts most."""
LISTS = (BOXES, WORDS, RANKED)
LONGEST_LINE = 120
"""Words that may be longer than so many letters get several lines."""


@dataclass(frozen=True)
class Shape:
    """`kind` is one of the above. `values` are those of a choice and of boxes, none where rows of a table are meant."""

    kind: str
    values: Sequence[str] = ()
    least: int | None = None
    most: int | None = None
    longest: int | None = None


def shape_of(column: Column) -> Shape:
    """The shape of a column's field."""
    read = column.read
    for reader, values in _BOXES:
        if read is reader:
            return Shape(BOXES, values)
    if read is cells.yes_no:
        return Shape(BOX)
    if read in (cells.words, cells.names):
        return Shape(WORDS)
    if read is cells.domains:
        return Shape(RANKED, cells.DOMAINS)
    if isinstance(read, cells.Choice):
        return Shape(CHOICE, read.words)
    if column.refers_to:
        return Shape(CHOICE)
    if read is cells.domain:
        return Shape(CHOICE, cells.DOMAINS)
    if column.attribute.endswith("_minute"):
        return Shape(TIME)
    if read is cells.day:
        return Shape(DATE)
    if isinstance(read, cells.whole):
        return Shape(NUMBER, least=read.least, most=read.most)
    longest = read.longest if isinstance(read, cells.text) else None
    return Shape(LONG if longest and longest > LONGEST_LINE else TEXT, longest=longest)


_BOXES = (
    (cells.weekdays, cells.WEEKDAYS),
    (cells.months, cells.MONTHS),
    (cells.abilities, ABILITIES),
    (cells.questions, BY_ACTIVITY),
)
