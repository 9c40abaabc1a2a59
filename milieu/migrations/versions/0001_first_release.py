"""The first release's tables.

The first revision; until the first release it is written anew when a table changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("is_made_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("key", name=op.f("uq_community_key")),
    )
    op.create_table(
        "installation_note",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_note")),
    )
    op.create_table(
        "lease",
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_lease")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "activity",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("sessions_min", sa.Integer(), nullable=False),
        sa.Column("sessions_max", sa.Integer(), nullable=False),
        sa.Column("one_per_day", sa.Boolean(), nullable=False),
        sa.Column("min_group", sa.Integer(), nullable=False),
        sa.Column("max_group", sa.Integer(), nullable=False),
        sa.Column("facilitators", sa.Integer(), nullable=False),
        sa.Column("needs_skills", sa.JSON(), nullable=False),
        sa.Column("needs_features", sa.JSON(), nullable=False),
        sa.Column("noise", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_activity_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_activity")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_activity_community_id_key")),
    )
    op.create_table(
        "change",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_change_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_at"), ["at"], unique=False)

    op.create_table(
        "community_settings",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("publish_minute", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("plan_seconds", sa.Integer(), nullable=False),
        sa.Column("repair_seconds", sa.Integer(), nullable=False),
        sa.Column("programme_min_sessions_per_day", sa.Integer(), nullable=False),
        sa.Column("separate_cohorts", sa.Boolean(), nullable=False),
        sa.Column("weights", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("repair_weights", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("escorts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("travel", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_community_settings_community_id")),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_community_settings")),
    )
    op.create_table(
        "facilitator",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("max_sessions_per_day", sa.Integer(), nullable=False),
        sa.Column("gap_minutes", sa.Integer(), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_facilitator_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_facilitator")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_facilitator_community_id_key")),
    )
    op.create_table(
        "handled_request",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_handled_request_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_handled_request")),
        sa.UniqueConstraint(
            "community_id", "account_id", "key", name=op.f("uq_handled_request_community_id_account_id_key")
        ),
    )
    op.create_table(
        "living_group",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_living_group_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_living_group")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_living_group_community_id_key")),
    )
    op.create_table(
        "publication",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=26), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("previous_id", sa.String(length=26), nullable=True),
        sa.Column("plan_id", sa.String(length=26), nullable=True),
        sa.Column("run_id", sa.String(length=26), nullable=True),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("objective", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "previous_id"],
            ["publication.community_id", "publication.id"],
            name=op.f("fk_publication_community_id_previous_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_publication_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_publication")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_publication_community_id_number")),
        sa.UniqueConstraint(
            "community_id", "week_start", "input_hash", name=op.f("uq_publication_community_id_week_start_input_hash")
        ),
    )
    op.create_table(
        "relative",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_relative_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_relative")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_relative_community_id_key")),
    )
    op.create_table(
        "run",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("open_week", sa.String(length=10), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=26), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("adoptions", sa.Integer(), nullable=False),
        sa.Column("stop_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_limit", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("objective", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("facts_digest", sa.String(length=64), nullable=True),
        sa.Column("because", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("plan_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_run_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_run")),
        sa.UniqueConstraint("community_id", "open_week", name=op.f("uq_run_community_id_open_week")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_state"), ["state"], unique=False)

    op.create_table(
        "session_held",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("session_ref", sa.String(length=80), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("was_held", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_session_held_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_session_held")),
        sa.UniqueConstraint(
            "community_id", "session_ref", "number", name=op.f("uq_session_held_community_id_session_ref_number")
        ),
    )
    with op.batch_alter_table("session_held", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_held_session_ref"), ["session_ref"], unique=False)

    op.create_table(
        "space",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("wheelchair_places", sa.Integer(), nullable=True),
        sa.Column("comfort", sa.Integer(), nullable=True),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("noise", sa.Integer(), nullable=False),
        sa.Column("turnaround_minutes", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_space_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_space")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_space_community_id_key")),
    )
    op.create_table(
        "absence",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("facilitator_id", sa.String(length=26), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_absence_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_absence_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_facilitator_id"), ["facilitator_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("relative_id", sa.String(length=26), nullable=True),
        sa.Column("facilitator_id", sa.String(length=26), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_account_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "relative_id"],
            ["relative.community_id", "relative.id"],
            name=op.f("fk_account_community_id_relative_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_account_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("community_id", "id", name=op.f("uq_account_community_id_id")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_community_id"), ["community_id"], unique=False)

    op.create_table(
        "activity_hours",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_activity_hours_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_activity_hours_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_activity_hours")),
    )
    with op.batch_alter_table("activity_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_hours_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "group_aim",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("living_group_id", sa.String(length=26), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("min_sessions", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "living_group_id"],
            ["living_group.community_id", "living_group.id"],
            name=op.f("fk_group_aim_community_id_living_group_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_group_aim_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_group_aim")),
    )
    with op.batch_alter_table("group_aim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_aim_living_group_id"), ["living_group_id"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "publication_id"],
            ["publication.community_id", "publication.id"],
            name=op.f("fk_ledger_entry_community_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_ledger_entry_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "community_id", "local_day", "kind", name=op.f("uq_ledger_entry_community_id_local_day_kind")
        ),
    )
    op.create_table(
        "outbreak",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("living_group_id", sa.String(length=26), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "living_group_id"],
            ["living_group.community_id", "living_group.id"],
            name=op.f("fk_outbreak_community_id_living_group_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_outbreak_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_outbreak")),
    )
    with op.batch_alter_table("outbreak", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbreak_living_group_id"), ["living_group_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=True),
        sa.Column("run_id", sa.String(length=26), nullable=True),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("facts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objective", sa.Integer(), nullable=False),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "run_id"], ["run.community_id", "run.id"], name=op.f("fk_plan_community_id_run_id")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_plan_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_week_start"), ["week_start"], unique=False)
        batch_op.create_index(
            "uq_plan_draft",
            ["community_id", "week_start"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "published_day",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "publication_id"],
            ["publication.community_id", "publication.id"],
            name=op.f("fk_published_day_community_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "on_date", name=op.f("pk_published_day")),
    )
    op.create_table(
        "published_session",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("space_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("space_name", sa.String(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("is_visit", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_published_session_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "publication_id"],
            ["publication.community_id", "publication.id"],
            name=op.f("fk_published_session_community_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_published_session_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_published_session_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_published_session")),
        sa.UniqueConstraint(
            "community_id", "publication_id", "ref", name=op.f("uq_published_session_community_id_publication_id_ref")
        ),
    )
    with op.batch_alter_table("published_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_session_on_date"), ["on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_session_publication_id"), ["publication_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_session_ref"), ["ref"], unique=False)

    op.create_table(
        "resident",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("pronoun", sa.String(length=8), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("living_group_id", sa.String(length=26), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=20), nullable=True),
        sa.Column("is_short_stay", sa.Boolean(), nullable=False),
        sa.Column("wheelchair", sa.Boolean(), nullable=False),
        sa.Column("escort", sa.Boolean(), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("noise_max", sa.Integer(), nullable=False),
        sa.Column("needs_familiar", sa.Boolean(), nullable=False),
        sa.Column("zone_locked", sa.Boolean(), nullable=False),
        sa.Column("rest_minutes", sa.Integer(), nullable=False),
        sa.Column("max_per_day", sa.Integer(), nullable=True),
        sa.Column("sessions_min", sa.Integer(), nullable=False),
        sa.Column("sessions_max", sa.Integer(), nullable=True),
        sa.Column("times", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("invite_how", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "living_group_id"],
            ["living_group.community_id", "living_group.id"],
            name=op.f("fk_resident_community_id_living_group_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_resident_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_resident")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_resident_community_id_key")),
    )
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resident_living_group_id"), ["living_group_id"], unique=False)

    op.create_table(
        "roster",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("facilitator_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_roster_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_roster_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_roster")),
    )
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_facilitator_id"), ["facilitator_id"], unique=False)

    op.create_table(
        "space_closure",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("space_id", sa.String(length=26), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_space_closure_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_space_closure_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_space_closure")),
    )
    with op.batch_alter_table("space_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_closure_space_id"), ["space_id"], unique=False)

    op.create_table(
        "space_hours",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("space_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_space_hours_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_space_hours_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_space_hours")),
    )
    with op.batch_alter_table("space_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_hours_space_id"), ["space_id"], unique=False)

    op.create_table(
        "space_relation",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("space_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "other_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_space_relation_community_id_other_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_space_relation_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_space_relation_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_space_relation")),
        sa.UniqueConstraint(
            "community_id",
            "kind",
            "space_id",
            "other_id",
            name=op.f("uq_space_relation_community_id_kind_space_id_other_id"),
        ),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("role_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_account_role_role_id")),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    op.create_table(
        "activity_member",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_activity_member_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_activity_member_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_activity_member_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_activity_member")),
        sa.UniqueConstraint(
            "community_id",
            "activity_id",
            "resident_id",
            name=op.f("uq_activity_member_community_id_activity_id_resident_id"),
        ),
    )
    with op.batch_alter_table("activity_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_member_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_member_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("session_ref", sa.String(length=80), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=True),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("was_invited", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_attendance_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_attendance_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_attendance_community_id_key")),
        sa.UniqueConstraint(
            "community_id",
            "session_ref",
            "resident_id",
            "number",
            name=op.f("uq_attendance_community_id_session_ref_resident_id_number"),
        ),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_on_date"), ["on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_session_ref"), ["session_ref"], unique=False)

    op.create_table(
        "calm_time",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("noise_max", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_calm_time_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_calm_time_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_calm_time")),
    )
    with op.batch_alter_table("calm_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calm_time_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "charted_limit",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("charted_by", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("space_id", sa.String(length=26), nullable=True),
        sa.Column("facilitator_id", sa.String(length=26), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN space_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN facilitator_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_charted_limit_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_charted_limit_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_charted_limit_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_charted_limit_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_charted_limit_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_charted_limit_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_charted_limit")),
    )
    with op.batch_alter_table("charted_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charted_limit_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("relative_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "relative_id"],
            ["relative.community_id", "relative.id"],
            name=op.f("fk_consent_community_id_relative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_consent_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_consent_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_relative_id"), ["relative_id"], unique=False)

    op.create_table(
        "familiar_face",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("facilitator_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_familiar_face_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_familiar_face_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_familiar_face_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_familiar_face")),
    )
    with op.batch_alter_table("familiar_face", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_familiar_face_facilitator_id"), ["facilitator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_familiar_face_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("published_session_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "published_session_id"],
            ["published_session.community_id", "published_session.id"],
            name=op.f("fk_invitation_community_id_published_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_invitation_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_invitation_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "community_id",
            "published_session_id",
            "resident_id",
            name=op.f("uq_invitation_community_id_published_session_id_resident_id"),
        ),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_published_session_id"), ["published_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "kinship",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("relative_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("resident_is", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "relative_id"],
            ["relative.community_id", "relative.id"],
            name=op.f("fk_kinship_community_id_relative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_kinship_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_kinship_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_kinship")),
        sa.UniqueConstraint(
            "community_id", "relative_id", "resident_id", name=op.f("uq_kinship_community_id_relative_id_resident_id")
        ),
    )
    with op.batch_alter_table("kinship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kinship_relative_id"), ["relative_id"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "account_id"],
            ["account.community_id", "account.id"],
            name=op.f("fk_outbox_message_community_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "publication_id"],
            ["publication.community_id", "publication.id"],
            name=op.f("fk_outbox_message_community_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_outbox_message_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint(
            "community_id",
            "publication_id",
            "account_id",
            "kind",
            name=op.f("uq_outbox_message_community_id_publication_id_account_id_kind"),
        ),
    )
    op.create_table(
        "pin",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("session_ref", sa.String(length=80), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=True),
        sa.Column("fixed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_by", sa.String(length=26), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_pin_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pin_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_pin")),
    )
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pin_week_start"), ["week_start"], unique=False)

    op.create_table(
        "plan_session",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("space_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_plan_session_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "plan_id"],
            ["plan.community_id", "plan.id"],
            name=op.f("fk_plan_session_community_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_plan_session_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_plan_session_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_plan_session")),
        sa.UniqueConstraint("community_id", "plan_id", "ref", name=op.f("uq_plan_session_community_id_plan_id_ref")),
    )
    with op.batch_alter_table("plan_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_session_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "published_leader",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("published_session_id", sa.String(length=26), nullable=False),
        sa.Column("facilitator_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_published_leader_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "published_session_id"],
            ["published_session.community_id", "published_session.id"],
            name=op.f("fk_published_leader_community_id_published_session_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_published_leader_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_published_leader")),
    )
    with op.batch_alter_table("published_leader", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_published_leader_published_session_id"), ["published_session_id"], unique=False
        )

    op.create_table(
        "refusal",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("space_id", sa.String(length=26), nullable=True),
        sa.Column("facilitator_id", sa.String(length=26), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN space_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN facilitator_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_refusal_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_refusal_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_refusal_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_refusal_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "space_id"],
            ["space.community_id", "space.id"],
            name=op.f("fk_refusal_community_id_space_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_refusal_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_refusal")),
    )
    with op.batch_alter_table("refusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refusal_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "requirement",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("times_a_week", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_requirement_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_requirement_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_requirement_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_requirement")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requirement_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "resident_busy",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_resident_busy_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_resident_busy_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_resident_busy")),
    )
    with op.batch_alter_table("resident_busy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resident_busy_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "resident_read",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_resident_read_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_resident_read_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_resident_read")),
    )
    with op.batch_alter_table("resident_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resident_read_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_resident_read_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_attempt_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "target",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("min_sessions", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_target_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_target_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "tie",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=False),
        sa.Column("is_apart", sa.Boolean(), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("resident_id < other_id", name=op.f("ck_tie_ordered")),
        sa.ForeignKeyConstraint(
            ["community_id", "other_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_tie_community_id_other_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_tie_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_tie_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_tie")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "wish",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.String(length=20), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_wish_community_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_wish_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_wish_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_wish")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wish_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "plan_leader",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("plan_session_id", sa.String(length=26), nullable=False),
        sa.Column("facilitator_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "facilitator_id"],
            ["facilitator.community_id", "facilitator.id"],
            name=op.f("fk_plan_leader_community_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "plan_session_id"],
            ["plan_session.community_id", "plan_session.id"],
            name=op.f("fk_plan_leader_community_id_plan_session_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_plan_leader_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_plan_leader")),
    )
    with op.batch_alter_table("plan_leader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_leader_plan_session_id"), ["plan_session_id"], unique=False)

    op.create_table(
        "plan_place",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("plan_session_id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "plan_session_id"],
            ["plan_session.community_id", "plan_session.id"],
            name=op.f("fk_plan_place_community_id_plan_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_plan_place_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_plan_place_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_plan_place")),
        sa.UniqueConstraint(
            "community_id",
            "plan_session_id",
            "resident_id",
            name=op.f("uq_plan_place_community_id_plan_session_id_resident_id"),
        ),
    )
    with op.batch_alter_table("plan_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_place_plan_session_id"), ["plan_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_place_resident_id"), ["resident_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("plan_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_place_resident_id"))
        batch_op.drop_index(batch_op.f("ix_plan_place_plan_session_id"))

    op.drop_table("plan_place")
    with op.batch_alter_table("plan_leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_leader_plan_session_id"))

    op.drop_table("plan_leader")
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wish_resident_id"))

    op.drop_table("wish")
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tie_resident_id"))
        batch_op.drop_index(batch_op.f("ix_tie_other_id"))

    op.drop_table("tie")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_resident_id"))

    op.drop_table("target")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("resident_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resident_read_resident_id"))
        batch_op.drop_index(batch_op.f("ix_resident_read_at"))

    op.drop_table("resident_read")
    with op.batch_alter_table("resident_busy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resident_busy_resident_id"))

    op.drop_table("resident_busy")
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requirement_resident_id"))

    op.drop_table("requirement")
    with op.batch_alter_table("refusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refusal_resident_id"))

    op.drop_table("refusal")
    with op.batch_alter_table("published_leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_leader_published_session_id"))

    op.drop_table("published_leader")
    with op.batch_alter_table("plan_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_session_plan_id"))

    op.drop_table("plan_session")
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pin_week_start"))

    op.drop_table("pin")
    op.drop_table("outbox_message")
    with op.batch_alter_table("kinship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kinship_relative_id"))

    op.drop_table("kinship")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_resident_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_published_session_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("familiar_face", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_familiar_face_resident_id"))
        batch_op.drop_index(batch_op.f("ix_familiar_face_facilitator_id"))

    op.drop_table("familiar_face")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_relative_id"))

    op.drop_table("consent")
    with op.batch_alter_table("charted_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charted_limit_resident_id"))

    op.drop_table("charted_limit")
    with op.batch_alter_table("calm_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calm_time_resident_id"))

    op.drop_table("calm_time")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_session_ref"))
        batch_op.drop_index(batch_op.f("ix_attendance_resident_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_on_date"))

    op.drop_table("attendance")
    with op.batch_alter_table("activity_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_member_resident_id"))
        batch_op.drop_index(batch_op.f("ix_activity_member_activity_id"))

    op.drop_table("activity_member")
    op.drop_table("account_role")
    op.drop_table("space_relation")
    with op.batch_alter_table("space_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_space_hours_space_id"))

    op.drop_table("space_hours")
    with op.batch_alter_table("space_closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_space_closure_space_id"))

    op.drop_table("space_closure")
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_facilitator_id"))

    op.drop_table("roster")
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resident_living_group_id"))

    op.drop_table("resident")
    with op.batch_alter_table("published_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_session_ref"))
        batch_op.drop_index(batch_op.f("ix_published_session_publication_id"))
        batch_op.drop_index(batch_op.f("ix_published_session_on_date"))

    op.drop_table("published_session")
    op.drop_table("published_day")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plan_draft", sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'")
        )
        batch_op.drop_index(batch_op.f("ix_plan_week_start"))

    op.drop_table("plan")
    with op.batch_alter_table("outbreak", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbreak_living_group_id"))

    op.drop_table("outbreak")
    op.drop_table("ledger_entry")
    with op.batch_alter_table("group_aim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_aim_living_group_id"))

    op.drop_table("group_aim")
    with op.batch_alter_table("activity_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_hours_activity_id"))

    op.drop_table("activity_hours")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_community_id"))

    op.drop_table("account")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_facilitator_id"))

    op.drop_table("absence")
    op.drop_table("space")
    with op.batch_alter_table("session_held", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_held_session_ref"))

    op.drop_table("session_held")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_state"))

    op.drop_table("run")
    op.drop_table("relative")
    op.drop_table("publication")
    op.drop_table("living_group")
    op.drop_table("handled_request")
    op.drop_table("facilitator")
    op.drop_table("community_settings")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_at"))

    op.drop_table("change")
    op.drop_table("activity")
    op.drop_table("role")
    op.drop_table("lease")
    op.drop_table("installation_note")
    op.drop_table("community")
