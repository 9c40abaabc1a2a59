"""What became of a night, counted in the tables by themselves: nothing that did the work is asked about it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from bench.nights.simulation import BEGIN, Morning, Night

LEARNED = 0.2
"""The share of a night from which the rest of it is forecast."""

_FAULTS: dict[str, LiteralString] = {
    "communities without a line of the ledger": """
        SELECT count(*) FROM community WHERE id NOT IN (SELECT community_id FROM ledger_entry WHERE kind = 'repair')""",
    "communities with more than one line of a day": """
        SELECT count(*) FROM (SELECT community_id FROM ledger_entry GROUP BY community_id, local_day, kind
                              HAVING count(*) > 1) twice""",
    "lines that say published and name no publication of this night": """
        SELECT count(*) FROM ledger_entry line WHERE state = 'published' AND NOT EXISTS (
            SELECT FROM publication WHERE publication.community_id = line.community_id
            AND publication.id = line.publication_id AND published_at >= %(due)s)""",
    "publications of this night that no line names": """
        SELECT count(*) FROM publication WHERE published_at >= %(due)s AND NOT EXISTS (
            SELECT FROM ledger_entry line WHERE line.community_id = publication.community_id
            AND line.publication_id = publication.id)""",
    "publications of this night that replace one and the same": """
        SELECT count(*) FROM (SELECT community_id FROM publication WHERE published_at >= %(due)s
                              GROUP BY community_id, previous_id HAVING count(*) > 1) twice""",
    "communities with more publications of this night than lines that say published": """
        SELECT count(*) FROM (SELECT community_id, count(*) AS times FROM publication WHERE published_at >= %(due)s
                              GROUP BY community_id) made
        WHERE times > (SELECT count(*) FROM ledger_entry line WHERE line.community_id = made.community_id
                       AND state = 'published')""",
    "lines that say kept without a word why": """
        SELECT count(*) FROM ledger_entry WHERE state = 'kept' AND message = ''""",
    "sessions of published weeks that are led by who is ill": """
        SELECT count(*) FROM ledger_entry line
        JOIN published_session session ON session.publication_id = line.publication_id
        JOIN published_leader leader ON leader.published_session_id = session.id
        JOIN absence ON absence.facilitator_id = leader.facilitator_id
        WHERE line.state = 'published' AND session.on_date BETWEEN absence.first_date AND absence.last_date
        AND session.start_minute < absence.end_minute AND session.end_minute > absence.start_minute""",
}


def faults_of(url: str, due: datetime) -> dict[str, int]:
    """How often each thing is found that must not be, in a night that was due at this moment."""
    with psycopg.connect(url) as connection:
        return {what: _one(connection, query, due) for what, query in _FAULTS.items()}


def _one(connection: psycopg.Connection[Any], query: LiteralString, due: datetime) -> int:
    row = connection.execute(query, {"due": due}).fetchone()
    assert row is not None
    return int(row[0])


@dataclass(frozen=True)
class Beside:
    """The rest of a night, after a fifth of it, and what was forecast of it from that fifth; seconds.

    `holds`: how long a community held one of the clock's places then; `search`: how much of that was search.
    """

    real: float
    forecast: float
    holds: float
    search: float


def beside_forecast(url: str, due: datetime, *, places: int) -> Beside | None:
    """The rest of a night beside its forecast by the made nights' code; None where it was too short for that."""
    with psycopg.connect(url) as connection:
        ended = connection.execute(
            "SELECT extract(epoch FROM finished_at - %s)::float FROM ledger_entry WHERE kind = 'repair'"
            " AND finished_at IS NOT NULL ORDER BY finished_at",
            (due,),
        )
        finished = [row[0] for row in ended]
        searched = connection.execute(
            "SELECT seconds, seconds_limit FROM run WHERE kind = 'repair' AND requested_at >= %s"
            " AND seconds IS NOT NULL ORDER BY requested_at",
            (due,),
        ).fetchall()
    learned = int(LEARNED * len(finished))
    if learned < 2 * places:
        return None
    return forecast_rest(finished, searched[:learned], learned, places)


def forecast_rest(
    finished: Sequence[float], searched: Sequence[tuple[float, int]], learned: int, places: int
) -> Beside:
    """`finished` are the moments at which communities were done, in order; `searched` the seconds that the searches of
    the first `learned` of them took, and those they were given.
    """
    holds = (finished[learned - 1] - finished[0]) * places / (learned - 1)
    search = statistics.fmean(seconds for seconds, _ in searched)
    wanted = max(given for _, given in searched)
    morning = Morning(0.0, wanted, max(0.0, holds - search - BEGIN), search, usual=search)
    done = Night(places).run([morning] * (len(finished) - learned))
    return Beside(finished[-1] - finished[learned - 1], done[-1].at, holds, search)
