"""What belongs to the community from week to week: its activities and base week, lists in and out, walls, accounts."""

from web.director.community import accounts, activities, base_week, base_weeks, lists, taken_out, under_way, walls

__all__ = ["accounts", "activities", "base_week", "base_weeks", "lists", "taken_out", "under_way", "walls"]
