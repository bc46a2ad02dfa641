"""Who may import whom, as rules over the imports of every file.

    from            may import, beside itself and the standard library
    bot             nothing of ours
    adapters/X      bot, its own platform
    storage         bot
    matching        nothing of ours
    handlers        bot, storage, matching; another feature only through its `__init__`
    scheduler       bot, storage, and from handlers only FEATURES
    bot/app.py, bot/__main__.py, bot/cli/    everything; and nobody else imports them

Vendor packages that have a home stay in it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOPS = ("bot", "adapters", "storage", "matching", "handlers", "scheduler")
COMPOSITION = ("bot/app.py", "bot/__main__.py", "bot/cli/")

MAY_IMPORT = {
    "bot": {"bot"},
    "adapters": {"bot", "adapters"},
    "storage": {"bot", "storage"},
    "matching": {"matching"},
    "handlers": {"bot", "storage", "matching", "handlers"},
    "scheduler": {"bot", "storage", "scheduler", "handlers"},
}

VENDOR_HOMES = {
    "slack_bolt": "adapters/slack/",
    "slack_sdk": "adapters/slack/",
    "botbuilder": "adapters/teams/",
    "botframework": "adapters/teams/",
    "msrest": "adapters/teams/",
    "aiosmtplib": "adapters/email/",
    "ortools": "matching/",
    "reportlab": "handlers/events/name_tags.py",
    "sqlmodel": "storage/",
    "sqlalchemy": "storage/",
    "alembic": "storage/",
    "psycopg": "storage/",
    "apscheduler": "scheduler/ticker.py",
}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `from handlers.coffee import rules` has the module `handlers.coffee`, the name `….rules`."""

    file: str
    line: int
    module: str
    name: str


def find_violations(root: Path) -> list[str]:
    """Every import below `root` that crosses a border, as `file:line: sentence`."""
    return [
        f"{found.file}:{found.line}: {problem}"
        for file in sorted(path for top in TOPS for path in (root / top).rglob("*.py"))
        for found in imports_of(root, file)
        if (problem := _problem(root, found)) is not None
    ]


def imports_of(root: Path, path: Path) -> Iterator[Import]:
    """The imports of a file, those inside functions and `if TYPE_CHECKING` too; relative ones made absolute."""
    file = path.relative_to(root).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), file)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path.relative_to(root), node)
            yield from (Import(file, node.lineno, module, f"{module}.{alias.name}") for alias in node.names)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = path.parts[: -node.level]
    return ".".join((*package, *([node.module] if node.module else [])))


def _problem(root: Path, found: Import) -> str | None:
    if found.file.startswith(COMPOSITION):
        return None
    target = found.module.split(".")[0]
    if target in VENDOR_HOMES:
        return _vendor_problem(found, target)
    if target in TOPS:
        return _border_problem(root, found, target)
    return None


def _vendor_problem(found: Import, package: str) -> str | None:
    home = VENDOR_HOMES[package]
    return None if found.file.startswith(home) else f"{package} stays in {home}"


def _border_problem(root: Path, found: Import, target: str) -> str | None:
    source = found.file.split("/")[0]
    if found.name.startswith("bot.") and found.name.split(".")[1] in ("app", "__main__", "cli"):
        return "nobody imports the composition root"
    if target not in MAY_IMPORT[source]:
        return f"{source} may not import {target}"
    if source == target == "adapters":
        return _platform_problem(found)
    if target == "handlers":
        return _feature_problem(root, found) if source == "handlers" else _features_only(found)
    return None


def _platform_problem(found: Import) -> str | None:
    own = "adapters." + found.file.split("/")[1]
    inside = found.name == own or found.name.startswith(f"{own}.")
    return None if inside else f"{own} may not import {found.name}: each platform stands alone"


def _features_only(found: Import) -> str | None:
    return None if found.name == "handlers.FEATURES" else "scheduler takes only FEATURES from handlers"


def _feature_problem(root: Path, found: Import) -> str | None:
    parts = found.name.split(".")
    if found.file.split("/")[1] == (parts[1] if len(parts) > 1 else "") or len(parts) < 3:
        return None
    inner = (root / Path(*parts[:3])).with_suffix(".py").exists() or (root / Path(*parts[:3])).is_dir()
    if len(found.module.split(".")) > 2 or inner:
        return f"handlers.{parts[1]} is another feature: only through its __init__"
    return None
