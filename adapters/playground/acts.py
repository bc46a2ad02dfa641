"""What a person can do on the page, as it arrives: checked, nothing unknown let through."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.actions import MAX_LENGTH
from bot.incoming import FormValues

LONGEST_TEXT = 4000
"""Characters of one message."""

_Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
_Id = Annotated[str, StringConstraints(min_length=1, max_length=80)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
_Payload = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH)]
_Value = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
_Message = Annotated[str, StringConstraints(pattern=r"^(home|[0-9]{1,12}|)$")]
"""A message's number, `home` for the home page, or nothing for a window that stands alone."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Say(_Strict):
    """Writes a message or a command."""

    kind: Literal["say"]
    conversation: _Id
    text: _Text


class Edit(_Strict):
    """Changes a message that the person wrote."""

    kind: Literal["edit"]
    conversation: _Id
    message: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]
    text: _Text


class Delete(_Strict):
    """Deletes a message that the person wrote."""

    kind: Literal["delete"]
    conversation: _Id
    message: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]


class Press(_Strict):
    """Presses a button."""

    kind: Literal["press"]
    conversation: _Id
    message: _Message
    payload: _Payload


class Submit(_Strict):
    """Sends a form off; `message` is the one whose button opened it."""

    kind: Literal["submit"]
    conversation: _Id
    message: _Message
    payload: _Payload
    values: dict[_Id, _Value | list[_Value]]

    def form_values(self) -> FormValues:
        """The values as the core takes them."""
        return FormValues(
            {name: value if isinstance(value, str) else tuple(value) for name, value in self.values.items()}
        )


class Join(_Strict):
    """Joins the workspace."""

    kind: Literal["join"]


class OpenHome(_Strict):
    """Opens the home page."""

    kind: Literal["home"]


class Speak(_Strict):
    """Chooses the language in which the platform shows itself to the person."""

    kind: Literal["language"]
    language: Literal["ja", "en"]


What = Annotated[Say | Edit | Delete | Press | Submit | Join | OpenHome | Speak, Field(discriminator="kind")]


class Act(_Strict):
    """One act of one person. `key` is made by the page, once per act: the same act sent again carries it again."""

    key: _Key
    person: _Id
    what: What


class Read(_Strict):
    """A person has seen a conversation up to that message."""

    person: _Id
    conversation: _Id
    message: Annotated[int, Field(ge=1)]


class Move(_Strict):
    """Moves the clock by `seconds` (at most a year at once), or to the next thing that is due."""

    key: _Key
    seconds: Annotated[int, Field(ge=1, le=366 * 86400)] | None = None
