"""What a test does to the logs ends with the test."""

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from structlog._config import BoundLoggerLazyProxy

PRODUCT = ("bot", "adapters", "storage", "handlers", "scheduler")


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Puts the logs back when a test has set them up, as every command does, for an output that is then closed."""
    config = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if structlog.get_config() != config:
        structlog.configure(**config)
        root.handlers[:], root.level = handlers, level
        forget_outputs()


def forget_outputs() -> None:
    """Makes the product's loggers ask for the configuration again: each keeps the one of its first line for good."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in PRODUCT:
            for value in vars(module).values():
                if isinstance(value, BoundLoggerLazyProxy):
                    vars(value).pop("bind", None)
