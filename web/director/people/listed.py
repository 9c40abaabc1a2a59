"""All who live here: who is invited to how much, and what is good to know of each."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.person.preferences import unmet_wishes
from milieu.queries.programme.resting import Resting, resting
from milieu.queries.residents.people import Unit
from milieu.queries.ties.alone import who_knows_nobody
from milieu.queries.week.fewness import WhyFew, reasons_for_few
from milieu.queries.week.outcomes import Became, still_held
from milieu.queries.week.people_out import BANDS, PART, Share, shares
from milieu.services.many.giving import Given, lately_given, what_it_was
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.people.many_words import given_words
from web.director.person.few import why_few
from web.director.person.shown import week_asked
from web.director.week.sources import Source, became_of, find_source
from web.finding import LONGEST_SEARCH
from web.guards.principal import principal
from web.pages import page
from web.words.spelling import FOLDED, find_people, letters, search_words
from web.words.times import today_in, weekday

SHORT, EMPTY, NEW, RESTS, ALONE, UNMET = "short", "empty", "new", "rests", "alone", "unmet"
SIGNS = (NEW, RESTS, ALONE, UNMET)
SHOWN_FOR = timedelta(days=30)
"""For so long what was given to many is named below the list."""
MOST_NAMED = 2
"""Of what rests so much is named in the list, the rest is counted."""


@dataclass(frozen=True)
class Listed:
    """Somebody in the list: `said` are the phrases beside the number, `faces` the names under which they are shown.

    `is_here`: they live here today, so that something can be noted for them together with others.
    """

    person: Share
    said: tuple[str, ...]
    faces: frozenset[str]
    is_here: bool

    @property
    def name(self) -> str:
        """Every name that they may be looked for by."""
        return f"{self.person.name} {self.person.given_name}"

    @property
    def unit(self) -> Unit:
        return self.person.unit

    @property
    def room(self) -> str:
        return self.person.room

    @property
    def words(self) -> str:
        """What a word that is typed may begin, for a page that looks while one types."""
        return " ".join(sorted(search_words(self)))

    @property
    def room_letters(self) -> str:
        return letters(self.room)


@blueprint.route("/people", methods=["GET", "POST"])
def people() -> Response:
    """Residents by living group with the number of their invitations this week and what is good to know.

    Names and rooms are sought by POST, which changes nothing: what is typed stands in no address, log or history.
    """
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_asked())
    face, sought = request.args.get("band", ""), " ".join(request.form.get("q", "").split())[:LONGEST_SEARCH]
    today = today_in(somebody.timezone, now())
    everybody = _everybody(db, source, today)
    units = list(dict.fromkeys(each.unit for each in everybody))
    unit = next((each for each in units if each.id == request.args.get("unit")), None)
    in_unit = [each for each in everybody if unit is None or each.unit == unit]
    names = (*BANDS, SHORT, EMPTY, PART, *SIGNS)
    shown = find_people(sought, everybody) if sought else [each for each in in_unit if face in ("", *each.faces)]
    if face not in names:
        face, shown = "", shown if sought else in_unit
    return page(
        "director/people/list.html",
        nav="director.people",
        source=source,
        band="" if sought else face,
        unit=unit,
        every_unit=units,
        sought=sought,
        counts={name: sum(name in each.faces for each in in_unit) for name in names},
        is_past=source.last_day < today,
        total=len(everybody),
        in_unit=len(in_unit),
        shown=shown,
        units={
            unit: [each for each in shown if each.unit == unit] for unit in dict.fromkeys(each.unit for each in shown)
        },
        folded=json.dumps(FOLDED),
        lately=_lately(db),
        shows=[each.person.resident_id for each in shown],
    )


def _lately(db: DbSession) -> list[tuple[Given, str]]:
    """What was given to many in the last weeks, and can be undone there."""
    community_id = principal().community_id
    found = lately_given(db, community_id, since=now() - SHOWN_FOR)
    return [(each, given_words(each, what_it_was(db, community_id, each))) for each in found]


def _everybody(db: DbSession, source: Source, today: date) -> list[Listed]:
    community_id = principal().community_id
    became = became_of(db, community_id, source)
    people = shares(db, community_id, source.week_start, still_held(source.cards, became))
    alone = who_knows_nobody(db, community_id, [person.resident_id for person in people], today)
    rests = resting(db, community_id, on=today, today=today)
    unmet = {each.resident_id for each in unmet_wishes(db, community_id, today)}
    why = _grounds(db, source, became, people, rests)
    of: dict[str, list[Resting]] = defaultdict(list)
    for each in rests:
        of[each.resident_id].append(each)
    return [
        _listed(person, why.get(who, ()), of[who], today, is_alone=who in alone, is_unmet=who in unmet)
        for who, person in ((person.resident_id, person) for person in people)
    ]


def _grounds(
    db: DbSession, source: Source, became: Mapping[str, Became], people: Sequence[Share], rests: Iterable[Resting]
) -> dict[str, tuple[WhyFew, ...]]:
    """What stands beside few invitations, where there is a week to speak of."""
    if not source.view:
        return {}
    return reasons_for_few(db, principal().community_id, source.week_start, source.cards, became, people, rests)


def _listed(
    person: Share, why: tuple[WhyFew, ...], rests: Sequence[Resting], today: date, *, is_alone: bool, is_unmet: bool
) -> Listed:
    found = {
        person.band: True,
        SHORT: person.is_short,
        EMPTY: person.has_empty_days,
        NEW: person.is_new,
        RESTS: bool(rests),
        ALONE: is_alone,
        UNMET: is_unmet,
    }
    said = [*why_few(why), *_rests(rests)]
    if person.is_little_known and not why:
        said.insert(0, _("new, we know little yet"))
    if person.has_empty_days and person.empty:
        first, last = person.empty
        said.append(_("nothing from %(first)s to %(last)s", first=weekday(first), last=weekday(last)))
    if is_alone:
        said.append(_("knows nobody here, as far as is known"))
    if is_unmet:
        said.append(_("something important cannot be yet"))
    is_here = (person.came_on or today) <= today <= (person.went_on or today)
    return Listed(person, tuple(said), frozenset(name for name, is_so in found.items() if is_so), is_here)


def _rests(rests: Sequence[Resting]) -> tuple[str, ...]:
    """What rests: two by name, more as a number."""
    if not rests:
        return ()
    if len(rests) > MOST_NAMED:
        return (
            ngettext(
                "%(num)d activity rests after two noes", "%(num)d activities rest after two noes each", len(rests)
            ),
        )
    return tuple(_("%(activity)s rests after two noes", activity=each.activity) for each in rests)
