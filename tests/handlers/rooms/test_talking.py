"""Talking through a room: what one writes reaches the other, in the order in which it was written, once."""

from datetime import timedelta

import pytest

from bot.incoming import MessageReceived, SharedFile
from handlers.rooms import open_room
from handlers.rooms.actions import Drop, Pick
from storage.models import Delivery, DeliveryState, Urgency
from tests.handlers.rooms.people import (
    KEY,
    TOPIC,
    add_account,
    add_member,
    bodies,
    close_account,
    deliveries,
    make_room,
    make_world,
    messages,
    open_for,
    read,
    say,
    seats,
    shown,
    thread_of,
)


async def test_each_side_gets_an_opening_message_once(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    assert shown(sho) == ["佐藤 美咲さんとの会話：電池の量産立ち上げ"]
    assert shown(misaki) == ["高橋 翔さんとの会話：電池の量産立ち上げ"]
    assert TOPIC in read(misaki.inbox[0])
    with world.store.begin() as db:
        again = open_room(db, KEY, TOPIC, (1, 2), world.clock.now(), world.policy)
    await world.settle()
    assert not again
    assert (len(sho.inbox), len(misaki.inbox)) == (1, 1)
    world.close()


async def test_what_one_writes_reaches_the_other_with_the_name(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    await say(sho, "はじめまして。", "s1")
    await say(misaki, "よろしくお願いします。", "t1")
    assert "はじめまして。" in read(misaki.inbox[-1])
    assert misaki.inbox[-1].speaker == "高橋 翔さん"
    assert "佐藤 美咲さんより" in read(sho.inbox[-1])
    assert len(sho.inbox) == len(misaki.inbox) == 2, "nobody is told that it was passed on, in the thread"
    world.close()


async def test_everything_on_a_platform_with_threads_stands_in_the_thread(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(misaki, "一", "t1")
    await say(misaki, "", "t2")
    parcels = [parcel for parcel in world.chat.sent if parcel.key.startswith("room:")]
    assert [parcel.thread.receipt is None for parcel in parcels if parcel.thread] == [True, False]
    root = sho.screen[0].id
    assert parcels[1].thread is not None
    assert parcels[1].thread.receipt is not None
    assert parcels[1].thread.receipt.message == root
    world.close()


async def test_ten_messages_each_way_keep_their_order(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    for turn in range(10):
        await say(sho, f"質問{turn}", f"s{turn}")
        await say(misaki, f"答え{turn}", f"t{turn}")
    assert [message.summary for message in misaki.inbox[1:]] == [f"高橋 翔さん：質問{turn}" for turn in range(10)]
    assert [message.summary for message in sho.inbox[1:]] == [f"佐藤 美咲さん：答え{turn}" for turn in range(10)]
    world.close()


async def test_the_same_message_again_is_passed_on_once(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    origin, thread = sho.origin("K-same", "s1"), thread_of(sho)
    for _turn in range(3):
        await world.dispatch(MessageReceived(origin, "一度だけ", thread))
    await say(sho, "一度だけ", "s1")  # the same message under another key
    assert [message.summary for message in misaki.inbox[1:]] == ["高橋 翔さん：一度だけ"]
    world.close()


async def test_an_answer_to_any_message_of_the_room_goes_there(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "質問", "s1")
    await misaki.write("答え", message="t1", thread=misaki.screen[-1].id)
    await misaki.write("追伸", message="t2", thread="t1")
    assert shown(sho)[1:] == ["佐藤 美咲さん：答え", "佐藤 美咲さん：追伸"]
    world.close()


async def test_somebody_elses_thread_is_not_mine(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    jiro = await add_member(world, "鈴木 次郎")
    await jiro.write("割り込み", message="j1", thread=thread_of(sho))
    assert (len(sho.inbox), len(misaki.inbox), messages(world)) == (1, 1, [])
    world.close()


# Outside any thread


async def test_with_one_room_a_message_goes_there_and_that_is_said_once_a_day(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await misaki.write("こんにちは", message="t1")
    assert shown(misaki)[1:] == [f"高橋 翔さんとの「{TOPIC}」の会話にお届けしました。"]
    await misaki.write("続きです", message="t2")
    assert len(misaki.inbox) == 2
    world.clock.move(timedelta(days=1, minutes=1))
    await misaki.write("翌日です", message="t3")
    assert len(misaki.inbox) == 3
    assert shown(sho)[1:] == [f"佐藤 美咲さん：{text}" for text in ("こんにちは", "続きです", "翌日です")]
    world.close()


async def test_without_a_room_or_with_a_mistyped_command_there_is_the_usual_answer(database_url: str) -> None:
    world, sho, _misaki = await make_room(database_url)
    jiro = await add_member(world, "鈴木 次郎")
    await jiro.write("こんにちは")
    await sho.write("/mentr 電池", message="s1")
    await sho.write("／mentr 電池", message="s2")
    assert messages(world) == []
    world.close()


async def test_with_several_rooms_the_writer_chooses(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    jiro = await add_member(world, "鈴木 次郎", "teams")
    await open_for(world, sho, jiro, key="consultation:2", topic="海外赴任")
    await sho.write("どちらに？", message="s1")
    assert sho.buttons()[:3] == [f"佐藤 美咲さん：{TOPIC}", "鈴木 次郎さん：海外赴任", "送らない"]
    assert (len(misaki.inbox), len(jiro.inbox)) == (1, 1)
    await sho.edit("s1", "こちらです")
    await sho.press("鈴木 次郎さん：海外赴任")
    assert shown(jiro)[1:] == ["鈴木 次郎さん：こちらです".replace("鈴木 次郎", "高橋 翔")]
    assert shown(sho)[-1] == "鈴木 次郎さんとの「海外赴任」の会話にお届けしました。"
    await sho.edit("s1", "直しました")
    assert "直しました" in read(jiro.inbox[-1]), "edits go on following"
    assert len(misaki.inbox) == 1
    world.close()


async def test_a_text_that_waits_can_be_dropped_deleted_or_lapse(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await open_for(world, sho, misaki, key="consultation:2", topic="海外赴任")
    for message in ("s1", "s2", "s3"):
        await sho.write("秘密", message=message)
    await sho.press("送らない")
    assert shown(sho)[-1] == "送りませんでした。どなたも読んでいません。"
    await sho.delete("s2")
    assert shown(sho)[-2] == "送りませんでした。どなたも読んでいません。"
    await world.pass_time(hours=1)
    assert shown(sho)[-3].startswith("1時間のうちに会話が選ばれなかった")
    assert messages(world) == []
    assert "秘密" not in bodies(misaki.screen)
    world.close()


async def test_a_choice_that_comes_too_late_or_from_somebody_else_sends_nothing(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await open_for(world, sho, misaki, key="consultation:2", topic="海外赴任")
    await sho.write("秘密", message="s1")
    for action in (Pick(1, 1), Drop(1)):
        await misaki.press_action(action)
    world.clock.move(timedelta(hours=1))
    await sho.press(f"佐藤 美咲さん：{TOPIC}")
    await sho.press_action(Pick(1, 1))
    assert messages(world) == []
    world.close()


# [Reply]


async def test_a_reply_by_form_reaches_the_other_once_and_stays_in_ones_own_chat(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    await say(sho, "質問", "s1")
    await misaki.press("返信")
    form = misaki.form
    await misaki.submit(text="フォームから")
    misaki.form = form
    await misaki.submit(text="フォームから")
    assert shown(sho)[1:] == ["佐藤 美咲さん：フォームから"]
    assert shown(misaki)[2:] == ["高橋 翔さんにお届けしました"]
    world.close()


async def test_a_reply_that_cannot_be_passed_on_stays_in_the_form(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await misaki.press("返信")
    await misaki.submit(text="  ")
    assert "文章がなかった" in misaki.errors["text"]
    await misaki.submit(text="&" * 2900)
    assert "長いため" in misaki.errors["text"]
    assert len(sho.inbox) == 1
    world.close()


# What is not passed on


async def test_too_long_empty_and_too_many_are_refused_with_a_sentence(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "長" * 10_001, "s1")
    await say(sho, " \n ", "s2")
    assert [text[:6] for text in shown(sho)[1:]] == ["長いため、佐", "文章がなかっ"]
    for number in range(24):
        await say(sho, f"{number}", f"m{number}")
    assert len(misaki.inbox) == 1 + world.policy.relay_a_minute
    assert [text[:9] for text in shown(sho)[3:]] == ["お届けできるのは1"], "said once a minute"
    world.clock.move(timedelta(minutes=1, seconds=1))
    await say(sho, "また", "m99")
    assert shown(misaki)[-1] == "高橋 翔さん：また"
    world.close()


async def test_a_long_message_arrives_whole(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    text = "長い文。" * 2_400
    await say(sho, text, "s1")
    assert read(misaki.inbox[-1]).replace("\n", "").count("長い文。") >= 2_400
    world.close()


PRIVATE = SharedFile("図面.pdf", "application/pdf", "https://seiki.slack.com/files/U1/F1/x.pdf", 3)
SHARED = SharedFile("資料", "", "https://drive.google.com/file/d/abc/view", 0)


async def test_files_go_as_links_that_the_other_can_open_or_are_refused(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "", "s1", files=[PRIVATE])
    await say(sho, "資料です", "s2", files=[PRIVATE, SHARED])
    assert [text[:17] for text in shown(sho)[1:]] == ["このファイルは佐藤 美咲さんには開"] * 2
    assert len(misaki.inbox) == 2
    assert "drive.google.com" in read(misaki.inbox[-1])
    assert "slack.com" not in bodies(misaki.screen)
    world.close()


# Accounts, platforms, hours


async def test_the_answer_goes_to_the_account_last_seen(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    at_teams = add_account(world, sho, "teams", "U-sho-teams")
    await say(misaki, "一", "t1")
    assert len(sho.inbox) == 2, "where the room was opened"
    await at_teams.write("こちらから", message="x1")
    await say(misaki, "二", "t2")
    assert len(sho.inbox) == 2
    assert shown(at_teams)[0] == "佐藤 美咲さんとの会話：電池の量産立ち上げ", "the room is opened there too"
    assert shown(at_teams)[-1] == "佐藤 美咲さん：二"
    await say(sho, "戻りました", "s1")
    await say(misaki, "三", "t3")
    assert shown(sho)[-1] == "佐藤 美咲さん：三"
    assert len([text for text in shown(sho) if text == "佐藤 美咲さんとの会話：電池の量産立ち上げ"]) == 1
    world.close()


async def test_who_has_no_chat_any_more_goes_on_by_mail(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    mail = add_account(world, misaki, "email", "misaki@example.org")
    await say(sho, "一", "s1")
    close_account(world, misaki)
    await say(sho, "二", "s2")
    assert shown(mail) == ["高橋 翔さんとの会話：電池の量産立ち上げ"] * 2
    key = world.mail.sent[-1].thread.key if world.mail.sent[-1].thread else ""
    assert 0 < len(key) <= 32
    await mail.write("メールから", message="<1@example.org>", thread=key)
    assert shown(sho)[-1] == "佐藤 美咲さん：メールから"
    await sho.edit("s2", "直しました")
    assert "高橋 翔さんが" in read(mail.inbox[-1])
    assert "直しました" in read(mail.inbox[-1])
    await sho.delete("s2")
    assert "削除しました" in read(mail.inbox[-1])
    assert len(mail.inbox) == 4, "a mail can't be changed"
    world.close()


async def test_by_mail_one_word_closes_or_reports(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url, "chat", "chat")
    mail = add_account(world, misaki, "email", "misaki@example.org")
    close_account(world, misaki)
    await say(sho, "一", "s1")
    key = world.mail.sent[-1].thread.key if world.mail.sent[-1].thread else ""
    await mail.write("［通報］", message="<1@x>", thread=key)
    assert "人事がこのメッセージだけを確かめ" in shown(mail)[-1]
    await mail.write("終える。", message="<2@x>", thread=key)
    assert "会話を終えました" in shown(mail)[-1]
    assert shown(sho)[-1].startswith("佐藤 美咲さんが")
    world.close()


async def test_nobody_is_woken_but_whoever_writes_is_awake(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    world.clock.move(timedelta(hours=13))  # 23:00
    await say(sho, "夜分に", "s1")
    await say(sho, "すみません", "s2")
    assert len(misaki.inbox) == 1
    await say(misaki, "起きています", "t1")
    assert shown(misaki)[1:] == ["高橋 翔さん：夜分に", "高橋 翔さん：すみません"]
    await say(sho, "助かります", "s3")
    assert shown(misaki)[-1] == "高橋 翔さん：助かります"
    assert {row.urgency for row in deliveries(world).values() if ":m" in row.key} == {Urgency.ANSWER}
    world.close()


async def test_with_nowhere_to_go_the_writer_is_told(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    close_account(world, misaki)
    await say(sho, "届く？", "s1")
    assert shown(sho)[-1].startswith("いま佐藤 美咲さんに連絡がつかない")
    world.close()


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNCERTAIN])
async def test_what_did_not_arrive_is_told_the_next_morning_once(sqlite_url: str, state: DeliveryState) -> None:
    world, sho, _misaki = await make_room(sqlite_url)
    await world.app.slots.prepare()
    await say(sho, "届いた？", "s1")
    await say(sho, "これは届いた", "s2")
    with world.store.begin() as db:
        lost = db.session.get_one(Delivery, deliveries(world)["room:1:m1:2"].id)
        lost.state = state
    await world.pass_time(days=3)
    assert [text for text in shown(sho) if "届いていないかもしれません" in text] == [
        "佐藤 美咲さんへのメッセージが届いていないかもしれません"
    ]
    world.close()


async def test_three_people_can_talk(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    people = [await add_member(world, name, at) for name, at in (("あ", "chat"), ("い", "teams"), ("う", "chat"))]
    await open_for(world, *people)
    assert shown(people[0]) == ["いさんとうさんとの会話：電池の量産立ち上げ"]
    await say(people[0], "みなさん", "s1")
    assert [shown(person)[-1] for person in people[1:]] == ["あさん：みなさん"] * 2
    assert len(seats(world)) == 3
    world.close()
