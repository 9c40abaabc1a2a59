"""What waits for somebody to ask or to look again, whatever week is shown: told beside what a week needs."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.person.unknown import ASKED_FOR, ASKING, BIRTHDAY, RHYTHM, WISHES, Unknown
from web.director.week.attention import Matter

MOST_NAMED = 3
"""So many newcomers have a line each; more are one line that unfolds."""


def of_newcomers(unknown: tuple[Unknown, ...]) -> list[Matter]:
    """What is still to be asked of those who have just moved in."""
    if len(unknown) > MOST_NAMED:
        said = ngettext(
            "Of %(num)d newcomer something is still to be asked.",
            "Of %(num)d newcomers something is still to be asked.",
            len(unknown),
        )
        address = url_for("director.people", band="new")
        return [Matter(said, address=address, word=_("Who are they?"), listed=tuple(map(_asked, unknown)))]
    return [
        Matter(
            _asked(each),
            address=url_for("director.resident", resident_id=each.resident_id),
            word=_("To the person"),
        )
        for each in unknown
    ]


def _asked(unknown: Unknown) -> str:
    return _(
        "%(name)s, day %(day)s of %(days)s: still to be asked is %(what)s.",
        name=unknown.name,
        day=unknown.day,
        days=ASKED_FOR,
        what=_listed(_missing(each, unknown.liked) for each in unknown.missing),
    )


def _missing(part: str, liked: int) -> str:
    return {
        ASKING: _("how they like to be asked"),
        WISHES: _("what else they love") if liked else _("what they love"),
        BIRTHDAY: _("their birthday"),
        RHYTHM: _("which time of the day is best"),
    }[part]


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
