"""What buttons and forms of ours carry through Teams and back.

Everything of ours lies under one key, so that a form's fields can have any name. A client can send anything: what comes
back is read, never trusted; the core looks up again what it may do.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import unquote

from bot.incoming import FormValue, FormValues

Json = dict[str, Any]

KEY = "musubi"
TEAMS_KEY = "msteams"
RESERVED = frozenset({KEY, TEAMS_KEY})

Kind = Literal["press", "form", "close"]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a press or a submit brought. `locale` is the card's language, `message` the message a form came from."""

    kind: Kind = "press"
    payload: str = ""
    locale: str = ""
    message: str = ""
    values: FormValues = field(default_factory=FormValues)


def make_press(payload: str, locale: str, *, fetch: bool = False) -> Json:
    """Data of a button; with `fetch` it opens a dialog."""
    data: Json = {KEY: {"press": payload, "locale": locale}}
    return {TEAMS_KEY: {"type": "task/fetch"}, **data} if fetch else data


def make_form(payload: str, locale: str, several: tuple[str, ...], message: str) -> Json:
    """Data of a form's submit button; `several` names the fields that bring several values."""
    return {KEY: {"form": payload, "locale": locale, "several": list(several), "message": message}}


def make_close() -> Json:
    """Data of a button that closes the dialog."""
    return {KEY: {"close": True}}


def read(data: object) -> Carried:
    """What came back. What is not ours reads as a press without a payload, which is answered as an old button."""
    everything = cast(Json, data) if isinstance(data, dict) else {}
    ours = _read_object(everything.get(KEY))
    locale, message = _read_text(ours.get("locale")), _read_text(ours.get("message"))
    if ours.get("close") is True:
        return Carried("close", locale=locale)
    if "form" in ours:
        values = read_values(everything, _read_names(ours.get("several")))
        return Carried("form", _read_text(ours["form"]), locale, message, values)
    return Carried("press", _read_text(ours.get("press")), locale, message)


def read_values(data: Json, several: frozenset[str]) -> FormValues:
    """The fields of a submitted form. Clients leave empty fields out, or send them as "" (phones)."""
    found: dict[str, FormValue] = {}
    for name, value in data.items():
        if name in RESERVED or not isinstance(value, str | int | float):
            continue
        found[name] = read_several(str(value)) if name in several else str(value)
    return FormValues(found)


def read_several(text: str) -> tuple[str, ...]:
    """The picked values, which Teams joins with commas."""
    return tuple(unquote(part) for part in text.split(",") if part)


def pack_option(value: str) -> str:
    """An option's value without commas, for fields that bring several; `unquote` turns it back."""
    return value.replace("%", "%25").replace(",", "%2C")


def _read_object(value: object) -> Json:
    return cast(Json, value) if isinstance(value, dict) else {}


def _read_text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _read_names(value: object) -> frozenset[str]:
    return frozenset(str(name) for name in cast("list[object]", value)) if isinstance(value, list) else frozenset()
