"""The borders hold in this repository, and the check that says so sees a violation when there is one."""

from pathlib import Path

import pytest

from tests.architecture.borders import find_violations

ROOT = Path(__file__).parents[2]


def test_no_import_crosses_a_border() -> None:
    assert find_violations(ROOT) == []


def test_the_check_reads_this_repository() -> None:
    assert (ROOT / "bot" / "ui.py").exists()


ALLOWED = {
    "bot/ui.py": ["import dataclasses", "import structlog"],
    "bot/i18n.py": ["from bot.ui import Para", "from . import ui"],
    "bot/app.py": [
        "import slack_bolt, sqlalchemy",
        "from adapters.slack import A",
        "from handlers.coffee import rules",
    ],
    "bot/__main__.py": ["from bot.app import build", "from bot.cli.serve import serve"],
    "bot/cli/serve.py": ["from adapters.teams import TeamsAdapter", "from storage import uow"],
    "adapters/slack/limits.py": ["LABEL = 75"],
    "adapters/slack/render.py": [
        "import slack_sdk, aiohttp",
        "from bot import ui",
        "from adapters.slack.limits import A",
    ],
    "adapters/teams/inbound.py": ["from botbuilder.core import TurnContext", "from . import tokens"],
    "adapters/email/outbound.py": ["import aiosmtplib"],
    "storage/engine.py": ["import sqlalchemy, sqlmodel", "from bot import clock"],
    "storage/queries/outbox.py": ["from storage.engine import make_engine"],
    "storage/migrations/env.py": ["from alembic import context"],
    "handlers/__init__.py": ["from handlers import coffee", "from handlers.help import FEATURE"],
    "handlers/help.py": ["from bot import ui"],
    "handlers/coffee/__init__.py": ["from handlers.coffee.rules import pair"],
    "handlers/coffee/rules.py": ["from . import views", "from storage.queries import outbox"],
    "handlers/coffee/views.py": ["import handlers.help", "from handlers.onboarding import is_member"],
    "handlers/onboarding/__init__.py": ["def is_member(): ..."],
    "handlers/onboarding/rules.py": [],
    "matching/flow.py": ["import ortools, numpy", "from matching.people import People"],
    "handlers/coffee/jobs.py": ["from matching.people import People"],
    "scheduler/ticker.py": ["from apscheduler.events import E", "from handlers import FEATURES"],
    "scheduler/slots.py": [
        "from storage.queries import outbox",
        "from bot import clock",
        "from scheduler import ticker",
    ],
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small repository in which every import is allowed."""
    for path, lines in ALLOWED.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return tmp_path


def test_what_is_allowed_passes(tree: Path) -> None:
    assert find_violations(tree) == []


@pytest.mark.parametrize(
    ("path", "source", "problem"),
    [
        ("bot/ui.py", "from storage.engine import make_engine", "bot may not import storage"),
        ("bot/ui.py", "import handlers", "bot may not import handlers"),
        ("bot/ui.py", "from adapters import slack", "bot may not import adapters"),
        ("bot/routing.py", "from bot.app import build", "nobody imports the composition root"),
        ("handlers/help.py", "from bot import app", "nobody imports the composition root"),
        ("handlers/help.py", "from bot.cli.serve import serve", "nobody imports the composition root"),
        ("adapters/slack/x.py", "from storage import queries", "adapters may not import storage"),
        ("adapters/slack/x.py", "from handlers import FEATURES", "adapters may not import handlers"),
        ("adapters/slack/x.py", "import scheduler.ticker", "adapters may not import scheduler"),
        ("adapters/slack/x.py", "from adapters.teams import tokens", "each platform stands alone"),
        ("adapters/slack/x.py", "from adapters import teams", "each platform stands alone"),
        ("adapters/slack/x.py", "from ..teams import tokens", "each platform stands alone"),
        ("storage/x.py", "from handlers import FEATURES", "storage may not import handlers"),
        ("storage/x.py", "import scheduler", "storage may not import scheduler"),
        ("handlers/coffee/x.py", "import adapters.slack", "handlers may not import adapters"),
        ("handlers/coffee/x.py", "import scheduler", "handlers may not import scheduler"),
        ("handlers/coffee/x.py", "from handlers.onboarding.rules import check", "only through its __init__"),
        ("handlers/coffee/x.py", "from handlers.onboarding import rules", "only through its __init__"),
        ("handlers/coffee/x.py", "import handlers.onboarding.rules", "only through its __init__"),
        ("handlers/coffee/x.py", "from ..onboarding import rules", "only through its __init__"),
        ("handlers/help.py", "from handlers.onboarding import rules", "only through its __init__"),
        ("scheduler/x.py", "from handlers.coffee import rules", "takes only FEATURES from handlers"),
        ("scheduler/x.py", "import handlers", "takes only FEATURES from handlers"),
        ("scheduler/x.py", "import adapters", "scheduler may not import adapters"),
        ("scheduler/slots.py", "import apscheduler", "apscheduler stays in scheduler/ticker.py"),
        ("handlers/coffee/x.py", "import slack_sdk", "slack_sdk stays in adapters/slack/"),
        ("adapters/teams/x.py", "import slack_bolt", "slack_bolt stays in adapters/slack/"),
        ("bot/ui.py", "from botbuilder.schema import Activity", "botbuilder stays in adapters/teams/"),
        ("handlers/coffee/x.py", "from sqlmodel import select", "sqlmodel stays in storage/"),
        ("scheduler/x.py", "from sqlalchemy import text", "sqlalchemy stays in storage/"),
        ("handlers/coffee/x.py", "import aiosmtplib", "aiosmtplib stays in adapters/email/"),
        ("matching/x.py", "from bot import clock", "matching may not import bot"),
        ("matching/x.py", "from handlers import FEATURES", "matching may not import handlers"),
        ("scheduler/x.py", "import matching.people", "scheduler may not import matching"),
        ("handlers/coffee/x.py", "from ortools.sat import cp_model", "ortools stays in matching/"),
        ("bot/ui.py", "def f():\n    import storage", "bot may not import storage"),
        ("bot/ui.py", "if TYPE_CHECKING:\n    from storage import uow", "bot may not import storage"),
    ],
)
def test_a_violation_is_named_with_its_place(tree: Path, path: str, source: str, problem: str) -> None:
    (tree / path).write_text(source + "\n", encoding="utf-8")
    (found,) = find_violations(tree)
    assert found.startswith(f"{path}:")
    assert found.endswith(problem)
