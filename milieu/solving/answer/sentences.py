"""What stands in the way of a week, in sentences that a director can act on: names for ids, times for sessions."""

import re
from collections.abc import Collection, Iterable, Mapping

from milieu.solving.answer.joining import JOINING
from milieu.solving.problem.commitments import demands
from milieu.solving.problem.commitments.demands import Note
from milieu.solving.problem.programme.seating import space_of
from solver.documents import exchange
from solver.model.reasons import Breach, Fact, Reason
from solver.model.wording.counting import counted
from solver.model.wording.words import Words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ID = re.compile(r"[\w-]{10,80}")

_BREACHES: Mapping[str, str] = {
    "unknown": "{session} names what is no longer there: {names}.",
    "outside_horizon": "{session} lies outside the week or runs past midnight.",
    "off_grid": "{session} does not start on the quarter of an hour that weeks are planned in.",
    "outside_windows": "{session} is at a time when it is not offered.",
    "not_open": "{space} is closed during {session}.",
    "features": "{space} lacks what {session} needs.",
    "seats": "{space} has {seats:seat}, and {residents:person is|people are} invited to {session}.",
    "wheelchairs": "{space} has {places:wheelchair place}, and {wheelchairs:is|are} needed for {session}.",
    "space_taken": "{session} and {other} take {space} at the same time, or without the minutes that it needs between.",
    "shared_space": "{session} and {other} take parts of one room at the same time, or without the minutes that it "
    "needs between.",
    "facilitator_taken": "{facilitator} would lead {session} and {other} at the same time, or without a pause or "
    "the time to get there between.",
    "facilitator_day": "{facilitator} would lead {sessions:session} on {day}; at most {limit:was|were} agreed.",
    "team_size": "{session} has {facilitators:leader}; it needs {needed}.",
    "not_available": "{facilitator} is not there for {session}.",
    "skills": "Nobody who leads {session} has what it needs: {skills}.",
    "group_small": "{session} has {residents:person|people}; it needs at least {least}.",
    "group_large": "{session} has {residents:person|people}; it takes at most {most}.",
    "too_few": "{activity} is held {times}; at least {least:is|are} asked for.",
    "too_many": "{activity} is held {times}; at most {most:is|are} wanted.",
    "twice_a_day": "{activity} is held {times} on {day}.",
    "busy": "{resident} is busy during {session}.",
    "resident_taken": "{resident} is invited to {session} and {other}, which overlap or leave too little time to rest "
    "or to get there.",
    "activity_twice": "{resident} is invited to {activity} twice on {day}.",
    "too_soon": "{resident} is invited to {session} and {other}, sooner again than was agreed.",
    "resident_day": "{resident} is invited to {sessions:session} on {day}; {limit:is|are} enough for them.",
    "resident_all": "{resident} is invited to {sessions:session}; {limit:is|are} enough for them.",
    "refuses_activity": "{resident} has said no to {activity} and is invited to {session}.",
    "dislikes_activity": "{resident} does not like {activity} and is invited to {session}.",
    "refuses_space": "{resident} has said no to {space} and is invited to {session}, which is there.",
    "refuses_facilitator": "{resident} has said no to {facilitator} and is invited to {session}, which they lead.",
    "avoids_activity": "{resident} is kept from {activity} and is invited to {session}.",
    "avoids_space": "{resident} is kept from {space} and is invited to {session}, which is there.",
    "avoids_facilitator": "{resident} is kept from {facilitator} and is invited to {session}, which they lead.",
    "only": "{session} is a closed group that {resident} is not in.",
    "no_wish": "{activity} is for those who wish for it, and {resident} is invited to {session} without a wish.",
    "loud": "{session} is louder than {resident} bears.",
    "loud_then": "{session} is louder than {resident} bears at that time.",
    "apart": "{resident} and {other_resident} are to be kept apart and are both invited to {session}.",
    "support": "{session} needs more support than those who lead it can give.",
    "escorts": "{needed:person needs|people need} somebody to walk with them on {day} at {minute}; {escorts} can.",
    "cohorts": "{session} mixes living groups that are kept apart.",
    "zone": "{resident} stays in their own living group's place; {session} is elsewhere.",
    "required": "{resident} comes to {activity} {times}; their care plan asks for {least}.",
    "birthday": "{resident} has a birthday this week and is not invited to {activity}.",
    "familiar": "{resident} would know nobody in {session}.",
    "bleed": "{session} is loud while {other} beside it is calm.",
    "past_lost": "{session} has taken place and is changed or gone.",
    "past_new": "{session} would lie in the past and did not take place so.",
    "pin_missing": "{session} was fixed and is not there.",
    "pin_changed": "{session} is not as it was fixed.",
    "pin_attend": "{resident} was fixed in {session} and is not in it.",
    "pin_absent": "{resident} was fixed out of {session} and is in it.",
}
_NOTES: Mapping[str, str] = {
    demands.REFUSED: "{resident} has said no to {activity}, so that their care plan's demand for it is left out.",
    demands.DISLIKED: "{resident} does not like {activity}, so that their care plan's demand for it is left out.",
    demands.AVOIDED: "{resident} is kept from {activity}, so that their care plan's demand for it is left out.",
    demands.CLOSED: "{activity} is a closed group that {resident} is not in; their care plan's demand is left out.",
    demands.ENDED: "{activity} is not offered this week; what {resident}'s care plan asks of it is left out.",
    demands.LOWERED: "{resident} {can} come to {activity}{now} this week; {was} is asked for.",
    demands.COUNT_LOWERED: "{activity} {can} be held{now} this week; {was} is asked for.",
    demands.VISIT_LOWERED: "{activity}, for {resident}: it {can} be held{now} this week; {was} is asked for.",
    demands.VISIT_REFUSED: "{resident} has said no to {activity}, so that it is not held this week.",
    demands.PIN_GONE: "Something fixed for {session} names somebody or something that is no longer there.",
    demands.PIN_PAST: "What was fixed for {session} speaks of a time that has passed.",
    demands.PIN_REFUSED: "{resident} was fixed in {session} and has said no to it, so that they are not invited.",
    demands.PIN_AWAY: "{resident} was fixed in {session} and cannot be there then, so that they are not invited.",
    demands.PIN_FEW: "Of those whom {session} was fixed for too few can come; it is planned freely.",
    demands.PIN_IMPOSSIBLE: "{session} cannot be held as it was fixed; it is planned freely.",
}
_BIRTHDAY = "{resident} has a birthday this week and cannot come to {activity}: it needs another way."
_LOUD_BIRTHDAY = "{resident} has a birthday this week and {activity} is louder than they bear: it needs another way."


class Sentences:
    """Makes sentences about one week. `names` go by id; sessions are told by activity, day and time.

    `birthdays` are the (resident, activity) that are asked for a birthday, not for a care plan.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        problem: exchange.ProblemDocument,
        sessions: Iterable[exchange.Session | exchange.PinnedSession] = (),
        birthdays: Collection[tuple[str, str]] = frozenset(),
    ) -> None:
        known: list[exchange.Session | exchange.PinnedSession] = [*problem.previous, *sessions]
        known += [pin.session for pin in problem.pins if isinstance(pin, exchange.SessionPin)]
        self._labels = {
            row.id: f"{names.get(row.activity, 'a session')} on {WEEKDAYS[row.day % 7]} at {row.start}" for row in known
        }
        self._names, self._pins, self._birthdays = names, problem.pins, birthdays
        self._words = Words(problem)
        bears = {row.id: row.noise_max for row in problem.residents}
        noise = {row.id: row.noise for row in problem.activities}
        self._loud = {(who, what) for who, what in birthdays if noise.get(what, 0) > bears.get(who, noise.get(what, 0))}
        self._disliked = {
            (row.id, name) for row in problem.residents for name, liking in row.interests.items() if liking < 0
        }

    def of_breach(self, breach: Breach) -> str:
        """One broken rule."""
        reason = breach.reason
        if reason.code not in _BREACHES:
            return self.named(self._words.sentence(reason))
        return self._capital(_BREACHES[self._code(reason)].format(**self._all_shown(reason)))

    def of_joining(self, reason: Reason, resident: str, session: str) -> str:
        """A rule that would be broken if the resident joined the session."""
        if reason.code not in JOINING:
            return self.named(self._words.sentence(reason))
        both = {value for name, value in reason.facts if name in ("session", "other")}
        gaps = {"who": resident, "elsewhere": str(next(iter(both - {session}), session)), "session": session}
        shown = {**{gap: self._name(each) for gap, each in gaps.items()}, **self._all_shown(reason)}
        shown["session"] = self._name(session)
        return self._capital(JOINING[self._code(reason)].format(**shown))

    def _code(self, reason: Reason) -> str:
        """The code of the sentence: of some it depends on the fact behind."""
        facts = dict(reason.facts)
        pair = (facts.get("resident"), facts.get("activity"))
        if reason.code == "refuses_activity" and pair in self._disliked:
            return "dislikes_activity"
        if reason.code == "required" and pair in self._birthdays:
            return "birthday"
        return reason.code

    def _all_shown(self, reason: Reason) -> dict[str, str]:
        facts = dict(reason.facts)
        shown = {name: self._shown(name, value) for name, value in reason.facts}
        if isinstance(count := facts.get("sessions"), int):
            shown["times"] = _times(count)
        return shown

    def of_breaches(self, breaches: Iterable[Breach]) -> tuple[str, ...]:
        """Several broken rules, each sentence once."""
        return tuple(dict.fromkeys(self.of_breach(each) for each in breaches))

    def of_note(self, note: Note) -> str:
        """A demand that was dropped or lowered."""
        return self._capital(
            self._pattern(note).format(
                can="can" if note.now else "cannot",
                activity=self._names.get(note.activity, "an activity"),
                resident=self._names.get(note.resident, "somebody"),
                session=self._labels.get(note.session, "a session"),
                was=_times(note.was),
                now=f" {_times(note.now)}" if note.now else "",
            )
        )

    def _pattern(self, note: Note) -> str:
        """Nothing is lowered of a birthday: whoever cannot come to what celebrates it is told as that."""
        pair = (note.resident, note.activity)
        if note.code != demands.LOWERED or pair not in self._birthdays:
            return _NOTES[note.code]
        return _LOUD_BIRTHDAY if pair in self._loud else _BIRTHDAY

    def of_demand(self, demand: exchange.Demand) -> str:
        """A demand that cannot be met together with others."""
        if isinstance(demand, exchange.CountDemand):
            return f"{self._name(demand.activity)} should be held as often as is asked for."
        if isinstance(demand, exchange.RequiredDemand):
            who, what = self._name(demand.resident), self._name(demand.activity)
            if (demand.resident, demand.activity) in self._birthdays:
                return f"{who} has a birthday and should be asked to {what}."
            return f"{who}'s care plan asks for {what}."
        pin = self._pins[demand.pin]
        session = pin.session.id if isinstance(pin, exchange.SessionPin) else pin.session
        return f"{self._labels.get(session, 'A session')} is fixed."

    def told(self, pattern: str, **ids: str) -> str:
        """A sentence with the names of ids in its gaps."""
        return self._capital(pattern.format(**{gap: self._name(each) for gap, each in ids.items()}))

    def named(self, text: str) -> str:
        """A sentence of the solver's with names for its ids."""
        return self._capital(_ID.sub(lambda found: self._name(found[0]), text).replace("Session ", ""))

    def _name(self, name: str) -> str:
        return self._labels.get(name) or self._names.get(space_of(name), name)

    def _shown(self, fact: str, value: Fact) -> str:
        if isinstance(value, tuple):
            return ", ".join(_ID.sub(lambda found: self._name(found[0]), each) for each in value)
        if isinstance(value, int):
            return (
                WEEKDAYS[value % 7] if fact == "day" else exchange.clock(value) if fact == "minute" else counted(value)
            )
        return self._name(value)

    @staticmethod
    def _capital(text: str) -> str:
        return text[:1].upper() + text[1:]


def _times(count: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(count, f"{count} times")
