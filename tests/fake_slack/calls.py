"""One call of a Web API method, its arguments read as strictly as Slack reads them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fake_slack.problems import ApiError, Json, as_object
from tests.fake_slack.workspace import Workspace

if TYPE_CHECKING:
    from tests.fake_slack.server import FakeSlack


@dataclass(frozen=True, slots=True)
class Token:
    """A token's workspace and what it may do."""

    workspace: Workspace
    scopes: frozenset[str]
    kind: str = "bot"


@dataclass(frozen=True, slots=True)
class Call:
    """What a method gets to know. `args` are the arguments as they came."""

    slack: "FakeSlack"
    workspace: Workspace
    token: Token
    args: Json

    def need(self, *scopes: str) -> None:
        """Raises ApiError unless the token has one of the scopes."""
        if scopes and not self.token.scopes.intersection(scopes):
            raise ApiError("missing_scope", needed=scopes[0], provided=",".join(sorted(self.token.scopes)))

    def text(self, name: str) -> str:
        """An argument as text, "" if it is not there."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """An argument as yes or no."""
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """An argument as a whole number. Raises ApiError when it is none."""
        text = self.text(name)
        if text and not text.isdigit():
            raise ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {name} must be an integer"]})
        return int(text) if text else default

    def parsed(self, name: str, code: str) -> Any:
        """An argument that may be JSON text or JSON itself. Raises ApiError with `code`."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise ApiError(code) from error


async def read_args(request: web.Request, *, form_only: bool = False) -> Json:
    """The arguments from the query and the body. Raises ApiError for a body that is neither JSON nor a form.

    With `form_only` a JSON body is left unread.
    """
    args: Json = dict(request.query)
    unread = form_only and request.content_type == "application/json"
    if request.method == "POST" and request.can_read_body and not unread:
        args.update(await _read_body(request))
    return args


async def _read_body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as error:
            raise ApiError("invalid_json") from error
        found = as_object(body)
        if found is None:
            raise ApiError("json_not_object")
        return found
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    raise ApiError("invalid_post_type")
