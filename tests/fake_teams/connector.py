"""The Bot Connector's REST API below a service URL, as strict as the real one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import cast

from aiohttp import web

from . import cards
from .faults import Fault
from .keys import Json, get_object, get_objects
from .limits import Operation
from .state import Call, Service
from .world import Account, Place, Sent

Handler = Callable[[web.Request, Json], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """The service says no: an HTTP status with Teams' error body."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}

    def answer(self) -> web.Response:
        """The refusal as the real service words it."""
        body = {"error": {"code": self.code, "message": self.message}}
        return web.json_response(body, status=self.status, headers=self.headers)


class WritesBlocked(Refused):
    """Blocked or uninstalled; the service words this one in its own way (Microsoft's "Send proactive messages")."""

    def __init__(self) -> None:
        super().__init__(403, "MessageWritesBlocked", "Thread is blocked from message writes.")

    def answer(self) -> web.Response:
        """Error 209, with the reason as JSON inside JSON."""
        inner = {"subCode": self.code, "details": self.message, "errorCode": None, "errorSubCode": None}
        return web.json_response({"errorCode": 209, "message": json.dumps(inner, indent=2)}, status=403)


class Connector:
    """The handlers. Each takes the request and its JSON body, and answers or raises Refused."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.world = service.world

    def add_routes(self, app: web.Application, prefix: str) -> None:
        """Mounts the API below `prefix`."""
        conversation = prefix + "/v3/conversations/{conversation}"
        routes: list[tuple[str, str, Handler]] = [
            ("POST", prefix + "/v3/conversations", self.create),
            ("POST", conversation + "/activities", self.send),
            ("POST", conversation + "/activities/{activity}", self.send),
            ("PUT", conversation + "/activities/{activity}", self.update),
            ("DELETE", conversation + "/activities/{activity}", self.delete),
            ("GET", conversation + "/members", self.list_members),
            ("GET", conversation + "/pagedmembers", self.page_members),
            ("GET", conversation + "/members/{member}", self.get_member),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, path, self._guard(handler))

    def _guard(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            call = Call(request.method, request.path, None)
            self.service.calls.append(call)
            response = await self._answer(request, call, handler)
            call.status = response.status
            await self.world.tell()
            return response

        return guarded

    async def _answer(self, request: web.Request, call: Call, handler: Handler) -> web.StreamResponse:
        if not self.service.identity.accepts(request.headers.get("Authorization"), self.service.now()):
            return web.json_response({"message": "Authorization has been denied for this request."}, status=401)
        fault = self.service.faults.take(f"{request.method} {request.path}")
        if fault and not fault.accepted:
            return await self._suffer(request, fault)
        try:
            call.body = await _read_json(request)
            response = await handler(request, call.body)
        except Refused as refused:
            return refused.answer()
        return await self._suffer(request, fault) if fault else response

    async def _suffer(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.how == "hang":
            await self.service.faults.release.wait()
        if fault.how in ("hang", "drop"):
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=599)
        if fault.body is None:
            return web.Response(status=fault.status, headers=fault.headers)
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)

    def _limit(self, operation: Operation, key: str) -> None:
        wait = self.service.limits.take(operation, key, self.service.elapsed())
        if wait:
            raise Refused(429, "Throttled", "Too many requests", {"Retry-After": str(max(1, round(wait + 0.5)))})

    def _get_place(self, request: web.Request) -> Place:
        place = self.world.find_place(request.match_info["conversation"])
        if place is None or place.missing:
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        return place

    def _get_writable(self, request: web.Request) -> Place:
        place = self._get_place(request)
        if place.reachable:
            return place
        if place.kind == "personal":
            raise WritesBlocked
        raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")

    def _check_activity(self, activity: Json, place: Place | None) -> None:
        if cards.measure(activity) > cards.MAX_BYTES:
            raise Refused(413, "MessageSizeTooBig", "Message size too large.")
        problems = cards.check_activity(activity, lambda some_id: self._known(some_id))
        named = get_object(activity, "conversation").get("id")
        if place is not None and named and self.world.find_place(str(named)) is not place:
            problems.append("the body names another conversation than the path")
        if problems:
            raise Refused(400, "BadArgument", "; ".join(problems))

    def _known(self, some_id: str) -> bool:
        return some_id == self.world.bot_id or self.world.find_person(some_id) is not None

    async def send(self, request: web.Request, body: Json) -> web.Response:
        """POST activities: a message into a conversation, or a reply to one of its messages."""
        place = self._get_place(request)
        self._limit("send", place.id)
        place = self._get_writable(request)
        self._check_activity(body, place)
        if body["type"] == "typing":
            self.world.typing.append(place.id)
            return web.json_response({"id": self.world.next_id()}, status=201)
        sent = await self.world.add(place, body)
        return web.json_response({"id": sent.id}, status=201)

    async def update(self, request: web.Request, body: Json) -> web.Response:
        """PUT an activity: another body for a message of the bot."""
        place = self._get_writable(request)
        self._limit("send", place.id)
        sent = self._get_sent(request, place)
        self._check_activity(body, place)
        if body["type"] != "message":
            raise Refused(400, "BadArgument", "only a message can take a message's place")
        await self.world.replace(sent, body)
        return web.json_response({"id": sent.id})

    async def delete(self, request: web.Request, body: Json) -> web.Response:
        """DELETE an activity."""
        place = self._get_writable(request)
        self._get_sent(request, place).deleted = True
        await self.world.tell()
        return web.Response()

    def _get_sent(self, request: web.Request, place: Place) -> Sent:
        sent = self.world.find_sent(request.match_info["activity"])
        if sent is None or sent.deleted or sent.place is not place:
            raise Refused(404, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")
        return sent

    async def create(self, request: web.Request, body: Json) -> web.Response:
        """POST conversations: the 1:1 chat with a person, or a new thread in a channel. Never a group chat."""
        extra = body.keys() - {"isGroup", "bot", "members", "tenantId", "channelData", "activity", "topicName"}
        if extra:
            raise Refused(400, "BadArgument", f"unknown fields {sorted(extra)}")
        if "channel" in get_object(body, "channelData"):
            return await self._create_thread(body)
        return await self._create_personal(body)

    async def _create_thread(self, body: Json) -> web.Response:
        channel = self.world.find_place(str(body["channelData"]["channel"].get("id")))
        if channel is None or channel.kind != "channel":
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        if not channel.reachable:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        self._limit("create", channel.id)
        self._check_activity(get_object(body, "activity"), None)
        sent = await self.world.add(channel, body["activity"])
        return web.json_response({"id": f"{channel.id};messageid={sent.id}", "activityId": sent.id}, status=201)

    async def _create_personal(self, body: Json) -> web.Response:
        person = self._get_only_member(body)
        self._limit("create", person.mri)
        tenant = body.get("tenantId") or get_object(get_object(body, "channelData"), "tenant").get("id")
        if tenant != self.world.tenant:
            raise Refused(403, "TenantMismatch", "The conversation's tenant is not the bot's.")
        place = self.world.personal(person)
        if not place.installed:
            raise Refused(403, "ForbiddenOperationException", "Bot is not installed in user's personal scope.")
        return web.json_response({"id": place.id}, status=201)

    def _get_only_member(self, body: Json) -> Account:
        members = get_objects(body, "members")
        if body.get("isGroup") or len(members) != 1:
            raise Refused(400, "BadArgument", "Incorrect conversation creation parameters")
        person = self.world.find_person(str(members[0].get("id")))
        if person is None or members[0].get("id") == person.upn:
            raise Refused(400, "BadSyntax", "Failed to decrypt pairwise id")
        return person

    async def list_members(self, request: web.Request, body: Json) -> web.Response:
        """GET members: everybody at once; deprecated, and refused for large rosters."""
        place = self._get_roster(request)
        if len(place.members) > 10_000:
            raise Refused(400, "BadArgument", "Use pagedmembers.")
        return web.json_response([person.member() for person in place.members])

    async def page_members(self, request: web.Request, body: Json) -> web.Response:
        """GET pagedmembers: 50 to 500 people a page, and a token for the next one."""
        place = self._get_roster(request)
        size = int(request.query.get("pageSize", "200"))
        if not 50 <= size <= 500:
            raise Refused(400, "BadArgument", "pageSize must be between 50 and 500")
        start = int(request.query.get("continuationToken") or "0")
        page = place.members[start : start + size]
        answer: Json = {"members": [person.member() for person in page]}
        if start + size < len(place.members):
            answer["continuationToken"] = str(start + size)
        return web.json_response(answer)

    async def get_member(self, request: web.Request, body: Json) -> web.Response:
        """GET one member, by `29:` id or Entra object id."""
        place = self._get_roster(request)
        person = self.world.find_person(request.match_info["member"])
        if person is None or person not in place.members:
            raise Refused(404, "MemberNotFoundInConversation", "Member not found in the conversation.")
        return web.json_response(person.member())

    def _get_roster(self, request: web.Request) -> Place:
        place = self._get_place(request)
        self._limit("members", place.id)
        if not place.installed:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        return place


async def _read_json(request: web.Request) -> Json:
    if request.method not in ("POST", "PUT"):
        return {}
    if request.content_type != "application/json":
        raise Refused(415, "UnsupportedMediaType", "The body must be JSON.")
    try:
        body: object = await request.json()
    except ValueError:
        raise Refused(400, "BadSyntax", "Invalid JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "BadSyntax", "The body must be an object")
    await asyncio.sleep(0)
    return cast(Json, body)
