"""Who may import whom. The rooms' outer walls are contracts in pyproject.toml; here is what they cannot say."""

import ast
import re
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.sources import ROOT, files, imported, imports, name, tree

SOLVER_MAY = {"solver", "pydantic", "pydantic_core", "numpy", "llvmlite", "numba", "ortools", "typing_extensions"}
WEB_MAY = {
    "services",
    "queries",
    "exports",
    "prints",
    "feeds",
    "errors",
    "settings",
    "database",
    "clock",
    "ids",
    "reasons",
    "causes",
    "preferences",
    "imports.watching",  # how far lists are, and the stop
    "machine.locks",
}
ACCOUNT_MAY = WEB_MAY | {"installation.mail", "models.accounts"}
# Where a process is put together: no page is here.
COMMANDS = {"web/commands.py", "web/server/serving.py", "web/server/listening.py", "web/server/demo.py"}
COMMANDS_MAY = WEB_MAY | {"cli", "clockwork", "demo", "installation", "machine.arenas", "machine.interruption"}
ENVIRONMENT = {
    "milieu/settings.py",
    "milieu/backups/copies/postgresql.py",  # hands its own on to pg_dump, which finds passwords where the driver does
    "milieu/solving/process/child.py",  # hands a bare one on to the solver
    "solver/kernels/compiled.py",
    "solver/kernels/compilation.py",  # has no settings: a command of its own
    "solver/run/workers.py",  # tells a spawned searcher to run while the kernels still compile
}
WALL_CLOCK = {
    "milieu/clock.py",
    "milieu/jobs/scheduler.py",  # APScheduler goes by the machine's clock, whatever ours says
}
# Nothing is solved inside a unit of work: what goes round a solve opens several.
ROUND_A_SOLVE = {
    f"milieu/services/{module}.py"
    for module in (
        "choices/finding",
        "lifting/trying",
        "weeks/plans/planning",
        "weeks/plans/solves",
        "republishing",
        "what_if/finding",
    )
}
PRODUCT = ("solver/", "milieu/", "web/")
COME_WITH = {
    "werkzeug": "flask",
    "itsdangerous": "flask",
    "pydantic_core": "pydantic",
    "markupsafe": "flask",
    "python-dotenv": "pydantic-settings",
}
NEEDED_UNSEEN = {
    "psycopg": "SQLAlchemy imports it by the database's address",
    "defusedxml": "openpyxl reads XML with it, and nothing is read without",
    "tzdata": "zoneinfo reads it where the machine has no zones",
    "wtforms": "held below the version that breaks Flask-Security",
    "ortools": "the search that uses it is being built",
}
STAYS_MAY = (
    "milieu/models/people.py",
    "milieu/queries/residents/stays.py",
    "milieu/imports/",
)  # files tell the last stay alone
OPENERS = {"unit_of_work", "retrying"}


def room(folder: str) -> list[Path]:
    return [path for path in files(".py") if name(path).startswith(folder)]


def test_solver_imports_only_what_it_may() -> None:
    strangers = {
        f"{name(path)}:{line} {module}"
        for path in room("solver/")
        for module, line in imports(path)
        if module.split(".")[0] not in SOLVER_MAY | sys.stdlib_module_names
    }

    assert strangers == set()


def test_no_file_is_imported_by_what_it_imports() -> None:
    """Also not inside one room or from within a function: what two files need of each other is a third."""
    reached = {name(path): {name(other) for other in imported(path)} for path in files(".py")}
    try:
        TopologicalSorter(reached).prepare()
        circle = []
    except CycleError as error:
        circle = error.args[1]

    assert circle == []


def test_pages_see_only_the_doors_of_milieu() -> None:
    seen = set()
    for path in room("web/"):
        allowed = ACCOUNT_MAY if name(path).startswith("web/account/") else WEB_MAY
        allowed = COMMANDS_MAY if name(path) in COMMANDS else allowed
        for module, line in imports(path):
            if module.startswith("milieu.") and not any(f"{module}.".startswith(f"milieu.{door}.") for door in allowed):
                seen.add(f"{name(path)}:{line} {module}")

    assert seen == set()


def test_services_and_queries_never_commit() -> None:
    """Entry points open a transaction, and what a solve parts into several; what is called inside flushes at most."""
    found = set()
    for path in [*room("milieu/services/"), *room("milieu/queries/"), *room("milieu/imports/")]:
        for node in ast.walk(tree(path)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in ("commit", "rollback", "begin"):
                found.add(f"{name(path)}:{node.lineno} .{called.attr}()")
            if isinstance(called, ast.Name) and called.id in OPENERS and name(path) not in ROUND_A_SOLVE:
                found.add(f"{name(path)}:{node.lineno} {called.id}()")

    assert found == set()


def test_one_place_knows_who_lives_here() -> None:
    readers = {
        f"{name(path)}:{node.lineno}"
        for path in files(".py")
        if name(path).startswith(PRODUCT) and not name(path).startswith(STAYS_MAY)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("arrived_on", "left_on", "left_reason")
    }

    assert readers == set()


def test_one_place_reads_the_environment() -> None:
    """The settings; everybody else is told."""
    readers = {
        name(path)
        for folder in ("solver/", "milieu/", "web/")
        for path in room(folder)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }

    assert readers <= ENVIRONMENT


def test_time_comes_in_as_an_argument() -> None:
    """Nobody but the clock and what drives it asks what time it is."""
    askers = {
        f"{name(path)}:{node.lineno}"
        for folder in ("milieu/", "web/")
        for path in room(folder)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date", "dt")
        and name(path) not in WALL_CLOCK
    }

    assert askers == set()


def test_what_the_product_imports_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    declared = {re.split(r"[^\w-]", line)[0].lower() for line in (*project["dependencies"], *extras)}
    carried_by = packages_distributions()
    modules = {module.split(".")[0] for folder in PRODUCT for path in room(folder) for module, _ in imports(path)}
    strangers = modules - sys.stdlib_module_names - {folder.rstrip("/") for folder in PRODUCT}
    used = {carrier.lower() for module in strangers for carrier in carried_by.get(module, [module])}

    assert used - declared - set(COME_WITH) == set()
    assert declared - used - set(NEEDED_UNSEEN) == set()


def test_every_package_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["milieu", "solver", "web"]
    folders = {path.parent for folder in ("solver/", "milieu/", "web/") for path in room(folder)}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()
