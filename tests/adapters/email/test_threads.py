"""Mails of a conversation: who they are from, where answers go, and how mail programs keep them together."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from adapters.email.addresses import ReplyAddresses
from adapters.email.outbound import EmailSender, read_server
from bot.clock import FrozenClock
from bot.failures import FailureKind, SendFailed
from bot.ports import Parcel, Person, Receipt, Thread
from bot.ui import Message, Para, Reader
from tests.adapters.email.post_office import Office, open_post
from tests.support.world import START

MISAKI = "misaki@mail.example"
ADDRESSES = ReplyAddresses("reply@musubi.example.jp", b"secret of a test")
ROOM = "room:1:2:1"


def parcel(key: str, speaker: str = "", thread: Thread | None = None, locale: str = "ja") -> Parcel:
    """A mail on its way."""
    message = Message("高橋 翔さんとの会話", (Para(("七時でよいですか。",)),), speaker)
    return Parcel(key, Person("", MISAKI), message, Reader(locale, "Asia/Tokyo"), START, thread=thread)


async def send(*parcels: Parcel, replies: ReplyAddresses | None = ADDRESSES) -> list[EmailMessage]:
    """What the server keeps of them, and their receipts agree."""
    office, clock = Office(), FrozenClock(START)
    async with open_post(office) as smtp:
        sender = EmailSender(read_server(smtp), "縁 <musubi@example.jp>", "縁", clock, 5.0, replies)
        for each in parcels:
            receipt = await sender.send(each)
            assert receipt == Receipt(MISAKI, str(office.kept[-1]["Message-ID"]))
            clock.move(timedelta(minutes=1))
    return office.kept


async def test_answers_go_to_an_address_of_the_threads_own() -> None:
    first, second = await send(
        parcel(ROOM, thread=Thread(ROOM)),
        parcel("said:1", "高橋 翔さん", Thread(ROOM, Receipt(MISAKI, "<x@y>"))),
    )
    for mail in (first, second):
        assert ADDRESSES.make(ROOM, MISAKI) in str(mail["Reply-To"])
        assert mail["Auto-Submitted"] is None
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert first["Subject"] == second["Subject"], "or some programs would not keep them together"


async def test_a_mail_is_from_who_speaks_at_our_address() -> None:
    ours, theirs, english, hostile = await send(
        parcel("a", thread=Thread(ROOM)),
        parcel("b", "高橋 翔さん", Thread(ROOM)),
        parcel("c", "Sho Takahashi", Thread(ROOM), "en"),
        parcel("d", 'x" <evil@example.com>\r\nBcc: a@example.com', Thread(ROOM)),
    )
    names = [address.display_name for mail in (ours, theirs) for address in mail["From"].addresses]
    assert names == ["縁", "高橋 翔さん（縁）"]
    assert english["From"].addresses[0].display_name == "Sho Takahashi (縁)"
    assert [address.addr_spec for address in hostile["From"].addresses] == ["musubi@example.jp"]
    assert hostile["Bcc"] is None


async def test_outside_a_thread_nothing_changes() -> None:
    [mail] = await send(parcel("a"))
    assert (mail["Reply-To"], mail["In-Reply-To"], mail["Auto-Submitted"]) == (None, None, "auto-generated")


async def test_without_a_reply_address_the_thread_is_kept_together_all_the_same() -> None:
    [mail] = await send(parcel("said:1", thread=Thread(ROOM)), replies=None)
    assert mail["Reply-To"] is None
    assert mail["In-Reply-To"]


async def test_a_thread_that_fits_into_no_address_is_a_bug() -> None:
    with pytest.raises(SendFailed) as caught:
        await send(parcel("a", thread=Thread("Räume")))
    assert caught.value.kind is FailureKind.BUG
