"""Whether what a family's page says of a change is what the rows of two publications say."""

import re
from datetime import date, timedelta

from tests.web.family.rows import At, Rows

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = {11: "November", 12: "December"}
_TITLE, _ON, _AT = r"(?P<title>.+?)", r"(?P<day>today|tomorrow|on [A-Z][\w ]+?)", r"(?P<at>\d\d:\d\d)"
_WHY, _BARE, _OLD_AT = (
    r"(?P<why>, (?:because|to make way for) .+)?",
    r"today|tomorrow|[A-Z][\w ]+?",
    r"(?P<old_at>\d\d:\d\d)",
)
_PATTERNS = {
    "off": rf"{_TITLE} is off {_ON}{_WHY}\.",
    "new": rf"New: {_TITLE} {_ON} at {_AT}\.",
    "dropped": rf"(?:She|He|They) (?:is|are) not invited to {_TITLE} {_ON} any more\.",
    "relocated": rf"{_TITLE} {_ON} at {_AT} is in (?P<space>.+?) now(?P<why>, .+)?\.",
    "later": rf"{_TITLE} {_ON} moved from {_OLD_AT} to {_AT}{_WHY}\.",
    "moved": rf"{_TITLE} moved from (?P<old>{_BARE}) at {_OLD_AT} to (?P<day>{_BARE}) at {_AT}{_WHY}\.",
    "swapped": rf"(?:She|He|They) (?:is|are) invited to {_TITLE} {_ON} at {_AT} now,"
    rf" not (?P<old>today|tomorrow|on .+?) at {_OLD_AT}(?P<why>)\.",
}


def written(day: date) -> str:
    """ "Thursday 3 December"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]}"


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def is_cause(kin: Rows, place: At, why: str | None, when: str = "then", *, is_over: bool = False) -> bool:
    """Whether a reason, where one is given, stands against a place; `when` is how it speaks of its time."""
    if not why:
        return True
    verb = "was" if is_over else "is"
    return {
        f", because {place.space} {verb} closed {when}": kin.is_closed(place),
        ", because of the weather": kin.is_closed(place, "weather"),
        f", because one of the staff {verb} away": kin.has_leader_away(place),
        ", to make way for another change": kin.makes_way(place),
    }.get(why, False)


class ChangeClaims:
    """What a resident was invited to at a moment, against what they are invited to. `named` keeps what was told."""

    def __init__(self, kin: Rows, moment: str, named: set[str]) -> None:
        self.kin, self.named = kin, named
        self.before = kin.held_at(moment)
        self.still = {(place.title, place.day, place.start, place.space) for place in kin.shown}

    def is_true(self, said: str) -> bool:
        for kind, pattern in _PATTERNS.items():
            if found := re.fullmatch(pattern, said):
                check = getattr(self, f"_is_{kind}", self._is_moved)
                return bool(check(found))
        return False

    def _is_off(self, found: re.Match[str]) -> bool:
        gone = [place for place in self._was(found, "day") if not self.kin.is_live(place.ref)]
        off = [place for place in self._now(found, "day") if self.kin.is_off(place.ref)]
        return self._told(gone + off) and any(is_cause(self.kin, place, found["why"]) for place in gone + off)

    def _is_new(self, found: re.Match[str]) -> bool:
        return self._told(self._now(found, "day", "at")) and not self._was(found, "day", "at")

    def _is_dropped(self, found: re.Match[str]) -> bool:
        shown = {(place.title, place.day) for place in self.kin.shown}
        left = [p for p in self._was(found, "day") if (p.title, p.day) not in shown]
        return self._told([p for p in left if self.kin.is_live(p.ref)])

    def _is_relocated(self, found: re.Match[str]) -> bool:
        old = [place for place in self._was(found, "day", "at") if place.space != found["space"]]
        new = [place for place in self._now(found, "day", "at") if place.space == found["space"]]
        if not old or not new:
            return False
        why = (found["why"] or "").replace(f", not in {old[0].space}", "")
        return self._told(old) and is_cause(self.kin, old[0], why)

    def _is_later(self, found: re.Match[str]) -> bool:
        return self._is_from_to(found, self._was(found, "day", "old_at"))

    def _is_moved(self, found: re.Match[str]) -> bool:
        return self._is_from_to(found, self._was(found, "old", "old_at"))

    def _is_from_to(self, found: re.Match[str], old: list[At]) -> bool:
        left = [p for p in old if (p.title, p.day, p.start, p.space) not in self.still]
        new = self._now(found, "day", "at")
        is_told = self._told(left) and self._told(new)
        return is_told and is_cause(self.kin, left[0], found["why"], "at the old time")

    def _was(self, found: re.Match[str], day: str, at: str = "") -> list[At]:
        return self._of(self.before, found, day, at)

    def _now(self, found: re.Match[str], day: str, at: str = "") -> list[At]:
        return self._of(self.kin.shown, found, day, at)

    def _of(self, places: list[At], found: re.Match[str], day: str, at: str) -> list[At]:
        on = self._date(found[day])
        return [
            place
            for place in places
            if place.title == found["title"] and place.day == on and (not at or clock(place.start) == found[at])
        ]

    def _told(self, places: list[At]) -> bool:
        self.named.update(f"changed {self.kin.resident} {place.title}" for place in places)
        return bool(places)

    def _date(self, said: str) -> date | None:
        """The day meant: a weekday alone is one of the next six."""
        for ahead in range(-7, 14):
            day = self.kin.today + timedelta(days=ahead)
            words = {0: "today", 1: "tomorrow"}.get(ahead, WEEKDAYS[day.weekday()] if 2 <= ahead <= 6 else "")
            if said.removeprefix("on ") in (words, written(day)):
                return day
        return None
