"""The answers as plain trees for the command line: reasons as data, each with its English sentence beside it."""

from collections.abc import Iterable
from typing import Any

from solver.documents.problem import ProblemDocument, Session
from solver.explaining.comparing import Comparison, PeopleTold, PersonChange, SessionChange, compare
from solver.explaining.elsewhere import Option, options_of
from solver.explaining.fairness import Fairness, LeftOut, Spread
from solver.explaining.forcing import Forced
from solver.explaining.ledger import Effect, Share, by_term
from solver.explaining.why import Case
from solver.model.reasons import Fact, Reason, Weighed
from solver.model.wording.audiences import audience_of, for_family
from solver.model.wording.words import Words

Tree = dict[str, Any]
OPTIONS = 10


class Teller:
    """Tells answers about one problem."""

    def __init__(self, problem: ProblemDocument) -> None:
        self.problem, self.words = problem, Words(problem)

    def reason(self, reason: Reason) -> Tree:
        return {"code": reason.code, **dict(reason.facts), "text": self.words.sentence(reason)}

    def weighed(self, each: Weighed) -> Tree:
        rule = {"rule": each.rule} if each.rule else {}
        amount = {"amount": each.amount} if each.amount else {}
        return {**rule, **amount, "audience": audience_of(each.code), **self.reason(each.reason)}

    # ---- one invitation

    def why(self, case: Case, resident: str, session: str) -> Tree:
        """Why they are in the session, or why not and where else they could go; and what of it a family may read."""
        tree: Tree = {"resident": resident, "session": session}
        if case.ledger.is_in(resident, case.session(session)):
            reasons = case.why_invited(resident, session)
            tree |= {"invited": True, "reasons": [self.weighed(each) for each in reasons]}
        else:
            why_not = case.why_not(resident, session)
            reasons = (*why_not.against, *why_not.reasons)
            tree |= {
                "invited": False,
                "against": [self.weighed(each) for each in why_not.against],
                "gain": why_not.gain,
                "reasons": [self.weighed(each) for each in why_not.reasons],
                "elsewhere": [self.option(each) for each in options_of(case.ledger, case.breaches, resident)[:OPTIONS]],
            }
        tree["for_family"] = [self.words.sentence(each.reason) for each in for_family(reasons)]
        return tree

    def option(self, option: Option) -> Tree:
        named = {"leaves": option.leaves, "instead": option.instead}
        return {
            "session": option.session,
            **{key: value for key, value in named.items() if value},
            "gain": option.gain,
            "terms": option.terms,
        }

    def forced(self, forced: Forced, before: Iterable[Session]) -> Tree:
        tree: Tree = {"invited": forced.invited, "status": forced.status}
        if forced.status != "done":
            return tree | {"against": [self.weighed(each) for each in forced.against]}
        changed = compare(self.problem, before, forced.sessions)
        return tree | {
            "is_best": forced.is_best,
            "gain": forced.gain,
            "terms": forced.terms,
            "effects": [_effect(each) for each in forced.effects],
            "shares": [self.share(each) for each in forced.shares],
            **self.comparison(changed),
        }

    def share(self, share: Share) -> Tree:
        parts = tuple(f"{term} {amount:+}" for term, amount in by_term(share.effects).items())
        reason = Reason("share", (("resident", share.resident), ("gain", share.gain), ("parts", parts)))
        return {"resident": share.resident, "gain": share.gain, "text": self.words.sentence(reason)}

    # ---- two schedules

    def comparison(self, found: Comparison) -> Tree:
        people = [
            {"resident": name, "changes": [self._person(each) for each in changes]}
            for name, changes in found.people.items()
        ]
        return {
            "sessions": [self._session(each) for each in found.sessions],
            "people": people,
            "told": told(found.told),
        }

    def _session(self, change: SessionChange) -> Tree:
        rows = {
            key: row.model_dump(mode="json")
            for key, row in (("before", change.before), ("after", change.after))
            if row is not None
        }
        texts = [self.words.sentence(each) for each in reasons_of(change)]
        return {"kinds": list(change.kinds), **rows, "text": " ".join(texts)}

    def _person(self, change: PersonChange) -> Tree:
        rows = {key: row.id for key, row in (("before", change.before), ("after", change.after)) if row is not None}
        texts = [self.words.sentence(each) for each in reasons_of(change)]
        return {"kinds": list(change.kinds), **rows, "text": " ".join(texts)}

    # ---- a whole schedule

    def fairness(self, found: Fairness) -> Tree:
        return {
            "everybody": _spread(found.everybody),
            "groups": {name: _spread(each) for name, each in found.groups.items()},
            "zones": {name: _spread(each) for name, each in found.zones.items()},
            "left_out": [self._left_out(each) for each in found.left_out],
        }

    def _left_out(self, row: LeftOut) -> Tree:
        reasons = [self.reason(each) for each in row.reasons]
        return {"resident": row.resident, "sessions": row.sessions, "counts": row.counts, "reasons": reasons}


def reasons_of(change: SessionChange | PersonChange) -> tuple[Reason, ...]:
    """A change as reasons, one for each kind: "session_moved", "person_withdrawn" and their like."""
    row = change.before or change.after
    assert row is not None
    facts: dict[str, Fact] = {"activity": row.activity, "session": row.id, "on": row.day, "start": row.start}
    facts["space"] = row.space
    prefix = "session"
    if isinstance(change, PersonChange):
        prefix, facts = "person", {"resident": change.resident, **facts}
    if change.before is not None and (now := change.after) is not None:
        facts |= {"now_on": now.day, "now_start": now.start, "now_space": now.space}
        facts |= {"facilitators": now.facilitators}
    return tuple(Reason(f"{prefix}_{kind}", tuple(facts.items())) for kind in change.kinds)


def told(people: PeopleTold) -> Tree:
    """Who has to be told, and how many: those for whom something that stood has changed; the newly invited apart."""
    return {
        "count": len(people.told),
        "only_invited": len(people.only_invited),
        **{kind: sorted(getattr(people, kind)) for kind in ("withdrawn", "moved", "relocated", "invited")},
    }


def _effect(effect: Effect) -> Tree:
    about = {key: value for key, value in effect.about._asdict().items() if value not in ((), "", None)}
    return {"term": effect.term, "amount": effect.amount, **about}


def _spread(spread: Spread) -> Tree:
    return {
        "residents": spread.residents,
        "sessions": list(spread.sessions),
        "liked": list(spread.liked),
        "under_3": list(spread.under_floor),
        "under_4": list(spread.under_almost),
        "without_liked": list(spread.without_liked),
    }
