"""The tables of a folder about who is close to whom: ties, familiar faces, relatives and what is shared with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from milieu.imports.tables import cells
from milieu.imports.tables.cells import BadCell, Fault, quoted
from milieu.imports.tables.description import (
    EXPIRY,
    LONGEST_NAME,
    PERIOD,
    UNTIL,
    Column,
    Table,
    Trouble,
    in_order,
    key_column,
    reference,
)
from milieu.models import TIE_KINDS, Consent, FamiliarFace, Kinship, Relative, Tie

NAME = cells.text(LONGEST_NAME)


def strength(cell: str) -> int:
    """How close two people are: -5 to 100, and not 0."""
    value = int(cells.whole(-5, 100)(cell))
    if value == 0:
        raise BadCell("a tie of strength 0 is none; leave the row out")
    return value


def _two_people(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["resident_id"] == values["other_id"]:
        yield "other", Fault(" cannot be tied to themselves", quoted(values["resident_id"]))


def _apart_or_tied(values: Mapping[str, Any]) -> Iterator[Trouble]:
    if values["is_apart"] and values["strength"] is not None:
        yield "strength", Fault("two who must not meet have no strength; leave it empty, or write no under apart")
    if not values["is_apart"] and values["strength"] is None:
        yield "strength", Fault("is empty; fill it, or write yes under apart for two who must not meet")


def _kind_fits(values: Mapping[str, Any]) -> Iterator[Trouble]:
    kind, strength = values["kind"], values["strength"]
    if kind and (kind == "apart") != values["is_apart"]:
        yield "kind", Fault("is “apart” where yes stands under apart, and only there")
    elif kind and strength is not None and (kind == "uneasy") != (strength < 0):
        yield "kind", Fault("is “uneasy” where the strength is below 0, and only there")


TIES = Table(
    "ties.csv",
    Tie,
    "tie",
    "pairs of residents: who does each other good, who strains each other, who must not meet",
    (
        reference("resident", "residents.csv", "a resident's key"),
        reference("other", "residents.csv", "another resident's key"),
        Column(
            "apart",
            cells.yes_no,
            "yes: they must not meet; then without strength; empty: no",
            "is_apart",
            default=False,
        ),
        Column(
            "kind",
            cells.choice(*TIE_KINDS),
            "friend, couple, relative, neighbour, shares (a language or a past), helps, meet (who might get on), "
            "uneasy or apart; empty: as apart and strength say",
            default="",
        ),
        Column(
            "named_by",
            cells.choice("both", "one"),
            "both or one: how many of the two say so themselves; empty: not known",
            default="",
        ),
        Column("strength", strength, "1 to 5 for company that does good (a couple 20), -1 to -5 for strain"),
        Column("cap", cells.whole(1, 99), "more sessions together than that count no more; empty: 2", default=2),
        Column("author", NAME, "who noted it", is_needed=True),
        Column(
            "source",
            cells.choice("observed", "told by resident", "family", "file", "told", "suggested"),
            "observed, told by resident, family, told (on a page), suggested or file; empty: file",
            default="file",
        ),
        Column("noted_on", cells.day, "when it was noted", is_needed=True),
        Column("expires_on", cells.day, "last day on which it holds; empty: until further notice"),
        Column("asks_on", cells.day, "day from which the director is asked whether it still holds; empty: never"),
        Column(
            "seen_by", cells.choice("team", "director"), "team or director; empty: team", "visibility", default="team"
        ),
    ),
    same=("resident_id", "other_id"),
    unordered=("resident_id", "other_id"),
    ending=EXPIRY,
    protects=lambda row: bool(row.is_apart),
    checks=(
        _two_people,
        _apart_or_tied,
        _kind_fits,
        in_order("noted_on", "expires_on", "noted_on", "expires_on", "{other}| lies before {low}|, {one}"),
    ),
)

FAMILIAR_FACES = Table(
    "familiar_faces.csv",
    FamiliarFace,
    "familiar face",
    "facilitators whom a resident knows and trusts",
    (
        reference("facilitator", "facilitators.csv", "a facilitator's key"),
        reference("resident", "residents.csv", "a resident's key"),
    ),
    same=("facilitator_id", "resident_id"),
)

RELATIVES = Table(
    "relatives.csv",
    Relative,
    "relative",
    "family and friends outside who may have an account",
    (
        key_column("relative"),
        Column("name", NAME, "their name", is_needed=True),
        Column("email", cells.mail, "where to reach them", default=""),
    ),
    likeness=("name",),
)

KINSHIPS = Table(
    "kinships.csv",
    Kinship,
    "kinship",
    "who belongs to whom",
    (
        reference("relative", "relatives.csv", "a relative's key"),
        reference("resident", "residents.csv", "a resident's key"),
        Column(
            "resident_is", cells.text(40), "what the resident is to the relative: mother, uncle, friend", is_needed=True
        ),
    ),
    same=("relative_id", "resident_id"),
)

CONSENTS = Table(
    "consents.csv",
    Consent,
    "consent",
    "what a resident shares with a relative, from a day to a day",
    (
        reference("relative", "relatives.csv", "a relative's key"),
        reference("resident", "residents.csv", "a resident's key"),
        Column(
            "kind",
            cells.choice("calendar", "attended", "photo", "notes"),
            "calendar, attended, photo or notes",
            is_needed=True,
        ),
        Column("valid_from", cells.day, "first day on which it holds", is_needed=True),
        Column("valid_until", cells.day, "last day on which it holds; empty: until it is withdrawn"),
    ),
    same=("relative_id", "resident_id", "kind", "valid_from"),
    ending=UNTIL,
    checks=(PERIOD,),
)

TABLES = (TIES, FAMILIAR_FACES, RELATIVES, KINSHIPS, CONSENTS)
