"""Reasons as English sentences, for the command line. Milieu makes its own of the same data, in other languages."""

from collections.abc import Mapping

from solver.documents import ProblemDocument
from solver.fields import clock
from solver.reasons import Fact, Reason

_SENTENCES: Mapping[str, str] = {
    # what a document may not say
    "unknown": "Session {session} names what the problem does not know: {names}.",
    "named_twice": "Session {session} names somebody twice: {names}.",
    "id_twice": "The session id {session} stands {sessions} times.",
    "other_id": "Session {session} is session {previous} of before under another id.",
    "other_activity": "Session {session} of before has changed its activity.",
    "not_relaxed": "{demand} is listed as relaxed without need or by the wrong amount.",
    "other_problem": "The schedule was not made from this problem file.",
    "with_sessions": "A schedule with status {status} has sessions or a score.",
    "no_conflict": "An infeasible schedule names no conflict.",
    "no_demand": "{demand} is no demand of the problem.",
    "objective": "The schedule states an objective of {stated} and scores {scored}.",
    "terms": "The schedule states other terms than it has: {names}.",
    "bound": "The schedule states a bound of {bound} with status {status} and scores {scored}.",
    # R1 to R18
    "outside_horizon": "Session {session} lies outside the horizon or runs past midnight.",
    "off_grid": "Session {session} starts off the grid of {slot} minutes.",
    "outside_windows": "Session {session} lies outside the times at which {activity} can be held.",
    "not_open": "{space} is not open during session {session}.",
    "features": "{space} lacks what session {session} needs: {features}.",
    "seats": "{space} has {seats} seats for the {residents} residents of session {session}.",
    "wheelchairs": "{space} has {places} wheelchair places for the {wheelchairs} wheelchairs of session {session}.",
    "space_taken": "Sessions {session} and {other} in {space} overlap or leave too little time between them.",
    "shared_space": "Sessions {session} in {space} and {other} in {other_space} overlap; the two share a room.",
    "facilitator_taken": "{facilitator} leads sessions {session} and {other}, which overlap or lie too close.",
    "facilitator_day": "{facilitator} leads {sessions} sessions on day {day}; {limit} are the limit.",
    "team_size": "Session {session} has {facilitators} facilitators; it needs {needed}.",
    "not_available": "{facilitator} is not available during session {session}.",
    "skills": "Nobody who leads session {session} has what it needs: {skills}.",
    "group_small": "Session {session} has {residents} residents; {activity} needs at least {least}.",
    "group_large": "Session {session} has {residents} residents; {activity} takes at most {most}.",
    "too_few": "{activity} has {sessions} sessions; it needs at least {least}.",
    "too_many": "{activity} has {sessions} sessions; at most {most} are allowed.",
    "twice_a_day": "{activity} is held {sessions} times on day {day}.",
    "busy": "{resident} is busy during session {session}.",
    "resident_taken": "{resident} is in sessions {session} and {other}, which overlap or leave too little rest.",
    "activity_twice": "{resident} is in {activity} {sessions} times on day {day}.",
    "resident_day": "{resident} has {sessions} sessions on day {day}; {limit} are the limit.",
    "resident_all": "{resident} has {sessions} sessions in all; {limit} are the limit.",
    "refuses_activity": "{resident} refuses {activity}, which is session {session}.",
    "refuses_space": "{resident} refuses {space}, where session {session} is.",
    "refuses_facilitator": "{resident} refuses {facilitator}, who leads session {session}.",
    "avoids_activity": "{resident} is kept from {activity}, which is session {session}.",
    "avoids_space": "{resident} is kept from {space}, where session {session} is.",
    "avoids_facilitator": "{resident} is kept from {facilitator}, who leads session {session}.",
    "only": "{activity}, which is session {session}, is not open to {resident}.",
    "loud": "Session {session} has level {level}; {resident} bears {limit}.",
    "loud_then": "Session {session} has level {level}; {resident} bears {limit} from {since}.",
    "apart": "{resident} and {other_resident} are to be kept apart and share session {session}.",
    "support": "The residents of session {session} need {needed} units of support; those who lead it give {given}.",
    "escorts": "{needed} residents need an escort on day {day} at {minute}; there are {escorts}.",
    "cohorts": "Session {session} mixes groups that are kept separate.",
    "zone": "{resident} stays in their own zone; {space}, where session {session} is, lies outside it.",
    "required": "{resident} attends {activity} {sessions} times; at least {least} are required.",
    "familiar": "{resident} knows nobody in session {session} and needs a familiar face.",
    "bleed": "Session {session} is loud while session {other} next to it is calm.",
    "past_lost": "Session {session} has happened and is changed or gone.",
    "past_new": "Session {session} would be in the past and did not happen so.",
    "pin_missing": "Session {session} is pinned and is not there.",
    "pin_changed": "Session {session} is not as it was pinned.",
    "pin_attend": "{resident} is pinned to session {session} and is not in it.",
    "pin_absent": "{resident} is pinned out of session {session} and is in it.",
    # what is well formed and makes no sense
    "own_refusal": "{resident} refuses or is kept from {activity}, which is required of them.",
    "own_only": "{resident} is required to attend {activity}, which is not open to them.",
    "required_often": "{resident} is required to attend {activity} {least} times; it is held at most {most} times.",
    "nobody_may": "{activity} has nobody who may attend it.",
    "too_few_may": "{activity} needs {least} residents; only {residents} may attend it.",
    "no_space": "{activity} has no space that has what it needs.",
    "no_team": "{activity} needs {needed} facilitators with all its skills; nobody like that is there.",
    "no_time": "{activity} takes {minutes} minutes; no window of it is that long.",
    "wish": "{resident} wishes for {least} sessions and can be in at most {most}.",
    "days_short": "{activity} should have {least} sessions on different days of a horizon of {days}.",
    "itself": "{space} names itself as its neighbour.",
    "zone_unknown": "{name} is not a time zone that this machine knows.",
    "pin_past": "This pin speaks of a time that has passed; what happened can no longer be changed.",
    "pin_outside": "This pin fixes a session on day {day}, outside the horizon.",
    "pin_nowhere": "This pin speaks of session {session}, which is neither published nor pinned.",
    "pin_activity": "This pin gives session {session} another activity than it was published with.",
    "pin_both": "This pin contradicts the pin of {resident} in and out of session {session}.",
    "pin_refused": "This pin puts {resident} into {activity}, which they refuse, are kept from or are not invited to.",
    "alike": "This session is alike in activity, day, start and space to session {session}; only one can keep its id.",
    "no_domain": "No activity serves {domain}, so the aim can never be met.",
    "group_target": "The aim needs {members} members in one session; the group has {residents}.",
}
_LISTS = {
    "space": "spaces",
    "other_space": "spaces",
    "activity": "activities",
    "facilitator": "facilitators",
    "resident": "residents",
    "other_resident": "residents",
}


class Words:
    """Makes sentences about one problem, with the names of its people and places."""

    def __init__(self, problem: ProblemDocument) -> None:
        lists = {key: {row.id: row.name for row in getattr(problem, key)} for key in set(_LISTS.values())}
        self._names: dict[str, dict[str, str]] = {fact: lists[key] for fact, key in _LISTS.items()}

    def sentence(self, reason: Reason) -> str:
        """The reason in words. Raises KeyError for a code that has none."""
        return _SENTENCES[reason.code].format(**{name: self._shown(name, value) for name, value in reason.facts})

    def _shown(self, fact: str, value: Fact) -> str:
        if isinstance(value, tuple):
            return ", ".join(value)
        if fact == "minute" and isinstance(value, int):
            return clock(value)
        name = self._names.get(fact, {}).get(str(value), "") if isinstance(value, str) else ""
        return name or str(value)
