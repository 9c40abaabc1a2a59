"""What a family's page may say, as a grammar, and each sentence held against the rows it speaks of.

A sentence that no pattern knows is a fault, and so is one that the rows do not bear out. `faults` lists both.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tests.web.family.change_claims import WEEKDAYS, ChangeClaims, clock, is_cause, written
from tests.web.family.pages import Line, Page
from tests.web.family.rows import At, Rows

COUNTS = ("", "one thing", "two things", "three things", "four things", "five things", "six things", "seven things")
SHE = {"she": ("she", "her", "her"), "he": ("he", "him", "his"), "they": ("they", "them", "their")}
IS = {"she": "is", "he": "is", "they": "are"}


class Claims:
    """A relative's page of the residents whose rows are given, looked at before at `looked`."""

    def __init__(self, page: Page, relative: str, kin: list[Rows], minute: int, looked: str, week_began: str) -> None:
        self.page, self.relative, self.kin = page, relative, kin
        self.minute, self.looked, self.week_began = minute, looked, week_began
        self.today = kin[0].today
        self.is_one = len(kin) == 1
        self.named: set[str] = set()

    def faults(self) -> Iterator[str]:
        """Every sentence that is unknown or untrue, and everything that the rows hold and the page does not."""
        if self.page.stray:
            yield f"text in no block: {self.page.stray!r}"
        expected = f"{self.kin[0].called}’s week" if self.is_one else "Your family’s week"
        if self.page.title != expected:
            yield f"the title is {self.page.title!r}"
        yield from self._openings()
        for section in self.page.sections:
            for sub, line in section.lines:
                yield from self._line(section.heading, sub, line)
            for sub, said in section.sentences:
                if not any(self._is_true(section.heading, sub, said)):
                    yield f"untrue or unknown under {section.heading!r} {sub!r}: {said!r}"
            if section.heading and not section.lines and not section.sentences:
                yield f"nothing stands under {section.heading!r}"
        yield from self._left_out()

    # the first lines

    def _openings(self) -> Iterator[str]:
        for kin, said in zip(self.kin, self.page.openings, strict=True):
            said = re.sub(r"^Good afternoon, \S+\. ", "", said)
            today = [place for place in kin.shown if place.day == self.today]
            off = [place for place in today if kin.is_off(place.ref)]
            kept = [place for place in today if kin.is_kept(place)]
            on = [place for place in today if place not in off and place not in kept]
            expected = self._opening(kin, on, bool(off), bool(kept))
            rest = said
            if kept:
                is_over = kept[-1].end <= self.minute
                titles = re.sub(r", (?=[^,]*$)", " and ", ", ".join(place.title for place in kept))
                sentence = f"For {titles} {self._person(kin)} {'was' if is_over else 'is'} not free today."
                if sentence not in rest:
                    yield f"{kin.called}: not free for {titles} and it says {said!r}"
                rest = rest.replace(sentence, "", 1)
            for place in off:
                is_over = place.end <= self.minute
                found = re.search(
                    re.escape(f"{place.title} {'was' if is_over else 'is'} off today") + r"([^.]*)\.", rest
                )
                if found is None or not is_cause(kin, place, found[1], is_over=is_over):
                    yield f"{kin.called}: {place.title} is off and it says {said!r}"
                else:
                    rest = rest.replace(found[0], "", 1)
            if " ".join(rest.split()) != expected:
                yield f"{kin.called}: {said!r} instead of {expected!r}"

    def _person(self, kin: Rows) -> str:
        if not self.is_one:
            return kin.called
        [row] = kin.all(
            "SELECT resident_is FROM kinship WHERE resident_id = :who AND relative_id = :relative",
            relative=self.relative,
        )
        return f"your {row['resident_is']}"

    def _opening(self, kin: Rows, on: list[At], has_off: bool, has_kept: bool) -> str:
        person, count = self._person(kin), len(on)
        if not count and has_kept:
            return f"Nothing else is planned for {person} today."
        if not count:
            return f"Nothing {'else ' if has_off else ''}is planned for {person} today: a day to take as it comes."
        if all(place.end <= self.minute for place in on):
            return f"Today {person} was invited to {COUNTS[count]}."
        decide = "They decide" if kin.pronoun == "they" else f"{SHE[kin.pronoun][0].title()} decides"
        return f"Today {person} is invited to {COUNTS[count]}. {decide} on the day."

    # the lines of a day

    def _day(self, heading: str, sub: str) -> date | None:
        tomorrow = self.today + timedelta(days=1)
        known = {
            f"Today, {WEEKDAYS[self.today.weekday()]}": self.today,
            f"Tomorrow, {WEEKDAYS[tomorrow.weekday()]}": tomorrow,
        }
        if heading in known and not sub:
            return known[heading]
        return next((day for ahead in range(2, 7) if written(day := self.today + timedelta(days=ahead)) == sub), None)

    def _whose(self, names: str) -> list[Rows]:
        if names == "":
            return self.kin if self.is_one else []
        if names in ("both", "Both"):
            return self.kin if len(self.kin) == 2 else []
        return [kin for kin in self.kin if kin.called in re.split(r", | and ", names)]

    def _line(self, heading: str, sub: str, line: Line) -> Iterator[str]:
        day, whose = self._day(heading, sub), self._whose(line.whose)
        label = f"{line.start} {line.title} {line.whose} under {heading!r} {sub!r}: {line.says!r}"
        if day is None or not whose:
            yield f"unknown day or person: {label}"
            return
        found = re.fullmatch(r"(.+), until (\d\d:\d\d)\.(.*)", line.says)
        places = [
            (kin, place)
            for kin in whose
            for place in kin.shown
            if (place.day, clock(place.start), place.title) == (day, line.start, line.title)
            and found is not None
            and clock(place.end) == found[2]
            and found[1] == self._place(kin, place)
        ]
        if found is None or len({kin.resident for kin, _ in places}) != len(whose):
            yield f"no such place in the rows: {label}"
            return
        if line.is_off != all(kin.is_off(place.ref) or kin.is_kept(place) for kin, place in places):
            yield f"off or not off: {label}"
        rest = found[3].strip()
        for kin, place in places:
            self.named.add(f"{kin.resident} {place.ref}")
        is_off = places[0][0].is_off(places[0][1].ref)
        if (rest or is_off) and not self._is_detail(rest, places, is_off):
            yield f"untrue or unknown: {label}"
        if any(kin.is_kept(place) for kin, place in places) and "not free then" not in rest:
            yield f"not free, and it does not say so: {label}"

    def _place(self, kin: Rows, place: At) -> str:
        return f"One of the team comes to {SHE[kin.pronoun][1]}" if place.is_visit else place.space

    def _is_detail(self, rest: str, places: list[tuple[Rows, At]], is_off: bool) -> bool:
        """What follows the place: of several, each sentence behind the name of whom it is about."""
        is_over = places[0][1].day == self.today and places[0][1].end <= self.minute
        if is_off:
            return rest == ("It did not take place." if is_over else "It does not take place.")
        if len(places) == 1:
            return self._is_about(rest, *places[0], is_over)
        for kin, place in places:
            sentences = re.findall(rf"{re.escape(kin.called)}: ([^.]+\.)", rest)
            if len(sentences) > 1 or any(
                not self._is_about(s[0].upper() + s[1:], kin, place, is_over) for s in sentences
            ):
                return False
            rest = re.sub(rf"{re.escape(kin.called)}: [^.]+\.", "", rest)
        return not rest.strip()

    def _is_about(self, said: str, kin: Rows, place: At, is_over: bool) -> bool:
        she, her, hers = SHE[kin.pronoun]
        strength, by = kin.wish(place.activity)
        s, be = ("" if kin.pronoun == "they" else "s"), ("were" if kin.pronoun == "they" else "was")
        came = [mark for mark in kin.marks() if mark[2] == "attended" and mark[4] == place.activity]
        shared = set(kin.shared_days(self.relative, "attended", -21, 0))
        if kin.is_kept(place):
            return said == f"{she.title()} {be if is_over else 'are' if kin.pronoun == 'they' else 'is'} not free then."
        if is_over:
            was = f"One of the team was with {her}." if place.is_visit else f"{she.title()} {be} there."
            return said == was and any(mark[0] == self.today for mark in came)
        part = "morning" if place.start < 720 else "afternoon" if place.start < 1020 else "evening"
        favourites = [name for name, liking in kin.times.items() if liking == 2]
        lately = sum(mark[0] in shared for mark in came)
        known = {
            f"{she} love{s} it": by == "resident" and strength >= 4,
            f"{she} like{s} it": by == "resident" and 2 <= strength <= 3,
            f"{hers} family says {she} love{s} it": by == "relative" and strength >= 4,
            f"{hers} family says {she} like{s} it": by == "relative" and 2 <= strength <= 3,
            f"{she} seem{s} to enjoy it": by in ("observed", "staff") and strength >= 2,
            f"{she} know{s} who leads it": not place.is_visit and kin.knows_leader(place.id),
            f"{she} know{s} who comes": place.is_visit and kin.knows_leader(place.id),
            f"it is for {hers} birthday": kin.has_birthday_at(place),
            f"it is {hers} favourite time of the day": favourites == [part],
            f"{she} {be} there {lately} times lately": lately >= 2 and not place.is_visit,
            f"{she} had it {lately} times lately": lately >= 2 and place.is_visit,
        }
        return known.get(said[0].lower() + said[1:].removesuffix("."), False)

    # sentences, by the heading they stand under

    def _is_true(self, heading: str, sub: str, said: str) -> Iterator[bool]:
        if heading == "visit":
            yield said == "You are welcome at other times, too." or self._is_visit(said, self.today, self.minute)
        elif heading.startswith("Tomorrow, "):
            tomorrow = self.today + timedelta(days=1)
            yield said == "Nothing is planned." and not any(self._on(kin, tomorrow) for kin in self.kin)
            yield self._is_visit(said, tomorrow, 0)
        elif heading == "The days after":
            yield self._is_of_later(said)
        elif heading == "How the last seven days were":
            yield self._is_past(sub, said)
        elif heading == "Changed since you looked yesterday 18:20":
            yield self._is_change(said, self.looked)
        elif heading in ("Changed since the week began", "Also changed since the week began"):
            yield self._is_change(said, self.week_began)

    def _on(self, kin: Rows, day: date) -> list[At]:
        shared = day in kin.shared_days(self.relative)
        return [place for place in kin.shown if shared and place.day == day]

    def _is_visit(self, said: str, day: date, from_minute: int) -> bool:
        found = re.fullmatch(
            r"(?:A good time to visit(?P<a> .+?)? today|Good for a visit(?: to (?P<b>.+?))?): (?P<at>.+)\.", said
        )
        if found is None:
            return False
        whose = self._whose((found["a"] or found["b"] or "").strip()) or self.kin
        quarter = -(-from_minute // 15) * 15
        free = set.intersection(*(kin.free_minutes(day, quarter) for kin in whose))
        told = set()
        for stretch in re.split(r", | or ", found["at"]):
            times = re.findall(r"\d\d:\d\d", stretch)
            starts = [quarter] if stretch.startswith("from now") else []
            start, end = [*starts, *(int(each[:2]) * 60 + int(each[3:]) for each in times)]
            if end - start < 60:
                return False
            told |= set(range(start, end))
        untold = free - told
        is_whole = not any(all(minute in untold for minute in range(first, first + 60)) for first in untold)
        return told <= free and is_whole

    def _is_of_later(self, said: str) -> bool:
        days = sorted({day for kin in self.kin for day in kin.shared_days(self.relative, first=1)})
        out = [day for day in days if not self.kin[0].is_published(day)]
        if found := re.fullmatch(r"What comes from (.+) on is not out yet\.", said):
            return bool(out) and written(out[0]) == found[1] and out == days[days.index(out[0]) :]
        if found := re.fullmatch(r"Nothing more is planned up to (.+)\.", said):
            later = [day for day in days if day not in out and day > self.today + timedelta(days=1)]
            return (
                bool(later)
                and written(later[-1]) == found[1]
                and not any(self._on(k, d) for k in self.kin for d in later)
            )
        return False

    # how it was

    def _seen(self, kin: Rows, day: date) -> list[tuple[str, str]]:
        """Outcome (visits apart) and title, as the rows have them."""
        if day not in kin.shared_days(self.relative, "attended", -7, -1):
            return []
        return sorted(
            ("visited" if mark[2] == "attended" and mark[3] else mark[2], mark[1])
            for mark in kin.marks()
            if mark[0] == day and mark[2] in ("attended", "declined", "asleep")
        )

    def _is_past(self, sub: str, said: str) -> bool:
        sharing = [kin for kin in self.kin if kin.shares(self.relative, "attended", self.today)]
        days = [self.today - timedelta(days=back) for back in range(1, 8)]
        if not sub:
            return said == "There is nothing to tell of the last seven days." and not any(
                self._seen(kin, day) for kin in sharing for day in days
            )
        day = next((each for each in days if written(each) == sub), None)
        if day is None:
            return False
        self.named.add(f"past {day}")
        said = self._without_off(day, said)
        told: dict[str, list[tuple[str, str]]] = {kin.resident: [] for kin in sharing}
        for one in re.findall(r"[^.]+\.", said):
            found = self._of_past(one.strip())
            if found is None:
                return False
            whose, outcome, titles = found
            for kin in whose:
                left = [title for seen, title in self._seen(kin, day) if seen == outcome]
                while titles_left := next((t for t in sorted(left, key=len, reverse=True) if t in titles), None):
                    told[kin.resident].append((outcome, titles_left))
                    left.remove(titles_left)
                    titles = titles if len(whose) > 1 else titles.replace(titles_left, "", 1)
        return all(sorted(told[kin.resident]) == self._seen(kin, day) for kin in sharing)

    def _off(self, kin: Rows, day: date) -> list[At]:
        """What was off on a day that is over."""
        shared = day in kin.shared_days(self.relative, first=-7, last=-1)
        return [place for place in kin.shown if shared and place.day == day and kin.is_off(place.ref)]

    def _without_off(self, day: date, said: str) -> str:
        """What is left of what is said of a day without the true sentences about what was off."""
        for found in re.finditer(r"([^.]+?) was off(, [^.]+)?\.", said):
            names, title = ("", found[1].strip()) if self.is_one else found[1].strip().split(": ", 1)
            whose = self._whose(names)
            places = [(kin, place) for kin in whose for place in self._off(kin, day) if place.title == title]
            if not whose or {kin.resident for kin, _ in places} != {kin.resident for kin in whose}:
                continue
            if any(is_cause(kin, place, found[2], is_over=True) for kin, place in places):
                self.named.update(f"{kin.resident} {place.ref}" for kin, place in places)
                said = said.replace(found[0], "", 1)
        return said

    def _of_past(self, said: str) -> tuple[list[Rows], str, str] | None:
        for pattern, outcome in (
            (r"(.+?) went to (.+)\.", "attended"),
            (r"One of the team was with (.+?) for (.+)\.", "visited"),
            (r"(.+?) said no, thank you, to (.+)\.", "declined"),
            (r"(.+?) (?:was|were) resting at the time of (.+)\.", "asleep"),
        ):
            if found := re.fullmatch(pattern, said):
                whose = self._whose(found[1])
                if self.is_one:
                    she, her, _hers = SHE[self.kin[0].pronoun]
                    whose = self.kin if found[1] == (her if outcome == "visited" else she.title()) else []
                return (whose, outcome, found[2]) if whose else None
        return None

    # what changed

    def _is_change(self, said: str, moment: str) -> bool:
        if (
            said
            == f"The plan for the week from {written(self.today + timedelta(days=7 - self.today.weekday()))} is out."
        ):
            [row] = self.kin[0].all("SELECT min(published_at) AS at FROM publication WHERE week_start > :today")
            return bool(row["at"] > moment)
        names, sentence = "", said
        if not self.is_one:
            names, sentence = said.split(": ", 1)
        whose = self._whose(names)
        return bool(whose) and all(ChangeClaims(kin, moment, self.named).is_true(sentence) for kin in whose)

    # what the rows hold and the page does not

    def _left_out(self) -> Iterator[str]:
        for kin in self.kin:
            days = kin.shared_days(self.relative)
            for place in kin.shown:
                if place.day in days and f"{kin.resident} {place.ref}" not in self.named:
                    yield f"{kin.called}: nothing of {place.title} on {place.day}"
            for back in range(1, 8):
                for place in self._off(kin, self.today - timedelta(days=back)):
                    if f"{kin.resident} {place.ref}" not in self.named:
                        yield f"{kin.called}: it is not said that {place.title} was off on {place.day}"
            later = {day for day in days if day < self.today + timedelta(days=7 - self.today.weekday())}
            old = {
                (p.title, p.day, p.start, p.space if not p.is_visit else "")
                for p in kin.held_at(self.looked)
                if p.day in later
            }
            new = {(p.title, p.day, p.start, p.space if not p.is_visit else "") for p in kin.shown if p.day in later}
            for title, *_rest in old ^ new:
                if f"changed {kin.resident} {title}" not in self.named and not self._is_only_off(kin, title):
                    yield f"{kin.called}: {title} changed and nothing is said of it: {old ^ new}"
            if kin.shares(self.relative, "attended", self.today):
                for back in range(1, 8):
                    day = self.today - timedelta(days=back)
                    if self._seen(kin, day) and f"past {day}" not in self.named:
                        yield f"{kin.called}: nothing of {day}"

    def _is_only_off(self, kin: Rows, title: str) -> bool:
        """What is off today is said in the first lines."""
        return any(p.title == title and p.day == self.today and kin.is_off(p.ref) for p in kin.shown)
