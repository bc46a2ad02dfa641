"""A consultation between an alumna on Slack and an employee on Teams, step by step, each with what must come of it."""

import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from icalendar import Calendar

from tests.fake_slack import Person, Shown
from tests.fake_teams import Actor
from tests.flows.relay_company import RelayCompany, count, find_sent, meet, read_slack, read_teams

OPENING = "高橋 翔さんとの会話"


def opening_of(misaki: Person) -> Shown:
    """The message that begins the thread on Slack."""
    return misaki.see(OPENING)


async def say(company: RelayCompany, misaki: Person, text: str, **more: Any) -> None:
    """Somebody on Slack writes in the thread."""
    await misaki.write(text, thread=opening_of(misaki), **more)
    await company.settle()


async def answer(company: RelayCompany, sho: Actor, text: str, **more: Any) -> None:
    """Somebody on Teams writes in the chat."""
    await sho.write(text, **more)
    await company.settle()


async def consult(company: RelayCompany) -> None:
    """Everything, from the wish to the last word and one that comes too late."""
    misaki, sho = await meet(company)
    await talk(company, misaki, sho)
    await change(company, misaki, sho)
    await find_a_time(company, misaki, sho)
    await be_reminded_and_asked(company, misaki, sho)
    await misaki.click("終える", on=opening_of(misaki))
    await company.settle()
    assert count(read_teams(sho), "佐藤 美咲さんが「電池の量産立ち上げ」の会話を終えました") == 1
    await say(company, misaki, "まだ聞こえますか")
    assert count(read_teams(sho), "まだ聞こえますか") == 0
    assert count(read_slack(misaki), "お届けしませんでした") == 1


async def talk(company: RelayCompany, misaki: Person, sho: Actor) -> None:
    """Ten messages each way, each in its place, in their order, once."""
    for number in range(10):
        await say(company, misaki, f"美咲から{number}番目です。")
        await answer(company, sho, f"翔から{number}番目です。")
    thread = opening_of(misaki).message.ts
    heard = [shown for shown in misaki.shown() if "番目です" in shown.text]
    assert [shown.text.splitlines()[-1] for shown in heard] == [f"翔から{number}番目です。" for number in range(10)]
    assert {shown.message.thread_ts for shown in heard} == {thread}
    assert all("高橋 翔さん" in shown.text for shown in heard)
    told = [text for text in read_teams(sho) if "番目です" in text]
    assert [text.splitlines()[1] for text in told] == [f"美咲から{number}番目です。" for number in range(10)]
    assert all("佐藤 美咲さん" in text for text in told)


async def change(company: RelayCompany, misaki: Person, sho: Actor) -> None:
    """An edit and a deletion each way are followed where the message stands."""
    await misaki.edit(misaki.written[-1], "美咲から9番目、改め")
    await sho.edit(sho.written[-1], "翔から9番目、改め")
    await company.settle()
    await misaki.delete(misaki.written[-2])
    await sho.delete(sho.written[-2])
    await company.settle()
    for texts, name in ((read_teams(sho), "美咲"), (read_slack(misaki), "翔")):
        assert count(texts, f"{name}から9番目、改め") == 1, texts
        assert count(texts, f"{name}から9番目です") == count(texts, f"{name}から8番目です") == 0
        assert count(texts, f"{name}から7番目です") == 1
        assert count(texts, "（書いた方が削除しました）") == 1


async def find_a_time(company: RelayCompany, misaki: Person, sho: Actor) -> None:
    """Three times are offered, one is picked, and both get the same event for their calendars."""
    dialog = await sho.open("日程を提案")
    assert (dialog.values["day1"], dialog.values["time1"]) == ("2026-11-24", "12:00"), "no Saturday, Sunday or holiday"
    await (await dialog.next()).finish(button="閉じる")
    await company.settle()
    await misaki.click("11月24日（火）12:00")
    await company.settle()
    cards = (misaki.see("お話しする日時が決まりました").blocks, find_sent(sho, "お話しする日時が決まりました").activity)
    calendars: list[Any] = [Calendar.from_ical(await download(card)) for card in cards]
    events = [calendar.walk("VEVENT")[0] for calendar in calendars]
    noon = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert [event["DTSTART"].dt for event in events] == [noon, noon]


async def download(card: Any) -> bytes:
    """The calendar file behind the link on a card."""
    [url] = {url for url in list_urls(card) if "/files/" in url}
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
        return await response.read()


def list_urls(value: Any) -> list[str]:
    """Every address in what was sent."""
    return re.findall(r"https?://[^\s\"'<>|)\\\\]+", json.dumps(value, ensure_ascii=False))


async def be_reminded_and_asked(company: RelayCompany, misaki: Person, sho: Actor) -> None:
    """A day and an hour before, and the day after."""
    await company.pass_time(days=3, hours=2.4)
    for texts in (read_slack(misaki), read_teams(sho)):
        assert (count(texts, "お話しする日時のお知らせです"), count(texts, "1時間後の")) == (1, 0)
    await company.pass_time(hours=23)
    for texts in (read_slack(misaki), read_teams(sho)):
        assert (count(texts, "お話しする日時のお知らせです"), count(texts, "1時間後の")) == (1, 1)
    await company.pass_time(days=1, hours=4)
    for texts in (read_slack(misaki), read_teams(sho)):
        assert count(texts, "話せましたか？") == 1
    pressed = await sho.press("はい")
    assert pressed.dialog is not None
    await misaki.click("はい")
    await misaki.modal.close()
    await company.settle()
