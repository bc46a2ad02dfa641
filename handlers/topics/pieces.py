"""Pieces of words, to compare what no concept covers: whole words, pairs of kanji, and how a loanword sounds.

The sound is the sequence of consonants, by which カナダ and Canada, or ブロックチェーン and blockchain, meet across the
two ways of writing.
"""

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

_KATAKANA = re.compile(r"[\u30a1-\u30fc]{2,}")
_KANJI = re.compile(r"[\u3005\u3400-\u9fff]")
_SOUNDS = {
    "カガキギクグケゲコゴ": "k",
    "サザスズセゼソゾ": "s",
    "シジ": "s",
    "タダテデトド": "t",
    "チヂ": "s",
    "ツヅ": "t",
    "ナニヌネノン": "n",
    "ハヒヘホ": "h",
    "フ": "p",
    "バビブベボパピプペポヴ": "p",
    "マミムメモ": "m",
    "ラリルレロ": "r",
    "ワヲ": "w",
}
_BY_LETTER = {letter: sound for letters, sound in _SOUNDS.items() for letter in letters}
_LATIN_SOUNDS = (
    (re.compile(r"tion|ssion|sion"), "sn"),
    (re.compile(r"ph|[bvfp]+"), "p"),
    (re.compile(r"sch|sh|ch|th|[szjx]|c(?=[eiy])|g(?=[eiy])"), "s"),
    (re.compile(r"ck|qu|[ckgq]+"), "k"),
    (re.compile(r"[dt]+"), "t"),
    (re.compile(r"[lr]+"), "r"),
    (re.compile(r"m(?=[pb])"), "n"),
    (re.compile(r"[aeiouyhw]+"), ""),
)
_SHORTEST_SOUND = 3
_KATAKANA_MARK, _LATIN_MARK = "<", ">"
"""Signs that no word begins with."""
_TURNED = {_KATAKANA_MARK: _LATIN_MARK, _LATIN_MARK: _KATAKANA_MARK}


@lru_cache(maxsize=50_000)
def split_word(word: str) -> frozenset[str]:
    """The pieces of one word. A sound is marked by the writing it comes from."""
    pieces = {word}
    if _KANJI.match(word):
        pieces.update(word[i : i + 2] for i in range(len(word) - 1))
    sound = _sound_katakana(word) if _KATAKANA.fullmatch(word) else _sound_latin(word) if word.isascii() else ""
    if len(sound) >= _SHORTEST_SOUND:
        pieces.add(f"{_KATAKANA_MARK if _KATAKANA.match(word) else _LATIN_MARK}{sound}")
    return frozenset(pieces)


def list_pieces(words: Iterable[str]) -> frozenset[str]:
    """The pieces of all words together, and the sound of katakana words that follow each other: ブロック and チェーン
    sound like blockchain."""
    words = list(words)
    pieces = {piece for word in words for piece in split_word(word)}
    for one, other in itertools.pairwise(words):
        if _KATAKANA.fullmatch(one) and _KATAKANA.fullmatch(other):
            pieces |= split_word(one + other) - {one + other}
    return frozenset(pieces)


def list_wanted_pieces(words: Iterable[str]) -> frozenset[str]:
    """The pieces to look for in others' texts. Sounds are looked for in the other writing only: two English words that
    merely sound alike, as crude and cloud do here, have nothing to do with each other."""
    return frozenset(_turn(piece) for piece in list_pieces(words))


def _turn(piece: str) -> str:
    return f"{_TURNED[piece[0]]}{piece[1:]}" if piece[0] in _TURNED else piece


def _sound_katakana(word: str) -> str:
    sounds = "".join(_BY_LETTER.get(letter, "") for letter in word)
    return _merge(sounds)


def _sound_latin(word: str) -> str:
    if not word.isalpha():
        return ""
    for pattern, sound in _LATIN_SOUNDS:
        word = pattern.sub(sound, word)
    return _merge(word)


def _merge(sounds: str) -> str:
    return re.sub(r"(.)\1+", r"\1", sounds)
