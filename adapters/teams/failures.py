"""What the connector's refusals mean for a delivery: a pure reading of status, headers and body.

Codes from Microsoft's "Messages in bot conversations" (status codes) and "Send proactive messages"
(MessageWritesBlocked).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from bot.failures import FailureKind, SendFailed

GONE_CODES = frozenset(
    {
        "MessageWritesBlocked",
        "ConversationBlockedByUser",
        "BotDisabledByUser",
        "ForbiddenOperationException",
        "BotNotInConversationRoster",
        "MemberNotFoundInConversation",
    }
)
"""Blocked, uninstalled, or no longer there: this address takes nothing any more."""

GONE_WORDS = (
    "not installed",
    "not part of the conversation",
    "blocked the conversation",
    "blocked from message writes",
)
"""The same, where the service leaves the code out."""

PASSING_STATUSES = frozenset({408, 412, 500, 502, 503, 504})
"""Microsoft names 412, 502 and 504 as worth another try; 408, 500 and 503 pass as well."""

DEFAULT_RETRY_AFTER = 5.0
"""Seconds to wait after a 429 without Retry-After."""


class ConnectorError(SendFailed):
    """A refusal of the connector, with its status and code."""

    def __init__(self, status: int, code: str, kind: FailureKind, *, retry_after: float = 0.0) -> None:
        super().__init__(kind, f"{status} {code}".strip(), retry_after=retry_after)
        self.status, self.code = status, code

    @property
    def not_found(self) -> bool:
        """Whether the conversation or message is not there (any more)."""
        return self.status == 404


def read_failure(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> ConnectorError:
    """The failure that an answer stands for."""
    code, words = read_error(body)
    if status == 429:
        wait = read_retry_after(headers.get("Retry-After", ""), now)
        return ConnectorError(status, code, FailureKind.THROTTLED, retry_after=wait)
    return ConnectorError(status, code, classify(status, code, words))


def classify(status: int, code: str, words: str) -> FailureKind:
    """The kind of a refusal that is not a throttle."""
    if status in PASSING_STATUSES:
        return FailureKind.RETRY
    if status in (403, 404) and (code in GONE_CODES or any(part in words.lower() for part in GONE_WORDS)):
        return FailureKind.GONE
    return FailureKind.GONE if status == 404 else FailureKind.BUG


def read_error(body: bytes) -> tuple[str, str]:
    """Code and words of an error body; two forms are in use, `error.code` and JSON inside `message`."""
    raw = _read_object(body)
    inner = _read_object(str(raw.get("message", "")).encode())
    if "subCode" in inner:
        return str(inner["subCode"]), str(inner.get("details", ""))
    error: object = raw.get("error")
    if isinstance(error, dict):
        named = cast("dict[str, Any]", error)
        return str(named.get("code", ""))[:80], str(named.get("message", ""))
    return (error[:80] if isinstance(error, str) else ""), str(raw.get("message", ""))


def _read_object(text: bytes) -> dict[str, Any]:
    try:
        raw: object = json.loads(text)
    except ValueError:
        return {}
    return cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}


def read_retry_after(value: str, now: datetime) -> float:
    """Seconds in a Retry-After header, which is a number or a date; DEFAULT_RETRY_AFTER for anything else."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return DEFAULT_RETRY_AFTER
