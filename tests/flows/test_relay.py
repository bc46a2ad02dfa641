"""Flow 3.5: two people on different platforms talk through Musubi, from the wish to the last word, or by mail.

The same with Musubi stopped and started anew after everything that somebody does and after everything that it sends:
nothing is lost, nothing comes twice.
"""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest

from tests.fake_slack import Person
from tests.fake_teams import Actor
from tests.flows.relay_company import (
    MISAKI,
    RelayCompany,
    count,
    find_sent,
    meet,
    read_mail,
    read_slack,
    read_teams,
)
from tests.flows.relay_makers import BOT_ADDRESS
from tests.flows.relay_steps import answer, consult, list_urls, opening_of, say


@pytest.fixture(params=[False, True], ids=["in one go", "restarted at every step"])
async def company(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[RelayCompany]:
    """Everything; at the end nothing may have gone wrong on the way."""
    async with RelayCompany(sqlite_url, restarting=request.param) as started:
        yield started
        started.check_nothing_went_wrong()
        assert not request.param or started.starts > 20


@pytest.fixture
async def steady(database_url: str) -> AsyncIterator[RelayCompany]:
    """The same without restarts, on both databases."""
    async with RelayCompany(database_url) as started:
        yield started


# Slack and Teams


async def test_a_consultation_from_the_wish_to_the_last_word(company: RelayCompany) -> None:
    await consult(company)


# What else is passed on, or not


async def test_files_are_refused_with_a_sentence_and_their_words_passed_on(steady: RelayCompany) -> None:
    misaki, sho = await meet(steady)
    await say(steady, misaki, "資料です", files=[misaki.attach("計画.pdf")])
    await answer(steady, sho, "図です", files=[sho.attach("図.png"), sho.paste()])
    assert count(read_teams(sho), "資料です") == count(read_slack(misaki), "図です") == 1
    assert count(read_slack(misaki), "お届けできません") + count(read_slack(misaki), "開けない") >= 1
    assert count(read_teams(sho), "お届けできません") + count(read_teams(sho), "開けない") >= 1
    outside: dict[str, Any] = {"is_external": True, "url_private": "https://docs.google.com/document/d/1"}
    await say(steady, misaki, "こちらなら", files=[misaki.attach("表", **outside)])
    assert outside["url_private"] in list_urls(find_sent(sho, "こちらなら").activity)
    await say(steady, misaki, "見本は http://example.com/a にあります")
    assert "http://example.com/a" in list_urls(find_sent(sho, "見本は").activity)
    steady.check_nothing_went_wrong()


HOSTILE = "<!channel> <at>everyone</at> [押して](https://evil.example) <b>太字</b> @here *強く*"


async def test_what_would_harm_is_only_words(steady: RelayCompany) -> None:
    misaki, sho = await meet(steady)
    await say(steady, misaki, HOSTILE)
    await answer(steady, sho, "&lt;!channel&gt; &lt;@U012345&gt; *強く*")
    activity = find_sent(sho, "太字").activity
    assert activity["attachments"][0]["content"].get("msteams", {}).get("entities", []) == []
    assert count(read_slack(misaki), "<!channel> <@U012345> *強く*") == 1, "as it was written"
    raw = str([block for block in misaki.see("強く").blocks if "mrkdwn" in str(block)])
    assert "<!channel>" not in raw
    assert "<@U012345>" not in raw
    steady.check_nothing_went_wrong()


async def test_a_quoted_message_says_which_room_is_meant(steady: RelayCompany) -> None:
    misaki, sho = await meet(steady)
    await say(steady, misaki, "何時がよいですか")
    await answer(steady, sho, "七時で", quoting=find_sent(sho, "何時がよいですか"), old_client=True)
    assert count(read_slack(misaki), "七時で") == 1
    assert count(read_slack(misaki), "何時がよいですか") == 0, "what is quoted is not passed on"
    steady.check_nothing_went_wrong()


async def test_events_that_come_again_and_again_have_one_effect(steady: RelayCompany) -> None:
    misaki, sho = await meet(steady)
    written = await misaki.write("こんにちは", thread=opening_of(misaki))
    edited = await misaki.edit(misaki.written[-1], "こんばんは")
    spoken = await sho.write("はじめまして")
    for _again in range(3):
        for delivery in (written, edited):
            assert delivery is not None
            await steady.slack.send_again(delivery)
        await steady.teams.send_again(spoken)
    await steady.settle()
    assert (count(read_teams(sho), "こんばんは"), count(read_slack(misaki), "はじめまして")) == (1, 1)
    steady.check_nothing_went_wrong()


# Slack goes, mail stays


async def leave_slack(company: RelayCompany, misaki: Person) -> None:
    """Her guest account is closed; the private address is what is left."""
    await misaki.be_deactivated()
    await company.settle()


def reply_to(mail: EmailMessage, text: str, sender: str = MISAKI, **headers: str) -> EmailMessage:
    """An answer as a mail program makes it, with what it answers below."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"佐藤 <{sender}>", mail["Reply-To"], f"Re: {mail['Subject']}"
    made["Message-ID"] = headers.pop("id", f"<{abs(hash(text))}@mail.example>")
    made["In-Reply-To"] = mail["Message-ID"]
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in read_mail(mail).splitlines())
    header = f"2026年11月20日(金) 10:02 {mail['From']}:"
    made.set_content(f"{text}\n\n-- \n佐藤 美咲\n{sender}\n\n{header}\n\n{quoted}\n", charset="iso-2022-jp")
    return made


async def test_who_has_mail_only_talks_by_mail(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    await say(company, misaki, "まもなくSlackを離れます")
    await leave_slack(company, misaki)
    for number in range(10):
        await answer(company, sho, f"翔から{number}番目です。")
        assert await company.mail(reply_to(company.mails_to(MISAKI)[-1], f"美咲から{number}番目です。")) == 200
        await company.settle()
    opening, *mails = company.mails_to(MISAKI)
    assert len(mails) == 10
    assert {str(mail["In-Reply-To"]) for mail in mails} == {str(opening["Message-ID"])}
    assert {address.display_name for mail in mails for address in mail["From"].addresses} == {"高橋 翔さん（縁）"}
    told = [text for text in read_teams(sho) if "美咲から" in text]
    assert [text.splitlines()[1] for text in told] == [f"美咲から{number}番目です。" for number in range(10)]
    await _change_by_mail(company, sho)
    assert await company.mail(reply_to(opening, "終える")) == 200
    await company.settle()
    assert count(read_teams(sho), "佐藤 美咲さんが「電池の量産立ち上げ」の会話を終えました") == 1


async def _change_by_mail(company: RelayCompany, sho: Actor) -> None:
    """A mail can't be changed: another one says what has become of it."""
    before = len(company.mails_to(MISAKI))
    await sho.edit(sho.written[-1], "翔から9番目、改め")
    await company.settle()
    await sho.delete(sho.written[-2])
    await company.settle()
    corrected, deleted = map(read_mail, company.mails_to(MISAKI)[before:])
    assert "翔から9番目、改め" in corrected
    assert "翔から" not in deleted


async def test_mails_that_must_not_get_through(steady: RelayCompany) -> None:
    misaki, sho = await meet(steady)
    await leave_slack(steady, misaki)
    await answer(steady, sho, "聞こえますか")
    mail, before = steady.mails_to(MISAKI)[-1], read_teams(sho)
    for made in (
        reply_to(mail, "不在です", Auto_Submitted="auto-replied"),
        reply_to(mail, "一覧", List_Id="<x.example>"),
        reply_to(mail, "他人です", sender="evil@mail.example"),
        _readdress(reply_to(mail, "当てずっぽう"), "reply+room.1.1.1-aaaaaaaaaaaaaaaaaaaaaa@musubi.example.jp"),
        _readdress(reply_to(mail, "人へ"), BOT_ADDRESS),
    ):
        assert await steady.mail(made) == 200
    await steady.settle()
    assert read_teams(sho) == before
    assert len(steady.mails_to(MISAKI)) == 2, "the opening and the message; no answer to any of these"
    assert await steady.mail(reply_to(mail, "はい、聞こえます", id="<same@mail.example>")) == 200
    assert await steady.mail(reply_to(mail, "はい、聞こえます", id="<same@mail.example>")) == 200
    await steady.settle()
    assert count(read_teams(sho), "はい、聞こえます") == 1


def _readdress(mail: EmailMessage, to: str) -> EmailMessage:
    mail.replace_header("To", to)
    return mail


async def test_an_answer_after_the_end_gets_one_kind_mail(steady: RelayCompany) -> None:
    misaki, sho = await meet(steady)
    await leave_slack(steady, misaki)
    await answer(steady, sho, "では")
    mail = steady.mails_to(MISAKI)[-1]
    opening = find_sent(sho, "佐藤 美咲さんとの会話")
    await sho.press("終える", on=opening)  # asks first
    await sho.press("終える", on=opening)
    await steady.settle()
    before = len(steady.mails_to(MISAKI))
    await steady.mail(reply_to(mail, "もう一つだけ"))
    await steady.settle()
    assert count(read_teams(sho), "もう一つだけ") == 0
    [told] = steady.mails_to(MISAKI)[before:]
    assert "お届けしませんでした" in read_mail(told)
