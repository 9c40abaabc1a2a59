"""The director's pages: the week, planning and publishing it, who is invited to how much, and who may sign in."""

from web.director import (
    accounts,
    activities,
    balance,
    base_week,
    by_hand,
    changed,
    choices,
    drafts,
    house,
    lists,
    people,
    person,
    planning,
    publishing,
    taken_out,
    walls,
    week,
)
from web.director.blueprint import blueprint

__all__ = [
    "accounts",
    "activities",
    "balance",
    "base_week",
    "blueprint",
    "by_hand",
    "changed",
    "choices",
    "drafts",
    "house",
    "lists",
    "people",
    "person",
    "planning",
    "publishing",
    "taken_out",
    "walls",
    "week",
]
