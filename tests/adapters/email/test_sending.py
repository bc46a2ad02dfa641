"""Mails handed to a real server on this machine, which takes them, refuses, hangs and breaks off."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.email import EmailAdapter
from bot.clock import FrozenClock
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Group, Parcel, Person, Receipt
from bot.ui import Message, Para, Reader
from tests.adapters.email.certificates import make_certificate
from tests.adapters.email.post_office import Office, open_post
from tests.support.patience import UNHURRIED, limit

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's, on loopback

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OUTSIDE = "127.0.0.2"
"""Not one of the names that are known as this machine's, so that it is treated as a server outside."""

MESSAGE = Message("「縁」へのご招待", (Para(("佐藤 美咲さん、\nご招待コードは 7K3M-XA4P です。",)),))


def make_adapter(url: str, *, timeout: float = UNHURRIED) -> EmailAdapter:
    """An adapter for that server."""
    return EmailAdapter(
        smtp_url=url, mail_from="musubi@example.jp", community="縁", clock=FrozenClock(AT), timeout=timeout
    )


def make_parcel(to: str = "misaki.sato@example.com", *, replaces: Receipt | None = None) -> Parcel:
    """An invitation."""
    return Parcel("invitation:1", Person("", to), MESSAGE, Reader("ja", "Asia/Tokyo"), AT, replaces)


@pytest.fixture
def office() -> Office:
    """What the server keeps."""
    return Office()


@pytest.fixture
async def url(office: Office) -> AsyncGenerator[str]:
    """Where the server listens."""
    async with open_post(office) as address:
        yield address


async def test_a_japanese_mail_arrives_whole(office: Office, url: str) -> None:
    receipt = await make_adapter(url).sender.send(make_parcel())
    (mail,) = office.kept
    assert office.recipients == ["misaki.sato@example.com"]
    assert mail["Subject"] == "「縁」へのご招待"
    assert str(mail["From"]) == "縁 <musubi@example.jp>"
    assert receipt.message == mail["Message-ID"]
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == "佐藤 美咲さん、\nご招待コードは 7K3M-XA4P です。\n"
    assert "佐藤 美咲さん、<br>ご招待コードは" in page.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("step", "reply", "kind"),
    [
        ("RCPT", "550 no such user", FailureKind.GONE),
        ("RCPT", "553 no such name", FailureKind.GONE),
        ("RCPT", "450 mailbox busy", FailureKind.RETRY),
        ("RCPT", "452 too many", FailureKind.RETRY),
        ("RCPT", "550 5.1.1 no such user", FailureKind.GONE),
        ("RCPT", "550 5.2.1 mailbox disabled", FailureKind.GONE),
        ("RCPT", "550 5.7.1 relaying denied", FailureKind.BUG),
        ("RCPT", "554 policy", FailureKind.BUG),
        ("MAIL", "550 not you", FailureKind.BUG),
        ("MAIL", "451 later", FailureKind.RETRY),
        ("MAIL", "421 too busy", FailureKind.THROTTLED),
        ("DATA", "421 too busy", FailureKind.THROTTLED),
        ("DATA", "451 later", FailureKind.RETRY),
        ("DATA", "552 too large", FailureKind.BUG),
        ("DATA", "554 looks like spam", FailureKind.BUG),
    ],
)
async def test_a_refusal_says_what_to_do_next(
    office: Office, url: str, step: str, reply: str, kind: FailureKind
) -> None:
    office.replies[step] = [reply]
    with pytest.raises(SendFailed) as caught:
        await make_adapter(url).sender.send(make_parcel())
    assert (caught.value.kind, caught.value.maybe_sent) == (kind, False)
    assert office.kept == []


async def test_an_answer_lost_after_the_mail_means_that_it_may_have_arrived(office: Office, url: str) -> None:
    office.drop_after_data = True
    with pytest.raises(SendFailed) as caught:
        await make_adapter(url).sender.send(make_parcel())
    assert caught.value.maybe_sent
    assert len(office.kept) == 1


async def test_a_server_that_hangs_after_the_mail_is_not_waited_for_forever(office: Office, url: str) -> None:
    office.hang = 30
    sender = make_adapter(url, timeout=limit()).sender
    with pytest.raises(SendFailed) as caught:
        await sender.send(make_parcel())
    assert caught.value.maybe_sent
    assert sender.timeout == pytest.approx(5 * limit())


async def test_no_server_is_passing_trouble() -> None:
    with pytest.raises(SendFailed) as caught:
        await make_adapter("smtp://127.0.0.1:1").sender.send(make_parcel())
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)


async def test_nobody_can_be_asked_whether_a_mail_arrived(url: str) -> None:
    with pytest.raises(CannotAsk):
        await make_adapter(url).sender.find_sent(make_parcel())


@pytest.mark.parametrize(
    "parcel",
    [
        make_parcel(replaces=Receipt("a", "b")),
        Parcel("k", Group("", ("a@example.com", "b@example.com")), MESSAGE, Reader("ja", "Asia/Tokyo"), AT),
    ],
    ids=["replacing", "group"],
)
async def test_what_a_mail_can_t_do_is_refused_before_anything_is_sent(
    office: Office, url: str, parcel: Parcel
) -> None:
    with pytest.raises(SendFailed) as caught:
        await make_adapter(url).sender.send(parcel)
    assert caught.value.kind is FailureKind.BUG
    assert office.kept == []


async def test_an_address_with_a_line_break_sends_nothing(office: Office, url: str) -> None:
    with pytest.raises(SendFailed) as caught:
        await make_adapter(url).sender.send(make_parcel("a@example.com\r\nBcc: b@example.com"))
    assert caught.value.kind is FailureKind.GONE
    assert office.kept == []


@pytest.mark.parametrize(("password", "level"), [("right", "ok"), ("wrong", "error")])
async def test_the_doctor_tries_the_password(office: Office, password: str, level: str) -> None:
    async with open_post(office, password="right") as address:
        (finding,) = await make_adapter(address.replace("//", f"//musubi:{password}@")).check()
    assert finding.level == level
    assert "right" not in finding.title
    assert "wrong" not in finding.title


async def test_while_the_password_is_wrong_no_mail_is_used_up(office: Office) -> None:
    async with open_post(office, password="right") as address:
        with pytest.raises(SendFailed) as caught:
            await make_adapter(address.replace("//", "//musubi:wrong@")).sender.send(make_parcel())
    assert (caught.value.kind, caught.value.retry_after) == (FailureKind.THROTTLED, 600)


async def test_the_reason_never_quotes_the_address(office: Office, url: str) -> None:
    office.replies["RCPT"] = ["550 5.1.1 <misaki.sato@example.com> no such user"]
    with pytest.raises(SendFailed) as caught:
        await make_adapter(url).sender.send(make_parcel())
    assert caught.value.reason == "the mail server refused the address (550 5.1.1)"


async def test_encryption_that_can_t_be_trusted_is_no_encryption(office: Office, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate(tmp_path))
    async with open_post(office, tls=context, host=OUTSIDE) as address:
        with pytest.raises(SendFailed) as caught:
            await make_adapter(address).sender.send(make_parcel())
    assert caught.value.kind is FailureKind.RETRY
    assert office.kept == []


async def test_a_server_outside_that_does_not_encrypt_gets_nothing(office: Office) -> None:
    async with open_post(office, host=OUTSIDE) as address:
        with pytest.raises(SendFailed) as caught:
            await make_adapter(address).sender.send(make_parcel())
    assert caught.value.kind is FailureKind.RETRY
    assert office.kept == []


async def test_a_trusted_server_outside_gets_the_mail_encrypted(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    async with open_post(office, tls=context, host=OUTSIDE) as address:
        await make_adapter(address).sender.send(make_parcel())
    assert len(office.kept) == 1
    assert office.was_encrypted


async def test_a_server_on_this_machine_is_spoken_to_in_the_clear(office: Office, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate(tmp_path))
    async with open_post(office, tls=context) as address:
        await make_adapter(address).sender.send(make_parcel())
    assert len(office.kept) == 1


@pytest.mark.parametrize(
    "address", ["misaki..sato.@docomo.ne.jp", "misaki+musubi@example.com", "m_s-1@sub.example.co.jp"]
)
async def test_addresses_as_people_have_them(office: Office, url: str, address: str) -> None:
    await make_adapter(url).sender.send(make_parcel(address))
    assert office.recipients == [address]


async def test_a_server_that_says_nothing_is_passing_trouble() -> None:
    hung_up = asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        hung_up.set()

    server = await asyncio.start_server(stay_silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SendFailed) as caught:
            await make_adapter(f"smtp://127.0.0.1:{port}", timeout=0.2).sender.send(make_parcel())
        await hung_up.wait()
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)


async def test_a_line_cut_before_the_mail_has_sent_nothing(office: Office, url: str) -> None:
    office.drop_at_rcpt = True
    with pytest.raises(SendFailed) as caught:
        await make_adapter(url).sender.send(make_parcel())
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)
    assert office.kept == []
