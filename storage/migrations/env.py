"""What Alembic runs: today's models against the database named in its configuration."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel

import storage.models
from storage.engine import make_engine
from storage.types import UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Writes our column types as plain ones: a migration must not change when the code's types do."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


assert storage.models  # noqa: S101 - importing it makes the tables known


def migrate() -> None:
    """Runs the migrations in one transaction."""
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


migrate()
