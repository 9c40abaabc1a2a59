"""What a row of a person's facts says in a line."""

from flask import Flask

from web.director.person.summaries import summary
from web.fields import Words


def test_days_are_written_as_people_write_them(app: Flask) -> None:
    words = {"activity": Words("What", options=(("a1", "Choir"),)), "said_by": Words("Who"), "strength": Words("How")}
    held = {"activity": "a1", "strength": "5", "said_by": "Ada", "said_on": "2026-01-19", "valid_until": "2026-12-06"}

    with app.test_request_context():
        assert summary("wishes", words, held) == "Choir, 5, Ada, 19 January 2026, until 6 December 2026"
        assert summary("busy", {"kind": Words("What")}, {"kind": "Hair", "date": "2026-12-01", "from": "14:00"}) == (
            "Hair, 1 December 2026, 14:00 to "
        )
