"""What waits for somebody to ask or to look again, whatever week is shown: told beside what a week needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.database import DbSession
from milieu.queries.person.reviews import Review, aims_to_review
from milieu.queries.person.unknown import ASKED_FOR, ASKING, BIRTHDAY, RHYTHM, WISHES, Unknown, unknown_of_newcomers
from web.director.week.attention import Matter
from web.words.domains import domain
from web.words.times import day_and_month

MOST_NAMED = 3
"""So many newcomers have a line each; more are one line that unfolds."""


@dataclass(frozen=True)
class Reminders:
    """What waits, and whom it names."""

    matters: tuple[Matter, ...] = ()
    people: tuple[str, ...] = ()


def reminders(db: DbSession, community_id: str, today: date) -> Reminders:
    """What is so today. Four queries."""
    unknown = unknown_of_newcomers(db, community_id, today)
    reviews = aims_to_review(db, community_id, today)
    people = dict.fromkeys([*(each.resident_id for each in reviews), *(each.resident_id for each in unknown)])
    return Reminders((*of_aims(reviews), *of_newcomers(unknown)), tuple(people))


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


def of_aims(reviews: tuple[Review, ...]) -> list[Matter]:
    """Aims of care plans that are to be looked at again."""
    if not reviews:
        return []
    told = tuple(map(_review, reviews))
    if len(told) > 1:
        said = ngettext("%(num)d aim is to be looked at again.", "%(num)d aims are to be looked at again.", len(told))
        return [Matter(said, listed=told)]
    (due,) = reviews
    address = url_for("director.change_part", resident_id=due.resident_id, part="aims")
    return [Matter(told[0], address=address, word=_("To the aim"))]


def _review(due: Review) -> str:
    told = {"name": due.name, "domain": domain(due.domain).word, "day": day_and_month(due.due), "who": due.owner}
    if due.owner:
        return _("%(name)s’s aim %(domain)s is to be looked at again since %(day)s, by %(who)s.", **told)
    return _("%(name)s’s aim %(domain)s is to be looked at again since %(day)s.", **told)


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
