"""Logs: one line each, ids, and never a word that a person wrote."""

import contextlib
import io
import json
import logging
from typing import Any

import pytest
import structlog

from bot.logs import set_up_logs

SECRET = "田中 美咲 090-1234-5678"


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def set_up(style: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    set_up_logs(style, level, stream)
    return stream


def test_a_line_has_its_event_level_time_and_ids() -> None:
    stream = set_up()
    structlog.get_logger("test").info("delivery.sent", delivery=12)
    (line,) = lines(stream)
    assert (line["event"], line["level"], line["delivery"]) == ("delivery.sent", "info", 12)
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_left_out() -> None:
    stream = set_up(level="warning")
    structlog.get_logger("test").info("quiet")
    structlog.get_logger("test").warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_text_style_is_for_people() -> None:
    stream = set_up("text")
    structlog.get_logger("test").info("slot.ran", slot="digest")
    assert "slot.ran" in stream.getvalue()
    assert "slot=digest" in stream.getvalue()
    assert "\x1b[" not in stream.getvalue()


@pytest.mark.parametrize("style", ["json", "text"])
def test_libraries_speak_the_same_way(style: str) -> None:
    stream = set_up(style)
    logging.getLogger("aiohttp.server").warning("connection %s", "lost")
    logging.getLogger("aiohttp.server").info("unheard")
    assert "connection lost" in stream.getvalue()
    assert "unheard" not in stream.getvalue()
    assert "aiohttp.server" in stream.getvalue()
    if style == "json":
        assert lines(stream)[0]["level"] == "warning"


def test_a_tick_that_comes_too_early_is_no_news() -> None:
    stream = set_up()
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances reached")
    assert stream.getvalue() == ""


def fail_with(error: Exception) -> None:
    name = SECRET  # what is in the frame stays in the frame
    assert name
    raise error


def log_failure(error: Exception, style: str = "json") -> str:
    stream = set_up(style)
    try:
        fail_with(error)
    except Exception as caught:
        structlog.get_logger("test").error("incoming.failed", error_id="12ab", exc_info=caught)
        logging.getLogger("library").exception("failed")
    return stream.getvalue()


class Refused(Exception):
    """As a database refuses."""

    sqlstate = "23505"


@pytest.mark.parametrize("style", ["json", "text"])
@pytest.mark.parametrize(
    "error",
    [ValueError(f"invalid literal: {SECRET!r}"), KeyError(SECRET), Refused(f"Key (name)=({SECRET}) already exists")],
)
def test_what_an_exception_quotes_stays_out(error: Exception, style: str) -> None:
    text = log_failure(error, style)
    assert "美咲" not in text
    assert "1234-5678" not in text
    assert type(error).__name__ in text
    assert "in fail_with" in text
    assert "test_logs.py:" in text


def test_what_is_about_the_code_is_kept() -> None:
    assert "AttributeError: no attribute 'x'" in log_failure(AttributeError("no attribute 'x'"))
    assert "Refused (23505)" in log_failure(Refused())


def test_causes_are_told_first() -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise RuntimeError("outer") from cause
    except RuntimeError as error:
        stream = set_up()
        structlog.get_logger("test").error("failed", exc_info=error)
    (line,) = lines(stream)
    assert line["exception"].index("ValueError") < line["exception"].index("RuntimeError: outer")


def test_a_group_names_its_parts_and_a_circle_ends() -> None:
    inner = ValueError(SECRET)
    inner.__cause__ = inner
    stream = set_up()
    structlog.get_logger("test").error("failed", exc_info=ExceptionGroup("both", [inner, TypeError("code")]))
    (line,) = lines(stream)
    assert "ValueError" in line["exception"]
    assert "TypeError: code" in line["exception"]
    assert "美咲" not in line["exception"]


def test_a_line_that_cannot_be_written_stops_nobody() -> None:
    stream = set_up()
    log = structlog.get_logger("test")
    log.info("first")
    stream.close()
    log.error("second")


def test_a_full_disk_stops_nobody() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        set_up_logs("json", "info", full)
        structlog.get_logger("test").info("lost", text="x" * 100_000)
        with contextlib.suppress(OSError):
            full.close()
