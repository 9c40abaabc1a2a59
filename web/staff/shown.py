"""The day as a page shows it: what is now, what is next, what was, and whom of it one asks oneself."""

from dataclasses import dataclass
from datetime import date, timedelta

from milieu.queries.floor.today import DaySession, Guest, StaffDay
from milieu.services.access.accounts import Principal
from web.staff.words import FIRST, LEVELS, MORE, is_led, level_word, mark_value, outcome_word, rivalry, said, undo_value

MOST_OPEN = 3
SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class MarkButton:
    """`mark` is what the button says and sends. One that is pressed stays pressed: taking back is another button."""

    mark: str
    word: str
    is_pressed: bool


@dataclass(frozen=True)
class Card:
    """Somebody in a session with their buttons. `anchor` is where the page comes back to after a tap.

    `undo` is what takes the mark back, "" where there is none of one's own. `rivalry` tells of somebody who marked
    something else within the same minute.
    """

    guest: Guest
    session: DaySession
    day: date
    anchor: str
    said: str
    undo: str
    rivalry: str
    first: tuple[MarkButton, ...]
    more: tuple[MarkButton, ...]
    levels: tuple[MarkButton, ...]

    @property
    def is_more_pressed(self) -> bool:
        """Whether what holds is behind "More…"."""
        return any(button.is_pressed for button in self.more)


@dataclass(frozen=True)
class ShownSession:
    """A session with the cards of those one asks oneself, and of those who live elsewhere (with no unit: none)."""

    session: DaySession
    own: tuple[Card, ...]
    others: tuple[Card, ...]
    is_now: bool

    @property
    def asked_here(self) -> int:
        """How many one asks oneself."""
        return sum(card.guest.is_asked for card in self.own)


@dataclass(frozen=True)
class Board:
    """A day in the order in which it is needed. `open` are shown whole."""

    open: tuple[ShownSession, ...]
    also_now: tuple[DaySession, ...]
    next: tuple[DaySession, ...]
    earlier: tuple[DaySession, ...]
    visits: tuple[ShownSession, ...]
    moved: tuple[ShownSession, ...]


def make_board(day: StaffDay, today: date, me: Principal) -> Board:
    """Sort a day by its own moment; on another day than today nothing is now and nothing is opened.

    What is not held is a line among the others: nobody is to be asked for it.
    """
    groups = [each for each in day.sessions if not each.slot.is_visit]
    running = [each for each in groups if each.ask_from <= day.as_of < each.slot.ends_at]
    coming = [each for each in groups if day.as_of < each.ask_from]
    on_now, on_next = ([each for each in them if not each.is_off] for them in (running, coming))
    opened = _opened(day, on_now, on_next, me.facilitator_id) if day.day == today else []
    return Board(
        open=tuple(show_session(each, day, me) for each in opened),
        also_now=tuple(each for each in running if each not in opened),
        next=tuple(each for each in coming if each not in opened),
        earlier=tuple(each for each in groups if each.slot.ends_at <= day.as_of),
        visits=tuple(show_session(each, day, me) for each in day.sessions if each.slot.is_visit),
        moved=tuple(show_session(each, day, me) for each in day.moved),
    )


def show_session(session: DaySession, day: StaffDay, me: Principal | None) -> ShownSession:
    """A session with everybody's card; who leads it has all of them as their own."""
    is_mine = me is not None and is_led(session, me.facilitator_id)
    own: list[Card] = []
    others: list[Card] = []
    for guest in session.guests:
        lives_here = day.unit is None or guest.person.unit.id == day.unit.id
        (own if lives_here or is_mine or not guest.is_invited else others).append(make_card(guest, session, day, me))
    return ShownSession(session, tuple(own), tuple(others), session.ask_from <= day.as_of < session.slot.ends_at)


def make_card(guest: Guest, session: DaySession, day: StaffDay, me: Principal | None) -> Card:
    """Somebody's buttons, with the one pressed that holds; what is one's own can be taken back."""
    mark = guest.mark
    outcome, level = (mark.outcome, mark.level) if mark is not None else (None, None)

    def button(value: str, word: str, is_pressed: bool) -> MarkButton:
        return MarkButton(value, word, is_pressed)

    is_own = mark is not None and me is not None and mark.by_id == me.account_id and outcome is not None

    return Card(
        guest=guest,
        session=session,
        day=day.day,
        anchor=anchor_of(session, guest.person.id),
        said=said(mark, day.day, day.timezone) if mark is not None else "",
        undo=undo_value(mark.key) if mark is not None and is_own else "",
        rivalry=rivalry(mark, day.timezone) if mark is not None else "",
        first=tuple(button(each, outcome_word(each), each == outcome) for each in FIRST),
        more=tuple(button(each, outcome_word(each), each == outcome) for each in MORE),
        levels=tuple(button(mark_value("attended", each), level_word(each), each == level) for each in LEVELS),
    )


def anchor_of(session: DaySession, resident_id: str) -> str:
    """The name of a card within a page; one resident may be in several sessions."""
    return f"{session.slot.id}-{resident_id}"


def can_be_marked(day: date, today: date) -> bool:
    """Whether the sessions of a day can be marked today."""
    return today - timedelta(days=1) <= day <= today


def _opened(
    day: StaffDay, running: list[DaySession], coming: list[DaySession], facilitator_id: str | None
) -> list[DaySession]:
    """The sessions to show whole: of a unit what is now, else what is next; of the whole community one's own.

    One's own next session is opened half an hour before its people are asked.
    """
    soon = [each for each in coming if is_led(each, facilitator_id) and each.ask_from - day.as_of <= SOON]
    mine = [each for each in running if is_led(each, facilitator_id)] or soon[:1]
    first = [each for each in coming if each.slot.start_minute == coming[0].slot.start_minute]
    if day.unit is None:
        return mine or (running if len(running) == 1 else first if not running and len(first) == 1 else [])
    return [*mine, *(each for each in running or first if each not in mine)][:MOST_OPEN]
