"""The commands about topics as a script calls them: what they print, and their exit codes."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.app import App
from bot.cli.serve import read_profiles
from handlers.topics import Reader, load_vocabulary
from storage.models import Member
from storage.queries.topics import set_topics
from storage.uow import Store

Run = Callable[..., Result]

MENTORS = [
    {"id": "b", "text": "battery R&D。元・電池開発部"},
    {"id": "a", "text": "インド駐在3年、電池工場の立ち上げ"},
    {"id": "c", "text": "料理"},
    {"id": 7, "text": "料理"},
]
QUESTIONS = [{"id": "q1", "text": "電池開発"}, {"id": "q2", "text": "building a battery plant in India", "lang": "en"}]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the program in an empty folder, with nothing but the given variables set."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **variables: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300", **variables})

    return call


def write(folder: Path, mentors: Any = MENTORS, questions: Any = QUESTIONS) -> tuple[str, ...]:
    """Both files, and the arguments that name them."""
    for name, rows in (("mentors", mentors), ("questions", questions)):
        (folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return ("rank", "--mentors", str(folder / "mentors.json"), "--questions", str(folder / "questions.json"))


def test_rank_prints_all_mentors_in_order_with_scores_and_reasons(run: Run, tmp_path: Path) -> None:
    result = run(*write(tmp_path))
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.stdout)
    assert [first["id"], second["id"]] == ["q1", "q2"]
    assert [mentor["id"] for mentor in first["mentors"]] == ["b", "a", "7", "c"]
    assert second["mentors"][0]["id"] == "a"
    scores = [mentor["score"] for mentor in first["mentors"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0
    best = first["mentors"][0]["reasons"][0]
    assert (best["kind"], best["text"]) == ("same", "battery R&D")
    assert best["asked"] == best["offered"]
    assert best["offered"]["ja"] == "電池開発"
    assert first["mentors"][-1]["reasons"] == []


def test_rank_says_the_same_twice_and_in_another_order_of_the_file(run: Run, tmp_path: Path) -> None:
    arguments = write(tmp_path)
    once = run(*arguments).stdout
    assert run(*arguments).stdout == once
    write(tmp_path, MENTORS[::-1])
    assert run(*arguments).stdout == once


def test_rank_is_a_program_whose_output_is_json_alone(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "bot", *write(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root)
    assert len(json.loads(done.stdout)) == 2


def test_rank_of_nobody_and_nothing(run: Run, tmp_path: Path) -> None:
    assert json.loads(run(*write(tmp_path, [], QUESTIONS)).stdout) == [
        {"id": "q1", "mentors": []},
        {"id": "q2", "mentors": []},
    ]
    assert json.loads(run(*write(tmp_path, MENTORS, [])).stdout) == []


@pytest.mark.parametrize(
    ("mentors", "sentence"),
    [
        ({"id": "a"}, "mentors.json: must be a JSON list"),
        (["a"], "mentors.json: entry 1 must be"),
        ([{"id": "a"}], "mentors.json: entry 1 must be"),
        ([{"id": "a", "text": "x"}, {"id": None, "text": "x"}], "mentors.json: entry 2 must be"),
        ([{"id": True, "text": "x"}], "mentors.json: entry 1 must be"),
        ([{"id": "a", "text": 3}], "mentors.json: entry 1 must be"),
        ([{"id": "1", "text": "x"}, {"id": 1, "text": "y"}], "the id '1' comes twice"),
    ],
)
def test_rank_names_what_is_wrong_in_a_file(run: Run, tmp_path: Path, mentors: Any, sentence: str) -> None:
    result = run(*write(tmp_path, mentors))
    assert result.exit_code == 2
    assert sentence in result.output.replace("\n", "")
    assert "Traceback" not in result.output


def test_rank_names_a_file_that_is_missing_no_json_or_not_utf_8(run: Run, tmp_path: Path) -> None:
    arguments = write(tmp_path)
    questions = tmp_path / "questions.json"
    questions.write_text("[{]", "utf-8")
    assert "no JSON in line 1, column 3" in run(*arguments).output
    questions.write_bytes('[{"id": "a", "text": "電池"}]'.encode("cp932"))
    assert "not UTF-8" in run(*arguments).output
    questions.unlink()
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Is the name right?" in result.output


def test_explain_shows_concepts_in_both_languages_and_what_is_left_over(run: Run) -> None:
    result = run("topics", "explain", "インドでの電池R&Dと釣り")
    assert result.exit_code == 0
    for told in ("india", "インド", "India", "battery", "Left over: 釣り"):
        assert told in result.output


def test_explain_of_what_nobody_understands(run: Run) -> None:
    result = run("topics", "explain", "ホゲホゲ [bold]")
    assert result.exit_code == 0
    assert "No concept is named." in result.output
    assert "Left over: ホゲホゲ, bold" in result.output


def test_the_shipped_vocabulary_passes_the_check(run: Run) -> None:
    result = run("topics", "check")
    assert result.exit_code == 0, result.output
    assert " 0 errors" in result.output


def test_the_check_reads_the_companys_own_file_and_fails_for_an_error_in_it(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[own-thing]\nja = ["自社技術"]\nen = ["own thing"]\nbroader = ["nowhere"]\n', "utf-8")
    result = run("topics", "check", MUSUBI_TOPICS_FILE=str(own))
    assert result.exit_code == 1
    assert "[own-thing] broader: there is no concept 'nowhere'." in result.output
    explained = run("topics", "explain", "自社技術", MUSUBI_TOPICS_FILE=str(own))
    assert "own-thing" in explained.output


@pytest.mark.parametrize("arguments", [("topics", "check"), ("topics", "explain", "電池")])
def test_a_file_that_can_not_be_read_stops_the_command(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, MUSUBI_TOPICS_FILE=str(tmp_path / "nowhere.toml"))
    assert result.exit_code == 2
    assert "nowhere.toml" in result.output
    assert "Traceback" not in result.output


def test_doctor_tells_of_the_vocabulary_and_of_a_file_that_is_missing(run: Run, tmp_path: Path) -> None:
    assert "The vocabulary of topics has" in run("doctor").output
    result = run("doctor", MUSUBI_TOPICS_FILE=str(tmp_path / "nowhere.toml"))
    assert result.exit_code == 1
    assert "nowhere.toml" in result.output.replace("\n", "")


async def test_profiles_are_read_beside_the_work_so_that_nobody_waits_for_it(sqlite_url: str) -> None:
    reader = Reader(load_vocabulary())
    store = Store(sqlite_url)
    with store.begin() as db:
        member = Member(
            status="active", job="弁理士", department="電池開発部", created_at=datetime(2026, 11, 20, tzinfo=UTC)
        )
        db.session.add(member)
        db.session.flush()
        set_topics(db, member, ["battery R&D", "インド"])
    app = SimpleNamespace(store=store)
    await read_profiles(cast("App", app), reader)
    assert reader.glance.cache_info().currsize == 4
    await read_profiles(cast("App", app), reader)
    assert reader.glance.cache_info().hits == 4
    store.close()
