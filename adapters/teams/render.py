"""Messages as Adaptive Cards 1.5. Pure: no network, no clock.

Limits are Teams' own: a message of about 100 KB counted as UTF-16, six buttons in a row, https pictures with words.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, assert_never

from adapters.teams import wire
from adapters.teams.markup import (
    Mentions,
    RenderError,
    TooLargeError,
    check_url,
    label,
    neutral_line,
    one_line,
    render_line,
    render_markdown,
    split_lines,
)
from bot.actions import encode
from bot.i18n import pgettext, use_locale
from bot.ui import (
    Block,
    Button,
    Buttons,
    Chips,
    Divider,
    Facts,
    File,
    Heading,
    Inline,
    Link,
    Message,
    Note,
    Para,
    Picture,
    Quote,
    Reader,
)

Json = dict[str, Any]
Surface = Literal["chat", "dialog"]

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
"""Teams' bots know 1.5, not 1.6."""
MAX_BYTES = 80 * 1024
"""Of a card, as UTF-16: below the "approximately 100 KB" of the service, which counts what is around it as well."""
BUTTONS_IN_ROW = 6
"""More go into a second row: Teams hides what is beyond."""

_STYLES = {"default": "default", "primary": "positive", "danger": "destructive"}


@dataclass(slots=True)
class Canvas:
    """One card in the making: for whom, where it will be seen, and what must be unique in it."""

    reader: Reader
    surface: Surface
    mentions: Mentions = field(init=False)
    confirms: int = 0

    def __post_init__(self) -> None:
        self.mentions = Mentions(self.reader)


def render_message(message: Message, reader: Reader) -> Json:
    """The activity that shows a message in a conversation. Raises RenderError."""
    summary = one_line(message.summary)
    if not summary:
        raise RenderError("a message needs a summary")
    return {"type": "message", "summary": summary, "attachments": [attach(render_card(message, reader, "chat"))]}


def render_card(message: Message, reader: Reader, surface: Surface) -> Json:
    """A message as a card. Raises RenderError."""
    canvas = Canvas(reader, surface)
    with use_locale(reader.locale):
        body = list(render_blocks(message.blocks, canvas))
    fallback = label(message.summary)
    if not body:
        body = [{"type": "TextBlock", "text": neutral_line(one_line(message.summary)), "wrap": True}]
    return finish_card(body, canvas, speak=fallback)


def finish_card(body: Sequence[Json], canvas: Canvas, *, speak: str) -> Json:
    """A card around a body."""
    card: Json = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "lang": canvas.reader.locale,
        "speak": speak,
        "fallbackText": speak,
        "body": list(body),
    }
    if canvas.mentions.entities:
        card["msteams"] = {"entities": canvas.mentions.entities}
    check_size(card)
    return card


def check_size(card: Json) -> None:
    """Raises RenderError when a card is too large to be sent."""
    size = measure(card)
    if size > MAX_BYTES:
        raise TooLargeError(f"the card takes {size} bytes; {MAX_BYTES} fit")


def attach(card: Json) -> Json:
    """A card as an attachment."""
    return {"contentType": CARD, "content": card}


def measure(content: Json) -> int:
    """Bytes on the wire as Teams counts them: UTF-16."""
    return len(json.dumps(content, ensure_ascii=False).encode("utf-16-le"))


def render_blocks(blocks: Sequence[Block], canvas: Canvas) -> Iterator[Json]:
    """The elements of blocks; a divider becomes a line above what follows it."""
    line_above = False
    for block in blocks:
        if isinstance(block, Divider):
            line_above = True
            continue
        elements = list(render_block(block, canvas))
        if line_above and elements:
            elements[0] = {**elements[0], "separator": True, "spacing": "Medium"}
            line_above = False
        yield from elements


def render_block(block: Block, canvas: Canvas) -> Iterator[Json]:
    """The elements of one block."""
    match block:
        case Heading(text=text):
            yield from render_heading(text)
        case Para(content=content):
            yield from render_paragraph(content, canvas)
        case Quote(text=text):
            yield from render_quote(text, canvas)
        case Facts():
            yield from render_facts(block, canvas)
        case Chips(labels=labels):
            yield from render_chips(labels)
        case Note():
            yield from render_note(block, canvas)
        case Picture() | File():
            yield from render_kept(block, canvas)
        case Buttons(buttons=buttons):
            yield from render_buttons(buttons, canvas)
        case Divider():
            return
        case _:
            assert_never(block)


def render_heading(text: str) -> Iterator[Json]:
    """A title, which screen readers announce as one."""
    if words := one_line(text):
        look = {"size": "Medium", "weight": "Bolder", "style": "heading", "wrap": True}
        yield {"type": "TextBlock", "text": neutral_line(words), **look}


def render_paragraph(content: Sequence[Inline], canvas: Canvas, **style: object) -> Iterator[Json]:
    """A paragraph, one element a line: the only line end that every Teams client shows."""
    spacing = ""
    for line in split_lines(content):
        element = render_line(line, canvas.mentions, **style)
        if element is None:
            spacing = "Medium" if spacing else ""
            continue
        yield {**element, "spacing": spacing} if spacing else element
        spacing = "None"


def render_quote(text: str, canvas: Canvas) -> Iterator[Json]:
    """Somebody's words, set apart by their ground."""
    if items := list(render_paragraph((text,), canvas)):
        yield {"type": "Container", "style": "emphasis", "items": items}


def render_facts(facts: Facts, canvas: Canvas) -> Iterator[Json]:
    """Labelled values."""
    rows = [_render_fact(row.label, row.value, canvas) for row in facts.rows]
    if rows:
        yield {"type": "FactSet", "facts": rows}


def _render_fact(name: str, value: Sequence[Inline], canvas: Canvas) -> Json:
    lines = [render_markdown(line, canvas.mentions) for line in split_lines(value)]
    joined = " ".join(line for line in lines if line.strip())
    return {"title": neutral_line(one_line(name)), "value": joined or "–"}


def render_chips(labels: Sequence[str]) -> Iterator[Json]:
    """Labels side by side, each on a ground of its own."""
    runs: list[Json] = []
    for text in labels:
        if words := label(text):
            runs += [_run("  ")] if runs else []
            runs.append(_run(f" {words} ") | {"highlight": True})
    if runs:
        yield {"type": "RichTextBlock", "inlines": runs}


def _run(text: str) -> Json:
    return {"type": "TextRun", "text": text}


def render_note(note: Note, canvas: Canvas) -> Iterator[Json]:
    """A quieter line; with a tick for what is settled."""
    if note.tone == "done":
        yield from render_paragraph(("✓ ", *note.content), canvas, size="Small", color="Good")
    else:
        yield from render_paragraph(note.content, canvas, size="Small", isSubtle=True)


def render_kept(block: Picture | File, canvas: Canvas) -> Iterator[Json]:
    """A picture, or the link to a file: a bot can send no file here without asking first, and none to a guest
    (Microsoft's "Send and receive files through the bot")."""
    if isinstance(block, Picture):
        yield render_picture(block)
    elif url := canvas.reader.files.get(block.name):
        yield from render_paragraph((Link(block.label, url),), canvas)


def render_picture(picture: Picture) -> Json:
    """A picture with its words."""
    alt = label(picture.alt)
    if not picture.url.startswith("https://") or not alt:
        raise RenderError("a picture needs an https address and words for those who can't see it")
    return {"type": "Image", "url": check_url(picture.url), "altText": alt, "size": "Auto"}


def render_buttons(buttons: Sequence[Button], canvas: Canvas) -> Iterator[Json]:
    """Buttons in rows; each question that a button asks first stands below them, hidden until the press."""
    questions: list[Json] = []
    actions = [_render_button(button, canvas, questions) for button in buttons]
    for start in range(0, len(actions), BUTTONS_IN_ROW):
        yield {"type": "ActionSet", "actions": actions[start : start + BUTTONS_IN_ROW]}
    yield from questions


def _render_button(button: Button, canvas: Canvas, questions: list[Json]) -> Json:
    action = render_press(button, canvas)
    if not button.confirm:
        return action
    canvas.confirms += 1
    name = f"confirm-{canvas.confirms}"
    questions.append(_render_question(name, button, action))
    return _toggle(name, action["title"]) | {"style": action["style"]}


def _render_question(name: str, button: Button, action: Json) -> Json:
    sentence = {"type": "TextBlock", "text": neutral_line(one_line(button.confirm)), "wrap": True}
    answers = {"type": "ActionSet", "actions": [action, _toggle(name, pgettext("teams", "Back"))]}
    items = [sentence, answers]
    return {"type": "Container", "id": name, "isVisible": False, "style": "emphasis", "items": items}


def _toggle(name: str, title: str) -> Json:
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": [name]}


def render_press(button: Button, canvas: Canvas) -> Json:
    """A button. In a dialog only Action.Submit works, and it can't open another dialog: the same window goes on."""
    title = label(button.label)
    if not title:
        raise RenderError("a button needs a label")
    payload, locale = encode(button.action), canvas.reader.locale
    look: Json = {"title": title, "style": _STYLES[button.style]}
    if canvas.surface == "dialog":
        return {"type": "Action.Submit", **look, "data": wire.make_press(payload, locale), "associatedInputs": "none"}
    if type(button.action).opens_form:
        return {"type": "Action.Submit", **look, "data": wire.make_press(payload, locale, fetch=True)}
    verb = button.action.action_name
    return {"type": "Action.Execute", **look, "verb": verb, "data": wire.make_press(payload, locale)}
