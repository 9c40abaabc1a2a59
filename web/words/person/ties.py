"""The words of ties: what one is called, and how it is known."""

from flask_babel import gettext as _


def kind_word(kind: str) -> str:
    """A tie in a word or two, as it stands in a legend or after a name."""
    return {
        "friend": _("friends"),
        "couple": _("a couple"),
        "relative": _("relatives"),
        "neighbour": _("neighbours"),
        "shares": _("share a language or a past"),
        "helps": _("one helps the other"),
        "meet": _("might get on: the next plans are asked to bring them together"),
        "uneasy": _("uneasy with each other"),
        "apart": _("kept apart"),
    }[kind]


def source_word(source: str) -> str:
    """How a tie is known, as a sentence; "" where the page itself is how."""
    return {
        "observed": _("Somebody saw it."),
        "told by resident": _("A resident said so."),
        "family": _("Their family said so."),
        "file": _("It came with the community’s lists."),
        "suggested": _("It was suggested, and somebody confirmed it."),
    }.get(source, "")
