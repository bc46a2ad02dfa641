"""Text as it is compared: NFKC, without case, cut into units: a Latin word, or one Japanese letter."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "｀": "'", "´": "'"})
_DOTTED = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]\.){2,}")
_PIECE = re.compile(
    r"""
      (?P<latin>(?:\.(?=net\b))?[a-z0-9\u00df-\u024f]+(?:\.[a-z0-9]+)*(?:\+\+?|\#)?(?:'[a-z]+)?)
    | (?P<katakana>[\u30a1-\u30fa\u30fc-\u30fe])
    | (?P<hiragana>[\u3041-\u3096])
    | (?P<kanji>[\u3400-\u9fff\uf900-\ufaff\u3005-\u3007\U00020000-\U0002ffff])
    | (?P<gap>[\s・/\-_~‐-―&＆]+)
    """,
    re.VERBOSE,
)
_EMPTY = frozenset({"the"})
"""Latin words that change nothing inside a name."""


class Kind(Enum):
    """What a unit is written in."""

    LATIN = auto()
    KATAKANA = auto()
    HIRAGANA = auto()
    KANJI = auto()
    BREAK = auto()
    """A sign that no name goes across: a comma, a full stop, a bracket."""


_KINDS = {kind.name.lower(): kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its folded form, letter by letter of the same length, so that a place in one is a place in the
    other."""

    plain: str
    folded: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece that a name is made of. `joined` says that no space or sign stands before it."""

    key: str
    start: int
    end: int
    kind: Kind
    joined: bool

    @property
    def is_japanese(self) -> bool:
        """Whether it is a single Japanese letter."""
        return self.kind in (Kind.KATAKANA, Kind.HIRAGANA, Kind.KANJI)


def fold(text: str) -> Text:
    """The text in NFKC, and the same without case. Dots inside abbreviations go: U.S. is us."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), plain)
    folded = plain.casefold()
    if len(folded) != len(plain):  # ß and the like: rare
        folded = "".join(_fold_letter(letter) for letter in plain)
    return Text(plain, folded)


def _fold_letter(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter


def split_units(text: Text) -> list[Unit]:
    """The units of a text in order, with a BREAK wherever a sign stands that no name goes across."""
    units: list[Unit] = []
    at, joined = 0, False
    for found in _PIECE.finditer(text.folded):
        if found.start() > at:
            units.append(Unit("", at, found.start(), Kind.BREAK, joined=False))
            joined = False
        at = found.end()
        if found.lastgroup == "gap":
            _add_ampersand(units, found)
            joined = False
        elif (key := _key(found)) not in _EMPTY:
            units.append(Unit(key, found.start(), found.end(), _KINDS[found.lastgroup or ""], joined))
            joined = True
    return units


def _add_ampersand(units: list[Unit], found: re.Match[str]) -> None:
    """`&` is the word "and": R&D, R & D and "research and development" are cut alike."""
    for place, sign in enumerate(found[0], start=found.start()):
        if sign in "&＆":
            units.append(Unit("and", place, place + 1, Kind.LATIN, joined=False))


def _key(found: re.Match[str]) -> str:
    return stem(found[0]) if found.lastgroup == "latin" else found[0]


_KEPT_PLURALS = frozenset(
    {
        "does",
        "goes",
        "his",
        "was",
        "has",
        "this",
        "news",
        "goods",
        "sales",
        "means",
        "series",
        "customs",
        "arms",
        "saas",
        "paas",
        "iaas",
        "ios",
    }
)
_SPELLINGS = (
    (re.compile(r"isation$"), "ization"),
    (re.compile(r"ising$"), "izing"),
    (re.compile(r"ise$"), "ize"),
    (re.compile(r"yse$"), "yze"),
    (re.compile(r"^(behavi|col|flav|hon|lab|rum)our$"), r"\1or"),
    (re.compile(r"^centre$"), "center"),
    (re.compile(r"^programme$"), "program"),
    (re.compile(r"logue$"), "log"),
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without its plural and in American spelling; applied to names and texts alike."""
    word = word.split("'", maxsplit=1)[0]
    if len(word) <= 3 or not word.isalpha() or word in _KEPT_PLURALS:
        return word
    word = _singular(word)
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
