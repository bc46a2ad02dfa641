"""The budget and the habits hold in this repository, and each check sees what it is for."""

import importlib
from pathlib import Path

import pytest

from tests.architecture.habits import asks_the_time, feature_folders, reads_the_environment, too_long

ROOT = Path(__file__).parents[2]


def plant(root: Path, path: str, source: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")


def test_files_and_functions_keep_the_budget() -> None:
    assert list(too_long(ROOT)) == []


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    assert list(asks_the_time(ROOT)) == []


def test_only_the_settings_read_the_environment() -> None:
    assert list(reads_the_environment(ROOT)) == []


def test_every_feature_is_in_the_one_list() -> None:
    features = importlib.import_module("handlers").FEATURES
    assert feature_folders(ROOT) <= {feature.name for feature in features}


@pytest.mark.parametrize(("lines", "problems"), [(400, 0), (401, 1)])
def test_a_file_may_have_400_lines(tmp_path: Path, lines: int, problems: int) -> None:
    plant(tmp_path, "bot/x.py", "a = 1\n" * lines)
    assert len(list(too_long(tmp_path))) == problems


@pytest.mark.parametrize(("lines", "problems"), [(60, 0), (61, 1)])
@pytest.mark.parametrize("head", ["def long():\n", "async def long():\n"])
def test_a_function_may_have_60_lines(tmp_path: Path, head: str, lines: int, problems: int) -> None:
    plant(tmp_path, "tests/x.py", head + "    a = 1\n" * (lines - 1))
    assert len(list(too_long(tmp_path))) == problems


def test_a_migration_may_be_as_long_as_its_tables(tmp_path: Path) -> None:
    plant(tmp_path, "storage/migrations/versions/0001_x.py", "def upgrade():\n" + "    a = 1\n" * 500)
    assert list(too_long(tmp_path)) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)\n",
        "import datetime as dt\ndt.datetime.utcnow()\n",
        "import time\ntime.time()\n",
        "from datetime import date\nfactory(default=date.today)\n",
    ],
)
def test_asking_the_time_is_seen(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "handlers/coffee/rules.py", source)
    (problem,) = asks_the_time(tmp_path)
    assert problem.startswith("handlers/coffee/rules.py:2: ")


def test_the_clock_may_ask_and_waiting_may_use_monotonic_time(tmp_path: Path) -> None:
    plant(tmp_path, "bot/clock.py", "datetime.now(UTC)\n")
    plant(tmp_path, "adapters/slack/outbound.py", "time.monotonic()\nclock.now()\n")
    assert list(asks_the_time(tmp_path)) == []


@pytest.mark.parametrize("source", ["import os\nos.environ['A']\n", "import os\nos.getenv('A')\n"])
def test_reading_the_environment_is_seen(tmp_path: Path, source: str) -> None:
    plant(tmp_path, "adapters/slack/inbound.py", source)
    (problem,) = reads_the_environment(tmp_path)
    assert problem.endswith("only the settings read the environment")


def test_a_feature_is_a_folder_with_an_init(tmp_path: Path) -> None:
    plant(tmp_path, "handlers/coffee/__init__.py", "")
    plant(tmp_path, "handlers/help.py", "")
    plant(tmp_path, "handlers/__init__.py", "")
    assert feature_folders(tmp_path) == {"coffee"}
