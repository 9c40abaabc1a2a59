"""What was measured as times to goals, as tables, as a picture and as records of the best known."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import __main__ as command
from bench.adapters.peer import Run
from bench.asked.questions import Question, groupings, homes, repairs
from bench.peers import ON_GROUPING, ON_HOMES, PEERS
from bench.told.best import Record, known, read_records, with_better, write_records
from bench.told.curves import STYLES, draw
from bench.told.goals import is_met, middle, times
from bench.told.results import Measured, Results, read_results, spread, write_results
from bench.told.tables import page
from solver.documents.exchange import read_problem

SVG = "{http://www.w3.org/2000/svg}"


def made(peer: str, *curve: tuple[float, int], best: int = 1000, **fields: object) -> Measured:
    row = {
        "family": "30 residents",
        "key": "home 30 plain 1",
        "size": 30,
        "digest": "d",
        "peer": peer,
        "seconds_allowed": 60.0,
        "curve": curve,
        "bound": None,
        "memory": 2**27,
        "seconds": 60.1,
        "wrong": 0,
        "fault": "",
        "word": "" if curve else "nothing",
        "pace": 0.1,
        "best": best,
    }
    return Measured(**(row | fields))  # type: ignore[arg-type]


ROWS = (
    made("solver", (0.8, 500), (2.0, 950), (9.0, 990), bound=1100),
    made("solver", (1.2, 500), (4.0, 960), (9.5, 1000), pace=0.12),
    made("hand", (0.3, 560)),
    made("cpsat"),
    made("timefold", word="skipped: no Java", memory=None),
)


def test_steps_are_read_off_a_curve() -> None:
    assert times(ROWS[0].curve, 1000) == (0.8, 2.0, 9.0, None)
    assert times(ROWS[1].curve, 1000) == (1.2, 4.0, 9.5, 9.5)
    assert times([(1.0, -110), (2.0, -105)], -100) == (1.0, 2.0, None, None)
    assert times([], 1000) == (None, None, None, None)


def test_a_goal_is_met_on_its_second() -> None:
    assert is_met(3.0, 3)
    assert not is_met(3.1, 3)
    assert not is_met(None, 3)
    assert is_met(None, None)
    assert middle([5.0, None, 1.0]) == 5.0
    assert middle([None, 1.0]) is None


def test_spread_shows_least_median_and_most() -> None:
    assert spread([3, 1, 2]) == "1 · 2 · 3"
    assert spread([2, 2]) == "2"
    assert spread([2, None, None]) == "2 · – · 2"
    assert spread([None]) == "–"


def test_the_page_tells_scores_goals_and_noise() -> None:
    text = page(Results("a machine", "2026-12-01", 2, ROWS))

    assert "| home 30 plain 1 | this solver | 990 · 990 · 1,000 | 0.00 · 1.00 · 1.00 | 0.8 · 1.2 · 1.2 |" in text
    assert "| home 30 plain 1 | plain CP-SAT | – | – | – | – | – | 128 | nothing |" in text
    assert "skipped: no Java" in text
    assert "| 30 | 2 | 1.2 / 1 ✗ | 4.0 / 3 ✗ | 9.5 / 15 ✓ | not reached / 60 ✗ |" in text
    assert "the slowest 20 % above the quickest" in text


def test_the_picture_tells_its_lines_apart_without_colour() -> None:
    tree = ElementTree.fromstring(draw([*ROWS, made("solver", (1, 90), family="tie <alone>", key="k", best=100)]))

    lines = [path for path in tree.iter(f"{SVG}path") if path.get("fill") == "none" and path.get("stroke-width")]
    words = [text.text for text in tree.iter(f"{SVG}text")]
    assert len(lines) == 3
    assert {"this solver", "by hand", "30 residents", "tie <alone>"} <= set(words)
    assert any("no schedule: Timefold, plain CP-SAT" in (word or "") for word in words)
    assert tree.find(f"{SVG}title") is not None
    assert "this solver 99.0 %" in (tree.findtext(f"{SVG}desc") or "")
    for peers in (ON_HOMES, ON_GROUPING):
        assert len({STYLES[name][1] for name in peers}) == len({STYLES[name][0] for name in peers}) == len(peers)


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    results = Results("a machine", "2026-12-01", 2, ROWS)

    write_results(results, tmp_path / "results.json")

    assert read_results(tmp_path / "results.json") == results


def test_only_a_better_score_of_the_same_document_is_remembered(tmp_path: Path) -> None:
    question = Question("30 residents", "home 30 plain 1", 30, b"{}")
    record = Record(question.digest, 100, "this solver", 9.5, "2026-12-01")
    worse, better = Record(question.digest, 99, "x", 1, "d"), Record(question.digest, 101, "x", 1, "d")

    records = with_better({}, question, record)
    write_records(records, tmp_path / "best.json")

    assert read_records(tmp_path / "best.json") == records
    assert with_better(records, question, worse) == records
    assert known(with_better(records, question, better), question) == 101
    assert known(records, Question("30 residents", "home 30 plain 1", 30, b"{ }")) is None


def test_questions_are_problems_with_keys_of_their_own() -> None:
    asked = [*homes([12], 2, 1, False), *homes([12], 1, 1, True), *repairs([12], ["away"], 1), *groupings(30, 1, 1)]

    assert [each.key for each in asked] == [
        "home 12 plain 1",
        "home 12 tight 2",
        "home 12 tight 1",
        "repair 12 away 1",
        "grouping 30 different 1",
        "grouping 30 same 1",
    ]
    assert all(read_problem(each.raw) for each in asked)


def test_the_command_measures_draws_and_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    scores = iter([10, 30, 20])
    monkeypatch.setattr(command, "BEST", tmp_path / "best.json")
    monkeypatch.setattr(command, "answer", lambda peer, *rest: Run(peer.name, ((1.0, next(scores)),), None, None, 1.0))

    command.main(["--residents", "12", "--peers", "hand", "--repeat", "3", "--remember", "-o", str(tmp_path)])

    assert "| home 12 plain 1 | by hand | 10 · 20 · 30 |" in capsys.readouterr().out
    assert {row.best for row in read_results(tmp_path / "results.json").rows} == {30}
    assert read_records(tmp_path / "best.json")["home 12 plain 1"].score == 30
    before = (tmp_path / "curves.svg").read_text()
    command.main(["--draw", "-o", str(tmp_path)])
    assert (tmp_path / "curves.svg").read_text() == before
    assert set(PEERS) == {*ON_HOMES, *ON_GROUPING}
