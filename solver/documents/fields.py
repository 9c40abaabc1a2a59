"""The types of the documents' fields, and the times of day in them."""

import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

LARGEST = 1_000_000
SLOTS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
DAY_MINUTES = 24 * 60
NOON, EVENING = 12 * 60, 17 * 60
PartOfDay: TypeAlias = Literal["morning", "afternoon", "evening"]
PARTS: tuple[PartOfDay, ...] = ("morning", "afternoon", "evening")
READING = "reading"  # the validation context in which a null is an error even where Python code may say None


@lru_cache(maxsize=4096)
def minutes(clock: str) -> int:
    """Minutes after midnight of "HH:MM"."""
    return int(clock[:2]) * 60 + int(clock[3:])


@lru_cache(maxsize=4096)
def clock(minute: int) -> str:
    """The "HH:MM" of minutes after midnight, from 0 to 1440."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def part_of_day(minute: int) -> PartOfDay:
    """The part of the day of what starts so many minutes after midnight."""
    return "morning" if minute < NOON else "afternoon" if minute < EVENING else "evening"


def _refuse_null(value: Any, info: ValidationInfo) -> Any:
    if value is None and info.context == READING:
        raise PydanticCustomError("null", "null")
    return value


def _read_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    raise PydanticCustomError("date", "date")


def _refuse_false(value: bool, info: ValidationInfo) -> bool:
    if not value and info.context == READING:
        raise PydanticCustomError("apart", "apart")
    return value


def _refuse_slot(value: int) -> int:
    if 60 % value:
        raise PydanticCustomError("slot", "slot")
    return value


def _refuse_zero(value: int) -> int:
    if value == 0:
        raise PydanticCustomError("zero", "zero")
    return value


Text: TypeAlias = Annotated[str, Strict()]
Id: TypeAlias = Annotated[str, Strict(), Field(min_length=1)]
Ids: TypeAlias = Annotated[tuple[Id, ...], Field(json_schema_extra={"uniqueItems": True})]
Flag: TypeAlias = Annotated[bool, Strict()]
Count: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=LARGEST)]
Positive: TypeAlias = Annotated[int, Strict(), Field(ge=1, le=LARGEST)]
Level: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=3)]
Clock: TypeAlias = Annotated[str, Strict(), Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
ClosingClock: TypeAlias = Annotated[str, Strict(), Field(pattern=r"^([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00)$")]
Strength: TypeAlias = Annotated[int, Strict(), Field(ge=-5, le=100), AfterValidator(_refuse_zero)]
SlotMinutes: TypeAlias = Annotated[
    int, Strict(), Field(ge=1, le=60), AfterValidator(_refuse_slot), WithJsonSchema({"enum": list(SLOTS)})
]
OnlyTrue: TypeAlias = Annotated[bool, Strict(), AfterValidator(_refuse_false), WithJsonSchema({"const": True})]
Day: TypeAlias = Annotated[date, BeforeValidator(_read_date)]
Interest: TypeAlias = Annotated[int, Strict(), Field(ge=-2, le=5)]
Wait: TypeAlias = Annotated[int, Strict(), Field(ge=1, le=10)]
DaysApart: TypeAlias = Annotated[int, Strict(), Field(ge=1, le=35)]
Liking: TypeAlias = Annotated[int, Strict(), Field(ge=-2, le=2)]
NoNull = BeforeValidator(_refuse_null)


class Document(BaseModel):
    """Frozen, without unknown keys; in Python, fields go by their Python name."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)
