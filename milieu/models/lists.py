"""Lists that came by a page: what waits for a yes, what an import of them did to which row, and what headings mean."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milieu.models.base import Base, CommunityRow, Id, Json, Versioned, Words, within


class ListUpload(CommunityRow, Versioned, Base):
    """Sheets that somebody sent. `state` is waiting (for a yes), done or undone.

    `sheets` holds their cells, packed, while they wait, and nothing afterwards; `plans` what each is taken for, and
    `preview` what an import would do. `counts` is what came of it, by table. A row goes when it has expired: what waits
    within a day, what was done 30 days later.
    """

    __tablename__ = "list_upload"
    __table_args__ = (within("account", "account_id"),)

    account_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    names: Mapped[Words] = mapped_column(default=list)
    sheets: Mapped[bytes | None]
    plans: Mapped[Json | None]
    preview: Mapped[Json | None]
    counts: Mapped[Json | None]
    undone_at: Mapped[datetime | None]


class ListChange(CommunityRow, Base):
    """A row that an import made, changed or took away: all of it as it was and as it became (null: not there)."""

    __tablename__ = "list_change"
    __table_args__ = (within("list_upload", "upload_id"),)

    upload_id: Mapped[str] = mapped_column(Id, index=True)
    noun: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(80))
    before: Mapped[Json | None]
    after: Mapped[Json | None]


class ListHeading(CommunityRow, Base):
    """What a community's own heading was taken for: the column of a table ("" left out). `heading` in small letters and
    digits alone; `file` is the table's."""

    __tablename__ = "list_heading"
    __table_args__ = (UniqueConstraint("community_id", "file", "heading"),)

    file: Mapped[str] = mapped_column(String(40))
    heading: Mapped[str] = mapped_column(String(80))
    column: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
