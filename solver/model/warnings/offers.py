"""Doubts about what should be on, more than can be held or of more members than there are, and about the base week."""

from collections.abc import Iterator

from solver.documents.problem import Activity, Offer, ProblemDocument
from solver.model.warnings.doubts import Doubt, warn
from solver.model.warnings.hours import Spans, spans


def of_offers(problem: ProblemDocument) -> Iterator[Doubt]:
    days = problem.horizon.days
    sizes = {group.id: len(group.members) for group in problem.groups}
    groups = [(row, spans(row.windows, days)) for row in problem.activities if row.max_group > 1]
    for index, offer in enumerate(problem.offers):
        path = ("offers", index)
        if offer.group is not None and offer.min and offer.members > sizes[offer.group]:
            key = "members" if "members" in offer.model_fields_set else "group"
            yield warn((*path, key), "offer_members", members=offer.members, residents=sizes[offer.group])
            continue
        meant = [day for day in range(days) if offer.is_on(day)]
        most = min((sum(_on_day(offer, row, hours, day) for row, hours in groups) for day in meant), default=0)
        in_all = sum(row.sessions.max for row, hours in groups if any(_on_day(offer, row, hours, day) for day in meant))
        if offer.min > most:
            yield warn((*path, "min"), "offer_high", least=offer.min, most=most)
        elif offer.min * len(meant) > in_all:
            yield warn((*path, "min"), "offer_often", least=offer.min, days=len(meant), most=in_all)


def of_usual(problem: ProblemDocument) -> Iterator[Doubt]:
    for index, usual in enumerate(problem.usual):
        if usual.day >= problem.horizon.days:
            yield warn(("usual", index, "day"), "usual_outside", day=usual.day)


def _on_day(offer: Offer, row: Activity, hours: Spans, day: int) -> int:
    """How many sessions of an activity can count for an offer on one day."""
    length = row.duration_minutes
    could = any(
        at == day and max(begin, offer.begin) <= min(end - length, offer.end - 1) and end - begin >= length
        for at, begin, end in hours
    )
    return (min(1, row.sessions.max) if row.one_per_day else row.sessions.max) if could else 0
