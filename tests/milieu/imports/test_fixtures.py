"""The made-up communities: the same bytes at each run, as large and varied as the recipe says, possible to plan."""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from milieu.database import make_engines, reading, unit_of_work
from milieu.imports.folder import import_folder, read_folder
from milieu.imports.tables.page import renew
from milieu.solving.problem.document import make_problem
from tests.referees import Referee, needs_referee

FIXTURES = Path(__file__).parents[3] / "fixtures"
NAMES = ("alder", "linden", "rowan")
Rows = list[dict[str, str]]

# practice.md 3.4, and 30 beds at half of its 60: residents, living groups, sessions a week in groups, visits a week,
# wheelchairs, escorts, short stays, ties that do good, pairs that strain or must not meet
RECIPE = {
    "alder": (26, 2, 28, 18, 9, 7, 4, 38, 3),
    "linden": (102, 5, 55, 36, 60, 46, 15, 150, 11),
    "rowan": (255, 12, 98, 90, 150, 115, 38, 380, 28),
}


def rows(name: str, table: str) -> Rows:
    with (FIXTURES / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def here(name: str) -> Rows:
    return [row for row in rows(name, "residents") if not row["left_on"]]


def count(of: Rows, column: str, value: str = "yes") -> int:
    return sum(row[column] == value for row in of)


def good_ties(name: str) -> Rows:
    return [row for row in rows(name, "ties") if not row["apart"] and int(row["strength"]) > 0]


def test_the_script_writes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, FIXTURES / "make.py", tmp_path], check=True)

    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    kept = {
        path.relative_to(FIXTURES): path.read_bytes()
        for name in (*NAMES, "broken")
        for path in (FIXTURES / name).rglob("*.*")
        if path.is_file()
    }
    assert written == kept


def test_the_page_on_the_columns_is_up_to_date() -> None:
    """Mend it with: python -m milieu.imports.tables.page fixtures/README.md"""
    page = (FIXTURES / "README.md").read_text(encoding="utf-8")

    assert renew(page) == page


@pytest.mark.parametrize("name", NAMES)
class TestEachCommunity:
    def test_it_is_read_without_a_remark(self, name: str) -> None:
        folder = read_folder(FIXTURES / name)

        assert folder.remarks == ()
        assert folder.community.values["is_made_up"] is True

    def test_it_is_as_large_as_the_recipe_says(self, name: str) -> None:
        people, ties = here(name), rows(name, "ties")
        twins = {row["wet_twin"] for row in rows(name, "activities")}  # never beside what they stand for
        offers = [row for row in rows(name, "activities") if row["group_max"] != "1" and row["key"] not in twins]
        visits = [row for row in rows(name, "activities") if row["group_max"] == "1"]

        residents, groups, sessions, visited, wheelchairs, escorts, short, good, bad = RECIPE[name]
        assert len(people) == residents
        assert len(rows(name, "living_groups")) == groups
        # what may be held is what is held in a week and up to an eighth more, so that there is a choice
        most = sum(int(row["sessions_max"]) for row in offers)
        assert sessions - 3 <= most <= sessions + max(3, sessions // 8)
        assert sum(int(row["sessions_max"]) for row in visits) == visited
        assert count(people, "wheelchair") == wheelchairs
        assert count(people, "escort") == escorts
        assert count(people, "short_stay") == short
        assert len(good_ties(name)) == good
        assert len(ties) - len(good_ties(name)) == bad
        assert count(ties, "apart") >= 1

    def test_ties_are_as_sparse_as_in_life(self, name: str) -> None:
        group = {row["key"]: row["living_group"] for row in rows(name, "residents")}
        near: dict[str, set[str]] = defaultdict(set)
        for row in good_ties(name):
            near[row["resident"]].add(row["other"])
            near[row["other"]].add(row["resident"])
        within = sum(group[row["resident"]] == group[row["other"]] for row in good_ties(name)) / len(good_ties(name))

        alone = sum(row["key"] not in near for row in here(name)) / len(here(name))
        assert 0.08 <= alone <= 0.12
        assert 0.55 <= within <= 0.7
        assert max(map(len, near.values())) <= 8

    def test_a_couple_lives_on_two_floors(self, name: str) -> None:
        people = {row["key"]: row for row in rows(name, "residents")}
        zone = {row["key"]: row["zone"] for row in rows(name, "living_groups")}
        (couple,) = [row for row in rows(name, "ties") if row["strength"] == "20"]

        one, other = people[couple["resident"]], people[couple["other"]]
        assert one["family_name"] == other["family_name"]
        assert zone[one["living_group"]] != zone[other["living_group"]]
        both = {one["key"], other["key"]}
        assert 2 in Counter(row["relative"] for row in rows(name, "kinships") if row["resident"] in both).values()

    def test_weekends_have_one_member_of_staff_and_two_in_a_village(self, name: str) -> None:
        kind = {row["key"]: row["kind"] for row in rows(name, "facilitators")}
        folder = read_folder(FIXTURES / name)
        for weekday in (5, 6):
            there = {
                row.values["facilitator_id"]
                for row in folder.records["roster.csv"]
                if row.values["weekdays"] is None or weekday in row.values["weekdays"]
            }
            assert sum(kind[key] == "staff" for key in there) == (2 if name == "rowan" else 1)
            assert any(kind[key] == "volunteer" for key in there)

    def test_a_volunteer_comes_only_on_tuesdays(self, name: str) -> None:
        days: dict[str, set[str]] = defaultdict(set)
        for row in rows(name, "roster"):
            days[row["facilitator"]].add(row["days"])
        volunteers = {row["key"] for row in rows(name, "facilitators") if row["kind"] == "volunteer"}

        assert any(days[key] == {"Tue"} for key in volunteers)

    def test_the_van_has_two_places_for_wheelchairs(self, name: str) -> None:
        (van,) = [row for row in rows(name, "spaces") if "van" in row["features"].split(";")]

        assert (van["seats"], van["wheelchair_places"]) == ("12", "2")

    def test_everybody_on_the_list_is_visited_in_their_unit(self, name: str) -> None:
        people = {row["key"]: row for row in rows(name, "residents")}
        visits = {row["key"]: row for row in rows(name, "activities") if row["group_max"] == "1"}
        members = [row for row in rows(name, "activity_members") if row["activity"] in visits]

        assert len(members) == len(visits)
        for row in members:
            unit = people[row["resident"]]["living_group"]
            assert visits[row["activity"]]["features"] == f"bedside {unit}"
            assert visits[row["activity"]]["closed"] == "yes"

    def test_what_is_shared_with_relatives_differs(self, name: str) -> None:
        consents, kinships = rows(name, "consents"), rows(name, "kinships")
        ended = [row for row in consents if row["valid_until"] and row["valid_until"] < "2026-11-01"]

        assert {row["kind"] for row in consents} == {"calendar", "attended", "photo", "notes"}
        assert ended
        assert max(Counter(row["resident"] for row in kinships).values()) >= 2
        gone = {row["key"] for row in rows(name, "residents") if row["left_on"]}
        assert gone & {row["resident"] for row in kinships}
        assert all(row["email"].endswith(".example.org") for row in rows(name, "relatives"))

    def test_people_are_old_and_like_eight_to_fourteen_things(self, name: str) -> None:
        likes = Counter(row["resident"] for row in rows(name, "wishes") if int(row["strength"]) > 0)
        visited = {row["resident"] for row in rows(name, "activity_members") if row["activity"].startswith("visit")}

        for row in here(name):
            age = (date(2026, 11, 1) - date.fromisoformat(row["born_on"])).days / 365.25
            assert (65 if row["short_stay"] else 70) <= age <= 101, row["key"]
            assert row["key"] in visited or 7 <= likes[row["key"]] <= 15, row["key"]
            assert row["arrived_on"] < "2026-11-01"

    def test_no_two_live_in_one_room_or_share_a_name_unmarked(self, name: str) -> None:
        people = here(name)
        same = {
            who
            for who, times in Counter((row["given_name"], row["family_name"]) for row in people).items()
            if times > 1
        }

        assert max(Counter(row["room"] for row in people).values()) == 1
        assert same == (set() if name == "alder" else {("Mary", "Smith")})
        assert max(len(f"{row['given_name']} {row['family_name']}") for row in people) > 40


def test_a_memory_unit_stays_in_its_wing_but_for_who_is_brought() -> None:
    locked = Counter(row["living_group"] for row in here("linden") if row["stays_in_zone"] == "yes")
    brought = [row for row in here("linden") if row["living_group"] == "elder" and row["stays_in_zone"] != "yes"]

    assert locked == {"elder": 18}
    assert all((row["wheelchair"], row["escort"], row["noise_max"]) == ("yes", "yes", "3") for row in brought)
    assert {row["resident"] for row in rows("linden", "activity_members") if row["activity"] == "singing-elder"} == {
        row["key"] for row in here("linden") if row["living_group"] == "elder"
    }


def test_a_requirement_has_since_been_refused() -> None:
    required = {(row["resident"], row["activity"]) for row in rows("linden", "requirements")}
    refused = {(row["resident"], row["activity"]) for row in rows("linden", "refusals")}

    assert len(required & refused) == 1


def plan_until_there_is_a_schedule(problem: Path, schedule: Path) -> None:
    """Let the solver run to its first schedule; a minute is far more than it needs on a busy machine."""
    command = [sys.executable, "-m", "solver", "solve", problem, "-o", schedule, "--seconds", "60", "--workers", "1"]
    with subprocess.Popen([*command, "--progress"], cwd=FIXTURES.parent, stderr=subprocess.PIPE) as solver:
        assert solver.stderr is not None
        told = [solver.stderr.readline()]
        while told[-1] and not (told[-1].startswith(b"{") and json.loads(told[-1])["objective"] is not None):
            told.append(solver.stderr.readline())
        solver.terminate()
        solver.stderr.read()
    assert solver.returncode == 0, told


@needs_referee
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "monday"),
    [("alder", "2026-11-30"), ("linden", "2026-11-30"), ("rowan", "2026-11-30"), ("linden", "2031-07-07")],
)
def test_every_week_can_be_planned(name: str, monday: str, sqlite_url: str, tmp_path: Path, referee: Referee) -> None:
    """With every least count and requirement kept, in seconds; also years from now."""
    engines, now = make_engines(sqlite_url), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    with unit_of_work(engines) as db:
        community_id = import_folder(db, FIXTURES / name, now=now).community_id
    with reading(engines) as db:
        source = make_problem(db, community_id, date.fromisoformat(monday), now, repair=False)
    engines.dispose()
    problem, schedule = tmp_path / "problem.json", tmp_path / "schedule.json"
    problem.write_bytes(source.raw)

    plan_until_there_is_a_schedule(problem, schedule)

    assert referee.judge(problem, schedule).broken == ()
