"""How near two topics are, as people wrote them: pure comparisons of words.

Good for one language at a time; concepts across languages are another, larger piece of work. What is found here is
shown to people as a reason, so it must be true: both sides named it.
"""

import re
import unicodedata
from collections.abc import Iterator

EQUAL = 100
_INSIDE = 60
_LEADING = 40
_ALIKE = 20

_WORD = re.compile(r"[a-z0-9][a-z0-9+#.]*|[\u3400-\u9fff々ヶ]+|[\u30a1-\u30faー]+|[\u3041-\u309f]+")
_LATIN = re.compile(r"[a-z0-9]")
_CJK = re.compile(r"[\u3041-\u30ff\u3400-\u9fff々]")
_EMPTY_WORDS = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the"]) | {
    "to",
    "with",
}
_HALF = 0.5


def fold(text: str) -> str:
    """A topic for comparing: NFKC, lower case, white space tidied."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def relate(asked: str, offered: str) -> int:
    """How near two topics are: 0 (not at all) to EQUAL. The order of the two doesn't matter.

    Nearest is the same text, then one inside the other, then a common leading word: 電池開発 and 電池の量産 share
    what they are about, while 電池開発 and 事業開発 share only what is done. Last, Japanese texts with half of their
    pairs of letters in common.
    """
    one, other = fold(asked), fold(offered)
    if not one or not other:
        return 0
    if _tight(one) == _tight(other):
        return EQUAL
    short, long = sorted((one, other), key=lambda text: (len(_tight(text)), text))
    if _is_inside(short, long):
        return _INSIDE + 30 * len(_tight(short)) // len(_tight(long))
    if _share_leading_word(one, other):
        return _LEADING
    return _ALIKE if _overlap(one, other) >= _HALF else 0


def list_pieces(topic: str) -> frozenset[str]:
    """Short texts of which every related topic holds at least one, when folded and without spaces: for a query that
    leaves out what can't match."""
    tight = _tight(fold(topic))
    pairs = {tight[i : i + 2] for i in range(len(tight) - 1)}
    japanese = {pair for pair in pairs if _CJK.search(pair)}
    latin = {stem[:3] for stem in _stems(fold(topic))}
    return frozenset(japanese | latin) or frozenset({tight} - {""})


def _tight(folded: str) -> str:
    return folded.replace(" ", "")


def _is_inside(short: str, long: str) -> bool:
    """Whether the shorter text stands in the longer one, in words of its own: "ai" is not in "training"."""
    if len(_tight(short)) < 2:
        return False
    pattern = re.escape(short)
    if _LATIN.match(short[0]):
        pattern = rf"(?<![a-z0-9]){pattern}"
    if _LATIN.match(short[-1]):
        pattern = rf"{pattern}(?![a-z0-9])"
    return re.search(pattern, long) is not None or (not _LATIN.search(short) and _tight(short) in _tight(long))


def _share_leading_word(one: str, other: str) -> bool:
    return _share_leading_run(one, other) or _share_latin_word(one, other)


def _share_leading_run(one: str, other: str) -> bool:
    """Whether a run of kanji or katakana begins alike: two kanji, or a whole katakana word."""
    return any(_begin_alike(run, other_run) for run in _runs(one) for other_run in _runs(other))


def _runs(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if len(word) > 1 and not re.match(r"[a-z0-9\u3041-\u309f]", word))


def _begin_alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if re.match(r"[\u30a1-\u30faー]", short):
        return len(short) > 2 and long.startswith(short)
    return short[:2] == long[:2]


def _share_latin_word(one: str, other: str) -> bool:
    """Whether a word is common that isn't the last of both: "battery development" and "EV battery", but not "business
    development"."""
    words, others = _stems(one), _stems(other)
    common = set(words) & set(others)
    return any(word != words[-1] or word != others[-1] for word in common)


def _stems(folded: str) -> list[str]:
    words = (word.rstrip(".") for word in _WORD.findall(folded) if _LATIN.match(word))
    return [_singular(word) for word in words if len(word) > 1 and word not in _EMPTY_WORDS]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _overlap(one: str, other: str) -> float:
    """The share of common pairs of letters (Dice), of Japanese pairs only."""
    pairs, others = _japanese_pairs(one), _japanese_pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0


def _japanese_pairs(text: str) -> set[str]:
    tight = _tight(text)
    return {pair for i in range(len(tight) - 1) if len(_CJK.findall(pair := tight[i : i + 2])) == 2}
