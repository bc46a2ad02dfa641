"""Messages and forms as the JSON that the page draws. Pure; text stays text, the page never parses it as markup."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_never, cast

from adapters.playground.limits import check_form, check_message
from bot.actions import encode
from bot.dates import format_when
from bot.replies import FormErrors
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

Json = dict[str, Any]


def render_message(message: Message, reader: Reader) -> Json:
    """The message as the page draws it. Raises LimitError when it does not fit."""
    check_message(message)
    return {
        "lang": reader.locale,
        "summary": message.summary,
        "blocks": [_block(block, reader) for block in message.blocks],
    }


def render_form(form: Form, reader: Reader, errors: Mapping[str, str] | None = None) -> Json:
    """The form as the page draws it, `errors` beside the fields they name. Raises LimitError when it does not fit."""
    check_form(form)
    return {
        "lang": reader.locale,
        "title": form.title,
        "submit": form.submit,
        "payload": encode(form.action),
        "items": [_item(item, reader) for item in form.items],
        "errors": dict(errors or {}),
    }


def render_errors(reply: FormErrors, reader: Reader) -> Json:
    """The form with what was entered and what is wrong with it. Raises LimitError when an error names no field."""
    return render_form(reply.form, reader, reply.errors)


def localise(rendered: Json, zone: str) -> Json:
    """A rendered message with its moments in `zone`: a group's members each read their own time."""

    def visit(node: object) -> object:
        if isinstance(node, list):
            return [visit(child) for child in cast("list[object]", node)]
        if not isinstance(node, dict):
            return node
        entry = cast("Json", node)
        if entry.get("kind") == "when":
            at = datetime.fromisoformat(entry["at"])
            return {**entry, "text": format_when(at, entry["style"], entry["locale"], zone)}
        return {name: visit(child) for name, child in entry.items()}

    return cast("Json", visit(rendered))


def _block(block: Block, reader: Reader) -> Json:
    match block:
        case Heading(text=text) | Quote(text=text):
            return {"kind": block.kind, "text": text}
        case Para(content=content):
            return {"kind": "para", "content": _line(content, reader)}
        case Note(content=content, tone=tone):
            return {"kind": "note", "tone": tone, "content": _line(content, reader)}
        case Facts(rows=rows):
            return {"kind": "facts", "rows": [{"label": r.label, "value": _line(r.value, reader)} for r in rows]}
        case Chips(labels=labels):
            return {"kind": "chips", "labels": list(labels)}
        case Picture(url=url, alt=alt):
            return {"kind": "picture", "url": url, "alt": alt}
        case File():
            return render_file(block)
        case Divider():
            return {"kind": "divider"}
        case Buttons(buttons=buttons):
            return {"kind": "buttons", "buttons": [_button(button) for button in buttons]}
        case _:
            assert_never(block)


def render_file(file: File) -> Json:
    """A file as the page offers it: it has the text already, and makes the download of it."""
    kind = file.media_type.partition(";")[0]
    drawn: Json = {"kind": "file", "name": file.name, "media_type": kind, "text": file.text, "label": file.label}
    return drawn | {"packed": True} if file.packed else drawn


def _button(button: Button) -> Json:
    return {
        "label": button.label,
        "payload": encode(button.action),
        "style": button.style,
        "confirm": button.confirm,
        "opens": type(button.action).opens_form,
    }


def _line(content: tuple[Inline, ...], reader: Reader) -> list[Json]:
    return [_inline(piece, reader) for piece in content]


def _inline(piece: Inline, reader: Reader) -> Json:
    match piece:
        case str():
            return {"kind": "text", "text": piece}
        case Bold(text=text):
            return {"kind": "bold", "text": text}
        case Link(label=label, url=url):
            return {"kind": "link", "text": label, "url": url}
        case Mention(member_id=member_id, name=name):
            return {"kind": "mention", "text": name, "person": reader.mentions.get(member_id, "")}
        case When(at=at, style=style):
            text = format_when(at, style, reader.locale, reader.zone)
            moment = at.astimezone(UTC).isoformat()
            return {"kind": "when", "text": text, "at": moment, "style": style, "locale": reader.locale}
        case _:
            assert_never(piece)


def _item(item: FormItem, reader: Reader) -> Json:
    match item:
        case TextInput() | Select() | MultiSelect() | Checkboxes() | DateInput():
            return _field(item)
        case Heading() | Para() | Quote() | Facts() | Note() | Divider():
            return _block(item, reader)
        case _:
            assert_never(item)


def _field(field: Field) -> Json:
    common = {
        "kind": field.kind,
        "name": field.name,
        "label": field.label,
        "hint": field.hint,
        "required": field.required,
    }
    match field:
        case TextInput():
            own: Json = {"value": field.value, "example": field.example, "multiline": field.multiline}
            return {**common, **own, "max_length": field.max_length}
        case Select():
            return {**common, "value": field.value, "options": _options(field.options)}
        case MultiSelect():
            options = _options(field.options)
            return {**common, "values": list(field.values), "options": options, "at_most": field.at_most}
        case Checkboxes():
            return {**common, "values": list(field.values), "options": _options(field.options)}
        case DateInput():
            return {**common, "value": field.value.isoformat() if field.value else ""}
        case _:
            assert_never(field)


def _options(options: tuple[Option, ...]) -> list[Json]:
    return [{"value": option.value, "label": option.label} for option in options]
