"""Home sections: every feature may add one, and the home page's handler gets them all without knowing any."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.feature import Feature, provide_home
from bot.glance import Glance, Question
from bot.incoming import HomeOpened, Origin
from bot.routing import Provider, Request, RoutingError
from bot.ui import Block, Divider, Heading

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PROVIDERS: dict[type, Provider] = {datetime: lambda request: request.now}


def request() -> Request:
    nobody: Any = None
    return Request(HomeOpened(Origin("chat", "T1", "U1")), nobody, nobody, NOW)


def see_nothing(request: Request) -> Glance:
    return Glance({})


def show_clock(now: datetime) -> tuple[Block, ...]:
    return (Heading(f"{now:%Y}"), Divider())


def test_sections_stand_in_the_order_of_the_features_and_get_what_they_ask_for() -> None:
    features = [
        Feature("b", home=lambda: (Heading("b"),)),
        Feature("silent", home=lambda: ()),
        Feature("without"),
        Feature("clock", home=show_clock),
    ]
    blocks = provide_home(features, PROVIDERS, see_nothing)(request()).list_blocks()
    assert blocks == (Heading("b"), Heading("2026"), Divider())


def test_nothing_is_read_before_the_page_is_shown() -> None:
    read: list[str] = []

    def section() -> tuple[Block, ...]:
        read.append("section")
        return ()

    sections = provide_home([Feature("a", home=section)], PROVIDERS, see_nothing)(request())
    assert read == []
    sections.list_blocks()
    assert read == ["section"]


def test_a_section_that_asks_for_what_nobody_provides_stops_the_start() -> None:
    def section(number: int) -> tuple[Block, ...]:
        return (Heading(str(number)),)

    with pytest.raises(RoutingError, match="number"):
        provide_home([Feature("a", home=section)], PROVIDERS, see_nothing)


def test_all_sections_share_one_glance_taken_when_the_page_is_shown() -> None:
    rooms, jobs, taken = Question("rooms"), Question("jobs"), list[datetime]()

    def look(request: Request) -> Glance:
        taken.append(request.now)
        return Glance({rooms: True, jobs: False})

    def show_rooms(glance: Glance, now: datetime) -> tuple[Block, ...]:
        return (Heading(f"rooms {now:%Y}"),) if glance.sees(rooms) else ()

    def show_jobs(glance: Glance) -> tuple[Block, ...]:
        return (Heading("jobs"),) if glance.sees(jobs) else ()

    features = [Feature("rooms", home=show_rooms, glance=(rooms,)), Feature("jobs", home=show_jobs, glance=(jobs,))]
    sections = provide_home(features, PROVIDERS, look)(request())
    assert taken == []
    assert sections.list_blocks() == (Heading("rooms 2026"),)
    assert taken == [NOW]


def test_a_question_that_no_feature_has_is_not_taken_for_a_no() -> None:
    with pytest.raises(KeyError):
        Glance({Question("rooms"): False}).sees(Question("rooms"))
