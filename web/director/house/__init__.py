"""The house and the programme: lists of what there is, a page for each thing, and what edits do to published weeks."""

from web.director.house import first_week, settings, targets, things

__all__ = ["first_week", "settings", "targets", "things"]
