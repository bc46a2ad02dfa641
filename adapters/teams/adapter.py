"""Teams, put together: what comes in, what goes out, and how it stands."""

import asyncio

from aiohttp import web
from yarl import URL

from adapters.teams.addresses import DEFAULT_SERVICE_URL, LOOPBACK_HOSTS, SERVICE_HOSTS
from adapters.teams.bridge import Bridge
from adapters.teams.connector import ConnectorClient
from adapters.teams.directory import TeamsDirectory
from adapters.teams.endpoint import Endpoint
from adapters.teams.inbound import Inbound
from adapters.teams.outbound import Services, TeamsSender
from adapters.teams.pool import Pool
from adapters.teams.rosters import KeptRosters, RememberedRosters
from adapters.teams.tokens import LOGIN_URL, OPENID_URL, BotToken, KeysUnavailableError, SigningKeys, TokenVerifier
from bot.failures import FailureKind, SendFailed, SettingsError
from bot.i18n import _
from bot.ports import Clock, Dispatch, Finding, Places

PATH = "/api/messages"


class TeamsAdapter:
    """Microsoft Teams. With `emulator` and no app id it serves a local client on loopback, without any token.

    `service_hosts` adds to the hosts of the real service (a fake one on loopback, a sovereign cloud); `places` keeps
    where the bot is a member, in memory if not given. Raises SettingsError for settings that don't go together.
    """

    def __init__(
        self,
        *,
        app_id: str,
        app_password: str,
        tenant_id: str,
        dispatch: Dispatch,
        clock: Clock,
        emulator: bool = False,
        login_url: str = LOGIN_URL,
        openid_url: str = OPENID_URL,
        service_hosts: frozenset[str] = frozenset(),
        default_service_url: str = DEFAULT_SERVICE_URL,
        places: Places | None = None,
        send_limit: float = 30.0,
        request_limit: float = 10.0,
    ) -> None:
        _check_settings(app_id, app_password, tenant_id, emulator=emulator)
        self._pool = Pool()
        self._hosts = (URL(login_url).host, URL(openid_url).host)
        self._keys = SigningKeys(self._pool, clock, openid_url)
        self._token = BotToken(self._pool, clock, tenant_id, app_id, app_password, login_url) if app_id else None
        hosts = LOOPBACK_HOSTS if emulator else SERVICE_HOSTS | service_hosts
        client = ConnectorClient(self._pool, clock, app_id, self._token, hosts, min(request_limit, send_limit))
        services = Services(default_service_url)
        self._sender = TeamsSender(client, services, limit=send_limit)
        rosters = KeptRosters(places, clock) if places else RememberedRosters()
        self._directory = TeamsDirectory(client, services, rosters, tenant_id)
        self._inbound = Inbound(dispatch, self._sender, self._directory, services)
        verifier = TokenVerifier(self._keys, clock, app_id) if app_id else None
        self._endpoint = Endpoint(self._inbound, Bridge(self._inbound), verifier, tenant_id, hosts)

    @property
    def sender(self) -> TeamsSender:
        """The way out."""
        return self._sender

    @property
    def directory(self) -> TeamsDirectory:
        """What Teams knows of people."""
        return self._directory

    def add_routes(self, app: web.Application) -> None:
        """Adds the messaging endpoint."""
        app.router.add_post(PATH, self._endpoint.handle)

    async def start(self) -> None:
        """Nothing to open: tokens and keys are fetched when they are first needed."""

    async def close(self) -> None:
        """Finishes what was begun beside an answer, then ends all connections."""
        await self._inbound.close()
        await self._pool.close()

    async def check(self) -> list[Finding]:
        """Whether Microsoft gives us a token, and its keys can be read."""
        if self._token is None:
            return [Finding("warning", _("Teams is open to local clients without tokens"), _advise_emulator())]
        try:
            return list(await asyncio.gather(self._check_token(self._token), self._check_keys()))
        finally:
            await self._pool.close()

    async def _check_token(self, token: BotToken) -> Finding:
        try:
            await token.get()
        except SendFailed as error:
            if error.kind is FailureKind.BUG:
                advice = _(
                    "Microsoft refused the app id, the secret or the tenant ({reason}). Look at the app registration:"
                    " is the secret expired, is it the secret's value and not its id?"
                )
                return Finding("error", _("Teams: no token"), advice.format(reason=error.reason))
            advice = _("{host} could not be reached ({reason}). Is the way out open?")
            return Finding("error", _("Teams: no token"), advice.format(host=self._hosts[0], reason=error.reason))
        return Finding("ok", _("Teams: Microsoft gives the bot its token"))

    async def _check_keys(self) -> Finding:
        try:
            await self._keys.find("")
        except KeysUnavailableError:
            advice = _("{host} could not be read. Without its keys every message is refused.")
            return Finding("error", _("Teams: no signing keys"), advice.format(host=self._hosts[1]))
        return Finding("ok", _("Teams: the Bot Framework's signing keys can be read"))


def _advise_emulator() -> str:
    advice = _("This is for development. For a real tenant, unset {switch} and set {app_id}.")
    return advice.format(switch="MUSUBI_TEAMS_EMULATOR", app_id="TEAMS_APP_ID")


def _check_settings(app_id: str, app_password: str, tenant_id: str, *, emulator: bool) -> None:
    if emulator and app_id:
        raise SettingsError(["MUSUBI_TEAMS_EMULATOR opens Teams without tokens: unset it, or unset TEAMS_APP_ID."])
    if not emulator and not (app_id and app_password and tenant_id):
        raise SettingsError(["Teams needs TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID."])
