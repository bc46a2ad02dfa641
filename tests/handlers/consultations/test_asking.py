"""The asker: the form, asking one, another topic, calling it off, leaving it alone."""

import pytest

from bot.i18n import use_locale
from bot.replies import OpenForm, Private, ReplaceMessage
from bot.ui import Select, TextInput
from handlers.consultations.actions import CallOff
from storage.models import ConsultationState, RequestState, Status
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    ask_first,
    change,
    chips_in,
    consultation,
    make_world,
    names_in,
    read,
    requests,
    timers,
    wait,
)

# The form


async def test_the_form_opens_with_what_was_typed(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    assert isinstance(await sho.command(f"/mentor {TOPIC}"), OpenForm)
    assert sho.form is not None
    presets = {item.name: item.value for item in sho.form.fields if isinstance(item, TextInput | Select)}
    assert presets == {"topic": TOPIC, "aim": "", "language": "ja", "timing": "month"}
    world.close()


async def test_a_japanese_word_opens_it_too(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await sho.write(f"相談　{TOPIC}")
    await sho.press("開く")
    assert sho.form is not None
    assert sho.form.fields[0] == TextInput(
        "topic",
        "話題",
        TOPIC,
        "ご自分の言葉でどうぞ。近い話題を挙げている方を探します。",
        "電池の量産立ち上げ",
        max_length=80,
    )
    world.close()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"topic": "　"}, "topic"),
        ({"topic": "？！…"}, "topic"),
        ({"topic": "電" * 81}, "topic"),
        ({"aim": " \n "}, "aim"),
        ({"aim": "あ" * 301}, "aim"),
        ({"language": "fr"}, "language"),
        ({"timing": "yesterday"}, "timing"),
    ],
)
async def test_what_can_not_be_taken_is_said_beside_its_field(
    sqlite_url: str, values: dict[str, str], field: str
) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await sho.command(f"/mentor {TOPIC}")
    await sho.submit(**({"aim": AIM} | values))
    assert list(sho.errors) == [field]
    assert sho.form is not None, "the form stays, with what was entered"
    kept = {item.name: item.value for item in sho.form.fields if isinstance(item, TextInput | Select)}
    assert kept["aim"] == values.get("aim", AIM).strip()[:300]
    assert timers(world) == {}
    world.close()


async def test_an_aim_of_exactly_three_hundred_characters_fits(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await sho.command("/mentor 電池")
    await sho.submit(aim="あ" * 300)
    assert sho.errors == {}
    assert consultation(world).aim == "あ" * 300
    world.close()


async def test_the_same_form_sent_twice_is_one_consultation(database_url: str) -> None:
    world = make_world(database_url)
    sho, _ = await add_asker(world), await add_mentor(world)
    await sho.command(f"/mentor {TOPIC}")
    form = sho.form
    await sho.submit(aim=AIM)
    first = sho.answer
    sho.form = form
    await sho.submit(aim=AIM)
    assert sho.answer == first
    assert len(sho.inbox) == 1
    assert consultation(world).id == 1
    world.close()


async def test_three_may_be_open_at_once(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await sho.command("/mentor 四つ目")
    fourth = sho.form
    for topic in ("電池", "海外赴任", "育児"):
        await ask(sho, topic)
    assert isinstance(await sho.command("/mentor 法務"), Private)
    assert "3件" in read(sho.answer or sho.inbox[-1])
    sho.form = fourth
    await sho.submit(aim=AIM)
    assert consultation(world).topic == "育児", "a form that was opened before doesn't get past it either"
    await sho.press_action(CallOff(1))
    assert isinstance(await sho.command("/mentor 法務"), OpenForm)
    world.close()


# Asking


async def test_one_is_asked_and_the_asker_told_until_when(database_url: str) -> None:
    world = make_world(database_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho)
    sho.answer = None
    assert isinstance(await sho.press("依頼する"), ReplaceMessage)
    assert len(sho.inbox) == 1, "the card itself changes"
    assert sho.inbox[-1].summary == f"「{TOPIC}」について、佐藤 美咲さんに依頼しました。"
    assert sho.buttons() == ["取りやめる"]
    card = read(misaki.inbox[-1])
    assert "設計2課" in card
    assert TOPIC in card
    assert AIM in card
    assert misaki.buttons() == ["引き受ける", "今回は難しい", "別の人を紹介"]
    (request,) = requests(world)
    assert request.reply_by - request.asked_at == world.policy.request_expires
    world.close()


async def test_you_choose_asks_the_best_without_a_name(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, "佐藤 美咲")
    kenichi = await add_mentor(world, "田中 健一", (TOPIC,))
    await ask(sho)
    sho.answer = None
    await sho.press("おまかせ")
    assert (len(kenichi.inbox), len(misaki.inbox)) == (1, 0)
    assert "田中" not in read(sho.inbox[-1])
    world.close()


async def test_a_choice_that_is_gone_leads_to_the_others(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, "佐藤 美咲")
    kenichi = await add_mentor(world, "田中 健一", (TOPIC,))
    await ask(sho)
    change(world, kenichi, status=Status.PAUSED)
    await world.settle()
    sho.answer = None
    await sho.press("依頼する")
    assert "いまお願いできなくなりました" in read(sho.inbox[-1])
    assert names_in(sho) == ["佐藤 美咲"]
    assert (misaki.inbox, kenichi.inbox) == ([], [])
    change(world, misaki, capacity=0)
    await sho.press("依頼する")
    assert consultation(world).state == ConsultationState.SEARCHING
    assert "お選びの方には、いまお願いできなくなりました" in sho.inbox[-1].summary
    world.close()


async def test_another_topic_looks_anew(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world)
    await ask(sho, "ブラジルでの工場立ち上げ")
    assert "ブラジルでの工場立ち上げ" in sho.inbox[-1].summary
    sho.answer = None
    await sho.press("話題を変える")
    assert sho.form is not None
    await sho.submit(topic="電池")
    assert len(sho.inbox) == 1
    assert names_in(sho) == ["佐藤 美咲"]
    saved = consultation(world)
    assert (saved.topic, saved.aim, saved.looks) == ("電池", AIM, 0)
    world.close()


async def test_another_topic_must_be_one(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await ask(sho)
    sho.answer = None
    await sho.press("話題を変える")
    await sho.submit(topic="")
    assert list(sho.errors) == ["topic"]
    assert consultation(world).topic == TOPIC
    world.close()


async def test_the_topic_can_not_change_while_somebody_is_asked(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho)
    sho.answer = None
    await sho.press("話題を変える")
    form = sho.form
    await sho.press("依頼する")
    sho.form = form
    assert isinstance(await sho.submit(topic="海外赴任"), ReplaceMessage)
    assert consultation(world).topic == TOPIC
    assert TOPIC in read(misaki.inbox[-1])
    world.close()


# Calling off, and leaving it alone


async def test_calling_off_tells_both_and_can_be_begun_anew(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await sho.press("取りやめる")
    assert "取りやめました" in sho.inbox[-1].summary
    assert misaki.inbox[-1].summary == "この依頼は取り下げになりました。ご返事は必要ありません。"
    assert misaki.buttons() == []
    assert AIM not in read(misaki.inbox[-1]), "what was written for one talk is not kept on the screen"
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN]
    assert timers(world) == {}
    await sho.press("もう一度相談する")
    await sho.submit()
    assert consultation(world).id == 2
    assert names_in(sho) == ["佐藤 美咲"], "who was not given the time to answer may be asked again"
    world.close()


async def test_a_request_that_has_not_gone_out_is_not_sent_any_more(sqlite_url: str) -> None:
    """Asked at night and called off before the morning: nobody is disturbed."""
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    world.clock.at = world.clock.at.replace(hour=13)
    await ask_first(sho)
    assert misaki.inbox == []
    await sho.press("取りやめる")
    await wait(world, hours=12)
    assert misaki.inbox == []
    world.close()


async def test_proposals_left_alone_are_nudged_once_and_put_away(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, _ = await add_asker(world), await add_mentor(world)
    await ask(sho)
    await wait(world, days=3)
    assert "まだお選びいただけます" in sho.inbox[-1].summary
    sho.answer = None
    assert sho.buttons().count("依頼する") == 1, "the first card has none any more"
    await wait(world, days=4)
    assert len(sho.inbox) == 2
    await wait(world, days=3)
    assert "いったん閉じました" in sho.inbox[-1].summary
    assert sho.buttons() == ["もう一度相談する"]
    assert timers(world) == {}
    world.close()


async def test_in_english_it_is_english(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    emily = await add_asker(world, "Emily Carter", locale="en-GB", language="en", languages=["en"])
    await add_mentor(world, topics=("battery development",), languages=["en", "ja"])
    await emily.command("/mentor EV battery")
    await emily.submit(aim="How to begin")
    with use_locale("en"):
        assert emily.inbox[-1].summary == "We found 1 person for “EV battery”."
    assert chips_in(emily) == [("Related topic: battery development", "Speaks English")]
    world.close()


async def test_people_of_all_kinds_of_names(sqlite_url: str) -> None:
    """Names and topics that look like markup or holes are words like any others."""
    world = make_world(sqlite_url)
    sho = await add_asker(world, "{name} <!channel>")
    misaki = await add_mentor(world, "**佐藤** {topic}", ("{0} 電池",), department="{department}")
    await ask_first(sho, "{0} 電池")
    await misaki.press("引き受ける")
    assert "{name} <!channel>さん" in misaki.inbox[0].summary
    assert "**佐藤** {topic}さんが引き受けてくれました" in "".join(message.summary for message in sho.inbox)
    world.close()
