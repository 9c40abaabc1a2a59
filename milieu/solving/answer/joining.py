"""What would be broken by somebody's joining a session, as sentences in which they have not joined it.

By the codes of the rules that speak of one person or of who is together. `{who}` is who would join, `{elsewhere}` the
other of two sessions; the rest are the facts of the breach.
"""

from collections.abc import Mapping

JOINING: Mapping[str, str] = {
    "seats": "{space} has {seats:seat}; with {who} there would be {residents:person|people} at {session}.",
    "wheelchairs": "{space} has {places:wheelchair place}; with {who} {wheelchairs} would be needed for {session}.",
    "group_large": "{session} takes at most {most}; with {who} there would be {residents}.",
    "busy": "{resident} is busy during {session}.",
    "resident_taken": "{resident} is invited to {elsewhere}, which overlaps or leaves too little time to rest or to "
    "get there.",
    "activity_twice": "{resident} is invited to {activity} on {day} already.",
    "too_soon": "{resident} is invited to {elsewhere}; asked to {session} too, it would be sooner again than was "
    "agreed.",
    "resident_day": "With this {resident} would be invited to {sessions:session} on {day}; {limit:is|are} enough for "
    "them.",
    "resident_all": "With this {resident} would be invited to {sessions:session}; {limit:is|are} enough for them.",
    "refuses_activity": "{resident} has said no to {activity}.",
    "dislikes_activity": "{resident} does not like {activity}.",
    "refuses_space": "{resident} has said no to {space}, where {session} is.",
    "refuses_facilitator": "{resident} has said no to {facilitator}, who leads {session}.",
    "avoids_activity": "{resident} is kept from {activity}.",
    "avoids_space": "{resident} is kept from {space}, where {session} is.",
    "avoids_facilitator": "{resident} is kept from {facilitator}, who leads {session}.",
    "only": "{session} is a closed group that {resident} is not in.",
    "no_wish": "{activity} is for those who wish for it, and no wish of {resident} is known.",
    "loud": "{session} is louder than {resident} bears.",
    "loud_then": "{session} is louder than {resident} bears at that time.",
    "apart": "{resident} and {other_resident} are to be kept apart, and one of them is invited to {session}.",
    "support": "Those who lead {session} could not give the support that is needed with {who}.",
    "escorts": "With {who} {needed:person would need|people would need} somebody to walk with them on {day} at "
    "{minute}; {escorts} can.",
    "cohorts": "With {who} {session} would mix living groups that are kept apart.",
    "zone": "{resident} stays in their own living group's place; {session} is elsewhere.",
    "familiar": "{resident} would know nobody in {session}.",
    "past_lost": "{session} has taken place.",
    "past_new": "{session} has taken place.",
    "pin_absent": "Somebody fixed {resident} out of {session}.",
}
ASIDE = frozenset({"pin_changed", "pin_attend", "pin_missing", "required", "group_small"})
"""What nobody breaks by joining, though a reading of those around may speak of it."""
