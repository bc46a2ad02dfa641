"""Adding and correcting leavers, inviting again, handing codes over, unlocking."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.failures import FailureKind, SendFailed
from bot.incoming import AccountKind, MessageReceived
from bot.replies import FormErrors, Private, ReplaceMessage
from handlers.hr.actions import AskCorrect, SendAgain, ShowCode, ShowList
from storage.models import RosterEntry
from storage.queries.roster import current_code, find_by_number
from tests.handlers.hr.scene import acts, applicant, hr, newest, shown, world
from tests.support.people import SECRET, add_leaver, find_entry
from tests.support.world import Actor, World, list_buttons, text_of

__all__ = ["world"]

MISAKI = {"employee_number": "00123", "name": "佐藤 美咲", "left_on": "2026-11-30", "email": "misaki@mail.example"}


async def add(yuka: Actor, **values: str) -> None:
    await yuka.command("/hr")
    await yuka.press("退職者を追加")
    await yuka.submit(**(MISAKI | values))


async def jump(world: World, **delta: float) -> None:
    world.clock.move(timedelta(**delta))
    await world.settle()


def letters(world: World, address: str = "misaki@mail.example") -> int:
    return len(world.mail.direct.get(address, []))


def code_of(world: World, number: str = "00123") -> str:
    code = current_code(find_entry(world, number), SECRET)
    assert code is not None
    return code


async def test_a_leaver_is_added_and_invited_on_the_last_day(world: World) -> None:
    yuka = await hr(world)
    await add(yuka, kana="さとう みさき", department="設計2課", joined_on="2010-04-01", language="ja")
    assert "佐藤 美咲さんを名簿に追加しました" in shown(yuka)
    entry = find_entry(world)
    assert (entry.kana, entry.department, entry.language) == ("サトウ ミサキ", "設計2課", "ja")
    await jump(world, days=9)
    assert letters(world) == 0
    await jump(world, days=1)
    assert letters(world) == 1
    assert [(act.act, act.subject, act.actor_id) for act in acts(world)] == [
        ("roster.add", f"entry:{entry.id}", yuka.member().id)
    ]


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_added(world: World) -> None:
    yuka = await hr(world)
    await add(yuka, name="=1+1", email="misaki", left_on="2001-01-01", joined_on="2010-04-01")
    assert set(yuka.errors) == {"name", "email", "left_on"}
    assert "数式" in yuka.errors["name"]
    assert yuka.form is not None
    assert getattr(yuka.form.fields[4], "value", "") == "misaki", "what was typed stays"
    await yuka.submit(name="佐藤 美咲", email="", left_on="2026-11-30")
    assert find_entry(world).name == "佐藤 美咲"
    assert len(acts(world)) == 1


async def test_the_same_form_twice_is_one_person(world: World) -> None:
    yuka = await hr(world)
    await add(yuka)
    await add(yuka)
    assert set(yuka.errors) == {"employee_number"}
    assert len(acts(world)) == 1


async def test_who_has_no_address_gets_the_code_from_hr(world: World) -> None:
    yuka = await hr(world)
    await add(yuka, email="")
    assert "［渡す招待］" in shown(yuka)
    await jump(world, days=11)
    await yuka.command("/hr")
    await yuka.press("渡す招待")
    assert "佐藤 美咲" in shown(yuka)
    reply = await yuka.press("コードを表示")
    assert isinstance(reply, Private), "only the one who asks sees it"
    assert code_of(world) in text_of(reply.message)
    assert code_of(world) not in repr(yuka.inbox), "it is never sent by the outbox"
    assert find_entry(world).invited_at == world.clock.now()
    assert (acts(world)[0].act, acts(world)[0].detail) == ("invitation.show", "serial=1")
    await yuka.command("/hr")
    assert "渡す招待" not in yuka.buttons()
    first = code_of(world)
    await yuka.press_action(ShowCode(find_entry(world).id or 0))
    assert code_of(world) == first, "the same code while it is good"


async def test_a_handed_over_code_lets_the_person_in(world: World) -> None:
    yuka = await hr(world)
    await add(yuka, email="", left_on="2026-11-10")
    await yuka.press_action(ShowCode(find_entry(world).id or 0))
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await misaki.join()
    await misaki.press("登録する")
    await misaki.submit(code=code_of(world))
    assert misaki.member().roster_id == find_entry(world).id
    reply = await yuka.press_action(ShowCode(find_entry(world).id or 0))
    assert isinstance(reply, ReplaceMessage)
    assert "すでに登録されています" in shown(yuka)


async def test_without_a_mail_server_everybody_is_handed_over(sqlite_url: str) -> None:
    world = World(sqlite_url, mail=False)
    yuka = await hr(world)
    await add(yuka, left_on="2026-11-10")
    await jump(world, hours=1)
    await yuka.command("/hr")
    await yuka.press("渡す招待")
    assert "コードを表示" in yuka.buttons()
    assert "送る" not in yuka.buttons()
    world.close()


async def test_an_invitation_that_was_not_answered_is_sent_again_once(world: World) -> None:
    yuka = await hr(world)
    await add(yuka)
    await jump(world, days=20)
    await yuka.command("/hr")
    await yuka.press("未登録")
    assert "12月10日（木）にご招待" in shown(yuka)
    action = SendAgain(find_entry(world).id or 0, 1, "invited", 0)
    await yuka.press("招待を再送")
    assert letters(world) == 2
    assert "ご招待を送ります" in shown(yuka)
    await yuka.press_action(action)
    assert "すでにご招待が送られています" in shown(yuka)
    assert letters(world) == 2
    assert [act.act for act in acts(world)].count("invitation.mail") == 1


async def test_sending_again_to_who_has_joined_or_has_no_address_says_so(world: World) -> None:
    yuka = await hr(world)
    code = add_leaver(world)
    entry = find_entry(world)
    await yuka.press_action(SendAgain(entry.id or 0, 1, "invited", 0))
    assert "メールで送れません" in shown(yuka)
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await misaki.join()
    await misaki.press("登録する")
    await misaki.submit(code=code)
    await yuka.press_action(SendAgain(entry.id or 0, 1, "invited", 0))
    assert "すでに登録されています" in shown(yuka)


async def test_an_address_that_failed_is_corrected_and_the_new_one_invited(world: World) -> None:
    yuka = await hr(world)
    await add(yuka)
    world.mail.failures.append(SendFailed(FailureKind.GONE, "the mail server refused the address (550)"))
    await jump(world, days=10)
    old = code_of(world)
    await yuka.command("/hr")
    await yuka.press("届かなかったもの")
    assert all(word in shown(yuka) for word in ("佐藤 美咲", "届かず：ご招待", "メールアドレスが存在しないか"))
    await yuka.press("訂正…")
    assert yuka.form is not None
    assert yuka.form.fields[0].name == "name", "the number stays"
    await yuka.submit(email="m.sato@mail.example")
    assert "新しいコード" in shown(yuka)
    await jump(world, hours=1)
    assert letters(world, "m.sato@mail.example") == 1
    assert code_of(world) != old
    assert "roster.correct" in [act.act for act in acts(world)]


async def test_a_correction_that_is_wrong_is_said_beside_the_field(world: World) -> None:
    yuka = await hr(world)
    await add(yuka)
    await yuka.press_action(AskCorrect(find_entry(world).id or 0, "invited", 0))
    reply = await yuka.submit(email="nowhere", name="")
    assert isinstance(reply, FormErrors)
    assert set(yuka.errors) == {"email", "name"}
    assert find_entry(world).email == "misaki@mail.example"


@pytest.mark.parametrize(
    "action", [SendAgain(4711, 1, "invited", 0), AskCorrect(4711, "invited", 0), ShowCode(4711), ShowList("gone", 3)]
)
async def test_what_is_no_more_leads_back(world: World, action: ShowCode) -> None:
    yuka = await hr(world)
    assert isinstance(await yuka.press_action(action), ReplaceMessage)


async def test_a_locked_account_is_listed_and_unlocked(world: World) -> None:
    yuka = await hr(world)
    code = add_leaver(world)
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await misaki.join()
    await misaki.press("登録する")
    for _ in range(5):
        await misaki.submit(code="0000-0000") if misaki.form else None
    assert "ロックされました" in newest(yuka).summary
    await yuka.press("ロック中")
    assert "11:00までロック中" in shown(yuka)
    await yuka.press("解除")
    assert "ロック中の方はいません" in shown(yuka)
    await misaki.press("登録する")
    await misaki.submit(code=code)
    assert misaki.member().registration_step == 1
    assert acts(world)[0].act == "account.unlock"
    await yuka.press_action(ShowList("locked", 0))


async def test_the_page_by_word_and_by_command(world: World) -> None:
    yuka = await hr(world)
    await world.dispatch(MessageReceived(yuka.origin("x1"), "人事"))
    assert newest(yuka).summary == "人事のページ"
    await yuka.press("人事の担当")
    assert "ご自身です" in text_of(newest(yuka)), "the page changes in its place"


async def test_the_page_counts_who_is_where(world: World) -> None:
    yuka = await hr(world)
    await applicant(world)
    add_leaver(world, "田中 一郎", "00200", left_on=datetime(2026, 11, 19, tzinfo=UTC).date())
    joined = world.person("高橋", kind=AccountKind.GUEST)
    await joined.join()
    await yuka.command("/hr")
    assert yuka.answer is not None
    facts = text_of(yuka.answer)
    assert all(label in facts for label in ("承認待ち", "渡す招待", "参加後、登録が途中", "人事の担当"))
    assert "ロック" not in facts, "empty lists stay away"
    assert [button.label for button in list_buttons(yuka.answer)] == [
        "承認待ち",
        "渡す招待",
        "登録が途中",
        "人事の担当",
        "お知らせ",
        "退職者を追加",
        "数字",
    ]
    await yuka.press("登録が途中")
    assert "高橋" in shown(yuka)
    assert "misaki" not in shown(yuka), "who waits for HR is in another list"
    await yuka.press("戻る")
    assert "人事のページ" in shown(yuka)


async def test_only_hr_sees_any_of_it(world: World) -> None:
    await hr(world)
    add_leaver(world)
    sho, misaki = world.employee("高橋 翔"), world.person("misaki", kind=AccountKind.GUEST)
    for actor in (sho, misaki):
        await actor.join()
        await actor.command("/hr")
        await actor.press_action(ShowCode(1))
        await actor.press_action(ShowList("hand_over", 0))
        assert "佐藤" not in shown(actor)
    with world.store.begin() as db:
        entry = find_by_number(db, "00123")
        assert isinstance(entry, RosterEntry)
        assert entry.invited_at is None
    assert acts(world) == []
