"""The README's pictures: the demo comes up, the pictures are what they are called, and nothing is left running."""

import re
from pathlib import Path

import pytest

from scripts import screenshots


def test_without_a_browser_the_sentence_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="apt-get install chromium"):
        screenshots.find_chromium()


def test_the_readme_shows_only_pictures_that_are_taken() -> None:
    root = Path(__file__).parents[2]
    texts = [
        path.read_text(encoding="utf-8") for path in (root / "README.md", *root.glob("docs/*.md")) if path.exists()
    ]
    shown = {name for text in texts for name in re.findall(r"pictures/([\w-]+)\.png", text)}
    assert shown <= set(screenshots.ALL)
