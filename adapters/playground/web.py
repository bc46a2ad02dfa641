"""The page and what it asks for, over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from aiohttp import web

from adapters.playground.acts import Act, Move, Read
from adapters.playground.keeper import Keeper
from adapters.playground.people import Resident
from adapters.playground.reception import NotJoinedError, Reception
from adapters.playground.render import localise
from adapters.playground.safety import HEADERS, Handler, guard, read_body
from adapters.playground.store import Store, UnknownPlaceError
from adapters.playground.texts import list_texts, list_trials
from adapters.playground.timetravel import TimeTravel
from adapters.playground.views import read_earlier, read_everybody, read_view
from bot.i18n import find_language, use_locale
from bot.ports import Clock

Json = dict[str, Any]
T = TypeVar("T")

PAGE = Path(__file__).parent / "page"
ROOT = "/playground"

HEARTBEAT = 15.0
"""Seconds of silence after which the stream says that it still stands."""

MAIL_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
    " sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
}


@dataclass(frozen=True, slots=True)
class CommandHint:
    """A command for the completion: `name` such as `alumni profile`, the `words` that mean it, what it does, and to
    whom it is of use: to newcomers who are still to register, to members, to members of HR, or to anybody.
    """

    name: str
    words: tuple[str, ...]
    description: str
    use: Literal["anybody", "newcomer", "member", "hr"] = "anybody"


ListCommands = Callable[[], Sequence[CommandHint]]
"""The commands, described in the current language."""

Standing = Literal["newcomer", "member", "away"]
"""What a person is to the community: still to register, a member, or neither just now (paused, say)."""

FindStandings = Callable[[Sequence[str]], Awaitable[Mapping[str, Standing]]]
"""How those people stand, by their ids; who is missing is a newcomer."""


class Site:
    """The handlers of the page."""

    def __init__(
        self,
        keeper: Keeper,
        people: Sequence[Resident],
        reception: Reception,
        time: TimeTravel,
        clock: Clock,
        commands: ListCommands,
        find_standings: FindStandings,
        zone: str,
    ) -> None:
        self._keeper = keeper
        self._people = {person.id: person for person in people}
        self._reception = reception
        self._time = time
        self._clock = clock
        self._commands = commands
        self._find_standings = find_standings
        self._zone = zone

    def add_routes(self, app: web.Application) -> None:
        """Everything under /playground, each behind `guard`."""
        gets: dict[str, Handler] = {
            "": self._page,
            "/": self._page,
            "/assets/{name}": self._asset,
            "/mails/{id}": self._mail,
            "/api/start": self._start,
            "/api/changes": self._changes,
            "/api/earlier": self._earlier,
            "/api/stream": self._stream,
        }
        posts: dict[str, Handler] = {"/api/acts": self._act, "/api/reads": self._read, "/api/clock": self._move}
        app.router.add_get("/", guard(self._lead_on))
        for path, handler in gets.items():
            app.router.add_get(ROOT + path, guard(handler))
        for path, handler in posts.items():
            app.router.add_post(ROOT + path, guard(handler))

    # The page

    async def _page(self, request: web.Request) -> web.Response:
        language = _find_language(request)
        text = (PAGE / "index.html").read_text(encoding="utf-8").replace("{{lang}}", language)
        return web.Response(text=text, content_type="text/html")

    async def _lead_on(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(request.rel_url.with_path(ROOT, keep_query=True), headers=HEADERS)

    async def _asset(self, request: web.Request) -> web.FileResponse:
        path = PAGE / request.match_info["name"]
        if path.parent != PAGE or path.suffix not in (".js", ".css", ".svg") or not path.is_file():
            raise web.HTTPNotFound(headers=HEADERS)
        return web.FileResponse(path)

    async def _mail(self, request: web.Request) -> web.Response:
        number = _number(request.match_info["id"])
        body = await self._found(self._keeper(Store.read_body, request.query.get("person", ""), number))
        if not body.get("html"):
            raise web.HTTPNotFound(headers=HEADERS)
        # what is pressed in a mail opens beside the workspace, as in any mail program
        page = body["html"].replace("<head>", '<head><base target="_blank">', 1)
        return web.Response(text=page, content_type="text/html", headers=MAIL_HEADERS)

    # What the page asks

    async def _start(self, request: web.Request) -> web.Response:
        language = _find_language(request)
        with use_locale(language):
            commands = self._commands()
            answer = {
                "lang": language,
                "zone": self._zone,
                "texts": list_texts(),
                "trials": list_trials({person.id: person.name for person in self._people.values()}),
                "commands": [{**asdict(command), "hint": find_hint(command, language)} for command in commands],
                "people": [_tell_person(person) for person in self._people.values()],
            }
        return _json(answer)

    async def _changes(self, request: web.Request) -> web.Response:
        people = [name for name in request.query.get("people", "").split(",") if name][:2]
        since = [_number(number) for number in request.query.get("since", "").split(",") if number]
        if len(since) != len(people):
            raise web.HTTPBadRequest(text="as many numbers as people\n", headers=HEADERS)
        everybody = await self._keeper(read_everybody)
        views = [
            await self._read_view(person, number if number <= everybody["seq"] else 0)
            for person, number in zip(people, since, strict=True)
        ]
        standings = await self._find_standings(people)
        views = [{**view, "standing": standings.get(view["person"], "newcomer")} for view in views]
        return _json({**everybody, "views": views, "now": self._clock.now().isoformat()})

    async def _read_view(self, person: str, since: int) -> Json:
        view = await self._found(self._keeper(read_view, person, since))
        shared = {one["id"] for one in view["conversations"] if one["kind"] in ("group", "channel")}
        return {**view, "messages": self._in_zone_of(person, view["messages"], shared)}

    def _in_zone_of(self, person: str, messages: list[Json], shared: set[str]) -> list[Json]:
        """In a conversation of several, everybody reads their own time."""
        zone = self._people[person].zone
        return [
            {**message, "body": localise(message["body"], zone)} if message["conversation"] in shared else message
            for message in messages
        ]

    async def _earlier(self, request: web.Request) -> web.Response:
        person, conversation = request.query.get("person", ""), request.query.get("conversation", "")
        kind = await self._found(self._keeper(Store.kind_for, person, conversation))
        before = _number(request.query.get("before", ""))
        messages = await self._keeper(read_earlier, person, conversation, before)
        shared = {conversation} if kind in ("group", "channel") else set[str]()
        return _json({"messages": self._in_zone_of(person, messages, shared)})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the number of every new change, beginning after the last one the page has seen.

        What the number stands for the page asks for, so that a broken line misses nothing.
        """
        seen = _number(request.headers.get("Last-Event-ID") or request.query.get("since", "0"))
        # A page of a workspace that was begun anew has seen numbers that are yet to come.
        seen = seen if seen <= self._keeper.seq else 0
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while not self._keeper.closed:
            seq = await self._keeper.wait_beyond(seen, HEARTBEAT)
            try:
                await response.write(f"id: {seq}\ndata: {seq}\n\n".encode() if seq != seen else b": still here\n\n")
            except ConnectionError:
                break
            seen = seq
        return response

    # What people do

    async def _act(self, request: web.Request) -> web.Response:
        act = await read_body(request, Act)
        try:
            return _json(await self._found(self._reception.take(act)))
        except NotJoinedError as error:
            raise web.HTTPConflict(text="not in the workspace\n", headers=HEADERS) from error

    async def _read(self, request: web.Request) -> web.Response:
        read = await read_body(request, Read)
        await self._found(self._keeper(Store.kind_for, read.person, read.conversation))
        await self._keeper(Store.mark_read, read.person, read.conversation, read.message)
        return _json({})

    async def _move(self, request: web.Request) -> web.Response:
        move = await read_body(request, Move)
        by = timedelta(seconds=move.seconds) if move.seconds is not None else None
        return _json(await asyncio.shield(self._time.move(f"clock:{move.key}", by)))

    async def _found(self, asked: Awaitable[T]) -> T:
        try:
            return await asked
        except UnknownPlaceError as error:
            raise web.HTTPNotFound(headers=HEADERS) from error


def find_hint(command: CommandHint, language: str) -> str:
    """What stands ready above the box: a Japanese word in Japanese, the slash command in English; "" for none."""
    if language == "en":
        return "" if " " in command.name and command.use != "newcomer" else f"/{command.name}"
    return next((word for word in command.words if not word.isascii()), "")


def _tell_person(person: Resident) -> Json:
    names = ("id", "name", "kana", "role", "language", "zone", "department", "employer", "job", "city", "look")
    return {**{name: getattr(person, name) for name in names}, "topics": person.topics, "featured": person.featured}


def _find_language(request: web.Request) -> str:
    """The page's language: asked for in the address, else the first of the browser's that there is, else Japanese."""
    asked = [request.query.get("lang", "")]
    asked += [part.split(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    return next((found for language in asked if (found := find_language(language))), "ja")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise web.HTTPBadRequest(text="not a number\n", headers=HEADERS)
    return int(text)


def _json(answer: Json) -> web.Response:
    return web.Response(text=json.dumps(answer, ensure_ascii=False), content_type="application/json")
