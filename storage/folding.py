"""Names and employee numbers in the form in which they are compared: how people write them varies, the person does
not.
"""

import unicodedata

_PAIRS = (
    "髙高﨑崎嵜崎齋斉齊斉斎斉邊辺邉辺澤沢濱浜濵浜廣広眞真國国"
    "櫻桜冨富德徳瀨瀬淵渕嶋島嶌島桒桑槇槙龍竜壽寿惠恵曾曽彌弥𠮷吉"
)
_VARIANTS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
"""Old and variant forms of characters frequent in Japanese names: rosters and keyboards write them differently."""


_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
"""They say which form of a character to draw; two forms are one character."""

_FOLDED = str.maketrans(_VARIANTS) | _TO_KATAKANA | _SELECTORS
_SEPARATORS = str.maketrans("・.,", "   ")


def fold_name(name: str) -> str:
    """A name for comparing: NFKC, lower case, no spaces or dots, variant characters as one, katakana for hiragana.

    The words of a name in Latin letters are sorted, so that "Sato Misaki" and "Misaki SATO" are one.
    """
    words = unicodedata.normalize("NFKC", name).casefold().translate(_SEPARATORS).split()
    text = "".join(sorted(words) if name.isascii() or all(map(str.isascii, words)) else words)
    return unicodedata.normalize("NFKC", text.translate(_FOLDED))


def fold_number(number: str) -> str:
    """An employee number: NFKC, upper case, without spaces. Leading zeros stay: they may tell two people apart."""
    return unicodedata.normalize("NFKC", "".join(unicodedata.normalize("NFKC", number).upper().split()))
