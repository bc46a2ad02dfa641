"""Messages as Block Kit. Pure: no network, no clock. Raises RenderError where something does not fit.

Long text goes into several sections rather than failing; labels of buttons must fit, because a cut button says nothing.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, assert_never

from adapters.slack import limits
from adapters.slack.limits import RenderError, check_length
from adapters.slack.mrkdwn import (
    check_url,
    clean,
    cut,
    escape,
    is_plain,
    one_line,
    pack,
    quote,
    render_inlines,
    split_text,
)
from bot.actions import encode
from bot.i18n import _, use_locale
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Chips,
    Divider,
    Fact,
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

_TICK = "✓ "
_NO_VALUE = "–"
_BETWEEN_CHIPS = " ・ "


def render_message(message: Message, reader: Reader) -> Json:
    """The message as `text` and `blocks`, for chat.postMessage, chat.update and response URLs."""
    text = escape(cut(check_length("a summary", one_line(message.summary), limits.INPUT_LENGTH), limits.SUMMARY))
    blocks = render_blocks(message.blocks, reader)
    if len(blocks) > limits.MESSAGE_BLOCKS:
        raise RenderError(f"{len(blocks)} blocks; {limits.MESSAGE_BLOCKS} fit into a message")
    size = len(json.dumps(blocks, ensure_ascii=False))
    if size > limits.BLOCKS_SIZE:
        raise RenderError(f"the blocks have {size} characters; {limits.BLOCKS_SIZE} fit into a message")
    return {"text": text} | ({"blocks": blocks} if blocks else {})


def render_home(message: Message, reader: Reader) -> Json:
    """The message as a home page."""
    return {"type": "home", "blocks": check_view_blocks(render_blocks(message.blocks, reader))}


def render_page(message: Message, reader: Reader, private_metadata: str = "") -> Json:
    """The message as a modal that is only read. A short heading becomes its title."""
    title, blocks = "Musubi", message.blocks
    if blocks and isinstance(blocks[0], Heading) and len(one_line(blocks[0].text)) <= limits.VIEW_TITLE:
        title, blocks = one_line(blocks[0].text), blocks[1:]
    shown = render_blocks(blocks, reader) or render_blocks((Para((message.summary,)),), reader)
    return {
        "type": "modal",
        "title": plain(check_length("a title", title, limits.VIEW_TITLE)),
        "blocks": check_view_blocks(shown),
        "private_metadata": private_metadata,
    }


def check_view_blocks(blocks: list[Json]) -> list[Json]:
    """The blocks, if a view can hold them. Raises RenderError otherwise."""
    limits.check_count("blocks in a view", len(blocks), limits.VIEW_BLOCKS)
    return blocks


def render_blocks(blocks: Sequence[Block], reader: Reader) -> list[Json]:
    """Neutral blocks as Slack's. What has nothing to show is left out."""
    numbers = count()
    with use_locale(reader.locale):
        return [made for block in blocks for made in render_block(block, reader, numbers)]


def render_block(block: Block, reader: Reader, numbers: Iterator[int]) -> Iterator[Json]:
    """One neutral block; `numbers` make its buttons' ids unique in the surface."""
    match block:
        case Heading(text=text):
            yield from _render_heading(text)
        case Para(content=content):
            yield from _sections(content, reader)
        case Quote(text=text):
            yield from _render_quote(text)
        case Facts(rows=rows):
            yield from _render_facts(rows, reader)
        case Chips(labels=labels):
            yield from _render_chips(labels)
        case Note(content=content, tone=tone):
            yield from _render_note((_TICK, *content) if tone == "done" else content, reader)
        case Picture() | File():
            yield from _render_kept(block, reader)
        case Divider():
            yield {"type": "divider"}
        case Buttons(buttons=buttons):
            yield from _render_buttons(buttons, numbers)
        case _:
            assert_never(block)


def plain(text: str) -> Json:
    """Text that is shown as it is; `:words:` between colons stay words."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Json:
    """Marked-up text in which Slack looks for no links, channels or people of its own accord."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _render_heading(text: str) -> Iterator[Json]:
    line = one_line(text)
    if len(line) > limits.HEADER:
        yield from _sections((Bold(line),), Reader("en", "UTC"))
    elif line:
        yield {"type": "header", "text": plain(line)}


def _render_quote(text: str) -> Iterator[Json]:
    if clean(text).strip():
        yield from ({"type": "section", "text": mrkdwn(part)} for part in quote(text, limits.SECTION))


def _sections(content: Sequence[Inline], reader: Reader) -> Iterator[Json]:
    return ({"type": "section", "text": text} for text in _texts(content, reader))


def _texts(content: Sequence[Inline], reader: Reader) -> list[Json]:
    """A sentence as text objects of at most 3,000 characters; literal where it is nothing but text."""
    if is_plain(content):
        pieces, make = split_text(clean("".join(map(str, content)))), plain
    else:
        pieces, make = list(render_inlines(content, reader)), mrkdwn
    return _make_texts(pieces, make)


def _make_texts(pieces: Sequence[str], make: Callable[[str], Json]) -> list[Json]:
    return [make(text) for text in pack(pieces, limits.SECTION) if text.strip()]


def _render_facts(rows: Sequence[Fact], reader: Reader) -> Iterator[Json]:
    pieces: list[str] = []
    for row in rows:
        value = list(render_inlines(row.value, reader))
        shown = value if "".join(value).strip() else [_NO_VALUE]
        pieces += [*(["\n"] if pieces else []), *render_inlines((Bold(one_line(row.label)),), reader), "  ", *shown]
    return ({"type": "section", "text": text} for text in _make_texts(pieces, mrkdwn))


def _render_chips(labels: Sequence[str]) -> Iterator[Json]:
    shown = [line for label in labels if (line := one_line(label))]
    if shown:
        pieces = split_text(_BETWEEN_CHIPS.join(shown))
        yield from ({"type": "context", "elements": [text]} for text in _make_texts(pieces, plain))


def _render_note(content: Sequence[Inline], reader: Reader) -> Iterator[Json]:
    return ({"type": "context", "elements": [text]} for text in _texts(content, reader))


def _render_kept(block: Picture | File, reader: Reader) -> Iterator[Json]:
    """A picture, or the link to a file; a file without an address is uploaded after the message."""
    if isinstance(block, Picture):
        yield _render_picture(block)
    elif url := reader.files.get(block.name):
        yield from _sections((Link(block.label, url),), reader)


def _render_picture(picture: Picture) -> Json:
    url = check_url(picture.url)
    if not url.startswith("https://"):
        raise RenderError("a picture must have an https address")
    alt = check_length("a picture's description", cut(one_line(picture.alt), limits.ALT_TEXT), limits.ALT_TEXT)
    return {"type": "image", "image_url": url, "alt_text": alt}


def _render_buttons(buttons: Sequence[Button], numbers: Iterator[int]) -> Iterator[Json]:
    for start in range(0, len(buttons), limits.BUTTONS_IN_ROW):
        row = buttons[start : start + limits.BUTTONS_IN_ROW]
        yield {"type": "actions", "elements": [_render_button(button, next(numbers)) for button in row]}


def _render_button(button: Button, number: int) -> Json:
    label = check_length("a button's label", one_line(button.label), limits.BUTTON_LABEL)
    made: Json = {
        "type": "button",
        "text": plain(label),
        "action_id": f"{button.action.action_name}#{number}",
        "value": check_length("a button's value", encode(button.action), limits.BUTTON_VALUE),
    }
    if button.style != "default":
        made["style"] = button.style
    return made | ({"confirm": _render_confirm(button, label)} if button.confirm else {})


def _render_confirm(button: Button, label: str) -> Json:
    asked: Json = {
        "title": plain(label),
        "text": plain(check_length("a question", clean(button.confirm), limits.CONFIRM_TEXT)),
        "confirm": plain(_("Yes")),
        "deny": plain(_("No")),
    }
    return asked | ({"style": button.style} if button.style != "default" else {})
