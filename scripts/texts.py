"""Finds the texts in the source: every call of `_`, `ngettext` and `pgettext`, by part of the code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = ("bot", "adapters", "storage", "scheduler")
FEATURES = "handlers"


@dataclass(frozen=True, slots=True)
class Text:
    """One place where a text stands. `plural` and `context` are None where the call has none."""

    message: str
    plural: str | None
    context: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A call whose text is not written out, so that no catalogue can hold it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: a text to translate must be written out in the call itself, without f or +"


def part_of(path: Path) -> str:
    """The catalogue that a source file's texts go to. `path` is relative to the repository."""
    top = path.parts[0]
    if top != FEATURES:
        return top
    feature = Path(path.parts[1]).stem
    return FEATURES if feature == "__init__" else feature


def source_files(root: Path) -> list[Path]:
    """All Python files that may hold texts, relative to `root`, in order."""
    found = (path.relative_to(root) for top in (*PARTS, FEATURES) for path in (root / top).rglob("*.py"))
    return sorted(found, key=lambda path: path.as_posix())


def find_texts(root: Path) -> tuple[dict[str, list[Text]], list[Unreadable]]:
    """The texts of each part that has any, in the order of files and lines, and the calls that can't be read."""
    texts: dict[str, list[Text]] = {}
    unreadable: list[Unreadable] = []
    for path in source_files(root):
        for found in texts_in((root / path).read_text(encoding="utf-8"), path.as_posix()):
            if isinstance(found, Unreadable):
                unreadable.append(found)
            else:
                texts.setdefault(part_of(path), []).append(found)
    return texts, unreadable


def texts_in(source: str, file: str) -> list[Text | Unreadable]:
    """The texts of one file, by line."""
    calls = (node for node in ast.walk(ast.parse(source, file)) if isinstance(node, ast.Call))
    found = [text for call in calls for text in _text_of(call, file)]
    return sorted(found, key=lambda text: text.line)


def _text_of(call: ast.Call, file: str) -> Iterator[Text | Unreadable]:
    match call:
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(message))]):
            yield Text(message, None, None, file, call.lineno)
        case ast.Call(
            func=ast.Name(id="ngettext"), args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), _]
        ):
            yield Text(one, many, None, file, call.lineno)
        case ast.Call(
            func=ast.Name(id="pgettext"), args=[ast.Constant(value=str(context)), ast.Constant(value=str(message))]
        ):
            yield Text(message, None, context, file, call.lineno)
        case ast.Call(func=ast.Name(id="_" | "ngettext" | "pgettext")):
            yield Unreadable(file, call.lineno)
        case _:
            return
