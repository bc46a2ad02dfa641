"""GET and POST /p/<name>/<token>: a feature's page, for whoever holds the link.

Nobody is logged in here, so there is nothing that another site could make a browser do in somebody's name: what may be
pressed is what the signed token stands for. What is wrong with a link is not told.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import structlog
from aiohttp import web

from adapters.pages.html import draw_page, draw_sentence
from bot.i18n import LANGUAGES, _, use_locale
from bot.pages import PATH, Page, Visit, VisitPage
from bot.ports import Clock

log = structlog.get_logger(__name__)

LONGEST_TOKEN = 300
LONGEST_BODY = 2_000
WINDOW = timedelta(minutes=1)
LOOKS, PRESSES, ALL = 30, 10, 600
"""Within a window: how often one link may be opened and pressed, and how often all of them together."""
_REMEMBERED = 2_000

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


class Meter:
    """Counts within a window, and forgets the oldest when there are too many to remember."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def takes(self, key: str, most: int) -> bool:
        """Whether one more is within the limit; it counts."""
        now = self._clock.now()
        begun, count = self._counts.pop(key, (now, 0))
        if now - begun >= WINDOW:
            begun, count = now, 0
        self._counts[key] = (begun, count + 1)
        if len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)
        return count < most


class PageEndpoint:
    """The endpoint. `visit` answers in one transaction."""

    def __init__(self, visit: VisitPage, clock: Clock) -> None:
        self.visit = visit
        self._meter = Meter(clock)

    def add_routes(self, app: web.Application) -> None:
        """Puts the endpoint into the web application."""
        app.router.add_get(PATH, self.show)
        app.router.add_post(PATH, self.press)

    async def show(self, request: web.Request) -> web.Response:
        """The page. Looking changes nothing."""
        name, token = _read_address(request)
        if not self._meter.takes("", ALL) or not self._meter.takes(f"see {name} {token}", LOOKS):
            return _too_often()
        return await self._answer(name, Visit(token))

    async def press(self, request: web.Request) -> web.Response:
        """A button; then the browser is sent to look again, so that going back or reloading presses nothing."""
        name, token = _read_address(request)
        if not self._meter.takes("", ALL) or not self._meter.takes(f"press {name} {token}", PRESSES):
            return _too_often()
        choice = await _read_choice(request)
        answer = await self._answer(name, Visit(token, choice))
        if answer.status != 200:
            return answer
        location = f"/p/{quote(name)}/{quote(token)}"
        return web.Response(status=303, headers={**HEADERS, "Location": location})

    async def _answer(self, name: str, visit: Visit) -> web.Response:
        if len(visit.token) > LONGEST_TOKEN or not visit.token.isascii():
            return _say(404, _nowhere)
        try:
            page = await self.visit(name, visit)
        except KeyError:
            return _say(404, _nowhere)
        except Exception as error:
            error_id = secrets.token_hex(4)
            log.error("page.failed", page=name, error_id=error_id, exc_info=error)
            return _say(500, lambda: _("Something went wrong on our side. Please try once more in a minute."))
        return _draw(page)


def _read_address(request: web.Request) -> tuple[str, str]:
    return request.match_info["name"][:40], request.match_info["token"]


async def _read_choice(request: web.Request) -> str:
    """The name of the button. Whatever else somebody posts is read as no button at all."""
    if request.content_type != "application/x-www-form-urlencoded" or (request.content_length or 0) > LONGEST_BODY:
        return ""
    try:
        value = (await request.post()).get("choice", "")
    except (ValueError, web.HTTPException):
        return ""
    return value if isinstance(value, str) and value.isascii() and len(value) <= 40 else ""


def _draw(page: Page) -> web.Response:
    status = 200 if page.found else 404
    return web.Response(text=draw_page(page), status=status, content_type="text/html", charset="utf-8", headers=HEADERS)


def _nowhere() -> str:
    return _("This link leads nowhere, or no longer does. If you typed it, please look at it once more.")


def _too_often() -> web.Response:
    response = _say(429, lambda: _("This page was opened very often just now. Please try again in a minute."))
    response.headers["Retry-After"] = "60"
    return response


def _say(status: int, sentence: Callable[[], str]) -> web.Response:
    said: list[tuple[str, str]] = []
    for locale in LANGUAGES:
        with use_locale(locale):
            said.append((locale, sentence()))
    text = draw_sentence(said)
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)
