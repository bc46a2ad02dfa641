"""What this repository asks of every file and function beyond what ruff and pyright can see."""

import ast
from collections.abc import Iterator
from pathlib import Path

PRODUCT = ("bot", "adapters", "storage", "matching", "handlers", "scheduler")
CODE = (*PRODUCT, "tests", "scripts", "bench")
FILE_LINES = 400
FUNCTION_LINES = 60
CLOCK = "bot/clock.py"
SETTINGS = "bot/settings.py"
MIGRATIONS = "storage/migrations/versions/"
TIME_CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv"}


def python_files(root: Path, tops: tuple[str, ...]) -> list[Path]:
    """All Python files below these folders, in order; migrations, which are records, left out."""
    return sorted(path for top in tops for path in (root / top).rglob("*.py") if "versions" not in path.parts)


def too_long(root: Path) -> Iterator[str]:
    """Files and functions above the budget, in product, tests and tools. Migrations are lists, however long."""
    for path in python_files(root, CODE):
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        if name.startswith(MIGRATIONS):
            continue
        if (lines := len(source.splitlines())) > FILE_LINES:
            yield f"{name}: {lines} lines, {FILE_LINES} are enough"
        yield from _long_functions(ast.parse(source, name), name)


def _long_functions(tree: ast.Module, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {lines} lines, {FUNCTION_LINES} are enough"


def asks_the_time(root: Path) -> Iterator[str]:
    """Places outside the clock where the product asks the machine what time it is."""
    yield from _uses(root, TIME_CALLS, CLOCK, "time is an argument; only the clock asks the machine")


def reads_the_environment(root: Path) -> Iterator[str]:
    """Places outside the settings where the product reads environment variables."""
    yield from _uses(root, ENVIRONMENT, SETTINGS, "only the settings read the environment")


def _uses(root: Path, names: set[str], home: str, why: str) -> Iterator[str]:
    for path in python_files(root, PRODUCT):
        name = path.relative_to(root).as_posix()
        if name == home:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), name)):
            if isinstance(node, ast.Attribute) and _last_two(node) in names:
                yield f"{name}:{node.lineno}: {_last_two(node)}: {why}"


def _last_two(node: ast.Attribute) -> str:
    """`dt.datetime.now` and `datetime.now` are the same use."""
    owner = node.value
    owner_name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return f"{owner_name}.{node.attr}"


SHARED = {"topics"}
"""Folders of handlers/ that several features use and that have no routes of their own."""


def feature_folders(root: Path) -> set[str]:
    """The features as folders of handlers/."""
    return {path.parent.name for path in (root / "handlers").glob("*/__init__.py")} - SHARED
