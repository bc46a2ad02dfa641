"""What must hold for every Japanese translation: the same holes, no English left over, the house's way of writing."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

KEPT_FILE = Path(__file__).with_name("kept_in_japanese.txt")

JAPANESE = r"[\u3040-\u30ff\u3400-\u9fff々〆「」。、]"
# What is not prose: holes, code in backticks, addresses, settings, options, commands with their words.
NOT_PROSE = re.compile(
    r"\{[^{}]*\}|`[^`]*`|https?://\S+|[\w.+-]+@[\w.-]+|\b[A-Z0-9]+(?:_[A-Z0-9]+)+\b"
    r"|--[a-z][a-z-]*|/[a-z]+(?: [a-z]+| [A-Z]+)*"
)
ENGLISH_WORD = re.compile(r"[A-Za-z][A-Za-z']+")
HALF_WIDTH = re.compile(rf"(?<={JAPANESE})[(),!?:]|[()](?={JAPANESE})")
SHOUTING = re.compile(r"[!！]{2,}")

# Words the house doesn't use, and what it says instead.
AVOIDED = {
    r"弊社|貴社|御社": "the community's name for the company (a setting)",
    r"様(?![々子式])": "さん",
    r"させていただ": "します, いたします",
    r"マッチング": "ご紹介",
    r"オンボーディング": "登録",
    r"リマインド|リマインダー": "お知らせ",
    r"キャンセル(?!待ち)": "取りやめ",
    r"オプトイン": "参加する",
    r"出戻り|裏切り": "再入社, カムバック",
    r"メンタリング": "相談",
}


def kept_words() -> frozenset[str]:
    """The Latin words that Japanese sentences may hold, in lower case: names and abbreviations."""
    lines = KEPT_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def holes(text: str) -> list[str]:
    """The named holes of a text, sorted, with their format. Raises ValueError for braces that don't pair."""
    return sorted(
        f"{name}:{form}" if form else name for _, name, form, _ in Formatter().parse(text) if name is not None
    )


def english_words(japanese: str) -> list[str]:
    """Latin words in a Japanese sentence that are neither names, commands nor holes."""
    kept = kept_words()
    return [word for word in ENGLISH_WORD.findall(NOT_PROSE.sub(" ", japanese)) if word.lower() not in kept]


def problems_of(english: str, japanese: str) -> Iterator[str]:
    """What is wrong with a translation, one short phrase each."""
    yield from _hole_problems(english, japanese)
    if words := english_words(japanese):
        yield f"English left over ({', '.join(words)})"
    if HALF_WIDTH.search(NOT_PROSE.sub(" ", japanese)):
        yield "half-width brackets or punctuation"
    if SHOUTING.search(japanese):
        yield "exclamation marks in a row"
    for pattern, instead in AVOIDED.items():
        if found := re.search(pattern, japanese):
            yield f"{found.group()} is not our word (instead: {instead})"


def _hole_problems(english: str, japanese: str) -> Iterator[str]:
    try:
        wanted, found = holes(english), holes(japanese)
    except ValueError:
        yield "braces that don't pair"
        return
    if any(not re.match(r"[a-z]\w*(?::|$)", hole) for hole in wanted):
        yield "a hole without a name"
    if set(wanted) != set(found):
        yield f"holes differ ({', '.join(wanted) or 'none'} in English)"
