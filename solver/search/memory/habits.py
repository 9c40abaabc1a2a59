"""The programme that there should be, and the one that people are used to, in the pools."""

import numpy as np

from solver.documents.problem import Usual
from solver.instance.problem import Problem, team_can_lead
from solver.kernels.records import Writer
from solver.search.memory.company import offsets
from solver.search.memory.layout import NONE, Offer
from solver.search.memory.layout import Usual as UsualRow


def put_offers(w: Writer, problem: Problem) -> None:
    """By crowd and day. The crowd 0 is the whole home: of it nobody has to be there."""
    document = problem.document
    crowds = [None, *dict.fromkeys(offer.group for offer in document.offers if offer.group is not None)]
    rows: list[list[int]] = []
    begins = []
    for crowd in crowds:
        for day in range(problem.days):
            begins.append(len(rows))
            rows += [
                Offer.row(
                    begin=offer.begin,
                    end=offer.end,
                    members=offer.members,
                    min=offer.min,
                    worth=document.weights.offer * offer.weight,
                )
                for offer in document.offers
                if offer.group == crowd and offer.is_on(day)
            ]
    members = {group.id: frozenset(group.members) for group in document.groups}
    mine = [[k for k, crowd in enumerate(crowds) if crowd and r.id in members[crowd]] for r in document.residents]
    w.set("crowds", len(crowds))
    w.set("offers", len(rows))
    w.put("offer", rows)
    w.put("offer_from", [*begins, len(rows)])
    w.put("crowd_from", offsets(mine))
    w.put("crowd_of", [k for row in mine for k in row])


def usual_rows(problem: Problem) -> list[Usual]:
    """The usual sessions that can be kept, by activity and time: what has left earns nothing."""
    known = [row for row in problem.document.usual if row.activity in problem.activity_number]
    return sorted(known, key=lambda row: (problem.activity_number[row.activity], row.day, row.begin))


def put_usual(w: Writer, problem: Problem) -> None:
    rows, number, used = [], problem.facilitator_number, usual_rows(problem)
    teams = [
        tuple(number[name] for name in row.facilitators) if set(row.facilitators) <= number.keys() else ()
        for row in used
    ]
    for row, team in zip(used, teams, strict=True):
        a = problem.activity_number[row.activity]
        rows.append(
            UsualRow.row(
                activity=a,
                day=row.day,
                begin=row.begin,
                space=problem.space_number.get(row.space or "", NONE),
                team_size=len(team),
                can_lead=team_can_lead(problem, a, team),
            )
        )
    table = np.zeros((len(rows), max([1, *map(len, teams)])), np.int64)
    for k, team in enumerate(teams):
        table[k, : len(team)] = team
    w.set("usuals", len(rows))
    w.set("most_usual_team", table.shape[1])
    w.put("usual", rows)
    w.put("usual_team", table)
