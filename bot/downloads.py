"""GET /files/<token>/<name>: a file that was sent with a message, for whoever holds its link."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import structlog
from aiohttp import web

from bot.files import PATH, FileLinks, LinkRefused
from bot.ports import Clock
from bot.ui import File, list_files, load_message

log = structlog.get_logger(__name__)

FindBody = Callable[[str], Awaitable[str | None]]
"""The stored message of a delivery, by its key; None when there is none any more."""

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class Downloads:
    """The endpoint. What is wrong with a link is not told: every such answer is the same 404."""

    def __init__(self, links: FileLinks, clock: Clock, find_body: FindBody) -> None:
        self._links = links
        self._clock = clock
        self._find_body = find_body

    def add_routes(self, app: web.Application) -> None:
        """Puts the endpoint into the web application, where links can be made at all."""
        if self._links.base:
            app.router.add_get(PATH, self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """The file as a download, or 404."""
        try:
            key, name = self._links.read(request.match_info["token"], self._clock.now())
        except LinkRefused as refusal:
            log.info("file.refused", reason=str(refusal))
            return _not_found()
        file = _find_file(await self._find_body(key), name)
        return _serve(file) if file is not None else _not_found()


def _find_file(body: str | None, name: str) -> File | None:
    if body is None:
        return None
    return next((file for file in list_files(load_message(body)) if file.name == name), None)


def _serve(file: File) -> web.Response:
    # the parameters belong to it: an entry that cancels says so in its media type too (RFC 5545, 3.8.1)
    kind = "; ".join(part for part in _split(file.media_type) if not part.startswith("charset="))
    kind = kind if file.packed else f"{kind}; charset=utf-8"
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    headers = {**HEADERS, "Content-Type": kind, "Content-Disposition": disposition}
    return web.Response(body=file.data, headers=headers)


def _split(media_type: str) -> list[str]:
    return [part.strip() for part in media_type.split(";")]


def _not_found() -> web.Response:
    return web.Response(status=404, text="This file is not here any more.\n", headers=HEADERS)
