"""The catalogues in bot/locale: `translations.py update` brings them up to date, `check` says what is wrong with them.

One `.po` file per language and part of the code: `bot`, `adapters`, `storage`, `scheduler`, and one per feature.
English sentences are the ids; Japanese must be complete; English has plurals only. Nothing compiled is kept.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

# Run as a program, this folder is searched instead of the repository.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.texts import Text, find_texts
from scripts.wording import problems_of

ROOT = Path(__file__).resolve().parents[1]
LOCALE = Path("bot/locale")
LANGUAGES = ("ja", "en")
COMPLETE = "ja"

Key = tuple[str, str | None]
"""English sentence and context: what a translation is found by."""


def as_forms(message: Message) -> tuple[str, ...]:
    """The translation as a tuple: one text, or one per plural form."""
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(map(str, found))


def key_of(message: Message) -> Key:
    """What a translation is found by; a plural entry is known by its singular."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def entries(catalog: Catalog) -> list[Message]:
    """The entries without the header."""
    return [message for message in catalog if message.id]


class Catalogues:
    """All catalogues of one language as they are on the disk, by part."""

    def __init__(self, root: Path, language: str) -> None:
        self.language = language
        self.folder = root / LOCALE / language
        self.parts = {path.stem: self._read(path) for path in sorted(self.folder.glob("*.po"))}

    def _read(self, path: Path) -> Catalog:
        with path.open("rb") as file:
            return read_po(file, locale=self.language)

    def find(self, part: str, text: Text) -> Message | None:
        """The entry of a text: from its part, or else from any other, because texts move with the code."""
        for catalog in (self.parts.get(part), *self.parts.values()):
            known = catalog.get(text.message, text.context) if catalog is not None else None
            if known is not None and any(as_forms(known)) and isinstance(known.id, str) == (text.plural is None):
                return known
        return None

    def merge(self, part: str, texts: Iterable[Text]) -> Catalog:
        """The catalogue of a part as it should be: the texts of the code, with the translations known so far."""
        merged = Catalog(locale=self.language)
        for text in texts:
            if self.language == COMPLETE or text.plural is not None:
                self._add(merged, text, self.find(part, text))
        return merged

    def _add(self, merged: Catalog, text: Text, known: Message | None) -> None:
        location = [(text.file, text.line)]
        message_id = text.message if text.plural is None else (text.message, text.plural)
        if self.language != COMPLETE:
            merged.add(message_id, message_id, locations=location, context=text.context)
            return
        merged.add(
            message_id,
            known.string if known else None,
            locations=location,
            flags=known.flags if known else (),
            user_comments=known.user_comments if known else (),
            context=text.context,
        )

    def expected(self, texts: dict[str, list[Text]]) -> dict[Path, str]:
        """What the files of this language should contain. A part with nothing to translate has no file."""
        merged = {part: self.merge(part, found) for part, found in texts.items()}
        return {self.folder / f"{part}.po": as_po(catalog) for part, catalog in merged.items() if entries(catalog)}

    def on_disk(self) -> dict[Path, str]:
        """What the files of this language contain."""
        return {path: path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.po"))}


def as_po(catalog: Catalog) -> str:
    """The catalogue as a file without dates, names and line numbers, so that it changes only when a text does."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False, sort_by_file=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {catalog.locale}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header + body.getvalue().decode().strip() + "\n"


def update(root: Path) -> list[str]:
    """Writes all catalogues anew and removes those of parts without texts. Returns what is left to do, in lines."""
    texts, unreadable = find_texts(root)
    for language in LANGUAGES:
        catalogues = Catalogues(root, language)
        catalogues.folder.mkdir(parents=True, exist_ok=True)
        expected = catalogues.expected(texts)
        for path in catalogues.on_disk().keys() - expected.keys():
            path.unlink()
        for path, content in expected.items():
            path.write_text(content, encoding="utf-8")
    return [*map(str, unreadable), *untranslated(Catalogues(root, COMPLETE))]


def check(root: Path) -> list[str]:
    """All that is wrong with the catalogues, each in one line."""
    texts, unreadable = find_texts(root)
    problems = [str(problem) for problem in unreadable]
    for language in LANGUAGES:
        problems += stale(root, Catalogues(root, language), texts)
    japanese = Catalogues(root, COMPLETE)
    return [*problems, *untranslated(japanese), *worded_badly(japanese), *translated_twice(japanese)]


def stale(root: Path, catalogues: Catalogues, texts: dict[str, list[Text]]) -> Iterator[str]:
    """Files that are not what the code's texts and the known translations give."""
    expected, found = catalogues.expected(texts), catalogues.on_disk()
    for path in sorted(expected.keys() | found.keys()):
        if expected.get(path) != found.get(path):
            yield f"{path.relative_to(root)}: out of date; run make translations"


def untranslated(catalogues: Catalogues) -> Iterator[str]:
    """Entries without a translation, and those marked as doubtful."""
    for part, catalog in catalogues.parts.items():
        for message in entries(catalog):
            if message.fuzzy:
                yield f"{part}.po: fuzzy: {key_of(message)[0]!r}"
            elif not all(as_forms(message)):
                yield f"{part}.po: no Japanese for {key_of(message)[0]!r}"


def worded_badly(catalogues: Catalogues) -> Iterator[str]:
    """Translations with other holes than their text, with English left over, or against the house's way of writing."""
    for part, catalog in catalogues.parts.items():
        for message in entries(catalog):
            english = message.id if isinstance(message.id, str) else message.id[-1]
            for form in filter(None, as_forms(message)):
                for problem in problems_of(english, form):
                    yield f"{part}.po: {problem}: {form!r}"


def translated_twice(catalogues: Catalogues) -> Iterator[str]:
    """Texts that two parts translate in different ways; where both are meant, the calls need a context (`pgettext`)."""
    known: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for part, catalog in catalogues.parts.items():
        for message in entries(catalog):
            first, forms = known.setdefault(key_of(message), (part, as_forms(message)))
            if any(as_forms(message)) and any(forms) and forms != as_forms(message):
                yield f"{part}.po: {key_of(message)[0]!r} is translated in another way than in {first}.po"


def main(arguments: list[str]) -> int:
    """Runs the command line. Returns 0, or 1 if `check` found something."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=["update", "check"])
    command = parser.parse_args(arguments).command
    lines = update(ROOT) if command == "update" else check(ROOT)
    for line in lines:
        print(line)
    return 1 if command == "check" and lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
