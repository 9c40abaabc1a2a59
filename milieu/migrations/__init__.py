"""Alembic's home: `env` runs the steps in `versions` on the connection that `milieu.database` hands over."""
