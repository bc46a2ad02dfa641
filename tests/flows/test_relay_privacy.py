"""Done when: the relay reveals no address in any header, card, log line or calendar file unless it was given.

Everything that went over the wires to one side, decoded as far as it can be, is searched for whatever identifies the
other: mail addresses, user ids, conversations, names for signing in. So are the logs, for both sides and for the words.
"""

import base64
import binascii
import io
import json
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote, unquote

import aiohttp
import pytest

from bot.logs import set_up_logs
from tests.fake_slack import Person
from tests.fake_slack.files import uploads_of
from tests.fake_teams import Actor
from tests.flows.relay_company import MISAKI, SHO, RelayCompany, find_sent, meet
from tests.flows.relay_steps import answer, list_urls, opening_of, say
from tests.flows.test_relay import leave_slack, reply_to
from tests.support.logs import forget_outputs

WORDS = ("ないしょの話です", "あらためた話です", "しずかな返事です", "手紙の返事です")


@pytest.fixture
def log() -> io.StringIO:
    """Every log line, down to debug."""
    written = io.StringIO()
    forget_outputs()
    set_up_logs("json", "debug", written)
    return written


@pytest.fixture
async def company(sqlite_url: str, log: io.StringIO) -> AsyncIterator[RelayCompany]:
    """Everything."""
    async with RelayCompany(sqlite_url) as started:
        yield started


# What identifies people


def ids_of_slack(person: Person) -> set[str]:
    """All that leads to somebody on Slack."""
    return {person.id, person.direct.id, person.user.email, MISAKI, person.slack.workspace.team} - {""}


def ids_of_teams(person: Actor) -> set[str]:
    """All that leads to somebody on Teams."""
    account = person.account
    return {account.aad_id, account.mri, account.upn, account.email, person.chat.id, account.upn.replace("@", "_"), SHO}


# What went over the wires


def read_deep(text: str) -> str:
    """The text, with whatever is encoded in it decoded beside it."""
    pieces = [text, unquote(text), text.encode().decode("unicode_escape", errors="ignore")]
    for run in re.findall(r"[A-Za-z0-9_\-+/]{16,}={0,2}", text):
        for alphabet in (base64.urlsafe_b64decode, base64.b64decode):
            try:
                pieces.append(alphabet(run + "=" * (-len(run) % 4)).decode(errors="ignore"))
            except (binascii.Error, ValueError):
                continue
    return "\n".join(pieces)


def list_for_slack(company: RelayCompany) -> list[str]:
    """Every call's arguments, every file, and every answer to a command, click or form."""
    calls = [json.dumps(call.args, ensure_ascii=False) for call in company.slack.calls]
    files = [(upload.data or b"").decode() for upload in uploads_of(company.slack.workspace).values()]
    answers = [answer.text for delivery in company.slack.deliveries.all for answer in delivery.answers]
    return [*calls, *files, *answers]


def list_for_teams(company: RelayCompany) -> list[str]:
    """Every request to the connector, and every answer to an activity."""
    calls = [json.dumps([call.path, call.body], ensure_ascii=False) for call in company.teams.service.calls]
    answers = [json.dumps(answer.body, ensure_ascii=False) for answer in company.teams.courier.answers]
    return [*calls, *answers]


def list_in_mails(mails: list[EmailMessage]) -> list[str]:
    """Every header and every part, as sent and as read."""
    headers = [f"{name}: {value}" for mail in mails for name, value in mail.items()]
    parts: list[Any] = [part for mail in mails for part in mail.walk() if not part.is_multipart()]
    return [*headers, *(str(part.get_content()) for part in parts), *(mail.as_string() for mail in mails)]


async def list_linked(texts: list[str]) -> list[str]:
    """The calendar files behind the links in what was sent."""
    urls = {url for text in texts for url in list_urls(text) if "/files/" in url}
    found: list[str] = []
    async with aiohttp.ClientSession() as session:
        for url in urls:
            async with session.get(url) as response:
                found += [await response.text(), str(dict(response.headers))]
    return found


def find_in(ids: set[str], texts: list[str]) -> set[str]:
    """Which of these stand anywhere in what was sent, in any spelling."""
    everything = "\n".join(read_deep(text) for text in texts).casefold()
    return {each for each in ids if any(form.casefold() in everything for form in (each, quote(each, safe="")))}


async def find_revealed(company: RelayCompany, misaki: Person, sho: Actor) -> tuple[set[str], set[str]]:
    """What of Sho went to Misaki's side, and what of Misaki to Sho's."""
    to_misaki = [*list_for_slack(company), *list_in_mails(company.mails_to(MISAKI))]
    to_sho = [*list_for_teams(company), *list_in_mails(company.mails_to(SHO))]
    to_misaki, to_sho = [*to_misaki, *await list_linked(to_misaki)], [*to_sho, *await list_linked(to_sho)]
    return find_in(ids_of_teams(sho), to_misaki), find_in(ids_of_slack(misaki), to_sho)


# Everything that the room and its meeting can do


async def talk_about_everything(company: RelayCompany) -> tuple[Person, Actor]:
    """Words, mentions of oneself, quotes, files, edits, deletions, both ways."""
    misaki, sho = await meet(company)
    await say(company, misaki, WORDS[0], files=[misaki.attach("計画.pdf")])
    await answer(company, sho, WORDS[2], quoting=find_sent(sho, WORDS[0]), files=[sho.attach("図.png"), sho.paste()])
    await misaki.edit(misaki.written[-1], WORDS[1])
    await sho.edit(sho.written[-1], "見てください")
    await company.settle()
    await say(company, misaki, "消します")
    await misaki.delete(misaki.written[-1])
    await sho.delete(sho.written[-1])
    await company.settle()
    return misaki, sho


async def find_a_time(company: RelayCompany, misaki: Person, sho: Actor) -> None:
    """Times offered, one picked, moved, and called off: every kind of calendar entry."""
    await (await (await sho.open("日程を提案")).next()).finish(button="閉じる")
    await company.settle()
    await misaki.click("11月24日（火）12:00")
    await company.pass_time(days=3, hours=2)
    await misaki.click("取りやめる", on=misaki.see("お話しする日時が決まりました"))
    await company.settle()


async def go_on_by_mail(company: RelayCompany, misaki: Person, sho: Actor) -> None:
    """Slack goes, and what is said goes by mail, with all that a mail program adds."""
    await leave_slack(company, misaki)
    await answer(company, sho, "聞こえますか")
    mail = company.mails_to(MISAKI)[-1]
    assert await company.mail(reply_to(mail, WORDS[3])) == 200
    assert await company.mail(reply_to(mail, "他のアドレスから", sender="misaki@work.example")) == 200
    await company.settle()
    await sho.edit(sho.written[-1], "聞こえましたか")
    await company.settle()


async def test_neither_learns_how_to_reach_the_other(company: RelayCompany) -> None:
    misaki, sho = await talk_about_everything(company)
    await find_a_time(company, misaki, sho)
    await go_on_by_mail(company, misaki, sho)
    assert await find_revealed(company, misaki, sho) == (set(), set())
    assert any(WORDS[3] in text for text in list_for_teams(company)), "the search sees what was passed on"
    assert any("BEGIN:VCALENDAR" in text for text in await list_linked(list_for_teams(company)))


async def test_the_search_finds_what_there_is(company: RelayCompany) -> None:
    """A test of the test: each side's own identifiers are found on its own side, whatever they are encoded in."""
    misaki, sho = await talk_about_everything(company)
    assert {misaki.id, misaki.direct.id} <= find_in(ids_of_slack(misaki), list_for_slack(company))
    assert {sho.chat.id} <= find_in(ids_of_teams(sho), list_for_teams(company))
    hidden = base64.urlsafe_b64encode(f"to {SHO} now".encode()).decode()
    for text in (SHO.upper(), quote(SHO, safe=""), hidden, json.dumps({"a": SHO})):
        assert find_in({SHO}, [f"https://example.com/{text}/x"]) == {SHO}


async def test_logs_name_nobody_and_quote_nobody(company: RelayCompany, log: io.StringIO) -> None:
    misaki, sho = await talk_about_everything(company)
    await find_a_time(company, misaki, sho)
    await go_on_by_mail(company, misaki, sho)
    lines = log.getvalue()
    assert lines.count("delivery.settled") > 20, "the log was heard"
    assert "mail.taken" in lines
    said = {*WORDS, "計画.pdf", "図.png", "消します", "聞こえますか", "電池の量産", misaki.name, sho.account.name}
    addresses = {MISAKI, SHO, "misaki@work.example", sho.account.upn, "reply+"}
    assert find_in(said | addresses, [lines]) == set()
    assert find_in({sho.aad_id, sho.account.mri, sho.chat.id, misaki.direct.id}, [lines]) == set()


async def test_who_gives_an_address_gives_their_own_and_to_the_other_alone(company: RelayCompany) -> None:
    misaki, sho = await talk_about_everything(company)
    dialog = await sho.open("連絡先を伝える")
    await dialog.submit()
    await company.settle()
    of_sho, of_misaki = await find_revealed(company, misaki, sho)
    assert of_sho == {SHO}, "what was given, and nothing else"
    assert of_misaki == set()


async def test_a_mention_of_oneself_is_a_name(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    message = await misaki.write("x", thread=opening_of(misaki))
    assert message is not None
    await company.settle()
    event = json.loads(json.dumps(message.payload))
    event["event"] |= {"text": f"<@{misaki.id}> です", "ts": "1795136999.000100"}
    event["event_id"] = "Ev0MENTION"
    await company.slack.send("events_api", event)
    await company.settle()
    assert find_sent(sho, "です").text.count("@佐藤 美咲 です") == 1
    assert (await find_revealed(company, misaki, sho))[1] == set()
