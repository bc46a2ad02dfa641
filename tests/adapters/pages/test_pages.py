"""Pages on the wire: what a browser gets, how often, and what it can't be made to do."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.pages import PageEndpoint
from adapters.pages.endpoint import LOOKS, PRESSES
from adapters.pages.html import draw_page
from bot.clock import FrozenClock
from bot.pages import Choice, Page, PagePart, Visit
from bot.ui import Bold, Chips, Fact, Facts, Heading, Link, Mention, Note, Para, Quote, When
from tests.support.world import START

Client = TestClient[web.Request, web.Application]


class Book:
    """Answers visits, and remembers them."""

    def __init__(self) -> None:
        self.visits: list[Visit] = []
        self.broken = False

    async def visit(self, name: str, visit: Visit) -> Page:
        if name != "friend":
            raise KeyError(name)
        if self.broken:
            raise RuntimeError("a fault")
        self.visits.append(visit)
        return make_page(found=visit.token != "forged")


def make_page(text: str = "本文", *, found: bool = True) -> Page:
    blocks = (
        Heading("見出し"),
        Para((text, Bold(text), Link(text, "https://jobs.example/?a=1&b=2"), Mention(1, text))),
        Quote(text),
        Facts((Fact("勤務地", (text,)),)),
        Note((text,)),
    )
    choices = (Choice("agree", "はい", "primary"), Choice("decline", "いいえ"))
    return Page((PagePart("ja", text, blocks, choices), PagePart("en", "Title", (Para(("Text",)),), choices)), found)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest_asyncio.fixture
async def client(book: Book, clock: FrozenClock) -> AsyncIterator[Client]:
    app = web.Application(client_max_size=1024**2)
    PageEndpoint(book.visit, clock).add_routes(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def press(client: Client, token: str = "abc", **form: str) -> int:
    response = await client.post(f"/p/friend/{token}", data=form, allow_redirects=False)
    return response.status


async def test_a_page_in_both_languages_without_any_script(client: Client, book: Book) -> None:
    response = await client.get("/p/friend/abc")
    text = await response.text()
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    for wanted in (
        '<html lang="ja">',
        '<section lang="ja">',
        '<section lang="en">',
        'name="viewport"',
        'method="post"',
    ):
        assert wanted in text
    assert "<script" not in text
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert book.visits == [Visit("abc")]


async def test_a_press_is_heard_and_the_browser_sent_to_look_again(client: Client, book: Book) -> None:
    response = await client.post("/p/friend/abc", data={"choice": "agree"}, allow_redirects=False)
    assert response.status == 303
    assert response.headers["Location"] == "/p/friend/abc"
    assert book.visits == [Visit("abc", "agree")]


@pytest.mark.parametrize("form", [{}, {"other": "agree"}, {"choice": "あ"}, {"choice": "x" * 41}])
async def test_what_is_no_button_of_ours_presses_nothing(client: Client, book: Book, form: dict[str, str]) -> None:
    await press(client, **form)
    assert book.visits == [Visit("abc", "")]


async def test_other_bodies_press_nothing(client: Client, book: Book) -> None:
    for body, kind in ((b'{"choice": "agree"}', "application/json"), (b"choice=agree", "text/plain")):
        await client.post("/p/friend/abc", data=body, headers={"Content-Type": kind}, allow_redirects=False)
    await client.post("/p/friend/abc", data={"choice": "agree", "x": "y" * 5000}, allow_redirects=False)
    assert {visit.choice for visit in book.visits} == {""}


@pytest.mark.parametrize("path", ["/p/friend/forged", "/p/other/abc", "/p/friend/" + "a" * 301, "/p/friend/%E3%81%82"])
async def test_what_leads_nowhere_is_one_and_the_same_answer(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.status == 404
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert (await client.post(path, data={"choice": "agree"}, allow_redirects=False)).status == 404


async def test_one_link_can_t_be_tried_without_end(client: Client, clock: FrozenClock) -> None:
    statuses = [await press(client, choice="agree") for _press in range(PRESSES + 2)]
    assert statuses == [303] * PRESSES + [429] * 2
    assert [await press(client, "other", choice="agree")] == [303]
    looks = [(await client.get("/p/friend/abc")).status for _look in range(LOOKS + 1)]
    assert looks == [200] * LOOKS + [429]
    clock.move(timedelta(minutes=1))
    assert await press(client, choice="agree") == 303


async def test_guessing_links_is_slowed_down(client: Client) -> None:
    statuses = {(await client.get(f"/p/friend/{number}")).status for number in range(620)}
    assert 429 in statuses


async def test_a_fault_of_ours_is_a_kind_sentence_without_a_trace(client: Client, book: Book) -> None:
    book.broken = True
    response = await client.get("/p/friend/abc")
    text = await response.text()
    assert response.status == 500
    assert "もう一度お試し" in text
    assert "RuntimeError" not in text


@pytest.mark.parametrize("text", ['<script>alert("x")</script>', "</style><b>", '" onload="x', "&lt;"])
def test_whatever_people_write_is_only_words(text: str) -> None:
    drawn = draw_page(make_page(text))
    assert text not in drawn.replace("&amp;lt;", "") or text == "&lt;"
    assert "<script" not in drawn


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://x.example", "data:text/html,x"])
def test_only_safe_links_are_links(url: str) -> None:
    page = Page((PagePart("ja", "題", (Para((Link("行き先", url),)),)),))
    assert "href" not in draw_page(page)
    assert "行き先" in draw_page(page)


def test_what_a_page_can_t_show_is_our_mistake() -> None:
    for block in (Chips(("x",)), Para((When(START),))):
        with pytest.raises(ValueError, match="page"):
            draw_page(Page((PagePart("ja", "題", (block,)),)))
