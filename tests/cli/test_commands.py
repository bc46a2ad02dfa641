"""The commands as a script calls them: what they say, and the exit codes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.cli.doctor import check_settings
from bot.settings import read_settings
from bot.ui import Message
from storage.migrate import find_head, find_revision
from storage.models import Account, Delivery
from storage.queries.outbox import Terms, post_to_account
from storage.uow import Store

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the program in an empty folder, with nothing but the given variables set."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **variables: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", **variables})

    return call


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("serve", "demo", "migrate", "import-leavers", "import-jobs", "doctor", "rank", "topics"):
        assert command in result.output


def test_serve_without_settings_lists_everything_that_is_missing(run: Run) -> None:
    result = run("serve")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN" in result.output
    assert "MUSUBI_SECRET is missing" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxp-1", "SLACK_SIGNING_SECRET": "s"}, "must begin with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "set SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "1"}, "must begin with xapp-"),
        ({"TEAMS_APP_ID": "a", "TEAMS_TENANT_ID": "t"}, "TEAMS_APP_PASSWORD is missing"),
        ({"TEAMS_APP_ID": "a", "TEAMS_APP_PASSWORD": "p"}, "TEAMS_TENANT_ID is missing"),
        (
            {"TEAMS_APP_ID": "a", "TEAMS_APP_PASSWORD": "p", "TEAMS_TENANT_ID": "t", "MUSUBI_TEAMS_EMULATOR": "1"},
            "MUSUBI_TEAMS_EMULATOR opens Teams without tokens",
        ),
        ({"SMTP_URL": "smtp://localhost"}, "MUSUBI_MAIL_FROM"),
        ({"MUSUBI_ZONE": "Tokyo"}, "Tokyo is no time zone"),
        ({"MUSUBI_PORT": "99999"}, "MUSUBI_PORT"),
        ({"MUSUBI_LANGUAGE": "fr"}, "MUSUBI_LANGUAGE"),
    ],
)
def test_settings_that_contradict_each_other_are_told_in_a_sentence(
    run: Run, variables: dict[str, str], sentence: str
) -> None:
    result = run("serve", **variables)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_all_problems_come_at_once(run: Run) -> None:
    result = run("serve", MUSUBI_ZONE="Tokyo", SLACK_APP_TOKEN="xapp-1", SMTP_URL="smtp://localhost")
    for sentence in ("Tokyo is no time zone", "SLACK_BOT_TOKEN is missing", "MUSUBI_MAIL_FROM"):
        assert sentence in result.output


def test_secrets_are_never_printed(run: Run) -> None:
    result = run("serve", SLACK_BOT_TOKEN="xoxp-very-private", SMTP_URL="smtp://user:very-private@host")
    assert "very-private" not in result.output


def test_migrate_makes_the_tables_and_then_changes_nothing(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/musubi.db"
    first, second = run("migrate", MUSUBI_DATABASE_URL=url), run("migrate", MUSUBI_DATABASE_URL=url)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "from an empty database" in first.output
    assert f"Already at {find_head()}" in second.output
    assert find_revision(url) == find_head()


def test_migrate_says_when_the_database_is_not_there(run: Run) -> None:
    result = run("migrate", MUSUBI_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert result.exit_code == 2
    assert "can't be reached" in result.output
    assert "Traceback" not in result.output


def test_doctor_without_settings_says_what_to_do_and_fails(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    for advice in ("MUSUBI_SECRET", "MUSUBI_HR", "MUSUBI_EMPLOYEE_DOMAINS", "python -m bot migrate"):
        assert advice in result.output


def test_doctor_tells_of_calendar_files_that_teams_can_not_have() -> None:
    given = {"teams_app_id": "app", "teams_app_password": "p" * 20, "teams_tenant_id": "t"}
    for url, told in (("", True), ("https://musubi.example.com", False)):
        findings = check_settings(read_settings(_env_file=None, musubi_public_url=url, **given))
        assert any(finding.title == "No calendar files on Teams" for finding in findings) == told


def test_doctor_with_a_bad_setting_shows_that_alone(run: Run) -> None:
    result = run("doctor", MUSUBI_ZONE="Tokyo")
    assert result.exit_code == 1
    assert "Tokyo is no time zone" in result.output


def test_doctor_tells_of_messages_that_wait_for_a_password(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'musubi.db'}"
    assert run("migrate", MUSUBI_DATABASE_URL=url).exit_code == 0
    long_ago, store = datetime(2020, 1, 1, tzinfo=UTC), Store(url)
    with store.begin() as db:
        account = Account(platform="email", external_id="a@mail.example", created_at=long_ago)
        db.session.add(account)
        db.session.flush()
        post_to_account(db, account, "ja", lambda: Message("x", ()), Terms("k", long_ago))
    assert "email: 1 messages wait" in flat(run("doctor", MUSUBI_DATABASE_URL=url))
    with store.begin() as db:
        db.session.exec(select(Delivery)).one().reason = "535 authentication failed"
    store.close()
    result = run("doctor", MUSUBI_DATABASE_URL=url)
    assert "535 authentication failed" in flat(result)
    assert result.exit_code == 1


def flat(result: Result) -> str:
    """What was printed, without the table's line breaks."""
    return " ".join(result.output.split())


def test_doctor_sees_a_migrated_database(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/musubi.db"
    run("migrate", MUSUBI_DATABASE_URL=url)
    result = run("doctor", MUSUBI_DATABASE_URL=url)
    assert f"Database at revision {find_head()}" in result.output
    assert "No message failed" in result.output


def test_serve_refuses_postgresql_with_other_tables(run: Run, empty_postgres_url: str) -> None:
    result = run(
        "serve",
        MUSUBI_DATABASE_URL=empty_postgres_url,
        MUSUBI_SECRET="s" * 40,
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
    )
    assert result.exit_code == 2
    assert "run `python -m bot migrate` first" in result.output
