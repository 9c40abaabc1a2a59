"""The domains of activities as people read them: a word and the class of its colour."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Domain:
    """`word` for people, `css` the class that brings the colour."""

    word: str
    css: str


# The order in which legends list them.
KEYS = ("physical", "social", "creative", "cognitive", "emotional", "sensory", "spiritual", "outdoor", "civic")


def domain(key: str) -> Domain:
    """How a domain is shown; one we have no word for is shown by its own."""
    words = {
        "physical": (_("Body"), "d-physical"),
        "social": (_("Company"), "d-social"),
        "creative": (_("Making"), "d-creative"),
        "cognitive": (_("Mind"), "d-mind"),
        "emotional": (_("Heart"), "d-heart"),
        "sensory": (_("Senses"), "d-sensory"),
        "spiritual": (_("Spirit"), "d-spirit"),
        "outdoor": (_("Outside"), "d-out"),
        "civic": (_("Our say"), "d-civic"),
    }
    return Domain(*words.get(key, (key.capitalize() or _("Other"), "d-other")))


def first_domain(keys: list[str] | tuple[str, ...]) -> Domain:
    """The domain that a card wears: the first of an activity's."""
    return domain(keys[0] if keys else "")
