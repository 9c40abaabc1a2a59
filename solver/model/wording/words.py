"""Reasons as English sentences, for the command line. Milieu makes its own of the same data, in other languages."""

from collections.abc import Iterable, Mapping

from solver.documents.calendars import Calendar, joined
from solver.documents.fields import clock
from solver.documents.problem import ProblemDocument, SessionPin
from solver.model.reasons import Fact, Reason
from solver.model.wording.counting import Counted, counted

OF_RULES: Mapping[str, str] = {
    "outside_horizon": "Session {session} lies outside the horizon or runs past midnight.",
    "off_grid": "Session {session} starts off the grid of {slot:minute}.",
    "outside_windows": "Session {session} lies outside the times at which {activity} can be held.",
    "not_open": "{space} is not open during session {session}.",
    "features": "{space} lacks what session {session} needs: {features}.",
    "seats": "{space} has {seats:seat} for the {residents:resident} of session {session}.",
    "wheelchairs": "{space} has {places:wheelchair place} for the {wheelchairs:wheelchair} of session {session}.",
    "space_taken": "Sessions {session} and {other} in {space} overlap or leave too little time between them.",
    "shared_space": "Sessions {session} in {space} and {other} in {other_space} overlap; the two share a room.",
    "facilitator_taken": "{facilitator} leads sessions {session} and {other}, which overlap or leave too little time "
    "between them.",
    "facilitator_day": "{facilitator} leads {sessions:session} on day {day}; the limit is {limit}.",
    "team_size": "Session {session} has {facilitators:facilitator}; it needs {needed}.",
    "not_available": "{facilitator} is not available during session {session}.",
    "skills": "Nobody who leads session {session} has what it needs: {skills}.",
    "group_small": "Session {session} has {residents:resident}; {activity} needs at least {least}.",
    "group_large": "Session {session} has {residents:resident}; {activity} takes at most {most}.",
    "too_few": "{activity} has {sessions:session}; it needs at least {least}.",
    "too_many": "{activity} has {sessions:session}; at most {most:is|are} allowed.",
    "twice_a_day": "{activity} is held {sessions:time} on day {day}.",
    "busy": "{resident} is busy during session {session}.",
    "resident_taken": "{resident} is in sessions {session} and {other}, which overlap or leave too little time "
    "for rest and the way.",
    "activity_twice": "{resident} is in {activity} twice on day {day}, in sessions {session} and {other}.",
    "too_soon": "{resident} is in {activity} in sessions {session} and {other}, less than {least:day} apart.",
    "resident_day": "{resident} has {sessions:session} on day {day}; the limit is {limit}.",
    "resident_all": "{resident} has {sessions:session} in all; the limit is {limit}.",
    "refuses_activity": "{resident} refuses {activity}, which is session {session}.",
    "refuses_space": "{resident} refuses {space}, where session {session} is.",
    "refuses_facilitator": "{resident} refuses {facilitator}, who leads session {session}.",
    "avoids_activity": "{resident} is kept from {activity}, which is session {session}.",
    "avoids_space": "{resident} is kept from {space}, where session {session} is.",
    "avoids_facilitator": "{resident} is kept from {facilitator}, who leads session {session}.",
    "only": "{activity}, which is session {session}, is not open to {resident}.",
    "no_wish": "{activity}, which is session {session}, is for those who wish for it; {resident} does not.",
    "loud": "Session {session} has level {level}; {resident} bears {limit}.",
    "loud_then": "Session {session} has level {level}; {resident} bears {limit} from {since}.",
    "apart": "{resident} and {other_resident} are to be kept apart and share session {session}.",
    "support": "The residents of session {session} need {needed:unit} of support; those who lead it give {given}.",
    "escorts": "{needed:resident needs|residents need} an escort on {weekday} at {minute}; {escorts:is|are} there.",
    "cohorts": "Session {session} mixes groups that are kept separate.",
    "zone": "{resident} stays in their own zone; {space}, where session {session} is, lies outside it.",
    "required": "{resident} attends {activity} {sessions:time}; at least {least:is|are} required.",
    "familiar": "{resident} knows nobody in session {session} and needs a familiar face.",
    "bleed": "Session {session} is loud while session {other} next to it is calm.",
    "past_lost": "Session {session} has happened and is changed or gone.",
    "past_new": "Session {session} would be in the past and did not happen so.",
    "pin_missing": "Session {session} is pinned and is not there.",
    "pin_changed": "Session {session} is not as it was pinned.",
    "pin_attend": "{resident} is pinned to session {session} and is not in it.",
    "pin_absent": "{resident} is pinned out of session {session} and is in it.",
}
"""What breaks a rule, R1 to R18, by the code of the breach."""
OF_INVITATIONS: Mapping[str, str] = {
    "why_happened": "Session {session} has happened so.",
    "why_pinned": "Somebody fixed {resident} in session {session}.",
    "why_required": "{resident} is to attend {activity} at least {least:time}.",
    "why_needed": "Session {session} needs at least {least:resident}.",
    "why_face": "{other_resident} needs a familiar face in session {session}, and has {resident}.",
    "why_familiar": "{resident} knows {facilitator}, who leads session {session}.",
    "why_likes": "{resident} likes {activity} ({liking}).",
    "why_dislikes": "{resident} does not like {activity} ({liking}).",
    "why_time": "{resident} likes the {part}.",
    "why_other_time": "{resident} does not like the {part}.",
    "why_little": "{resident} has {sessions:other session}.",
    "why_wish": "{resident} wishes for at least {least:session}.",
    "why_only_liked": "Nothing else that {resident} likes is open to them this time.",
    "why_aim": "It serves an aim of {resident}'s care plan: {domain}.",
    "why_group_aim": "It serves an aim of {group}: {domain}.",
    "why_offer": "It is what should be on for {group} that day.",
    "why_turn": "{resident} has waited for {activity}.",
    "why_knows": "{resident} has ties to {others} in session {session}.",
    "why_tension": "{resident} gets on badly with {others} in session {session}.",
    "why_warm": "{resident} meets nobody dear to them elsewhere.",
    "why_warms": "{other_resident} meets nobody dear to them elsewhere but {resident} in session {session}.",
    "why_walk": "{resident} walks {minutes:minute} to {space}.",
    "why_crowd": "Session {session} is crowded.",
    "why_published": "{resident} was invited to session {session} when it was published.",
    "why_free": "Session {session} had a place.",
    "no_place": "There is no place for one more.",
    "no_hands": "Nobody is free to help one more.",
    "taken_by": "In session {session} {others:is|are} already.",
    "helped_there": "In session {session} support goes to {others}.",
    "walked_then": "On day {day} at {minute} {others:is|are} walked.",
}
"""Why somebody is invited, or is not, besides the rules."""
_SENTENCES: Mapping[str, str] = {
    **OF_RULES,
    **OF_INVITATIONS,
    # what a document may not say
    "unknown": "Session {session} names what the problem does not know: {names}.",
    "named_twice": "Session {session} names somebody twice: {names}.",
    "id_twice": "The session id {session} stands {sessions:time}.",
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
    # what is well formed and makes no sense
    "own_refusal": "{resident} refuses or is kept from {activity}, which is required of them.",
    "own_only": "{resident} is required to attend {activity}, which is not open to them.",
    "required_often": "{resident} is required to attend {activity} {least:time}; it is held at most {most:time}.",
    "required_apart": "{resident} is required to attend {activity} {least:time}; {days:day} apart they can "
    "{most:time}.",
    "nobody_may": "{activity} has nobody who may attend it.",
    "too_few_may": "{activity} needs {least:resident}; only {residents} may attend it.",
    "no_space": "{activity} has no space that has what it needs.",
    "no_team": "{activity} needs {needed:facilitator} with all its skills; nobody like that is there.",
    "no_time": "{activity} takes {minutes:minute}; no window of it is that long.",
    "wish": "{resident} wishes for {least:session} and can be in at most {most}.",
    "days_short": "{activity} should have {least:session} on different days of a horizon of {days:day}.",
    "itself": "{space} names itself as its neighbour.",
    "zone_unknown": "{name} is not a time zone that this machine knows.",
    "pin_past": "This pin speaks of a time that has passed; what happened can no longer be changed.",
    "pin_outside": "This pin fixes a session on day {day}, outside the horizon.",
    "pin_nowhere": "This pin speaks of session {session}, which is neither published nor pinned.",
    "pin_activity": "This pin gives session {session} another activity than it was published with.",
    "pin_both": "This pin contradicts the pin of {resident} in and out of session {session}.",
    "pin_refused": "This pin puts {resident} into {activity}, which they refuse, are kept from, have not wished for "
    "or which is closed to them.",
    "alike": "This session is where and when session {session} is; only one of the two can stay there.",
    "no_domain": "No activity serves {domain}, so the aim can never be met.",
    "group_target": "The aim needs {members:member} in one session; the group has {residents}.",
    # who is left out, and why
    "out_wishes_none": "{resident} wishes for no sessions.",
    "out_likes_nothing": "{resident} has named nothing that they like.",
    "out_not_held": "{activity} is not held.",
    "out_closed": "{activity} is not for {resident}: refused, kept from them, not wished for or a closed group.",
    "out_place": "{activity} is only where, or led by whom, {resident} does not go.",
    "out_loud": "{activity} is louder than {resident} bears.",
    "out_busy": "{activity} is only held while {resident} is busy.",
    "out_past": "{activity} has been held already.",
    "out_clash": "{activity} is only held while {resident} is elsewhere or has had enough.",
    "out_full": "{activity} has no place left.",
    "out_help": "{activity} has nobody left to support or walk {resident}.",
    "out_company": "{activity} holds company that {resident} may not or can not have.",
    "out_pinned": "Somebody fixed {resident} out of {activity}.",
    "out_could": "{resident} could still be invited to {activity}, session {session}.",
    # what changes, for whom
    "share": "{resident}: {gain} ({parts}).",
    "session_new": "{activity} on day {on} at {start} in {space} is new.",
    "session_gone": "{activity} on day {on} at {start} is not held.",
    "session_moved": "{activity} moves from day {on} at {start} to day {now_on} at {now_start}.",
    "session_relocated": "{activity} on day {now_on} at {now_start} moves from {space} to {now_space}.",
    "session_led": "{activity} on day {now_on} at {now_start} is now led by {facilitators}.",
    "person_withdrawn": "{resident} is no longer invited to {activity} on day {on} at {start}.",
    "person_invited": "{resident} is newly invited to {activity} on day {on} at {start}.",
    "person_moved": "For {resident} {activity} moves from day {on} at {start} to day {now_on} at {now_start}.",
    "person_relocated": "For {resident} {activity} moves from {space} to {now_space}.",
    "person_led": "For {resident} {activity} is now led by {facilitators}.",
    "space_closed": "{space} is never open.",
    "space_seatless": "{space} has no seats.",
    "space_wheelchairs": "{space} has more wheelchair places ({places}) than seats ({seats}).",
    "leader_never": "{facilitator} is never available.",
    "leader_none": "{facilitator} may lead no session on any day.",
    "leader_short": "What only {facilitator} can lead takes {needed:minute}; they are there for {minutes}.",
    "leader_often": "What only {facilitator} can lead is {least:session}; they may lead {most}.",
    "space_short": "What can only be held in {space} takes {needed:minute}; it is open for {minutes}.",
    "space_elsewhen": "{activity} has no hour at which a space that fits it is open.",
    "led_never": "{activity} has no hour at which a space is open and somebody who could lead it is there.",
    "days_held": "{activity} should have {least:session} on different days; it can be held on {days:day}.",
    "too_few_bear": "{activity} has level {level} and needs {least:resident}; of those who may come only "
    "{residents:bears|bear} it.",
    "no_escorts": "There are never any escorts, and {residents:resident needs|residents need} one.",
    "offer_high": "There should be {least:session} then; at most {most} can be held.",
    "offer_often": "There should be {least:session} on each of {days:day}; {most:is|are} possible.",
    "offer_members": "The sessions should hold {members:member} of the group; it has {residents}.",
    "no_weights": "Every weight is 0: no schedule is better than another.",
    "no_wheelchairs": "No space has a place for a wheelchair, and {residents:resident uses|residents use} one.",
    "calm_louder": "{resident} would bear more noise in this calm window than otherwise.",
    "waits_refused": "{resident} waits for {activity} and refuses it.",
    "usual_outside": "This is on day {day}, outside the horizon, and is never kept.",
    "likes_refused": "{resident} likes {activity} and refuses it.",
    "nobody_familiar": "{resident} needs a familiar face; nobody is tied to them or familiar to them.",
    "zone_empty": "{resident} stays in their own zone, and no space is in it.",
    "always_busy": "{resident} is busy all the time, and should be in sessions.",
    "required_week": "{resident} is required to attend {activity} {least:time} and can be in at most {most:session}.",
    "own_loud": "{resident} is required to attend {activity}, which has level {level}; they bear {limit}.",
    "own_busy": "{resident} is required to attend {activity} and is busy whenever it can be held.",
    "target_high": "{resident} should be in {least:session} of {domain} and can be in {most} at most.",
    # what is demanded
    "demand_count": "{activity} is to be held at least {often}.",
    "demand_required": "{resident} is required to attend {activity} at least {often}.",
    "demand_attend": "{resident} is pinned to {pinned}.",
    "demand_absent": "{resident} is pinned out of {pinned}.",
    "demand_pin": "{activity} is pinned to {weekday} at {minute}.",
    "demand_pin_space": "{activity} is pinned to {weekday} at {minute} in {space}.",
    # what keeps it from being met
    "no_hours": "There is no time left at which {activity} could be held.",
    "no_large_space": "No space has the {least:seat} that {activity} needs.",
    "no_fitting_space": "No space has what {activity} needs: {features}, and {least:seat}.",
    "never_open": "{activity} needs {spaces}, not open when it could be held ({times}).",
    "group_never": "{activity} needs {least:resident}; at none of its hours could more than {most} come together.",
    "leaders_few": "{activity} needs {needed:person|people} to lead it; so many are never there together ({times}).",
    "leader_nobody": "Nobody is there to lead {activity}.",
    "leader_away": "{activity} needs somebody to lead it {times}; {facilitators} is not there then.",
    "leader_all_away": "{activity} needs somebody to lead it {times}; none of {facilitators} is there then.",
    "skill_nobody": "{activity} needs somebody with {skills}, and nobody has that.",
    "skill_away": "{activity} needs somebody with {skills} {times}; {facilitators} is not there then and nobody else "
    "has it.",
    "skill_all_away": "{activity} needs somebody with {skills} {times}; none of {facilitators} is there then and "
    "nobody else has it.",
    "days_few": "{activity} is held once a day and can only be held on {weekdays}.",
    "hours_few": "{activity} cannot be held {often} in the hours it has ({times}).",
    "person_refuses": "{resident} refuses {activity}.",
    "person_avoids": "{resident} is kept from {activity}.",
    "week_full": "{resident} can be in at most {most:session}, fewer than are required.",
    "busy_always": "{resident} is busy whenever {activity} can be held ({times}).",
    "loud_always": "{activity} has level {level} or more; {resident} bears {limit} at those hours.",
    "spaces_kept": "{resident} is kept from {spaces}, and {activity} can be held nowhere else.",
    "zone_elsewhere": "{resident} stays in their own zone; {activity} can only be held in {spaces}.",
    "kept_then": "{resident} is free for {activity} only {times}, and is kept from {spaces}, where it could be then.",
    "never_fits": "At each hour of {activity} ({times}), {resident} is busy, kept from the space or bears less noise.",
    "person_days": "{resident} could attend {activity} only on {weekdays}, once a day.",
    "person_days_apart": "{resident} could attend {activity} only on {weekdays}, and its sessions are to lie "
    "{days:day} apart.",
    "support_then": "{resident} needs {needed:unit} of support; those who could lead {activity} {times} give {most}.",
    "group_then": "{pinned} needs {least:resident}; no more than {most} could come then.",
    "chair_nowhere": "{resident} comes in a wheelchair; where {activity} could be, {spaces:has|have} no place for one.",
    "support_lacks": "{resident} needs {needed:unit} of support; nobody who could lead {activity} gives so much.",
    "leaders_refused": "{resident} refuses or is kept from those who could lead {activity}: {facilitators}.",
    "no_face": "{resident} needs a familiar face; nobody who could lead or attend {activity} with them is one.",
    "past_full": "{activity} has been held {sessions} of at most {most:time}, {attended} of them with {resident}.",
    "in_and_out": "{resident} cannot be both in and out of {pinned}.",
    "pins_contradict": "The pins of {pinned} contradict each other.",
    "one_space": "{activities} need {space}, which is free for them {times}: not enough for all.",
    "one_space_itself": "{activities} needs {space}, which is free for it {times}: not enough for all its sessions.",
    "few_space": "{activities} need {spaces}, which have no room for all of them.",
    "few_space_itself": "{activities} needs {spaces}, which have no room for all its sessions.",
    "one_facilitator": "{activities} need {facilitator}, who could lead them {times}: not enough for all.",
    "one_facilitator_itself": "{activities} needs {facilitator}, who could lead it {times}: not enough for all.",
    "few_facilitator": "{activities} need {facilitators}, who cannot lead all of them.",
    "few_facilitator_itself": "{activities} needs {facilitators}, who cannot lead all its sessions.",
    "leader_refused": "{resident} refuses or is kept from {facilitators}, who could lead {activity}.",
    "one_resident": "{resident} cannot be in all of {activities}: they could attend {times}, and no more than their "
    "own limits and rest allow.",
    "one_resident_itself": "{resident} cannot be in so many sessions of {activities}: they could attend {times}, "
    "and no more than their own limits and rest allow.",
    "few_resident": "There are not enough residents free for {activities} together.",
    "group_short": "{activity} holds {most} and is held at most {often}; {needed:is|are} required.",
    "group_short_days": "{activity} holds {most} and can be held once a day on {weekdays}; {needed:is|are} required.",
    "seats_short": "{activity} can only be in {spaces}, with at most {most:seat}, and is held at most "
    "{often}; {needed:is|are} required.",
    "seats_short_days": "{activity} can only be in {spaces}, with at most {most:seat}, and can be held "
    "once a day on {weekdays}; {needed:is|are} required.",
    "chairs_short": "{activity} has at most {most:wheelchair place} and is held at most {often}; {needed:is|are} "
    "required.",
    "chairs_short_days": "{activity} has at most {most:wheelchair place} and can be held once a day on {weekdays}; "
    "{needed:is|are} required.",
    "support_short": "{activity} has at most {most:unit} of support and is held at most {often}; {needed:is|are} "
    "required.",
    "support_short_days": "{activity} has at most {most:unit} of support and can be held once a day on {weekdays}; "
    "{needed:is|are} required.",
    "held_often": "{activity} is held at most {often}.",
    "held_left": "{activity} can still be held {often}.",
    "held_on_days": "{activity} is held once a day and can only be held on {weekdays}.",
    "could_then": "{others} could attend {activity} only {times}.",
    "could_there": "{others} could attend {activity} only in {spaces}, {times}.",
    "few_resident_itself": "There are not enough residents free for all sessions of {activities}.",
    "search_open": "In the time given no schedule that meets every demand was found, and none was proved impossible.",
    "search_nearest": "The nearest that was found lacks this:",
    "cannot": "This cannot be had with the rules and hours as they are.",
    "cannot_together": "These cannot all be had together with the rules and hours as they are.",
}
_LISTS = {
    "space": "spaces",
    "other_space": "spaces",
    "activity": "activities",
    "facilitator": "facilitators",
    "resident": "residents",
    "other_resident": "residents",
    "others": "residents",
    "group": "groups",
    "now_space": "spaces",
    "spaces": "spaces",
    "activities": "activities",
    "facilitators": "facilitators",
}


class Words:
    """Makes sentences about one problem, with the names of its people and places."""

    def __init__(self, problem: ProblemDocument) -> None:
        lists = {key: {row.id: row.name for row in getattr(problem, key)} for key in set(_LISTS.values())}
        self._names: dict[str, dict[str, str]] = {fact: lists[key] for fact, key in _LISTS.items()}
        self._calendar = Calendar(problem.horizon)
        self._known = {row.id: (row.activity, str(row.day), row.start) for row in problem.previous}
        for pin in problem.pins:
            if isinstance(pin, SessionPin):
                self._known[pin.session.id] = (pin.session.activity, str(pin.session.day), pin.session.start)

    def sentence(self, reason: Reason) -> str:
        """The reason in words. Raises KeyError for a code that has none."""
        facts = dict(reason.facts)
        if "day" in facts:
            facts["weekday"] = facts["day"]
        return _SENTENCES[reason.code].format(**{name: self._shown(name, value) for name, value in facts.items()})

    def _shown(self, fact: str, value: Fact) -> str:
        if isinstance(value, tuple):
            return self._listed(fact, value)
        if fact == "pinned":
            return self._session(self._known[value]) if value in self._known else f"session {value}"
        if isinstance(value, int):
            return self._counted(fact, value)
        return self._names.get(fact, {}).get(value, "") or value

    def _counted(self, fact: str, value: int) -> str:
        match fact:
            case "minute":
                return clock(value)
            case "weekday":
                return self._calendar.day(value)
            case "often":
                return "once" if value == 1 else f"{value} times"
        return counted(value)

    def _listed(self, fact: str, value: tuple[str, ...]) -> str:
        if fact in ("session", "other"):
            return self._session(value)
        if fact == "times":
            return self._calendar.hours(value)
        if fact == "weekdays":
            return joined([self._calendar.day(int(day)) for day in value]) or "no day"
        if fact in self._names:
            return Counted(joined([self._names[fact].get(name, "") or name for name in value]), len(value))
        return ", ".join(value)

    def _session(self, row: tuple[str, ...]) -> str:
        """A session that is told by its activity, day and time."""
        activity, day, start = row
        name = self._names["activity"].get(activity, "") or activity
        return f"{name} on {self._calendar.day(int(day))} at {start}"


def sentences(problem: ProblemDocument, reasons: Iterable[Reason]) -> tuple[str, ...]:
    words = Words(problem)
    return tuple(dict.fromkeys(words.sentence(each) for each in reasons))
