"""`import-leavers` from the outside: what is said, what is kept, which exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from storage.models import RosterEntry
from storage.uow import Store

HEADINGS = "社員番号,氏名,退職日,メール"
GOOD = "1001,佐藤 美咲,2026/11/30,misaki@example.com"
BAD = "1002,田中 健一,13月1日,ken@example.com"

Import = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that does not exist yet."""
    return f"sqlite:///{tmp_path}/var/musubi.db"


@pytest.fixture
def run(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Imports rows, or a file as it is, with the given options."""
    monkeypatch.chdir(tmp_path)

    def call(*rows: str, options: tuple[str, ...] = (), data: bytes | None = None, language: str = "ja") -> Result:
        file = tmp_path / "leavers.csv"
        file.write_bytes(data if data is not None else "\n".join((HEADINGS, *rows)).encode())
        variables = {"COLUMNS": "200", "MUSUBI_DATABASE_URL": url, "MUSUBI_LANGUAGE": language}
        return CliRunner().invoke(app, ["import-leavers", str(file), *options], env=variables)

    return call


def count(url: str) -> int:
    """How many people are in the roster."""
    store = Store(url)
    with store.begin() as db:
        found = db.session.exec(select(func.count()).select_from(RosterEntry)).one()
    store.close()
    return found


def test_a_good_file_is_imported_and_the_second_time_changes_nothing(run: Import, url: str) -> None:
    first, second = run(GOOD), run(GOOD)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "1人を追加" in first.output
    assert "0人を追加" in second.output
    assert count(url) == 1


def test_a_bad_row_is_named_and_nothing_is_imported(run: Import, url: str) -> None:
    result = run(GOOD, BAD)
    assert result.exit_code == 1
    assert "3" in result.output
    assert "13月1日" in result.output
    assert "取り込みませんでした" in result.output
    assert count(url) == 0


def test_bad_rows_can_be_left_out(run: Import, url: str) -> None:
    result = run(GOOD, BAD, options=("--skip-bad-rows",))
    assert result.exit_code == 1
    assert "13月1日" in result.output
    assert count(url) == 1


def test_a_dry_run_writes_nothing(run: Import, url: str) -> None:
    result = run(GOOD, options=("--dry-run",), language="en")
    assert result.exit_code == 0
    assert "It would add 1" in result.output
    assert count(url) == 0


def test_excel_s_japanese_encoding_is_read(run: Import, url: str) -> None:
    result = run(data=f"{HEADINGS}\r\n{GOOD}".encode("cp932"))
    assert result.exit_code == 0
    assert "CP932" in result.output, "what it was read as"
    assert count(url) == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rest", b"\xff\xfe\x00\x00", b"a,b\n1,2"], ids=repr)
def test_what_is_no_list_of_leavers_is_refused_in_words(run: Import, url: str, data: bytes) -> None:
    result = run(data=data, options=("--skip-bad-rows",))
    assert result.exit_code == 1
    assert "取り込みませんでした" in result.output
    assert "Traceback" not in result.output
    assert count(url) == 0


def test_markup_in_a_cell_is_shown_as_it_is(run: Import) -> None:
    result = run("1001,[red]佐藤[/red],[bold]いつか,a@example.com")
    assert result.exit_code == 1
    assert "[bold]いつか" in result.output


def test_a_file_that_is_not_there(tmp_path: Path, url: str) -> None:
    result = CliRunner().invoke(app, ["import-leavers", str(tmp_path / "no.csv")], env={"MUSUBI_DATABASE_URL": url})
    assert result.exit_code == 2
    assert "Is the name right?" in result.output
