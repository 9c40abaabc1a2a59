"""Whether the kernels stand compiled in their cache, and compiling them at set-up."""

from solver.compilation import compile_problem
from solver.documents import ProblemDocument
from solver.search.annealer import new_annealer
from solver.search.compiled import IS_PLAIN, cache_folder
from solver.search.packing import pack

ENTRIES = ("load_facts", "load_sessions", "construct", "anneal")


def is_warm() -> bool:
    """Whether every entry point has been compiled on this machine since its sources last changed."""
    if IS_PLAIN:
        return True
    kept = [path.name for path in cache_folder().rglob("*.nbc")]
    return all(any(f".{name}-" in each for each in kept) for name in ENTRIES)


def warm() -> None:
    """Compile every kernel into the cache: a minute of one core, once. For set-up."""
    document = ProblemDocument.model_validate(
        {
            "format": "milieu-problem/1",
            "name": "",
            "spaces": [],
            "facilitators": [],
            "activities": [],
            "residents": [],
            "horizon": {"start": "2026-01-05", "days": 1, "slot_minutes": 60, "timezone": "UTC"},
        }
    )
    problem = compile_problem(document, "0" * 64)
    annealer = new_annealer(problem, pack(problem), 0)
    annealer.begin([])
    annealer.step(0, 1.0, 1.0)


if __name__ == "__main__":
    warm()
