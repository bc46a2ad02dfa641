"""Looking at a picture before it is sent to many: is it one, and small enough to be shown everywhere?"""

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

log = structlog.get_logger(__name__)

LARGEST = 5 * 1024**2
"""Bytes. Slack takes larger ones, Teams and mail readers on phones don't show them."""

TOO_LARGE, NO_PICTURE, UNREACHABLE = "too_large", "no_picture", "unreachable"

_SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
"""How the kinds begin that Slack, Teams and mail all show."""
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_MOST_TURNS = 3
"""Redirections that are followed."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

IsAllowed = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: nobody looks into our own network by way of a picture."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


class PublicResolver(AbstractResolver):
    """Names as usual, but only to allowed addresses."""

    def __init__(self, is_allowed: IsAllowed) -> None:
        self._inner = ThreadedResolver()
        self._is_allowed = is_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The allowed addresses. Raises OSError when there is none."""
        found = [one for one in await self._inner.resolve(host, port, family) if self._is_allowed(one["host"])]
        if not found:
            raise OSError(f"{host} has no public address")
        return found

    async def close(self) -> None:
        """Nothing to close."""
        await self._inner.close()


class PictureCheck:
    """Fetches pictures to look at them. To be used outside of any transaction."""

    def __init__(
        self, is_allowed: IsAllowed = is_public, schemes: frozenset[str] = frozenset({"https"}), largest: int = LARGEST
    ) -> None:
        self._is_allowed = is_allowed
        self._schemes = schemes
        self._largest = largest

    async def find_problem(self, url: str) -> str:
        """TOO_LARGE, NO_PICTURE, UNREACHABLE, or "" when it may be sent. Never raises."""
        connector = aiohttp.TCPConnector(resolver=PublicResolver(self._is_allowed))
        try:
            async with aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT) as session:
                return await self._look(session, url)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.info("picture.unreachable", kind=type(error).__name__)
            return UNREACHABLE

    async def _look(self, session: aiohttp.ClientSession, url: str) -> str:
        for _turn in range(_MOST_TURNS + 1):
            if not self._may_ask(url):
                return UNREACHABLE
            async with session.get(url, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await self._judge(response)
                url = urljoin(url, response.headers.get("Location", ""))
        return UNREACHABLE

    def _may_ask(self, url: str) -> bool:
        """An address in numbers never gets to the resolver."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_number = ":" in host or host.replace(".", "").isdecimal()
        return parts.scheme in self._schemes and (not is_number or self._is_allowed(host))

    async def _judge(self, response: aiohttp.ClientResponse) -> str:
        if response.status != 200:
            return UNREACHABLE
        begins = await response.content.read(16)
        if not begins.startswith(_SIGNS):
            return NO_PICTURE
        size = len(begins)
        if (response.content_length or 0) > self._largest:
            return TOO_LARGE
        async for chunk in response.content.iter_chunked(1 << 16):
            size += len(chunk)
            if size > self._largest:
                return TOO_LARGE
        return ""
