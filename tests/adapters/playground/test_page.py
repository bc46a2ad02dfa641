"""The page's own files: every text they ask for exists in both languages, and they ask nobody but their server."""

import re
from pathlib import Path

import pytest

from adapters.playground.texts import list_texts, list_trials
from bot.i18n import use_locale
from scripts.wording import english_words

PAGE = Path(__file__).parents[3] / "adapters" / "playground" / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)

# Names built from parts, such as `people.${group}`: the parts that stand for the hole.
BUILT = {
    "people": ("waiting", "alumnus", "employee", "hr"),
    "channel": ("news", "latest"),
    "look": ("slack", "teams"),
    "say": ("dm", "thread", "group", "channel"),
    "empty": ("dm", "thread", "group", "channel", "mail"),
    "language": ("ja", "en"),
    "role": ("alumnus", "employee", "hr", "leaver"),
    "theme": ("auto", "light", "dark"),
    "skip": ("0", "1"),
}


def texts_in(language: str) -> dict[str, str]:
    with use_locale(language):
        return list_texts()


def asked_for() -> set[str]:
    plain = set(re.findall(r"texts\[(?:[^\]`]*? \? )?\"([a-z_.0-9]+)\"", SOURCES))
    built = {
        f"{part}.{name}" for part in re.findall(r"texts\[`([a-z]+)\.\$\{", SOURCES) for name in BUILT.get(part, ())
    }
    return plain | built


def test_every_text_the_page_asks_for_is_there() -> None:
    assert asked_for() - set(texts_in("en")) == set()


def test_every_text_has_a_use() -> None:
    unused = {
        name for name in texts_in("en") if name not in asked_for() and name not in SOURCES and not _is_built(name)
    }
    assert unused == set()


def _is_built(name: str) -> bool:
    part, _, rest = name.partition(".")
    return rest in BUILT.get(part, ()) or part == "keys"


def test_both_languages_have_the_same_texts_and_holes() -> None:
    japanese, english = texts_in("ja"), texts_in("en")
    assert japanese.keys() == english.keys()
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", japanese[name])), name


@pytest.mark.parametrize(("name", "text"), sorted(texts_in("ja").items()))
def test_no_english_is_left_in_japanese(name: str, text: str) -> None:
    kept = {"language.en", "keys.find", "keys.panes", "keys.send", "keys.line"}
    assert name in kept or english_words(text) == []


def test_trials_name_only_people_who_live_here() -> None:
    with use_locale("ja"):
        assert list_trials({"sho-takahashi": "高橋 翔"}) == []
        (trial,) = list_trials({"sho-takahashi": "高橋 翔", "misaki-sato": "佐藤 美咲"})
    assert trial["people"] == ["sho-takahashi", "misaki-sato"]
    assert "高橋\u00a0翔さん" in trial["text"]


@pytest.mark.parametrize("path", sorted(PAGE.iterdir()), ids=lambda path: path.name)
class TestFiles:
    def test_asks_nobody_else(self, path: Path) -> None:
        found = re.findall(r"https?://[^\s\"'`)]+", path.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org/2000/svg"}

    def test_never_makes_markup_of_text(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "srcdoc",
            "DOMParser",
        ):
            assert way not in text

    def test_has_no_inline_script_or_style_on_the_page(self, path: Path) -> None:
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)

    def test_keeps_the_budget(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_file_the_page_names_exists() -> None:
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r"/playground/assets/([\w.]+)", index + SOURCES)) | set(
        re.findall(r'from "\./([\w.]+)"', SOURCES)
    )
    assert named <= {path.name for path in PAGE.iterdir()}
    assert {path.name for path in SCRIPTS} <= named


def test_every_icon_that_is_used_is_drawn() -> None:
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    drawn = set(re.findall(r'symbol id="i-(\w+)"', index))
    used = set(re.findall(r'icon(?:Button)?\("(\w+)"', SOURCES)) | {
        "auto",
        "light",
        "dark",
        "chat",
        "home",
        "group",
        "channel",
        "mail",
    }
    assert used == drawn


COLOURS = re.compile(r"--(\w[\w-]*): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("place", [1, 2], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "paper"),
        ("ink", "surface"),
        ("muted", "paper"),
        ("muted", "surface"),
        ("muted", "soft"),
        ("indigo", "surface"),
        ("indigo", "paper"),
        ("indigo-ink", "indigo"),
        ("vermilion", "surface"),
        ("vermilion", "paper"),
        ("vermilion-ink", "vermilion"),
        ("ok", "surface"),
    ],
)
def test_text_can_be_read(ink: str, paper: str, place: int) -> None:
    colours = {
        found[1]: found[place + 1] for found in COLOURS.finditer((PAGE / "look.css").read_text(encoding="utf-8"))
    }
    assert contrast(colours[ink], colours[paper]) >= 4.5


def test_peoples_tiles_can_be_read() -> None:
    line = re.search(r"const COLOURS = \[([^\]]+)\]", (PAGE / "dom.js").read_text(encoding="utf-8"))
    assert line is not None
    assert all(contrast("#ffffff", colour) >= 4.5 for colour in re.findall(r"#[0-9a-f]{6}", line[1]))
