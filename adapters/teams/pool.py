"""One HTTP session for everything that goes out, made when the event loop runs."""

import aiohttp

KEEP_ALIVE = 15.0
"""Seconds an idle connection is kept: well below the service's own limit, because a connection that breaks under a
message leaves it unknown whether that arrived."""


class Pool:
    """Holds the session. Not to be used from two event loops."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session; made at the first use, inside a running loop."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=KEEP_ALIVE)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def close(self) -> None:
        """Ends all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
