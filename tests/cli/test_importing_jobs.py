"""`import-jobs` from the outside: what is said, what is kept, which exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from storage.models import Job, JobFeed
from storage.uow import Store

HEADINGS = "求人番号,題名,内容,雇用形態"
ROWS = tuple(f"{number},求人{number},内容,業務委託" for number in range(4))

Import = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that does not exist yet."""
    return f"sqlite:///{tmp_path}/var/musubi.db"


@pytest.fixture
def run(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Imports rows, or from somewhere, with the given options."""
    monkeypatch.chdir(tmp_path)

    def call(*rows: str, source: str = "", options: tuple[str, ...] = (), language: str = "ja") -> Result:
        file = tmp_path / "jobs.csv"
        file.write_text("\n".join((HEADINGS, *rows)), encoding="cp932")
        variables = {"COLUMNS": "200", "MUSUBI_DATABASE_URL": url, "MUSUBI_LANGUAGE": language}
        return CliRunner().invoke(app, ["import-jobs", source or str(file), *options], env=variables)

    return call


def states(url: str) -> list[str]:
    """The jobs that there are."""
    store = Store(url)
    with store.begin() as db:
        found = [job.state for job in db.session.exec(select(Job).order_by(col(Job.feed_id)))]
    store.close()
    return found


def test_a_good_feed_is_taken_over_and_the_second_time_changes_nothing(run: Import, url: str) -> None:
    first, second = run(*ROWS), run(*ROWS, language="en")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "追加4件、変更0件" in first.output
    assert "Added 0, changed 0, closed 0, opened 0 again, left 4 as they are." in second.output
    assert states(url) == ["open"] * 4


def test_a_dry_run_only_says_it(run: Import, url: str) -> None:
    assert "追加4件" in run(*ROWS, options=("--dry-run",)).output
    assert states(url) == []


def test_bad_rows_are_named_and_nothing_is_taken_over(run: Import, url: str) -> None:
    result = run(ROWS[0], "x,,内容,なにか")
    assert result.exit_code == 1
    assert "3行目：題名がありません。" in result.output
    assert "3行目：「なにか」は働き方として読めません" in result.output
    assert "何も取り込みませんでした" in result.output
    assert states(url) == []


def test_more_than_half_waits_for_hr(run: Import, url: str) -> None:
    run(*ROWS)
    result = run(ROWS[0])
    assert result.exit_code == 1
    assert "募集中4件のうち3件が終了になります" in result.output
    assert states(url) == ["open"] * 4
    store = Store(url)
    with store.begin() as db:
        feed = db.session.get_one(JobFeed, 1)
        assert len(feed.closing) == 3
        feed.agreed, feed.closing = feed.closing, []  # HR agrees on its page
    store.close()
    assert run(ROWS[0]).exit_code == 0
    assert states(url) == ["open", "closed", "closed", "closed"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("none.csv", "ファイルを読めませんでした"),
        ("http://x.example/", "httpsではない"),
        ("https://127.0.0.1/", "内部ネットワーク"),
    ],
)
def test_what_can_t_be_fetched_is_said(run: Import, source: str, said: str) -> None:
    result = run(source=source)
    assert result.exit_code == 1
    assert said in result.output
