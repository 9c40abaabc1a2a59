"""The best scores known of the made questions: `fixtures/problems/best.json`, from a question's key to its record."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.asked.questions import Question

BEST = Path(__file__).resolve().parents[2] / "fixtures" / "problems" / "best.json"


@dataclass(frozen=True)
class Record:
    """A score that a checked schedule has reached: by which peer, after how many seconds, on which day."""

    digest: str
    score: int
    by: str
    seconds: float
    day: str


def read_records(path: Path = BEST) -> dict[str, Record]:
    if not path.exists():
        return {}
    return {key: Record(**row) for key, row in json.loads(path.read_text()).items()}


def known(records: dict[str, Record], question: Question) -> int | None:
    """The best score of just this document: a home that is made otherwise today has another digest, and no record."""
    record = records.get(question.key)
    return record.score if record is not None and record.digest == question.digest else None


def with_better(records: dict[str, Record], question: Question, found: Record) -> dict[str, Record]:
    """The records with this one, where none is known that is as good."""
    before = known(records, question)
    return records if before is not None and before >= found.score else records | {question.key: found}


def write_records(records: dict[str, Record], path: Path = BEST) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {key: asdict(records[key]) for key in sorted(records, key=_order)}
    path.write_text(json.dumps(rows, indent=1) + "\n")


def _order(key: str) -> tuple[str, int, str]:
    kind, size, rest = key.split(" ", 2)
    return kind, int(size), rest
