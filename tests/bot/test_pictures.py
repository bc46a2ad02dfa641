"""Looking at pictures, over a real network on this machine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.pictures import NO_PICTURE, TOO_LARGE, UNREACHABLE, PictureCheck, is_public

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
LARGEST = 1000


@dataclass
class Site:
    """A web site with pictures, and who looks at them as if it were on the open internet."""

    server: TestServer
    check: PictureCheck
    served: list[int]

    async def look(self, path: str) -> str:
        return await self.check.find_problem(str(self.server.make_url(path)))


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    served: list[int] = []
    app = web.Application()

    async def serve(request: web.Request) -> web.StreamResponse:
        return await answer(request, served)

    app.router.add_get("/{name}", serve)
    server = TestServer(app)
    await server.start_server()
    yield Site(server, PictureCheck(lambda address: True, frozenset({"http"}), LARGEST), served)
    await server.close()


BODIES = {
    "a.png": PNG,
    "b.jpg": b"\xff\xd8\xff\xe0" + b"x" * 50,
    "c.gif": b"GIF89a" + b"x",
    "page": b"<html>nothing to see</html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "empty": b"",
    "exactly": PNG[:8] + b"x" * (LARGEST - 8),
    "large": PNG[:8] + b"x" * (LARGEST - 7),
}


async def answer(request: web.Request, served: list[int]) -> web.StreamResponse:
    name = request.match_info["name"]
    if name == "moved":
        raise web.HTTPFound("/a.png")
    if name == "circle":
        raise web.HTTPFound("/circle")
    if name == "away":
        raise web.HTTPFound("ftp://elsewhere.example/a.png")
    if name == "endless":
        return await stream(request, served)
    if name not in BODIES:
        raise web.HTTPNotFound
    return web.Response(body=BODIES[name], content_type="image/png")


async def stream(request: web.Request, served: list[int]) -> web.StreamResponse:
    """Thirty megabytes that don't say how many they are."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(PNG[:8])
    for _part in range(30):
        await response.write(b"x" * 2**20)
        served.append(2**20)
    return response


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/a.png", ""),
        ("/b.jpg", ""),
        ("/c.gif", ""),
        ("/exactly", ""),
        ("/moved", ""),
        ("/large", TOO_LARGE),
        ("/endless", TOO_LARGE),
        ("/page", NO_PICTURE),
        ("/svg", NO_PICTURE),
        ("/empty", NO_PICTURE),
        ("/missing", UNREACHABLE),
        ("/circle", UNREACHABLE),
        ("/away", UNREACHABLE),
    ],
)
async def test_what_is_found(site: Site, path: str, problem: str) -> None:
    assert await site.look(path) == problem


async def test_of_what_is_too_large_the_rest_is_not_fetched(site: Site) -> None:
    await site.look("/endless")
    assert sum(site.served) < 30 * 2**20


async def test_our_own_network_is_never_looked_into(site: Site) -> None:
    outside = PictureCheck(is_public, frozenset({"http"}))
    port = site.server.make_url("/").port
    for host in ("127.0.0.1", "localhost", "[::1]", "2130706433", "127.1"):
        assert await outside.find_problem(f"http://{host}:{port}/a.png") == UNREACHABLE


async def test_only_https_is_asked_of_the_world(site: Site) -> None:
    assert await PictureCheck(lambda address: True).find_problem(str(site.server.make_url("/a.png"))) == UNREACHABLE


@pytest.mark.parametrize("url", ["", "https://", "https://[", "https:///a.png", "nothing", "https://a b.example/"])
async def test_what_is_no_address_is_no_failure(url: str) -> None:
    assert await PictureCheck().find_problem(url) == UNREACHABLE


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1", False),
        ("100.64.0.1", False),
        ("name", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
