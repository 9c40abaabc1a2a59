"""Why something was changed today, as the floor is told it: in half a sentence each."""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _

from milieu.causes import BUSY, HANDS, LEFT, MADE_WAY, NOT_HELD, OUTBREAK, REFUSAL, SPACE, STAFF, WEATHER, Cause

_TOLD: Mapping[str, Callable[[str], str]] = {
    NOT_HELD: lambda name: _("it cannot be held"),
    SPACE: lambda name: _("%(space)s is closed then", space=name),
    WEATHER: lambda name: _("of the weather"),
    STAFF: lambda name: _("%(name)s is away", name=name),
    OUTBREAK: lambda name: _("%(group)s stays by itself for now", group=name),
    LEFT: lambda name: _("%(name)s does not live here then", name=name),
    REFUSAL: lambda name: _("%(name)s has said no to it", name=name),
    MADE_WAY: lambda _name: _("it makes way for another change"),
    BUSY: lambda name: _("%(name)s has something else on then", name=name),
    HANDS: lambda _name: _("fewer helpers are there then"),
}


def because(causes: Iterable[Cause]) -> str:
    """The reasons as a sentence, "" where there are none: "Because Finn is away, and Lounge is closed then."."""
    told = list(dict.fromkeys(_TOLD[each.kind](each.name) for each in causes))
    if not told:
        return ""
    return _("Because %(reasons)s.", reasons=_(", and ").join(told))
