"""Fetching what stands behind an https address, or in a file.

An address is somebody's choice, and Musubi stands inside a network: so only https, only public addresses, and the
connection is made to the very address that was looked at, so that a name that changes its mind between the two reaches
nothing. Redirects are followed here, each looked at likewise.
"""

import asyncio
import ipaddress
import ssl
from pathlib import Path
from socket import AF_UNSPEC, AddressFamily
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.failures import FetchFailed

LARGEST = 5 * 1024 * 1024
"""Bytes, unpacked: five thousand jobs with a thousand letters each."""
TIMEOUT = 30.0
"""Seconds for everything together."""
REDIRECTS = 3
_PIECE = 64 * 1024
_HEADERS = {"User-Agent": "Musubi (job feed)", "Accept": "application/json, text/csv, application/rss+xml, */*;q=0.5"}


class PrivateAddress(OSError):
    """A name stands for an address inside some network."""


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet; an old one inside a new one counts as itself."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PublicResolver(AbstractResolver):
    """Resolves names, and refuses those that stand for anything but public addresses."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: AddressFamily | int = AF_UNSPEC,
    ) -> list[ResolveResult]:
        """The addresses. Raises PrivateAddress when any is not public."""
        found = await self._inner.resolve(host, port, AddressFamily(family))
        if not all(is_public(result["host"]) for result in found):
            raise PrivateAddress(f"{host} is not public")
        return found

    async def close(self) -> None:
        """Nothing is kept open."""
        await self._inner.close()


class SourceFetcher:
    """See `bot.ports.Fetcher`. `resolver`, `context` and `timeout` are for tests."""

    def __init__(
        self,
        *,
        resolver: AbstractResolver | None = None,
        context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
        largest: int = LARGEST,
    ) -> None:
        self._resolver, self._context, self._timeout, self._largest = resolver, context, timeout, largest

    async def fetch(self, source: str) -> bytes:
        """See `bot.ports.Fetcher`."""
        if "://" not in source:
            return await asyncio.to_thread(self._read_file, Path(source))
        try:
            async with asyncio.timeout(self._timeout):
                return await self._fetch(source)
        except TimeoutError as error:
            raise FetchFailed("timeout") from error
        except (ClientError, OSError, ValueError) as error:
            raise FetchFailed("private" if _is_private(error) else "unreachable") from error

    def _read_file(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > self._largest:
                raise self._too_large()
            return path.read_bytes()
        except OSError as error:
            raise FetchFailed("no_file", error.strerror or "") from error

    def _too_large(self) -> FetchFailed:
        return FetchFailed("too_large", str(self._largest // 1024**2))

    async def _fetch(self, address: str) -> bytes:
        resolver = self._resolver or PublicResolver(ThreadedResolver())
        connector = TCPConnector(resolver=resolver, use_dns_cache=False, ssl=self._context or True)
        timeout = ClientTimeout(total=self._timeout)
        async with ClientSession(
            connector=connector, timeout=timeout, cookie_jar=DummyCookieJar(), headers=_HEADERS
        ) as session:
            for _hop in range(REDIRECTS + 1):
                _check_address(address)
                found = await self._ask(session, address)
                if isinstance(found, bytes):
                    return found
                address = urljoin(address, found)
        raise FetchFailed("redirects")

    async def _ask(self, session: ClientSession, address: str) -> bytes | str:
        """What stands there, or where it leads on to."""
        async with session.get(address, allow_redirects=False) as response:
            if response.status in (301, 302, 303, 307, 308) and (location := response.headers.get("Location")):
                return location
            if response.status != 200:
                raise FetchFailed("status", str(response.status))
            pieces = bytearray()
            async for piece in response.content.iter_chunked(_PIECE):
                pieces += piece
                if len(pieces) > self._largest:
                    raise self._too_large()
            return bytes(pieces)


def _check_address(address: str) -> None:
    """Raises FetchFailed for what is not https, or names an address that is not public: such a one is never asked of
    the resolver."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        raise FetchFailed("insecure")
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    if not is_public(host):
        raise FetchFailed("private")


def _is_private(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, PrivateAddress) or isinstance(getattr(error, "os_error", None), PrivateAddress):
            return True
        error = error.__cause__
    return False
