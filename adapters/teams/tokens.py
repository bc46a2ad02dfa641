"""Tokens both ways: who posts to us, and who we are when we post.

The SDK's own code fetches synchronously, keeps keys for a day whatever happens, and answers 500 to many bad tokens
(measured in 4.17.1); so none of it is used. The rules are those of Microsoft's "Authenticate requests from the Bot
Connector service to your bot".
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import aiohttp
import jwt
import structlog

from adapters.teams.pool import Pool
from bot.failures import FailureKind, SendFailed
from bot.ports import Clock

log = structlog.get_logger(__name__)

ISSUER = "https://api.botframework.com"
OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
LOGIN_URL = "https://login.microsoftonline.com"
SCOPE = "https://api.botframework.com/.default"

CLOCK_SKEW = timedelta(minutes=5)
"""How far the service's clock may be from ours (Microsoft's rule)."""
KEYS_LIVE = timedelta(hours=24)
"""How long keys count as fresh (Microsoft's rule)."""
REFETCH_AFTER = timedelta(minutes=3)
"""An unknown key makes us look again, but not more often than this, or strangers could make us ask all day."""
RETRY_AFTER = timedelta(seconds=10)
"""The same after an attempt that failed."""
EARLY = timedelta(minutes=5)
"""A token of ours is renewed so long before it ends."""
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)


class BadTokenError(Exception):
    """The caller is not who they must be: 401. The text is for the log."""


class KeysUnavailableError(Exception):
    """The signing keys could not be read, so nobody can be checked: 503, and the service sends it again."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A published key, and the channels for which the service vouches with it."""

    key: jwt.PyJWK
    endorsements: frozenset[str]


@dataclass(slots=True)
class SigningKeys:
    """The Bot Framework's published keys, fetched when needed and kept. Safe for concurrent use."""

    pool: Pool
    clock: Clock
    openid_url: str = OPENID_URL
    _keys: Mapping[str, SigningKey] = field(default_factory=dict[str, SigningKey])
    _fresh_until: datetime | None = None
    _next_try: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id, after looking again when it is unknown or the keys are old.

        Raises KeysUnavailableError when no keys could be read at all.
        """
        if self._needs_fetch(kid):
            async with self._lock:
                if self._needs_fetch(kid):
                    await self._refresh()
        if not self._keys:
            raise KeysUnavailableError
        return self._keys.get(kid)

    def _needs_fetch(self, kid: str) -> bool:
        now = self.clock.now()
        if self._next_try is not None and now < self._next_try:
            return False
        return kid not in self._keys or self._fresh_until is None or now >= self._fresh_until

    async def _refresh(self) -> None:
        """Reads the keys; when that fails the old ones stay."""
        now = self.clock.now()
        try:
            self._keys = await self._fetch()
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            self._next_try = now + RETRY_AFTER
            log.warning("teams.keys_unavailable", error=type(error).__name__)
        else:
            self._next_try, self._fresh_until = now + REFETCH_AFTER, now + KEYS_LIVE
            log.info("teams.keys_read", count=len(self._keys))

    async def _fetch(self) -> dict[str, SigningKey]:
        metadata = await self._get_json(self.openid_url)
        published = await self._get_json(str(metadata["jwks_uri"]))
        found: dict[str, SigningKey] = {}
        for raw in cast("list[dict[str, Any]]", published["keys"]):
            if raw.get("kty") == "RSA" and raw.get("kid"):
                found[str(raw["kid"])] = SigningKey(jwt.PyJWK(raw, "RS256"), frozenset(raw.get("endorsements") or ()))
        return found

    async def _get_json(self, url: str) -> dict[str, Any]:
        async with self.pool.session.get(url, timeout=TIMEOUT) as response:
            response.raise_for_status()
            return await response.json()


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller whose token is good, and what it says."""

    service_url: str
    tenant: str
    endorsements: frozenset[str]

    def check(self, *, service_url: str, channel: str, tenant: str) -> None:
        """Holds the token against the activity that came with it. Raises BadTokenError."""
        if self.service_url.rstrip("/") != service_url.rstrip("/"):
            raise BadTokenError("another service URL")
        if self.endorsements and channel not in self.endorsements:
            raise BadTokenError("the key is not meant for this channel")
        if self.tenant and self.tenant != tenant:
            raise BadTokenError("another tenant")


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Checks the Authorization header of what is posted to us."""

    keys: SigningKeys
    clock: Clock
    app_id: str

    async def verify(self, header: str | None) -> Caller:
        """Who calls. Raises BadTokenError, or KeysUnavailableError when nobody can be checked."""
        token = _read_bearer(header)
        key = await self.keys.find(_read_kid(token))
        if key is None:
            raise BadTokenError("unknown key")
        claims = self._decode(token, key)
        self._check_times(claims)
        service_url, tenant = claims.get("serviceurl"), claims.get("tid", "")
        if not isinstance(service_url, str) or not isinstance(tenant, str):
            raise BadTokenError("no service URL")
        return Caller(service_url, tenant, key.endorsements)

    def _decode(self, token: str, key: SigningKey) -> dict[str, Any]:
        # Times are compared below, with our own clock.
        options: dict[str, Any] = {
            "require": ["iss", "aud", "exp", "nbf"],
            **dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat"), False),
        }
        try:
            return jwt.decode(
                token, key.key, algorithms=["RS256"], audience=self.app_id, issuer=ISSUER, options=cast(Any, options)
            )
        except jwt.PyJWTError as error:
            raise BadTokenError(type(error).__name__) from error

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self.clock.now().timestamp()
        starts, ends = claims["nbf"], claims["exp"]
        if not isinstance(starts, int | float) or not isinstance(ends, int | float):
            raise BadTokenError("times are no numbers")
        if now >= ends + CLOCK_SKEW.total_seconds():
            raise BadTokenError("expired")
        if now < starts - CLOCK_SKEW.total_seconds():
            raise BadTokenError("not yet valid")


def _read_bearer(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token or not token.isascii():
        raise BadTokenError("no bearer token")
    return token


def _read_kid(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise BadTokenError("malformed") from error
    if header.get("alg") != "RS256" or not header.get("kid"):
        raise BadTokenError("wrong algorithm or no key id")
    return str(header["kid"])


@dataclass(slots=True)
class BotToken:
    """Our own token for the connector: fetched once for all who wait, kept until shortly before it ends."""

    pool: Pool
    clock: Clock
    tenant: str
    app_id: str
    password: str
    login_url: str = LOGIN_URL
    _token: str = ""
    _renew_at: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self) -> str:
        """A token that is good for a while. Raises SendFailed: RETRY when the service fails, BUG when it refuses us."""
        if not self._is_good():
            async with self._lock:
                if not self._is_good():
                    await self._renew()
        return self._token

    def forget(self, token: str) -> None:
        """Throws a refused token away; a newer one stays."""
        if token == self._token:
            self._renew_at = None

    def _is_good(self) -> bool:
        return self._renew_at is not None and self.clock.now() < self._renew_at

    async def _renew(self) -> None:
        status, answer = await self._ask()
        if status != 200 or "access_token" not in answer:
            raise _explain_refusal(status, answer)
        lifetime = timedelta(seconds=float(answer.get("expires_in", 0)))
        self._token = str(answer["access_token"])
        self._renew_at = self.clock.now() + max(lifetime - EARLY, lifetime / 2)
        log.info("teams.token_renewed", seconds=lifetime.total_seconds())

    async def _ask(self) -> tuple[int, dict[str, Any]]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.password,
            "scope": SCOPE,
        }
        url = f"{self.login_url}/{self.tenant}/oauth2/v2.0/token"
        try:
            async with self.pool.session.post(url, data=form, timeout=TIMEOUT) as response:
                if response.content_type != "application/json":
                    return response.status, {}
                return response.status, await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SendFailed(FailureKind.RETRY, f"token: {type(error).__name__}") from error


def _explain_refusal(status: int, answer: Mapping[str, Any]) -> SendFailed:
    """Only the code of Microsoft's answer is kept: its description names the tenant and the request."""
    code = str(answer.get("error_description", "")).partition(":")[0] or str(answer.get("error", ""))
    passing = status == 429 or status >= 500
    return SendFailed(FailureKind.RETRY if passing else FailureKind.BUG, f"token: {status} {code}".strip())
