"""The terms of the score as linear parts of an objective to be maximised."""

from collections import Counter
from typing import Any

from bench.adapters.highs.week import Event, Week, identities_of, total
from solver.documents.exchange import DAY_MINUTES
from solver.documents.fields import PARTS


def post_terms(week: Week) -> None:
    _attendance(week)
    for r in range(len(week.problem.document.residents)):
        _person(week, r)
    _pairs(week)
    _groups(week)
    _offers(week)
    _usual(week)
    _changes(week)


def _attendance(week: Week) -> None:
    """time and walk, crowd, session."""
    problem, document = week.problem, week.problem.document
    parts = problem.times.part
    weights = document.weights
    for event, people in week.comes.items():
        a, t = event
        for r, comes in people.items():
            liking = document.residents[r].times.get(PARTS[int(parts[t])], 0)
            week.worth.append(weights.time * liking * comes)
            far = {s: weights.walk * int(problem.walk[s, r]) for s in week.held[event]}
            if any(far.values()):
                walks = week.part(max(far.values()))
                most = max(far.values())
                week.keep(walks >= total(far[s] * v for s, v in week.held[event].items()) + most * comes - most)
                week.worth.append(-walks)
        tight = {s: document.spaces[s].comfort for s in week.held[event]}
        if any(document.spaces[s].capacity > comfort for s, comfort in tight.items()):
            crowd = week.part(len(people))
            week.keep(crowd >= total(people.values()) - total(tight[s] * v for s, v in week.held[event].items()))
            week.worth.append(-weights.crowd * crowd)
        week.worth.append(-(weights.session + document.activities[a].cost) * week.happens(event))


def _person(week: Week, r: int) -> None:
    """interest, turn, engagement, shortfall, left_out and target of one resident."""
    problem, document = week.problem, week.problem.document
    person, weights, mine = document.residents[r], document.weights, dict(week.of(r))
    facts = Counter(fact.activity for fact in problem.facts if r in fact.residents)
    by_activity: dict[int, list[Any]] = {a: [] for a in facts}
    for event, comes in mine.items():
        by_activity.setdefault(event[0], []).append(comes)
    welcome: list[Any] = []
    liked: list[Any] = []
    for a, rows in by_activity.items():
        interest, number = int(problem.interest[a, r]), total(rows) + facts[a]
        if interest > 0:
            paid = week.part(2)
            week.keep(paid <= number)
            week.worth.append(weights.interest * interest * paid)
            liked.append(number)
        else:
            week.worth.append(weights.interest * interest * number)
        if waits := int(problem.waiting[a, r]):
            turn = week.part()
            week.keep(turn <= number)
            week.worth.append(weights.turn * waits * turn)
        welcome += [number] if interest >= 0 else []
    steps = [week.part() for _ in weights.engagement]
    week.keep(total(steps) <= total(welcome))
    week.worth += [pay * step for pay, step in zip(weights.engagement, steps, strict=True)]
    if person.sessions.min:
        _lacks(week, weights.shortfall, person.sessions.min, total(welcome))
        if any(value > 0 for value in person.interests.values()):
            _lacks(week, weights.left_out, 1, total(liked))
    for target in person.targets:
        has = [
            total(rows) + facts[a] for a, rows in by_activity.items() if target.domain in document.activities[a].domains
        ]
        _lacks(week, weights.target * target.weight, target.min, total(has))


def _lacks(week: Week, price: int, least: int, number: Any) -> None:
    """Costs its price for each that is lacking of the least."""
    lacking = week.part(least)
    week.keep(lacking >= least - number)
    week.worth.append(-price * lacking)


def _pairs(week: Week) -> None:
    """tie and companion."""
    problem, weights = week.problem, week.problem.document.weights
    near: dict[int, list[Any]] = {}
    for x, y, strength, cap in problem.ties:
        facts = sum(x in fact.residents and y in fact.residents for fact in problem.facts)
        met: list[Any] = [facts] if facts else []
        for people in week.comes.values():
            if x in people and y in people:
                both = week.part()
                if strength > 0:
                    week.keep(both <= people[x])
                    week.keep(both <= people[y])
                else:
                    week.keep(both >= people[x] + people[y] - 1)
                met.append(both)
        if strength > 0:
            paid = week.part(cap)
            week.keep(paid <= total(met))
            week.worth.append(weights.tie * strength * paid)
            for r in (x, y):
                near.setdefault(r, []).append(total(met))
        else:
            week.worth.append(weights.tie * strength * total(met))
    for numbers in near.values():
        met_one = week.part()
        week.keep(met_one <= total(numbers))
        week.worth.append(weights.companion * met_one)


def _groups(week: Week) -> None:
    """Living groups' targets: a session counts where enough of them are in it."""
    problem, document = week.problem, week.problem.document
    for group in document.groups:
        members = {problem.resident_number[name] for name in group.members}
        for target in group.targets:
            fits = [not target.domain or target.domain in row.domains for row in document.activities]
            met: list[Any] = [
                int(fits[fact.activity] and len(members & {*fact.residents}) >= target.members)
                for fact in problem.facts
            ]
            for event, people in week.comes.items():
                mine = [v for r, v in people.items() if r in members]
                if fits[event[0]] and len(mine) >= target.members:
                    counts = week.binary()
                    week.keep(target.members * counts <= total(mine))
                    met.append(counts)
            _lacks(week, document.weights.group * target.weight, target.min, total(met))


def _offers(week: Week) -> None:
    """What should be on, day by day."""
    problem, document = week.problem, week.problem.document
    members = {row.id: {problem.resident_number[name] for name in row.members} for row in document.groups}
    for offer in document.offers:
        mine = members[offer.group] if offer.group is not None else set(range(len(document.residents)))
        least = offer.members if offer.group is not None else 0
        fits = [offer.begin <= begin < offer.end for begin in range(DAY_MINUTES + 1)]
        many = [row.max_group > 1 for row in document.activities]
        met: dict[int, list[Any]] = {day: [] for day in range(problem.days) if offer.is_on(day)}
        for fact in problem.facts:
            if fact.day in met and fits[fact.begin] and many[fact.activity] and len(mine & {*fact.residents}) >= least:
                met[fact.day].append(1)
        for event, people in week.comes.items():
            day, begin, _ = week.when(event)
            there = [v for r, v in people.items() if r in mine]
            if day not in met or not fits[begin] or not many[event[0]] or len(there) < least:
                continue
            counts: Any = week.happens(event)
            if least:
                counts = week.binary()
                week.keep(least * counts <= total(there))
            met[day].append(counts)
        for rows in met.values():
            _lacks(week, document.weights.offer * offer.weight, offer.min, total(rows))


def _usual(week: Week) -> None:
    """What is kept of the base week: two sessions of one activity never begin together here, but for facts."""
    problem, document = week.problem, week.problem.document
    for usual in document.usual:
        a = problem.activity_number.get(usual.activity, -1)
        space = problem.space_number.get(usual.space or "", -1)
        team = [problem.facilitator_number.get(name, -1) for name in usual.facilitators]
        at = (usual.day, usual.begin)
        kept: list[list[Any]] = [[], [], []]
        for fact in problem.facts:
            if fact.activity == a and (fact.day, fact.begin) == at:
                is_led = bool(team) and set(team) <= set(fact.team)
                for rows, holds in zip(kept, (True, fact.space == space, is_led), strict=True):
                    rows.append(int(holds))
        for event, spaces in week.held.items():
            if event[0] == a and week.when(event)[:2] == at:
                kept[0].append(week.happens(event))
                kept[1] += [v for s, v in spaces.items() if s == space]
                if team and all(f in week.leads[event] for f in team):
                    led = week.part()
                    for f in team:
                        week.keep(led <= week.leads[event][f])
                    kept[2].append(led)
        for worth, rows in zip(document.weights.usual, kept, strict=True):
            paid = week.part()
            week.keep(paid <= total(rows))
            week.worth.append(worth * paid)


def _changes(week: Week) -> None:
    """cancel, move, relocate, drop and relead, by the ids of what is published."""
    document = week.problem.document
    weights = document.weights
    for k, identity in identities_of(week):
        if identity.previous < 0:
            continue
        people, stays = identity.previous_residents, week.named[k]
        old = document.previous[identity.previous]
        week.worth.append(-weights.cancel * len(people) * (1 - total(stays.values())))
        for t, named in stays.items():
            event: Event = (identity.activity, t)
            if week.when(event)[:2] != (old.day, old.begin):
                week.worth.append(-weights.move * len(people) * named)
            elsewhere = [v for s, v in week.held[event].items() if document.spaces[s].id != old.space]
            moved = week.part()
            week.keep(moved >= named + total(elsewhere) - 1)
            week.worth.append(-weights.relocate * len(people) * moved)
            for f in identity.previous_team:
                left = week.part()
                leads = week.leads[event].get(f)
                week.keep(left >= (named - leads if leads is not None else named + 0.0))
                week.worth.append(-weights.relead * left)
            for r in people:
                gone = week.part()
                comes = week.comes[event].get(r)
                week.keep(gone >= (named - comes if comes is not None else named + 0.0))
                week.worth.append(-weights.drop * gone)
