"""Showing a director around: the pages of her week, one after the other, with what to look at on each."""

from web.director.tour import shown

__all__ = ["shown"]
