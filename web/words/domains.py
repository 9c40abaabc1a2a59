"""The domains of activities as people read them: a word and the class of its colour."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Domain:
    """`word` for people, `css` the class that brings the colour."""

    word: str
    css: str


def to_translate(word: str) -> str:
    """Marks a word for the translators; `domain` looks its translation up."""
    return word


_SHOWN = {
    "physical": (to_translate("Body"), "d-physical"),
    "social": (to_translate("Company"), "d-social"),
    "creative": (to_translate("Making"), "d-creative"),
    "cognitive": (to_translate("Mind"), "d-mind"),
    "emotional": (to_translate("Heart"), "d-heart"),
    "sensory": (to_translate("Senses"), "d-sensory"),
    "spiritual": (to_translate("Spirit"), "d-spirit"),
    "outdoor": (to_translate("Outside"), "d-out"),
    "civic": (to_translate("Our say"), "d-civic"),
}
# The order in which legends list them.
KEYS = tuple(_SHOWN)


def domain(key: str) -> Domain:
    """How a domain is shown; one we have no word for is shown by its own."""
    if key in _SHOWN:
        word, css = _SHOWN[key]
        return Domain(_(word), css)
    return Domain(key.capitalize() or _("Other"), "d-other")


def legend() -> list[Domain]:
    """All there are, in their order."""
    return [domain(key) for key in KEYS]


def first_domain(keys: list[str] | tuple[str, ...]) -> Domain:
    """The domain that a card wears: the first of an activity's."""
    return domain(keys[0] if keys else "")
