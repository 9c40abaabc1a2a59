"""What changes in a week: a fact told, and what can be done about what it stands against."""

from web.director.changes import changed, choices, correcting

__all__ = ["changed", "choices", "correcting"]
