"""The SDK stays behind one file, and its activities in there (docs/decisions/botbuilder-end-of-life.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "adapters" / "teams"
VENDORS = ("botbuilder", "botframework", "msrest", "azure")


def list_imports(path: Path) -> set[str]:
    """The first words of everything a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def list_code() -> list[Path]:
    folders = ("adapters", "bot", "handlers", "scheduler", "storage", "scripts")
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_one_file_knows_the_sdk() -> None:
    knowing = [path for path in list_code() if list_imports(path).intersection(VENDORS)]
    assert knowing == [FOLDER / "bridge.py"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_activities_stay_in_it(path: Path) -> None:
    names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
    assert path.name == "bridge.py" or "Activity" not in names


def test_the_decision_counts_what_a_move_would_touch() -> None:
    lines = (FOLDER / "bridge.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 170
