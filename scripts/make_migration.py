"""Writes a migration for what the models have and the migrations don't: `make_migration.py "what changes"`."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alembic import command  # noqa: E402 - after the path is set

from storage.migrate import find_head, make_config  # noqa: E402


def main(message: str) -> None:
    """Migrates an empty SQLite file, compares, and writes the next revision, for reading and mending."""
    with tempfile.TemporaryDirectory() as folder:
        config = make_config(f"sqlite:///{folder}/empty.sqlite3")
        command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=f"{int(find_head() or 0) + 1:04}")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("say what changes"))
