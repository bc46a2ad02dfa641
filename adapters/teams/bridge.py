"""The border to botbuilder-core: the only file that imports it, and the only one that an `Activity` ever sees.

Microsoft archived the SDK; docs/decisions/botbuilder-end-of-life.md says what a move would take. Of 4.17.1 we use the
turn and the sorting of activities. What we do ourselves, because it fails there (measured):

- tokens and keys (`tokens.py`), sending (`connector.py`), the reading of contents (`received.py`);
- answers to invokes: its serialiser takes only its own models, and `CloudAdapter` serialises twice and answers 500;
- membership: it asks for every added member by itself, one request each;
- errors: `on_turn_error` stays unset, because what it hides is answered with 201.
"""

import logging
from dataclasses import dataclass
from typing import Any, Protocol, cast

from botbuilder.core import BotAdapter, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity

from adapters.teams.received import BadActivityError, Received

Json = dict[str, Any]

# It warns of every field that Teams has added since 2023, several times an activity.
logging.getLogger("msrest.serialization").setLevel(logging.ERROR)
logging.getLogger("azure.core.serialization").setLevel(logging.ERROR)

_RECEIVED = "musubi.received"


class Turns(Protocol):
    """What happens on each kind of activity. The last three answer what the person sees next."""

    async def on_message(self, received: Received) -> None:
        """A person wrote."""
        ...

    async def on_edited(self, received: Received) -> None:
        """A person changed what they wrote, or brought it back."""
        ...

    async def on_deleted(self, received: Received) -> None:
        """A person deleted what they wrote."""
        ...

    async def on_installed(self, received: Received) -> None:
        """The app was added."""
        ...

    async def on_removed(self, received: Received) -> None:
        """The app was taken away."""
        ...

    async def on_members(self, received: Received) -> None:
        """People, or the bot, came or went."""
        ...

    async def on_execute(self, received: Received) -> Json:
        """A button of a card was pressed."""
        ...

    async def on_fetch(self, received: Received) -> Json | None:
        """A button that opens a dialog was pressed."""
        ...

    async def on_submit(self, received: Received) -> Json | None:
        """A dialog was sent off."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The HTTP answer: a status, and a body for what somebody waits for."""

    status: int = 200
    body: Json | None = None


class Bridge:
    """Runs an activity through the SDK's turn."""

    def __init__(self, turns: Turns) -> None:
        self._adapter = _Adapter()
        self._handler = _Handler(turns)

    async def run(self, body: Json, received: Received) -> Answer:
        """What to answer. Raises BadActivityError for what the SDK can't read, and whatever `turns` raises."""
        context = TurnContext(self._adapter, _read(body))
        context.turn_state[_RECEIVED] = received
        await cast(Any, self._adapter).run_pipeline(context, self._handler.on_turn)
        return _find_answer(context)


def _read(body: Json) -> Activity:
    try:
        return cast(Any, Activity)().deserialize(body)
    except Exception as error:  # the SDK raises whatever its parser meets
        raise BadActivityError(type(error).__name__) from error


def _find_answer(context: TurnContext) -> Answer:
    activity: Any = context.turn_state.get(TurnContext._INVOKE_RESPONSE_KEY)  # pyright: ignore[reportPrivateUsage]
    if activity is None:
        return Answer()
    body = activity.value.body
    return Answer(int(activity.value.status), cast(Json, body) if isinstance(body, dict) else None)


class _Adapter(BotAdapter):
    """The SDK's adapter, reduced to keeping an invoke's answer. Messages go through the outbox, never through here."""

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[Any]:
        """Keeps the answer to an invoke; anything else is a mistake of ours."""
        for activity in activities:
            if cast(Any, activity).type != "invokeResponse":
                raise NotImplementedError("messages go through the sender")
            context.turn_state[TurnContext._INVOKE_RESPONSE_KEY] = activity  # pyright: ignore[reportPrivateUsage]
        return [None] * len(activities)

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Never used."""
        raise NotImplementedError("messages go through the sender")

    async def delete_activity(self, context: TurnContext, reference: Any) -> None:
        """Never used."""
        raise NotImplementedError("messages go through the sender")


class _Handler(TeamsActivityHandler):
    """Sorts activities to `Turns`."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._turns.on_message(_get(turn_context))

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self._turns.on_edited(_get(turn_context))

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self._turns.on_deleted(_get(turn_context))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        await self._turns.on_installed(_get(turn_context))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        await self._turns.on_removed(_get(turn_context))

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._turns.on_members(_get(turn_context))

    async def on_adaptive_card_invoke(self, turn_context: TurnContext, invoke_value: Any) -> Any:
        return await self._turns.on_execute(_get(turn_context))

    async def on_teams_task_module_fetch(self, turn_context: TurnContext, task_module_request: Any) -> Any:
        return await self._turns.on_fetch(_get(turn_context))

    async def on_teams_task_module_submit(self, turn_context: TurnContext, task_module_request: Any) -> Any:
        return await self._turns.on_submit(_get(turn_context))

    @staticmethod
    def _create_invoke_response(body: object = None) -> InvokeResponse:
        return InvokeResponse(status=200, body=body)


def _get(context: TurnContext) -> Received:
    return cast(Received, context.turn_state[_RECEIVED])
