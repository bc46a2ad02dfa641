"""Links to files: only ours open anything, for a while, and what they open is a download and nothing else."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FrozenClock
from bot.downloads import Downloads
from bot.files import VALID, FileLinks, LinkRefused
from bot.settings import find_mail_address, read_settings
from bot.ui import File, Message, Para, dump_message, pack_file

SENT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
BASE = "https://musubi.example.com"
LINKS = FileLinks(b"secret of a test", BASE)
ENTRY = File("musubi-1.ics", "text/calendar; method=CANCEL; charset=utf-8", "BEGIN:VCALENDAR\r\n相談\r\n", "Add it")

keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)


def token_of(url: str) -> str:
    """The token in an address."""
    return url.removeprefix(f"{BASE}/files/").split("/")[0]


@given(keys, keys)
def test_a_link_names_what_it_was_made_for(key: str, name: str) -> None:
    url = LINKS.make(key, name, SENT)
    assert url.startswith(f"{BASE}/files/")
    assert " " not in url
    if len(token_of(url)) <= 600:
        assert LINKS.read(token_of(url), SENT) == (key, name)


def test_without_a_public_address_there_is_no_link() -> None:
    assert FileLinks(b"secret", "").make("k", "n", SENT) == ""


def test_a_link_has_its_time() -> None:
    token = token_of(LINKS.make("k", "n", SENT))
    assert LINKS.read(token, SENT + VALID) == ("k", "n")
    with pytest.raises(LinkRefused, match="old"):
        LINKS.read(token, SENT + VALID + timedelta(seconds=1))


@given(st.integers(0, 200), st.sampled_from("AZaz09_-.é\x00"))
def test_a_changed_link_opens_nothing(place: int, sign: str) -> None:
    token = token_of(LINKS.make("meeting:1:2", "musubi-1.ics", SENT))
    place %= len(token)
    forged = token[:place] + sign + token[place + 1 :]
    if forged != token:
        with pytest.raises(LinkRefused):
            LINKS.read(forged, SENT)


@pytest.mark.parametrize("token", ["", ".", "a.b", "é.é", "." * 700, "W10.x"])
def test_what_never_was_a_link_opens_nothing(token: str) -> None:
    with pytest.raises(LinkRefused):
        LINKS.read(token, SENT)


def test_a_link_is_of_no_use_under_another_secret() -> None:
    token = token_of(FileLinks(b"another", BASE).make("k", "n", SENT))
    with pytest.raises(LinkRefused):
        LINKS.read(token, SENT)


def test_a_signed_text_that_is_no_link_opens_nothing() -> None:
    odd = "W10"  # [] signed by ourselves
    with pytest.raises(LinkRefused):
        LINKS.read(f"{odd}.{LINKS._sign(odd)}", SENT)  # pyright: ignore[reportPrivateUsage]


# The endpoint


class Served:
    """The endpoint on a real server, with what was sent as a dict."""

    def __init__(self, client: TestClient[web.Request, web.Application], bodies: dict[str, str]) -> None:
        self.client, self.bodies = client, bodies

    async def get(self, url: str) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers."""
        response = await self.client.get(url.removeprefix(BASE))
        return response.status, await response.text(), dict(response.headers)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    bodies = {"k": dump_message(Message("s", (Para(("p",)), ENTRY)))}

    async def find_body(key: str) -> str | None:
        return bodies.get(key)

    app = web.Application()
    Downloads(LINKS, FrozenClock(SENT), find_body).add_routes(app)
    async with TestClient(TestServer(app)) as client:
        yield Served(client, bodies)


async def test_a_link_gives_the_file(served: Served) -> None:
    status, text, headers = await served.get(LINKS.make("k", ENTRY.name, SENT))
    assert (status, text) == (200, ENTRY.text)
    assert headers["Content-Type"] == "text/calendar; method=CANCEL; charset=utf-8"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''musubi-1.ics"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_whatever_is_wrong_is_answered_alike(served: Served) -> None:
    old = LINKS.make("k", ENTRY.name, SENT - VALID - timedelta(days=1))
    wrong = [old, LINKS.make("k", "other.ics", SENT), LINKS.make("gone", ENTRY.name, SENT), f"{BASE}/files/x.y/z"]
    answers = [await served.get(url) for url in wrong]
    assert {status for status, _text, _headers in answers} == {404}
    assert len({text for _status, text, _headers in answers}) == 1


async def test_with_the_message_the_file_is_gone(served: Served) -> None:
    url = LINKS.make("k", ENTRY.name, SENT)
    served.bodies.clear()
    assert (await served.get(url))[0] == 404


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "noreply@musubi.invalid"),
        ({"musubi_public_url": BASE}, "noreply@musubi.example.com"),
        ({"musubi_public_url": "http://localhost:3978"}, "noreply@musubi.invalid"),
        ({"musubi_public_url": "http://127.0.0.1:3978"}, "noreply@musubi.invalid"),
        ({"musubi_mail_from": "En <en@example.com>", "musubi_public_url": BASE}, "en@example.com"),
    ],
)
def test_the_address_that_stands_for_musubi(given: dict[str, str], address: str) -> None:
    assert find_mail_address(read_settings(_env_file=None, **given)) == address


async def test_a_file_that_is_no_text_is_given_as_it_was(served: Served) -> None:
    data = b"%PDF-1.4\n" + bytes(range(256))
    file = pack_file("tags.pdf", "application/pdf", data, "Name tags")
    served.bodies["k"] = dump_message(Message("s", (Para(("p",)), file)))
    response = await served.client.get(LINKS.make("k", file.name, SENT).removeprefix(BASE))
    assert await response.read() == data
    assert response.headers["Content-Type"] == "application/pdf"
