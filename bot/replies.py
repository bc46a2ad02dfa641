"""What can be answered at once, in the same breath as the question. Everything else goes through the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui import Form, Message


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer; after a form: it closes."""


@dataclass(frozen=True, slots=True)
class Private:
    """Only the person sees it: an ephemeral message, the 1:1 chat, or, after a form, a last page in the form's
    window.
    """

    message: Message


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Opens a form, or, after a form, shows the next one in the same window."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormErrors:
    """The form stays open with a sentence beside each field named in `errors`; `form` holds what was entered."""

    form: Form
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReplaceMessage:
    """The message whose button was pressed becomes this one. After a form that the button opened, likewise where the
    platform still knows the message; elsewhere it is shown as `Private`."""

    message: Message


@dataclass(frozen=True, slots=True)
class ShowHome:
    """The home page: published where the platform has one, otherwise shown as `Private`."""

    message: Message


Reply = Nothing | Private | OpenForm | FormErrors | ReplaceMessage | ShowHome
"""Everything that can be answered."""
