"""What may be asked on the command line besides the contract: data with English words beside it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from solver.run.command.cli import main
from tests.solver.builders import Tree, activity, facilitator, problem, resident, schedule, session, space, written
from tests.solver.explaining.cases import legal_case

TREE = problem(
    spaces=[space("lounge", capacity=1, comfort=9), space("hall", name="The hall")],
    facilitators=[facilitator("finn"), facilitator("gia", name="Gia")],
    activities=[activity("choir", name="Choir"), activity("chess", name="Chess")],
    residents=[
        resident("ada", name="Ada", interests={"choir": 1}),
        resident("ben", name="Ben", interests={"choir": 3}),
        resident("cem", name="Cem"),
    ],
)
CHESS = session("s2", "chess", space="hall", facilitators=["gia"], residents=["cem"], start="14:00")
ROWS = [session(), CHESS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem").write_bytes(written(TREE))
    (tmp_path / "schedule").write_bytes(written(schedule(TREE, ROWS)))
    return tmp_path


def ask(capsys: pytest.CaptureFixture[str], name: str, *arguments: object) -> Any:
    status = main([name, *map(str, arguments)], time.monotonic())
    told = capsys.readouterr()
    assert (status, told.err) == (0, "")
    return json.loads(told.out)


def test_why_somebody_is_invited(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "why", folder / "problem", folder / "schedule", "--resident", "ada", "--session", "s1")

    assert told == {
        "resident": "ada",
        "session": "s1",
        "invited": True,
        "reasons": [
            {
                "amount": 12,
                "audience": "team",
                "code": "why_little",
                "resident": "ada",
                "session": "s1",
                "sessions": 0,
                "text": "Ada has 0 other sessions.",
            },
            {
                "amount": 4,
                "audience": "anybody",
                "code": "why_likes",
                "resident": "ada",
                "session": "s1",
                "activity": "choir",
                "liking": 1,
                "text": "Ada likes Choir (1).",
            },
        ],
        "for_family": ["Ada likes Choir (1)."],
    }


def test_why_not_where_else_and_at_what_cost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(
        capsys, "why", folder / "problem", folder / "schedule", "--resident", "ben", "--session", "s1", "--force"
    )

    assert [each["text"] for each in told["against"]] == [
        "lounge has 1 seat for the 2 residents of session s1.",
        "In session s1 Ada is already.",
    ]
    assert (told["invited"], told["gain"]) == (False, 24)
    assert told["elsewhere"] == [{"session": "s2", "gain": 12, "terms": {"engagement": 12}}]
    assert told["for_family"][0] == "There is no place for one more."
    forced = told["forced"]
    assert (forced["status"], forced["gain"], forced["terms"]) == ("done", 20, {"interest": 8, "engagement": 12})
    assert [each["text"] for each in forced["shares"]] == [
        "Ada: -4 (interest -4).",
        "Ben: 24 (engagement +12, interest +12).",
    ]
    assert [change["text"] for each in forced["people"] for change in each["changes"]] == [
        "Ada is no longer invited to Choir on day 0 at 10:00.",
        "Ada is newly invited to Chess on day 0 at 14:00.",
        "Ben is newly invited to Choir on day 0 at 10:00.",
    ]
    assert (forced["told"]["count"], forced["told"]["only_invited"]) == (1, 1)


def test_what_forbids_forcing_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree: Tree = {
        **TREE,
        "residents": [resident("ada"), resident("ben", refuses={"activities": ["choir"]}), resident("cem")],
    }
    (folder / "problem").write_bytes(written(tree))

    told = ask(
        capsys, "why", folder / "problem", folder / "schedule", "--resident", "ben", "--session", "s1", "--force"
    )

    assert told["forced"]["status"] == "forbidden"
    assert [each["code"] for each in told["forced"]["against"]] == ["refuses_activity"]


def test_where_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "where", folder / "problem", folder / "schedule", "--resident", "ben", "--displacing")

    assert told == {
        "resident": "ben",
        "options": [
            {"session": "s2", "gain": 12, "terms": {"engagement": 12}},
            {"session": "s1", "instead": "ada", "gain": 8, "terms": {"interest": 8}},
        ],
    }


def test_compare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = [
        session(day=1, space="hall", facilitators=["gia"]),
        session("s3", "chess", start="16:00", residents=["ben"]),
    ]
    (folder / "after").write_bytes(written(schedule(TREE, after)))

    told = ask(capsys, "compare", folder / "problem", folder / "schedule", folder / "after")

    assert [(each["kinds"], each["text"]) for each in told["sessions"]] == [
        (
            ["moved", "relocated", "led"],
            "Choir moves from day 0 at 10:00 to day 1 at 10:00. Choir on day 1 at 10:00 moves from lounge to The hall. "
            "Choir on day 1 at 10:00 is now led by Gia.",
        ),
        (["gone"], "Chess on day 0 at 14:00 is not held."),
        (["new"], "Chess on day 0 at 16:00 in lounge is new."),
    ]
    assert [each["resident"] for each in told["people"]] == ["ada", "ben", "cem"]
    assert told["told"] == {
        "count": 2,
        "only_invited": 1,
        "withdrawn": ["cem"],
        "moved": ["ada"],
        "relocated": ["ada"],
        "invited": ["ben"],
    }


def test_fairness(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask(capsys, "fairness", folder / "problem", folder / "schedule")

    assert told["everybody"] == {
        "residents": 3,
        "sessions": [1, 2],
        "liked": [2, 1],
        "under_3": ["ada", "ben", "cem"],
        "under_4": ["ada", "ben", "cem"],
        "without_liked": ["ben", "cem"],
    }
    assert [[each["text"] for each in row["reasons"]] for row in told["left_out"]] == [
        ["Choir has no place left."],
        ["Cem has named nothing that they like."],
    ]


def test_whom_nobody_knows_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(folder / "problem"), str(folder / "schedule")]

    assert main(["why", *paths, "--resident", "dot", "--session", "s9"], time.monotonic()) == 2
    assert capsys.readouterr().err.splitlines() == [
        '--resident: there is no resident "dot"',
        '--session: there is no session "s9"',
    ]
    assert main(["where", *paths, "--resident", "dot"], time.monotonic()) == 2


def test_every_answer_about_random_schedules_can_be_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / "problem", tmp_path / "schedule"]
    for seed in range(60):
        if (made := legal_case(seed)) is None:
            continue
        tree, rows = made
        paths[0].write_bytes(written(tree))
        paths[1].write_bytes(written(schedule(tree, rows)))
        who, what = tree["residents"][0]["id"], rows[0]["id"]

        told = ask(capsys, "why", *paths, "--resident", who, "--session", what, "--force", "--seconds", "2")
        assert "{" not in "".join(each["text"] for each in told["reasons"])
        assert ask(capsys, "fairness", *paths)["everybody"]["residents"] == len(tree["residents"])
        assert ask(capsys, "compare", *paths, paths[1])["people"] == []
