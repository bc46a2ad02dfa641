"""The README's pictures are taken, each is what it is called, and no two are the same."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import screenshots

ROOT = Path(__file__).parents[2]


def size(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its header."""
    header = picture.read_bytes()[:24]
    assert header.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", header[16:24])
    return width, height


@pytest.mark.timeout(180)
def test_all_pictures_are_taken_and_differ(tmp_path: Path) -> None:
    # In a process of its own: the browser's client of this one is busy with the other tests.
    subprocess.run([sys.executable, "scripts/screenshots.py", str(tmp_path)], cwd=ROOT, check=True)
    taken = {path.stem: path.read_bytes() for path in tmp_path.glob("*.png")}
    assert taken.keys() == set(screenshots.ALL)
    assert len(set(taken.values())) == len(taken)
    assert size(tmp_path / "workspace-ja.png") == (1440, 900)
    assert size(tmp_path / "phone-ja.png") == (780, 1688)
