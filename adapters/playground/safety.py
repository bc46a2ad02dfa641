"""Who may talk to the playground: this machine's own browser, on the playground's own page, and nobody else.

It has no accounts: whoever reaches it may be anybody in it. So it answers loopback connections only, only under a
loopback name (a foreign name that points here is DNS rebinding), and takes acts only from its own page (a foreign page
that posts here is cross-site request forgery).
"""

import ipaddress
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

log = structlog.get_logger(__name__)

LONGEST_BODY = 256 * 1024
"""Bytes of one act; a form of a hundred fields fits many times."""

NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

M = TypeVar("M", bound=BaseModel)


def guard(handler: Handler) -> Handler:
    """Lets only our own page through, 403 for everybody else, and puts the protecting headers on the answer."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        reason = find_objection(request)
        if reason is not None:
            log.warning("playground.refused", reason=reason, path=request.path)
            raise web.HTTPForbidden(text=f"{reason}\n", headers=HEADERS)
        response = await handler(request)
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return guarded


def find_objection(request: web.Request) -> str | None:
    """Why the request is refused, or None when it comes from this machine and our own page."""
    if not _is_loopback(request):
        return "not from this machine"
    if _hostname(f"//{request.headers.get('Host', '')}") not in NAMES:
        return "not under this machine's name"
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "from another page"
    origin = request.headers.get("Origin")
    own = f"http://{request.headers['Host']}"
    if request.method == "POST" and origin != own:
        return "not from the playground's page"
    return "from another page" if origin not in (None, own) else None


def _is_loopback(request: web.Request) -> bool:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    try:
        return ipaddress.ip_address(str(peer[0]).split("%")[0]).is_loopback if peer else False
    except ValueError:
        return False


def _hostname(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


async def read_body(request: web.Request, model: type[M]) -> M:
    """The body as `model`. Raises 415, 413 or 400 when it is not JSON, too long, or not what is expected."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="JSON only\n", headers=HEADERS)
    body = bytearray()
    async for chunk in request.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > LONGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(LONGEST_BODY, len(body), text="too long\n", headers=HEADERS)
    try:
        return model.model_validate_json(bytes(body))
    except ValidationError as error:
        log.warning("playground.not_understood", path=request.path, problems=error.error_count())
        raise web.HTTPBadRequest(text="not understood\n", headers=HEADERS) from error
