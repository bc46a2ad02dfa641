"""Text as people and programs write it, made fit to be kept. Pure functions."""

import re
from dataclasses import replace

from bot.incoming import (
    Command,
    FormSubmitted,
    FormValue,
    FormValues,
    Incoming,
    MemberJoined,
    MessageEdited,
    MessageReceived,
    Profile,
    ProfileChanged,
    SharedFile,
)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether every database takes the text: no NUL, which PostgreSQL refuses, and no half of a surrogate pair."""
    return text.isprintable() or not _UNSTORABLE.search(text)


def clean(text: str) -> str:
    """The text without control characters and halves of surrogate pairs; line breaks and tabs stay.

    They come from broken clients and from copying out of other programs; nobody means them, and a database or a
    platform would refuse the whole message for one of them.
    """
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def clean_incoming(incoming: Incoming) -> Incoming:
    """What arrived, with every text that a person wrote cleaned."""
    match incoming:
        case Command(text=text) | MessageEdited(text=text):
            return incoming if text.isprintable() else replace(incoming, text=clean(text))
        case MessageReceived(text=text, files=files):
            if text.isprintable() and not files:
                return incoming
            return replace(incoming, text=clean(text), files=tuple(_clean_file(file) for file in files))
        case FormSubmitted(values=values):
            return replace(incoming, values=FormValues({name: _clean(value) for name, value in values.raw.items()}))
        case ProfileChanged(profile=profile):
            return replace(incoming, profile=clean_profile(profile))
        case MemberJoined(profile=Profile() as profile):
            return replace(incoming, profile=clean_profile(profile))
        case _:
            return incoming


def _clean_file(file: SharedFile) -> SharedFile:
    return replace(file, name=clean(file.name), media_type=clean(file.media_type), url=clean(file.url))


def _clean(value: FormValue) -> FormValue:
    return clean(value) if isinstance(value, str) else tuple(clean(item) for item in value)


def clean_profile(profile: Profile) -> Profile:
    """What a platform knows of a person, with the texts that the person wrote cleaned."""
    return replace(profile, name=clean(profile.name), title=clean(profile.title), email=clean(profile.email))
