"""Each column of a list fills what its model has: a name that the model lacks is noticed before a file has it."""

import pytest
from sqlalchemy import inspect

from milieu.imports.tables.description import Table
from milieu.imports.tables.registry import TABLES

ESCORTS = {"weekdays", "start_minute", "end_minute"}
MADE_OF = {
    "community.csv": {
        *("publish_minute", "slot_minutes", "programme_min_sessions_per_day", "escorts_default"),
        *("asks_more", "expected_turnout", "plan_seconds", "repair_seconds"),  # all of the community's settings
    },
    "travel.csv": {"zone", "other", "minutes"},  # one of the settings, a map
    "escorts.csv": ESCORTS,  # likewise
    "residents.csv": {"arrived_on", "left_on", "left_reason", "morning", "afternoon", "evening"},  # a stay, and times
    "busy.csv": {"living_group_id"},  # for all who live there
}
OF_DAYS = {"weekdays"}  # a row a day


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_a_column_is_an_attribute_of_its_model_or_says_what_else_is_made_of_it(table: Table) -> None:
    strangers = {column.attribute for column in table.columns if column.attribute not in inspect(table.model).attrs}

    assert strangers - OF_DAYS == MADE_OF.get(table.file, set()) - OF_DAYS
