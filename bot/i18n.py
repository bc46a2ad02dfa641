"""Languages: gettext catalogues, the current reader's language, and sentences with holes.

English sentences are the message ids. The catalogues are read from `.po` files at first use, one file per part of the
code and language, so that a feature's words stand together and nothing compiled is kept in the repository.
"""

import contextlib
import gettext as gettext_module
import re
from collections.abc import Generator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import structlog
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.ui import Inline, Para

log = structlog.get_logger(__name__)

LANGUAGES = ("ja", "en")
LOCALE_FOLDER = Path(__file__).parent / "locale"

_locale: ContextVar[str] = ContextVar("locale", default="ja")


def current_locale() -> str:
    """The language in which texts are made now: `ja` or `en`."""
    return _locale.get()


@contextlib.contextmanager
def use_locale(locale: str) -> Generator[None]:
    """Makes texts in `locale` inside the block. Unknown languages become English."""
    token = _locale.set(find_language(locale) or "en")
    try:
        yield
    finally:
        _locale.reset(token)


def find_language(locale: str) -> str | None:
    """The language we have for a platform's locale such as `ja-JP` or `en_GB`, or None."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else None


@cache
def load_translations(language: str) -> gettext_module.NullTranslations:
    """All catalogues of a language as one. Where two parts translate a sentence differently, the first one holds, and
    the log says so: `make check` and the tests fail for it, but nobody's answer may."""
    merged = Catalog(locale=language)
    for path in sorted((LOCALE_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            _merge(merged, read_po(file, locale=language), path.name)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def _merge(merged: Catalog, part: Catalog, name: str) -> None:
    for entry in part:
        if not entry.id or not entry.string or entry.fuzzy:
            continue
        known = merged.get(entry.id, entry.context)
        if known is not None and known.string != entry.string:
            log.error("i18n.translated_twice", catalogue=name, sentence=entry.id)
            continue
        merged.add(entry.id, entry.string, context=entry.context)


def _(message: str) -> str:
    """The sentence in the current language."""
    # gettext keeps a catalogue's header under the empty message.
    return use_words(load_translations(_locale.get()).gettext(message)) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """The sentence for that number in the current language; the caller fills `{n}`."""
    return use_words(load_translations(_locale.get()).ngettext(singular, plural, number))


def pgettext(context: str, message: str) -> str:
    """The sentence in the current language, told apart from equal English ones by its context."""
    return use_words(load_translations(_locale.get()).pgettext(context, message))


_ALUMNI = re.compile("アルムナイ|卒業生")
_HR = re.compile("人事(?![部課室異労考])")
"""HR as the people whom one turns to; not a department's name, nor 人事異動, 人事労務 and 人事考課."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the company calls two things in Japanese. `alumni`: アルムナイ or 卒業生, "" for what each text has by
    itself; `hr`: 人事 or 事務局."""

    alumni: str = ""
    hr: str = "人事"

    def apply(self, text: str) -> str:
        """A text of ours with these words. Before its holes are filled, so that nobody's own words are touched."""
        if self.alumni:
            text = _ALUMNI.sub(self.alumni, text)
        return _HR.sub(self.hr, text) if self.hr != "人事" else text


_words = Words()


def choose_words(words: Words) -> None:
    """Sets the company's words for all texts from now on: once, when Musubi starts."""
    global _words
    _words = words


def use_words(text: str) -> str:
    """A text of ours with the company's words; in other languages than Japanese there is nothing to choose."""
    return _words.apply(text) if _locale.get() == "ja" else text


_HOLE = re.compile(r"\{(\w+)\}")


def prose(sentence: str, **holes: Inline) -> Para:
    """Fills the named holes of a *translated* sentence, so that Japanese may reorder them.

    Raises KeyError when a hole has no filling.
    """
    return Para(fill(sentence, **holes))


def fill(sentence: str, **holes: Inline) -> tuple[Inline, ...]:
    """As `prose`, but gives the inline pieces, for facts and notes."""
    pieces = _HOLE.split(sentence)
    filled = [holes[piece] if index % 2 else piece for index, piece in enumerate(pieces)]
    return tuple(piece for piece in filled if piece != "")
