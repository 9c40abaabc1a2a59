"""What became of a community's day, for who looks after all of them."""

from flask_babel import gettext as _


def check_in_words(state: str) -> str:
    """A state of the ledger (`ledger_entry`) as a few words; one that is unknown as it is."""
    said = {
        "published": _("looked at and published anew"),
        "unchanged": _("looked at, and all stands"),
        "waiting": _("looked at; it waits for a week to be published"),
        "kept": _("looked at; the last good week stands"),
        "asked": _("looked at; a person decides"),
        "due": _("failed, and is tried again"),
        "running": _("under way"),
        "parked": _("failed five times"),
        "missed": _("missed, for nothing was running"),
    }
    return said.get(state, state)
