"""Structured logs: `event=`, ids, and no text that a person wrote.

What an exception says is such a text more often than not (`invalid literal for int(): '090-1234…'`, a database's
`Key (email)=(…) already exists`). So of an exception the log keeps the type, the place of every frame and, where it can
only be about the code or the machine, its words.
"""

import contextlib
import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_ABOUT_CODE = (ArithmeticError, AttributeError, ImportError, NameError, OSError, RuntimeError, TypeError)
"""Exceptions whose words name code or the machine, never what somebody entered."""

_QUIET = ("apscheduler", "asyncio")
"""APScheduler warns of every tick that comes while one still runs; that is how ticking is meant. asyncio tells of slow
callbacks."""


def set_up_logs(style: str = "text", level: str = "info", stream: TextIO | None = None) -> None:
    """Sets up structlog, and sends the libraries' own warnings the same way. `style` is text or json."""
    target: TextIO = sys.stderr if stream is None else stream
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
    ]
    renderer = _make_renderer(style, target)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *names: Printer(target),
        cache_logger_on_first_use=True,
    )
    _set_up_libraries(shared, renderer, target)


class Printer:
    """Writes lines to a stream, at once. A line that can't be written is dropped: a full disk or a closed terminal must
    not stop the work that the line tells of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def msg(self, line: str) -> None:
        """Writes one line."""
        with self._lock, contextlib.suppress(OSError, ValueError):  # ValueError: the stream is closed
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def _make_renderer(style: str, stream: TextIO) -> Processor:
    if style == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)


def _set_up_libraries(shared: list[Processor], renderer: Processor, stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def describe_exception(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by `exception`: types and places, outermost cause first."""
    found = _find_exception(event.pop("exc_info", None))
    if found is not None:
        event["exception"] = "\n".join(_describe(found, set()))
    return event


def _find_exception(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return cast(ExcInfo, given)[1]
    return sys.exc_info()[1] if given else None


def _describe(error: BaseException, seen: set[int]) -> list[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _describe(cause, seen) if cause is not None and id(cause) not in seen else []
    frames = traceback.extract_tb(error.__traceback__, limit=-30)
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    lines.append(_name(error))
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            lines += _describe(inner, seen)
    return lines


def _name(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    state = getattr(error, "sqlstate", None)
    if state:
        return f"{kind} ({state})"
    return f"{kind}: {error}" if isinstance(error, _ABOUT_CODE) else kind
