"""What a row of a person's facts says in a line."""

import pytest
from flask import Flask

from milieu.imports.tables.description import column_of
from milieu.services.editing.parts import Part
from milieu.services.residents.parts import PARTS
from web.director.person.summaries import summary
from web.director.person.told import labels
from web.fields import Words


def test_days_are_written_as_people_write_them(app: Flask) -> None:
    words = {"activity": Words("What", options=(("a1", "Choir"),)), "said_by": Words("Who"), "strength": Words("How")}
    held = {"activity": "a1", "strength": "5", "said_by": "Ada", "said_on": "2026-01-19", "valid_until": "2026-12-06"}

    with app.test_request_context():
        assert summary("wishes", words, held) == "Choir, 5, Ada, 19 January 2026, until 6 December 2026"
        assert summary("busy", {"kind": Words("What")}, {"kind": "Hair", "date": "2026-12-01", "from": "14:00"}) == (
            "Hair, 1 December 2026, 14:00 to "
        )


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_the_history_tells_everything_that_can_be_edited(app: Flask, part: Part) -> None:
    about = {"activity_id", "space_id", "facilitator_id"}
    otherwise = {"start_minute", "end_minute", "morning", "afternoon", "evening", "weekdays"}  # as hours, times and day

    with app.test_request_context():
        known = {*labels(), *about, *otherwise}
    edited = {column_of(part.table, name).attribute for name in part.names}

    assert edited - known == set()
