"""Bringing a database to today's tables."""

from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.engine import make_engine

_FOLDER = Path(__file__).parent / "migrations"


def make_config(url: str) -> Config:
    """Alembic's configuration for the database at `url`."""
    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> tuple[str, str]:
    """Brings the database at `url` up to date; returns the revisions before and after ("" for an empty database)."""
    before = find_revision(url)
    command.upgrade(make_config(url), "head")
    return before, find_head()


def find_revision(url: str) -> str:
    """The database's revision, "" when it has no tables yet."""
    engine = make_engine(url)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision or ""


def find_head() -> str:
    """The newest revision of this code."""
    return ScriptDirectory.from_config(make_config("")).get_current_head() or ""
