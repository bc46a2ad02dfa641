"""What can be answered at once, in the same breath as the question. Everything else goes through the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ui import Form, Message


@dataclass(frozen=True, slots=True)
class _Answer:
    """`locale` is the language in which it is worded, so that an adapter writes dates and its own words in the same
    one; the dispatcher fills it in. "" where nobody knows it: when it failed, say."""

    locale: str = field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Nothing(_Answer):
    """No answer; after a form: it closes."""


@dataclass(frozen=True, slots=True)
class Private(_Answer):
    """Only the person sees it: an ephemeral message, the 1:1 chat, or, after a form, a last page in the form's
    window.
    """

    message: Message


@dataclass(frozen=True, slots=True)
class OpenForm(_Answer):
    """Opens a form, or, after a form, shows the next one in the same window."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormErrors(_Answer):
    """The form stays open with a sentence beside each field named in `errors`; `form` holds what was entered."""

    form: Form
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReplaceMessage(_Answer):
    """The message whose button was pressed becomes this one. After a form that the button opened, likewise where the
    platform still knows the message; elsewhere it is shown as `Private`."""

    message: Message


@dataclass(frozen=True, slots=True)
class ShowHome(_Answer):
    """The home page: published where the platform has one, otherwise shown as `Private`."""

    message: Message


Reply = Nothing | Private | OpenForm | FormErrors | ReplaceMessage | ShowHome
"""Everything that can be answered."""
