"""The director's pages: the week, planning and publishing it, who is invited to how much, and who may sign in."""

from web.director import changes, community, hand, history, house, insight, people, person, plans, tour, week
from web.director.blueprint import blueprint

__all__ = [
    "blueprint",
    "changes",
    "community",
    "hand",
    "history",
    "house",
    "insight",
    "people",
    "person",
    "plans",
    "tour",
    "week",
]
