"""What is told of a thing that holds or is to come, as lines of its page: a closure, an absence, an outbreak."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _

from milieu.database import DbSession
from milieu.queries.facts.about import Holding, told_of
from milieu.queries.facts.kinds import ABSENCE, CLOSURE, OUTBREAK, Touched
from web.binding import now
from web.guards.principal import principal
from web.words.facts import told_sentence
from web.words.times import clock_time, short_day

TOLD_OF: Mapping[str, str] = {"team": ABSENCE, "spaces": CLOSURE, "living-groups": OUTBREAK}
"""What is most often told of a thing, by the name of its kind."""
MOST_SHOWN = 6


@dataclass(frozen=True)
class Met:
    """A published session that a fact stands against, and its page."""

    said: str
    address: str


@dataclass(frozen=True)
class Standing:
    """A fact in a sentence, why, the sessions that it stands against, and where it is corrected ("" nowhere)."""

    said: str
    why: str
    met: tuple[Met, ...]
    more: int
    address: str


def standing_of(db: DbSession, kind: str, thing_id: str, name: str, day: date) -> tuple[Standing, ...]:
    """The lines of a thing; none of a kind of which nothing is told."""
    if kind not in TOLD_OF:
        return ()
    found = told_of(db, principal().community_id, TOLD_OF[kind], thing_id, name, today=day, now=now())
    return tuple(map(_line, found))


def _line(holding: Holding) -> Standing:
    met = tuple(map(_met, holding.touches[:MOST_SHOWN]))
    address = url_for("director.told_line", change_id=holding.change_id) if holding.change_id else ""
    more = len(holding.touches) - len(met)
    return Standing(told_sentence(holding.fact).strip(), holding.why, met, more, address)


def _met(each: Touched) -> Met:
    said = _(
        "%(title)s, %(day)s %(time)s", title=each.title, day=short_day(each.on_date), time=clock_time(each.start_minute)
    )
    monday = each.on_date - timedelta(days=each.on_date.weekday())
    return Met(said, url_for("director.session", week_start=monday, ref=each.ref, view="published"))
