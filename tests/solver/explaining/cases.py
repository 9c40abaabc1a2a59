"""Random schedules to ask questions of, and the cases that tests plant."""

from solver.documents.exchange import ScheduleDocument, read_schedule
from solver.explaining.why import Case
from solver.model.check import broken, relaxation
from tests.solver.builders import Tree, held, read, schedule, written
from tests.solver.strategies import Chance, make_problem, make_schedule


def some_case(seed: int) -> tuple[Tree, list[Tree], list[Tree]]:
    """A problem, sessions that break whatever they like but name nothing unknown, and some of it listed as relaxed."""
    chance = Chance(seed)
    tree = make_problem(chance, chance.choice([0.1, 0.2, 0.5, 1.0]))
    rows = _sound(tree, make_schedule(chance, tree))
    demands = [each for found in broken(read(tree), held(rows)) if (each := relaxation(found)) is not None]
    relaxed = chance.some(demands) if chance.maybe(0.4) else []
    return tree, rows, [each.model_dump() for each in relaxed]


def legal_case(seed: int) -> tuple[Tree, list[Tree]] | None:
    """A problem and sessions that keep every rule, None where this seed makes none."""
    chance = Chance(seed)
    tree = make_problem(chance, chance.choice([0.1, 0.2, 0.3]))
    rows = _sound(tree, make_schedule(chance, tree))
    document = read(tree)
    while rows and broken(document, held(rows)):
        rows.pop()
    return None if not rows or broken(document, held(rows)) else (tree, rows)


def _sound(tree: Tree, rows: list[Tree]) -> list[Tree]:
    known = {each["id"] for key in ("spaces", "activities") for each in tree[key]}
    sound = [
        row
        for row in rows
        if {row["space"], row["activity"]} <= known and len(set(row["residents"])) == len(row["residents"])
    ]
    return list({row["id"]: row for row in sound}.values())


def toggled(rows: list[Tree], session: str, resident: str) -> list[Tree]:
    """The rows with the resident added to the session, or taken out of it."""
    return [
        {**row, "residents": [name for name in row["residents"] if name != resident]}
        if row["id"] == session and resident in row["residents"]
        else {**row, "residents": [*row["residents"], resident]}
        if row["id"] == session
        else row
        for row in rows
    ]


def document(tree: Tree, rows: list[Tree], relaxed: list[Tree] | tuple[Tree, ...] = ()) -> ScheduleDocument:
    return read_schedule(written(schedule(tree, rows, list(relaxed))))


def case(tree: Tree, rows: list[Tree], relaxed: list[Tree] | tuple[Tree, ...] = ()) -> Case:
    return Case.of(read(tree), document(tree, rows, relaxed))
