"""`migrate`: the database to the tables of this version."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.common import console, load_settings, stop_for
from storage import migrate as migrations


def migrate() -> None:
    """Migrates, and says from where to where. Running it again changes nothing."""
    url = load_settings().musubi_database_url
    if make_url(url).get_backend_name() == "sqlite":
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    try:
        before, after = migrations.migrate(url)
    except SQLAlchemyError as error:
        stop_for([f"MUSUBI_DATABASE_URL: the database can't be reached ({type(error).__name__}). Is it running?"])
    done = f"Migrated from {before or 'an empty database'} to {after}." if before != after else f"Already at {after}."
    console.print(done)
