"""Calendars for phones: the files that calendar programs read, and the page on which addresses are made and ended."""

from web.feeds import files, keeping
from web.feeds.blueprint import blueprint

__all__ = ["blueprint", "files", "keeping"]
