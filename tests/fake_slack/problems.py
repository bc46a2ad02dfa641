"""Complaints about what was sent, in the words and with the pointers that Slack uses."""

from collections.abc import Collection
from typing import Any, cast

Json = dict[str, Any]


def as_object(value: Any) -> Json | None:
    """The value if it is a JSON object, else None."""
    return cast("Json", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    """The value if it is a JSON array, else None."""
    return cast("list[Any]", value) if isinstance(value, list) else None


class ApiError(Exception):
    """A Web API method answers `{"ok": false, "error": code}`, with `extra` beside it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def invalid_arguments(*messages: str) -> ApiError:
    """The error of a method that was called with wrong arguments, with a message for each."""
    return ApiError("invalid_arguments", response_metadata={"messages": list(messages)})


class Problems:
    """Collects complaints about one payload."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.ids: dict[str, set[str]] = {"block_id": set(), "action_id": set()}

    def add(self, at: str, what: str) -> None:
        """Notes a complaint about the place `at` (a JSON pointer)."""
        self.lines.append(f"[ERROR] {what} [json-pointer:{at}]")

    def check_keys(self, at: str, value: Json, required: Collection[str], optional: Collection[str]) -> None:
        """Complains about missing and unknown keys."""
        for key in required:
            if value.get(key) in (None, ""):
                self.add(at, f"missing required field: {key}")
        for key in value:
            if key not in required and key not in optional:
                self.add(f"{at}/{key}", f"no more than the documented properties allowed: {key}")

    def check_length(self, at: str, value: Any, most: int, least: int = 1) -> None:
        """Complains about text that is no text, too short or too long."""
        if not isinstance(value, str):
            self.add(at, "must be a string")
        elif len(value) > most:
            self.add(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            self.add(at, f"must be more than {least - 1} characters")

    def check_count(self, at: str, value: Any, most: int, least: int = 1) -> list[Any]:
        """Complains about a list that is none, too short or too long. Gives the list for a further look."""
        items = as_list(value)
        if items is None:
            self.add(at, "must be an array")
            return []
        if len(items) > most:
            self.add(at, f"no more than {most} items allowed [{len(items)} given]")
        if len(items) < least:
            self.add(at, f"no less than {least} items allowed")
        return items

    def check_id(self, at: str, value: Json, key: str, most: int) -> None:
        """Complains about an id that is too long or was used before in the same surface."""
        name = value.get(key)
        if name is None:
            return
        self.check_length(f"{at}/{key}", name, most)
        if name in self.ids[key]:
            self.add(f"{at}/{key}", f"`{key}` `{name}` already exists")
        self.ids[key].add(str(name))
