"""Mails as programs write them become the words of their sender, their files, and whether a person wrote them."""

import re
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.reading import Mail, read_mail, unflow
from bot.incoming import SharedFile

OURS = re.compile(r"reply(\+[^@\s<>]*)?@musubi\.example\.jp", re.IGNORECASE)
BOT = "musubi@example.jp"
TO = "reply+room.1.2.1-abc@musubi.example.jp"
HEAD = f"From: =?utf-8?B?5L2Q6Jek?= <Misaki@Mail.example>\r\nTo: <{TO}>\r\nMessage-ID: <1@mail.example>\r\n"


def read(data: bytes | str) -> Mail:
    """The mail in this text."""
    return read_mail(data.encode() if isinstance(data, str) else data, OURS, BOT)


def compose(**headers: str) -> EmailMessage:
    """A mail as programs make it."""
    mail = EmailMessage(policy=SMTP)
    given = {"From": "Misaki <misaki@mail.example>", "To": TO, "Message-ID": "<1@mail.example>"} | headers
    for name, value in given.items():
        mail[name.replace("_", "-")] = value
    return mail


def test_a_plain_mail() -> None:
    mail = read(f"{HEAD}\r\nわかりました。\r\n\r\n2026年11月20日(金) 10:02 縁 <{BOT}>:\r\n> こんにちは\r\n")
    assert mail == Mail("<1@mail.example>", "misaki@mail.example", (TO,), "わかりました。")


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"])
@pytest.mark.parametrize("encoding", ["7bit", "8bit", "base64", "quoted-printable"])
def test_every_charset_in_every_encoding(charset: str, encoding: str) -> None:
    if encoding == "7bit" and charset != "iso-2022-jp":
        return
    mail = compose()
    if encoding in ("7bit", "8bit"):
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        assert read(head.encode() + "相談ありがとう".encode(charset)).words == "相談ありがとう"
        return
    mail.set_content("相談ありがとう", charset=charset, cte=encoding)
    assert read(mail.as_bytes()).words == "相談ありがとう"


def test_a_page_where_there_is_no_plain_text() -> None:
    mail = compose()
    page = (
        '<div>承知しました。<br>七時に <a href="https://example.com/駅">駅</a> で</div>'
        '<div class="gmail_signature">佐藤<br>090-1234-5678</div>'
        f'<div class="gmail_quote">2026年 &lt;{BOT}&gt;<blockquote>古い</blockquote></div>'
    )
    mail.set_content(page, subtype="html")
    assert read(mail.as_bytes()).words == "承知しました。\n七時に 駅 (https://example.com/駅) で"
    mail.clear_content()
    mail.set_content("plain words")
    mail.add_alternative(page, subtype="html")
    assert read(mail.as_bytes()).words == "plain words"


def test_outlooks_page() -> None:
    page = (
        '<p class="MsoNormal">承知しました。</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">高橋</p>'
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>差出人:</b> 縁 &lt;musubi@example.jp&gt;<br>'
        "<b>送信日時:</b> 2026年11月20日<br><b>宛先:</b> x<br></div><div>古い</div>"
    )
    mail = compose()
    mail.set_content(page, subtype="html")
    words = read(mail.as_bytes()).words
    assert words.startswith("承知しました。\n\n高橋")
    assert BOT not in words


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("a long \nline \nhere\nand another", "a long line here\nand another"),
        ("words\n-- \nme \nhere", "words\n-- \nme here"),
        ("> quoted \n> on\nmine", "> quoted on\nmine"),
        (" >not quoted", ">not quoted"),
        ("> a \nb", "> a \nb"),
    ],
)
def test_flowed_text(text: str, read_as: str) -> None:
    assert unflow(text) == read_as


def test_flowed_japanese_is_joined_without_a_space() -> None:
    head = f"{HEAD}Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    assert read(f"{head}長い文が \r\n続きます。").words == "長い文が続きます。"


# Files


def test_files_are_named_and_not_kept() -> None:
    mail = compose()
    mail.set_content("資料です")
    mail.add_attachment(b"%PDF" * 10, maintype="application", subtype="pdf", filename="計画/案.pdf")
    mail.add_attachment("a,b", subtype="csv", filename="a.csv", disposition="inline")
    found = read(mail.as_bytes())
    assert found.words == "資料です"
    assert found.files[0] == SharedFile("計画_案.pdf", "application/pdf", "", 40)
    assert [file.name for file in found.files] == ["計画_案.pdf", "a.csv"]


def test_a_pages_own_pictures_are_no_files() -> None:
    mail = compose()
    mail.set_content("<p>words</p><img src='cid:logo'>", subtype="html")
    mail.add_related(b"GIF", "image", "gif", cid="<logo>")
    assert read(mail.as_bytes()).files == ()
    mail.make_mixed()
    mail.add_attachment(b"JPEG", maintype="image", subtype="jpeg", filename="IMG_1.jpg", disposition="inline")
    assert [file.name for file in read(mail.as_bytes()).files] == ["IMG_1.jpg"]


def test_names_in_the_old_way() -> None:
    part = 'Content-Type: application/pdf; name="=?ISO-2022-JP?B?GyRCN1cyaBsoQi5wZGY=?="\r\n\r\nx'
    assert [file.name for file in read(f"{HEAD}{part}").files] == ["計画.pdf"]


# Whom it is from, and to


def test_where_our_address_may_stand() -> None:
    for name in ("Cc", "Delivered-To", "X-Original-To"):
        head = HEAD.replace(f"To: <{TO}>", f"To: undisclosed-recipients:;\r\n{name}: {TO.upper()}")
        assert TO in read(f"{head}\r\nx").addressees


@pytest.mark.parametrize("sender", ["", "From: a@x.example, b@x.example\r\n", "From: nobody\r\n"])
def test_a_mail_from_nobody_or_from_two_is_no_persons(sender: str) -> None:
    mail = read(f"{sender}To: {TO}\r\n\r\nx")
    assert (mail.sender, mail.is_automatic) == ("", True)


def test_a_second_address_hidden_in_a_name_is_none() -> None:
    encoded = "=?utf-8?Q?a=40x.example=2C_b?="
    assert read(HEAD.replace("=?utf-8?B?5L2Q6Jek?=", encoded) + "\r\nx").sender == "misaki@mail.example"


def test_without_an_id_the_mail_itself_is_one() -> None:
    head = HEAD.replace("Message-ID", "X-Id")
    one, again, other = (read(f"{head}\r\n{words}").id for words in ("x", "x", "y"))
    assert one == again != other


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: <x.example>",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "Subject: Automatic reply: Re: x",
        "Subject: =?iso-2022-jp?B?GyRCPCtGMEpWPy4bKEI=?=: x",
        "Subject: Undeliverable: x",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
        "Content-Type: text/calendar; method=REPLY",
    ],
)
def test_what_machines_write_is_known(header: str) -> None:
    mail = read(f"{HEAD}{header}\r\n\r\nwords")
    assert (mail.is_automatic, mail.words) == (True, "")


@pytest.mark.parametrize("sender", [BOT, TO, "MAILER-DAEMON@mx.example", "no-reply@x.example", "noreply+1@x.example"])
def test_machines_and_ourselves_are_known_by_their_address(sender: str) -> None:
    assert read(f"From: {sender}\r\nTo: {TO}\r\n\r\nwords").is_automatic


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "Precedence: normal", "Return-Path: <m@x.example>", "Subject: Re: 自動"]
)
def test_people_are_not_taken_for_machines(header: str) -> None:
    assert not read(f"{HEAD}{header}\r\n\r\nwords").is_automatic


# Anything


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    read(HEAD.encode() + data)
    read(data)


def test_a_nest_of_parts_ends() -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(300))
    assert read(f"{HEAD}{deep}\r\nwords").words == ""
