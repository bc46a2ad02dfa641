"""The check sees each way in which models and migrations can part; shown on a set of its own, on both databases."""

from pathlib import Path

import pytest

from scripts import check_migrations
from scripts.check_migrations import differences

ENV = """
from alembic import context
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine

metadata = MetaData()
Table("member", metadata, Column("id", Integer, primary_key=True), {columns})
engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = {revision!r}, {before!r}
branch_labels = depends_on = None

def upgrade():
    {body}
"""

CREATE = "op.create_table('member', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String))"
NAME = 'Column("name", String)'


class Migrations:
    """A small folder of migrations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "versions").mkdir(parents=True)
        self.models(NAME)

    def models(self, columns: str) -> None:
        (self.folder / "env.py").write_text(ENV.format(columns=columns))

    def add(self, revision: str, before: str | None, body: str) -> None:
        text = MIGRATION.format(revision=revision, before=before, body=body)
        (self.folder / "versions" / f"{revision}.py").write_text(text)


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    made = Migrations(tmp_path / "migrations")
    made.add("one", None, CREATE)
    return made


def test_the_models_of_this_repository_have_their_migrations(empty_database_url: str) -> None:
    assert differences(empty_database_url) == []


def test_migrations_that_give_the_models_pass(migrations: Migrations, empty_database_url: str) -> None:
    assert differences(empty_database_url, migrations.folder) == []


def test_a_column_without_a_migration_is_named(migrations: Migrations, empty_database_url: str) -> None:
    migrations.models(f'{NAME}, Column("city", String)')
    (found,) = differences(empty_database_url, migrations.folder)
    assert "add_column" in found
    assert "city" in found


def test_a_column_that_no_model_has_is_named(migrations: Migrations, empty_database_url: str) -> None:
    migrations.add("two", "one", "op.add_column('member', sa.Column('old', sa.String))")
    (found,) = differences(empty_database_url, migrations.folder)
    assert "remove_column" in found


def test_two_ends_are_named_before_anything_runs(migrations: Migrations, empty_sqlite_url: str) -> None:
    migrations.add("two", "one", "pass")
    migrations.add("three", "one", "pass")
    assert differences(empty_sqlite_url, migrations.folder) == [
        "migrations must form one line; this has 2 ends: three, two"
    ]
    assert not Path(empty_sqlite_url.removeprefix("sqlite:///")).exists()


def test_the_program_says_what_differs(
    migrations: Migrations, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_migrations.differences, "__defaults__", (migrations.folder,))
    assert check_migrations.main() == 0
    migrations.models(f'{NAME}, Column("city", String)')
    assert check_migrations.main() == 1
    assert "city" in capsys.readouterr().err
