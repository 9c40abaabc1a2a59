"""What somebody did to a draft by hand, in words: "Choir, now Thu 3 14:00, in another room"."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.services.by_hand import edits, elsewhere
from milieu.services.by_hand.keeping import EditShown
from web.words.times import clock_time, short_day


def step_said(edit: EditShown) -> str:
    """A change as it stands beside *Undo*, without a full stop."""
    said = _first_said(edit)
    if not edit.more:
        return said
    more = ngettext("%(num)d more with it", "%(num)d more with it", edit.more)
    return _("%(said)s, and %(more)s", said=said, more=more)


def _first_said(edit: EditShown) -> str:
    when = f"{short_day(edit.on_date)} {clock_time(edit.start_minute)}"
    about = {"title": edit.title, "when": when}
    if edit.kind == edits.PLACED:
        said = _("%(title)s, now %(when)s", **about) if edit.is_moved else _("%(title)s, %(when)s", **about)
        more = [_("in another room")] if edit.is_relocated else []
        return ", ".join([said, *more, *([_("led by others")] if edit.is_led else [])])
    return {
        edits.REMOVED: _("%(title)s, %(when)s, taken out of the week", **about),
        edits.ADDED: _("%(title)s, %(when)s, added", **about),
        edits.COPIED: _("%(title)s, %(when)s, held once more", **about),
        edits.INVITED: _("somebody invited to %(title)s, %(when)s", **about),
        edits.TAKEN_OUT: _("somebody invited no more to %(title)s, %(when)s", **about),
        edits.SWAPPED: _("one invited in another’s place to %(title)s, %(when)s", **about),
    }[edit.kind]


_OBSTACLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        elsewhere.CLOSED: lambda: _("no space for it is open at its hours"),
        elsewhere.TAKEN: lambda: _("every space for it is taken"),
        elsewhere.UNLED: lambda: _("nobody who could lead it is free"),
        elsewhere.AGAIN: lambda: _("it is held then already"),
        elsewhere.LOUD: lambda: _("loud beside something calm"),
        elsewhere.UNBROUGHT: lambda: _("nobody is left to bring them"),
        elsewhere.FEW: lambda: _("too few could come"),
        elsewhere.NOBODY: lambda: _("nobody invited could come"),
        elsewhere.RULE: lambda: _("something stands against it"),
    }
)


def obstacle_said(obstacle: str) -> str:
    """Why a session has no place on a day, in few words."""
    return _OBSTACLES[obstacle]()
