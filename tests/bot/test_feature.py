"""Home sections: every feature may add one, and the home page's handler gets them all without knowing any."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.feature import Feature, provide_home
from bot.incoming import HomeOpened, Origin
from bot.routing import Provider, Request, RoutingError
from bot.ui import Block, Divider, Heading

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PROVIDERS: dict[type, Provider] = {datetime: lambda request: request.now}


def request() -> Request:
    nobody: Any = None
    return Request(HomeOpened(Origin("chat", "T1", "U1")), nobody, nobody, NOW)


def show_clock(now: datetime) -> tuple[Block, ...]:
    return (Heading(f"{now:%Y}"), Divider())


def test_sections_stand_in_the_order_of_the_features_and_get_what_they_ask_for() -> None:
    features = [
        Feature("b", home=lambda: (Heading("b"),)),
        Feature("silent", home=lambda: ()),
        Feature("without"),
        Feature("clock", home=show_clock),
    ]
    blocks = provide_home(features, PROVIDERS)(request()).list_blocks()
    assert blocks == (Heading("b"), Heading("2026"), Divider())


def test_nothing_is_read_before_the_page_is_shown() -> None:
    read: list[str] = []

    def section() -> tuple[Block, ...]:
        read.append("section")
        return ()

    sections = provide_home([Feature("a", home=section)], PROVIDERS)(request())
    assert read == []
    sections.list_blocks()
    assert read == ["section"]


def test_a_section_that_asks_for_what_nobody_provides_stops_the_start() -> None:
    def section(number: int) -> tuple[Block, ...]:
        return (Heading(str(number)),)

    with pytest.raises(RoutingError, match="number"):
        provide_home([Feature("a", home=section)], PROVIDERS)
