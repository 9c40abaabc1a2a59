"""What activities ask and what somebody cannot, in words."""

from collections.abc import Collection

from flask_babel import gettext as _


def asked(word: str) -> str:
    """What an activity asks of whoever takes part: "walking"."""
    return {
        "walks": _("walking"),
        "stands": _("standing"),
        "sees": _("seeing well"),
        "hears": _("hearing well"),
        "reads": _("reading"),
        "swallows": _("swallowing safely"),
    }.get(word, word)


def listed(words: Collection[str]) -> str:
    """Several of them in a row: "walking, standing"."""
    return ", ".join(asked(word) for word in words)
