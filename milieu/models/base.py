"""What every table shares: names of constraints, ids, the community in each key, versions, times in UTC."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, ForeignKeyConstraint, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from milieu.ids import LENGTH, new_id

Words = list[str]
Json = dict[str, Any]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values, stores UTC, returns aware UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: String(),
        datetime: UtcDateTime(),
        Words: JSON(),
        Json: JSON(none_as_null=True),
    }


Id = String(LENGTH)


def within(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the community: (community_id, column) to the same pair of the other table."""
    return ForeignKeyConstraint(["community_id", column], [f"{table}.community_id", f"{table}.id"])


class CommunityRow:
    """A row that belongs to one community: its key is the pair (community_id, id)."""

    @declared_attr
    def community_id(cls) -> Mapped[str]:
        return mapped_column(Id, ForeignKey("community.id"), primary_key=True, sort_order=-2)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id, sort_order=-1)


class Versioned:
    """A row that people edit: `version` rises by one with every change and travels through their forms."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Keyed:
    """A row that a community's own files name: `key` is the name there, unique in its table and community."""

    key: Mapped[str] = mapped_column(String(80))


class Dated:
    """A fact that holds from a day (null = always did) up to and including another (null = until further notice)."""

    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class Hours(Dated):
    """A stretch of local time: on one date, or every week on a weekday (0 = Monday), or on every day (both null).

    `start_minute` and `end_minute` count minutes from midnight, 0..1440, half-open.
    """

    on_date: Mapped[date | None]
    weekday: Mapped[int | None]
    start_minute: Mapped[int]
    end_minute: Mapped[int]
