"""The fake Teams: one HTTP server that plays the identity services, the connector, and the people."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Self

from aiohttp import web

from . import activities, faults, identity
from .actors import Actor
from .connector import Connector
from .courier import Answer, Courier
from .keys import Json
from .state import Service
from .world import Account, Place, Role, Sent, World, make_guid

APP_ID = make_guid("musubi-app")
PASSWORD = "a~secret.of~the_tests"
TENANT = make_guid("sample-seiki")


def _real_now() -> datetime:
    return datetime.now(UTC)


class FakeTeams:
    """A Teams tenant with one bot. Use as an asynchronous context manager, then `connect` the bot's endpoint.

    `now` is the clock that its tokens and timestamps follow; give it the bot's own. With `strict` (the default) an
    actor fails the test when the bot answers an error. With `stands_still` limits count by `now` alone.
    """

    def __init__(
        self, *, now: Callable[[], datetime] = _real_now, strict: bool = True, stands_still: bool = False
    ) -> None:
        self.world = World(TENANT, f"28:{APP_ID}")
        self.service = Service(self.world, identity.Identity(APP_ID, PASSWORD, TENANT), now)
        if stands_still:
            self.service.runs = False
        self.courier = Courier(self.service)
        self.strict = strict
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def start(self, port: int = 0) -> None:
        """Listens on loopback."""
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        Connector(self.service).add_routes(app, f"/jp/{TENANT}")
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        self.service.service_url = f"{self.url}/jp/{TENANT}/"

    async def close(self) -> None:
        """Stops listening and lets everything that hangs go."""
        self.service.faults.clear()
        await self.courier.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def connect(self, bot_url: str, *, answer_within: float | None = None) -> None:
        """Names the bot's messaging endpoint. `answer_within`: see `Courier`."""
        self.courier.bot_url, self.courier.answer_within = bot_url, answer_within

    @property
    def openid_url(self) -> str:
        """Address of the OpenID metadata."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def service_url(self) -> str:
        """The service URL that activities carry."""
        return self.service.service_url

    async def _metadata(self, request: web.Request) -> web.Response:
        self.service.identity.metadata_reads += 1
        if fault := self.service.faults.take(f"GET {request.path}"):
            return web.Response(status=fault.status)
        return web.json_response(identity.describe_metadata(self.url))

    async def _keys(self, request: web.Request) -> web.Response:
        self.service.identity.key_reads += 1
        if fault := self.service.faults.take(f"GET {request.path}"):
            return web.Response(status=fault.status)
        return web.json_response(self.service.identity.ring.jwks())

    async def _token(self, request: web.Request) -> web.StreamResponse:
        fault = self.service.faults.take(f"POST {request.path}")
        if fault and fault.how == "hang":
            await self.service.faults.release.wait()
        if fault:
            return web.Response(status=fault.status)
        form = await identity.read_token_request(request)
        refused = self.service.identity.refuse(form, request.match_info["tenant"])
        if refused:
            return web.json_response({"error": refused[0], "error_description": refused[1]}, status=400)
        lifetime = self.service.identity.lifetime
        token = self.service.identity.make_token(self.service.now())
        answer = {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}
        return web.json_response(answer)

    # People and places

    def add_person(
        self,
        name: str,
        *,
        locale: str = "ja-JP",
        zone: str = "Asia/Tokyo",
        email: str = "",
        role: Role = "user",
        mobile: bool = False,
    ) -> Actor:
        """Adds a person to the tenant."""
        guid = make_guid(f"{name}/{len(self.world.people)}")
        upn = f"user{len(self.world.people)}@sample-seiki.example"
        mri = "29:1" + make_guid(f"pairwise/{guid}").replace("-", "") + "_Ab-9"
        account = Account(name, guid, mri, upn, email or upn, TENANT, locale, zone, role, mobile)
        self.world.people[guid] = account
        return Actor(self, account)

    def add_group(self, name: str, people: Iterable[Actor], *, installed: bool = True) -> Place:
        """Adds a group chat that people opened, with the bot in it."""
        place = Place(f"19:{make_guid(name)}@unq.gbl.spaces", "groupChat", [], name, installed=installed)
        place.members = [person.account for person in people]
        self.world.places[place.id] = place
        return place

    async def add_team(self, name: str, people: Iterable[Actor], *, by: Actor | None = None) -> Place:
        """Makes a team with one channel and the bot in it; gives the channel. Without `by` nobody tells the bot."""
        place = self.place_team(name, people)
        if by is not None:
            await self._tell_membership(by, place, [], bot=True, added=True)
        return place

    def place_team(self, name: str, people: Iterable[Actor]) -> Place:
        """As `add_team`, with nobody told."""
        thread = f"19:{make_guid(name).replace('-', '')}@thread.tacv2"
        place = Place(thread, "channel", [person.account for person in people], name, team=thread, installed=True)
        self.world.places[place.id] = place
        return place

    async def join_team(self, place: Place, *people: Actor, by: Actor) -> None:
        """Adds people to a team or group."""
        place.members += [person.account for person in people]
        await self._tell_membership(by, place, [person.account for person in people], bot=False, added=True)

    async def leave_team(self, place: Place, *people: Actor, by: Actor) -> None:
        """Takes people out of a team or group."""
        gone = [person.account for person in people]
        place.members = [member for member in place.members if member not in gone]
        await self._tell_membership(by, place, gone, bot=False, added=False)

    async def remove_bot(self, place: Place, *, by: Actor) -> None:
        """Removes the app from a team or group."""
        place.installed = False
        await self._tell_membership(by, place, [], bot=True, added=False)

    async def _tell_membership(self, by: Actor, place: Place, who: list[Account], *, bot: bool, added: bool) -> Answer:
        scene = activities.Scene(self.world, self.service_url, self.service.now())
        return await self.courier.deliver(
            activities.make_membership(scene, by.account, place, who, bot=bot, added=added)
        )

    # Controls

    def fail(self, part: str = "/activities", *, status: int = 502, times: int = 1, code: str = "ServiceError") -> None:
        """The next `times` requests whose "METHOD path" contains `part` fail; nothing takes effect."""
        body = {"error": {"code": code, "message": code}}
        self.service.faults.add(faults.Fault("status", part, times, status, body))

    def throttle(self, seconds: int = 5, *, part: str = "/activities", times: int = 1) -> None:
        """The next requests are refused with 429 and Retry-After."""
        body = {"error": {"code": "Throttled", "message": "Too many requests"}}
        headers = {"Retry-After": str(seconds)}
        self.service.faults.add(faults.Fault("status", part, times, 429, body, headers))

    def hang(self, part: str = "/activities", *, times: int = 1, accepted: bool = False) -> None:
        """The next requests are never answered; with `accepted` they take effect all the same."""
        self.service.faults.add(faults.Fault("hang", part, times, accepted=accepted))

    def drop_answer(self, part: str = "/activities", *, times: int = 1) -> None:
        """The next requests take effect, then the connection breaks without an answer."""
        self.service.faults.add(faults.Fault("drop", part, times, accepted=True))

    def revoke_tokens(self) -> None:
        """Every token the bot holds is refused from now on."""
        self.service.identity.revoke()

    def rotate_keys(self, *, forget: bool = False) -> None:
        """Signs with a new key; `forget` withdraws the older ones."""
        self.service.identity.ring.rotate(forget=forget)

    async def pass_time(self, seconds: float) -> list[Answer]:
        """Pushes the service's waiting clock forward and sends again what the bot left unanswered."""
        return await self.courier.pass_time(seconds)

    async def send_again(self, answer: Answer) -> Answer:
        """Delivers the same activity once more, although it was answered."""
        return await self.courier.post(answer.activity)

    # What happened

    @property
    def sent(self) -> list[Sent]:
        """Every message the bot was allowed to send, in order, the deleted ones too."""
        return self.world.sent

    def sent_to(self, person: Actor) -> list[Sent]:
        """Every message that went into a person's 1:1 chat."""
        return [sent for sent in self.world.sent if sent.place is person.chat]

    @property
    def refusals(self) -> list[tuple[str, str, int]]:
        """Method, path and status of every request of the bot that was refused."""
        return [(call.method, call.path, call.status) for call in self.service.calls if call.status >= 400]

    def bodies(self, method: str, part: str) -> list[Json]:
        """The bodies of the bot's requests with that method whose path contains `part`."""
        calls = self.service.calls
        return [call.body or {} for call in calls if call.method == method and part in call.path]
