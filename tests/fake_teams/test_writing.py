"""People answer a message, attach files, change, delete and restore what they wrote; the bot is told as by Teams."""

import pytest

from tests.fake_teams import Actor, FakeTeams, Sent
from tests.fake_teams.keys import Json
from tests.fake_teams.stub_bot import StubBot


@pytest.fixture
async def sato(teams: FakeTeams, bot: StubBot) -> Actor:
    """Somebody with the app."""
    person = teams.add_person("佐藤 美咲")
    await person.install()
    bot.got.clear()
    return person


async def leave(teams: FakeTeams, person: Actor, text: str) -> Sent:
    """A message of the bot's in somebody's chat."""
    return await teams.world.add(person.chat, {"type": "message", "text": text})


async def test_a_reply_that_quotes_names_the_message(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    sent = await leave(teams, sato, "七時に <駅> で")
    await sato.write("わかりました", quoting=sent)
    [got] = bot.got
    [quoted] = [entity for entity in got["entities"] if entity["type"] == "quotedReply"]
    assert quoted["quotedReply"]["messageId"] == sent.id
    assert got["text"] == f'<quoted messageId="{sent.id}"/>わかりました'
    page = got["attachments"][0]["content"]
    assert f'itemid="{sent.id}"' in page
    assert "七時に &lt;駅&gt; で" in page
    assert page.endswith("<p>わかりました</p>")


async def test_an_old_client_quotes_in_html_only(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    sent = await leave(teams, sato, "七時に")
    await sato.write("わかりました", quoting=sent, old_client=True)
    [got] = bot.got
    assert [entity["type"] for entity in got["entities"]] == ["clientInfo"]
    assert got["text"] == "Musubi\n七時に\n\nわかりました"
    assert "schema.skype.com/Reply" in got["attachments"][0]["content"]


async def test_files_and_pictures_come_as_attachments(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    await sato.write("資料です", files=[sato.attach("計画.pdf"), sato.paste()])
    [got] = bot.got
    kinds = [attachment["contentType"] for attachment in got["attachments"]]
    assert kinds == ["text/html", "application/vnd.microsoft.teams.file.download.info", "image/*"]
    assert got["attachments"][1]["name"] == "計画.pdf"
    assert "user0_sample-seiki_example" in got["attachments"][1]["contentUrl"], "such addresses name the person"


def event_of(activity: Json) -> tuple[str, str]:
    """What happened to the message."""
    return activity["type"], activity["channelData"]["eventType"]


async def test_edits_deletions_and_restorations(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    await sato.write("七時に")
    [written] = sato.written
    await sato.edit(written, "八時に")
    await sato.delete(written)
    await sato.restore(written)
    first, *later = bot.got
    assert [event_of(one) for one in later] == [
        ("messageUpdate", "editMessage"),
        ("messageDelete", "softDeleteMessage"),
        ("messageUpdate", "undeleteMessage"),
    ]
    assert {one["id"] for one in later} == {first["id"]}, "the id is the message's"
    assert [one.get("text") for one in later] == ["八時に", None, "八時に"]
    assert len({one["timestamp"] for one in later}) == 3


async def test_nobody_does_what_the_client_does_not_offer(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    ken = teams.add_person("田中 健一")
    await sato.write("七時に")
    [written] = sato.written
    with pytest.raises(AssertionError, match="wrote themselves"):
        await ken.edit(written, "八時に")
    with pytest.raises(AssertionError, match="not deleted"):
        await sato.restore(written)
    await sato.delete(written)
    for act in (sato.edit(written, "x"), sato.delete(written)):
        with pytest.raises(AssertionError, match="it is deleted"):
            await act
