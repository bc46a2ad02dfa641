"""Only what the sender wrote is kept: the history, its headers and signatures go, in the forms of many programs."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.quoting import find_own_words

OURS = re.compile(r"musubi@example\.jp|reply\+[^@\s<>]*@musubi\.example\.jp", re.IGNORECASE)
NAME = "佐藤 美咲さん（縁）"
TOKEN = "reply+room.1.2.1-abcdefghijklmnop234567@musubi.example.jp"

HISTORIES = {
    "gmail": f"On Fri, Nov 20, 2026 at 10:02 AM 縁 <{TOKEN}> wrote:\n\n> Hello\n> there\n",
    "gmail, broken": f"On Fri, Nov 20, 2026 at 10:02 AM {NAME} <\n{TOKEN}> wrote:\n\n> Hello\n",
    "gmail, Japanese": f"2026年11月20日(金) 10:02 {NAME} <musubi@example.jp>:\n\n> こんにちは\n> 七時に\n",
    "gmail, Japanese, broken": f"2026年11月20日(金) 10:02 {NAME}\n<musubi@example.jp>:\n\n> こんにちは\n",
    "apple": "> On 20 Nov 2026, at 10:02, Misaki <musubi@example.jp> wrote:\n> \n> Hello\n",
    "apple, not quoted": "On Nov 20, 2026, at 10:02, Misaki <musubi@example.jp> wrote:\n\nHello\n",
    "apple, Japanese": f"2026/11/20 10:02、{NAME} <musubi@example.jp>のメール:\n\n\ufeffこんにちは\n",
    "outlook": "From: Misaki (En) <musubi@example.jp>\nSent: Friday, November 20, 2026\nTo: Sho\nSubject: x\n\nHi",
    "outlook, bold": "*From:* Misaki (En)\n*Sent:* Friday, November 20, 2026\n*To:* Sho\n\nHello\n",
    "outlook, Japanese": f"{'_' * 32}\n差出人: {NAME}\n送信日時: 2026年11月20日 10:02\n宛先: 高橋\n件名: 相談\n\nこ",
    "outlook, full-width": f"差出人： {NAME}\n送信日時： 2026年11月20日\n宛先： 高橋\n件名： 相談\n\nこんにちは\n",
    "original": "-----Original Message-----\nFrom: 縁 <musubi@example.jp>\nSent: Friday\nTo: x\nSubject: y\n\nHello",
    "original, Japanese": f"-----元のメッセージ-----\n差出人: {NAME}\n\nHello",
    "yahoo": 'こ\n----- Original Message -----\nFrom: "縁" <musubi@example.jp>\nDate: 2026/11/20\n\nこん'.removeprefix(
        "こ\n"
    ),
    "thunderbird": "On 11/20/26 10:02, Misaki wrote:\n> Hello\n",
    "thunderbird, Japanese": f"2026/11/20 10:02、{NAME} のメール:\n> こん\n",
    "thunderbird, both": f"On 2026/11/20 10:02, {NAME} wrote:\n> Hello\n",
    "becky": f"On Fri, 20 Nov 2026 10:02:03 +0900\n{NAME} <musubi@example.jp> wrote:\n\n> こん\n",
    "without a date": f"{NAME} さんは書きました:\n> こん\n",
    "English without a date": "Misaki wrote:\n> Hello\n",
    "full-width quotes": "＞ こんにちは\n＞ 七時に\n",
    "German": "Von: Misaki <musubi@example.jp>\nGesendet: Freitag, 20. November 2026\nAn: Sho\n\nHallo",
    "French": "Le ven. 20 nov. 2026 à 10:02, Misaki <musubi@example.jp> a écrit :\n\n> Bonjour\n",
}


@pytest.mark.parametrize("end", ["", "\n-- \n高橋 翔\nsho@example.com\n"])
@pytest.mark.parametrize("name", HISTORIES)
def test_the_history_goes(name: str, end: str) -> None:
    words = "承知しました。\n\nThanks, see you at seven!"
    assert find_own_words(f"{words}\n\n{HISTORIES[name]}{end}", OURS) == words
    assert find_own_words(f"{words}\r\n\r\n{HISTORIES[name]}".replace("\n", "\r\n"), OURS) == words.replace("\r", "")


@pytest.mark.parametrize("name", HISTORIES)
def test_an_answer_without_a_word_is_empty(name: str) -> None:
    assert find_own_words(f"\n\n{HISTORIES[name]}", OURS) == ""


def test_answers_between_quoted_lines_stay() -> None:
    header = "2026年11月20日(金) 10:02 縁 <musubi@example.jp>:"
    mail = f"こんにちは。\n\n{header}\n\n> 七時でよいですか\nはい。\n> 場所は\n駅で。\n"
    assert find_own_words(mail, OURS) == "こんにちは。\n\nはい。\n駅で。"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n高橋 翔\nsho@example.com",
        "--\nSho Takahashi",
        "━━━━━━━━━━\n高橋 翔\nサンプル精機 設計2課\nTEL: 03-1234-5678\nsho@example.com\n━━━━━━━━━━",
        "-----------------\n高橋 翔\n〒100-0001 東京都\n",
        "＊＊＊＊＊＊＊＊\n高橋\nhttps://example.com/\n",
        "◆◇◆◇◆◇◆◇ 高橋 翔 090-1234-5678",
        "iPhoneから送信",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Outlook for Androidを入手",
        "Yahoo!メールアプリから送信",
        "Androidスマートフォンから送信しています".replace("Android", ""),
    ],
)
def test_signatures_go(signature: str) -> None:
    assert find_own_words(f"よろしくお願いします。\n\n{signature}\n", OURS) == "よろしくお願いします。"


@pytest.mark.parametrize(
    "words",
    [
        "案を二つ。\n-----\nA: 駅前\n-----\nB: 会社\nどちらも歩けます。",
        "On Monday I wrote:\nI want to learn.",
        "2026年11月20日(金) 10:02 の電車に乗ります。\nよろしく:",
        "From: the beginning I liked it.\nIt was good.",
        "a -> b\nc > d",
        "資料は後でメールから送信します。",
        "11/20でお願いします。\n11/21も空いています。",
        "差出人: 私です",
    ],
)
def test_what_only_looks_like_a_header_stays(words: str) -> None:
    assert find_own_words(words, OURS) == words


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_date_in_the_words_is_not_taken_for_the_header_below(between: str) -> None:
    mail = f"2026年11月20日でお願いします。{between}2026年11月20日(金) 10:02 縁 <musubi@example.jp>:\n\n> x\n"
    assert find_own_words(mail, OURS) == "2026年11月20日でお願いします。"


def test_an_address_of_ours_never_goes_on() -> None:
    assert find_own_words(f"返信先は {TOKEN.upper()} でした", OURS) == "返信先は  でした"


PIECES = st.sampled_from(
    [
        "\n",
        "> ",
        "On ",
        "Fri, 20 Nov 2026 ",
        "2026年11月20日 ",
        "wrote:",
        "<",
        ">",
        TOKEN,
        " ",
        "差出人: ",
        "-----",
        "言葉",
        ":",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_the_form_no_address_of_ours_goes_on(mail: str) -> None:
    assert TOKEN not in find_own_words(mail, OURS)


@pytest.mark.parametrize(
    "line",
    ["On " + "2026/11/20 " * 54, "11/20/26 " * 60, "-- " * 190, "-" * 590, "a@" * 290, "reply+" * 90, "tel 03 " * 11],
)
def test_time_grows_no_faster_than_the_mail(line: str) -> None:
    begin = time.process_time()
    find_own_words(f"{line}\n" * (100_000 // len(line)), OURS)
    assert time.process_time() - begin < 2.0
