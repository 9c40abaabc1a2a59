"""What each field of a resident's forms is called, and the words of its choices."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _

from milieu.database import DbSession
from milieu.queries.facts import by_day
from milieu.queries.residents.pasts import pasts_held
from web.binding import now
from web.fields import Option, Words
from web.guards.principal import principal
from web.words.abilities import asked
from web.words.domains import KEYS, domain
from web.words.people import kind_word, noise_word, support_word, weekday_word
from web.words.times import today_in

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ABILITIES = ("walks", "stands", "sees", "hears", "reads", "swallows")
KINDS = ("bath", "care", "therapy", "meal", "nap", "hair", "visit", "outing", "appointment", "hospital", "bed")


def part_title(name: str) -> str:
    """What a part is called, over its forms and in the history."""
    return {
        "who": _("Who they are"),
        "asking": _("How to ask"),
        "needs": _("Needs and cannot"),
        "rhythm": _("Rhythm"),
        "past": _("Languages and past"),
        "busy": _("Taken up"),
        "calm": _("Calm times"),
        "wishes": _("Wishes"),
        "limits": _("Charted limits"),
        "aims": _("Aims of the care plan"),
        "demands": _("What must be offered"),
        "groups": _("Places in closed groups"),
    }[name]


def words_of(db: DbSession, part: str, called: str) -> Mapping[str, Words]:
    """The words of a part's fields; of a choice among rows the rows that there are now."""
    makers: Mapping[str, Callable[[], Mapping[str, Words]]] = {
        "newcomer": lambda: {**_who(), **_where(db), **_needs()},
        "who": _who,
        "asking": _asking,
        "needs": _needs,
        "rhythm": _rhythm,
        "past": lambda: _past(db),
        "busy": lambda: {**_hours(), "kind": Words(_("What"), options=[(kind, kind_word(kind)) for kind in KINDS])},
        "calm": lambda: {**_hours(), "noise_max": _noise()},
        "wishes": lambda: _wishes(db, called),
        "limits": lambda: _limits(db),
        "aims": lambda: _aims(db),
        "demands": lambda: {
            **_period(),
            "activity": Words(_("What"), options=_activities(db)),
            "times_a_week": Words(_("At least so often a week")),
        },
        "groups": lambda: {"activity": Words(_("Closed group"), options=_activities(db))},
    }
    return makers[part]()


def today_here() -> date:
    """The community's own day."""
    return today_in(principal().timezone, now())


def strengths() -> list[Option]:
    """How much somebody likes something, as a choice."""
    return [
        ("5", _("loves it most")),
        ("4", _("loves it")),
        ("3", _("likes it very much")),
        ("2", _("likes it")),
        ("1", _("likes it a little")),
        ("0", _("does not mind")),
        ("-1", _("rather not")),
        ("-2", _("dislikes it")),
    ]


def _who() -> Mapping[str, Words]:
    pronouns = [("she", _("she")), ("he", _("he")), ("they", _("they"))]
    return {
        "given_name": Words(_("Given name")),
        "family_name": Words(_("Family name")),
        "called": Words(_("Called"), _("As they like to be called, where that is not the given name")),
        "pronoun": Words(_("Spoken of as"), options=pronouns),
        "born_on": Words(_("Birthday")),
        "short_stay": Words(_("A guest for some weeks")),
    }


def _where(db: DbSession) -> Mapping[str, Words]:
    groups = by_day.living_groups(db, principal().community_id, today_here())
    return {
        "living_group": Words(_("Living group"), options=[(group.id, group.name) for group in groups]),
        "room": Words(_("Room")),
        "arrived_on": Words(_("Moves in on")),
    }


def _asking() -> Mapping[str, Words]:
    return {
        "how_to_invite": Words(
            _("How they like to be asked"), _("A sentence for whoever goes to ask: “Show the picture card. Wait.”")
        )
    }


def _needs() -> Mapping[str, Words]:
    return {
        "wheelchair": Words(_("Comes in a wheelchair")),
        "escort": Words(_("Somebody has to bring them")),
        "support": Words(
            _("Needs of a helper in a group"), options=[(str(each), support_word(each)) for each in range(4)]
        ),
        "needs_familiar": Words(_("Comes only where a known face is")),
        "stays_in_zone": Words(_("Does not leave their part of the building")),
        "noise_max": _noise(),
        "cannot": Words(
            _("Cannot, so is not asked to what takes it"), options=[(each, asked(each)) for each in ABILITIES]
        ),
    }


def _past(db: DbSession) -> Mapping[str, Words]:
    held = pasts_held(db, principal().community_id)
    known = {kind: [(word, word) for word in words] for kind, words in held.items()}
    return {
        "languages": Words(_("Speaks"), options=known["languages"]),
        "origins": Words(_("Comes from"), options=known["origins"]),
        "trades": Words(_("Work, and what else filled their life"), options=known["trades"]),
    }


def _rhythm() -> Mapping[str, Words]:
    likes = [
        ("2", _("best")),
        ("1", _("rather")),
        ("0", _("does not matter")),
        ("-1", _("rather not")),
        ("-2", _("not at all")),
    ]
    return {
        "morning": Words(_("The morning"), options=likes),
        "afternoon": Words(_("The afternoon"), options=likes),
        "evening": Words(_("The evening"), options=likes),
        "rest_minutes": Words(_("Minutes of rest between two things")),
        "max_a_day": Words(_("At most so many things a day"), _("Empty: no limit")),
        "sessions_min": Words(_("Wants at least so many a week")),
        "sessions_max": Words(_("Wants no more a week than"), _("Empty: no limit. 0: wants to be left in peace")),
    }


def _wishes(db: DbSession, called: str) -> Mapping[str, Words]:
    said_by = [
        ("resident", called or _("the resident")),
        ("relative", _("a relative")),
        ("observed", _("seen by the team")),
        ("staff", _("the team thinks so")),
    ]
    return {
        "activity": Words(_("What"), options=_activities(db)),
        "strength": Words(_("How much"), options=strengths()),
        "said_by": Words(_("Who says so"), options=said_by),
        "said_on": Words(_("When it was said")),
    }


def _limits(db: DbSession) -> Mapping[str, Words]:
    community_id, today = principal().community_id, today_here()
    return {
        **_period(),
        "activity": Words(_("Kept from an activity"), options=_activities(db)),
        "space": Words(
            _("or from a space"), options=[(each.id, each.name) for each in by_day.spaces(db, community_id, today)]
        ),
        "facilitator": Words(
            _("or from somebody who leads"),
            options=[(each.id, each.name) for each in by_day.colleagues(db, community_id, today)],
        ),
        "reason": Words(_("Why")),
        "charted_by": Words(_("Charted by")),
    }


def _aims(db: DbSession) -> Mapping[str, Words]:
    return {
        **_period(),
        "domain": Words(_("What for"), options=[(key, domain(key).word) for key in KEYS]),
        "sessions_a_week": Words(_("At least so often a week")),
        "weight": Words(_("How much it matters"), _("1 is usual, 2 twice as much")),
        "owner": Words(_("Who looks after it"), suggested=[each.name for each in _colleagues(db)]),
        "review_on": Words(_("Looked at again on"), _("From that day on it stands under To look at")),
    }


def _colleagues(db: DbSession) -> Sequence[by_day.Choice]:
    """Who there is to look after something."""
    return by_day.colleagues(db, principal().community_id, today_here())


def _hours() -> Mapping[str, Words]:
    return {
        **_period(),
        "days": Words(
            _("On which days; none ticked: every day"),
            options=[(day, weekday_word(number)) for number, day in enumerate(WEEKDAYS)],
        ),
        "date": Words(_("Or on one date only")),
        "from": Words(_("From")),
        "to": Words(_("To")),
    }


def _period() -> Mapping[str, Words]:
    return {
        "valid_from": Words(_("Holds from"), _("Empty: it always did")),
        "valid_until": Words(_("Holds until"), _("Empty: until further notice")),
    }


def _noise() -> Words:
    return Words(_("How much noise they bear"), options=[(str(each), noise_word(each)) for each in range(4)])


def _activities(db: DbSession) -> Sequence[Option]:
    return [(each.id, each.name) for each in by_day.activities(db, principal().community_id, today_here())]
