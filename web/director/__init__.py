"""The director's pages: the week, planning and publishing it, and who is invited to how much."""

from web.director import drafts, people, planning, publishing, week
from web.director.blueprint import blueprint

__all__ = ["blueprint", "drafts", "people", "planning", "publishing", "week"]
