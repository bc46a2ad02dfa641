"""POST /mail/incoming: who may post, what is answered, what reaches the core, and what is never answered."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web

from adapters.email import EmailAdapter, ReplyAddresses
from adapters.email.incoming import LARGEST_MAIL
from bot.clock import FrozenClock
from bot.incoming import Incoming, MessageReceived, Origin, SharedFile
from bot.replies import Nothing, Reply
from tests.adapters.email.post_office import Office, open_post
from tests.support.world import START

SECRET = "the secret of the mail server"
MISAKI = "misaki@mail.example"
ADDRESSES = ReplyAddresses("reply@musubi.example.jp", b"secret of a test")
ROOM = ADDRESSES.make("room:1:2:1", MISAKI)


@dataclass
class Post:
    """The endpoint on a port, and what came through it."""

    url: str
    clock: FrozenClock
    office: Office
    got: list[Incoming] = field(default_factory=list[Incoming])
    broken: bool = False

    async def __call__(self, incoming: Incoming) -> Reply:
        """See `bot.ports.Dispatch`."""
        if self.broken:
            raise RuntimeError("the database is away")
        self.got.append(incoming)
        return Nothing()

    async def send(self, body: object, *, kind: str = "message/rfc822", secret: str = f"Bearer {SECRET}") -> int:
        """Posts a body; gives the status."""
        headers = {"Authorization": secret} | ({"Content-Type": kind} if kind else {})
        data = BytesIO(body.encode() if isinstance(body, str) else body) if isinstance(body, str | bytes) else body
        async with ClientSession() as session, session.post(self.url, data=data, headers=headers) as response:
            assert await response.text() == ""
            return response.status


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    """The adapter behind a real server, with a real SMTP server to write to."""
    office, clock = Office(), FrozenClock(START)
    post = Post("", clock, office)
    async with open_post(office) as smtp:
        adapter = EmailAdapter(
            smtp_url=smtp,
            mail_from="縁 <musubi@example.jp>",
            community="縁",
            clock=clock,
            replies=ADDRESSES,
            dispatch=post,
            incoming_secret=SECRET,
        )
        app = web.Application()
        adapter.add_routes(app)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        post.url = f"http://127.0.0.1:{runner.addresses[0][1]}/mail/incoming"
        yield post
        await runner.cleanup()


def mail(words: str = "わかりました", to: str = ROOM, sender: str = MISAKI, head: str = "") -> str:
    """A mail."""
    return f"From: 美咲 <{sender}>\r\nTo: <{to}>\r\nMessage-ID: <1@mail.example>\r\n{head}\r\n{words}\r\n"


async def test_an_answer_reaches_the_core(post: Post) -> None:
    assert await post.send(mail()) == 200
    origin = Origin("email", "", MISAKI, f"{MISAKI}:<1@mail.example>", conversation=MISAKI, message="<1@mail.example>")
    assert post.got == [MessageReceived(origin, "わかりました", "room:1:2:1")]


async def test_the_same_mail_has_the_same_key(post: Post) -> None:
    await post.send(mail())
    await post.send(mail())
    await post.send(mail().replace("<1@", "<2@"))
    keys = [incoming.origin.key for incoming in post.got]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("name", ["email", "body-mime"])
async def test_inbound_services_post_a_form(post: Post, name: str) -> None:
    form = FormData({"to": ROOM, "subject": "x"})
    form.add_field(name, mail(), content_type="text/plain")
    form.add_field("spam_score", "0.1")
    password = base64.b64encode(f"musubi:{SECRET}".encode()).decode()
    assert await post.send(form, kind="", secret=f"Basic {password}") == 200
    assert isinstance(post.got[0], MessageReceived)
    assert post.got[0].text == "わかりました"


async def test_a_large_form_is_taken_as_well(post: Post) -> None:
    form = FormData()
    head = 'Content-Type: multipart/mixed; boundary="b"\r\n'
    file = f'--b\r\nContent-Type: application/pdf; name="a.pdf"\r\n\r\n{"x" * 3_000_000}\r\n--b--'
    form.add_field("email", BytesIO(mail(file, head=head).encode()), content_type="text/plain")
    assert await post.send(form, kind="") == 200
    assert isinstance(post.got[0], MessageReceived)
    assert post.got[0].files[0].size == 3_000_000


async def test_a_form_without_a_mail(post: Post) -> None:
    form = FormData({"subject": "x"})
    form.add_field("attachment", b"x", filename="a.txt")
    assert await post.send(form, kind="") == 400
    assert await post.send("no form", kind="multipart/form-data; boundary=x") == 400


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "Bearer",
        "Bearer wrong",
        SECRET,
        f"Digest {SECRET}",
        "Basic ?",
        "Basic " + base64.b64encode(b"musubi:wrong").decode(),
        "Basic " + base64.b64encode(SECRET.encode()).decode(),
        "Bearer \u00e9",
    ],
)
async def test_without_the_secret_nothing_is_read(post: Post, secret: str) -> None:
    assert await post.send(mail(), secret=secret) == 401
    assert post.got == []


async def test_what_is_no_mail(post: Post) -> None:
    assert await post.send("{}", kind="application/json") == 415
    assert await post.send(" \r\n") == 400
    assert await post.send(b"x" * (LARGEST_MAIL + 70_000)) == 413


async def test_a_large_mail_is_taken_and_its_file_named(post: Post) -> None:
    head = 'Content-Type: multipart/mixed; boundary="b"\r\n'
    parts = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n資料です\r\n--b\r\n"
    file = f'Content-Type: application/pdf; name="a.pdf"\r\n\r\n{"x" * 3_000_000}\r\n--b--'
    assert await post.send(mail(f"{parts}{file}", head=head)) == 200
    [got] = post.got
    assert isinstance(got, MessageReceived)
    assert (got.text, got.files) == ("資料です", (SharedFile("a.pdf", "application/pdf", "", 3_000_000),))


async def test_when_we_fail_it_is_to_come_again(post: Post) -> None:
    post.broken = True
    assert await post.send(mail()) == 500
    post.broken = False
    assert await post.send(mail()) == 200
    assert len(post.got) == 1


@pytest.mark.parametrize(
    "text",
    [
        mail(to="reply+room.1.2.1-aaaaaaaaaaaaaaaaaaaaaa@musubi.example.jp"),
        mail(to="reply@musubi.example.jp"),
        mail(to="somebody@musubi.example.jp"),
        mail(head="Auto-Submitted: auto-replied\r\n"),
        mail(head="Precedence: bulk\r\n"),
        mail(head="List-Id: <l.example>\r\n"),
        mail(head="Return-Path: <>\r\n"),
        mail(sender="musubi@example.jp"),
        mail(sender=ROOM),
        mail(sender="other@mail.example", head="Auto-Submitted: auto-replied\r\n"),
        mail(words=""),
        mail(words="> nothing of one's own\r\n"),
        "nonsense",
    ],
)
async def test_what_is_dropped_is_answered_like_what_is_taken(post: Post, text: str) -> None:
    assert await post.send(text) == 200
    assert post.got == []
    assert post.office.kept == []


async def test_from_another_address_it_is_not_passed_on_and_said_once_a_day(post: Post) -> None:
    for _again in range(3):
        assert await post.send(mail(sender="misaki@work.example")) == 200
    assert post.got == []
    assert post.office.recipients == ["misaki@work.example"]
    [told] = post.office.kept
    assert told["Subject"] == "メールをお届けできませんでした"
    assert told["Auto-Submitted"] == "auto-generated"
    assert told["Reply-To"] is None
    assert MISAKI not in told.as_string()
    post.clock.move(days_of(1.1))
    await post.send(mail(sender="misaki@work.example"))
    assert len(post.office.kept) == 2


async def test_a_mail_server_that_is_away_does_not_bring_the_mail_again(post: Post) -> None:
    post.office.replies = {"RCPT": ["550 no"]}
    assert await post.send(mail(sender="misaki@work.example")) == 200


def days_of(days: float) -> timedelta:
    """So many days."""
    return timedelta(days=days)


async def test_two_of_our_addresses_and_ones_own_counts(post: Post) -> None:
    others = ADDRESSES.make("room:9:9:1", "other@mail.example")
    assert await post.send(mail(to=f"{others}>, <{ROOM}")) == 200
    assert [incoming.thread for incoming in post.got if isinstance(incoming, MessageReceived)] == ["room:1:2:1"]


@pytest.mark.parametrize("missing", ["replies", "dispatch", "incoming_secret"])
async def test_without_all_that_it_needs_there_is_no_endpoint(post: Post, missing: str) -> None:
    given: dict[str, Any] = {"replies": ADDRESSES, "dispatch": post, "incoming_secret": SECRET}
    given[missing] = "" if missing == "incoming_secret" else None
    adapter = EmailAdapter(
        smtp_url="smtp://localhost", mail_from="musubi@example.jp", community="縁", clock=post.clock, **given
    )
    app = web.Application()
    adapter.add_routes(app)
    assert list(app.router.routes()) == []
