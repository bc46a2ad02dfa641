"""Golden files: each view of a feature as plain text, in both languages, so that a change of words or shape is seen.

    @pytest.mark.parametrize("locale", LANGUAGES)
    def test_views(locale: str) -> None:
        check_views("welcome", locale, {"welcome": lambda: views.welcome(...), ...})

The files are tests/golden/<feature>/<view>.<locale>.txt. To write them anew:

    MUSUBI_GOLDEN=write pytest tests/handlers/welcome
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import assert_never

from bot.actions import encode
from bot.dates import format_day, format_when
from bot.i18n import current_locale, use_locale
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Checkboxes,
    Chips,
    DateInput,
    Divider,
    Facts,
    Field,
    File,
    Form,
    FormItem,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    MultiSelect,
    Note,
    Option,
    Para,
    Picture,
    Quote,
    Reader,
    Select,
    TextInput,
    When,
)
from tests.support.everywhere import find_problems

FOLDER = Path(__file__).parents[1] / "golden"
WRITING = os.environ.get("MUSUBI_GOLDEN") == "write"
ZONE = "Asia/Tokyo"
_STYLES = {"default": "", "primary": "*", "danger": "!"}

View = Message | Form


def check_views(feature: str, locale: str, views: Mapping[str, Callable[[], View]], folder: Path = FOLDER) -> None:
    """Holds each view, made in `locale`, against its file, and draws it on every platform. Raises AssertionError for
    the first that differs, for one without a file, for one that a platform would refuse, and for files that no view
    belongs to.
    """
    place = folder / feature
    for name, make in views.items():
        with use_locale(locale):
            view = make()
            text = as_text(view)
        problems = find_problems(view, Reader(locale, ZONE))
        assert not problems, f"{name}: {problems}"
        _check_file(place / f"{name}.{locale}.txt", text)
    left_over = {path.name for path in place.glob(f"*.{locale}.txt")} - {f"{name}.{locale}.txt" for name in views}
    assert not left_over, f"no view of {feature} belongs to {sorted(left_over)}"


def _check_file(path: Path, text: str) -> None:
    if WRITING:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing: run with MUSUBI_GOLDEN=write and read what it says"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs: run with MUSUBI_GOLDEN=write and compare"


def as_text(view: View) -> str:
    """A message or form as plain text, in the current language and Tokyo's time."""
    return "\n".join(_lines_of(view)) + "\n"


def _lines_of(view: View) -> Iterator[str]:
    match view:
        case Message(summary=summary, blocks=blocks):
            yield f"= {summary}"
            for block in blocks:
                yield from ("", *_draw(block))
        case Form(title=title, submit=submit, action=action, items=items):
            yield f"= {title}"
            for item in items:
                yield from ("", *_draw(item))
            yield from ("", f"[*{submit}*] → {encode(action)}")


def _draw(item: Block | FormItem) -> Iterator[str]:
    match item:
        case Heading(text=text):
            yield f"# {text}"
        case Para(content=content):
            yield _inline(content)
        case Quote(text=text):
            yield from (f"> {line}" for line in text.splitlines())
        case Facts(rows=rows):
            yield from (f"{row.label}: {_inline(row.value)}" for row in rows)
        case Chips(labels=labels):
            yield " ".join(f"({label})" for label in labels)
        case Note(content=content, tone=tone):
            yield f"{'✓' if tone == 'done' else '~'} {_inline(content)}"
        case Picture(url=url, alt=alt):
            yield f"![{alt}]({url})"
        case File(name=name, media_type=media_type, label=label):
            yield f"<{label}> → {name} ({media_type})"
        case Divider():
            yield "----"
        case Buttons(buttons=buttons):
            yield from map(_button, buttons)
        case _:
            yield from _field(item)


def _button(button: Button) -> str:
    mark = _STYLES[button.style]
    confirm = f" ({button.confirm})" if button.confirm else ""
    return f"[{mark}{button.label}{mark}] → {encode(button.action)}{confirm}"


def _field(item: Field) -> Iterator[str]:
    yield f"{item.label}{'' if item.required else ' (optional)'} <{item.name}>"
    match item:
        case TextInput(value=value, max_length=longest, multiline=multiline):
            shown = value or (f"e.g. {item.example}" if item.example else "")
            yield f"  [{shown}] {longest}{' lines' if multiline else ''}"
        case Select(options=options, value=value):
            yield from _options(options, (value,))
        case MultiSelect(options=options, values=values, at_most=at_most):
            yield from _options(options, values)
            yield f"  at most {at_most}"
        case Checkboxes(options=options, values=values):
            yield from _options(options, values)
        case DateInput(value=value):
            yield f"  [{format_day(value, current_locale()) if value else ''}]"
        case _:
            assert_never(item)
    if item.hint:
        yield f"  {item.hint}"


def _options(options: tuple[Option, ...], chosen: tuple[str, ...]) -> Iterator[str]:
    for option in options:
        yield f"  ({'x' if option.value in chosen else ' '}) {option.label} = {option.value}"


def _inline(content: tuple[Inline, ...]) -> str:
    return "".join(map(_piece, content))


def _piece(piece: Inline) -> str:
    match piece:
        case str():
            return piece
        case Bold(text=text):
            return f"**{text}**"
        case Link(label=label, url=url):
            return f"[{label}]({url})"
        case Mention(name=name):
            return f"@{name}"
        case When(at=at, style=style):
            return format_when(at, style, current_locale(), ZONE)
        case _:
            assert_never(piece)
