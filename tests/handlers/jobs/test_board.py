"""The list of open jobs: who sees it, what comes first and why, and what is not for me."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handlers.jobs.actions import Details, Hide, TurnPage, Unhide
from storage.models import JobHidden, JobState, Purpose
from storage.queries.consents import find_consents
from tests.handlers.jobs.people import add_job, agree, change, hr, job, make_world, seeker, wait
from tests.support.golden import as_text
from tests.support.people import alumnus
from tests.support.rows import list_rows
from tests.support.world import Actor, World, list_buttons, text_of

ADVISOR = {
    "title_ja": "寒冷地試験の顧問",
    "text_ja": "月に二日ほど。",
    "title_en": "",
    "text_en": "",
    "kind": "advisor",
    "place": "札幌",
}
KITCHEN = ADVISOR | {"title_ja": "社員食堂の献立", "text_ja": "献立を考えます。", "kind": "side_job", "place": "神戸"}


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def titles(actor: Actor) -> list[str]:
    """The jobs in the order in which they stand."""
    assert actor.answer is not None
    lines = as_text(actor.answer).splitlines()
    return [
        lines[number].strip("*")
        for number, line in enumerate(lines[:-1])
        if line.startswith("**") and "まで" in lines[number + 1]
    ]


async def test_without_the_consent_there_is_nothing_but_the_question(world: World) -> None:
    add_job(world)
    misaki = await alumnus(world)
    await misaki.command("/jobs")
    assert "電池パック" not in text_of(misaki.answer or misaki.inbox[-1])
    await misaki.press("同意して見る")
    with world.store.begin() as db:
        assert Purpose.JOBS in find_consents(db, misaki.member().id or 0)
    await misaki.command("/jobs")
    assert titles(misaki) == ["電池パックの量産立ち上げ"]


async def test_what_fits_comes_first_with_reasons_that_are_true(world: World) -> None:
    add_job(world)
    add_job(world, **ADVISOR)
    add_job(world, **KITCHEN)
    misaki = await seeker(world, city="札幌", more_topics="電池開発")
    await misaki.command("/jobs")
    assert titles(misaki) == ["電池パックの量産立ち上げ", "寒冷地試験の顧問", "社員食堂の献立"]
    text = as_text(misaki.answer) if misaki.answer else ""
    assert "(あなたの話題：電池開発)" in text
    assert "(お近く：札幌)" in text
    assert text.count("あなたの話題") == text.count("お近く") == 1
    await misaki.press("希望を伝える")
    await misaki.submit(kinds=("side_job",), place="神戸市")
    await misaki.command("/jobs")
    assert titles(misaki)[0] == "社員食堂の献立"
    text = as_text(misaki.answer) if misaki.answer else ""
    assert "(希望の働き方：副業)" in text
    assert "お近く：札幌" not in text  # the wish counts in the place of the city


async def test_with_nothing_told_nothing_is_claimed(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    await misaki.command("/jobs")
    assert "(" not in as_text(misaki.answer).replace("（", "") if misaki.answer else False


async def test_the_word_is_understood_in_both_languages(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    for word in ("求人", "jobs", "/jobs"):
        before = len(misaki.inbox)
        await misaki.write(word)
        assert [message.summary for message in misaki.inbox[before:]] == ["求人"]


async def test_english_readers_are_told_what_is_in_japanese_only(world: World) -> None:
    add_job(world, **ADVISOR)
    emily = await seeker(world, "Emily Carter", "00777", locale="en-US")
    await emily.command("/jobs")
    await emily.press("Details")
    assert emily.answer is not None
    text = as_text(emily.answer)
    assert "寒冷地試験の顧問" in text
    assert "This job is described in Japanese." in text
    assert "Advisor" in text


async def test_pages_keep_their_order_and_take_any_number(world: World) -> None:
    for number in range(7):
        add_job(world, **KITCHEN | {"title_ja": f"献立{number}"})
    misaki = await seeker(world)
    await misaki.command("/jobs")
    assert titles(misaki) == ["献立6", "献立5", "献立4"]
    await misaki.press("次へ")
    assert titles(misaki) == ["献立3", "献立2", "献立1"]
    for page, first in ((2, "献立0"), (99, "献立0"), (-5, "献立6"), (2**62, "献立0")):
        await misaki.press_action(TurnPage(page))
        assert titles(misaki)[0] == first


async def test_not_for_me_hides_it_from_me_only_until_i_want_it_back(world: World) -> None:
    add_job(world)
    add_job(world, **ADVISOR)
    misaki = await seeker(world)
    other = await seeker(world, "別の 人", "00999")
    await misaki.command("/jobs")
    await misaki.press("興味なし")
    assert titles(misaki) == ["電池パックの量産立ち上げ"]
    await misaki.press_action(Hide(2, -1))  # once more, elsewhere
    assert len(list_rows(world.store, JobHidden)) == 1
    await misaki.press("また表示する")
    await misaki.command("/jobs")
    assert len(titles(misaki)) == 2
    await misaki.press_action(Hide(1, -1))
    await other.command("/jobs")
    assert len(titles(other)) == 2


async def test_a_closed_job_is_gone_and_old_buttons_say_so(world: World) -> None:
    id = add_job(world)
    misaki = await seeker(world)
    await misaki.command("/jobs")
    assert misaki.answer is not None
    shown = {button.label: button.action for button in list_buttons(misaki.answer)}
    await wait(world, days=31)
    assert job(world).state == JobState.CLOSED
    for label in ("詳しく", "カジュアルに話す", "知人を紹介"):
        await misaki.press_action(shown[label])
        assert "終了しました" in text_of(misaki.answer or misaki.inbox[-1])
    await misaki.command("/jobs")
    assert titles(misaki) == []
    await misaki.press_action(Unhide(id))
    assert "終了しました" in text_of(misaki.answer or misaki.inbox[-1])


@pytest.mark.parametrize("number", [0, 99, -1, 2**62])
async def test_a_forged_job_tells_nothing(world: World, number: int) -> None:
    misaki = await seeker(world)
    for action in (Details(number), Hide(number, 0), Unhide(number)):
        await misaki.press_action(action)
        assert "使えなくなりました" in text_of(misaki.answer or misaki.inbox[-1])
    assert list_rows(world.store, JobHidden) == []


async def test_the_home_page_names_jobs_to_those_who_agreed_only(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    await misaki.open_home()
    assert "募集中の求人が1件あります" in text_of(misaki.home or misaki.inbox[-1])
    agree(world, misaki, yes=False)
    await misaki.open_home()
    assert "募集中の求人" not in text_of(misaki.home or misaki.inbox[-1])


async def test_somebody_on_leave_sees_no_jobs(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    change(world, misaki, status="paused")
    await misaki.command("/jobs")
    assert "電池パック" not in text_of(misaki.answer or misaki.inbox[-1])


async def test_hr_alone_has_the_way_to_hrs_page(world: World) -> None:
    add_job(world)
    yuka, misaki = await hr(world), await seeker(world)
    agree(world, yuka)
    await yuka.command("/jobs")
    await misaki.command("/jobs")
    assert "人事の画面" in yuka.buttons()
    assert "人事の画面" not in misaki.buttons()
