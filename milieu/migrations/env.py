"""Run by Alembic, always on a connection (and inside a transaction) that `milieu.database` opened."""

from alembic import context

from milieu.migrations.directives import prepare, render
from milieu.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
    process_revision_directives=prepare,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
