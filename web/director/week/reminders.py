"""What waits for somebody to ask or to look again, whatever week is shown: told beside what a week needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.database import DbSession
from milieu.queries.person.preferences import Unmet, unmet_wishes
from milieu.queries.person.returns import Awaited, awaited_back
from milieu.queries.person.reviews import Review, aims_to_review
from milieu.queries.person.unknown import ASKED_FOR, ASKING, BIRTHDAY, RHYTHM, WISHES, Unknown, unknown_of_newcomers
from milieu.queries.ties.newcomers import Welcome, welcomes
from web.director.week.attention import Matter
from web.words.domains import domain
from web.words.person.preferences import question_word
from web.words.pronouns import by
from web.words.times import day_and_month

MOST_NAMED = 3
"""So many newcomers have a line each; more are one line that unfolds."""


@dataclass(frozen=True)
class Reminders:
    """What waits, and whom it names."""

    matters: tuple[Matter, ...] = ()
    people: tuple[str, ...] = ()


def reminders(db: DbSession, community_id: str, today: date) -> Reminders:
    """What is so today."""
    unknown = unknown_of_newcomers(db, community_id, today)
    reviews = aims_to_review(db, community_id, today)
    unmet = unmet_wishes(db, community_id, today)
    away = awaited_back(db, community_id, today)
    meets = [each for each in welcomes(db, community_id, today) if each.is_open and today <= each.until]
    named = [each.resident_id for those in (away, unmet, reviews, unknown) for each in those]
    people = dict.fromkeys([*named, *(each.person.id for each in meets)])
    said = (*of_returns(away), *of_unmet(unmet), *of_aims(reviews), *of_newcomers(unknown), *of_meets(meets))
    return Reminders(said, tuple(people))


def of_returns(away: Sequence[Awaited]) -> list[Matter]:
    """Who is in hospital or in bed, and nobody knows yet until when: each leads to the form that says it."""
    told = tuple(map(_return, away))
    if len(told) <= MOST_NAMED:
        return [*told]
    said = ngettext(
        "Of %(num)d person it is not known until when they are in hospital or in bed.",
        "Of %(num)d people it is not known until when they are in hospital or in bed.",
        len(told),
    )
    return [Matter(said, _("Perhaps ask how they are."), each=told)]


def _return(each: Awaited) -> Matter:
    if each.change_id:
        address = url_for("director.told_line", change_id=each.change_id)
    else:
        address = url_for("director.change_part", resident_id=each.resident_id, part="rhythm", _anchor="busy")
    word = _("Say the day") if each.is_in_hospital else _("Say until when")
    return Matter(_still_away(each), address=address, word=word)


def _still_away(each: Awaited) -> str:
    told = {"name": each.name, "day": day_and_month(each.since) if each.since else ""}
    if not each.is_in_hospital:
        return _("%(name)s has been in bed since %(day)s: until when is not known.", **told)
    if each.since is None:
        return _("%(name)s is in hospital: since when and until when is not known.", **told)
    back = by(each.pronoun, _("ask when she comes back"), _("ask when he comes back"), _("ask when they come back"))
    return _("%(name)s has been in hospital since %(day)s: %(back)s.", back=back, **told)


def of_meets(meets: Sequence[Welcome]) -> list[Matter]:
    """Newcomers for whom it is proposed whom to meet, while their first two weeks last."""
    if not meets:
        return []
    if len(meets) == 1:
        (new,) = meets
        said = _("To meet, for %(name)s: %(what)s.", name=new.person.name, what=_to_meet(new))
        address = url_for("director.resident", resident_id=new.person.id, _anchor="meets")
        return [Matter(said, address=address, word=_("To answer"))]
    said = ngettext(
        "For %(num)d newcomer it is proposed whom to meet.",
        "For %(num)d newcomers it is proposed whom to meet.",
        len(meets),
    )
    told = tuple(
        _("%(name)s, until %(until)s: %(what)s.", name=each.person.name, until=until, what=_to_meet(each))
        for each, until in ((each, day_and_month(each.until)) for each in meets)
    )
    return [Matter(said, address=url_for("director.people", band="new"), word=_("Who are they?"), listed=told)]


def _to_meet(new: Welcome) -> str:
    """ "a neighbour and 3 groups", as far as they wait for an answer."""
    found = [_("a neighbour")] if new.neighbour is not None and not new.neighbour.is_hoped else []
    if groups := sum(not group.is_liked for group in new.groups):
        found.append(ngettext("%(num)d group", "%(num)d groups", groups))
    return _(" and ").join(found)


def of_unmet(unmet: tuple[Unmet, ...]) -> list[Matter]:
    """What is important to somebody and cannot be, until an adaptation or a visit answers it."""
    if not unmet:
        return []
    told = tuple(map(_unmet, unmet))
    if len(told) > 1:
        said = ngettext("%(num)d wish is unmet.", "%(num)d wishes are unmet.", len(told))
        return [Matter(said, address=url_for("director.people", band="unmet"), word=_("Whose are they?"), listed=told)]
    address = url_for("director.preferences", resident_id=unmet[0].resident_id)
    return [Matter(told[0], address=address, word=_("Answer it"))]


def _unmet(each: Unmet) -> str:
    return _(
        "It is important to %(name)s to %(what)s, and it cannot be: said on %(day)s.",
        name=each.name,
        what=question_word(each.question),
        day=day_and_month(each.said_on),
    )


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
    told = tuple(map(_aim, reviews))
    if len(told) == 1:
        return [*told]
    said = ngettext("%(num)d aim is to be looked at again.", "%(num)d aims are to be looked at again.", len(told))
    return [Matter(said, each=told)]


def _aim(due: Review) -> Matter:
    address = url_for("director.change_part", resident_id=due.resident_id, part="aims")
    return Matter(_review(due), address=address, word=_("To the aim"))


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
        what=_listed(missing_word(each, unknown.liked) for each in unknown.missing),
    )


def missing_word(part: str, liked: int) -> str:
    """What is still to be asked of a newcomer, by the part in which it is noted."""
    return {
        ASKING: _("how they like to be asked"),
        WISHES: _("what else they love") if liked else _("what they love"),
        BIRTHDAY: _("their birthday"),
        RHYTHM: _("which time of the day is best"),
    }[part]


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
