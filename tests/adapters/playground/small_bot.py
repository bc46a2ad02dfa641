"""A bot with a few features of every kind, behind the playground: for trying the page without the product.

`python -m tests.adapters.playground.small_bot PORT FOLDER` serves it, so that a test can kill the process.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from adapters.playground import CommandHint, PlaygroundAdapter, Standing
from bot.actions import Action, action
from bot.clock import MovableClock
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValues,
    HomeOpened,
    Incoming,
    MemberJoined,
    MessageReceived,
    Origin,
    ProfileChanged,
)
from bot.ports import Group, Parcel, Person
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Checkboxes,
    Chips,
    DateInput,
    Divider,
    Fact,
    Facts,
    File,
    Form,
    Heading,
    Link,
    Mention,
    Message,
    MultiSelect,
    Note,
    Option,
    Para,
    Picture,
    Quote,
    Reader,
    Select,
    TextInput,
    When,
)

NOW_SHOWN = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday, 20 November 2026, 10:00 in Tokyo."""

LEAVERS = ("kenichi-tanaka", "nanako-horiuchi", "james-whitcombe")

HOSTILE = "<img src=x onerror=alert(1)><script>window.hacked = 1</script>\u202e&amp;"


@action("small.ask", opens_form=True)
class Ask(Action):
    """The first step of the form."""


@action("small.more")
class More(Action):
    """The second step of the form."""


@action("small.accept")
class Accept(Action):
    """Settles a card."""

    id: int


@action("small.slow")
class Slow(Action):
    """Takes its time."""


@action("small.stop")
class Stop(Action):
    """Asks first."""


@action("small.refresh")
class Refresh(Action):
    """Draws the home page anew."""


@dataclass(frozen=True, slots=True)
class PlainLetter:
    """A mail as a test sees it."""

    subject: str
    text: str
    html: str
    files: tuple[File, ...] = ()


def render_letter(message: Message, reader: Reader) -> PlainLetter:
    """The shortest mail there is."""
    page = f'<!doctype html><meta charset="utf-8"><p>{message.summary}</p><p>Code: <b>AB12-CD34</b></p>'
    return PlainLetter(message.summary, f"{message.summary}\nCode: AB12-CD34", page)


def list_commands() -> list[CommandHint]:
    """What the box completes."""
    return [
        CommandHint("mentor", ("mentor", "相談"), "Ask for a consultation"),
        CommandHint("alumni", ("alumni", "メニュー"), "What is open for me"),
        CommandHint("alumni profile", ("profile", "プロフィール"), "Edit the profile"),
        CommandHint("cards", ("cards", "カード"), "Every kind of block"),
        CommandHint("group", ("group",), "Open a group"),
        CommandHint("remind", ("remind",), "In three days"),
        CommandHint("hr", ("hr", "人事"), "For HR", "hr"),
        CommandHint("alumni register", ("register", "登録"), "Register", "newcomer"),
    ]


def text_message(text: str, *blocks: Block) -> Message:
    """A message of one sentence, and what follows."""
    return Message(text, (Para((text,)), *blocks))


def ask_form(text: str = "") -> Form:
    """Every kind of field."""
    topics = tuple(
        Option(f"t{n}", label) for n, label in enumerate(("電池開発", "品質保証", "海外赴任", "独立", "法務"))
    )
    return Form(
        "相談をお願いする",
        "次へ",
        Ask(),
        (
            Para(("どなたに、どんなことを伺いたいですか。",)),
            TextInput("topic", "話題", value=text, hint="ひとことで", example="電池の量産立ち上げ"),
            TextInput("aim", "伺いたいこと", multiline=True, max_length=300, required=False),
            Select("language", "言葉", (Option("ja", "日本語"), Option("en", "English")), value="ja"),
            MultiSelect("fields", "分野", topics, at_most=2),
            Checkboxes("when", "時間帯", (Option("am", "午前"), Option("pm", "午後")), required=True),
            DateInput("day", "希望日", required=False),
        ),
    )


def everything(at: datetime) -> Message:
    """Every kind of block, with hostile text in each."""
    return Message(
        "すべての部品",
        (
            Heading(f"見出し {HOSTILE}"),
            Para(("設計2課の", Bold("高橋 翔"), "さんが ", Mention(7, HOSTILE), " と ", When(at), " に話します。")),
            Quote(f"引用\n{HOSTILE}"),
            Facts((Fact("時間", ("30分ほど・日本語",)), Fact("案内", (Link("開く", "https://example.com/?a=1&b=2"),)))),
            Chips(("電池開発", HOSTILE)),
            Picture("https://example.com/a.png", "工場の写真"),
            Divider(),
            Note(("静かな行",)),
            Note(("引き受けました",), tone="done"),
            Buttons(
                (
                    Button("引き受ける", Accept(1), style="primary"),
                    Button("ゆっくり", Slow()),
                    Button("終える", Stop(), style="danger", confirm="この会話を終えますか。"),
                    Button("相談する", Ask()),
                )
            ),
        ),
    )


@dataclass(slots=True)
class SmallBot:
    """Answers everything; remembers what it heard."""

    clock: MovableClock
    folder: Path
    failing: bool = False
    heard: list[Incoming] = field(default_factory=list[Incoming])
    keys: set[str] = field(default_factory=set[str])
    presses: Counter[str] = field(default_factory=Counter[str])
    due: list[tuple[datetime, str]] = field(default_factory=list[tuple[datetime, str]])
    adapter: PlaygroundAdapter = field(init=False)

    def __post_init__(self) -> None:
        self.adapter = PlaygroundAdapter(
            self.dispatch,
            self.clock,
            self.folder,
            commands=list_commands,
            find_standings=self.find_standings,
            next_due=self.next_due,
            settle=self.settle,
            render_letter=render_letter,
            pauses=(0.2, 0.2, 1.0),
        )

    async def dispatch(self, incoming: Incoming) -> Reply:
        """As the real dispatcher: once per key, an error for what is not waited for when failing."""
        if self.failing:
            raise RuntimeError("out of order")
        if incoming.origin.key in self.keys:
            return Nothing()
        self.keys.add(incoming.origin.key)
        self.heard.append(incoming)
        match incoming:
            case Command():
                return await self._command(incoming)
            case ButtonPressed(payload=payload):
                return await self._pressed(incoming, payload)
            case FormSubmitted(payload=payload, values=values):
                return self._submitted(payload, values)
            case MessageReceived(origin=origin, text=text):
                await self.tell(origin.user, f"聞きました：{text}")
            case MemberJoined(origin=origin):
                await self.tell(origin.user, "ようこそ。", Buttons((Button("30秒で登録", Ask(), style="primary"),)))
            case HomeOpened():
                return ShowHome(self.home())
            case ProfileChanged():
                await self.tell(incoming.origin.user, f"言語：{incoming.profile.locale}")
            case _:
                pass
        return Nothing()

    async def _command(self, command: Command) -> Reply:
        answers: dict[str, Callable[[Command], Awaitable[Reply]]] = {
            "mentor": self._mentor,
            "alumni": self._alumni,
            "cards": self._cards,
            "group": self._group,
            "remind": self._remind,
        }
        return await answers[command.name](command)

    async def _mentor(self, command: Command) -> Reply:
        return OpenForm(ask_form(command.text))

    async def _alumni(self, command: Command) -> Reply:
        return ShowHome(self.home()) if not command.text else Private(text_message(f"alumni: {command.text}"))

    async def _cards(self, command: Command) -> Reply:
        await self.send(
            Person("demo", command.origin.user), everything(self.clock.now()), f"cards:{command.origin.key}"
        )
        return Nothing()

    async def _group(self, command: Command) -> Reply:
        users = (command.origin.user, "misaki-sato")
        opened = Message("はじめましょう", (Para(("お二人の会話です。", When(self.clock.now()))),))
        await self.send(Group("demo", users), opened, f"group:{command.origin.key}")
        return Nothing()

    async def _remind(self, command: Command) -> Reply:
        self.due.append((self.clock.now() + timedelta(days=3), command.origin.user))
        return Private(text_message("3日後にお知らせします。"))

    async def _pressed(self, pressed: ButtonPressed, payload: str) -> Reply:
        self.presses[payload] += 1
        if payload.startswith("small.accept"):
            return ReplaceMessage(Message("引き受けました", (Heading("相談"), Note(("引き受けました",), tone="done"))))
        if payload.startswith("small.slow"):
            await asyncio.sleep(0.6)
            return Nothing()
        if payload.startswith("small.ask"):
            return OpenForm(ask_form())
        if payload.startswith("small.refresh"):
            return ReplaceMessage(text_message("新しいホーム"))
        return Private(text_message(f"押しました：{payload}"))

    def _submitted(self, payload: str, values: FormValues) -> Reply:
        if payload.startswith("small.more"):
            return Private(Message("お願いしました", (Heading("お願いしました"), Para((values.text("note"),)))))
        if values.text("topic") == "だめ":
            return FormErrors(ask_form(values.text("topic")), {"topic": "ほかの話題をご記入ください。"})
        return OpenForm(Form("もう少し", "送る", More(), (TextInput("note", "ひとこと"),)))

    def home(self) -> Message:
        """The home page."""
        return Message("ホーム", (Heading("縁"), Buttons((Button("書き直す", Refresh()), Button("相談する", Ask())))))

    async def find_standings(self, people: Sequence[str]) -> dict[str, Standing]:
        """Everybody is a member but those who leave."""
        return dict.fromkeys((person for person in people if person not in LEAVERS), "member")

    async def next_due(self) -> datetime | None:
        """When the next reminder is due."""
        return min((at for at, _ in self.due), default=None)

    async def settle(self) -> None:
        """Sends the reminders that are due."""
        for at, user in [entry for entry in self.due if entry[0] <= self.clock.now()]:
            self.due.remove((at, user))
            await self.tell(user, "3日たちました。")

    async def tell(self, user: str, text: str, *blocks: Block) -> None:
        """Sends a person a message of its own."""
        await self.send(Person("demo", user), text_message(text, *blocks), f"tell:{len(self.heard)}:{user}:{text}")

    async def send(self, target: Person | Group, message: Message, key: str) -> None:
        """Hands a parcel to the workspace."""
        reader = Reader("ja", "Asia/Tokyo")
        await self.adapter.sender.send(Parcel(key, target, message, reader, self.clock.now()))

    async def invite(self) -> None:
        """A mail to the leaver."""
        parcel = Parcel(
            "invite",
            Person("demo", "kenichi.tanaka@example.jp"),
            text_message("縁へのご招待"),
            Reader("ja", "Asia/Tokyo"),
            self.clock.now(),
        )
        await self.adapter.mailbox.send(parcel)


def make_app(bot: SmallBot) -> web.Application:
    """The page, served as the real application serves it."""
    app = web.Application()
    bot.adapter.add_routes(app)

    async def start(_: web.Application) -> None:
        await bot.adapter.start()
        await bot.invite()

    async def close(_: web.Application) -> None:
        await bot.adapter.close()

    app.on_startup.append(start)
    app.on_cleanup.append(close)
    return app


def origin(user: str, key: str = "") -> Origin:
    """Somebody, as the playground names them."""
    return Origin("playground", "demo", user, key=key)


if __name__ == "__main__":
    web.run_app(
        make_app(SmallBot(MovableClock(), Path(sys.argv[2]))), host="127.0.0.1", port=int(sys.argv[1]), print=None
    )
