"""What is printed: one page that leads to every sheet, and the sheets themselves as PDF."""

from web.prints import people, programme, start
from web.prints.blueprint import blueprint

__all__ = ["blueprint", "people", "programme", "start"]
