"""Why somebody is not in a session, what would bring them in and whom that would cost; where else they could go.

Asked of a week as it stands, with all that the rules and the score say of it; what is called off is no place to go.
Names and reasons are the director's to read; what of it a family may be told is `WhyNot.for_family`. Ties that are the
director's alone count, and no reason speaks of them.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.queries.names import names_of
from milieu.queries.published.marks import called_off
from milieu.services.by_hand import edits
from milieu.services.by_hand.fixed import fixed_in
from milieu.services.by_hand.trying import Asked
from milieu.services.weeks.objections import fact_of
from milieu.solving.answer.answers import private_pairs
from milieu.solving.answer.checking import check_week
from milieu.solving.answer.joining import ASIDE, JOINING
from milieu.solving.answer.sentences import Sentences
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource
from solver.explaining.elsewhere import Option, options_of, ways_to
from solver.explaining.forcing import Forced, forbidden, force_in
from solver.explaining.why import Case
from solver.model.reasons import Weighed
from solver.model.wording.audiences import for_family

FORCING_SECONDS = 0.6
"""How long the cheapest way in is looked for: with all the rest a page answers within a second."""

MOST_ELSEWHERE, MOST_LIKING = 8, 6
_OF_OTHERS = {"no_place": "There is no place for one more.", "no_hands": "Nobody is free to help one more."}
"""What a family may be told where it is a matter of others."""
JOINS, LEAVES, CALLED_OFF = "joins", "leaves", "called off"


@dataclass(frozen=True)
class Against:
    """A rule that keeps somebody out: its code, the fact behind it, and whether no change of others takes it away."""

    code: str
    said: str
    is_own: bool


@dataclass(frozen=True)
class Move:
    """What a way in does to somebody: `kind` is of JOINS, LEAVES and CALLED_OFF; the latter's resident is ""."""

    kind: str
    resident_id: str
    name: str
    session: SessionContent


@dataclass(frozen=True)
class Speaks:
    """What speaks for somebody in a session: their liking (-2..5), whom they like there by name, what it serves."""

    liking: int
    company: tuple[str, ...]
    codes: frozenset[str]


@dataclass(frozen=True)
class Way:
    """A session that somebody could be invited to with all rules kept.

    `leaves` is the session that they would leave for it, `instead` who would make room, None and "" where neither is
    needed. `gain` is what the week would gain by it, below 0 where it loses.
    """

    resident_id: str
    name: str
    session: SessionContent
    leaves: SessionContent | None
    instead_id: str
    instead: str
    speaks: Speaks
    gain: int

    @property
    def is_free(self) -> bool:
        """Whether nobody loses anything, they themselves included."""
        return self.leaves is None and not self.instead_id


@dataclass(frozen=True)
class WhyNot:
    """Why somebody is not in a session.

    `against` is empty where nothing is; then they could simply be invited. `moves` is the cheapest way found to bring
    them in though something of others is against it; `elsewhere` is where else they could go, the same activity first.
    """

    name: str
    against: tuple[Against, ...]
    speaks: Speaks
    moves: tuple[Move, ...]
    elsewhere: tuple[Way, ...]
    for_family: tuple[str, ...]
    has_place: bool
    is_kept_out: bool


class Ways:
    """The questions that can be asked of one week: read once, asked one after the other."""

    def __init__(self, db: DbSession, source: ProblemSource, sessions: Sequence[SessionContent]) -> None:
        """Raises Conflict where the week names somebody or something that has left: it cannot be read then."""
        self._db, self._source = db, source
        checked = check_week(source, sessions)
        if not checked.terms:
            raise Conflict("This week names somebody or something that is not there any more. Please mend that first.")
        self._case = Case(source.document, checked.sessions, private=private_pairs(source))
        self._contents: Mapping[str, SessionContent] = {each.ref: each for each in checked.contents}
        self._off = called_off(db, source.rows.community.id, self._contents)
        self._names = names_of(db, source.rows.community.id)
        self._words = Sentences(self._names, source.document, checked.sessions, source.birthdays)

    def why_not(self, resident_id: str, ref: str) -> WhyNot:
        """Raises NotFound; Conflict where they are invited to it."""
        self._see(resident_id)
        session = self._session(ref)
        if resident_id in session.residents:
            raise Conflict("They are invited to it.")
        found = self._case.why_not(resident_id, ref)
        one = self._case.session(ref)
        own = {each.reason.subject for each in forbidden(self._case, resident_id, one)}
        told = [each for each in found.against if each.code not in ASIDE and each.code in JOINING]
        against = [
            Against(each.code, self._said(each, resident_id, session), each.reason.subject in own) for each in told
        ]
        speaks = self._speaks(resident_id, found.reasons)
        elsewhere = self.where_else(resident_id, first=session.activity_id, aside=ref)
        family = [self._for_family(each, resident_id, session) for each in for_family(told)]
        is_kept_out = (
            resident_id in fixed_in(self._db, self._source.rows.community.id, self._source.week.start, ref).absent
        )
        moves = (
            self._moves(resident_id, ref) if told and ref not in self._off else ()
        )  # last: it leaves the case as it would be
        return WhyNot(
            self._names[resident_id],
            tuple(dict.fromkeys(against)),
            speaks,
            moves,
            elsewhere,
            tuple(dict.fromkeys(family)),
            len(session.places) < session.seats,
            is_kept_out,
        )

    def where_else(self, resident_id: str, *, first: str = "", aside: str = "") -> tuple[Way, ...]:
        """Where somebody could go besides, best first; sessions of the activity `first` before all others.

        Raises NotFound.
        """
        self._see(resident_id)
        found = options_of(self._case.ledger, self._case.breaches, resident_id, may_displace=True)
        ways = [self._way(each) for each in found if each.session != aside and self._is_held(each)]
        ways = [each for each in ways if not each.session.is_visit and (each.speaks.liking > 0 or each.gain > 0)]
        ways.sort(key=lambda each: (each.session.activity_id != first, not each.is_free, -each.gain))
        return tuple(ways[:MOST_ELSEWHERE])

    def who_would_like(self, ref: str) -> tuple[Way, ...]:
        """Who likes a session's activity and could come only if something changed, who likes it most first."""
        session, one = self._session(ref), self._case.session(ref)
        ways: list[Way] = []
        if ref in self._off:
            return ()
        for person in self._source.document.residents:
            if person.interests.get(session.activity_id, 0) <= 0 or self._case.ledger.is_in(person.id, one):
                continue
            for option in ways_to(self._case.ledger, self._case.breaches, person.id, one, may_displace=True):
                if self._is_held(option) and not (way := self._way(option)).is_free:
                    ways.append(way)
        ways.sort(key=lambda each: (-each.speaks.liking, -each.gain, each.name))
        return tuple(ways[:MOST_LIKING])

    def _is_held(self, option: Option) -> bool:
        """Whether it leads to a session of the week, and takes nobody out of one, that is not called off."""
        return option.session in self._contents and not {option.session, option.leaves} & self._off

    def _see(self, resident_id: str) -> None:
        if resident_id not in self._case.ledger.reading.residents:
            raise NotFound("There is no such resident in this week.")

    def _session(self, ref: str) -> SessionContent:
        if ref not in self._contents or ref not in self._case.ledger.sessions:
            raise NotFound("There is no such session in this week.")
        return self._contents[ref]

    def _said(self, each: Weighed, resident_id: str, session: SessionContent) -> str:
        fact = fact_of(self._source, self._words, session, each.reason)
        return fact or self._words.of_joining(each.reason, resident_id, session.ref)

    def _for_family(self, each: Weighed, resident_id: str, session: SessionContent) -> str:
        return _OF_OTHERS.get(each.code) or self._said(each, resident_id, session)

    def _speaks(self, resident_id: str, reasons: Iterable[Weighed]) -> Speaks:
        liking, company, codes = 0, list[str](), set[str]()
        for each in reasons:
            if each.code in ("why_likes", "why_dislikes"):
                liking = int(str(each.reason.fact("liking")))
            if each.amount <= 0:
                continue
            codes.add(each.code)
            if each.code == "why_knows":
                others = each.reason.fact("others")
                company += [self._names[name] for name in (others if isinstance(others, tuple) else (str(others),))]
        return Speaks(liking, tuple(dict.fromkeys(company)), frozenset(codes))

    def _way(self, option: Option) -> Way:
        one = self._case.session(option.session)
        return Way(
            option.resident,
            self._names[option.resident],
            self._contents[option.session],
            self._contents[option.leaves] if option.leaves else None,
            option.instead,
            self._names[option.instead] if option.instead else "",
            self._speaks(option.resident, self._case.ledger.reasons(option.resident, one)),
            option.gain,
        )

    def _moves(self, resident_id: str, ref: str) -> tuple[Move, ...]:
        """The cheapest way found to bring somebody in, told as what it does to each; none where there is none."""
        deadline = time.monotonic() + FORCING_SECONDS
        forced = force_in(self._case, resident_id, ref, True, deadline, is_exact=False)
        made = self._made(forced) if forced.status == "done" else ()
        return tuple(sorted(made, key=lambda each: (each.resident_id != resident_id, each.kind != JOINS)))

    def _made(self, forced: Forced) -> Iterator[Move]:
        after = {row.id: set(row.residents) for row in forced.sessions}
        for one in self._case.ledger.reading.planned:
            session = self._contents[one.id]
            was, now = set(one.session.residents), after.get(one.id)
            if now is None:
                yield Move(CALLED_OFF, "", "", session)
                continue
            for kind, those in ((LEAVES, was - now), (JOINS, now - was)):
                for name in sorted(those, key=lambda each: self._names[each]):
                    yield Move(kind, name, self._names[name], session)


def changes_of(moves: Iterable[tuple[str, str, str]]) -> list[Asked]:
    """Moves (kind, ref, resident) as changes of a draft, who joins first: that is what they were asked for.

    What is broken is read once all are made, so the order is of no account to the rules.
    """
    order = (JOINS, LEAVES, CALLED_OFF)
    those = sorted((each for each in moves if each[0] in order), key=lambda each: order.index(each[0]))
    return [_asked(*each) for each in those]


def _asked(kind: str, ref: str, resident_id: str) -> Asked:
    if kind == CALLED_OFF:
        return Asked(edits.REMOVED, ref, edits.remove(ref))
    if kind == LEAVES:
        return Asked(edits.TAKEN_OUT, ref, edits.take_out(ref, resident_id))
    return Asked(edits.INVITED, ref, edits.invite(ref, resident_id))
