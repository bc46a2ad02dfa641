"""What the connector's refusals mean, read from status, headers and body."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.failures import DEFAULT_RETRY_AFTER, read_error, read_failure, read_retry_after
from bot.failures import FailureKind

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

REASON = {"subCode": "MessageWritesBlocked", "details": "Thread is blocked from message writes."}
BLOCKED = json.dumps({"errorCode": 209, "message": json.dumps(REASON, indent=2)}).encode()


def error(code: str, message: str = "") -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, BLOCKED, FailureKind.GONE),
        (403, error("MessageWritesBlocked"), FailureKind.GONE),
        (403, error("ConversationBlockedByUser"), FailureKind.GONE),
        (403, error("BotDisabledByUser"), FailureKind.GONE),
        (403, error("BotNotInConversationRoster"), FailureKind.GONE),
        (403, error("ForbiddenOperationException"), FailureKind.GONE),
        (403, error("Forbidden", "Bot is not installed in user's personal scope"), FailureKind.GONE),
        (403, error("", "The bot is not part of the conversation roster."), FailureKind.GONE),
        (403, error("BotDisabledByAdmin", "The tenant admin disabled this bot"), FailureKind.BUG),
        (403, b"", FailureKind.BUG),
        (404, error("ConversationNotFound"), FailureKind.GONE),
        (404, b"<html>", FailureKind.GONE),
        (400, error("BadArgument"), FailureKind.BUG),
        (401, b"", FailureKind.BUG),
        (413, error("MessageSizeTooBig"), FailureKind.BUG),
        (412, error("PreconditionFailed"), FailureKind.RETRY),
        (500, b"", FailureKind.RETRY),
        (502, b"Bad Gateway", FailureKind.RETRY),
        (504, b"", FailureKind.RETRY),
        (429, error("Throttled"), FailureKind.THROTTLED),
    ],
)
def test_kinds(status: int, body: bytes, kind: FailureKind) -> None:
    failure = read_failure(status, {}, body, NOW)
    assert failure.kind is kind
    assert not failure.maybe_sent
    assert failure.not_found == (status == 404)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("17", 17.0),
        ("0", 0.0),
        ("", DEFAULT_RETRY_AFTER),
        ("soon", DEFAULT_RETRY_AFTER),
        ("-3", DEFAULT_RETRY_AFTER),
        ("Fri, 20 Nov 2026 01:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after(value: str, seconds: float) -> None:
    assert read_retry_after(value, NOW) == seconds


@given(st.binary(max_size=300))
def test_no_body_breaks_the_reading(body: bytes) -> None:
    code, _ = read_error(body)
    assert len(code) <= 80


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_json_breaks_the_reading(value: object) -> None:
    for body in (value, {"error": value}, {"message": value}, {"error": {"code": value, "message": value}}):
        failure = read_failure(403, {}, json.dumps(body).encode(), NOW)
        assert failure.kind in (FailureKind.GONE, FailureKind.BUG)
