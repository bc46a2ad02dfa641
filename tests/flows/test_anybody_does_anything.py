"""People who press and enter anything at all, with names that attack: nothing breaks, and all of it can be shown.

A seeded crowd of alumni, employees, HR and strangers to the roster uses every command, button and form it can see,
fills the fields with anything a platform would let through, lets days go by, and presses old buttons again. Whatever
is answered or sent must be something that Slack, Teams, mail and the browser can show, in the reader's language, and
nobody may ever meet the sentence that says that we failed.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import cast

import pytest

from bot.actions import Action
from bot.incoming import AccountKind, FormValue
from bot.ui import (
    Checkboxes,
    DateInput,
    Field,
    Form,
    Message,
    MultiSelect,
    Reader,
    Select,
    TextInput,
)
from storage.models import RosterEntry
from tests.support.everywhere import find_problems
from tests.support.golden import as_text
from tests.support.world import Actor, World, list_buttons

STEPS = 200

ATTACKS = (
    "<!channel> <@U1> <https://evil.example|press>",
    "</at><at>Everyone</at> **bold** [x](javascript:alert(1))",
    "<script>alert(1)</script>&amp;<b>",
    "*_~`{{DATE(2026-01-01T00:00:00Z)}}` {name} %s {0}",
    "\u202e逆さ\u202c 👩‍👩‍👧‍👦 e\u0301 \u200b",
    "田中\r\nBcc: a@example.com",
    "寿限無" * 80,
    "𠮷野家の髙橋",
    "'; DROP TABLE member; --",
)

TOPICS = ("電池", "量産", "battery")

WORDS = ("/mentor", "/alumni", "/hr", "/alumni profile", "/alumni pause", "/alumni help", "/nothing", "/mentor 電池")

COMMANDS = {
    "ja": ("相談 電池", "メニュー", "プロフィール", "近況 元気です", "休止"),
    "en": ("mentor", "menu", "status", "x"),
}

FAILED = {"ja": "こちらの不具合で", "en": "Something went wrong on our side"}

LATIN = re.compile(r"[A-Za-z]{3,}")

ALLOWED = {"musubi", "slack", "teams", "chat", "csv", "excel", "cp932", "utf", "bom", "html", "xxxx", "yyyy"}
"""Latin words that Japanese sentences may hold: names of products, and the name of the tests' platform."""


UNREAD = {"kind", "style", "tone", "url", "locale", "values"}
ENTERED = {"name", "value"}


def make_crowd(world: World, locale: str, draw: random.Random) -> list[Actor]:
    """A few of each kind, with names that attack."""
    names = draw.sample(ATTACKS, 8)
    zone = "Asia/Tokyo" if locale == "ja" else "America/Los_Angeles"
    people = [world.employee(f"社員{name}", locale=locale, zone=zone) for name in names[:3]]
    people += [world.person(name, kind=AccountKind.GUEST, locale=locale, zone=zone) for name in names[3:]]
    return [*people, world.person("人事", email="hr@sample-seiki.example", locale=locale, zone=zone)]


def add_roster(world: World, people: list[Actor], locale: str) -> None:
    """The guests are in HR's list, under their own names."""
    now = world.clock.now()
    with world.store.begin() as db:
        for number, actor in enumerate(people):
            if actor.profile.kind is AccountKind.GUEST:
                entry = RosterEntry(
                    employee_number=str(number),
                    name=actor.profile.name,
                    language=locale,
                    left_on=now.date(),
                    imported_at=now,
                )
                db.session.add(entry)


def fill_in(form: Form, actor: Actor, people: list[Actor], draw: random.Random) -> dict[str, FormValue]:
    """Values that a platform would let through: required fields filled, lengths and options kept."""
    return {field.name: fill_field(field, actor, people, draw) for field in form.fields}


def fill_field(field: Field, actor: Actor, people: list[Actor], draw: random.Random) -> FormValue:
    """One value."""
    match field:
        case TextInput():
            return fill_text(field, actor, people, draw)
        case Select(name="language", value=value):
            return value  # whoever chooses another language reads another language
        case Select(options=options):
            return draw.choice(options).value
        case MultiSelect(options=options, at_most=at_most):
            return tuple(option.value for option in draw.sample(options, draw.randint(0, min(at_most, len(options)))))
        case Checkboxes(options=options):
            return tuple(option.value for option in options if draw.random() < 0.9)
        case DateInput():
            return draw.choice(("2026-11-25", "2026-12-24", "2020-02-29", "2031-01-01"))


def fill_text(field: TextInput, actor: Actor, people: list[Actor], draw: random.Random) -> str:
    """The truth where the registration asks for it, mostly; else anything."""
    truth = {"number": str(people.index(actor)), "name": actor.profile.name, "left": "2026-11", "code": ""}
    if field.name in truth and draw.random() < 0.8:
        return truth[field.name][: field.max_length]
    if field.name == "topic":
        return draw.choice((*TOPICS, draw.choice(ATTACKS)))[: field.max_length]
    if field.name == "more_topics" and draw.random() < 0.7:
        return "電池、量産立ち上げ"
    return "" if not field.required and draw.random() < 0.3 else draw.choice(ATTACKS)[: field.max_length]


async def do_anything(world: World, actor: Actor, people: list[Actor], locale: str, draw: random.Random) -> None:
    """One act, by chance; an open form is filled in most of the time."""
    if actor.form is not None and draw.random() < 0.85:
        await actor.submit(**fill_in(actor.form, actor, people, draw))
        return
    labels = actor.buttons()
    if labels and draw.random() < 0.7:
        label = draw.choice(labels)
        await actor.press(label, index=draw.randrange(labels.count(label)))
        return
    match draw.randrange(5):
        case 0:
            await world.pass_time(hours=draw.choice((1, 30, 100)))
        case 1:
            await actor.write(draw.choice((*COMMANDS[locale], *ATTACKS)))
        case 2:
            await actor.open_home()
        case 3:
            await actor.join()
        case _:
            await actor.command(draw.choice(WORDS))


def list_texts(value: object) -> Iterator[str]:
    """Everything that a view says, without what only machines read or what was entered."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in cast("tuple[object, ...]", value):
            yield from list_texts(part)
    elif is_dataclass(value) and not isinstance(value, Action | type):
        for item in fields(value):
            part: object = getattr(value, item.name)
            if item.name not in UNREAD and not (item.name in ENTERED and isinstance(part, str)):
                yield from list_texts(part)


def find_english(view: Message | Form, people: list[Actor]) -> set[str]:
    """English words in a Japanese view that no person brought in."""
    own = (text for actor in people for text in (actor.profile.name, actor.profile.email))
    brought = " ".join((*ATTACKS, *WORDS, *TOPICS, *own)).casefold()
    words = (word for text in list_texts(view) for word in LATIN.findall(text))
    return {word for word in words if word.casefold() not in ALLOWED and word.casefold() not in brought}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_whatever_people_do_can_be_shown_everywhere(sqlite_url: str, locale: str, seed: int) -> None:
    draw = random.Random(f"{locale}{seed}")
    world = World(sqlite_url)
    people = make_crowd(world, locale, draw)
    add_roster(world, people, locale)
    for _ in range(STEPS):
        await do_anything(world, draw.choice(people), people, locale, draw)
    await world.pass_time(days=15)
    shown = {as_text(view): view for view in (*world.shown, *(parcel.message for parcel in world.chat.sent))}
    reader = Reader(locale, "Asia/Tokyo")
    for text, view in shown.items():
        assert find_problems(view, reader) == [], text
        assert FAILED[locale] not in text, text
        assert locale != "ja" or find_english(view, people) == set(), text
    assert len(shown) > 40, "the crowd got stuck at the door"
    assert any(list_buttons(view) for view in shown.values() if isinstance(view, Message))
    world.close()
