"""All who live here in one list: found, told apart by what there is to do, and given something many at once."""

from web.director.people import learnt, listed, many

__all__ = ["learnt", "listed", "many"]
