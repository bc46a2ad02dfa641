"""The relayed room when platforms fail and Musubi dies at bad moments: each message once, in order; or it is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fake_slack import Person
from tests.flows.relay_company import MISAKI, RelayCompany, count, find_sent, meet, read_slack, read_teams
from tests.flows.relay_steps import answer, opening_of, say
from tests.flows.test_relay import leave_slack, reply_to


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[RelayCompany]:
    """Everything, with platforms that may fail."""
    async with RelayCompany(database_url) as started:
        yield started


def heard(person: Person) -> list[str]:
    """What the other has said, as it stands in the thread."""
    return [shown.text.splitlines()[-1] for shown in person.shown() if "番目" in shown.text]


async def test_lost_answers_double_nothing_in_a_thread(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    company.slack.faults.drop(2, method="chat.postMessage")
    for number in range(3):
        await answer(company, sho, f"{number}番目")
    await company.restart()
    await company.pass_time(hours=3)
    assert heard(misaki) == ["0番目", "1番目", "2番目"]
    assert {shown.message.thread_ts for shown in misaki.shown() if "番目" in shown.text} == {
        opening_of(misaki).message.ts
    }
    assert set(company.slack.count_by_key().values()) == {1}


@pytest.mark.parametrize("arrived", [True, False])
async def test_killed_in_the_middle_of_a_send(company: RelayCompany, *, arrived: bool) -> None:
    """What the database holds then is what a kill -9 leaves: a send that was begun and not settled."""
    misaki, sho = await meet(company)
    company.slack.faults.hang(3600, method="chat.postMessage", accepts=arrived)
    await sho.write("0番目")
    await _kill_while_sending(company)
    company.slack.faults.clear()
    await company.pass_time(hours=1)
    assert heard(misaki) == ["0番目"]
    assert set(company.slack.count_by_key().values()) == {1}


async def _kill_while_sending(company: RelayCompany) -> None:
    assert company.app is not None
    sending = asyncio.create_task(company.app.ticker.settle())
    while not company.slack.faults.taken:  # noqa: ASYNC110 - the fake tells nobody
        await asyncio.sleep(0.01)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await company.restart()


async def test_throttles_keep_the_order(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    company.slack.faults.throttle(2, retry_after=20, method="chat.postMessage")
    for number in range(4):
        await answer(company, sho, f"{number}番目")
    company.teams.throttle(20, times=2)
    for number in range(4):
        await say(company, misaki, f"美咲の{number}番目")
    await company.pass_time(hours=1)
    assert heard(misaki) == [f"{number}番目" for number in range(4)]
    told = [text.splitlines()[1] for text in read_teams(sho) if "美咲の" in text]
    assert told == [f"美咲の{number}番目" for number in range(4)]


async def test_where_teams_does_not_say_the_writer_is_told(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    company.teams.drop_answer("/activities")
    await say(company, misaki, "聞こえましたか")
    await company.pass_time(days=1)
    assert count(read_teams(sho), "聞こえましたか") == 1, "it had arrived, and is not sent again blindly"
    assert count(read_slack(misaki), "高橋 翔さんに届いたか、確かめられませんでした") == 1


async def test_what_a_broken_musubi_did_not_take_comes_again_and_has_one_effect(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    company.teams.strict = False
    await company.stop()
    written = await misaki.write("寝ている間に", thread=opening_of(misaki))
    spoken = await sho.write("こちらも")
    assert written is not None
    assert (written.accepted, spoken.ok) == (False, False)
    await company.restart()
    await company.slack.redeliver_due(hurry=True)
    await company.teams.pass_time(20)
    await company.slack.send_again(written, times=2)
    await company.settle()
    assert (count(read_teams(sho), "寝ている間に"), count(read_slack(misaki), "こちらも")) == (1, 1)


async def test_a_mail_server_that_does_not_say_doubles_nothing(company: RelayCompany) -> None:
    misaki, sho = await meet(company)
    await leave_slack(company, misaki)
    await answer(company, sho, "一通目")
    company.office.drop_after_data = True
    await answer(company, sho, "二通目")
    company.office.drop_after_data = False
    await company.pass_time(hours=3)
    bodies = [str(mail.get_body(("plain",))) for mail in company.mails_to(MISAKI)]
    assert len(bodies) == len({str(mail["Message-ID"]) for mail in company.mails_to(MISAKI)}) == 3
    assert await company.mail(reply_to(company.mails_to(MISAKI)[-1], "届いています")) == 200
    await company.settle()
    assert count(read_teams(sho), "届いています") == 1
    assert find_sent(sho, "届いています")
